//! Which tables and columns a backup holds. A test compares them with the schema.

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Id,
    Text,
    Number,
    Truth,
    Bytes,
}

use Kind::{Bytes, Id, Number, Text, Truth};

/// A table: its name and columns.
pub(super) type Table = (&'static str, &'static [(&'static str, Kind)]);

/// Every table, those first that others refer to.
pub(super) const TABLES: &[Table] = &[
    (
        "users",
        &[
            ("id", Id),
            ("email", Text),
            ("email_canonical", Text),
            ("username", Text),
            ("username_canonical", Text),
            ("password_hash", Text),
            ("role", Text),
            ("disabled_at", Number),
            ("version", Number),
            ("created_at", Number),
            ("updated_at", Number),
        ],
    ),
    (
        "sign_ups",
        &[
            ("id", Id),
            ("email", Text),
            ("email_canonical", Text),
            ("username", Text),
            ("username_canonical", Text),
            ("password_hash", Text),
            ("created_at", Number),
            ("expires_at", Number),
        ],
    ),
    (
        "sessions",
        &[
            ("id", Id),
            ("user_id", Id),
            ("cookie_hash", Bytes),
            ("refresh_salt", Bytes),
            ("generation", Number),
            ("rotated_at", Number),
            ("user_agent", Text),
            ("ip", Text),
            ("created_at", Number),
            ("last_seen_at", Number),
            ("expires_at", Number),
            ("revoked_at", Number),
            ("proven_at", Number),
            ("previous_cookie_hash", Bytes),
        ],
    ),
    (
        "audit",
        &[
            ("id", Id),
            ("at", Number),
            ("user_id", Id),
            ("session_id", Id),
            ("ip", Text),
            ("event", Text),
            ("done", Truth),
        ],
    ),
    (
        "lists",
        &[
            ("id", Id),
            ("user_id", Id),
            ("name", Text),
            ("favourite", Truth),
            ("position", Bytes),
            ("version", Number),
            ("created_at", Number),
            ("updated_at", Number),
            ("deleted_at", Number),
            ("search", Text),
        ],
    ),
    (
        "todos",
        &[
            ("id", Id),
            ("user_id", Id),
            ("list_id", Id),
            ("title", Text),
            ("notes", Text),
            ("done_at", Number),
            ("position", Bytes),
            ("version", Number),
            ("created_at", Number),
            ("updated_at", Number),
            ("deleted_at", Number),
            ("search", Text),
        ],
    ),
    (
        "outbox",
        &[
            ("id", Id),
            ("recipient", Text),
            ("subject", Text),
            ("body_text", Text),
            ("body_html", Text),
            ("attempts", Number),
            ("next_attempt_at", Number),
            ("expires_at", Number),
            ("created_at", Number),
            ("sent_at", Number),
            ("failed_at", Number),
            ("last_error", Text),
        ],
    ),
];

/// All columns that are kept, as `table.column`.
pub fn columns() -> impl Iterator<Item = String> {
    TABLES.iter().flat_map(|(table, columns)| columns.iter().map(move |(column, _)| format!("{table}.{column}")))
}
