//! Who looks at the page, and what the page has to tell them.

use docket::accounts::User;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};

use crate::accounts::SignedIn;
use crate::error::ApiError;
use crate::flash::{Flash, FlashContext};
use crate::{paths, platform};

/// What the server knows when it renders a page, and the browser takes over.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Arrival {
    pub(crate) user: Option<User>,
    pub(crate) flash: Option<Flash>,
}

/// Whoever is logged in, in a context.
#[derive(Debug, Clone, Copy)]
pub struct Viewer(RwSignal<Option<User>>);

impl Viewer {
    /// Provides the viewer, the flash and the messages, as the server handed them over.
    pub(crate) fn provide(without_form: &[&str]) -> Self {
        let Arrival { user, flash } = SharedValue::new(platform::arrival).into_inner();
        let message = flash.as_ref().and_then(|flash| {
            let failed = flash.error.as_ref().filter(|_| without_form.contains(&flash.action.as_str()));
            failed.map(Message::failure).or_else(|| flash.notice.clone().map(Message::news))
        });
        provide_context(FlashContext(StoredValue::new(flash)));
        provide_context(Messages(RwSignal::new(message)));
        let viewer = Self(RwSignal::new(user));
        provide_context(viewer);
        viewer
    }

    /// From the context.
    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// Who it is.
    #[must_use]
    pub fn user(self) -> Option<User> {
        self.0.get()
    }

    /// Whether anybody is logged in.
    #[must_use]
    pub fn is_signed_in(self) -> bool {
        self.0.with(Option::is_some)
    }

    /// Somebody has logged in.
    pub fn signed_in(self, who: &SignedIn) {
        platform::keep_token(&who.token);
        self.0.set(Some(who.user.clone()));
    }

    /// Nobody is logged in any more.
    pub fn signed_out(self) {
        platform::forget_token();
        self.0.set(None);
    }
}

/// A sentence for the page as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it says.
    pub text: String,
    /// Whether it reports a failure.
    pub is_failure: bool,
    // Whether the page has been left since: what is told while leaving one page is read on the next.
    is_old: bool,
}

impl Message {
    fn failure(error: &ApiError) -> Self {
        // What is wrong with a field says more than that a field is wrong.
        let text = error.fields.first().unwrap_or(&error.message).to_owned();
        Self { text, is_failure: true, is_old: false }
    }

    fn news(text: String) -> Self {
        Self { text, is_failure: false, is_old: false }
    }
}

/// Where pages leave what they have to say, in a context.
#[derive(Debug, Clone, Copy)]
pub struct Messages(RwSignal<Option<Message>>);

impl Messages {
    /// From the context.
    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// What is shown now.
    #[must_use]
    pub fn current(self) -> Option<Message> {
        self.0.get()
    }

    /// Tells that something worked.
    pub fn tell(self, text: impl Into<String>) {
        self.0.set(Some(Message::news(text.into())));
    }

    /// Tells that something failed.
    pub fn fail(self, error: &ApiError) {
        self.0.set(Some(Message::failure(error)));
    }

    /// Says nothing any more.
    pub fn clear(self) {
        self.0.set(None);
    }

    fn page_was_left(self) {
        self.0.update(|message| {
            *message =
                message.take().filter(|message| !message.is_old).map(|message| Message { is_old: true, ..message })
        });
    }
}

/// Forgets what was for one page only when that page is left.
#[component]
pub(crate) fn Forget() -> impl IntoView {
    let messages = Messages::get();
    let path = leptos_router::hooks::use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            FlashContext::clear();
            messages.page_was_left();
        }
        now
    });
}

/// What to do about a failed call, wherever it was made: someone whose session has ended is led to the log-in page
/// and back, everyone else is told.
pub fn use_failure() -> impl Fn(&ApiError) + Clone + Send + Sync + 'static {
    let (viewer, messages) = (Viewer::get(), Messages::get());
    let leave = use_log_in_again();
    move |error: &ApiError| {
        messages.fail(error);
        if error.is_signed_out() {
            viewer.signed_out();
            leave();
        }
    }
}

/// Leads to the log-in page and back here afterwards.
pub fn use_log_in_again() -> impl Fn() + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    let location = leptos_router::hooks::use_location();
    move || {
        let here = location.pathname.get_untracked()
            + &location.search.with_untracked(|s| {
                if s.is_empty() { String::new() } else { format!("?{}", s.trim_start_matches('?')) }
            });
        navigate(&paths::log_in(&here), NavigateOptions { replace: true, ..NavigateOptions::default() });
    }
}
