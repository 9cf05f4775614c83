//! The domain of Docket: what it is, without HTTP and without HTML.
//!
//! Each folder is one domain. Its `mod.rs` holds types and rules that compile to WebAssembly too; `service.rs` holds
//! the use cases, `store.rs` the SQL and `mails.rs` what it writes to people. Those need the feature `ssr`.
//! Whoever calls (a page, the REST API, a worker), every change goes through one use case here: that is where
//! authorisation, validation and versioning happen.

pub mod accounts;
pub mod error;
pub mod lists;
pub mod sessions;
pub mod text;
pub mod time;
pub mod todos;
pub mod trash;

#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod background;
#[cfg(feature = "ssr")]
pub mod backup;
#[cfg(feature = "ssr")]
pub mod check;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod db;
#[cfg(feature = "ssr")]
mod docket;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub mod kv;
#[cfg(feature = "ssr")]
pub mod limits;
#[cfg(feature = "ssr")]
pub mod mail;
#[cfg(feature = "ssr")]
pub mod order;
#[cfg(feature = "ssr")]
pub mod paging;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod search;

#[cfg(feature = "ssr")]
pub mod stats;

#[cfg(feature = "ssr")]
pub use docket::{Docket, Parts};
pub use error::{Error, Result};
