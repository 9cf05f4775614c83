//! A running server, somewhere for its mail to go, and people who use it.

use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use docket::Docket;
use docket::clock::Clock;
use docket::config::{Config, Values};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use server::Application;
use tempfile::TempDir;
use testing::Sink;
use tokio::sync::oneshot;
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server that runs.
pub(crate) struct TestServer {
    pub(crate) url: String,
    addr: SocketAddr,
    pub(crate) docket: Docket,
    pub(crate) sink: Sink,
    pub(crate) metrics: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<tokio::task::JoinHandle<()>>,
    _folder: TempDir,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With settings of its own. Tests come from one address, so there are no limits unless asked for.
    pub(crate) async fn with(settings: &[(&'static str, &str)]) -> Self {
        let (sink, smtp) = Sink::start();
        let folder = tempfile::tempdir().unwrap();
        let mut values = Values::defaults();
        for (name, value) in [
            ("DOCKET_ADDR", "127.0.0.1:0".to_owned()),
            ("DOCKET_DATA_DIR", folder.path().display().to_string()),
            ("DOCKET_SMTP_URL", format!("smtp://{smtp}")),
            ("DOCKET_ARGON2", "m=8,t=1,p=1".to_owned()),
            ("DOCKET_STOP_DELAY", "0ms".to_owned()),
        ] {
            values.set(name, value).unwrap();
        }
        let unlimited = testing::LIMITS.iter().map(|limit| (*limit, "off".to_owned()));
        let asked = settings.iter().map(|(name, value)| (*name, (*value).to_owned()));
        for (name, value) in unlimited.chain(testing::backends()).chain(asked) {
            values.set(name, value).unwrap();
        }
        let application = Application::build(Config::from_values(&values).unwrap(), Clock::default()).await.unwrap();
        let docket = application.docket().clone();
        let metrics = application.metrics_addr();
        let addr = application.addr().unwrap();
        let url = docket.config.public_url.as_str().to_owned();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(application.run_until(async { drop(stopped.await) }));
        Self { url, addr, docket, sink, metrics, stop: Some(stop), running: Some(running), _folder: folder }
    }

    /// Where it listens, whatever its public address is.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Tells it to stop and waits until it has.
    pub(crate) async fn stop(&mut self) {
        drop(self.stop.take());
        self.running.take().unwrap().await.unwrap();
    }

    /// Somebody with a browser of their own, not logged in.
    pub(crate) fn browser(&self) -> Browser {
        Browser::with_cookies(&self.url)
    }

    /// A program that is no browser.
    pub(crate) fn program(&self) -> Browser {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Browser { client, url: self.url.clone(), bearer: None }
    }

    /// Somebody logged in with a fresh account.
    pub(crate) async fn someone(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        let address = format!("{name}@example.org");
        let answer =
            browser.rpc("accounts/sign_up", &[("email", &address), ("username", name), ("password", PASSWORD)]).await;
        let location: String = answer.json().await.unwrap();
        let flow = location.split_once('=').unwrap().1.to_owned();
        let code = self.sink.code_for(&address).await;
        let answer: Value =
            browser.rpc("accounts/verify", &[("flow", &flow), ("code", &code)]).await.json().await.unwrap();
        browser.bearer = Some(answer["token"]["access_token"].as_str().unwrap().to_owned());
        browser
    }
}

/// The real program as a process of its own, killed when dropped.
pub(crate) struct Process {
    child: Child,
    log: Option<std::thread::JoinHandle<String>>,
    pub(crate) url: String,
}

impl Process {
    /// Starts it in a folder, on the backends of the settings or what is embedded; without a mail server, mail ends in
    /// the development mailbox.
    pub(crate) fn start(folder: &Path, settings: &[(&str, String)]) -> Self {
        Self::try_start(folder, settings).unwrap_or_else(|said| panic!("it did not start: {said}"))
    }

    /// The same; what it said when it did not start.
    pub(crate) fn try_start(folder: &Path, settings: &[(&str, String)]) -> Result<Self, String> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_docket"))
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .envs([("DOCKET_ADDR", "127.0.0.1:0"), ("DOCKET_ARGON2", "m=8,t=1,p=1"), ("DOCKET_LOG_FORMAT", "json")])
            .envs(testing::LIMITS.iter().map(|limit| (*limit, "off")))
            .envs(settings.iter().map(|(name, value)| (*name, value)))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut said, mut ready) = (String::new(), None);
        for line in lines.by_ref().map(Result::unwrap) {
            if line.contains("Docket is ready") {
                ready = Some(serde_json::from_str::<Value>(&line).unwrap());
                break;
            }
            said += &(line + "\n");
        }
        match ready {
            // Whatever else it says must not fill the pipe.
            Some(ready) => Ok(Self {
                child,
                log: Some(std::thread::spawn(move || said + &text(lines))),
                url: ready["fields"]["url"].as_str().unwrap().to_owned(),
            }),
            None => {
                assert!(!child.wait().unwrap().success());
                Err(said)
            }
        }
    }

