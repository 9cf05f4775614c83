//! Changes on their way. Each shows on the page at once; here they are sent one after the other, held while the server
//! cannot be reached, and what was changed can be undone.

use docket::error::Code;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use crate::error::ApiError;
use crate::platform;
use crate::rpc::{Guarded, form};
use crate::ui::words;
use crate::viewer::{Messages, leave_if_signed_out};

/// Where changes go, in a context.
#[derive(Debug, Clone, Copy)]
pub struct Changes {
    /// How many wait for the server to be reached again.
    held: RwSignal<usize>,
    looks: RwSignal<u32>,
    messages: Messages,
    are_sent: bool,
}

/// Takes an answer; says what is wrong with it.
type Settle = dyn FnOnce(Result<String, ApiError>) -> Option<ApiError>;

/// A call that waits for its turn.
#[cfg_attr(feature = "ssr", expect(dead_code, reason = "the browser sends them"))]
pub(crate) struct Call {
    pub(crate) path: &'static str,
    /// Written when it is its turn: by then, all before it have been answered.
    pub(crate) body: Box<dyn Fn() -> String>,
    /// Takes the answer, and whether it had to be sent more than once.
    pub(crate) settle: Box<dyn FnOnce(Result<String, ApiError>, bool)>,
}

impl Changes {
    /// Provides it.
    pub fn provide() -> Self {
        Self::provide_if(true)
    }

    /// Provides one that sends nothing, for what is only rehearsed.
    pub(crate) fn provide_unsent() {
        Self::provide_if(false);
    }

    fn provide_if(are_sent: bool) -> Self {
        let changes = Self { held: RwSignal::new(0), looks: RwSignal::new(0), messages: Messages::get(), are_sent };
        provide_context(changes);
        changes
    }

    /// From the context.
    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// How many wait for the server to be reached again.
    #[must_use]
    pub fn held(self) -> usize {
        self.held.get()
    }

    /// Calls a server function when all before it are answered, and hands over what it answers. What it refuses is told
    /// beside; one whose session is over is led to the log-in.
    pub fn send<F>(self, call: F, settle: impl FnOnce(Result<F::Output, ApiError>) + 'static)
    where
        F: ServerFn<Error = ApiError, Protocol = Guarded> + Serialize + 'static,
        F::Output: DeserializeOwned,
    {
        self.send_as(move || form::encode(&call).unwrap_or_default(), F::PATH, settle);
    }

    /// The same, with arguments that are known only when it is its turn.
    pub fn send_later<F>(
        self,
        call: impl Fn() -> F + 'static,
        settle: impl FnOnce(Result<F::Output, ApiError>) + 'static,
    ) where
        F: ServerFn<Error = ApiError, Protocol = Guarded> + Serialize,
        F::Output: DeserializeOwned,
    {
        self.send_as(move || form::encode(&call()).unwrap_or_default(), F::PATH, settle);
    }

    fn send_as<T: DeserializeOwned>(
        self,
        body: impl Fn() -> String + 'static,
        path: &'static str,
        settle: impl FnOnce(Result<T, ApiError>) + 'static,
    ) {
        let settle = move |answer: Result<String, ApiError>| {
            let answer = answer.and_then(|text| platform::from_json(&text));
            let error = answer.as_ref().err().cloned();
            settle(answer);
            error
        };
        self.enqueue(path, Box::new(body), Box::new(settle));
    }

    // Apart from the above, so that the WebAssembly holds it once.
    fn enqueue(self, path: &'static str, body: Box<dyn Fn() -> String>, settle: Box<Settle>) {
        let turn = self.messages.turn();
        let settle = Box::new(move |answer: Result<String, ApiError>, repeated: bool| {
            let code = answer.as_ref().err().map(|error| error.code);
            // Sent again because the answer was lost, it may have been done the first time: what is not there any more is as
            // it shall be, and who has changed it meanwhile is perhaps oneself.
            if repeated && code == Some(Code::NotFound) {
                return;
            }
            let Some(error) = settle(answer) else { return };
            if error.code == Code::NotFound {
                self.look_again();
            }
            if !(repeated && code == Some(Code::VersionConflict)) {
                self.messages.refused(turn, &error);
                leave_if_signed_out(&error);
            }
        });
        let caught_up = move || {
            self.messages.tell_in_passing(words::CAUGHT_UP);
            self.look_again();
        };
        if self.are_sent {
            platform::enqueue(self.held, Call { path, body, settle }, caught_up);
        }
    }

    /// Asks the server anew for what is shown, when all changes are sent: after what changes more than is shown, or in ways
    /// that only the server knows.
    pub fn look_again(self) {
        let _ = self.looks.try_update(|looks| *looks += 1);
    }

    /// Runs whenever it is time to look again, as long as what shows it is there. While changes are held, what the server says
    /// is older than what is shown; it is looked at when they are sent.
    pub fn on_look<F: Future<Output = ()> + 'static>(self, look: impl Fn() -> F + 'static) {
        Effect::new(move |before: Option<u32>| {
            if before.is_some() && self.held.get_untracked() == 0 {
                platform::spawn(look());
            }
            self.looks.get()
        });
    }

    /// Says what was done, where it cannot be undone.
    pub fn done(self, done: &str) {
        self.messages.tell(done);
        self.messages.next_turn();
    }

    /// Says what was changed, and how that is undone.
    pub fn undoable(self, done: impl Into<String>, undo: impl FnOnce() + Send + Sync + 'static) {
        self.messages.undoable(done.into(), Box::new(undo));
    }
}

/// Reads something with all changes in it that were made here: when they are sent, and once more where another one was made
/// meanwhile. While the server cannot be reached they wait, and it is tried without them.
pub(crate) async fn read_anew<T, F: Future<Output = Result<T, ApiError>>>(read: impl Fn() -> F) -> Result<T, ApiError> {
    loop {
        platform::all_sent().await;
        let made = platform::changes_made();
        let answer = read().await;
        if answer.is_err() || made == platform::changes_made() {
            return answer;
        }
    }
}
