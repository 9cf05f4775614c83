//! Rows that are kept, moved or made as their data changes.

use leptos::prelude::*;
use uuid::Uuid;

/// A row: what tells it from others, and how it is made when it is new.
pub struct Item {
    id: Uuid,
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Item {
    /// A row.
    pub fn new(id: Uuid, make: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { id, make: Box::new(make) }
    }
}

/// Shows rows in their order. One type for all kinds of rows, so that the WebAssembly holds the comparing once.
#[component]
pub fn Each(
    /// The rows as they are now.
    items: Box<dyn Fn() -> Vec<Item> + Send + Sync>,
) -> impl IntoView {
    view! { <For each=items key=|item| item.id children=|item: Item| (item.make)()/> }
}