    /// Ends it as a service manager does; answers all that it said.
    pub(crate) async fn stopped(mut self) -> String {
        let log = self.log.take().unwrap();
        assert!(self.terminate().await);
        tokio::task::spawn_blocking(move || log.join().unwrap()).await.unwrap()
    }

    /// SIGKILL: nothing is tidied up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, as a service manager sends it; answers whether it then ended well.
    pub(crate) async fn terminate(mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &pid]).status().unwrap().success());
        tokio::task::spawn_blocking(move || self.child.wait().unwrap().success()).await.unwrap()
    }
}

fn text(lines: impl Iterator<Item = std::io::Result<String>>) -> String {
    lines.map_while(Result::ok).fold(String::new(), |text, line| text + &line + "\n")
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What somebody does their part with.
pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) bearer: Option<String>,
}

impl Browser {
    /// Somebody with a browser of their own, not logged in.
    pub(crate) fn with_cookies(url: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        let client =
            Client::builder().cookie_store(true).redirect(Policy::none()).default_headers(headers).build().unwrap();
        Self { client, url: url.to_owned(), bearer: None }
    }

    /// A call as the front end makes it.
    pub(crate) async fn rpc(&self, function: &str, fields: &[(&str, &str)]) -> Response {
        self.request(function).form(fields).send().await.unwrap()
    }

    /// A call that has yet to get its body.
    pub(crate) fn request(&self, function: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}/rpc/app/{function}", self.url)).header("accept", "application/json");
        match &self.bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A form as the browser itself sends it from a page.
    pub(crate) async fn plain(&self, page: &str, function: &str, fields: &[(&str, &str)]) -> Response {
        self.plain_to(&format!("/rpc/app/{function}"), page, fields).await
    }

    /// A button of a todo's row, whose form names no path: the browser sends it to the page it stands on.
    pub(crate) async fn press(&self, page: &str, todo: &str, act: &str) -> Response {
        self.plain_to(page, page, &[("id", todo), ("act", act)]).await
    }

    async fn plain_to(&self, path: &str, page: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}{path}", self.url)).form(fields);
        request
            .header("accept", "text/html,*/*;q=0.8")
            .header("referer", format!("{}{page}", self.url))
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).header("accept", "text/html").send().await.unwrap()
    }

    /// A page's text, which must be answered with this status.
    pub(crate) async fn page(&self, path: &str, status: StatusCode) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), status, "{path}");
        response.text().await.unwrap()
    }

    /// Makes a list, answers its id.
    pub(crate) async fn list(&self, name: &str) -> String {
        let id = Uuid::now_v7().to_string();
        assert_eq!(self.rpc("lists/create_list", &[("id", &id), ("name", name)]).await.status(), StatusCode::OK);
        id
    }

    /// Makes a todo, answers its id.
    pub(crate) async fn todo(&self, list: &str, title: &str) -> String {
        let id = Uuid::now_v7().to_string();
        let answer = self.rpc("todos/add_todo", &[("id", &id), ("list_id", list), ("title", title)]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        id
    }
}

/// Where a redirect leads.
pub(crate) fn location(response: &Response) -> &str {
    response.headers()["location"].to_str().unwrap()
}

/// Status and code of an error.
pub(crate) async fn error(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
    (status, body["code"].as_str().unwrap().to_owned())
}

/// A bare connection, for what no client sends.
pub(crate) fn connect(server: &TestServer) -> TcpStream {
    let stream =
        TcpStream::connect(server.url.trim_start_matches("http://").replace("localhost", "127.0.0.1")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// What comes until the other side closes, which it has to do.
pub(crate) fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(count @ 1..) => text.extend_from_slice(&part[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("it stays open: {}", String::from_utf8_lossy(&text))
            }
            // A connection that is reset has ended too.
            Ok(_) | Err(_) => return String::from_utf8_lossy(&text).into_owned(),
        }
    }
}
