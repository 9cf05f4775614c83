//! Rows that are kept, moved or made as their data changes.

use std::sync::Arc;

use leptos::prelude::*;
use uuid::Uuid;

use crate::platform;

/// A row: what tells it from others and how it is drawn, and how it is made when it is new.
pub struct Item {
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "the browser tells by it which rows are there already"))]
    pub(crate) key: (Uuid, bool),
    pub(crate) content: Content,
}

/// How a row is made.
pub(crate) enum Content {
    View(Box<dyn FnOnce() -> AnyView + Send>),
    /// A `<li>` with the HTML that is written into it, set anew when that changes.
    Text(Arc<dyn Line>),
}

/// What a row shows that is written as text: for what there may be hundreds of.
pub trait Line: Send + Sync {
    /// Writes the HTML that stands within its `<li>`.
    fn write(&self, html: &mut String);

    /// Whose row it is, where others look for it by its id.
    fn id(&self) -> Option<Uuid> {
        None
    }

    /// Whether it is one element, which stays and becomes what is written anew: what has the keyboard in it then keeps it.
    fn is_one_element(&self) -> bool {
        false
    }
}

impl Item {
    /// A row, which is made anew when it is drawn in the other one of two ways.
    pub fn new(key: (Uuid, bool), make: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, content: Content::View(Box::new(make)) }
    }

    /// A row that is written as text, anew when it shows something else.
    pub fn text(key: (Uuid, bool), line: Arc<dyn Line>) -> Self {
        Self { key, content: Content::Text(line) }
    }
}

/// The rows as they are now.
pub(crate) type Items = Box<dyn Fn() -> Vec<Item> + Send + Sync>;

/// Shows rows in their order. One type for all kinds of rows, so that the WebAssembly holds the comparing once.
#[component]
pub fn Each(
    /// The rows as they are now.
    items: Items,
) -> impl IntoView {
    platform::rows(items, false)
}

/// How many rows there are to a stretch. The style takes it that one out of sight has as many.
pub(crate) const STRETCH: u32 = 25;

/// Shows rows, of which there may be a thousand, in stretches, each a list: a change in one then leaves the others alone, and
/// browsers skip those that are out of sight. Rows that come later join the last one.
#[component]
pub fn Stretches(
    /// The rows as they are now.
    items: Items,
) -> impl IntoView {
    platform::rows(items, true)
}
