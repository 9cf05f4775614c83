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

use std::future::Future;

use docket::time::Timestamp;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, SubmitEvent, SubmitEventInit};

pub(crate) use calls::{from_json, post};
pub use hydration::hydrate;
pub(crate) use hydration::{part, when_taken_over};
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

/// How long to wait until something is drawn, in milliseconds: a page that nobody sees is not drawn at all.
const UNSEEN: i32 = 100;

// Waits until the page has been drawn, or whoever gets what ends the waiting has called that.
async fn drawn(mut sooner: impl FnMut(js_sys::Function)) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let end = resolve.clone();
        redrawn(move || drop(window().set_timeout_with_callback(&end)));
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, UNSEEN);
        sooner(resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// Runs something when the page has been drawn as it is now, or after a while where nobody sees it.
pub(crate) fn when_drawn(then: impl FnOnce() + 'static) {
    spawn_local(async move {
        drawn(drop).await;
        then();
    });
}

/// Has a form handled as if a button in it were pressed. Unlike the button itself, this works in what is not shown.
pub(crate) fn submit_by(button: &HtmlElement) {
    let init = SubmitEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_submitter(Some(button));
    if let (Ok(Some(form)), Ok(event)) =
        (button.closest("form"), SubmitEvent::new_with_event_init_dict("submit", &init))
    {
        let _ = form.dispatch_event(&event);
    }
}

/// Runs something when there is nothing else to do. Where the browser does not know (Safari), never.
pub(crate) fn when_idle(then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let _ = window().request_idle_callback(then.unchecked_ref());
}

/// How long a message is there, in milliseconds.
const A_WHILE: i32 = 8000;

/// Runs something after a while.
pub(crate) fn in_a_while(then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), A_WHILE);
}

/// Runs something when one comes back to this window.
pub(crate) fn on_return(then: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("focus", move |_| then());
    on_cleanup(move || listener.remove());
}
