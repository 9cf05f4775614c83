//! The real server on a port of its own, with a real SMTP server to mail to, driven as browsers and programs do.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod administration;
mod api;
mod attacks;
mod connections;
mod faults;
mod flows;
mod fuzz;
mod guards;
mod input;
mod isolation;
mod limits;
mod operations;
mod promises;
mod secrecy;
mod settings;
mod support;
