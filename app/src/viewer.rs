//! Who looks at the page, and what the page has to tell them.

use docket::accounts::User;
use docket::lists::List;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::codec::Json;
use crate::error::ApiError;
use crate::flash::{Flash, FlashContext};
use crate::platform;
use crate::ui::words;

/// What the server knows when it renders a page, and the browser takes over.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Arrival {
    pub(crate) user: Option<User>,
    pub(crate) flash: Option<Flash>,
    pub(crate) lists: Vec<List>,
}

/// Whoever is logged in, in a context, with their lists.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    user: StoredValue<Option<User>>,
    lists: StoredValue<Vec<List>>,
}

impl Viewer {
    /// Provides the viewer, the flash and the messages, as the server handed them over.
    pub(crate) fn provide(without_form: &[&str]) -> Self {
        let arrival = SharedValue::<Arrival, Json>::new_with_encoding(platform::arrival);
        let Arrival { user, flash, lists } = arrival.into_inner();
        let message = flash.as_ref().and_then(|flash| {
            let failed = flash.error.as_ref().filter(|_| without_form.contains(&flash.action.as_str()));
            let news = || flash.notice.clone().map(|text| Message { undo: flash.undo.clone(), ..Message::news(text) });
            failed.map(Message::failure).or_else(news)
        });
        provide_context(FlashContext(StoredValue::new(flash)));
        Messages::provide(message);
        let viewer = Self { user: StoredValue::new(user), lists: StoredValue::new(lists) };
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
        self.user.get_value()
    }

    /// Their lists, as they were when the page was made.
    #[must_use]
    pub fn lists(self) -> Vec<List> {
        self.lists.get_value()
    }

    /// Whether anybody is logged in.
    #[must_use]
    pub fn is_signed_in(self) -> bool {
        self.user.with_value(Option::is_some)
    }
}

/// A sentence for the page as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// What it says.
    pub text: String,
    /// Whether it reports a failure.
    pub is_failure: bool,
    /// Which change it tells of, if that can be undone here.
    pub undoes: Option<u32>,
    /// The form that takes back what another plain form did, as the server wrote it.
    pub undo: Option<String>,
    // Whether the page has been left since: what is told while leaving one page is read on the next.
    is_old: bool,
}

impl Message {
    fn failure(error: &ApiError) -> Self {
        // What is wrong with a field says more than that a field is wrong.
        let text = error.fields.first().unwrap_or(&error.message).to_owned();
        Self { text, is_failure: true, ..Self::default() }
    }

    fn news(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// How many changes can be undone.
const UNDOABLE_MAX: usize = 50;

/// Takes back what was done.
type Undo = Box<dyn FnOnce() + Send + Sync>;

/// Where pages leave what they have to say, in a context, with what can be undone.
#[derive(Debug, Clone, Copy)]
pub struct Messages {
    // What one has touched is drawn first, and what there is to tell about it after that.
    shown: RwSignal<Option<Message>>,
    current: StoredValue<Option<Message>>,
    is_coming: StoredValue<bool>,
    /// What can be undone, by the turns that the changes had.
    undoable: StoredValue<Vec<(u32, Undo)>>,
    turn: StoredValue<u32>,
}

impl Messages {
    /// Provides them, with the one that is shown first.
    pub(crate) fn provide(message: Option<Message>) {
        provide_context(Self {
            shown: RwSignal::new(message.clone()),
            current: StoredValue::new(message),
            is_coming: StoredValue::new(false),
            undoable: StoredValue::new(Vec::new()),
            turn: StoredValue::new(1),
        });
    }

    /// From the context.
    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// What is shown now.
    #[must_use]
    pub fn shown(self) -> Option<Message> {
        self.shown.get()
    }

    fn say(self, message: Option<Message>) {
        self.current.set_value(message);
        if !self.is_coming.get_value() {
            self.is_coming.set_value(true);
            platform::when_drawn(move || {
                // Unless whoever has something to say is gone.
                if let Some(current) = self.current.try_get_value() {
                    self.is_coming.set_value(false);
                    self.shown.set(current);
                }
            });
        }
    }

    /// Tells that something worked.
    pub fn tell(self, text: impl Into<String>) {
        self.say(Some(Message::news(text.into())));
    }

    /// The same, unless there is a failure to tell of.
    pub fn tell_in_passing(self, text: &str) {
        if !self.current.with_value(|message| message.as_ref().is_some_and(|message| message.is_failure)) {
            self.tell(text);
        }
    }

    /// Tells that something failed.
    pub fn fail(self, error: &ApiError) {
        self.say(Some(Message::failure(error)));
    }

    /// Tells that something failed on a page that has been left, with what was typed there.
    pub fn fail_behind(self, error: &ApiError, typed: &str) {
        let failure = Message::failure(error);
        self.say(Some(Message { text: words::you_wrote(&failure.text, typed), ..failure }));
    }

    /// The turn of the change that is being made.
    pub(crate) fn turn(self) -> u32 {
        self.turn.get_value()
    }

    /// What is done from now on is another change.
    pub(crate) fn next_turn(self) {
        self.turn.update_value(|turn| *turn += 1);
    }

    /// Tells that something was done that can be undone. What is done from now on is another change.
    pub(crate) fn undoable(self, text: String, undo: Undo) {
        let turn = self.turn();
        self.undoable.update_value(|all| {
            // Nobody goes further back.
            if all.len() == UNDOABLE_MAX {
                drop(all.remove(0));
            }
            all.push((turn, undo));
        });
        self.next_turn();
        self.say(Some(Message { undoes: Some(turn), ..Message::news(text) }));
    }

    /// Tells that a change was refused: there is nothing to undo of it. What is wrong with a field is said beside it.
    pub(crate) fn refused(self, turn: u32, error: &ApiError) {
        self.undoable.update_value(|all| all.retain(|(of, _)| *of != turn));
        if error.fields.is_empty() {
            self.fail(error);
        } else if self.current.with_value(|message| message.as_ref().is_some_and(|now| now.undoes == Some(turn))) {
            self.say(None);
        }
    }

    /// Undoes what was done last and is not undone yet.
    pub fn undo(self) {
        let last = self.undoable.try_update_value(Vec::pop).flatten();
        match last {
            Some((_, undo)) => {
                self.tell(words::UNDONE);
                undo();
                self.next_turn();
            }
            None => self.tell(words::NOTHING_TO_UNDO),
        }
    }

    /// Says no more of what is shown. What is not shown yet stays to be said.
    pub fn clear(self) {
        if !self.is_coming.get_value() {
            self.say(None);
        }
    }

    fn page_was_left(self) {
        let current = self.current.get_value().filter(|message| !message.is_old);
        self.say(current.map(|message| Message { is_old: true, ..message }));
    }
}

/// Forgets what was for one page only when that page is left.
#[component]
pub(crate) fn Forget() -> impl IntoView {
    let (messages, flash) = (Messages::get(), expect_context::<FlashContext>());
    let path = leptos_router::hooks::use_location().pathname;
    // Whoever hears the page, or goes on by keyboard, begins where the new one begins.
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            flash.clear();
            messages.page_was_left();
            platform::focus_main();
        }
        now
    });
}

/// Leads whose session has ended to the log-in page, and back here afterwards.
pub(crate) fn leave_if_signed_out(error: &ApiError) {
    if error.is_signed_out() {
        platform::log_in_again();
    }
}
