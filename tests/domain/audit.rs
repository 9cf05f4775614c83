//! What happened is written down, and stays (R45).

use docket::accounts::service::{forgot_password, log_in, reset_password};
use docket::accounts::{Username, profile};
use docket::audit::{Event, Record, service::newest};
use docket::rows::Expected;
use docket::sessions::{Client, service as sessions};
use docket::{background, each_engine};

use crate::support::{PASSWORD, World, days, minutes, refused};

fn happened(records: &[Record]) -> Vec<(Event, bool)> {
    records.iter().rev().map(|record| (record.event, record.done)).collect()
}

#[tokio::test]
async fn r45_what_happens_to_an_account_is_written_down_with_who_where_and_when() {
    let mut world = World::new().await;
    world.docket = world.docket.asked_by(Client { ip: "192.0.2.7".into(), ..Client::default() });
    let here = world.identity(&world.someone("ann").await).await;
    let there = world.identity(&log_in(&world.docket, "ann", PASSWORD).await.unwrap()).await;
    refused(log_in(&world.docket, "ann", "wrong password").await);
    world.wait(minutes(2));
    let flow = forgot_password(&world.docket, "ann@example.org").await.unwrap();
    let wrong = if world.code().await == "000000" { "000001" } else { "000000" };
    refused(reset_password(&world.docket, flow, wrong, "another password").await);
    sessions::prove(&world.docket, &here, PASSWORD).await.unwrap();
    sessions::end_one(&world.docket, here.user.id, there.session_id).await.unwrap();
    let name = Username::parse("anna").unwrap();
    profile::change(&world.docket, &here, Some(&name), &Expected::Any).await.unwrap();
    profile::change_password(&world.docket, &here, PASSWORD, "battery horse correct").await.unwrap();
    sessions::end(&world.docket, here.user.id, here.session_id).await.unwrap();

    let records = newest(&world.docket, Some(here.user.id), 50).await.unwrap();
    assert_eq!(
        happened(&records),
        [
            (Event::AccountCreated, true),
            (Event::LogIn, true),
            (Event::LogIn, true),
            (Event::LogIn, false),
            (Event::PasswordForgotten, true),
            (Event::CodeEntered, false),
            (Event::Reauthentication, true),
            (Event::SessionEnded, true),
            (Event::UsernameChanged, true),
            (Event::PasswordChanged, true),
            (Event::LogOut, true),
        ]
    );
    assert!(records.iter().all(|record| record.ip == "192.0.2.7" && record.at <= world.docket.clock.now()));
    assert_eq!(records[0].session_id, Some(here.session_id));
    assert_eq!(newest(&world.docket, None, 50).await.unwrap().len(), 12, "the sign-up was nobody's yet");
}

#[tokio::test]
async fn r45_a_refresh_token_that_comes_back_is_written_down() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    sessions::refresh(&world.docket, opened.refresh.expose()).await.unwrap();
    world.wait(minutes(1));
    refused(sessions::refresh(&world.docket, opened.refresh.expose()).await);
    let records = newest(&world.docket, Some(opened.profile.user.id), 1).await.unwrap();
    assert_eq!(happened(&records), [(Event::RefreshReused, true)]);
}

#[tokio::test]
async fn r45_records_outlive_the_account_without_its_address_and_for_a_year() {
    let world = World::new().await;
    let ann = world.identity(&world.someone("ann").await).await;
    profile::delete(&world.docket, &ann, PASSWORD).await.unwrap();
    let records = newest(&world.docket, Some(ann.user.id), 50).await.unwrap();
    assert_eq!(records[0].event, Event::AccountDeleted);
    assert!(!format!("{records:?}").contains("example.org"));
    world.wait(days(364));
    background::clean(&world.docket).await.unwrap();
    assert_eq!(newest(&world.docket, Some(ann.user.id), 50).await.unwrap(), records);
    world.wait(days(1));
    background::clean(&world.docket).await.unwrap();
    assert!(newest(&world.docket, None, 50).await.unwrap().is_empty());
}

#[tokio::test]
async fn r45_no_record_is_ever_changed() {
    let world = World::new().await;
    world.user("ann").await;
    let before = newest(&world.docket, None, 50).await.unwrap();
    let mut tx = world.docket.db.write().await.unwrap();
    let changed = each_engine!(tx, |c| sqlx::query("update audit set ip = ''").execute(c).await.map(drop));
    assert!(changed.unwrap_err().to_string().contains("never changed"));
    drop(tx);
    assert_eq!(newest(&world.docket, None, 50).await.unwrap(), before);
}

#[test]
fn every_event_has_a_name_of_its_own() {
    for event in Event::ALL {
        assert_eq!(Event::try_from(event.as_str().to_owned()), Ok(event));
    }
}
