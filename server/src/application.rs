//! The server as a whole: put together, listening, and ended in good order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use docket::clock::Clock;
use docket::config::{Config, PublicUrl};
use docket::{Docket, background};
use tokio::net::TcpListener;

use crate::cookies::Cookies;
use crate::state::{AppState, Shared};
use crate::{StartError, connections, metrics, router, site};

/// How long requests that have begun may take after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// A server that listens and is ready to run.
pub struct Application {
    listener: TcpListener,
    state: AppState,
}

impl Application {
    /// Opens and migrates the database and binds the address.
    ///
    /// # Errors
    /// When one of these fails; nothing is left running.
    pub async fn build(mut config: Config, clock: Clock) -> Result<Self, StartError> {
        let listener = TcpListener::bind(config.addr)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}", config.addr))?;
        // Port 0 picks a port, which browsers then have to name.
        if config.addr.port() == 0 && config.public_url.is_loopback() {
            let url = format!("http://localhost:{}", listener.local_addr()?.port());
            config.public_url = PublicUrl::parse(&url).ok_or("the address makes no URL")?;
        }
        let docket = Docket::open(config, clock).await?;
        docket.db.migrate().await?;
        let metrics = match docket.config.metrics_addr {
            Some(addr) => Some(metrics::serve(addr, &docket).await?),
            None => None,
        };
        let options = site::options();
        let state = AppState::new(Shared {
            cookies: Cookies::new(&docket.config),
            site: Arc::new(site::files(&options)),
            stopping: Arc::default(),
            watched: site::is_watched(),
            metrics,
            docket,
            options,
        });
        Ok(Self { listener, state })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the socket does not tell.
    pub fn addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where it tells metrics, if it does.
    #[must_use]
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.state.metrics
    }

    /// The use cases behind it.
    #[must_use]
    pub fn docket(&self) -> &Docket {
        &self.state.docket
    }

    /// Serves until `stop` is done and proxies have had time to notice, then lets requests that have begun finish, for at
    /// most 20 seconds.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send + 'static) {
        let Self { listener, state } = self;
        let tasks = background::start(&state.docket);
        let (stopping, stopped) = (state.stopping.clone(), Arc::new(tokio::sync::Notify::new()));
        let (told, delay) = (stopped.clone(), state.docket.config.stop_delay);
        let config = state.docket.config.clone();
        let serving = connections::serve(listener, router::build(state.clone()), &config, async move {
            stop.await;
            stopping.store(true, Ordering::Relaxed);
            tokio::time::sleep(delay).await;
            told.notify_one();
        });
        tokio::select! {
            () = serving => {}
            () = async { stopped.notified().await; tokio::time::sleep(DRAIN).await } => {}
        }
        // What is taking too long then ends with the process.
        let _ = tokio::time::timeout(DRAIN, tasks.stop()).await;
        let _ = tokio::time::timeout(DRAIN, state.docket.db.close()).await;
    }
}
