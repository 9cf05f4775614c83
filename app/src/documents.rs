//! The pages that are documents: rendered by the server and nothing more.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};
use server_fn::ServerFn;

use crate::sessions::LogOut;
use crate::settings::pages::{ConfirmPage, EmailCodePage, SessionsPage, SettingsPage};
use crate::settings::{
    ChangeEmail, ChangePassword, ChangeUsername, ConfirmEmail, DeleteAccount, EndOtherSessions, EndSession,
};
use crate::ui::layout::{MessageBar, Workspace};
use crate::ui::states::NotFound;
use crate::viewer::Viewer;

/// Server functions behind forms far down a page: what failed is said at its top too, as nothing else tells of it.
const FORMS: &[&str] = &[
    ChangeUsername::PATH,
    ChangeEmail::PATH,
    ConfirmEmail::PATH,
    ChangePassword::PATH,
    DeleteAccount::PATH,
    EndSession::PATH,
    EndOtherSessions::PATH,
    LogOut::PATH,
];

/// Docket where no WebAssembly is needed.
#[component]
pub fn Documents() -> impl IntoView {
    provide_meta_context();
    Viewer::provide(FORMS);
    view! {
        <Router>
            <Routes fallback=|| view! { <main class="card-page" id="main"><MessageBar/><NotFound/></main> }>
                <ParentRoute path=path!("/settings") view=Workspace ssr=SsrMode::Async>
                    <Route path=path!("") view=SettingsPage ssr=SsrMode::Async/>
                    <Route path=path!("/sessions") view=SessionsPage ssr=SsrMode::Async/>
                    <Route path=path!("/email") view=EmailCodePage ssr=SsrMode::Async/>
                    <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
