//! Putting rows in order by dragging them, with mouse, pen or finger (Pointer Events). Menus and keys do the same.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use uuid::Uuid;
use web_sys::Element;

use crate::platform;

/// The id of a row's element.
#[must_use]
pub fn row(id: Uuid) -> String {
    format!("row-{id}")
}

/// A selector for what the keyboard goes to in a row.
#[must_use]
pub fn control_of(id: Uuid) -> String {
    format!("#row-{id} .title")
}

/// Where a row is taken hold of.
#[component]
pub fn Grip() -> impl IntoView {
    view! { <span class="grip"></span> }
}

/// The dragging of the rows of one list.
#[derive(Debug, Clone, Copy)]
pub struct Drag(Callback<(Uuid, Option<Uuid>)>);

impl Drag {
    /// Calls `place` with a row that was dropped and the one it was dropped behind; with none, it is the first.
    pub fn new(place: impl Fn(Uuid, Option<Uuid>) + Send + Sync + 'static) -> Self {
        Self(Callback::new(move |(id, behind)| place(id, behind)))
    }

    /// Begins when the pointer goes down on a [`Grip`].
    pub fn begin(self, event: &PointerEvent) {
        let Some(grip) = platform::closest(event.target(), ".grip") else { return };
        let Some((list, moved)) = grip.closest("li").ok().flatten().and_then(|row| Some((row.parent_element()?, row)))
        else {
            return;
        };
        event.prevent_default();
        let _ = moved.set_attribute("data-dragged", "");
        let dropped = move |before: Option<Element>, last: Option<Element>, is_cancelled: bool| {
            let _ = moved.remove_attribute("data-dragged");
            // The one that the row was dropped behind: right before the one it was dropped before.
            let mut behind = match &before {
                Some(before) => before.previous_element_sibling(),
                None => last,
            };
            if behind.as_ref() == Some(&moved) {
                behind = moved.previous_element_sibling();
            }
            let stays = behind == moved.previous_element_sibling() || before.as_ref() == Some(&moved);
            if let Some(id) = id_of(&moved).filter(|_| !is_cancelled && !stays) {
                self.0.run((id, behind.as_ref().and_then(id_of)));
            }
        };
        platform::track_pointer(list, dropped);
    }
}

fn id_of(row: &Element) -> Option<Uuid> {
    row.id().strip_prefix("row-")?.parse().ok()
}
