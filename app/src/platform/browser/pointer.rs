//! Following the pointer while something is dragged.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Follows the pointer until it is lifted, marking the row among those in an element before which something would be dropped;
/// then says which rows there are and which of them that was, one beyond the last behind all of them; none if called off.
pub(crate) fn track_pointer(among: Element, dropped: impl FnOnce(Vec<Element>, Option<usize>) + 'static) {
    let following = among.clone();
    let follow = Closure::<dyn Fn(web_sys::PointerEvent)>::new(move |event: web_sys::PointerEvent| {
        let y = f64::from(event.client_y());
        unmark(&following);
        let rows = rows_in(&following);
        let below = rows.iter().find(|row| is_below(row, y)).map(|row| (row, "before"));
        if let Some((row, side)) = below.or_else(|| Some((rows.last()?, "behind"))) {
            let _ = row.set_attribute("data-drop", side);
        }
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
        let rows = rows_in(&among);
        let side = unmark(&among).filter(|_| event.type_() != "pointercancel");
        let before = side.map(|(marked, side)| {
            let at = rows.iter().position(|row| *row == marked);
            at.filter(|_| side == "before").unwrap_or(rows.len())
        });
        dropped(rows, before);
    });
    window().set_onpointerup(Some(end.unchecked_ref()));
    window().set_onpointercancel(Some(end.unchecked_ref()));
}

// Answers which row was marked, and on which side.
fn unmark(among: &Element) -> Option<(Element, String)> {
    let marked = among.query_selector("[data-drop]").ok().flatten()?;
    let side = marked.get_attribute("data-drop")?;
    let _ = marked.remove_attribute("data-drop");
    Some((marked, side))
}

fn rows_in(among: &Element) -> Vec<Element> {
    let Ok(rows) = among.query_selector_all("li") else { return Vec::new() };
    (0..rows.length()).filter_map(|index| rows.item(index)?.dyn_into().ok()).collect()
}

// Whether something at this height would be dropped before a row. One whose list ends above is not asked: lists out of sight are
// not laid out, and would be.
fn is_below(row: &Element, height: f64) -> bool {
    let list = row.parent_element().is_none_or(|list| list.get_bounding_client_rect().bottom() > height);
    let area = list.then(|| row.get_bounding_client_rect());
    area.is_some_and(|area| height < area.top() + area.height() / 2.0)
}

/// How near to an edge of the window the page moves along with what is dragged, in pixels.
const EDGE: f64 = 48.0;
