//! Forms for server functions: posted by the browser itself, and read by pages that WebAssembly has taken over.

use docket::error::Code;
use leptos::ev::SubmitEvent;
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use uuid::Uuid;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, UrlSearchParams};

use crate::error::ApiError;
use crate::flash::FlashContext;
use crate::pairs::Pairs;

/// What became of a form's last attempt, in a context for its fields.
#[derive(Debug, Clone, Copy)]
pub struct FormState {
    error: RwSignal<Option<ApiError>>,
    typed: StoredValue<Pairs>,
}

impl FormState {
    /// Provides the state of a form for the server function at `path`, as the attempt before this page left it.
    pub fn provide(path: &str, about: Option<&str>) -> Self {
        let flash = FlashContext::of(path, about).unwrap_or_default();
        let state = Self { error: RwSignal::new(flash.error), typed: StoredValue::new(flash.values) };
        provide_context(state);
        state
    }

    /// Shows what is wrong, or nothing any more.
    pub fn refuse(self, error: Option<ApiError>) {
        let _ = self.error.try_set(error);
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn field_error(self, name: &str) -> Option<String> {
        self.error.with(|error| error.as_ref()?.field(name).map(str::to_owned))
    }

    /// Whether something is wrong with some field.
    #[must_use]
    pub fn is_marked(self) -> bool {
        self.error.with_untracked(|error| error.as_ref().is_some_and(|error| error.fields.first().is_some()))
    }

    /// Whether somebody else was faster.
    #[must_use]
    pub fn is_conflict(self) -> bool {
        self.error.with(|error| error.as_ref().is_some_and(|error| error.code == Code::VersionConflict))
    }

    /// What is wrong with the form as a whole.
    #[must_use]
    pub fn error_message(self) -> Option<String> {
        self.error.with(|error| error.as_ref().map(|error| error.message.clone()).filter(|text| !text.is_empty()))
    }

    /// What was typed into a field before.
    #[must_use]
    pub fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| typed.get(name).map(str::to_owned))
    }
}

/// What a form sends, with the button that sends it.
pub struct Sent {
    fields: UrlSearchParams,
    form: Option<HtmlFormElement>,
}

impl Sent {
    /// Reads it.
    #[must_use]
    pub fn by(event: &SubmitEvent) -> Option<Self> {
        let data = form_data_from_event(event).ok()?;
        let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        let form = event.target().and_then(|target| target.dyn_into().ok());
        Some(Self { fields, form })
    }

    /// Reads a form that is not sent.
    #[must_use]
    pub fn of(form: &HtmlFormElement) -> Option<Self> {
        let data = FormData::new_with_form(form).ok()?;
        let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        Some(Self { fields, form: Some(form.clone()) })
    }

    /// One field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.fields.get(name)
    }

    /// Puts what was typed back, unless something new is being typed already.
    pub fn put_back(&self, name: &str, typed: &str) {
        let field = self.form.as_ref().and_then(|form| form.query_selector(&format!("[name={name}]")).ok().flatten());
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok())
            && field.value().is_empty()
        {
            field.set_value(typed);
        }
    }

    /// Empties the form for the next time.
    pub fn reset(&self) {
        if let Some(form) = &self.form {
            form.reset();
        }
    }

    /// The id in a field.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<Uuid> {
        self.get(name)?.parse().ok()
    }
}

/// What is wrong with the form as a whole; announced when it changes.
#[component]
pub fn FormMessage(
    /// The form's state.
    state: FormState,
    /// What else there is to say with it.
    #[prop(optional, into)]
    more: String,
) -> impl IntoView {
    view! {
        <div class="form-message" role="alert">
            {move || state.error_message().map(|text| view! { <p>{text}" "{more.clone()}</p> })}
        </div>
    }
}

/// A form for a server function on a document.
#[cfg(feature = "ssr")]
#[component]
pub fn ServerForm(
    /// The path of the server function.
    action: &'static str,
    /// The row it is about, where a page has several such forms.
    #[prop(optional, into)]
    about: Option<String>,
    /// A class for the style sheet.
    #[prop(optional)]
    class: &'static str,
    /// Seconds that have to pass before it can be sent again.
    #[prop(optional)]
    wait: Option<u64>,
    /// Fields and a [`Submit`] button.
    children: Children,
) -> impl IntoView {
    let state = FormState::provide(action, about.as_deref());
    view! {
        <form method="post" action=action class=class data-wait=wait>
            <FormMessage state/>
            {children()}
        </form>
    }
}

/// The button that sends a form.
#[component]
pub fn Submit(
    /// What it does, as a verb.
    label: &'static str,
    /// A class for the style sheet.
    #[prop(default = "button primary")]
    class: &'static str,
) -> impl IntoView {
    view! { <button type="submit" class=class>{label}</button> }
}
