//! Slow and greedy connections hold nobody up (R37, R38).

use std::io::{Read, Write};
use std::time::Duration;

use crate::support::{TestServer, connect, rest};

const QUICK: &[(&str, &str)] =
    &[("DOCKET_HEADER_TIMEOUT", "300ms"), ("DOCKET_REQUEST_TIMEOUT", "300ms"), ("DOCKET_IDLE_TIMEOUT", "900ms")];

/// Time passes on the wire.
#[expect(clippy::disallowed_methods, reason = "on a thread of its own")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[tokio::test(flavor = "multi_thread")]
async fn r38_a_connection_that_never_finishes_its_head_is_closed() {
    // Whatever time a silent connection has between requests.
    let server = TestServer::with(&[("DOCKET_HEADER_TIMEOUT", "300ms"), ("DOCKET_IDLE_TIMEOUT", "10m")]).await;
    for beginning in ["", "GET /healthz HTTP/1.1\r\nhost: localhost\r\n"] {
        let mut stream = connect(&server);
        stream.write_all(beginning.as_bytes()).unwrap();
        let mut dripping = stream.try_clone().unwrap();
        let drip = std::thread::spawn(move || {
            // A byte now and then does not keep it open.
            while !beginning.is_empty() && dripping.write_all(b"x").is_ok() {
                pause(Duration::from_millis(50));
            }
        });
        let answer = tokio::task::spawn_blocking(move || rest(&mut stream)).await.unwrap();
        assert!(!answer.contains(" 200 "), "{answer}");
        drip.join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r38_a_body_that_never_ends_gets_408() {
    let server = TestServer::with(QUICK).await;
    for path in ["/api/v1/auth/log-in", "/rpc/app/sessions/log_in"] {
        let mut stream = connect(&server);
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let answer = tokio::task::spawn_blocking(move || rest(&mut stream)).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r38_a_connection_is_kept_between_requests_for_longer_than_a_head_may_take() {
    let server = TestServer::with(QUICK).await;
    let mut stream = connect(&server);
    let answers = tokio::task::spawn_blocking(move || {
        for _ in 0..2 {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
            pause(Duration::from_millis(600));
        }
        rest(&mut stream)
    });
    assert_eq!(answers.await.unwrap().matches("HTTP/1.1 200").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn r38_two_thousand_dripping_connections_hold_nobody_up() {
    // Their time must not be over before the test is.
    let server = TestServer::with(&[("DOCKET_HEADER_TIMEOUT", "10m")]).await;
    let ann = server.someone("ann").await;
    rlimit::increase_nofile_limit(8192).unwrap();
    let mut slow: Vec<_> = (0..2000).map(|_| connect(&server)).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: loc").unwrap();
    }
    for _ in 0..20 {
        slow.iter_mut().step_by(10).for_each(|stream| stream.write_all(b"a").unwrap());
        assert_eq!(ann.get("/lists").await.status(), 200);
    }
    // They are still there: nobody was answered at their cost.
    assert!(slow.iter_mut().all(|stream| stream.write_all(b"a").is_ok()));
}

#[tokio::test(flavor = "multi_thread")]
async fn r38_there_are_only_so_many_connections_and_the_next_ones_wait() {
    let server = TestServer::with(&[("DOCKET_CONNECTIONS", "16"), ("DOCKET_HEADER_TIMEOUT", "10m")]).await;
    // Each has its place once it was answered.
    let mut kept: Vec<_> = (0..16).map(|_| connect(&server)).collect();
    for stream in &mut kept {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
    }
    let mut next = connect(&server);
    next.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    next.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert!(next.read(&mut [0; 1]).is_err(), "all places are taken");
    next.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    drop(kept.pop());
    let answer = tokio::task::spawn_blocking(move || rest(&mut next)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r37_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so() {
    let server = TestServer::start().await;
    for (path, size) in [("/api/v1/auth/log-in", 9 * 1024), ("/rpc/app/sessions/log_in", 9 * 1024)] {
        for chunked in [false, true] {
            let body = vec![b'a'; size];
            let request =
                reqwest::Client::new().post(format!("{}{path}", server.url)).header("content-type", "application/json");
            let request = match chunked {
                false => request.body(body),
                true => request.body(reqwest::Body::wrap_stream(futures_util::stream::iter(
                    body.chunks(1000).map(|part| Ok::<_, std::io::Error>(part.to_vec())).collect::<Vec<_>>(),
                ))),
            };
            assert_eq!(request.send().await.unwrap().status(), 413, "{path} chunked: {chunked}");
        }
    }
    // One that says it is endless is not waited for.
    let mut stream = connect(&server);
    stream.write_all(b"POST /api/v1/auth/log-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9999999999\r\n\r\n").unwrap();
    let answer = tokio::task::spawn_blocking(move || rest(&mut stream)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
