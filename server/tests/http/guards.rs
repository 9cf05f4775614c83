//! What every request and answer has to get past.

use reqwest::StatusCode;
use server::{OPEN, is_open};

use crate::support::{PASSWORD, TestServer, error, location};

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_is_guarded_but_the_open_ones() {
    let server = TestServer::start().await;
    let stranger = server.browser();
    let mut guarded = 0;
    for (path, _) in server_fn::axum::server_fn_paths() {
        let function = path.strip_prefix("/rpc/app/").unwrap();
        let answer = stranger.rpc(function, &[]).await;
        if is_open(path) {
            assert_ne!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        } else {
            assert_eq!(error(answer).await, (401, "token_missing".into()), "{path}");
            guarded += 1;
        }
    }
    assert!(guarded >= 18, "{guarded} functions were found");
    for (path, _) in OPEN {
        assert!(
            server_fn::axum::server_fn_paths().any(|(known, _)| known == *path),
            "{path} is on the list but does not exist"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_but_the_open_ones_leads_to_the_log_in_and_back() {
    let server = TestServer::start().await;
    let stranger = server.browser();
    for path in app::paths::OPEN {
        assert_eq!(
            stranger.get(path).await.status(),
            if ["/verify", "/reset"].contains(path) { StatusCode::NOT_FOUND } else { StatusCode::OK },
            "{path}"
        );
    }
    for path in ["/lists", "/lists/00000000-0000-0000-0000-000000000000?edit=x", "/trash", "/settings"] {
        let answer = stranger.get(path).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(location(&answer), app::paths::log_in(path));
    }
    assert_eq!(stranger.get("/nowhere").await.status(), StatusCode::NOT_FOUND);
}

// R29.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_changes_nothing_log_in_included() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("mine").await;
    let todo = ann.todo(&list, "Milk").await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let session = session_cookie(&server, "ann").await;
    let delete = || {
        client
            .post(format!("{}/rpc/app/lists/delete_list", server.url))
            .header("cookie", session.clone())
            .form(&[("id", &list)])
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        assert_eq!(
            delete().header(name, value).send().await.unwrap().status(),
            StatusCode::FORBIDDEN,
            "{name}: {value}"
        );
        let row = client.post(format!("{}/lists/{list}", server.url)).header("cookie", session.clone());
        let row = row.form(&[("id", &*todo), ("act", "delete")]).header(name, value);
        assert_eq!(row.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}: {value}");
        let log_in = client
            .post(format!("{}/rpc/app/sessions/log_in", server.url))
            .form(&[("login", "ann"), ("password", PASSWORD)]);
        assert_eq!(log_in.header(name, value).send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert_eq!(
        error(delete().send().await.unwrap()).await,
        (401, "token_missing".into()),
        "no browser: its cookie does not count"
    );
    assert!(ann.page(&format!("/lists/{list}"), StatusCode::OK).await.contains(">Milk<"));
    assert_eq!(delete().header("sec-fetch-site", "same-origin").send().await.unwrap().status(), StatusCode::OK);
}

async fn session_cookie(server: &TestServer, name: &str) -> String {
    let answer = server.program().rpc("sessions/log_in", &[("login", name), ("password", PASSWORD)]).await;
    let cookies = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap().to_owned());
    let session = cookies.into_iter().find(|cookie| cookie.starts_with("session=")).unwrap();
    session.split(';').next().unwrap().to_owned()
}

// R28.
#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_out_of_reach_for_scripts_and_other_sites() {
    let server = TestServer::start().await;
    server.someone("ann").await;
    let answer = server.program().rpc("sessions/log_in", &[("login", "ann"), ("password", PASSWORD)]).await;
    let cookies: Vec<_> =
        answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 5);
    assert!(cookies.iter().all(|cookie| cookie.contains("HttpOnly")));
    assert!(cookies[..3].iter().all(|cookie| cookie.contains("Max-Age=15552000")));
    assert!(cookies[0].starts_with("session=") && cookies[0].contains("SameSite=Lax") && cookies[0].contains("Path=/"));
    for (cookie, path) in cookies[3..].iter().zip(["Path=/rpc/app/sessions/log_in", "Path=/api/v1/auth/log-in"]) {
        assert!(cookie.starts_with("device=") && cookie.contains("SameSite=Strict") && cookie.contains(path));
    }
    for (cookie, path) in cookies[1..3].iter().zip(["Path=/rpc/app/sessions", "Path=/api/v1/auth"]) {
        assert!(cookie.starts_with("refresh=") && cookie.contains("SameSite=Strict") && cookie.contains(path));
    }
}

// R30, R31, R32.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let stranger = server.browser();
    let answers = [
        stranger.get("/").await,
        ann.get("/lists").await,
        stranger.get("/nowhere").await,
        stranger.get("/healthz").await,
        stranger.get("/lists").await,
        ann.rpc("lists/all_lists", &[]).await,
        ann.rpc("nowhere", &[]).await,
        stranger.rpc("lists/all_lists", &[]).await,
    ];
    for answer in &answers {
        let header = |name: &str| {
            answer.headers().get(name).unwrap_or_else(|| panic!("{} lacks {name}", answer.url())).to_str().unwrap()
        };
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(header("x-request-id").len(), 32);
        assert!(answer.headers().get("access-control-allow-origin").is_none());
    }
    let nonces = [&answers[0], &answers[1]]
        .map(|answer| answer.headers()["content-security-policy"].to_str().unwrap().to_owned());
    assert!(nonces[0].contains("script-src 'nonce-") && nonces[0] != nonces[1], "each page has a nonce of its own");
}

// R33.
#[tokio::test(flavor = "multi_thread")]
async fn log_in_leads_only_to_paths_of_ours() {
    let server = TestServer::start().await;
    server.someone("ann").await;
    for (next, expected) in [
        ("/trash", "/trash"),
        ("//evil.example", "/lists"),
        ("https://evil.example", "/lists"),
        ("/\\evil.example", "/lists"),
        ("", "/lists"),
    ] {
        let answer = server
            .browser()
            .plain("/log-in", "sessions/log_in", &[("login", "ann"), ("password", PASSWORD), ("next", next)])
            .await;
        assert_eq!(location(&answer), expected, "{next}");
    }
    let browser = server.browser();
    let request = browser
        .client
        .post(format!("{}/rpc/app/sessions/log_in", server.url))
        .form(&[("login", "ann"), ("password", "wrong")]);
    let answer =
        request.header("accept", "text/html").header("referer", "https://evil.example/x").send().await.unwrap();
    assert_eq!(location(&answer), "/");
}

// R34.
#[tokio::test(flavor = "multi_thread")]
async fn what_people_type_is_never_markup() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let evil = "</script><img src=x onerror=alert(1)>";
    let list = ann.list(evil).await;
    let todo = ann.todo(&list, evil).await;
    ann.rpc("todos/edit_todo", &[("id", &todo), ("title", evil), ("notes", evil), ("version", "1")]).await;
    for path in [
        "/lists".to_owned(),
        format!("/lists/{list}"),
        format!("/lists/{list}?edit={todo}"),
        format!("/lists/{list}?rename=yes"),
    ] {
        let page = ann.page(&path, StatusCode::OK).await;
        assert!(!page.contains("<img"), "{path}");
        assert!(page.contains("&lt;img"), "{path}");
    }
    ann.rpc("todos/delete_todo", &[("id", &todo)]).await;
    assert!(!ann.page("/trash", StatusCode::OK).await.contains("<img"));
}
