//! The pages that are documents: rendered by the server, with plain forms and no WebAssembly. They are read or filled in
//! once, so nobody has to load code for them. What a form gains from a script lies in `documents.js`.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};
use server_fn::ServerFn;

use crate::accounts::pages::{ForgotPage, ResetPage, SignUpPage, VerifyPage};
use crate::find::pages::FindPage;
use crate::front::FrontPage;
use crate::gallery::Gallery;
use crate::sessions::LogOut;
use crate::sessions::pages::LogInPage;
use crate::settings::pages::{ConfirmPage, EmailCodePage, SessionsPage, SettingsPage};
use crate::settings::{
    ChangeEmail, ChangePassword, ChangeUsername, ConfirmEmail, DeleteAccount, EndOtherSessions, EndSession,
};
use crate::ui::layout::Workspace;
use crate::ui::states::NotFound;
use crate::ui::toast::MessageBar;
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

#[component]
fn Desk() -> impl IntoView {
    view! { <Workspace/> }
}

/// Docket where no WebAssembly is needed.
#[component]
pub fn Documents() -> impl IntoView {
    provide_meta_context();
    Viewer::provide(FORMS);
    view! {
        <Router>
            <Routes fallback=|| view! { <main class="card-page" id="main"><MessageBar/><NotFound/></main> }>
                <Route path=path!("/") view=FrontPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                <Route path=path!("/verify") view=VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("/log-in") view=LogInPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot") view=ForgotPage ssr=SsrMode::Async/>
                <Route path=path!("/reset") view=ResetPage ssr=SsrMode::Async/>
                <Route path=path!("/dev/ui") view=Gallery ssr=SsrMode::Async/>
                <ParentRoute path=path!("/find") view=Desk ssr=SsrMode::Async>
                    <Route path=path!("") view=FindPage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("/settings") view=Desk ssr=SsrMode::Async>
                    <Route path=path!("") view=SettingsPage ssr=SsrMode::Async/>
                    <Route path=path!("/sessions") view=SessionsPage ssr=SsrMode::Async/>
                    <Route path=path!("/email") view=EmailCodePage ssr=SsrMode::Async/>
                    <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
