//! Putting rows in order by dragging them, with mouse, pen or finger (Pointer Events). Menus and keys do the same.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use uuid::Uuid;
use web_sys::Element;

use crate::platform;

/// What the id of a row's element begins with; the row's own follows.
pub(crate) const ROW: &str = "row-";

/// The id of a row's element.
#[must_use]
pub fn row(id: Uuid) -> String {
    format!("{ROW}{id}")
}

/// A selector for what the keyboard goes to in a row.
#[must_use]
pub fn control_of(id: Uuid) -> String {
    format!("#{ROW}{id} .title")
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
        // All rows among which it moves: of its list, or of all stretches of it.
        let all = |row: &Element| row.closest(".todos").ok().flatten().or_else(|| row.parent_element());
        let Some((among, moved)) = grip.closest("li").ok().flatten().and_then(|row| Some((all(&row)?, row))) else {
            return;
        };
        event.prevent_default();
        let _ = moved.set_attribute("data-dragged", "");
        // Dropped before the row of some number, which is one beyond all of them behind the last.
        let dropped = move |rows: Vec<Element>, before: Option<usize>| {
            let _ = moved.remove_attribute("data-dragged");
            let (Some(before), Some(from)) = (before, rows.iter().position(|row| *row == moved)) else { return };
            if before != from
                && before != from + 1
                && let Some(id) = id_of(&moved)
            {
                self.0.run((id, before.checked_sub(1).and_then(|behind| id_of(&rows[behind]))));
            }
        };
        platform::track_pointer(among, dropped);
    }
}

fn id_of(row: &Element) -> Option<Uuid> {
    row.id().strip_prefix(ROW)?.parse().ok()
}
