//! What attackers try.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestServer, location};

/// An answer without what differs from one to the next in any case.
async fn comparable(answer: Response) -> (StatusCode, BTreeMap<String, String>, String) {
    let status = answer.status();
    let changing = ["date", "x-request-id"];
    let headers = answer.headers().iter().filter(|(name, _)| !changing.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let id = |word: &str| uuid::Uuid::parse_str(word).is_ok();
    let text = answer.text().await.unwrap();
    let words = text.split(['"', '=', '/']).map(|word| if id(word) { "<id>" } else { word });
    (status, headers, words.collect::<Vec<_>>().join("\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn r7_answers_about_known_and_unknown_people_are_the_same_byte_for_byte() {
    let server = TestServer::with(&[("DOCKET_CODE_RESEND", "1ms")]).await;
    server.someone("ann").await;
    let stranger = server.program();
    let api = async |path: &str, body: Value| {
        stranger.client.post(format!("{}/api/v1/auth/{path}", server.url)).json(&body).send().await.unwrap()
    };
    let unknown_flow = uuid::Uuid::now_v7();
    let flow = api("sign-up", json!({"email": "z@example.org", "username": "zoe", "password": PASSWORD})).await;
    let flow = flow.json::<Value>().await.unwrap()["flow"].clone();
    let pairs = [
        (
            api("sign-up", json!({"email": "ann@example.org", "username": "eve", "password": PASSWORD})).await,
            api("sign-up", json!({"email": "new@example.org", "username": "new", "password": PASSWORD})).await,
        ),
        (
            api("log-in", json!({"login": "ann", "password": "wrong password"})).await,
            api("log-in", json!({"login": "nobody", "password": "wrong password"})).await,
        ),
        (
            api("log-in", json!({"login": "ann@example.org", "password": "wrong password"})).await,
            api("log-in", json!({"login": "nobody@example.org", "password": "wrong password"})).await,
        ),
        (
            api("password/forgot", json!({"email": "ann@example.org"})).await,
            api("password/forgot", json!({"email": "nobody@example.org"})).await,
        ),
        (api("resend", json!({"flow": flow})).await, api("resend", json!({"flow": unknown_flow})).await),
        (
            stranger
                .rpc("accounts/sign_up", &[("email", "ann@example.org"), ("username", "e-2"), ("password", PASSWORD)])
                .await,
            stranger
                .rpc("accounts/sign_up", &[("email", "n2@example.org"), ("username", "n-2"), ("password", PASSWORD)])
                .await,
        ),
        (
            stranger.rpc("sessions/log_in", &[("login", "ann"), ("password", "wrong password")]).await,
            stranger.rpc("sessions/log_in", &[("login", "nobody"), ("password", "wrong password")]).await,
        ),
        (
            stranger.rpc("accounts/forgot", &[("email", "ann@example.org")]).await,
            stranger.rpc("accounts/forgot", &[("email", "nobody2@example.org")]).await,
        ),
    ];
    for (known, unknown) in pairs {
        let (known, mut unknown) = (comparable(known).await, comparable(unknown).await);
        // The id of the request stands in problems too.
        let strip = |text: &str| text.split("request_id").next().unwrap().to_owned();
        unknown.2 = strip(&unknown.2);
        assert_eq!((known.0, known.1, strip(&known.2)), unknown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_a_planted_cookie_is_worth_nothing_before_and_after_the_log_in() {
    let server = TestServer::start().await;
    server.someone("ann").await;
    let program = server.program();
    let log_in = program.client.post(format!("{}/rpc/app/sessions/log_in", server.url));
    let fields = [("login", "ann"), ("password", PASSWORD)];
    let answer =
        log_in.header("cookie", "session=planted; refresh=planted; device=planted").form(&fields).send().await.unwrap();
    let issued: Vec<_> =
        answer.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned()).collect();
    assert!(issued.len() == 5 && issued.iter().all(|cookie| !cookie.contains("planted")));
    let lists = |cookie: String| program.client.get(format!("{}/lists", server.url)).header("cookie", cookie).send();
    for planted in ["session=planted".to_owned(), "session=".to_owned(), "session=; session=x".to_owned()] {
        assert_eq!(lists(planted).await.unwrap().status(), StatusCode::SEE_OTHER);
    }
    let session = issued[0].split(';').next().unwrap().to_owned();
    assert_eq!(lists(session).await.unwrap().status(), StatusCode::OK);
}

// R31.
#[tokio::test(flavor = "multi_thread")]
async fn r28_over_https_no_other_host_can_plant_cookies() {
    let server = TestServer::with(&[
        ("DOCKET_PUBLIC_URL", "https://docket.example"),
        ("DOCKET_SECRET", "a secret of thirty-two characters"),
    ])
    .await;
    let mut headers = HeaderMap::new();
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    let client = reqwest::Client::builder().default_headers(headers).build().unwrap();
    docket::accounts::administration::create(&server.docket, "ann@example.org", "ann", Some(PASSWORD), None)
        .await
        .unwrap();
    let log_in =
        client.post(server.address() + "/rpc/app/sessions/log_in").form(&[("login", "ann"), ("password", PASSWORD)]);
    let answer = log_in.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers().contains_key("strict-transport-security"));
    for cookie in answer.headers().get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-session=") || cookie.starts_with("__Secure-"), "{cookie}");
        assert!(cookie.contains("; Secure") && cookie.contains("; HttpOnly") && !cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r36_nobody_makes_themselves_more_than_they_are() {
    let server = TestServer::start().await;
    server.someone("admin").await;
    let ann = server.someone("ann").await;
    let token = ann.bearer.clone().unwrap();
    let call = |method: Method, path: &str, body: Value| {
        ann.client.request(method, format!("{}/api/v1{path}", server.url)).bearer_auth(&token).json(&body).send()
    };
    for field in ["role", "id", "version", "disabled_at", "password_hash", "email", "is_admin"] {
        let answer = call(Method::PATCH, "/me", json!({"username": "ann", field: "admin"})).await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
    for (path, body) in [
        ("/lists", json!({"name": "x", "user_id": uuid::Uuid::now_v7()})),
        ("/auth/sign-up", json!({"email": "e@example.org", "username": "eve", "password": PASSWORD, "role": "admin"})),
    ] {
        assert_eq!(call(Method::POST, path, body).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    for (function, field) in [("settings/change_username", "role"), ("lists/create_list", "user_id")] {
        let id = uuid::Uuid::now_v7().to_string();
        let answer = ann.rpc(function, &[("username", "anna"), ("name", "x"), ("id", &id), (field, "admin")]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{function}");
    }
    let me: Value = call(Method::GET, "/me", json!(null)).await.unwrap().json().await.unwrap();
    assert_eq!((&me["role"], &me["username"]), (&json!("user"), &json!("ann")));
}

#[tokio::test(flavor = "multi_thread")]
async fn r33_nothing_leads_to_another_site() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    for evil in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aevil",
        "\t//evil.example",
    ] {
        let answer =
            ann.plain("/settings/confirm", "settings/confirm", &[("password", PASSWORD), ("next", evil)]).await;
        assert!(["/settings", "/%0d%0aevil"].contains(&location(&answer)), "{evil}: {}", location(&answer));
        let request = ann.client.post(format!("{}/rpc/app/settings/change_username", server.url));
        let answer = request
            .header("accept", "text/html")
            .header("referer", evil)
            .form(&[("username", "x")])
            .send()
            .await
            .unwrap();
        assert_eq!(location(&answer), "/", "{evil}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r43_other_sites_get_no_leave_to_read_and_trace_is_refused() {
    let server = TestServer::start().await;
    let client = reqwest::Client::new();
    for path in ["/api/v1/me", "/rpc/app/lists/all_lists", "/", "/api/openapi.json"] {
        let url = format!("{}{path}", server.url);
        let preflight = client.request(Method::OPTIONS, &url).header("origin", "https://evil.example");
        let preflight = preflight.header("access-control-request-method", "POST").send().await.unwrap();
        let read = client.get(&url).header("origin", "https://evil.example").send().await.unwrap();
        for answer in [preflight, read] {
            assert!(answer.headers().keys().all(|name| !name.as_str().starts_with("access-control-")), "{path}");
        }
        let traced = client.request(Method::TRACE, &url).header("x-secret", "canary").send().await.unwrap();
        assert_eq!(traced.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(!traced.text().await.unwrap().contains("canary"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r41_nothing_typed_gets_into_the_head_of_a_mail() {
    let server = TestServer::start().await;
    let stranger = server.browser();
    for (email, name) in [
        ("ann@example.org\r\nBcc: eve@example.org", "ann"),
        ("ann@example.org%0d%0aBcc: eve@example.org", "ann"),
        ("ann@example.org\0", "ann"),
        ("ann@example.org, eve@example.org", "ann"),
        ("ann@example.org", "ann\r\nBcc: eve@example.org"),
        ("\"ann\r\nBcc: eve@example.org\"@example.org", "ann"),
    ] {
        let answer =
            stranger.rpc("accounts/sign_up", &[("email", email), ("username", name), ("password", PASSWORD)]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{email} {name}");
        if !name.contains('\n') {
            let answer = stranger.rpc("accounts/forgot", &[("email", email)]).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        }
    }
    assert!(server.sink.mails().is_empty());
}
