//! Following the pointer while something is dragged.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

/// Follows the pointer until it is lifted, marking the row of `list` before which something would be dropped; then says which
/// that was, which row is the last one, and whether it was called off.
pub(crate) fn track_pointer(list: Element, dropped: impl FnOnce(Option<Element>, Option<Element>, bool) + 'static) {
    let mark = |list: &Element, row: Option<&HtmlElement>| {
        if let Ok(Some(marked)) = list.query_selector("[data-drop]") {
            let _ = marked.remove_attribute("data-drop");
        }
        let (row, side) = match row {
            Some(row) => (Some(row.clone().unchecked_into()), "before"),
            None => (list.last_element_child(), "behind"),
        };
        row.map(|row: Element| row.set_attribute("data-drop", side));
    };
    let following = list.clone();
    let follow = Closure::<dyn Fn(web_sys::PointerEvent)>::new(move |event: web_sys::PointerEvent| {
        let y = f64::from(event.client_y());
        mark(&following, row_below(&following, y).as_ref());
        // Near an edge the page moves along.
        let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
        if y < EDGE || y > height - EDGE {
            window().scroll_by_with_x_and_y(0.0, if y < EDGE { -EDGE / 4.0 } else { EDGE / 4.0 });
        }
    });
    let follow: js_sys::Function = follow.into_js_value().unchecked_into();
    window().set_onpointermove(Some(&follow));
    let end = Closure::once_into_js(move |event: web_sys::Event| {
        window().set_onpointermove(None);
        window().set_onpointerup(None);
        window().set_onpointercancel(None);
        let marked = list.query_selector("[data-drop]").ok().flatten();
        let before = marked.clone().filter(|row| row.get_attribute("data-drop").as_deref() == Some("before"));
        if let Some(marked) = &marked {
            let _ = marked.remove_attribute("data-drop");
        }
        dropped(before, list.last_element_child(), marked.is_none() || event.type_() == "pointercancel");
    });
    window().set_onpointerup(Some(end.unchecked_ref()));
    window().set_onpointercancel(Some(end.unchecked_ref()));
}

// The row of a list that something at this height would be dropped before; none is below all of them.
fn row_below(list: &Element, height: f64) -> Option<HtmlElement> {
    let rows = list.children();
    (0..rows.length()).filter_map(|index| rows.item(index)?.dyn_into::<HtmlElement>().ok()).find(|row| {
        let area = row.get_bounding_client_rect();
        height < area.top() + area.height() / 2.0
    })
}

/// How near to an edge of the window the page moves along with what is dragged, in pixels.
const EDGE: f64 = 48.0;
