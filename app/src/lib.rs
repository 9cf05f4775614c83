//! Docket's pages, components and server functions, by the same domains as the `docket` crate.
//!
//! Built with `ssr` it renders pages and answers server functions on the server; built with `hydrate` it takes over in
//! the browser. What differs between the two lies in [`platform`].

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
compile_error!("build `app` with the feature `ssr` (through `server`) or `hydrate` (through `frontend`)");

pub mod changes;
pub mod codec;
pub mod error;
pub mod find;
pub mod flash;
pub mod keys;
pub mod lists;
pub mod pairs;
pub mod paths;
pub mod platform;
pub mod root;
pub mod rpc;
pub mod sessions;
pub mod todos;
pub mod trash;
pub mod ui;
pub mod viewer;

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod documents;
#[cfg(feature = "ssr")]
pub mod front;
#[cfg(feature = "ssr")]
pub mod gallery;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
pub mod settings;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod theme;
#[cfg(feature = "ssr")]
pub mod words;

pub use root::App;
