//! The use cases, on real SQLite files.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod accounts;
mod lists;
mod mail;
mod sessions;
mod support;
mod todos;
mod trash;
