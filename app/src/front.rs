//! The front page.

use leptos::prelude::*;

use crate::ui::PageTitle;
use crate::ui::toast::MessageBar;
use crate::viewer::Viewer;

/// What Docket is, on one screen.
#[component]
pub fn FrontPage() -> impl IntoView {
    let is_signed_in = move || Viewer::get().is_signed_in();
    view! {
        <PageTitle text="Docket: your lists, on your own server"/>
        <main class="front" id="main">
            <MessageBar/>
            <p class="brand">"Docket"</p>
            <h1>"Everything you have to do, and nobody else can see it."</h1>
            <p class="lead">"Docket keeps your to-do lists on a server that you, your family or your team run. It is quick, it works without JavaScript, and what you delete can be brought back."</p>
            <p class="actions">
                {move || {
                    if is_signed_in() {
                        view! { <a class="button primary" href="/lists">"Go to your lists"</a> }.into_any()
                    } else {
                        view! {
                            <a class="button primary" href="/sign-up">"Sign up"</a>
                            <a class="button" href="/log-in">"Log in"</a>
                        }
                            .into_any()
                    }
                }}
            </p>
        </main>
    }
}
