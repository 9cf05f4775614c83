//! The root of the pages that WebAssembly takes over: those for working with lists. All others are documents.

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_navigate;
use leptos_router::{SsrMode, path};
use server_fn::ServerFn;

use crate::changes::Changes;
use crate::find::palette::Palette;
use crate::keys::Command;
use crate::lists::pages::ListsPage;
use crate::lists::sidebar::Lists;
use crate::lists::{DeleteList, PlaceList, SetFavourite};
use crate::todos::rehearsal;
use crate::todos::rows::Rows;
use crate::todos::view::ListPageView;
use crate::todos::{Act, ClearDone, MoveTodo};
use crate::trash::pages::TrashPage;
use crate::trash::{EmptyTrash, Remove, Restore};
use crate::ui::layout::Workspace;
use crate::ui::states::NotFound;
use crate::ui::toast::MessageBar;
use crate::viewer::{Forget, Messages, Viewer};
use crate::{paths, platform};

/// Server functions behind single buttons, which have no place of their own to say what failed: the page says it.
const BUTTONS: &[&str] = &[
    Act::PATH,
    MoveTodo::PATH,
    ClearDone::PATH,
    SetFavourite::PATH,
    PlaceList::PATH,
    DeleteList::PATH,
    Restore::PATH,
    Remove::PATH,
    EmptyTrash::PATH,
];

/// Docket in the browser.
#[component]
pub fn App() -> impl IntoView {
    CONTEXTS.iter().for_each(|provide| provide());
    view! { <Pages/> }
}

/// What provides the contexts that all pages need, in this order; in the browser in a task each.
pub(crate) const CONTEXTS: [fn(); 2] = [provide_meta_context, provide_viewer];

fn provide_viewer() {
    Viewer::provide(BUTTONS);
}

/// The pages.
#[component]
pub(crate) fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Forget/>
            <Routes fallback=|| view! { <main class="card-page" id="main"><MessageBar/><NotFound/></main> }>
                <ParentRoute path=path!("") view=Desk ssr=SsrMode::Async>
                    <Route path=path!("/lists") view=ListsPage ssr=SsrMode::Async/>
                    <Route path=path!("/lists/:id") view=ListPageView ssr=SsrMode::Async/>
                    <Route path=path!("/trash") view=TrashPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The workspace with what makes it quick to work in.
#[component]
fn Desk() -> impl IntoView {
    platform::part(|| desk().into_any())
}

// Keys, palette, and an eye on what changes elsewhere.
fn desk() -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let (messages, navigate) = (Messages::get(), use_navigate());
    let run = Callback::new(move |command: Command| match command {
        Command::Lists => navigate(paths::HOME, Default::default()),
        Command::Trash => navigate(paths::TRASH, Default::default()),
        Command::Settings => platform::go(paths::SETTINGS),
        Command::Undo => messages.undo(),
        Command::Search => platform::open("palette"),
        Command::Help => platform::open("keys"),
        of_row => platform::on_row(of_row),
    });
    platform::on_keys(run);
    rehearsal::rehearse();
    view! {
        <Workspace>
            <Watch/>
            <Palette dialog run/>
        </Workspace>
    }
}

/// Looks again when one comes back to this window, and after changes whose outcome only the server knows.
#[component]
fn Watch() -> impl IntoView {
    let (changes, lists, rows) = (Changes::get(), Lists::get(), Rows::get());
    changes.on_look(move || async move {
        lists.refresh().await;
        rows.refresh().await;
    });
    platform::on_return(move || changes.look_again());
}
