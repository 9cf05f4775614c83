//! What a page shows when there is nothing to show.

use leptos::prelude::*;

use super::{PageTitle, words};
use crate::error::ApiError;
use crate::viewer::{Viewer, leave_if_signed_out};
use crate::{paths, platform};

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
        if Viewer::get().is_signed_in() { (paths::HOME, words::TO_LISTS) } else { ("/", words::TO_FRONT) }
    };
    view! {
        <PageTitle text=words::NOT_FOUND/>
        <section class="state">
            <h1>{words::NOT_HERE}</h1>
            <p>{words::NOT_HERE_TOLD}</p>
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
    let report = error.clone();
    Effect::new(move |_| leave_if_signed_out(&report));
    view! {
        <PageTitle text=words::FAILED/>
        <section class="state">
            <h1>{words::NOT_SHOWN}</h1>
            <p>{error.message}</p>
            <p><a class="button" href="" rel="external">{words::TRY_AGAIN}</a></p>
        </section>
    }
    .into_any()
}
