//! Reading what programs send, strictly: every field is looked at, and all that is wrong is told at once.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use axum::extract::{FromRequest, FromRequestParts, MatchedPath, OptionalFromRequest, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use deserr::{
    DeserializeError, Deserr, ErrorKind, IntoValue, MergeWithError, Value as Given, ValueKind, ValuePointerRef,
};
use docket::accounts::Username;
use docket::error::{Code, Error, FieldErrors, Problem as Wrong};
use docket::lists::ListName;
use docket::paging::{Order, Wanted};
use docket::search::Needle;
use docket::todos::service::Sort;
use docket::todos::{Notes, Title};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::problem::Problem;
use crate::body;

/// Rows of a page where nothing is said.
pub(crate) const LIMIT: usize = 100;
/// Most rows of a page.
pub(crate) const LIMIT_MAX: usize = 200;

/// All that is wrong with what was sent.
#[derive(Debug, Default)]
pub(crate) struct Refused(FieldErrors);

impl DeserializeError for Refused {
    fn error<V: IntoValue>(
        this: Option<Self>,
        error: ErrorKind<'_, V>,
        at: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let (field, wrong) = match error {
            ErrorKind::MissingField { field } => (field.to_owned(), Wrong::Required),
            ErrorKind::UnknownKey { key, .. } => (key.to_owned(), Wrong::Unknown),
            ErrorKind::IncorrectValueKind { actual, .. } if actual.kind() == ValueKind::Null => {
                (top(at), Wrong::Required)
            }
            ErrorKind::IncorrectValueKind { .. } => (top(at), Wrong::WrongType),
            _ => (top(at), Wrong::Malformed),
        };
        ControlFlow::Continue(this.unwrap_or_default().and(&field, wrong))
    }
}

impl MergeWithError<Self> for Refused {
    fn merge(this: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = this.unwrap_or_default();
        for (field, wrong) in other.0.0 {
            all.0.0.entry(field).or_default().extend(wrong);
        }
        ControlFlow::Continue(all)
    }
}

impl MergeWithError<Wrong> for Refused {
    fn merge(this: Option<Self>, wrong: Wrong, at: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        ControlFlow::Continue(this.unwrap_or_default().and(&top(at), wrong))
    }
}

impl Refused {
    fn and(mut self, field: &str, wrong: Wrong) -> Self {
        // A list of ids with a hundred wrong ones is wrong once.
        if !self.0.0.get(field).is_some_and(|known| known.contains(&wrong)) {
            self.0.add(field, wrong);
        }
        self
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        refused.0.into_error().into()
    }
}

// The field of the body that something is in, however deep.
fn top(mut at: ValuePointerRef<'_>) -> String {
    let mut top = String::new();
    loop {
        at = match at {
            ValuePointerRef::Origin => return top,
            ValuePointerRef::Key { key, prev } => {
                key.clone_into(&mut top);
                *prev
            }
            ValuePointerRef::Index { prev, .. } => *prev,
        };
    }
}

/// What can be read from text, with what is wrong when it cannot.
pub(crate) trait FromText: Sized {
    fn from_text(text: &str) -> Result<Self, Wrong>;
}

/// A value that is sent as text, with all its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parsed<T>(pub(crate) T);

impl<T: FromText> Deserr<Refused> for Parsed<T> {
    fn deserialize_from_value<V: IntoValue>(value: Given<V>, at: ValuePointerRef<'_>) -> Result<Self, Refused> {
        let text = String::deserialize_from_value(value, at)?;
        T::from_text(&text).map(Self).map_err(|wrong| deserr::take_cf_content(Refused::merge(None, wrong, at)))
    }
}

/// A field that may be left out, where null is something else than nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Maybe<T> {
    #[default]
    Absent,
    Given(T),
}

impl<T> Maybe<T> {
    pub(crate) fn given(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Given(value) => Some(value),
        }
    }
}

impl<T: Deserr<Refused>> Deserr<Refused> for Maybe<T> {
    fn deserialize_from_value<V: IntoValue>(value: Given<V>, at: ValuePointerRef<'_>) -> Result<Self, Refused> {
        T::deserialize_from_value(value, at).map(Self::Given)
    }
}

macro_rules! from_text {
    ($($kind:ty => $read:expr),* $(,)?) => {
        $(impl FromText for $kind {
            fn from_text(text: &str) -> Result<Self, Wrong> {
                ($read)(text)
            }
        })*
    };
}

