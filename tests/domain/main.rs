//! The use cases, on real SQLite files.

mod accounts;
mod lists;
mod mail;
mod sessions;
mod support;
mod todos;
mod trash;
