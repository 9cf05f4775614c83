//! A form for a server function: posted by the browser itself before WebAssembly has loaded, called without leaving
//! the page after.

use std::rc::Rc;

use docket::error::Code;
use leptos::ev::SubmitEvent;
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use uuid::Uuid;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

use crate::error::ApiError;
use crate::flash::FlashContext;
use crate::pairs::Pairs;
use crate::platform;
use crate::rpc::protocol::Rpc;
use crate::viewer::use_failure;

/// What became of a form's last attempt, in a context for its fields.
#[derive(Debug, Clone, Copy)]
pub struct FormState {
    error: RwSignal<Option<ApiError>>,
    pending: RwSignal<bool>,
    typed: StoredValue<Pairs>,
}

impl FormState {
    /// The state of a form for the server function at `path`, as the plain form before this page left it.
    #[must_use]
    pub fn of(path: &str, about: Option<&str>) -> Self {
        let flash = FlashContext::of(path, about).unwrap_or_default();
        Self { error: RwSignal::new(flash.error), pending: RwSignal::new(false), typed: StoredValue::new(flash.values) }
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn field_error(self, name: &str) -> Option<String> {
        self.error.with(|error| error.as_ref()?.field(name).map(str::to_owned))
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

    /// Takes advice that came while the form is still being typed: an error without words about the form as a whole. What was
    /// wrong when the form was sent stays, and that no advice could be had is not worth telling.
    pub fn advise(self, advice: Option<ApiError>) {
        let is_advice = |error: &Option<ApiError>| error.as_ref().is_none_or(|error| error.message.is_empty());
        if is_advice(&advice) && self.error.try_with_untracked(is_advice) == Some(true) {
            self.error.set(advice);
        }
    }

    /// What was typed into a field before.
    #[must_use]
    pub fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| typed.get(name).map(str::to_owned))
    }

    /// Whether the answer is still on its way.
    #[must_use]
    pub fn is_pending(self) -> bool {
        self.pending.get()
    }
}

/// What a form sends, with the button that sends it.
pub struct Sent(UrlSearchParams);

impl Sent {
    /// Reads it.
    #[must_use]
    pub fn by(event: &SubmitEvent) -> Option<Self> {
        Self::read(&form_data_from_event(event).ok()?)
    }

    /// Reads a form that is not sent.
    #[must_use]
    pub fn of(form: &HtmlFormElement) -> Option<Self> {
        Self::read(&FormData::new_with_form(form).ok()?)
    }

    fn read(data: &FormData) -> Option<Self> {
        let fields = UrlSearchParams::new_with_str_sequence_sequence(data).ok()?;
        // A button without a name is no field, but the library makes it one.
        fields.delete("");
        Some(Self(fields))
    }

    /// One field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name)
    }

    /// The id in a field.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<Uuid> {
        self.get(name)?.parse().ok()
    }

    pub(crate) fn text(&self) -> String {
        self.0.to_string().into()
    }
}

/// Takes the JSON of an answer.
type TakeAnswer = dyn Fn(&str) -> Result<(), ApiError>;

/// Which server function a form is for, and what to do with its answer.
pub struct Sending {
    path: &'static str,
    guarded: bool,
    done: Rc<TakeAnswer>,
}

/// Sends a form to the server function `F`: `of={sending::<SignUp, _>(done)}`.
pub fn sending<F, const GUARDED: bool>(done: impl Fn(F::Output) + 'static) -> Sending
where
    F: ServerFn<Error = ApiError, Protocol = Rpc<GUARDED>>,
    F::Output: DeserializeOwned,
{
    Sending { path: F::PATH, guarded: GUARDED, done: Rc::new(move |answer| platform::from_json(answer).map(&done)) }
}

/// A form for a server function. While an answer is on its way it does not send again. Shows what failed and keeps what
/// was typed. Knows nothing of the function, so that the WebAssembly holds it once.
#[component]
pub fn ServerForm(
    /// Which server function: see [`sending`].
    of: Sending,
    /// What else to do when it failed, beside showing why.
    #[prop(optional)]
    failed: Option<Callback<ApiError>>,
    /// The row it is about, where a page has several such forms.
    #[prop(optional, into)]
    about: Option<String>,
    /// A class for the style sheet.
    #[prop(optional)]
    class: &'static str,
    /// Fields and a [`Submit`] button.
    children: Children,
) -> impl IntoView {
    let Sending { path, guarded, done } = of;
    let state = FormState::of(path, about.as_deref());
    provide_context(state);
    let failure = use_failure();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if state.pending.get_untracked() {
            return;
        }
        let Some(sent) = Sent::by(&event) else { return };
        state.pending.set(true);
        let (done, failure) = (done.clone(), failure.clone());
        platform::enqueue(async move {
            let answer = platform::post(path.to_owned(), sent.text(), guarded).await.and_then(|answer| done(&answer));
            // The page may have been left meanwhile, and its signals with it.
            let _ = state.pending.try_set(false);
            let error = answer.err();
            let _ = state.error.try_set(error.clone());
            let Some(error) = error else { return };
            if error.is_signed_out() {
                failure(&error);
            }
            if let Some(failed) = failed {
                failed.run(error);
            }
        });
    };
    view! {
        <form method="post" action=path class=class on:submit=submit aria-busy=move || state.is_pending().to_string()>
            <FormMessage state/>
            {children()}
        </form>
    }
}

/// What is wrong with the form as a whole; announced when it changes.
#[component]
fn FormMessage(state: FormState) -> impl IntoView {
    view! { <div class="form-message" role="alert">{move || state.error_message().map(|text| view! { <p>{text}</p> })}</div> }
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
    let state = expect_context::<FormState>();
    view! { <button type="submit" class=class aria-disabled=move || state.is_pending().to_string()>{label}</button> }
}
