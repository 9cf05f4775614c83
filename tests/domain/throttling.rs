//! Guessing passwords is slowed down, and owners are not locked out (R7, R8, R16, R17).

use docket::accounts::profile;
use docket::accounts::service::{forgot_password, log_in, resend, reset_password, sign_up};
use docket::error::{Code, Error};
use docket::sessions::{Client, service as sessions};
use docket::{Docket, stats};

use crate::support::{PASSWORD, World, minutes, refused};

const THREE: &[(&str, &str)] = &[("DOCKET_LIMIT_ACCOUNT", "3/15m")];

async fn guess(docket: &Docket, login: &str) -> Code {
    refused(log_in(docket, login, "wrong password").await).code()
}

fn on(world: &World, device: Option<&str>) -> Docket {
    world.docket.asked_by(Client { device: device.map(str::to_owned), ..Client::default() })
}

#[tokio::test]
async fn r17_strangers_who_guess_are_stopped_and_a_known_device_is_not() {
    let world = World::with(THREE).await;
    let opened = world.someone("ann").await;
    let other = world.someone("bob").await.device.unwrap();
    for _ in 0..3 {
        assert_eq!(guess(&world.docket, "ann").await, Code::CredentialsInvalid);
    }
    assert!(matches!(
        refused(log_in(&world.docket, "ann", PASSWORD).await),
        Error::RateLimited { retry_after: 890..=901 }
    ));
    // Neither a device of somebody else nor an invented one is known.
    for device in [other.expose(), "x", ""] {
        assert_eq!(refused(log_in(&on(&world, Some(device)), "ann", PASSWORD).await).code(), Code::RateLimited);
    }
    let device = opened.device.unwrap();
    log_in(&on(&world, Some(device.expose())), "ann", PASSWORD).await.unwrap();
    world.wait(minutes(15));
    log_in(&world.docket, "ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn r17_a_known_device_has_tries_of_its_own_and_not_endless_ones() {
    let world = World::with(THREE).await;
    let device = world.someone("ann").await.device.unwrap();
    let docket = on(&world, Some(device.expose()));
    for _ in 0..3 {
        assert_eq!(guess(&docket, "ann").await, Code::CredentialsInvalid);
    }
    assert_eq!(guess(&docket, "ann").await, Code::RateLimited);
    log_in(&world.docket, "ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn r17_the_right_password_forgets_the_wrong_ones() {
    let world = World::with(THREE).await;
    world.user("ann").await;
    for _ in 0..4 {
        guess(&world.docket, "ann").await;
        guess(&world.docket, "ann").await;
        log_in(&world.docket, "ann", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn r17_many_guesses_at_once_are_counted_too() {
    let world = World::with(THREE).await;
    world.user("ann").await;
    let guesses = (0..12).map(|_| guess(&world.docket, "ann"));
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|code| **code == Code::CredentialsInvalid).count(), 3);
}

#[tokio::test]
async fn r17_within_a_session_guessing_is_slowed_down_too() {
    let world = World::with(THREE).await;
    let ann = world.identity(&world.someone("ann").await).await;
    for _ in 0..3 {
        assert_eq!(refused(sessions::prove(&world.docket, &ann, "wrong").await).code(), Code::ValidationFailed);
    }
    assert_eq!(refused(profile::delete(&world.docket, &ann, PASSWORD).await).code(), Code::RateLimited);
    assert_eq!(
        refused(profile::change_password(&world.docket, &ann, PASSWORD, "another password").await).code(),
        Code::RateLimited
    );
}

#[tokio::test]
async fn r7_unknown_and_known_names_are_answered_and_stopped_alike() {
    let world = World::with(THREE).await;
    world.user("ann").await;
    for _ in 0..5 {
        let (known, unknown) = (
            refused(log_in(&world.docket, "ann", "wrong password").await),
            refused(log_in(&world.docket, "nobody", "wrong password").await),
        );
        assert_eq!((known.code(), known.to_string()), (unknown.code(), unknown.to_string()));
    }
}

#[tokio::test]
async fn r8_whether_there_is_an_account_makes_no_difference_in_the_work_of_an_answer() {
    let world = World::new().await;
    world.user("ann").await;
    world.wait(minutes(2));
    let hashed = async || stats::now(&world.docket).await.unwrap().hashed;
    let mut work = Vec::new();
    for login in ["ann", "nobody", "ann@example.org", "nobody@example.org"] {
        let before = hashed().await;
        guess(&world.docket, login).await;
        work.push(hashed().await - before);
    }
    for (email, name) in [("ann@example.org", "eve"), ("new@example.org", "new")] {
        let before = hashed().await;
        sign_up(&world.docket, email, name, PASSWORD).await.unwrap();
        work.push(hashed().await - before);
    }
    assert_eq!(work, [1; 6]);
    for email in ["ann@example.org", "nobody@example.org"] {
        let (before, mails) = (hashed().await, world.mails().await.len());
        forgot_password(&world.docket, email).await.unwrap();
        assert_eq!((hashed().await, world.mails().await.len()), (before, mails + 1), "{email}");
    }
}

#[tokio::test]
async fn r12_one_address_gets_one_mail_of_a_kind_in_a_while_whoever_asks() {
    let world = World::new().await;
    world.user("ann").await;
    world.wait(minutes(2));
    for (known, unknown) in [("ann@example.org", "zoe@example.org")] {
        for email in [known, unknown] {
            let name = if email == known { "eve" } else { "zoe" };
            sign_up(&world.docket, email, name, PASSWORD).await.unwrap();
            let again = refused(sign_up(&world.docket, email, "another", PASSWORD).await);
            assert!(matches!(again, Error::RateLimited { retry_after: 55..=61 }), "{again}");
            // A mail of another kind is another matter: nobody is kept from a new password by somebody who signs up.
            forgot_password(&world.docket, email).await.unwrap();
            assert_eq!(refused(forgot_password(&world.docket, email).await).code(), Code::RateLimited);
        }
    }
    world.wait(minutes(1));
    sign_up(&world.docket, "zoe@example.org", "another", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn r17_a_sign_up_under_somebody_elses_address_does_not_begin_the_count_anew() {
    let world = World::with(THREE).await;
    world.user("ann").await;
    world.wait(minutes(2));
    sign_up(&world.docket, "ann@example.org", "mallory", "a password of mallory").await.unwrap();
    let login = "ann@example.org";
    for _ in 0..2 {
        guess(&world.docket, login).await;
    }
    let own = refused(log_in(&world.docket, login, "a password of mallory").await).code();
    assert_eq!(own, Code::EmailNotVerified);
    assert_eq!(guess(&world.docket, login).await, Code::RateLimited);
}

#[tokio::test]
async fn r17_whoever_has_set_another_password_by_code_gets_in() {
    let world = World::with(THREE).await;
    let device = world.someone("ann").await.device.unwrap();
    world.wait(minutes(2));
    let docket = on(&world, Some(device.expose()));
    for _ in 0..4 {
        guess(&world.docket, "ann").await;
        guess(&docket, "ann").await;
    }
    assert_eq!(guess(&docket, "ann").await, Code::RateLimited);
    let flow = forgot_password(&world.docket, "ann@example.org").await.unwrap();
    reset_password(&world.docket, flow, &world.code().await, "another password").await.unwrap();
    log_in(&docket, "ann", "another password").await.unwrap();
    log_in(&world.docket, "ann", "another password").await.unwrap();
}

#[tokio::test]
async fn r12_many_flows_of_one_address_bring_no_more_mail() {
    let world = World::new().await;
    world.user("ann").await;
    let mut flows = Vec::new();
    for _ in 0..3 {
        world.wait(minutes(1));
        flows.push(forgot_password(&world.docket, "ann@example.org").await.unwrap());
    }
    world.wait(minutes(1));
    let before = world.mails().await.len();
    for flow in flows {
        let _ = resend(&world.docket, flow).await;
    }
    assert_eq!(world.mails().await.len(), before + 1);
}
