//! The browser's side of a call: the access token in `sessionStorage`, renewed unseen, and one change after the other.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use docket::error::Code;
use docket::sessions::AccessToken;
use docket::time::Timestamp;
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use leptos::ev::{KeyboardEvent, change, click, keydown};
use leptos::prelude::{
    Callable, Callback, RwSignal, Set, Update, document, on_cleanup, window, window_event_listener,
    window_event_listener_untyped,
};
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::{Element, EventTarget, Headers, HtmlDialogElement, HtmlElement, HtmlInputElement, RequestInit, Response};

use crate::changes::Call;
use crate::codec;
use crate::error::ApiError;
use crate::keys::{Command, command};
use crate::paths;
use crate::rpc::form;
use crate::sessions::{Refresh, refresh};
use crate::viewer::Arrival;

/// Holds until when the token is good, by this browser's clock in milliseconds, a space, and the token.
const KEY: &str = "docket.access";
/// A token is renewed this long before it expires, in milliseconds, so that it does not expire on its way.
const EARLY: u64 = 15_000;

/// Browsers refuse to keep more than 64 KiB on its way in all (Fetch, 4.5).
const KEEPALIVE_MAX: usize = 16 * 1024;

/// Keeps an access token for this tab.
fn keep_token(token: &AccessToken) {
    let expires = milliseconds() + token.expires_in * 1000;
    // A browser that keeps nothing still works: every call then renews first.
    let _ = SessionStorage::raw().set_item(KEY, &format!("{expires} {}", token.access_token));
}

/// Forgets it.
fn forget_token() {
    SessionStorage::delete(KEY);
}

/// Sends a form to a server function and answers the JSON that comes back. With `guarded` it carries the access token,
/// renewed first if it has run out; should the server find it expired all the same, it is renewed and sent once more.
///
/// # Errors
/// What the function answers, or that it could not be reached.
pub(crate) fn post(path: String, body: String, guarded: bool) -> LocalAnswer {
    LocalAnswer(SendWrapper::new(Box::pin(async move {
        if !guarded {
            return send(&path, &body, None).await;
        }
        match send(&path, &body, Some(fresh_token().await?)).await {
            // Expired, or of a session that another log-in in this tab has followed.
            Err(error) if error.is_signed_out() => {
                forget_token();
                send(&path, &body, Some(fresh_token().await?)).await
            }
            answer => answer,
        }
    })))
}

/// An answer on its way: one type for all functions. The browser has one thread, so it may claim to be `Send`.
pub(crate) struct LocalAnswer(SendWrapper<Answering>);

type Answering = Pin<Box<dyn Future<Output = Result<String, ApiError>>>>;

impl Future for LocalAnswer {
    type Output = Result<String, ApiError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

async fn send(path: &str, body: &str, token: Option<String>) -> Result<String, ApiError> {
    let (status, text) = fetch(path, body, token).await.map_err(|_| ApiError::unreachable())?;
    match status {
        200..=299 => Ok(text),
        // By somebody in between who cannot reach the server either.
        502..=504 => Err(from_json(&text).unwrap_or_else(|_| ApiError::unreachable())),
        _ => Err(from_json(&text).unwrap_or_else(|unreadable| unreadable)),
    }
}

async fn fetch(path: &str, body: &str, token: Option<String>) -> Result<(u16, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    headers.set("accept", "application/json")?;
    if let Some(token) = token {
        headers.set("authorization", &format!("Bearer {token}"))?;
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    // What is on its way arrives, even when the page is left.
    if body.len() < KEEPALIVE_MAX {
        js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE)?;
    }
    let answering = window().fetch_with_str_and_init(path, &init);
    if body.len() < KEEPALIVE_MAX && path != Refresh::PATH {
        IN_HAND.set(false);
        guard();
    }
    let answer: Response = JsFuture::from(answering).await?.unchecked_into();
    let text = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    Ok((answer.status(), text))
}

/// Reads what was answered. What is not ours comes from somebody in between.
///
/// # Errors
/// That there was no answer of the server's.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    codec::from_str(text).map_err(|_| ApiError::unreadable())
}

