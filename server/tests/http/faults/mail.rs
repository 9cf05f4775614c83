//! The mail server refuses, hangs, or is slow.

use serde_json::json;
use testing::Manner;

use super::Scene;
use crate::api::Program;
use crate::support::PASSWORD;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_mail_server_does_signing_up_is_answered_and_the_code_arrives_in_the_end() {
    let scene = Scene::new().set("DOCKET_SMTP_TIMEOUT", "500ms");
    let program = scene.start();
    let stranger = Program::at(&program.url);
    for (name, manner) in [("ann", Manner::Refusing), ("bob", Manner::Hanging), ("cleo", Manner::Slow)] {
        scene.sink.behave(manner);
        let email = format!("{name}@example.org");
        let new = json!({"email": email, "username": name, "password": PASSWORD});
        let flow = stranger.post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
        // Waited for on the outbox' behalf: it has tried at least once, and will again after its first pause.
        scene.sink.was_asked().await;
        scene.sink.behave(Manner::Willing);
        let verification = json!({"flow": flow, "code": scene.sink.code_for(&email).await, "cookies": false});
        stranger.post("/auth/verify", &verification).await.expect(201);
    }
}
