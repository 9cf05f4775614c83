//! The front page.

mod words;

use leptos::prelude::*;

use crate::ui::PageTitle;
use crate::ui::toast::MessageBar;
use crate::viewer::Viewer;
use crate::{paths, ui};

/// What Docket is, on one screen.
#[component]
pub fn FrontPage() -> impl IntoView {
    let is_signed_in = move || Viewer::get().is_signed_in();
    view! {
        <PageTitle text=words::TITLE/>
        <main class="front" id="main">
            <MessageBar/>
            <p class="brand">"Docket"</p>
            <h1>{words::PROMISE}</h1>
            <p class="lead">{words::TOLD}</p>
            <p class="actions">
                {move || {
                    if is_signed_in() {
                        view! { <a class="button primary" href=paths::HOME>{ui::words::TO_LISTS}</a> }.into_any()
                    } else {
                        view! {
                            <a class="button primary" href="/sign-up">{words::SIGN_UP}</a>
                            <a class="button" href="/log-in">{words::LOG_IN}</a>
                        }
                            .into_any()
                    }
                }}
            </p>
        </main>
    }
}
