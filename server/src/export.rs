//! All that is kept of somebody, as a file: by a link on a page, and by a call.

use std::collections::HashMap;

use app::paths;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use docket::error::Error;
use docket::export::{self, Export, Todo};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::answers::Time;
use crate::api::users::Me;
use crate::state::AppState;
use crate::{answer, pages};

/// Saved by browsers under this name rather than shown.
const AS_FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"docket.json\"");

/// Everything that is kept of you.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
pub(crate) struct Everything {
    /// The version of this format.
    #[schema(minimum = 1, example = 1)]
    format: u32,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    exported_at: Time,
    user: Me,
    /// Favourites first, as you see them; those in the trash too.
    lists: Vec<ExportedList>,
    sessions: Vec<ExportedSession>,
    /// Newest first.
    events: Vec<ExportedEvent>,
}

/// A list with its todos.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedList {
    id: Uuid,
    name: String,
    favourite: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// When it went to the trash.
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Time>,
    /// In their order.
    todos: Vec<ExportedTodo>,
}

/// A todo.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedTodo {
    id: Uuid,
    title: String,
    notes: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    done_at: Option<Time>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// When it went to the trash.
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Time>,
}

/// Where you are logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedSession {
    id: Uuid,
    user_agent: String,
    ip: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Time,
}

/// Something that happened to your account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedEvent {
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    #[schema(example = "log_in")]
    event: &'static str,
    /// Whether it was done, or tried and refused.
    done: bool,
    ip: String,
    session_id: Option<Uuid>,
}

impl From<Export> for Everything {
    fn from(export: Export) -> Self {
        let mut todos: HashMap<Uuid, Vec<ExportedTodo>> = HashMap::new();
        for todo in export.todos {
            todos.entry(todo.list_id).or_default().push(todo.into());
        }
        let lists = export.lists.into_iter().map(|list| ExportedList {
            todos: todos.remove(&list.id).unwrap_or_default(),
            id: list.id,
            name: list.name,
            favourite: list.favourite,
            created_at: Time(list.created_at),
            updated_at: Time(list.updated_at),
            deleted_at: list.deleted_at.map(Time),
        });
        let sessions = export.sessions.into_iter().map(|session| ExportedSession {
            id: session.id,
            user_agent: session.user_agent,
            ip: session.ip,
            created_at: Time(session.created_at),
            last_seen_at: Time(session.last_seen_at),
        });
        let events = export.events.into_iter().map(|record| ExportedEvent {
            at: Time(record.at),
            event: record.event.as_str(),
            done: record.done,
            ip: record.ip,
            session_id: record.session_id,
        });
        Self {
            format: 1,
            exported_at: Time(export.at),
            user: export.profile.into(),
            lists: lists.collect(),
            sessions: sessions.collect(),
            events: events.collect(),
        }
    }
}

impl From<Todo> for ExportedTodo {
    fn from(todo: Todo) -> Self {
        Self {
            id: todo.id,
            title: todo.title,
            notes: todo.notes,
            done_at: todo.done_at.map(Time),
            created_at: Time(todo.created_at),
            updated_at: Time(todo.updated_at),
            deleted_at: todo.deleted_at.map(Time),
        }
    }
}

/// The link on the page of settings: who has logged in long ago is asked for the password first.
pub(crate) async fn download(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let scope = match pages::found(&state, &parts).await {
        Ok(scope) => scope,
        Err(answer) => return answer,
    };
    let Some(who) = &scope.identity else { return pages::redirect(&paths::log_in(paths::EXPORT)) };
    match export::of(&scope.docket, who).await {
        Ok(export) => ([(header::CONTENT_DISPOSITION, AS_FILE)], Json(Everything::from(export))).into_response(),
        Err(Error::ReauthenticationRequired) => pages::redirect(&paths::confirm(paths::EXPORT)),
        Err(error) => answer::failed(&error),
    }
}
