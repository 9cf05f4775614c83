//! The description of the API (OpenAPI 3.1), made from the handlers. What holds for many calls alike is added here, so
//! that it is said once: who may call, what can go wrong, and which call follows which.

use std::collections::BTreeSet;
use std::fmt::Write;

use axum::http::Method;
use docket::error::Code;
use serde_json::{Map, Value, json};
use utoipa::openapi::Components;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{OpenApi, PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::caller::OPEN;
use super::problem::{self, Document, Problem};
use super::{PREFIX, routes};

const TOKEN: &str = "access_token";

/// All error codes, in the order in which they are described.
const CODES: &[Code] = &[
    Code::MalformedRequest,
    Code::ValidationFailed,
    Code::PasswordTooCommon,
    Code::UnsupportedMediaType,
    Code::BodyTooLarge,
    Code::TokenMissing,
    Code::TokenExpired,
    Code::TokenInvalid,
    Code::CredentialsInvalid,
    Code::EmailNotVerified,
    Code::CodeInvalid,
    Code::ReauthenticationRequired,
    Code::Forbidden,
    Code::NotFound,
    Code::MethodNotAllowed,
    Code::UsernameTaken,
    Code::IdTaken,
    Code::VersionConflict,
    Code::RateLimited,
    Code::Unavailable,
    Code::Internal,
];

/// One line with something to see in it (ECMA-262 regular expression).
const LINE: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";
/// Any number of lines.
const LINES: &str = r"^([^\x00-\x08\x0b-\x1f\x7f-\x9f]|\r\n)*$";

const INTRODUCTION: &str = "Everything a person can do in Docket, for programs.

**Sign up** with `POST /api/v1/auth/sign-up`. A code of six digits is mailed, which works for ten minutes and five tries;
send it with the `flow` to `POST /api/v1/auth/verify`, which makes the account. The first account administrates.

**Log in** with `POST /api/v1/auth/log-in` and `\"cookies\": false`, and send the `access_token` of the answer as
`Authorization: Bearer …`. It works for ten minutes; `POST /api/v1/auth/refresh` with the `refresh_token` gives the next
pair. Keep the newest refresh token only. With `cookies` true, as it is where nothing is said, the refresh token comes as a
cookie that no script can read and that counts for `refresh` alone.

**Bodies** are JSON objects in UTF-8, at most 64 KiB (8 KiB below `/auth` and `/me`). Fields that are not described are
refused; answers may get further fields. Times are UTC (RFC 3339), ids are UUIDs. Text is trimmed, and control characters are
refused; passwords are taken as they are.

**Pages** of lists, todos and the trash end with `next_cursor`. Send it as `cursor`, with all other parameters the same, for
the next page; it is null on the last one. Rows that come or go meanwhile are neither missed nor sent twice; one that
moves behind the cursor is sent again.

**Changes** can name the version they are meant for: send a row's `ETag` as `If-Match`. If the row has changed since, nothing
is done (412), and the problem holds the row as it is in `current`; go on with `\"<version>\"` of that row. The `ETag` of a list
goes on with its counts, which `If-Match` does not look at. `If-None-Match` on a `GET` answers 304 when nothing has changed.
Rows can be made with an `id` of your choice: repeating the call makes no second one.

**Problems** are `application/problem+json` (RFC 9457). Go by `code`; `fields` holds for each field at fault why:

| in `fields` | meaning |
|---|---|
| `required` | missing, empty or null |
| `unknown` | there is no such field, or no such row to refer to |
| `wrong_type` | such as a number for a text |
| `duplicate` | given more than once |
| `malformed` | not of the expected form, or a cursor of another query |
| `too_short`, `too_long`, `too_many`, `out_of_range` | beyond the limit that the schema tells |
| `characters` | holds characters that are not allowed here |
| `control_characters` | holds characters that no keyboard types |
| `not_an_address` | not an e-mail address |
| `taken`, `wrong` | somebody else has it; not what it should be the same as |

| code | status | meaning |
|---|---|---|
";

#[derive(OpenApi)]
#[openapi(
    info(title = "Docket", license(name = "MIT", identifier = "MIT")),
    servers((url = "/", description = "This Docket")),
    tags(
        (name = "auth", description = "Signing up, logging in and out, a forgotten password"),
        (name = "account", description = "Your own account"),
        (name = "sessions", description = "Where you are logged in"),
        (name = "lists", description = "Your lists"),
        (name = "todos", description = "The todos of your lists"),
        (name = "trash", description = "What you have deleted, for 30 days"),
        (name = "users", description = "All accounts, for administrators"),
    )
)]
struct Description;

