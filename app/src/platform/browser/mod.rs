//! The browser's side of what [`platform`](super) offers.

/// What a view of our own need not do here: the server has its own way to write it.
macro_rules! for_the_browser {
    () => {
        type AsyncOutput = Self;
        type Owned = Self;

        const MIN_LENGTH: usize = 0;

        fn dry_resolve(&mut self) {}

        async fn resolve(self) -> Self {
            self
        }

        fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

        fn into_owned(self) -> Self {
            self
        }
    };
}

/// A view that passes no attributes on to what it consists of.
macro_rules! without_attributes {
    ($view:ty) => {
        impl AddAnyAttr for $view {
            type Output<NewAttr: Attribute> = Self;

            fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
                self
            }
        }
    };
}

mod calls;
mod hydration;
mod keyboard;
mod load;
mod pointer;
mod queue;
mod rows;

use std::cell::Cell;
use std::future::Future;

use docket::time::Timestamp;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

pub(crate) use calls::{from_json, post};
pub use hydration::hydrate;
pub(crate) use hydration::part;
pub(crate) use keyboard::{
    click_first, focus, focus_main, focus_next, keep_focus, keep_focus_within, lead_out_of, lead_to, on_keys, on_row,
    open, replace,
};
pub(crate) use load::{loaded, when_loaded};
pub(crate) use pointer::track_pointer;
pub(crate) use queue::{all_sent, changes_made, enqueue, has_waiting};
pub(crate) use rows::rows;

use crate::paths;
use crate::rpc::form;
use crate::viewer::Arrival;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970 fit for ages")]
fn milliseconds() -> u64 {
    js_sys::Date::now() as u64
}

/// The time of the browser's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp(i64::try_from(milliseconds()).unwrap_or_default() * 1000)
}

/// A time, for programs and whoever wants to know exactly.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in 53 bits for ages")]
pub(crate) fn exactly(time: Timestamp) -> String {
    js_sys::Date::new(&JsValue::from_f64((time.0 / 1000) as f64)).to_iso_string().into()
}

/// The path of the page that is shown.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Leads to the log-in page and back here afterwards.
pub(crate) fn log_in_again() {
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    calls::forget_token();
    let _ = location.assign(&paths::log_in(&here));
}

/// Loads a page.
pub(crate) fn go(path: &str) {
    let _ = window().location().assign(path);
}

/// Reads a form's text; what comes from our own pages holds nothing superfluous.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_urlencoded::from_bytes(bytes).map_err(|_| form::MALFORMED.to_owned())
}

/// A page that was not rendered by the server begins with nobody; in practice every page was.
pub(crate) fn arrival() -> Arrival {
    Arrival::default()
}

/// The browser has its status already.
pub(crate) fn set_status(_status: u16) {}

/// The browser sets it as text.
pub(crate) fn raw_text(text: String) -> String {
    text
}

/// Runs something beside what goes on.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    spawn_local(work);
}

/// Runs something when the page is about to be drawn.
fn redrawn(then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let _ = window().request_animation_frame(then.unchecked_ref());
}

/// How long a message is there, in milliseconds.
const A_WHILE: i32 = 8000;

thread_local! {
    // How many times somebody has minded, or not.
    static MINDED: Cell<u32> = const { Cell::new(0) };
}

/// Runs something after a while; of several the last.
pub(crate) fn in_a_while(then: impl Fn() + 'static) {
    never_mind();
    let now = MINDED.get();
    let then = Closure::once_into_js(move || {
        if MINDED.get() == now {
            then();
        }
    });
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), A_WHILE);
}

/// Does not run it.
pub(crate) fn never_mind() {
    MINDED.set(MINDED.get().wrapping_add(1));
}

/// Runs something when one comes back to this window.
pub(crate) fn on_return(then: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("focus", move |_| then());
    on_cleanup(move || listener.remove());
}
