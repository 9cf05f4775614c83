//! The frames of the pages.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use super::NavLink;
use super::icon::{Draw, Icon};
use crate::lists::sidebar::{Lists, Sidebar};
use crate::viewer::Messages;

/// What there is to tell, announced when it changes.
#[component]
pub fn MessageBar() -> impl IntoView {
    let messages = Messages::get();
    view! {
        <div class="messages" role="status">
            {move || {
                messages
                    .current()
                    .map(|message| {
                        let class = if message.is_failure { "message failure" } else { "message" };
                        view! { <p class=class>{message.text}</p> }
                    })
            }}
        </div>
    }
}

/// A page for those who are not logged in: one card in the middle.
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
pub fn Workspace() -> impl IntoView {
    let lists = Lists::provide();
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class="workspace">
            <TopBar/>
            <Transition>
                {move || Suspend::new(async move {
                    // What failed is said by the page beside it.
                    lists.loaded().await.map_or_else(|_| ().into_any(), |()| view! { <Sidebar/> }.into_any())
                })}
            </Transition>
            // Beside the lists, not behind them: both are asked for at once, and each once.
            <main class="pane" id="main">
                <MessageBar/>
                <Outlet/>
            </main>
        </div>
    }
}

#[component]
fn TopBar() -> impl IntoView {
    view! {
        <header class="topbar">
            <NavLink href="/lists"><Draw icon=Icon::List/>"Lists"</NavLink>
            <NavLink href="/trash"><Draw icon=Icon::Trash/>"Trash"</NavLink>
            <NavLink href="/settings" rel="external"><Draw icon=Icon::Settings/>"Settings"</NavLink>
        </header>
    }
}
