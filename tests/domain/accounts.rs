//! Signing up, logging in, and setting a forgotten password.

use docket::accounts::profile;
use docket::accounts::service::{forgot_password, log_in, resend, reset_password, sign_up, verify};
use docket::error::{Code, CodeProblem, Error, Problem};
use uuid::Uuid;

use crate::support::{PASSWORD, World, days, minutes, refused};

fn code_problem(error: &Error) -> Option<CodeProblem> {
    match error {
        Error::CodeInvalid(problem) => Some(*problem),
        _ => None,
    }
}

/// A code that is not the right one.
fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

// R6.
#[tokio::test]
async fn the_mailed_code_makes_the_account_and_logs_in() {
    let world = World::new().await;
    let flow = world.sign_up("ann").await;
    let opened = verify(&world.docket, flow, &world.code().await).await.unwrap();
    assert_eq!((opened.profile.user.username.as_str(), opened.profile.user.email.as_str()), ("ann", "ann@example.org"));
    assert!(opened.cookie.is_some());
    for login in ["ann", "ANN", "ann@example.org", " Ann@Example.org "] {
        assert_eq!(log_in(&world.docket, login, PASSWORD).await.unwrap().profile.user, opened.profile.user, "{login}");
    }
}

// R10, R11.
#[tokio::test]
async fn wrong_expired_used_and_too_often_tried_codes_are_told_apart() {
    let world = World::new().await;
    let flow = world.sign_up("ann").await;
    let code = world.code().await;
    let wrong = refused(verify(&world.docket, flow, &other_than(&code)).await);
    assert_eq!(code_problem(&wrong), Some(CodeProblem::Wrong));
    verify(&world.docket, flow, &code).await.unwrap();
    let used = refused(verify(&world.docket, flow, &code).await);
    assert_eq!(code_problem(&used), Some(CodeProblem::Used));

    let flow = world.sign_up("bob").await;
    let code = world.code().await;
    for _ in 0..5 {
        let _ = refused(verify(&world.docket, flow, &other_than(&code)).await);
    }
    let tried = refused(verify(&world.docket, flow, &code).await);
    assert_eq!(code_problem(&tried), Some(CodeProblem::TooManyTries));

    let flow = world.sign_up("cid").await;
    let code = world.code().await;
    world.wait(minutes(10));
    let expired = refused(verify(&world.docket, flow, &code).await);
    assert_eq!(code_problem(&expired), Some(CodeProblem::Expired));
}

// R12.
#[tokio::test]
async fn a_new_code_voids_the_older_one_and_is_mailed_once_in_a_while() {
    let world = World::new().await;
    let flow = world.sign_up("ann").await;
    let first = world.code().await;
    assert!(matches!(refused(resend(&world.docket, flow).await), Error::RateLimited { retry_after: 60 | 61 }));
    world.wait(minutes(1));
    resend(&world.docket, flow).await.unwrap();
    let second = world.code().await;
    assert_eq!(world.mails().await.len(), 2);
    if first != second {
        assert_eq!(code_problem(&refused(verify(&world.docket, flow, &first).await)), Some(CodeProblem::Wrong));
    }
    verify(&world.docket, flow, &second).await.unwrap();
}

// R42.
#[tokio::test]
async fn a_taken_name_is_told_whatever_its_case() {
    let world = World::new().await;
    world.user("ann").await;
    let error = refused(sign_up(&world.docket, "other@example.org", "ANN", PASSWORD).await);
    assert_eq!(error.code(), Code::UsernameTaken);
}

#[tokio::test]
async fn a_known_address_gets_the_same_answer_and_its_owner_a_mail() {
    let world = World::new().await;
    world.user("ann").await;
    world.wait(minutes(1));
    let flow = sign_up(&world.docket, "Ann@example.org", "eve", PASSWORD).await.unwrap();
    let mails = world.mails().await;
    assert_eq!(mails[0].subject, "You already have a Docket account");
    for _ in 0..4 {
        assert_eq!(code_problem(&refused(verify(&world.docket, flow, "000000").await)), Some(CodeProblem::Wrong));
    }
    assert_eq!(code_problem(&refused(verify(&world.docket, flow, "000000").await)), Some(CodeProblem::TooManyTries));
    let unconfirmed = refused(log_in(&world.docket, "eve", PASSWORD).await);
    assert_eq!(unconfirmed.code(), Code::EmailNotVerified);
    world.wait(minutes(1));
    resend(&world.docket, flow).await.unwrap();
    assert_eq!(world.mails().await[0].subject, "You already have a Docket account");
}

// R14.
#[tokio::test]
async fn the_right_password_of_an_unconfirmed_sign_up_leads_to_its_code() {
    let world = World::new().await;
    let flow = world.sign_up("ann").await;
    match refused(log_in(&world.docket, "ann", PASSWORD).await) {
        Error::EmailNotVerified { flow: told } => assert_eq!(told, flow),
        other => panic!("{other:?}"),
    }
    assert_eq!(refused(log_in(&world.docket, "ann", "wrong password").await).code(), Code::CredentialsInvalid);
    world.wait(days(1));
    assert_eq!(refused(log_in(&world.docket, "ann", PASSWORD).await).code(), Code::CredentialsInvalid);
}

