//! The browser's side of a call: the access token in `sessionStorage`, renewed unseen, and one change after the other.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use docket::error::Code;
use docket::sessions::AccessToken;
use gloo_storage::{SessionStorage, Storage};
use leptos::prelude::{document, window};
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::{Headers, HtmlElement, RequestInit, Response};

use crate::error::ApiError;
use crate::rpc::form;
use crate::sessions::refresh;
use crate::viewer::Arrival;

/// Holds until when the token is good, by this browser's clock in milliseconds, a space, and the token.
const KEY: &str = "docket.access";
/// A token is renewed this long before it expires, in milliseconds, so that it does not expire on its way.
const EARLY: u64 = 15_000;

/// Keeps an access token for this tab.
pub fn keep_token(token: &AccessToken) {
    let expires = now() + token.expires_in * 1000;
    // A browser that keeps nothing still works: every call then renews first.
    let _ = SessionStorage::set(KEY, format!("{expires} {}", token.access_token));
}

/// Forgets it.
pub fn forget_token() {
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
            Err(error) if error.code == Code::TokenExpired => {
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
    let (ok, text) = fetch(path, body, token).await.map_err(|_| ApiError::unreachable())?;
    if ok { Ok(text) } else { Err(from_json(&text).unwrap_or_else(|unreadable| unreadable)) }
}

async fn fetch(path: &str, body: &str, token: Option<String>) -> Result<(bool, String), JsValue> {
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
    let answer: Response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?.unchecked_into();
    let text = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    Ok((answer.ok(), text))
}

/// Reads what was answered. What is not ours comes from somebody in between.
///
/// # Errors
/// That there was no answer of the server's.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|_| ApiError::unreachable())
}

async fn fresh_token() -> Result<String, ApiError> {
    match kept() {
        Some(token) => Ok(token),
        None => one_at_a_time(renew).await,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970 fit for ages")]
fn now() -> u64 {
    js_sys::Date::now() as u64
}

fn kept() -> Option<String> {
    let kept: String = SessionStorage::get(KEY).ok()?;
    let (expires, token) = kept.split_once(' ')?;
    (expires.parse::<u64>().ok()? > now() + EARLY).then(|| token.to_owned())
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

type Change = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static WAITING: RefCell<VecDeque<Change>> = const { RefCell::new(VecDeque::new()) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Runs changes one after the other, in the order they were made, so that none overtakes another on its way.
pub fn enqueue(change: impl Future<Output = ()> + 'static) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::pin(change)));
    if !RUNNING.replace(true) {
        spawn_local(async {
            while let Some(change) = WAITING.with_borrow_mut(VecDeque::pop_front) {
                change.await;
            }
            RUNNING.set(false);
        });
    }
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

/// The browser has its status already.
pub(crate) fn set_status(_status: u16) {}

/// The browser sets it as text.
pub(crate) fn raw_text(text: String) -> String {
    text
}
