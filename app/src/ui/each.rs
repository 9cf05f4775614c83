//! Rows that are kept, moved or made as their data changes.

use leptos::prelude::*;
use uuid::Uuid;

/// A row: what tells it from others, and how it is made when it is new. A row whose key changes is made anew.
pub struct Item {
    key: (Uuid, i64, i64),
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Item {
    /// A row.
    pub fn new(key: (Uuid, i64, i64), make: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, make: Box::new(make) }
    }
}

/// Shows rows in their order. One type for all kinds of rows, so that the WebAssembly holds the comparing once.
#[component]
pub fn Each(
    /// The rows as they are now.
    items: Box<dyn Fn() -> Vec<Item> + Send + Sync>,
) -> impl IntoView {
    view! { <For each=items key=|item| item.key children=|item: Item| (item.make)()/> }
}
