//! What handlers share.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use app::request::SiteFiles;
use docket::Docket;
use leptos::config::LeptosOptions;

use crate::cookies::Cookies;

/// What every handler works with. Cheap to clone, as each layer that a request passes does so.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

/// What an [`AppState`] holds.
pub(crate) struct Shared {
    pub(crate) docket: Docket,
    pub(crate) cookies: Cookies,
    pub(crate) options: LeptosOptions,
    pub(crate) site: Arc<SiteFiles>,
    pub(crate) stopping: Arc<AtomicBool>,
    pub(crate) watched: bool,
    /// Where metrics are told, if they are.
    pub(crate) metrics: Option<SocketAddr>,
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Where `cargo leptos watch` announces changes; `None` outside of development.
    pub(crate) fn reload_port(&self) -> Option<u32> {
        self.watched.then_some(self.options.reload_port)
    }
}
