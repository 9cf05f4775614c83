//! Changes on their way: one after the other, held while the server cannot be reached.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;

use docket::error::Code;
use leptos::prelude::{RwSignal, Set, Update, document, window};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::calls::{has_token, post};
use super::drawn;
use crate::changes::Call;
use crate::error::ApiError;

thread_local! {
    static WAITING: RefCell<VecDeque<Call>> = const { RefCell::new(VecDeque::new()) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    // Resolve the promises of those who wait until all is sent.
    static IDLE: RefCell<Vec<js_sys::Function>> = const { RefCell::new(Vec::new()) };
    static CUT_OFF: Cell<bool> = const { Cell::new(false) };
    // Taken from the queue, and not handed over to the browser yet.
    static IN_HAND: Cell<bool> = const { Cell::new(false) };
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    // Begins to send what waits to be drawn.
    static BEGIN: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
    static MADE: Cell<u32> = const { Cell::new(0) };
}

/// How long to wait before the server is tried again, in milliseconds, unless the browser says earlier that it is online.
const RETRY: i32 = 3000;

/// Sends calls one after the other, in the order they were made, so that none overtakes another on its way, and begins when
/// what they change has been drawn. While the server cannot be reached they are held, and counted in `held`; afterwards
/// `caught_up` runs.
pub(crate) fn enqueue(held: RwSignal<usize>, call: Call, caught_up: impl Fn() + 'static) {
    MADE.set(MADE.get().wrapping_add(1));
    WAITING.with_borrow_mut(|waiting| waiting.push_back(call));
    guard();
    if CUT_OFF.get() {
        held.update(|held| *held += 1);
    }
    if !RUNNING.replace(true) {
        mark(true);
        spawn_local(async move {
            let mut was_held = false;
            // Whoever sees a change at once does not notice when it is sent.
            drawn(|begin| BEGIN.set(Some(begin))).await;
            BEGIN.set(None);
            while let Some(call) = WAITING.with_borrow_mut(VecDeque::pop_front) {
                let (answer, repeated) = persist(held, call.path, &(call.body)()).await;
                was_held |= repeated;
                if was_held {
                    held.set(waiting());
                }
                (call.settle)(answer, repeated);
            }
            RUNNING.set(false);
            mark(false);
            guard();
            wake();
            if was_held {
                caught_up();
            }
        });
    }
}

// That something is not answered yet: for tests, and for style sheets that want to know.
fn mark(sending: bool) {
    if let Some(root) = document().document_element() {
        let _ = root.toggle_attribute_with_force("data-sending", sending);
    }
}

// Sends until the server answers; says whether it had to be sent again.
async fn persist(held: RwSignal<usize>, path: &str, body: &str) -> (Result<String, ApiError>, bool) {
    let mut repeated = false;
    loop {
        IN_HAND.set(true);
        guard();
        let answer = post(path.to_owned(), body.to_owned(), true).await;
        IN_HAND.set(false);
        let away = answer.as_ref().is_err_and(|error| matches!(error.code, Code::Unavailable | Code::RateLimited));
        CUT_OFF.set(away);
        if !away {
            return (answer, repeated);
        }
        repeated = true;
        held.set(1 + waiting());
        guard();
        wake();
        pause().await;
    }
}

/// The browser has the call, and brings it to its end.
pub(super) fn handed_over() {
    IN_HAND.set(false);
    guard();
}

fn waiting() -> usize {
    WAITING.with_borrow(VecDeque::len)
}

// Those who wait until all is sent.
fn wake() {
    IDLE.take().iter().for_each(|resolve| drop(resolve.call0(&JsValue::NULL)));
}

// Whoever leaves the page while something waits is warned, as it would be lost. What is on its way arrives; what only waits
// to be drawn is sent at once.
fn guard() {
    let now = CUT_OFF.get() || IN_HAND.get() || waiting() > 0;
    if GUARDED.replace(now) != now {
        let leave = |event: web_sys::Event| match BEGIN.take() {
            Some(begin) if waiting() == 1 && has_token() => drop(begin.call0(&JsValue::NULL)),
            _ => event.prevent_default(),
        };
        let leave = Closure::<dyn Fn(web_sys::Event)>::new(leave).into_js_value();
        window().set_onbeforeunload(now.then(|| leave.unchecked_ref()));
    }
}

async fn pause() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, RETRY);
        window().set_ononline(Some(&resolve));
    });
    let _ = JsFuture::from(promise).await;
}

/// Done when all changes are sent, so that what is read afterwards knows of them; at once when the server cannot be reached.
pub(crate) fn all_sent() -> impl Future<Output = ()> + Send {
    SendWrapper::new(async {
        // What is changed by leaving what one leaves now is in line by the next task.
        let next_task = js_sys::Promise::new(&mut |resolve, _| drop(window().set_timeout_with_callback(&resolve)));
        let _ = JsFuture::from(next_task).await;
        while RUNNING.get() && !CUT_OFF.get() {
            let promise = js_sys::Promise::new(&mut |resolve, _| IDLE.with_borrow_mut(|idle| idle.push(resolve)));
            let _ = JsFuture::from(promise).await;
        }
    })
}

/// How many changes have been made on this page: what was read before the last of them may be older than it.
pub(crate) fn changes_made() -> u32 {
    MADE.get()
}

/// Whether other changes wait behind the one that is answered.
pub(crate) fn has_waiting() -> bool {
    waiting() > 0
}
