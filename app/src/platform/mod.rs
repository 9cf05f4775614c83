//! What differs between the browser and the server, with one face.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub use browser::*;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
pub(crate) use server::*;

/// What an event happened to, or the next thing around it that matches.
pub(crate) fn closest(target: Option<EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}