// R13.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_look_the_same() {
    let world = World::new().await;
    world.user("ann").await;
    let wrong = refused(log_in(&world.docket, "ann", "wrong password").await);
    let unknown = refused(log_in(&world.docket, "nobody", PASSWORD).await);
    assert_eq!((wrong.code(), wrong.to_string()), (unknown.code(), unknown.to_string()));
}

#[tokio::test]
async fn bad_input_names_every_field_and_its_problem() {
    let world = World::new().await;
    let Error::Invalid(fields) = refused(sign_up(&world.docket, "ann\r\nBcc: eve@example.org", "a\0nn", "short").await)
    else {
        panic!()
    };
    assert_eq!(fields.0["email"], [Problem::ControlCharacters]);
    assert_eq!(fields.0["username"], [Problem::ControlCharacters]);
    assert_eq!(fields.0["password"], [Problem::TooShort(8)]);
    assert!(world.mails().await.is_empty());
}

#[tokio::test]
async fn two_sign_ups_for_one_address_make_one_account() {
    let world = World::new().await;
    let first = world.sign_up("ann").await;
    let first_code = world.code().await;
    world.wait(minutes(1));
    let second = sign_up(&world.docket, "ann@example.org", "ann2", PASSWORD).await.unwrap();
    let second_code = world.code().await;
    verify(&world.docket, first, &first_code).await.unwrap();
    assert_eq!(code_problem(&refused(verify(&world.docket, second, &second_code).await)), Some(CodeProblem::Expired));
}

// R6.
#[tokio::test]
async fn verifying_twice_at_once_makes_one_account() {
    let world = World::new().await;
    let flow = world.sign_up("ann").await;
    let code = world.code().await;
    let tries = [(); 4].map(|()| verify(&world.docket, flow, &code));
    let [a, b, c, d] = tries;
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    assert_eq!([a, b, c, d].into_iter().filter(Result::is_ok).count(), 1);
}

// R15.
#[tokio::test]
async fn a_forgotten_password_is_set_by_code_and_ends_every_session() {
    let world = World::new().await;
    let opened = world.someone("ann").await;
    world.wait(minutes(2));
    let flow = forgot_password(&world.docket, "ANN@example.org").await.unwrap();
    let code = world.code().await;
    let weak = refused(reset_password(&world.docket, flow, &code, "short").await);
    assert_eq!(weak.code(), Code::ValidationFailed, "and the code is still good");
    reset_password(&world.docket, flow, &code, "a new password").await.unwrap();
    assert_eq!(world.mails().await[0].subject, "Your Docket password was changed");
    assert_eq!(refused(log_in(&world.docket, "ann", PASSWORD).await).code(), Code::CredentialsInvalid);
    log_in(&world.docket, "ann", "a new password").await.unwrap();
    let session = docket::sessions::service::by_cookie(&world.docket, opened.cookie.unwrap().expose()).await.unwrap();
    assert!(session.is_none());
    let token = docket::sessions::service::by_access_token(&world.docket, &opened.access.access_token).await;
    assert_eq!(refused(token).code(), Code::TokenInvalid);
}

// R15.
#[tokio::test]
async fn forgetting_an_unknown_address_looks_the_same_and_tells_only_the_address() {
    let world = World::new().await;
    let flow = forgot_password(&world.docket, "nobody@example.org").await.unwrap();
    assert_eq!(world.mails().await[0].subject, "There is no Docket account with this address");
    let error = refused(reset_password(&world.docket, flow, "000000", "a new password").await);
    assert!(matches!(code_problem(&error), Some(CodeProblem::Wrong | CodeProblem::Expired)));
    assert!(matches!(refused(forgot_password(&world.docket, "nobody@example.org").await), Error::RateLimited { .. }));
}

// R9.
#[tokio::test]
async fn a_code_for_one_purpose_or_flow_does_not_open_another() {
    let world = World::new().await;
    let ann = world.sign_up("ann").await;
    let code = world.code().await;
    let bob = world.sign_up("bob").await;
    if world.code().await != code {
        assert!(refused(verify(&world.docket, bob, &code).await).code() == Code::CodeInvalid);
    }
    assert_eq!(
        code_problem(&refused(reset_password(&world.docket, ann, &code, "a new password").await)),
        Some(CodeProblem::Expired)
    );
    assert_eq!(code_problem(&refused(verify(&world.docket, Uuid::now_v7(), &code).await)), Some(CodeProblem::Expired));
}

// R1.
#[tokio::test]
async fn hashes_are_argon2id_and_renewed_when_the_parameters_change() {
    async fn hash(world: &World) -> String {
        let mut conn = world.docket.db.read().await.unwrap();
        let sql = "select password_hash from users";
        docket::each_engine!(conn, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
    }
    let world = World::new().await;
    world.user("ann").await;
    assert!(hash(&world).await.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    let world = world.restarted_with("DOCKET_ARGON2", "m=16,t=2,p=1").await;
    let opened = log_in(&world.docket, "ann", PASSWORD).await.unwrap();
    assert!(hash(&world).await.starts_with("$argon2id$v=19$m=16,t=2,p=1$"));
    let account = profile::get(&world.docket, opened.profile.user.id).await.unwrap();
    assert_eq!(opened.profile, account, "the account is told as it is after its hash was renewed");
}
