//! How the server is doing, for Prometheus, on an address of its own (`DOCKET_METRICS_ADDR`) that nobody else should reach.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use docket::stats::{self, Stats};
use docket::{Docket, Error};
use metrics::{Unit, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::StartError;
use crate::answer;

const DURATION: &str = "docket_http_request_duration_seconds";
const UPKEEP: Duration = Duration::from_secs(5);
/// Upper ends of the histogram's buckets, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// One gauge: its name, what it tells, and where it is.
type Gauge = (&'static str, &'static str, fn(&Stats) -> f64);

const GAUGES: &[Gauge] = &[
    ("docket_hashing_queue", "Passwords that are hashed or wait for their turn", |s| s.hashing.into()),
    ("docket_hashed", "Passwords that were hashed since the start", |s| {
        whole(i64::try_from(s.hashed).unwrap_or(i64::MAX))
    }),
    ("docket_outbox_waiting", "Mails that wait to be sent", |s| whole(s.mails_waiting)),
    ("docket_outbox_oldest_seconds", "How long the oldest of them has waited", |s| whole(s.oldest_mail_seconds)),
    ("docket_outbox_given_up", "Mails that were given up within the last week", |s| whole(s.mails_given_up)),
    ("docket_sessions", "Sessions that are alive", |s| whole(s.sessions)),
];

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 of anything")]
fn whole(number: i64) -> f64 {
    number as f64
}

/// Measures every request that is answered from now on. The library has one recorder in a process.
fn recorder() -> Result<&'static PrometheusHandle, StartError> {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(recorder) = RECORDER.get() {
        return Ok(recorder);
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), BUCKETS)?
        .install_recorder()?;
    describe_histogram!(DURATION, Unit::Seconds, "Time to answer a request, by route");
    GAUGES.iter().for_each(|(name, what, _)| describe_gauge!(*name, *what));
    Ok(RECORDER.get_or_init(|| recorder))
}

/// Binds the address and answers it until the server ends. Answers where it listens.
///
/// # Errors
/// When the address cannot be had.
pub(crate) async fn serve(addr: SocketAddr, docket: &Docket) -> Result<SocketAddr, StartError> {
    let recorder = recorder()?;
    let listener = TcpListener::bind(addr).await.map_err(|error| format!("cannot listen on {addr}: {error}"))?;
    let bound = listener.local_addr()?;
    let router = Router::new().route("/metrics", get(render)).with_state(docket.clone());
    // What was measured is summed up now and then, whether or not anybody asks for it.
    tokio::spawn(async {
        loop {
            tokio::time::sleep(UPKEEP).await;
            recorder.run_upkeep();
        }
    });
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "metrics are not told any more");
        }
    });
    Ok(bound)
}

async fn render(State(docket): State<Docket>) -> Response {
    // Without the database what it would tell stays as it was, all else is told.
    match stats::now(&docket).await {
        Ok(stats) => GAUGES.iter().for_each(|(name, _, value)| gauge!(*name).set(value(&stats))),
        Err(error) => tracing::warn!(%error, "the database was not asked for metrics"),
    }
    let (open, idle) = docket.db.connections();
    gauge!("docket_database_connections").set(open);
    gauge!("docket_database_connections_idle").set(idle);
    match recorder() {
        Ok(recorder) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], recorder.render()).into_response(),
        Err(error) => answer::json(&Error::Internal(error).into()),
    }
}

// Anybody can make up methods; each would be a series that stays.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    all.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// Measures a request, under its route rather than its path, so that ids make no series of their own.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let (begun, method) = (Instant::now(), known(request.method()).to_owned());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let labels = [
        ("method", method),
        ("route", route.unwrap_or_else(|| "other".to_owned())),
        ("status", response.status().as_u16().to_string()),
    ];
    histogram!(DURATION, &labels).record(begun.elapsed().as_secs_f64());
    response
}
