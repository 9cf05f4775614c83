//! Access tokens, refresh tokens and session cookies.

use docket::accounts::service::log_in;
use docket::error::Code;
use docket::sessions::service::{by_access_token, by_cookie, end, end_by_refresh_token, refresh};

use crate::support::{PASSWORD, World, days, minutes, refused};

#[tokio::test]
async fn an_access_token_works_for_ten_minutes_and_is_renewed() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    assert_eq!(by_access_token(&world.docket, &opened.access.access_token).await.unwrap().user, opened.profile.user);
    world.wait(minutes(10));
    assert_eq!(refused(by_access_token(&world.docket, &opened.access.access_token).await).code(), Code::TokenExpired);
    let renewed = refresh(&world.docket, opened.refresh.expose()).await.unwrap();
    assert!(renewed.cookie.is_none(), "the cookie stays as it is");
    assert_eq!(by_access_token(&world.docket, &renewed.access.access_token).await.unwrap().user, opened.profile.user);
}

#[tokio::test]
async fn a_session_survives_a_restart_of_the_server() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let cookie = opened.cookie.unwrap();
    let world = world.restarted().await;
    assert_eq!(by_cookie(&world.docket, cookie.expose()).await.unwrap().unwrap().user, opened.profile.user);
    by_access_token(&world.docket, &opened.access.access_token).await.unwrap();
    refresh(&world.docket, opened.refresh.expose()).await.unwrap();
}

// R22.
#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_stay_and_get_the_same_successor() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let token = opened.refresh.expose();
    let (first, second) = tokio::join!(refresh(&world.docket, token), refresh(&world.docket, token));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.refresh.expose(), second.refresh.expose());
    refresh(&world.docket, second.refresh.expose()).await.unwrap();
}

// R23.
#[tokio::test]
async fn a_used_refresh_token_that_comes_back_after_the_grace_ends_the_session() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let next = refresh(&world.docket, opened.refresh.expose()).await.unwrap();
    world.wait(std::time::Duration::from_secs(11));
    assert_eq!(refused(refresh(&world.docket, opened.refresh.expose()).await).code(), Code::TokenInvalid);
    assert_eq!(refused(refresh(&world.docket, next.refresh.expose()).await).code(), Code::TokenInvalid);
    assert_eq!(refused(by_access_token(&world.docket, &next.access.access_token).await).code(), Code::TokenInvalid);
    assert!(by_cookie(&world.docket, opened.cookie.unwrap().expose()).await.unwrap().is_none());
}

// R23.
#[tokio::test]
async fn a_forged_refresh_token_harms_nobody() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let genuine = opened.refresh.expose();
    let last = if genuine.ends_with('A') { "B" } else { "A" };
    for forged in [format!("{}{last}", &genuine[..genuine.len() - 1]), "x".repeat(genuine.len()), String::new()] {
        assert_eq!(refused(refresh(&world.docket, &forged).await).code(), Code::TokenInvalid);
    }
    refresh(&world.docket, genuine).await.unwrap();
}

// R24.
#[tokio::test]
async fn a_session_ends_when_idle_or_old_whatever_comes_first() {
    let world = World::new().await;
    let idle = world.someone("ann").await;
    world.wait(days(30));
    assert!(by_cookie(&world.docket, idle.cookie.unwrap().expose()).await.unwrap().is_none());
    assert!(refresh(&world.docket, idle.refresh.expose()).await.is_err());

    let mut used = log_in(&world.docket, "ann", PASSWORD).await.unwrap();
    let cookie = used.cookie.clone().unwrap();
    for _ in 0..8 {
        world.wait(days(20));
        used = refresh(&world.docket, used.refresh.expose()).await.unwrap();
        assert!(by_cookie(&world.docket, cookie.expose()).await.unwrap().is_some());
    }
    world.wait(days(20));
    assert!(refresh(&world.docket, used.refresh.expose()).await.is_err());
    assert!(by_cookie(&world.docket, cookie.expose()).await.unwrap().is_none());
}

#[tokio::test]
async fn looking_at_pages_alone_keeps_a_session_alive() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let cookie = opened.cookie.unwrap();
    for _ in 0..5 {
        world.wait(days(20));
        assert!(by_cookie(&world.docket, cookie.expose()).await.unwrap().is_some());
    }
}

// R25.
#[tokio::test]
async fn logging_out_ends_this_session_and_no_other() {
    let world = World::new().await;
    let here = world.someone("ann").await;
    let there = log_in(&world.docket, "ann", PASSWORD).await.unwrap();
    let identity = by_access_token(&world.docket, &here.access.access_token).await.unwrap();
    end(&world.docket, identity.user.id, identity.session_id).await.unwrap();
    assert_eq!(refused(by_access_token(&world.docket, &here.access.access_token).await).code(), Code::TokenInvalid);
    assert!(refresh(&world.docket, here.refresh.expose()).await.is_err());
    by_access_token(&world.docket, &there.access.access_token).await.unwrap();
    end_by_refresh_token(&world.docket, there.refresh.expose()).await.unwrap();
    assert!(refresh(&world.docket, there.refresh.expose()).await.is_err());
}

// R44.
#[tokio::test]
async fn the_database_holds_no_credential() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let secrets = [opened.cookie.unwrap(), opened.refresh].map(|secret| secret.expose().to_owned());
    world.docket.db.close().await;
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets.iter().map(String::as_str).chain([PASSWORD, opened.access.access_token.as_str()]) {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{} holds a credential",
                path.display()
            );
        }
    }
}
