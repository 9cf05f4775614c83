//! The frames of the pages.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_query_map;

use super::toast::MessageBar;
use super::words;
use crate::changes::Changes;
use crate::lists::sidebar::{Lists, Sidebar};
use crate::platform;
use crate::todos::rows::Rows;

/// A page for those who are not logged in: one card in the middle.
#[cfg(feature = "ssr")]
#[component]
pub fn Card(
    /// What it is about, as heading.
    heading: &'static str,
    /// The rest.
    children: Children,
) -> impl IntoView {
    view! {
        <main class="card-page" id="main">
            <MessageBar/>
            <a class="brand" href="/">"Docket"</a>
            <section class="card">
                <h1>{heading}</h1>
                {children()}
            </section>
        </main>
    }
}

/// The frame of all pages for those who are logged in: their lists beside the page.
#[component]
pub fn Workspace(
    /// What else belongs to it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let changes = Changes::provide();
    Lists::provide();
    Rows::provide();
    // Said here, as asking for an editor (`:has()`) would have browsers look through all rows whenever one changes.
    let query = use_query_map();
    let is_editing = move || query.with(|query| query.get_str("edit").is_some());
    let pane = move || {
        view! {
            <main class="pane" id="main" tabindex="-1">
                <div role="status">{move || held(changes.held())}</div>
                <MessageBar/>
                <Outlet/>
            </main>
        }
        .into_any()
    };
    view! {
        <div class="workspace" class:editing=is_editing>
            // Left to the browser, which takes the keyboard along.
            <a class="skip" href="#main" rel="external">{words::SKIP}</a>
            <Sidebar/>
            {platform::part(pane)}
            {children.map(|children| children())}
        </div>
    }
}

fn held(count: usize) -> Option<impl IntoView> {
    (count > 0).then(|| view! { <p class="message failure held">{words::held(count)}</p> })
}
