//! Docket over HTTP: pages, server functions, static files, health.
//!
//! [`Application`] is the whole server; `main.rs` only reads the command line. Handlers hold no rules of their own:
//! they call a use case of `docket` or render `app`.

mod answer;
pub mod api;
mod application;
mod body;
mod compression;
mod connections;
mod cookies;
mod development;
mod export;
mod health;
mod metrics;
mod pages;
mod protection;
mod router;
mod rpc;
mod scope;
mod site;
mod state;
pub mod telemetry;

pub use application::Application;
pub use rpc::{OPEN, is_open};

/// Why a server could not start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;