from_text! {
    ListName => ListName::parse,
    Title => Title::parse,
    Notes => Notes::parse,
    Username => Username::parse,
    Uuid => |text: &str| text.parse().map_err(|_| Wrong::Malformed),
    Needle => Needle::parse,
    Cursor => |text: &str| Ok(Cursor(text.to_owned())),
    Order => |text: &str| one_of(text, &[("asc", Order::Ascending), ("desc", Order::Descending)]),
    Sort => |text: &str| one_of(
        text,
        &[("position", Sort::Position), ("created_at", Sort::CreatedAt), ("updated_at", Sort::UpdatedAt)],
    ),
    bool => |text: &str| one_of(text, &[("true", true), ("false", false)]),
    Limit => |text: &str| number(text, 1, LIMIT_MAX as u32).map(|limit| Limit(limit as usize)),
    PageNumber => |text: &str| number(text, 1, 1_000_000).map(PageNumber),
}

/// What the answer before named as `next_cursor`.
#[derive(Debug, Clone)]
pub(crate) struct Cursor(String);
/// Rows of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit(pub(crate) usize);
/// Which page, counted from 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageNumber(pub(crate) u32);

/// Which page is wanted, from the two parameters that say so.
pub(crate) fn wanted(cursor: Option<Parsed<Cursor>>, limit: Option<Parsed<Limit>>) -> Wanted {
    Wanted { cursor: cursor.map(|cursor| cursor.0.0), limit: limit.map_or(LIMIT, |limit| limit.0.0) }
}

fn one_of<T: Copy>(text: &str, values: &[(&str, T)]) -> Result<T, Wrong> {
    values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or(Wrong::Malformed)
}

fn number(text: &str, min: u32, max: u32) -> Result<u32, Wrong> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Wrong::Malformed);
    }
    text.parse().ok().filter(|number| (min..=max).contains(number)).ok_or(Wrong::OutOfRange)
}

/// A JSON object as body.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Deserr<Refused>, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        let bytes = body::read(&parts.headers, body, limit(&parts)).await.map_err(|why| Problem::new(why.code()))?;
        let object: Object = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::detailed(Code::MalformedRequest, format!("The body is no JSON object: {error}."))
        })?;
        object.read().map(Self)
    }
}

impl<T: Deserr<Refused>, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        use axum::body::HttpBody;
        // Many programs name a type whether or not they send anything.
        if request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

// What is about accounts is short.
fn limit(parts: &Parts) -> usize {
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    match ["/api/v1/auth/", "/api/v1/me"].iter().any(|accounts| path.starts_with(accounts)) {
        true => body::SHORT,
        false => body::LONG,
    }
}

/// The parameters of the query.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: Deserr<Refused>, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = app::rpc::form::pairs(query.as_bytes())
            .ok_or_else(|| Problem::detailed(Code::MalformedRequest, "The query is not URL-encoded UTF-8."))?;
        let mut object = Object::default();
        for (name, value) in pairs {
            object.add(name, Value::String(value));
        }
        object.read().map(Self)
    }
}

/// The id in the path. What is no id is no row's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(id)| id.parse().ok());
        id.map(Self).ok_or_else(|| Error::NotFound.into())
    }
}

/// Names with their values, and the names that came more than once.
#[derive(Debug, Default)]
struct Object {
    fields: Map<String, Value>,
    duplicates: Refused,
}

impl Object {
    fn add(&mut self, name: String, value: Value) {
        if self.fields.contains_key(&name) {
            self.duplicates = std::mem::take(&mut self.duplicates).and(&name, Wrong::Duplicate);
        }
        self.fields.insert(name, value);
    }

    fn read<T: Deserr<Refused>>(self) -> Result<T, Problem> {
        let duplicates = Some(self.duplicates).filter(|duplicates| !duplicates.0.0.is_empty());
        match (deserr::deserialize::<T, _, Refused>(Value::Object(self.fields)), duplicates) {
            (Ok(value), None) => Ok(value),
            (Ok(_), Some(duplicates)) => Err(duplicates.into()),
            (Err(refused), duplicates) => {
                Err(deserr::take_cf_content(Refused::merge(duplicates, refused, ValuePointerRef::Origin)).into())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields(PhantomData<Object>);

        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut object = Object::default();
                while let Some((name, value)) = map.next_entry()? {
                    object.add(name, value);
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Fields(PhantomData))
    }
}
