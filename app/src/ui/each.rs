//! Rows that are kept, moved or made as their data changes.

use leptos::prelude::*;
use uuid::Uuid;

use crate::platform;

/// A row: what tells it from others and how it is drawn, and how it is made when it is new.
pub struct Item {
    pub(crate) key: (Uuid, bool),
    pub(crate) content: Content,
}

/// How a row is made.
pub(crate) enum Content {
    View(Box<dyn FnOnce() -> AnyView + Send>),
    /// A `<li>` with the HTML that is written into it, set anew when that changes.
    Text(Box<dyn Fn(&mut String) + Send + Sync>),
}

impl Item {
    /// A row, which is made anew when it is drawn in the other one of two ways.
    pub fn new(key: (Uuid, bool), make: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, content: Content::View(Box::new(make)) }
    }

    /// A row that is written as text: for what there may be hundreds of.
    pub fn text(key: (Uuid, bool), html: impl Fn(&mut String) + Send + Sync + 'static) -> Self {
        Self { key, content: Content::Text(Box::new(html)) }
    }
}

/// Shows rows in their order. One type for all kinds of rows, so that the WebAssembly holds the comparing once.
#[component]
pub fn Each(
    /// The rows as they are now.
    items: Box<dyn Fn() -> Vec<Item> + Send + Sync>,
) -> impl IntoView {
    platform::rows(items)
}