async fn fresh_token() -> Result<String, ApiError> {
    match kept() {
        Some(token) => Ok(token),
        None => one_at_a_time(renew).await,
    }
}

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

fn kept() -> Option<String> {
    let kept = SessionStorage::raw().get_item(KEY).ok()??;
    let (expires, token) = kept.split_once(' ')?;
    (expires.parse::<u64>().ok()? > milliseconds() + EARLY).then(|| token.to_owned())
}

// Whoever waited for the lock finds the token that the one before it got.
async fn renew() -> Result<String, ApiError> {
    if let Some(token) = kept() {
        return Ok(token);
    }
    let token = refresh().await?;
    keep_token(&token);
    Ok(token.access_token)
}

#[wasm_bindgen]
extern "C" {
    // Web Locks (W3C): shared by all tabs of this origin. Bound by hand, as web-sys counts it among the unstable ones.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn lock(name: &str, run: &js_sys::Function) -> Result<js_sys::Promise, JsValue>;
}

async fn one_at_a_time<F: Future<Output = Result<String, ApiError>> + 'static>(
    work: fn() -> F,
) -> Result<String, ApiError> {
    let answer: std::rc::Rc<RefCell<Option<Result<String, ApiError>>>> = std::rc::Rc::default();
    let slot = answer.clone();
    let run = Closure::once_into_js(move || {
        future_to_promise(async move {
            let done = work().await;
            slot.replace(Some(done));
            Ok(JsValue::UNDEFINED)
        })
    });
    // Without locks (plain http on another host than localhost) the server's grace period takes care of races.
    match lock("docket-refresh", run.unchecked_ref()) {
        Ok(promise) => drop(JsFuture::from(promise).await),
        Err(_) => return work().await,
    }
    answer.take().unwrap_or_else(|| Err(ApiError::unreachable()))
}

