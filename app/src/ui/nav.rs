//! Links that know whether they lead to where one is.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::icon::{Draw, Icon};
use super::words;
use crate::paths;

/// A link of the navigation.
#[component]
pub fn NavLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// `external` where the page is not of the app, but a document of its own.
    #[prop(optional)]
    rel: Option<&'static str>,
    /// The dialog that stands in for the page, where WebAssembly runs.
    #[prop(optional)]
    opens: Option<&'static str>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let path = use_location().pathname;
    let target = href.clone();
    let current = move || path.with(|path| *path == target).then_some("page");
    view! { <a href=href rel=rel aria-current=current data-opens=opens>{children()}</a> }
}

/// Opens the palette; a page does its work where WebAssembly does not run.
#[component]
pub fn Finder() -> impl IntoView {
    view! { <NavLink href=paths::FIND rel="external" opens="palette"><Draw icon=Icon::Search/>{words::FIND}</NavLink> }
}

/// Opens the sheet of keys. Shown where WebAssembly runs and there is a pointer, so most likely a keyboard too.
#[component]
pub fn KeysOpener() -> impl IntoView {
    view! { <button class="keys-opener" data-opens="keys"><Draw icon=Icon::Keys/>{words::KEYS}</button> }
}
