//! Rows that are kept, moved or made as their data changes.

use leptos::prelude::*;
use uuid::Uuid;

use crate::platform;

/// A row: what tells it from others and how it is drawn, and how it is made when it is new.
pub struct Item {
    key: (Uuid, bool),
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Item {
    /// A row, which is made anew when it is drawn in the other one of two ways.
    pub fn new(key: (Uuid, bool), make: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, make: Box::new(make) }
    }
}

/// Shows rows in their order. One type for all kinds of rows, so that the WebAssembly holds the comparing once.
#[component]
pub fn Each(
    /// The rows as they are now.
    items: Box<dyn Fn() -> Vec<Item> + Send + Sync>,
) -> impl IntoView {
    platform::rows(items, |item| item.key, |item| (item.make)())
}
