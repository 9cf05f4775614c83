//! The command line, as whoever runs Docket uses it.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::api::Program;
use crate::faults::{Scene, until};
use crate::support::PASSWORD;

/// Runs `docket` where a scene's programs run; answers what it said, or why it failed.
fn docket(scene: &Scene, arguments: &[&str], input: &str) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
    command.args(arguments).current_dir(scene.folder()).env_clear().env("DOCKET_ARGON2", "m=8,t=1,p=1");
    command.envs(scene.settings().iter().map(|(name, value)| (*name, value)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if done.status.success() { Ok(text(done.stdout)) } else { Err(text(done.stderr)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_made_listed_closed_opened_and_given_roles_and_passwords() {
    let scene = Scene::new();
    let refused = docket(&scene, &["user", "list"], "").unwrap_err();
    assert!(refused.contains("docket migrate") || refused.contains("no database"), "{refused}");
    docket(&scene, &["migrate"], "").unwrap();
    docket(&scene, &["user", "create", "ann@example.org", "ann", "--admin"], &format!("{PASSWORD}\n")).unwrap();
    let made = docket(&scene, &["user", "create", "bob@example.org", "bob"], "").unwrap();
    let made = made.split("password: ").nth(1).unwrap().trim().to_owned();
    let common = docket(&scene, &["user", "create", "eve@example.org", "eve"], "password1\n").unwrap_err();
    assert!(common.contains("password: ") && common.contains("first that others try"), "{common}");
    let taken = docket(&scene, &["user", "create", "x@example.org", "BOB"], "").unwrap_err();
    assert!(taken.contains("username: Somebody has this"), "{taken}");
    let list = docket(&scene, &["user", "list"], "").unwrap();
    let lines: Vec<_> = list.lines().collect();
    assert!(lines.len() == 2 && lines[0].ends_with("admin  open    ann  ann@example.org"), "{list}");

    let server = scene.start();
    let program = Program::at(&server.url);
    let log_in = async |name: &str, password: &str| {
        program.post("/auth/log-in", &json!({"login": name, "password": password, "cookies": false})).await
    };
    let bob = program.with(&log_in("bob", &made).await.expect(200).body);
    let ann = program.with(&log_in("ann", PASSWORD).await.expect(200).body);
    assert_eq!(ann.get("/users").await.expect(200).body["total"], 2);
    bob.get("/users").await.problem(403, "forbidden");
    docket(&scene, &["user", "set-role", "bob", "admin"], "").unwrap();
    docket(&scene, &["user", "set-role", "ann@example.org", "user"], "").unwrap();
    until(|| bob.get("/users"), |reply| reply.status == 200).await;
    until(|| ann.get("/users"), |reply| reply.status == 403).await;

    docket(&scene, &["user", "disable", "bob"], "").unwrap();
    until(|| bob.get("/me"), |reply| reply.status == 401).await;
    log_in("bob", &made).await.problem(401, "credentials_invalid");
    assert!(docket(&scene, &["user", "list"], "").unwrap().contains("admin  closed  bob"));
    docket(&scene, &["user", "enable", "bob"], "").unwrap();
    log_in("bob", &made).await.expect(200);
    let reset = docket(&scene, &["user", "reset-password", "bob"], "").unwrap();
    log_in("bob", &made).await.problem(401, "credentials_invalid");
    log_in("bob", reset.trim().strip_prefix("password: ").unwrap()).await.expect(200);
    let nobody = docket(&scene, &["user", "disable", "zoe"], "").unwrap_err();
    assert!(nobody.contains("there is no account with this name or address"), "{nobody}");

    let audit = docket(&scene, &["audit", "--user", "bob"], "").unwrap();
    let events: Vec<_> = audit.lines().map(|line| line.split_whitespace().nth(1).unwrap()).collect();
    assert_eq!(
        events,
        [
            "log_in",
            "log_in",
            "password_reset",
            "log_in",
            "account_enabled",
            "account_disabled",
            "role_changed",
            "log_in",
            "account_created"
        ]
    );
    assert!(audit.lines().all(|line| line.contains(" done ") || line.contains(" refused ")));
    assert!(audit.contains("ip=127.0.0.1") && !audit.contains("example.org"));
    assert_eq!(docket(&scene, &["audit", "--limit", "3"], "").unwrap().lines().count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn r20_a_new_key_is_added_with_a_command_and_nobody_is_logged_out() {
    // A secret of its own, in the data folder.
    let scene = Scene::new().without("DOCKET_SECRET");
    docket(&scene, &["migrate"], "").unwrap();
    docket(&scene, &["user", "create", "ann@example.org", "ann"], &format!("{PASSWORD}\n")).unwrap();
    let server = scene.start();
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    let tokens = Program::at(&server.url).post("/auth/log-in", &log_in).await.expect(200).body;
    server.stopped().await;
    assert!(docket(&scene, &["keys", "rotate"], "").unwrap().contains("Nobody is logged out"));
    let server = scene.start();
    let program = Program::at(&server.url);
    program.with(&tokens).get("/me").await.expect(200);
    let refreshed = program.post("/auth/refresh", &json!({"refresh_token": tokens["refresh_token"]})).await;
    let refreshed = refreshed.expect(200).body;
    server.stopped().await;
    assert!(docket(&scene, &["keys", "rotate", "--leaked"], "").unwrap().contains("everybody has to log in again"));
    let server = scene.start();
    let program = Program::at(&server.url);
    program.with(&refreshed).get("/me").await.problem(401, "token_invalid");
    let late = program.post("/auth/refresh", &json!({"refresh_token": refreshed["refresh_token"]})).await;
    late.problem(401, "token_invalid");
    program.post("/auth/log-in", &log_in).await.expect(200);
    let elsewhere = Scene::new().without("DOCKET_SECRET");
    let refused = docket(&elsewhere, &["keys", "rotate", "--leaked"], "").unwrap_err();
    assert!(refused.contains("there is no secret at"), "{refused}");
    assert!(!elsewhere.folder().join("data").exists(), "and none is made");
    // Where a setting names the secret, the command tells what to do.
    let scene = Scene::new();
    assert!(docket(&scene, &["keys", "rotate"], "").unwrap().contains("behind what DOCKET_SECRET holds"));
}
