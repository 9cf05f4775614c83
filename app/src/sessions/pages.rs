//! The log-in page, and the button that logs out.

use docket::error::Code;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::{LogIn, LogOut};
use crate::accounts::SignedIn;
use crate::ui::form::{Call, Submit};
use crate::ui::layout::Card;
use crate::ui::{Field, ServerForm};
use crate::viewer::{Messages, Viewer};

/// Logging in.
#[component]
pub fn LogInPage() -> impl IntoView {
    let navigate = use_navigate();
    let query = use_query_map();
    let next = move || query.with(|query| query.get("next")).unwrap_or_default();
    let (viewer, messages) = (Viewer::get(), Messages::get());
    let leave = navigate.clone();
    let done = move |who: SignedIn| {
        messages.clear();
        viewer.signed_in(&who);
        navigate(&who.location, NavigateOptions::default());
    };
    let failed = move |error: &crate::error::ApiError| {
        if let (Code::EmailNotVerified, Some(location)) = (error.code, &error.location) {
            messages.fail(error);
            leave(location, NavigateOptions::default());
        }
    };
    view! {
        <Title text="Log in"/>
        <Card heading="Log in">
            <ServerForm of={Call::<LogIn>::default()} done failed=Callback::new(move |error| failed(&error))>
                <input type="hidden" name="next" value=next/>
                <Field name="login" label="E-mail address or user name" autocomplete="username"/>
                <Field name="password" label="Password" kind="password" autocomplete="current-password"/>
                <Submit label="Log in"/>
            </ServerForm>
            <p class="aside"><A href="/forgot">"Forgot your password?"</A></p>
            <p class="aside">"New here? " <A href="/sign-up">"Sign up"</A></p>
        </Card>
    }
}

/// Ends the session on this device.
#[component]
pub fn LogOutButton() -> impl IntoView {
    let navigate = use_navigate();
    let (viewer, messages) = (Viewer::get(), Messages::get());
    let done = move |()| {
        navigate("/", NavigateOptions::default());
        viewer.signed_out();
        messages.tell("You are logged out.");
    };
    view! {
        <ServerForm of={Call::<LogOut>::default()} done>
            <Submit label="Log out" class="button"/>
        </ServerForm>
    }
}
