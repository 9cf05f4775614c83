//! The round check before a todo.

use leptos::prelude::*;

use super::icon::{Draw, Icon};

/// Sends whether something shall be done as the field `done` of the form that it stands in.
#[component]
pub fn Check(
    /// What it is about.
    label: String,
    /// Whether it is done.
    done: bool,
) -> impl IntoView {
    view! {
        <button class="check" name="done" value=(!done).to_string() role="checkbox" aria-checked=done.to_string() aria-label=label>
            <Draw icon=Icon::Check/>
        </button>
    }
}
