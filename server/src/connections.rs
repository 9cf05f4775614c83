//! Accepting connections and serving each, so that slow ones hold nobody up (OWASP Denial of Service Cheat Sheet): the head
//! of a request, its answer, and a connection without a request have their time, and there are not endlessly many.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use docket::config::Config;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Sleep;
use tower::Service;

/// Before accepting again when the system has no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves whoever connects until `stop` is done, then lets requests that have begun finish.
pub(crate) async fn serve(listener: TcpListener, router: Router, config: &Config, stop: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(config.connections));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(config.idle_timeout);
    tokio::pin!(stop);
    loop {
        let accept = async {
            let place = room.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut stop => break,
            accepted = accept => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // Answers are written whole; waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let stream = Timed::new(stream, config.header_timeout, config.idle_timeout);
        let progress = stream.progress.clone();
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let (mut router, progress) = (router.clone(), progress.clone());
            progress.begun.fetch_add(1, Ordering::Relaxed);
            async move {
                let answer = router.call(request.map(Body::new)).await;
                progress.answered.fetch_add(1, Ordering::Relaxed);
                answer
            }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Whoever goes away in the middle of a request is no concern of ours.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// How many requests of a connection have begun, and how many of those are answered.
#[derive(Debug, Default)]
struct Progress {
    begun: AtomicUsize,
    answered: AtomicUsize,
}

/// A stream on which the head of a request has to come in time, and what is written has to be taken.
struct Timed {
    stream: TcpStream,
    progress: Arc<Progress>,
    /// Requests whose heads had come when it was read last.
    seen: usize,
    for_head: Duration,
    for_taking: Duration,
    /// Runs from the first byte of a head, and for the first request from the start.
    head: Option<Pin<Box<Sleep>>>,
    /// Runs while the other side takes nothing.
    taking: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    fn new(stream: TcpStream, for_head: Duration, for_taking: Duration) -> Self {
        let head = Some(Box::pin(tokio::time::sleep(for_head)));
        Self { stream, progress: Arc::default(), seen: 0, for_head, for_taking, head, taking: None }
    }

    fn taken<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.taking = None;
            return written;
        }
        let time = self.for_taking;
        ready!(self.taking.get_or_insert_with(|| Box::pin(tokio::time::sleep(time))).as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let begun = self.progress.begun.load(Ordering::Relaxed);
        if begun != self.seen {
            (self.seen, self.head) = (begun, None);
        }
        if begun > self.progress.answered.load(Ordering::Relaxed) {
            return read;
        }
        if buffer.filled().len() > before {
            let time = self.for_head;
            self.head.get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        }
        match self.head.as_mut().is_some_and(|head| head.as_mut().poll(context).is_ready()) {
            true => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            false => read,
        }
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.taken(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.taken(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
