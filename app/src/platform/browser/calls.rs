//! A call: with the access token in `sessionStorage`, renewed unseen.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use docket::sessions::AccessToken;
use gloo_storage::{SessionStorage, Storage};
use leptos::prelude::window;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Headers, RequestInit, Response};

use super::milliseconds;
use super::queue::handed_over;
use crate::codec;
use crate::error::ApiError;
use crate::sessions::{Refresh, refresh};

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
pub(super) fn forget_token() {
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
        handed_over();
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

/// Whether a call can be sent without asking for a token before.
pub(super) fn has_token() -> bool {
    kept().is_some()
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