thread_local! {
    static WAITING: RefCell<VecDeque<Call>> = const { RefCell::new(VecDeque::new()) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    // Resolve the promises of those who wait until all is sent.
    static IDLE: RefCell<Vec<js_sys::Function>> = const { RefCell::new(Vec::new()) };
    static CUT_OFF: Cell<bool> = const { Cell::new(false) };
    // Taken from the queue, and not handed over to the browser yet.
    static IN_HAND: Cell<bool> = const { Cell::new(false) };
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static MADE: Cell<u32> = const { Cell::new(0) };
}

/// How long to wait before the server is tried again, in milliseconds, unless the browser says earlier that it is online.
const RETRY: i32 = 3000;

/// Sends calls one after the other, in the order they were made, so that none overtakes another on its way. While the server
/// cannot be reached they are held, and counted in `held`; afterwards `caught_up` runs.
pub(crate) fn enqueue(held: RwSignal<usize>, call: Call, caught_up: impl Fn() + 'static) {
    MADE.set(MADE.get().wrapping_add(1));
    WAITING.with_borrow_mut(|waiting| waiting.push_back(call));
    guard();
    if CUT_OFF.get() {
        held.update(|held| *held += 1);
    }
    if !RUNNING.replace(true) {
        spawn_local(async move {
            let mut was_held = false;
            while let Some(call) = WAITING.with_borrow_mut(VecDeque::pop_front) {
                let (answer, repeated) = persist(held, call.path, &(call.body)()).await;
                was_held |= repeated;
                if was_held {
                    held.set(waiting());
                }
                (call.settle)(answer, repeated);
            }
            RUNNING.set(false);
            guard();
            wake();
            if was_held {
                caught_up();
            }
        });
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

fn waiting() -> usize {
    WAITING.with_borrow(VecDeque::len)
}

// Those who wait until all is sent.
fn wake() {
    IDLE.take().iter().for_each(|resolve| drop(resolve.call0(&JsValue::NULL)));
}

// Whoever leaves the page while something waits is warned, as it would be lost. What is on its way arrives.
fn guard() {
    let now = CUT_OFF.get() || IN_HAND.get() || waiting() > 0;
    if GUARDED.replace(now) != now {
        let warn =
            Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| event.prevent_default()).into_js_value();
        window().set_onbeforeunload(now.then(|| warn.unchecked_ref()));
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
        if RUNNING.get() && !CUT_OFF.get() {
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

/// The path of the page that is shown.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Leads to the log-in page and back here afterwards.
pub(crate) fn log_in_again() {
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    forget_token();
    let _ = location.assign(&paths::log_in(&here));
}

/// Reads a form's text; what comes from our own pages holds nothing superfluous.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_urlencoded::from_bytes(bytes).map_err(|_| form::MALFORMED.to_owned())
}

/// A page that was not rendered by the server begins with nobody; in practice every page was.
pub(crate) fn arrival() -> Arrival {
    Arrival::default()
}

/// Lets typing begin in an element, unless it has begun elsewhere.
pub(crate) fn focus(id: &str) {
    let idle = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element.filter(|_| idle) {
        // Only a hint: where it cannot be had, the keyboard leads there too.
        let _ = element.focus();
    }
}

/// Runs something when the page has been redrawn.
pub(crate) fn redrawn(then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let _ = window().request_animation_frame(then.unchecked_ref());
}

/// Keeps the keyboard where it is while rows come and go: on the same control, or else on the first one that matches.
pub(crate) fn keep_focus(or_else: String) {
    let Some(before) = document().active_element().filter(|element| element.tag_name() != "BODY") else { return };
    redrawn(move || {
        let found =
            if before.is_connected() { Some(before) } else { document().query_selector(&or_else).ok().flatten() };
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// The browser has its status already.
pub(crate) fn set_status(_status: u16) {}

/// The browser sets it as text.
pub(crate) fn raw_text(text: String) -> String {
    text
}

/// Follows the pointer until it is lifted, marking the row of `list` before which something would be dropped; then says which
/// that was, which row is the last one, and whether it was called off.
pub(crate) fn track_pointer(list: Element, dropped: impl FnOnce(Option<Element>, Option<Element>, bool) + 'static) {
    let mark = |list: &Element, row: Option<&HtmlElement>| {
        if let Ok(Some(marked)) = list.query_selector("[data-drop]") {
            let _ = marked.remove_attribute("data-drop");
        }
        let (row, side) = match row {
            Some(row) => (Some(row.clone().unchecked_into()), "before"),
            None => (list.last_element_child(), "behind"),
        };
        row.map(|row: Element| row.set_attribute("data-drop", side));
    };
    let following = list.clone();
    let follow = Closure::<dyn Fn(web_sys::PointerEvent)>::new(move |event: web_sys::PointerEvent| {
        let y = f64::from(event.client_y());
        mark(&following, row_below(&following, y).as_ref());
        // Near an edge the page moves along.
        let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
        if y < EDGE || y > height - EDGE {
            window().scroll_by_with_x_and_y(0.0, if y < EDGE { -EDGE / 4.0 } else { EDGE / 4.0 });
        }
    });
    let follow: js_sys::Function = follow.into_js_value().unchecked_into();
    window().set_onpointermove(Some(&follow));
    let end = Closure::once_into_js(move |event: web_sys::Event| {
        window().set_onpointermove(None);
        window().set_onpointerup(None);
        window().set_onpointercancel(None);
        let marked = list.query_selector("[data-drop]").ok().flatten();
        let before = marked.clone().filter(|row| row.get_attribute("data-drop").as_deref() == Some("before"));
        if let Some(marked) = &marked {
            let _ = marked.remove_attribute("data-drop");
        }
        dropped(before, list.last_element_child(), marked.is_none() || event.type_() == "pointercancel");
    });
    window().set_onpointerup(Some(end.unchecked_ref()));
    window().set_onpointercancel(Some(end.unchecked_ref()));
}

// The row of a list that something at this height would be dropped before; none is below all of them.
fn row_below(list: &Element, height: f64) -> Option<HtmlElement> {
    let rows = list.children();
    (0..rows.length()).filter_map(|index| rows.item(index)?.dyn_into::<HtmlElement>().ok()).find(|row| {
        let area = row.get_bounding_client_rect();
        height < area.top() + area.height() / 2.0
    })
}

/// How near to an edge of the window the page moves along with what is dragged, in pixels.
const EDGE: f64 = 48.0;

/// Runs something beside what goes on.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    spawn_local(work);
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

/// Lets the keyboard begin at the page itself.
pub(crate) fn focus_main() {
    focus_on(all("#main").first());
}

/// Loads a page.
pub(crate) fn go(path: &str) {
    let _ = window().location().assign(path);
}

/// Opens a dialog, empty.
pub(crate) fn open(dialog: &str) {
    let Some(dialog) =
        document().get_element_by_id(dialog).and_then(|found| found.dyn_into::<HtmlDialogElement>().ok())
    else {
        return;
    };
    let _ = dialog.show_modal();
    if let Ok(Some(switch)) = dialog.query_selector("#keys-work") {
        switch.unchecked_ref::<HtmlInputElement>().set_checked(!are_off());
    }
    if let Ok(Some(input)) = dialog.query_selector("input:not([type=checkbox])") {
        input.unchecked_ref::<HtmlInputElement>().select();
    }
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn focus_on(element: Option<&HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Moves the keyboard among some elements.
pub(crate) fn focus_next(among: &str, forward: bool, event: &KeyboardEvent) {
    event.prevent_default();
    let all = all(among);
    let now = document().active_element();
    let at = all.iter().position(|element| now.as_ref() == Some(element.as_ref()));
    let next = match (at, forward) {
        (None, _) => Some(0),
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
    };
    focus_on(next.and_then(|next| all.get(next)));
}

/// Presses the first of some elements, unless the keyboard is on one.
pub(crate) fn click_first(among: &str, event: &KeyboardEvent) {
    if is_within(event.target(), "input") {
        event.prevent_default();
        if let Some(first) = all(among).first() {
            first.click();
        }
    }
}

fn closest(target: Option<EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

fn is_within(target: Option<EventTarget>, selector: &str) -> bool {
    closest(target, selector).is_some()
}

/// Does with the row that the keyboard is on what its own buttons do.
pub(crate) fn on_row(command: Command) {
    let rows = all(".rows > li:not(details:not([open]) *)");
    let now = document().active_element().and_then(|element| element.closest(".rows > li").ok().flatten());
    let at = now.as_ref().and_then(|now| rows.iter().position(|row| row.is_same_node(Some(now))));
    let step = |to: usize| {
        let row = rows.get(to.min(rows.len().saturating_sub(1)));
        let control = |selector| row.and_then(|row| row.query_selector(selector).ok().flatten());
        focus_on(control("a.title").or_else(|| control("button")).as_ref().map(JsCast::unchecked_ref));
    };
    let button = match command {
        Command::Next => return step(at.map_or(0, |at| at + 1)),
        Command::Previous => return step(at.map_or(0, |at| at.saturating_sub(1))),
        Command::New => return focus_on(all("#add-title, #page-name").first()),
        Command::Toggle => ".check",
        Command::Edit => "a.title",
        Command::Delete => ".menu .danger",
        Command::Up => "[value=up]",
        Command::Down => "[value=down]",
        _ => return,
    };
    if let Some(button) = now.and_then(|row| row.query_selector(button).ok().flatten()) {
        button.unchecked_ref::<HtmlElement>().click();
    }
}

/// Runs what the keys say, but never while something is typed; and closes menus that are done with.
pub(crate) fn on_keys(run: Callback<Command>) {
    let is_after_g = Cell::new(false);
    let listener = window_event_listener(keydown, move |event: KeyboardEvent| {
        let target = event.target();
        let g = if is_after_g.take() { "g " } else { "" };
        if event.key() == "Escape" {
            close_menus(None);
        }
        if event.key() == "Escape" && is_within(target.clone(), "#add-title, .new-list") {
            focus_main();
        }
        let arrow = ["ArrowDown", "ArrowUp"].iter().position(|arrow| event.key() == *arrow);
        if let Some(arrow) = arrow.filter(|_| is_within(target.clone(), ".menu[open]")) {
            return focus_next(".menu[open] summary, .menu[open] button", arrow == 0, &event);
        }
        let typing = is_within(target.clone(), "input, textarea, select, dialog, .menu[open]");
        if event.default_prevented()
            || event.repeat() && event.key() != "j" && event.key() != "k"
            || typing
            || are_off()
        {
            return;
        }
        let control = if event.ctrl_key() || event.meta_key() { "Ctrl+" } else { "" };
        let alt = if event.alt_key() { "Alt+" } else { "" };
        let key = format!("{g}{control}{alt}{}", event.key());
        is_after_g.set(key == "g");
        // What is pressed by itself needs no help.
        let pressed = match key.as_str() {
            "Enter" => "a, button, summary",
            " " => "button, summary",
            _ => "dialog",
        };
        // Without a row these scroll the page.
        if ["ArrowDown", "ArrowUp", " "].contains(&key.as_str()) && !is_within(target.clone(), ".rows > li") {
            return;
        }
        if let Some(command) = command(&key).filter(|_| !is_within(target, pressed)) {
            event.prevent_default();
            run.run(command);
        }
    });
    let switch = window_event_listener(change, |event| {
        if let Some(switch) =
            event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).filter(is_switch)
        {
            let _ = LocalStorage::raw().set_item(KEYS, if switch.checked() { "on" } else { "off" });
        }
    });
    let clicks = window_event_listener(click, |event| {
        // The second of a double click would press whatever has moved under the pointer.
        if event.detail() > 1 && is_within(event.target(), ".rows button") {
            event.prevent_default();
        }
        close_menus(event.target().filter(|target| !is_within(Some(target.clone()), ".menu-items")).as_ref());
        if let Some(dialog) =
            closest(event.target(), "[data-opens]").and_then(|opener| opener.get_attribute("data-opens"))
        {
            open(&dialog);
        }
    });
    on_cleanup(move || {
        listener.remove();
        switch.remove();
        clicks.remove();
    });
}

/// Where this browser keeps whether the keys work: some speak or strike them by accident (WCAG 2.2, 2.1.4).
const KEYS: &str = "docket.keys";

fn are_off() -> bool {
    LocalStorage::raw().get_item(KEYS).ok().flatten().as_deref() == Some("off")
}

fn is_switch(input: &HtmlInputElement) -> bool {
    input.id() == "keys-work"
}

// All but the one that something stands in.
fn close_menus(but: Option<&EventTarget>) {
    for menu in all(".menu[open]") {
        if !menu.contains(but.and_then(|but| but.dyn_ref())) {
            // Where the keyboard was in it, it goes to what opened it.
            if menu.contains(document().active_element().as_deref()) {
                focus_on(menu.first_element_child().as_ref().map(JsCast::unchecked_ref));
            }
            let _ = menu.remove_attribute("open");
        }
    }
}

/// Runs something when one comes back to this window.
pub(crate) fn on_return(then: impl Fn() + 'static) {
    let listener = window_event_listener_untyped("focus", move |_| {
        if !RUNNING.get() {
            then();
        }
    });
    on_cleanup(move || listener.remove());
}
