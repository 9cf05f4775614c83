//! The log-in page.

use docket::error::Code;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::LogIn;
use crate::accounts::SignedIn;
use crate::ui::form::sending;
use crate::ui::layout::Card;
use crate::ui::{Field, PageTitle, ServerForm, Submit};
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
        <PageTitle text="Log in"/>
        <Card heading="Log in">
            <ServerForm of={sending::<LogIn, _>(done)} failed=Callback::new(move |error| failed(&error))>
                <input type="hidden" name="next" value=next/>
                <Field name="login" label="E-mail address or user name" autocomplete="username"/>
                <Field name="password" label="Password" kind="password" autocomplete="current-password"/>
                <Submit label="Log in"/>
            </ServerForm>
            <p class="aside"><a href="/forgot">"Forgot your password?"</a></p>
            <p class="aside">"New here? " <a href="/sign-up">"Sign up"</a></p>
        </Card>
    }
}
