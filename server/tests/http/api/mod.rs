//! The REST API, driven as programs do.

mod accounts;
mod conditions;
mod description;
mod input;
mod isolation;
mod lists;
mod todos;
mod tour;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use testing::Sink;

use crate::support::{PASSWORD, TestServer};

/// A program, perhaps with somebody's access token.
#[derive(Clone)]
pub(crate) struct Program {
    client: Client,
    url: String,
    token: Option<String>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Null when there was none.
    pub(crate) body: Value,
}

impl Program {
    /// One that nobody has logged in with.
    pub(crate) fn new(server: &TestServer) -> Self {
        Self::at(&server.url)
    }

    /// One that speaks to the server at this address.
    pub(crate) fn at(url: &str) -> Self {
        Self { client: Client::new(), url: url.to_owned(), token: None }
    }

    /// The same person's, speaking to another server.
    pub(crate) fn moved_to(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// One of somebody with a fresh account.
    pub(crate) async fn of(server: &TestServer, name: &str) -> Self {
        Self::new(server).signed_up(&server.sink, name).await
    }

    /// The same with a fresh account, whose code comes to this mail server.
    pub(crate) async fn signed_up(&self, sink: &Sink, name: &str) -> Self {
        let (stranger, email) = (self, format!("{name}@example.org"));
        let new = json!({"email": email, "username": name, "password": PASSWORD});
        let flow = stranger.post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
        let code = sink.code_for(&email).await;
        let verification = json!({"flow": flow, "code": code, "cookies": false});
        stranger.with(&stranger.post("/auth/verify", &verification).await.expect(201).body)
    }

    /// The same with the access token of an answer.
    pub(crate) fn with(&self, tokens: &Value) -> Self {
        Self { token: Some(tokens["access_token"].as_str().unwrap().to_owned()), ..self.clone() }
    }

    /// A call that has yet to get its body.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        reply(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        reply(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Reply {
        reply(self.request(Method::PATCH, path).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        reply(self.request(Method::DELETE, path)).await
    }

    /// Makes a list, answers its path.
    pub(crate) async fn list(&self, name: &str) -> String {
        let made = self.post("/lists", &json!({"name": name})).await.expect(201);
        format!("/lists/{}", made.body["id"].as_str().unwrap())
    }

    /// Makes a todo in the list at a path, answers it.
    pub(crate) async fn todo(&self, list: &str, title: &str) -> Value {
        self.post(&format!("{list}/todos"), &json!({"title": title})).await.expect(201).body
    }
}

/// Sends a request. Every answer's form is looked at here, so that no test has to.
pub(crate) async fn reply(request: RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let kind = headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
    assert_eq!(headers["cache-control"], "no-store", "what may be somebody's own is not kept by anybody else");
    if status >= 400 {
        assert_eq!(kind.as_deref(), Some("application/problem+json"));
        assert_eq!(body["status"], status);
        assert_eq!(body["request_id"], headers["x-request-id"].to_str().unwrap());
        let code = body["code"].as_str().unwrap();
        assert_eq!(body["type"], format!("urn:docket:problem:{code}"));
        assert!(body["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    } else if !text.is_empty() {
        assert_eq!(kind.as_deref(), Some("application/json"));
    }
    Reply { status, headers, body }
}

impl Reply {
    /// Fails unless it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Fails unless it is this problem.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        self.body
    }

    /// Fails unless these fields are at fault, each in this way alone.
    #[track_caller]
    pub(crate) fn refuses(self, fields: &[(&str, &str)]) {
        let expected: Value = fields.iter().map(|(field, why)| (field.to_string(), json!([why]))).collect();
        assert_eq!(self.problem(422, "validation_failed")["fields"], expected);
    }

    /// A header's text.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("there is no {name}")).to_str().unwrap()
    }
}