/// The description as JSON, indented; ends with a line break.
#[must_use]
pub fn description() -> String {
    let router = OpenApiRouter::with_openapi(Description::openapi());
    let calls = routes().fold(OpenApiRouter::default(), OpenApiRouter::routes);
    let mut api = router.nest(PREFIX, calls).into_openapi();
    api.info.description = Some(introduction());
    let components = api.components.get_or_insert_with(Components::new);
    components.schemas.insert(Document::name().into_owned(), Document::schema());
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    let scheme = scheme.description(Some("The `access_token` of logging in")).build();
    components.security_schemes.insert(TOKEN.to_owned(), SecurityScheme::Http(scheme).into());
    let mut api = serde_json::to_value(api).unwrap_or_default();
    api["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] =
        CODES.iter().map(|code| problem::name(*code)).collect();
    for_each_call(&mut api, complete);
    refine_bodies(&mut api);
    for (from, to, links) in LINKS {
        add_links(&mut api, from, to, links);
    }
    format!("{api:#}\n")
}

fn introduction() -> String {
    CODES.iter().fold(INTRODUCTION.to_owned(), |mut text, code| {
        let (problem, (title, detail)) = (Problem::new(*code), problem::words(*code));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{}` | {} | {title}. {detail} |", problem::name(*code), problem.status());
        text
    })
}

fn for_each_call(api: &mut Value, mut complete: impl FnMut(&str, &str, &mut Map<String, Value>)) {
    let Some(paths) = api["paths"].as_object_mut() else { return };
    for (path, calls) in paths {
        for (method, call) in calls.as_object_mut().into_iter().flatten() {
            if let Some(call) = call.as_object_mut() {
                complete(method, path, call);
            }
        }
    }
}

// Adds who may call, and what can go wrong for reasons that are not the call's own.
fn complete(method: &str, path: &str, call: &mut Map<String, Value>) {
    let is_open = OPEN.iter().any(|(open, at, _)| *at == path && open.as_str().eq_ignore_ascii_case(method));
    call.insert("security".into(), if is_open { json!([]) } else { json!([{TOKEN: []}]) });
    let has_body = call.contains_key("requestBody");
    let has = |place: &str, name: &str| {
        let parameters = call.get("parameters").and_then(Value::as_array).into_iter().flatten();
        parameters
            .into_iter()
            .any(|parameter| parameter["in"] == place && (name.is_empty() || parameter["name"] == name))
    };
    let (in_path, in_query, if_match) = (has("path", ""), has("query", ""), has("header", "If-Match"));
    let mut codes = vec![Code::Internal, Code::Unavailable, Code::RateLimited];
    if !is_open {
        codes.extend([Code::TokenMissing, Code::TokenExpired, Code::TokenInvalid]);
    }
    if !method.eq_ignore_ascii_case(Method::GET.as_str()) {
        codes.push(Code::Forbidden);
    }
    if has_body {
        codes.extend([Code::BodyTooLarge, Code::UnsupportedMediaType]);
    }
    if has_body || in_query {
        codes.extend([Code::MalformedRequest, Code::ValidationFailed]);
    }
    if in_path {
        codes.push(Code::NotFound);
    }
    if if_match {
        codes.extend([Code::MalformedRequest, Code::VersionConflict]);
    }
    let Some(responses) = call.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for code in codes {
        let (status, name) = (Problem::new(code).status().to_string(), format!("`{}`", problem::name(code)));
        let response = responses.entry(status).or_insert_with(|| json!({"description": ""}));
        let known = response["description"].as_str().unwrap_or_default();
        if !known.contains(&name) {
            response["description"] = [known, &name].join(if known.is_empty() { "" } else { ", " }).into();
        }
    }
    let problem = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    for (_, response) in responses.iter_mut().filter(|(status, _)| status.as_str() >= "400") {
        response["content"] = problem.clone();
    }
    for (status, header, text) in [
        ("401", "WWW-Authenticate", "How to authenticate (RFC 6750)"),
        ("429", "Retry-After", "Seconds to wait"),
        ("503", "Retry-After", "Seconds to wait"),
    ] {
        if let Some(response) = responses.get_mut(status) {
            response["headers"][header] = json!({"description": text, "schema": {"type": "string"}});
        }
    }
    if method.eq_ignore_ascii_case(Method::GET.as_str()) {
        responses["200"]["headers"]["ETag"] =
            json!({"description": "Changes with the answer", "schema": {"type": "string"}});
        responses.insert("304".into(), json!({"description": "Nothing has changed since the tag in `If-None-Match`"}));
        let known = json!({
            "in": "header", "name": "If-None-Match", "required": false, "schema": {"type": "string"},
            "description": "The `ETag` of the answer you have: when nothing has changed, none is sent"
        });
        if let Some(parameters) = call.entry("parameters").or_insert_with(|| json!([])).as_array_mut() {
            parameters.push(known);
        }
    }
}

// Bodies are read more strictly than the derived schemas say: nothing superfluous, and no invisible text.
fn refine_bodies(api: &mut Value) {
    let mut bodies = BTreeSet::new();
    for_each_call(api, |_, _, call| {
        let Some(schema) = call.get_mut("requestBody").map(|body| &mut body["content"]["application/json"]["schema"])
        else {
            return;
        };
        // A body that may be left out is there or not; it is never null.
        if let Some(body) = schema.get("oneOf").and_then(|choices| choices.get(0)).cloned() {
            *schema = body;
        }
        bodies.extend(schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()).map(str::to_owned));
    });
    for body in bodies {
        let schema = &mut api["components"]["schemas"][body];
        schema["additionalProperties"] = false.into();
        for (field, pattern) in [("name", LINE), ("title", LINE), ("notes", LINES)] {
            if let Some(field) = schema["properties"].get_mut(field) {
                field["pattern"] = pattern.into();
            }
        }
    }
}

/// From the answer of a call (operation id and status) to calls about the row that it made.
type Links = (&'static str, &'static str, &'static [&'static str]);

const LINKS: &[Links] = &[
    ("createList", "201", &["getList", "updateList", "deleteList", "listTodosOfList", "createTodo", "changeTodos"]),
    ("createTodo", "201", &["getTodo", "updateTodo", "deleteTodo"]),
];

fn add_links(api: &mut Value, from: &str, status: &str, to: &[&str]) {
    for_each_call(api, |_, _, call| {
        if call.get("operationId").is_some_and(|id| id == from) {
            let link =
                |to: &&str| (to.to_string(), json!({"operationId": to, "parameters": {"id": "$response.body#/id"}}));
            call["responses"][status]["links"] = Value::Object(to.iter().map(link).collect());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_described() {
        let known: Vec<String> = CODES.iter().map(|code| problem::name(*code)).collect();
        let text = include_str!("../../../src/error.rs");
        let (_, codes) = text.split_once("pub enum Code {").unwrap();
        let (codes, _) = codes.split_once('}').unwrap();
        let count = codes.lines().filter(|line| line.trim().ends_with(',')).count();
        assert_eq!(known.len(), count, "a code of `docket::error::Code` is missing in CODES");
    }
}
