//! A menu of a row: the rarer things to do with it.

use leptos::prelude::*;

use super::words;

/// Opens below its button; of all menus on a page one is open. Needs no script.
#[component]
pub fn Menu(
    /// Whose menu it is.
    #[prop(into)]
    of: String,
    /// Buttons and links.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="menu" name="menu">
            <summary aria-label=words::menu(&of)></summary>
            <div>{children()}</div>
        </details>
    }
}
