//! What a page shows when there is nothing to show.

use leptos::prelude::*;

use super::PageTitle;
use crate::error::ApiError;
use crate::platform;
use crate::viewer::{Viewer, use_failure};

/// An inviting word where a list is empty.
#[component]
pub fn Empty(
    /// The word.
    text: &'static str,
) -> impl IntoView {
    view! { <p class="empty">{text}</p> }
}

/// Something is not here: answered with the status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    platform::set_status(404);
    let home = move || {
        if Viewer::get().is_signed_in() { ("/lists", "Go to your lists") } else { ("/", "Go to the front page") }
    };
    view! {
        <PageTitle text="Not found"/>
        <section class="state">
            <h1>"This page is not here"</h1>
            <p>"The address may be mistyped, or what was here has been deleted. Deleted lists and todos wait in the trash for a while."</p>
            <p>{move || view! { <a class="button" href=home().0>{home().1}</a> }}</p>
        </section>
    }
}

/// A page that could not be loaded: says why, and leads to the log-in page if that is the way on.
#[component]
pub fn Failed(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    use docket::error::Code;
    // An address that makes no sense leads nowhere either.
    if matches!(error.code, Code::NotFound | Code::ValidationFailed) {
        return view! { <NotFound/> }.into_any();
    }
    platform::set_status(if error.code == Code::Unavailable { 503 } else { 500 });
    let failure = use_failure();
    let report = error.clone();
    Effect::new(move |_| failure(&report));
    view! {
        <PageTitle text="Something went wrong"/>
        <section class="state">
            <h1>"This page could not be shown"</h1>
            <p>{error.message}</p>
            <p><a class="button" href="" rel="external">"Try again"</a></p>
        </section>
    }
    .into_any()
}
