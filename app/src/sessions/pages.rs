//! The log-in page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{LogIn, words};
use crate::flash::FlashContext;
use crate::ui::layout::Card;
use crate::ui::{Field, PageTitle, ServerForm, Submit};
use crate::viewer::Messages;

/// Logging in.
#[component]
pub fn LogInPage() -> impl IntoView {
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    // Whoever was led here hears why, unless there is something else to tell.
    let why = !next.is_empty() && Messages::get().shown().is_none();
    // After a mistake it is most likely the password that is typed again.
    let again = FlashContext::of(LogIn::PATH, None).is_some();
    view! {
        <PageTitle text=words::LOG_IN/>
        <Card heading=words::LOG_IN>
            {why.then(|| view! { <p>{words::WHY}</p> })}
            <ServerForm action=LogIn::PATH>
                <input type="hidden" name="next" value=next/>
                <Field name="login" label=words::LOGIN autocomplete="username" autofocus=!again/>
                <Field name="password" label=words::PASSWORD kind="password" autocomplete="current-password" autofocus=again/>
                <Submit label=words::LOG_IN/>
            </ServerForm>
            <p class="aside"><a href="/forgot">{words::FORGOT}</a></p>
            <p class="aside">{words::NEW_HERE} <a href="/sign-up">{words::SIGN_UP}</a></p>
        </Card>
    }
}
