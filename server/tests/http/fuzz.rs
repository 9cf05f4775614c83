//! Whatever arrives, it is answered, and never with a mistake of ours (R39): requests of every kind (`tests/corpus`), and
//! those with bytes changed, cut out, repeated and added. What a run finds it writes to `tests/corpus/found.txt`, which later
//! runs try first; what was found once is kept as a request of the corpus.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use reqwest::StatusCode;

use crate::support::{PASSWORD, TestServer, connect, rest};

/// A change to a request; numbers say where, of its length.
#[derive(Debug, Clone)]
enum Change {
    Replace(usize, u8),
    Insert(usize, Vec<u8>),
    Cut(usize, usize),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0..100_000_usize;
    let nasty: &[&[u8]] = &[
        b"\0",
        b"\r\n",
        b"%00",
        b"%",
        b"%ff",
        b"\xff\xfe",
        b"../",
        b"//",
        b"\\",
        b"'",
        b"\"",
        b"<script>",
        b"{",
        b"[[[[[[[[",
        b"}",
        b"null",
        b"-1",
        b"1e999",
        b"99999999999999999999",
        b"\xf0\x9f\x90\x8e",
        b"\xe2\x80\xae",
        b";",
        b",",
        b"=",
        b"&",
        b"?",
        b"#",
        b"00000000-0000-0000-0000-000000000000",
        b"Bearer ",
        b"eyJhbGciOiJub25lIn0.e30.",
    ];
    let nasty: Vec<Vec<u8>> = nasty.iter().map(|bytes| bytes.to_vec()).collect();
    prop_oneof![
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (place.clone(), prop::sample::select(nasty)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (place.clone(), 1..40_usize).prop_map(|(at, count)| Change::Cut(at, count)),
        (place, 1..40_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
    ]
}

fn changed(request: &[u8], changes: &[Change]) -> Vec<u8> {
    changes.iter().fold(request.to_vec(), |mut bytes, change| {
        let length = bytes.len().max(1);
        match change {
            Change::Replace(at, byte) => bytes[at % length] = *byte,
            Change::Insert(at, more) => drop(bytes.splice(at % length..at % length, more.iter().copied())),
            Change::Cut(at, count) => drop(bytes.drain(at % length..(at % length + count).min(length))),
            Change::Repeat(at, count) => {
                let part = bytes[at % length..(at % length + count).min(length)].to_vec();
                bytes.splice(at % length..at % length, part);
            }
        }
        if bytes.is_empty() { vec![b'G'] } else { bytes }
    })
}

/// The first status that comes, unless the other side closes before. Silence is neither.
fn status(address: &str, request: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // It may be refused before it has arrived.
    let _ = stream.write_all(request);
    let mut line = [0; 12];
    if let Err(error) = stream.read_exact(&mut line) {
        let silent = matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
        assert!(!silent, "neither answered nor closed: {}", String::from_utf8_lossy(request));
        return None;
    }
    std::str::from_utf8(&line).ok()?.strip_prefix("HTTP/1.1 ")?.parse().ok()
}

#[test]
fn r39_whatever_arrives_is_answered_and_never_with_a_mistake_of_ours() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let quick = [("DOCKET_HEADER_TIMEOUT", "200ms"), ("DOCKET_REQUEST_TIMEOUT", "500ms")];
    let server = runtime.block_on(TestServer::with(&quick));
    let ann = runtime.block_on(server.someone("ann"));
    let log_in = ann.client.post(format!("{}/rpc/app/sessions/log_in", server.url));
    let log_in = log_in.form(&[("login", "ann"), ("password", PASSWORD)]).send();
    let cookie = runtime.block_on(log_in).unwrap().headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let files = std::fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path());
    let requests: Vec<Vec<u8>> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "http"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .map(|text| text.replace("TOKEN", ann.bearer.as_ref().unwrap()).replace("SESSION", cookie).into_bytes())
        .collect();
    assert!(requests.len() >= 12);
    let address = server.address();
    let address = address.trim_start_matches("http://");
    for request in &requests {
        let text = String::from_utf8_lossy(request);
        assert!(status(address, request).is_some_and(|status| status < 500), "{text}");
    }
    let found = corpus.join("found.txt");
    let persistence = FileFailurePersistence::Direct(found.to_str().unwrap().to_owned().leak());
    let config = Config { cases: 400, failure_persistence: Some(Box::new(persistence)), ..Config::default() };
    let choice = (prop::sample::select(requests), prop::collection::vec(change(), 1..6));
    let outcome = TestRunner::new(config).run(&choice, |(request, changes)| {
        let request = changed(&request, &changes);
        let status = status(address, &request);
        prop_assert!(status.is_none_or(|status| status < 500), "{status:?}: {}", String::from_utf8_lossy(&request));
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(runtime.block_on(ann.get("/lists")).status(), StatusCode::OK, "it goes on");
}

// Found by the test above: `leptos_axum` takes a path for granted.
#[tokio::test]
async fn r39_a_request_that_names_no_path_is_refused_as_malformed() {
    let server = TestServer::start().await;
    for line in ["GET settings", "GET localhost:80", "POST lists", "CONNECT localhost:80", "GET *", "OPTIONS *"] {
        let mut stream = connect(&server);
        write!(stream, "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        let answer = tokio::task::spawn_blocking(move || rest(&mut stream)).await.unwrap();
        // By Docket: what reads requests refuses some on its own, without a word.
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("malformed_request"), "{line}: {answer}");
    }
}
