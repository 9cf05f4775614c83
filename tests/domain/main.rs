//! The use cases, on SQLite files or on Postgres and Redis.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod accounts;
mod administration;
mod audit;
mod backup;
mod connections;
mod kv;
mod lists;
mod mail;
mod rotation;
mod schema;
mod sessions;
mod support;
mod throttling;
mod todos;
mod trash;
mod turns;
