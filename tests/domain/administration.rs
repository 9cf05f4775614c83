//! What whoever runs Docket does with accounts.

use docket::accounts::Role;
use docket::accounts::administration::{
    self as accounts, create, disable, enable, find, page, reset_password, set_role,
};
use docket::accounts::service::log_in;
use docket::error::{Code, Error, Problem};
use docket::sessions::service::{by_access_token, by_cookie, refresh};

use crate::support::{PASSWORD, World, refused};

#[tokio::test]
async fn an_account_can_be_made_for_somebody_with_a_role() {
    let world = World::new().await;
    let (entry, password) = create(&world.docket, "Ann@example.org", "ann", None, None).await.unwrap();
    let ann = log_in(&world.docket, "ann@example.org", password.expose()).await.unwrap().profile.user;
    assert_eq!((ann.role, ann.email.as_str()), (Role::Admin, "Ann@example.org"), "the first there is");
    assert_eq!((entry.id, entry.role), (ann.id, Role::Admin));
    let (entry, password) = create(&world.docket, "bob@example.org", "bob", Some(PASSWORD), None).await.unwrap();
    assert_eq!((password.expose(), entry.role), (PASSWORD, Role::User));
    create(&world.docket, "zoe@example.org", "zoe", Some(PASSWORD), Some(Role::Admin)).await.unwrap();
    assert_eq!(log_in(&world.docket, "zoe", PASSWORD).await.unwrap().profile.user.role, Role::Admin);
    for (email, name, field) in [("x@example.org", "BOB", "username"), ("bob@EXAMPLE.org", "x-1", "email")] {
        match refused(create(&world.docket, email, name, None, None).await) {
            Error::Invalid(fields) => assert_eq!(fields.0[field], [Problem::Taken]),
            other => panic!("{other}"),
        }
    }
    let common = create(&world.docket, "eve@example.org", "eve", Some("password"), None).await;
    assert_eq!(common.unwrap_err().code(), Code::PasswordTooCommon);
}

#[tokio::test]
async fn r18_a_closed_account_lets_nobody_in_and_its_sessions_end_at_once() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let token = &opened.access.access_token;
    by_access_token(&world.docket, token).await.unwrap();
    disable(&world.docket, "Ann").await.unwrap();
    assert_eq!(refused(by_access_token(&world.docket, token).await).code(), Code::TokenInvalid);
    assert!(by_cookie(&world.docket, opened.cookie.unwrap().expose()).await.unwrap().is_none());
    assert_eq!(refused(refresh(&world.docket, opened.refresh.expose()).await).code(), Code::TokenInvalid);
    assert_eq!(refused(log_in(&world.docket, "ann", PASSWORD).await).code(), Code::CredentialsInvalid);
    assert!(find(&world.docket, "ann").await.unwrap().disabled_at.is_some());
    enable(&world.docket, "ann@example.org").await.unwrap();
    log_in(&world.docket, "ann", PASSWORD).await.unwrap();
    assert!(refresh(&world.docket, opened.refresh.expose()).await.is_err(), "what has ended stays ended");
}

#[tokio::test]
async fn roles_and_passwords_can_be_set() {
    let world = World::new().await;
    world.user("ann").await;
    let opened = world.someone("bob").await;
    assert_eq!(world.identity(&opened).await.user.role, Role::User);
    set_role(&world.docket, "bob", Role::Admin).await.unwrap();
    assert_eq!(world.identity(&opened).await.user.role, Role::Admin, "sessions go on, with the new role");
    let password = reset_password(&world.docket, "bob@example.org").await.unwrap();
    assert_eq!(refused(by_access_token(&world.docket, &opened.access.access_token).await).code(), Code::TokenInvalid);
    assert_eq!(refused(log_in(&world.docket, "bob", PASSWORD).await).code(), Code::CredentialsInvalid);
    log_in(&world.docket, "bob", password.expose()).await.unwrap();
    assert_eq!(world.mails().await[0].subject, "Your Docket password was changed");
    for nobody in ["nobody", "nobody@example.org", "not a name", ""] {
        assert_eq!(refused(accounts::disable(&world.docket, nobody).await).code(), Code::NotFound);
        assert_eq!(refused(reset_password(&world.docket, nobody).await).code(), Code::NotFound);
    }
    let all = page(&world.docket, None).await.unwrap();
    assert_eq!(all.iter().map(|entry| entry.username.as_str()).collect::<Vec<_>>(), ["ann", "bob"]);
    assert_eq!(page(&world.docket, all.first()).await.unwrap(), all[1..]);
}
