//! Mail on its way.

use docket::accounts::service::log_in;
use docket::mail::worker;
use docket::sessions::service::Client;

use crate::support::{PASSWORD, World, minutes};

#[tokio::test]
async fn a_mail_says_the_same_as_text_and_as_html() {
    let world = World::new().await;
    world.sign_up("ann").await;
    let mail = world.mails().await.remove(0);
    let code = world.code().await;
    assert_eq!(mail.recipient, "ann@example.org");
    for part in [&mail.subject, &mail.text, &mail.html] {
        assert!(part.contains(&code), "{part}");
    }
}

#[tokio::test]
async fn queued_mail_survives_a_restart_and_is_sent_once() {
    let world = World::new().await;
    world.sign_up("ann").await;
    let world = world.restarted().await;
    assert_eq!(world.mails().await.len(), 1);
    assert_eq!(world.mails().await.len(), 1);
}

#[tokio::test]
async fn an_expired_code_is_not_mailed() {
    let world = World::new().await;
    world.sign_up("ann").await;
    world.wait(minutes(11));
    assert!(world.mails().await.is_empty());
}

#[tokio::test]
async fn an_unreachable_mail_server_delays_mail_and_nothing_else() {
    // Port 9 (discard) of the loopback address: nobody listens there.
    let world = World::with(&[("DOCKET_SMTP_URL", "smtp://127.0.0.1:9")]).await;
    let flow = world.sign_up("ann").await;
    worker::send_due(&world.docket).await.unwrap();
    let unconfirmed = log_in(&world.docket, "ann", PASSWORD, &Client::default()).await.unwrap_err();
    assert!(matches!(unconfirmed, docket::Error::EmailNotVerified { flow: told } if told == flow));
    let mut conn = world.docket.db.read().await.unwrap();
    let sql = "select count(*) from outbox where attempts = 1 and sent_at is null and failed_at is null";
    let waiting: i64 = docket::each_engine!(conn, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    assert_eq!(waiting, 1);
}

#[tokio::test]
async fn sent_mail_leaves_no_code_behind() {
    let world = World::new().await;
    world.sign_up("ann").await;
    world.mails().await;
    let mut conn = world.docket.db.read().await.unwrap();
    let sql = "select subject || body_text || body_html from outbox";
    let text: String = docket::each_engine!(conn, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    assert_eq!(text, "");
}
