//! A labelled input of a form.

use leptos::prelude::*;

use super::form::FormState;
use crate::platform;

/// A label, an input, a hint and what is wrong with it, tied together for assistive technology.
#[component]
pub fn Field(
    /// The argument of the server function.
    name: &'static str,
    /// What to enter.
    label: &'static str,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// The standard token (WHATWG HTML, 4.10.18.7).
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The keyboard to show.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What helps to fill it in.
    #[prop(optional)]
    hint: &'static str,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// Lines, if more than one.
    #[prop(optional)]
    rows: Option<u32>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Whether typing can start right away.
    #[prop(optional)]
    autofocus: bool,
    /// Where this page has several fields of this name, what tells them apart.
    #[prop(optional, into)]
    scope: String,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let id = format!("{scope}{name}");
    let (error_id, hint_id) = (format!("{id}-error"), format!("{id}-hint"));
    // A password is never sent back.
    let value = if kind == "password" { String::new() } else { state.typed(name).unwrap_or(value) };
    let error = Memo::new(move |_| state.field_error(name));
    let described_by = {
        let (error_id, hint_id) = (error_id.clone(), hint_id.clone());
        move || match (error.with(Option::is_some), hint.is_empty()) {
            (true, _) => Some(error_id.clone()),
            (false, false) => Some(hint_id.clone()),
            (false, true) => None,
        }
    };
    // Where a page was loaded because of a mistake, typing goes on there, and begins nowhere else.
    let begins_elsewhere = cfg!(feature = "ssr") && state.is_marked();
    let autofocus = error.with_untracked(Option::is_some) || autofocus && !begins_elsewhere;
    if autofocus {
        // Browsers heed the attribute only in pages they load.
        let id = id.clone();
        Effect::new(move |_| platform::focus(&id));
    }
    let invalid = move || error.with(Option::is_some).then_some("true");
    let input = match rows {
        Some(rows) => view! {
            <textarea id=id.clone() name=name rows=rows autocomplete=autocomplete aria-invalid=invalid aria-describedby=described_by>
                {platform::raw_text(value)}
            </textarea>
        }
        .into_any(),
        None => view! {
            <input
                id=id.clone()
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                required=!optional
                autofocus=autofocus
                aria-invalid=invalid
                aria-describedby=described_by
            />
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {input}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <p class="field-error" id=error_id>{move || error.get()}</p>
        </div>
    }
}
