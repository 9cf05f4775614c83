//! Mail on its way.

use docket::accounts::{profile, service as accounts};
use docket::background;
use docket::mail::worker;
use testing::{Manner, Sink};

use crate::support::{PASSWORD, World, days, minutes};

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
    let unconfirmed = accounts::log_in(&world.docket, "ann", PASSWORD).await.unwrap_err();
    assert!(matches!(unconfirmed, docket::Error::EmailNotVerified { flow: told } if told == flow));
    let mut conn = world.docket.db.read().await.unwrap();
    let sql = "select count(*) from outbox where attempts = 1 and sent_at is null and failed_at is null";
    let waiting: i64 = docket::each_engine!(conn, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    assert_eq!(waiting, 1);
}

/// What stands in the outbox about mails that were not sent: attempts, and whether they were given up.
async fn unsent(world: &World) -> Vec<(i64, bool)> {
    let mut conn = world.docket.db.read().await.unwrap();
    let sql = "select attempts, failed_at is not null from outbox where sent_at is null order by created_at, id";
    docket::each_engine!(conn, |c| sqlx::query_as(sql).fetch_all(c).await).unwrap()
}

async fn with_server(timeout: &str) -> (World, Sink) {
    let (sink, address) = Sink::start();
    let url = format!("smtp://{address}");
    (World::with(&[("DOCKET_SMTP_URL", &url), ("DOCKET_SMTP_TIMEOUT", timeout)]).await, sink)
}

#[tokio::test]
async fn a_mail_that_is_refused_or_not_answered_is_tried_again_until_it_arrives() {
    let (world, sink) = with_server("700ms").await;
    sink.behave(Manner::Refusing);
    world.sign_up("ann").await;
    worker::send_due(&world.docket).await.unwrap();
    assert_eq!(unsent(&world).await, [(1, false)]);
    worker::send_due(&world.docket).await.unwrap();
    assert_eq!(unsent(&world).await, [(1, false)], "not before its pause is over");
    for (manner, attempts) in [(Manner::Hanging, 2), (Manner::Slow, 3)] {
        sink.behave(manner);
        world.wait(minutes(1));
        worker::send_due(&world.docket).await.unwrap();
        assert_eq!(unsent(&world).await, [(attempts, false)], "{manner:?}");
    }
    sink.behave(Manner::Willing);
    world.wait(minutes(1));
    worker::send_due(&world.docket).await.unwrap();
    assert_eq!(unsent(&world).await, []);
    assert!(sink.code_for("ann@example.org").await.parse::<u32>().is_ok());
}

#[tokio::test]
async fn a_mail_that_nobody_takes_is_given_up_visibly_when_its_code_has_expired() {
    let (world, sink) = with_server("30s").await;
    sink.behave(Manner::Refusing);
    world.sign_up("ann").await;
    for _ in 0..2 {
        worker::send_due(&world.docket).await.unwrap();
        world.wait(minutes(11));
    }
    assert_eq!(unsent(&world).await, [(1, true)]);
    sink.behave(Manner::Willing);
    world.wait(days(1));
    worker::send_due(&world.docket).await.unwrap();
    assert!(sink.mails().is_empty(), "an expired code is not mailed");
}

#[tokio::test]
async fn a_notice_is_given_up_after_a_day_of_trying() {
    let (world, sink) = with_server("30s").await;
    let ann = world.sign_up("ann").await;
    worker::send_due(&world.docket).await.unwrap();
    let code = sink.code_for("ann@example.org").await;
    let ann = accounts::verify(&world.docket, ann, &code).await.unwrap();
    let ann = world.identity(&ann).await;
    sink.behave(Manner::Refusing);
    profile::delete(&world.docket, &ann, PASSWORD).await.unwrap();
    for hours in 0..26 {
        worker::send_due(&world.docket).await.unwrap();
        assert_eq!(unsent(&world).await[0].1, hours >= 24, "after {hours} hours");
        world.wait(minutes(60));
    }
}

#[tokio::test]
async fn two_nodes_send_each_mail_once() {
    let (world, sink) = with_server("30s").await;
    let other = world.another_node().await;
    for number in 0..25 {
        world.sign_up(&format!("ann{number}")).await;
    }
    let (one, two) = tokio::join!(worker::send_due(&world.docket), worker::send_due(&other));
    one.and(two).unwrap();
    // Whoever finds nothing due may be done before the other is.
    worker::send_due(&other).await.unwrap();
    let mut mails = sink.mails();
    mails.retain(|mail| mail.contains("To: ann"));
    assert_eq!(mails.len(), 25);
    mails.sort();
    mails.dedup();
    assert_eq!(mails.len(), 25);
}

#[tokio::test]
async fn a_mail_whose_sender_died_is_sent_by_another() {
    let (world, sink) = with_server("30s").await;
    let other = world.another_node().await;
    world.sign_up("ann").await;
    sink.behave(Manner::Hanging);
    // The future is dropped in the middle, as when a process is killed.
    tokio::select! {
        sent = worker::send_due(&world.docket) => panic!("it was not sent: {sent:?}"),
        () = sink.was_asked() => {}
    }
    sink.behave(Manner::Willing);
    worker::send_due(&other).await.unwrap();
    assert_eq!(sink.mails().len(), 0, "it may still be on its way");
    world.wait(minutes(2));
    worker::send_due(&other).await.unwrap();
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn of_two_nodes_one_cleans_up_in_an_hour() {
    let world = World::new().await;
    let other = world.another_node().await;
    for _ in 0..3 {
        let (one, two) = tokio::join!(background::clean_if_due(&world.docket), background::clean_if_due(&other));
        // Without a store that both share, each has to see to itself.
        assert!(if testing::on_servers() { one.unwrap() ^ two.unwrap() } else { one.unwrap() && two.unwrap() });
        assert!(!background::clean_if_due(&other).await.unwrap());
        world.wait(minutes(61));
    }
}

// R9.
// R9, R44.
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
