//! On the server a call is a call, and there is no browser storage.

use docket::time::Timestamp;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use web_sys::{Element, HtmlElement};

use crate::changes::Call;
use crate::codec::Json;
use crate::error::ApiError;
use crate::keys::Command;
use crate::request::{RequestScope, scope};
use crate::rpc::form;
use crate::ui::drag;
use crate::ui::each::{Content, Items, STRETCH};
use crate::ui::load::{Loaded, Loading};
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
pub(crate) fn enqueue(_held: RwSignal<usize>, _call: Call, _caught_up: impl Fn() + 'static) {}

/// Nothing is under way.
pub(crate) async fn all_sent() {}

/// None.
pub(crate) fn changes_made() -> u32 {
    0
}

/// Nothing waits.
pub(crate) fn has_waiting() -> bool {
    false
}

/// The browser knows it.
pub(crate) fn path() -> String {
    String::new()
}

/// The server redirects instead.
pub(crate) fn log_in_again() {}

/// The browser does.
pub(crate) fn spawn(_work: impl Future<Output = ()> + 'static) {}

/// Nothing is drawn here.
pub(crate) fn when_drawn(then: impl FnOnce() + 'static) {
    then();
}

/// The browser does.
pub(crate) fn submit_by(_button: &HtmlElement) {}

/// The browser does.
pub(crate) fn when_idle(_then: impl FnOnce() + 'static) {}

/// The browser does.
pub(crate) fn when_taken_over(_then: impl FnOnce() + 'static) {}

/// The browser does.
pub(crate) fn in_a_while(_then: impl FnOnce() + 'static) {}

/// The browser does.
pub(crate) fn focus_main() {}

pub(crate) fn lead_to(_selector: String) {}

/// The browser does.
pub(crate) fn go(_path: &str) {}

/// The browser does.
pub(crate) fn open(_dialog: &str) {}

/// The browser does.
pub(crate) fn on_row(_command: Command) {}

/// The browser does.
pub(crate) fn on_keys(_run: Callback<Command>) {}

/// The browser does.
pub(crate) fn on_return(_then: impl Fn() + 'static) {}

/// The browser does.
pub(crate) fn focus_next(_among: &str, _forward: bool, _event: &KeyboardEvent) {}

/// The browser does.
pub(crate) fn click_first(_among: &str, _event: &KeyboardEvent) {}

/// The browser does.
pub(crate) fn track_pointer(_among: Element, _dropped: impl FnOnce(Vec<Element>, Option<usize>) + 'static) {}

/// The browser does.
pub(crate) fn replace(_selector: &str, _html: &str, _to: &str) {}

/// The browser does.
pub(crate) fn keep_focus(_or_else: String) {}

/// The browser does.
pub(crate) fn lead_out_of(_id: &str, _to: &str) {}

/// The browser does.
pub(crate) fn keep_focus_within(_id: &str, _or_else: String) {}

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
    let of = |scope: RequestScope| Arrival {
        user: scope.user().ok().cloned(),
        flash: scope.flash,
        lists: scope.lists.to_vec(),
    };
    scope().map_or_else(|_| Arrival::default(), of)
}

/// Gives the page another status than 200.
pub(crate) fn set_status(status: u16) {
    if let Ok(scope) = scope() {
        scope.then(|outcome| outcome.status = Some(status));
    }
}

/// The time of this Docket's clock.
pub(crate) fn now() -> Timestamp {
    scope().map_or(Timestamp(0), |scope| scope.docket.clock.now())
}

/// A time, for programs and whoever wants to know exactly.
pub(crate) fn exactly(time: Timestamp) -> String {
    time.to_string()
}

/// The browser does.
pub(crate) fn focus(_id: &str) {}

/// A view that is one element.
pub(crate) fn part(make: impl FnOnce() -> AnyView + Send + 'static) -> impl IntoView {
    make()
}

/// What the page is made of: it was read before rendering began.
pub(crate) fn loaded(
    _key: Memo<String>,
    _call: Box<dyn Fn(String) -> Loading + Send + Sync>,
    _pending: RwSignal<bool>,
) -> Loaded {
    SharedValue::<Loaded, Json>::new_with_encoding(|| scope().and_then(|scope| scope.take_page())).into_inner()
}

/// It is there.
pub(crate) fn when_loaded(loaded: Loaded, show: impl Fn(Loaded) -> AnyView) -> AnyView {
    show(loaded)
}

// A row as text with a title of some length, in bytes. One that is longer makes room for itself.
const USUAL_ROW: usize = 1000;

/// Rows one after the other, as [`Each`](crate::ui::Each) and [`Stretches`](crate::ui::Stretches) take them over; those that
/// are text are one piece.
///
/// Text is written into room that is there already: growing step by step would copy it over and over.
pub(crate) fn rows(items: Items, in_stretches: bool) -> impl IntoView {
    move || {
        let (mut views, mut text) = (Vec::new(), String::new());
        let piece = |text: &mut String| (!text.is_empty()).then(|| InertElement::new(std::mem::take(text)).into_any());
        let items = items();
        let count = items.len();
        for (index, item) in items.into_iter().enumerate() {
            if text.is_empty() && matches!(item.content, Content::Text(_)) {
                text.reserve((count - index) * USUAL_ROW);
            }
            if in_stretches && index.is_multiple_of(STRETCH as usize) {
                text.extend([if index == 0 { "" } else { "</ul>" }, "<ul class=rows>"]);
            }
            match item.content {
                Content::Text(line) => {
                    text.push_str("<li");
                    if let Some(id) = line.id() {
                        let mut buffer = Uuid::encode_buffer();
                        text.extend([" id=", drag::ROW, id.hyphenated().encode_lower(&mut buffer)]);
                    }
                    text.push('>');
                    line.write(&mut text);
                    text.push_str("</li>");
                }
                Content::View(make) => {
                    views.extend(piece(&mut text));
                    views.push(make());
                }
            }
        }
        if in_stretches && count > 0 {
            text.push_str("</ul>");
        }
        views.extend(piece(&mut text));
        views.collect_view()
    }
}

/// For `<title>` and `<textarea>`, into which the libraries write text as it is: it must not become markup there.
pub(crate) fn raw_text(text: String) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
