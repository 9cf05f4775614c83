//! The root of all pages: who looks, and which page it is.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};
use server_fn::ServerFn;

use crate::accounts::pages::{ForgotPage, ResetPage, SignUpPage, VerifyPage};
use crate::front::FrontPage;
use crate::lists::pages::ListsPage;
use crate::lists::{DeleteList, PlaceList, SetFavourite};
use crate::sessions::LogOut;
use crate::sessions::pages::LogInPage;
use crate::todos::view::ListPageView;
use crate::todos::{ClearDone, DeleteTodo, MoveTodo, PlaceTodo, SetDone};
use crate::trash::pages::TrashPage;
use crate::trash::{EmptyTrash, Remove, Restore};
use crate::ui::layout::{MessageBar, Workspace};
use crate::ui::states::NotFound;
use crate::viewer::{Forget, Viewer};

/// Server functions behind single buttons, which have no place of their own to say what failed: the page says it.
const BUTTONS: &[&str] = &[
    SetDone::PATH,
    PlaceTodo::PATH,
    MoveTodo::PATH,
    DeleteTodo::PATH,
    ClearDone::PATH,
    SetFavourite::PATH,
    PlaceList::PATH,
    DeleteList::PATH,
    Restore::PATH,
    Remove::PATH,
    EmptyTrash::PATH,
    LogOut::PATH,
];

/// Docket in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Viewer::provide(BUTTONS);
    view! {
        <Router>
            <Forget/>
            <Routes fallback=|| view! { <main class="card-page" id="main"><MessageBar/><NotFound/></main> }>
                <Route path=path!("/") view=FrontPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                <Route path=path!("/verify") view=VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("/log-in") view=LogInPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot") view=ForgotPage ssr=SsrMode::Async/>
                <Route path=path!("/reset") view=ResetPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=Workspace ssr=SsrMode::Async>
                    <Route path=path!("/lists") view=ListsPage ssr=SsrMode::Async/>
                    <Route path=path!("/lists/:id") view=ListPageView ssr=SsrMode::Async/>
                    <Route path=path!("/trash") view=TrashPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
