//! The trash: what was deleted, kept for a while. A list takes its todos along and brings them back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;

/// Something deleted that can be restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Trashed {
    /// Its id.
    pub id: Uuid,
    /// Whether it is a list; else it is a todo.
    pub is_list: bool,
    /// The name of the list or title of the todo.
    pub title: String,
    /// For a todo, the name of its list; for a list, none.
    pub list_name: Option<String>,
    /// For a list, how many todos come back with it.
    pub todo_count: i64,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}
