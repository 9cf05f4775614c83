//! On the server a call is a call, and there is no browser storage.

use std::future::Future;

use docket::sessions::AccessToken;
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::request::scope;
use crate::rpc::form;
use crate::viewer::Arrival;

/// The server has nobody to call.
pub(crate) async fn post(_path: String, _body: String, _guarded: bool) -> Result<String, ApiError> {
    Err(ApiError::unreachable())
}

/// Reads what was answered.
pub(crate) fn from_json<T: DeserializeOwned>(_text: &str) -> Result<T, ApiError> {
    Err(ApiError::unreachable())
}

/// Nothing changes by hand while a page is rendered.
pub fn enqueue(_change: impl Future<Output = ()> + 'static) {}

/// The browser does.
pub fn keep_token(_token: &AccessToken) {}

/// The browser does.
pub fn forget_token() {}

/// Reads a form's text strictly.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    if !form::is_text(bytes) {
        return Err(form::MALFORMED.to_owned());
    }
    let mut unknown = None;
    let fields = serde_urlencoded::Deserializer::new(form_urlencoded::parse(bytes));
    let value = serde_ignored::deserialize(fields, |path| unknown = Some(path.to_string()))
        .map_err(|_| form::MALFORMED.to_owned())?;
    match unknown {
        Some(name) => Err(format!("{}{name}", form::UNKNOWN_FIELD)),
        None => Ok(value),
    }
}

/// Who is logged in, and what the plain form before left.
pub(crate) fn arrival() -> Arrival {
    scope()
        .map_or_else(|_| Arrival::default(), |scope| Arrival { user: scope.user().ok().cloned(), flash: scope.flash })
}

/// Gives the page another status than 200.
pub(crate) fn set_status(status: u16) {
    if let Ok(scope) = scope() {
        scope.then(|outcome| outcome.status = Some(status));
    }
}

/// The browser does.
pub(crate) fn focus(_id: &str) {}

/// For `<title>` and `<textarea>`, into which the libraries write text as it is: it must not become markup there.
pub(crate) fn raw_text(text: String) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
