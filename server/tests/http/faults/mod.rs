//! When things go wrong: what breaks, in turn, is a database, the short-lived store, the mail server, or Docket itself.

mod database;
mod ends;
mod mail;
mod nodes;
mod store;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;
use testing::Sink;

use crate::api::Program;
use crate::support::{Process, TestServer};

/// A folder, a mail server, and settings to start programs with.
pub(crate) struct Scene {
    folder: TempDir,
    pub(crate) sink: Sink,
    settings: Vec<(&'static str, String)>,
}

impl Scene {
    /// On the backends that tests run on.
    pub(crate) fn new() -> Self {
        Self::with(testing::backends())
    }

    fn with(mut settings: Vec<(&'static str, String)>) -> Self {
        let (sink, address) = Sink::start();
        settings.push(("DOCKET_SMTP_URL", format!("smtp://{address}")));
        // Nodes share what signs their tokens.
        settings.push(("DOCKET_SECRET", "a secret of thirty-two characters".to_owned()));
        Self { folder: tempfile::tempdir().unwrap(), sink, settings }
    }

    pub(crate) fn set(mut self, name: &'static str, value: &str) -> Self {
        self.settings.push((name, value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.settings.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn settings(&self) -> &[(&'static str, String)] {
        &self.settings
    }

    pub(crate) fn start(&self) -> Process {
        Process::start(self.folder.path(), &self.settings)
    }

    /// All that is kept, wherever, as bytes to search through.
    pub(crate) fn dumps(&self) -> Vec<(String, Vec<u8>)> {
        let files = std::fs::read_dir(self.folder.path().join("data")).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| !path.ends_with("secret"));
        let mut dumps: Vec<_> = files.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect();
        dumps.extend(
            self.settings.iter().filter_map(|(name, url)| Some(((*name).to_owned(), testing::dump(name, url)?))),
        );
        dumps
    }

    /// Somebody with an account and a list; answers the list's path too.
    async fn someone(&self, program: &Process, name: &str) -> (Program, String) {
        let someone = Program::at(&program.url).signed_up(&self.sink, name).await;
        let list = someone.list("list").await;
        (someone, list)
    }
}

/// How a writer came to its end.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// With this status.
    Refused(u16),
    /// Nobody listens any more, so nothing was asked for.
    NobodyListens,
    /// No answer about the todo with this id.
    Unanswered(String),
}

/// Writes todos into a list as fast as four writers can until they are refused or nobody answers.
struct Load {
    acknowledged: tokio::sync::mpsc::UnboundedReceiver<String>,
    writers: Vec<tokio::task::JoinHandle<End>>,
    written: Vec<String>,
}

impl Load {
    fn start(someone: &Program, list: &str) -> Self {
        let (tell, acknowledged) = tokio::sync::mpsc::unbounded_channel();
        let write = |_| {
            let (someone, list, tell) = (someone.clone(), list.to_owned(), tell.clone());
            tokio::spawn(async move {
                loop {
                    let id = uuid::Uuid::now_v7().to_string();
                    let body = json!({"id": id, "title": "t"});
                    let request = someone.request(Method::POST, &format!("{list}/todos")).json(&body);
                    match request.send().await {
                        Ok(answer) if answer.status() == StatusCode::CREATED => tell.send(id).unwrap(),
                        Ok(answer) => return End::Refused(answer.status().as_u16()),
                        Err(error) if error.is_connect() => return End::NobodyListens,
                        Err(_) => return End::Unanswered(id),
                    }
                }
            })
        };
        let writers = (0..4).map(write).collect();
        Self { acknowledged, writers, written: Vec::new() }
    }

    /// Waits until so many more are acknowledged.
    async fn run(&mut self, count: usize) {
        for _ in 0..count {
            let id = tokio::time::timeout(Duration::from_secs(20), self.acknowledged.recv()).await;
            self.written.push(id.unwrap().unwrap());
        }
    }

    /// Waits until all writers have ended: what was acknowledged, and how each ended.
    async fn end(mut self) -> (Vec<String>, Vec<End>) {
        let mut ends = Vec::new();
        for writer in self.writers {
            ends.push(writer.await.unwrap());
        }
        while let Some(id) = self.acknowledged.recv().await {
            self.written.push(id);
        }
        (self.written, ends)
    }
}

/// The ids of all todos of a list.
async fn todos(someone: &Program, list: &str) -> Vec<String> {
    let (mut there, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = someone.get(&format!("{list}/todos?limit=200{cursor}")).await.expect(200).body;
        there.extend(page["todos"].as_array().unwrap().iter().map(|todo| todo["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return there,
        }
    }
}

/// Fails unless each of these todos is in the list.
async fn all_are_there(someone: &Program, list: &str, written: &[String]) {
    let there = todos(someone, list).await;
    for id in written {
        assert!(there.contains(id), "an acknowledged todo of {} is missing", written.len());
    }
}

/// Asks until the answer is as it shall be, for as long as anything may take to heal.
pub(crate) async fn until<T, F: Future<Output = T>>(ask: impl Fn() -> F, wanted: impl Fn(&T) -> bool) -> T {
    let asking = async {
        loop {
            let answer = ask().await;
            if wanted(&answer) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), asking).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_to_an_end_while_other_servers_of_the_process_start() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let starts = tokio::spawn(async {
        for _ in 0..20 {
            TestServer::start().await;
        }
    });
    while !starts.is_finished() {
        tokio::time::timeout(Duration::from_secs(20), ann.page("/lists", StatusCode::OK)).await.unwrap();
    }
    starts.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_told_to_stop_is_not_ready_any_more_and_ends() {
    let mut server = TestServer::start().await;
    let browser = server.browser();
    assert_eq!(browser.get("/readyz").await.status(), StatusCode::OK);
    server.stop().await;
    assert!(browser.client.get(format!("{}/healthz", browser.url)).send().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_told_by_readyz_and_by_pages() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    server.docket.db.close().await;
    assert_eq!(ann.get("/readyz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ann.get("/healthz").await.status(), StatusCode::OK);
    assert_eq!(ann.get("/lists").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ann.rpc("lists/all_lists", &[]).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn a_bad_setting_refuses_to_start_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_docket"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .env("DOCKET_CODE_TTL", "soon")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("DOCKET_CODE_TTL is \"soon\", but should be a duration"));
}
