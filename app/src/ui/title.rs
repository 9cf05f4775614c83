//! The title of a page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::platform;

/// Sets it. `leptos_meta` writes titles into the page as they are; what people type must not become markup there.
#[component]
pub fn PageTitle(
    /// What the page is.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let text = platform::raw_text(text);
    view! { <Title text/> }
}
