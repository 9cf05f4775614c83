//! The frames of the pages.

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use super::icon::{Draw, Icon};
use super::states::Failed;
use crate::lists::all_lists;
use crate::lists::sidebar::{Lists, Sidebar};
use crate::platform;
use crate::viewer::{Messages, Viewer};

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
    let viewer = Viewer::get();
    let lists = Lists::provide();
    let loaded = Resource::new(move || viewer.user().map(|user| user.id), |_| platform::call(all_lists));
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class="workspace">
            <Suspense>
                {move || Suspend::new(async move {
                    match loaded.await {
                        Ok(all) => {
                            lists.set(all);
                            view! {
                                <TopBar/>
                                <Sidebar/>
                                <main class="pane" id="main">
                                    <MessageBar/>
                                    <Outlet/>
                                </main>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <main class="pane" id="main"><MessageBar/><Failed error/></main> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn TopBar() -> impl IntoView {
    view! {
        <header class="topbar">
            <A href="/lists"><Draw icon=Icon::List/>"Lists"</A>
            <A href="/trash"><Draw icon=Icon::Trash/>"Trash"</A>
            <A href="/settings"><Draw icon=Icon::Settings/>"Settings"</A>
        </header>
    }
}
