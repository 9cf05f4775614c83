//! Sessions under random interleavings, compared with a model that is plain to see through (R22 to R25), and the
//! replacement of keys (R20).

use std::time::Duration;

use docket::accounts::service::{log_in, verify};
use docket::error::Code;
use docket::sessions::AccessToken;
use docket::sessions::service::{self as sessions, by_access_token, by_cookie, end_by_refresh_token, end_one, refresh};
use docket::time::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use crate::support::{PASSWORD, World, days, minutes, refused};

const GRACE: Duration = Duration::from_secs(10);

/// Something that is done; numbers choose among what there is by then.
#[derive(Debug, Clone)]
enum Step {
    LogIn,
    /// With any refresh token that was ever given out.
    Refresh(usize),
    LogOut(usize),
    Revoke(usize),
    RevokeOthers(usize),
    /// Two tabs at once with the same newest refresh token, while a third loads a page.
    Race(usize),
    /// Prove who one is: another session cookie.
    Prove(usize),
    /// Look at a page.
    Page(usize),
    /// Call with any access token that was ever given out.
    Call(usize),
    Wait(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    // No sum of some of these comes near the grace, the ten minutes of an access token, or the ends of a session.
    let waits = [3, 13, 660, 26 * 3600, 29 * 86_400, 31 * 86_400].map(Duration::from_secs).to_vec();
    let any = 0..1000_usize;
    prop_oneof![
        2 => Just(Step::LogIn),
        10 => any.clone().prop_map(Step::Refresh),
        1 => any.clone().prop_map(Step::LogOut),
        1 => any.clone().prop_map(Step::Revoke),
        1 => any.clone().prop_map(Step::RevokeOthers),
        3 => any.clone().prop_map(Step::Race),
        2 => any.clone().prop_map(Step::Prove),
        3 => any.clone().prop_map(Step::Page),
        4 => any.prop_map(Step::Call),
        6 => prop::sample::select(waits).prop_map(Step::Wait),
    ]
}

/// What a session is meant to be.
struct Session {
    id: Uuid,
    cookie: String,
    /// The cookie before, and until when it is good.
    older_cookie: Option<(String, Timestamp)>,
    refresh: Vec<String>,
    access: Vec<(AccessToken, Timestamp)>,
    rotated_at: Timestamp,
    last_seen_at: Timestamp,
    begun_at: Timestamp,
    ended: bool,
}

impl Session {
    fn is_over(&self, now: Timestamp) -> bool {
        self.ended || now >= self.begun_at.plus(days(180))
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        now >= self.last_seen_at.plus(days(30))
    }
}

struct Model<'a> {
    world: &'a World,
    user: Uuid,
    name: String,
    sessions: Vec<Session>,
}

impl Model<'_> {
    fn now(&self) -> Timestamp {
        self.world.docket.clock.now()
    }

    // The session and generation of a refresh token.
    fn token(&self, choice: usize) -> Option<(usize, usize)> {
        let all: Vec<_> =
            self.sessions.iter().enumerate().flat_map(|(at, s)| (0..s.refresh.len()).map(move |g| (at, g))).collect();
        (!all.is_empty()).then(|| all[choice % all.len()])
    }

    async fn take(&mut self, step: Step) {
        let docket = &self.world.docket;
        match step {
            Step::Wait(time) => self.world.wait(time),
            Step::LogIn => {
                let opened = log_in(docket, &self.name, PASSWORD).await.unwrap();
                let identity = self.world.identity(&opened).await;
                let now = self.now();
                self.sessions.push(Session {
                    id: identity.session_id,
                    cookie: opened.cookie.unwrap().expose().to_owned(),
                    older_cookie: None,
                    refresh: vec![opened.refresh.expose().to_owned()],
                    access: vec![(opened.access, now)],
                    rotated_at: now,
                    last_seen_at: now,
                    begun_at: now,
                    ended: false,
                });
            }
            Step::Refresh(choice) => {
                let Some((at, generation)) = self.token(choice) else { return };
                let now = self.now();
                let session = &mut self.sessions[at];
                let answer = refresh(docket, &session.refresh[generation]).await;
                let newest = session.refresh.len() - 1;
                if session.is_over(now) || session.is_idle(now) {
                    assert_eq!(refused(answer).code(), Code::TokenInvalid);
                } else if generation == newest {
                    let opened = answer.unwrap();
                    session.refresh.push(opened.refresh.expose().to_owned());
                    session.access.push((opened.access, now));
                    (session.rotated_at, session.last_seen_at) = (now, now);
                } else if generation + 1 == newest && now <= session.rotated_at.plus(GRACE) {
                    let opened = answer.unwrap();
                    assert_eq!(opened.refresh.expose(), session.refresh[newest], "the same successor");
                    session.access.push((opened.access, now));
                } else {
                    assert_eq!(refused(answer).code(), Code::TokenInvalid);
                    session.ended = true;
                }
            }
            Step::LogOut(choice) => {
                let Some((at, generation)) = self.token(choice) else { return };
                end_by_refresh_token(docket, &self.sessions[at].refresh[generation]).await.unwrap();
                self.sessions[at].ended = true;
            }
            Step::Revoke(choice) => {
                if self.sessions.is_empty() {
                    return;
                }
                let (at, now) = (choice % self.sessions.len(), self.now());
                let answer = end_one(docket, self.user, self.sessions[at].id).await;
                assert_eq!(answer.is_ok(), !self.sessions[at].is_over(now));
                self.sessions[at].ended = true;
            }
            Step::RevokeOthers(choice) => {
                let now = self.now();
                let alive: Vec<_> = (0..self.sessions.len()).filter(|at| !self.sessions[*at].is_over(now)).collect();
                if alive.is_empty() {
                    return;
                }
                let kept = alive[choice % alive.len()];
                let token = sessions::refresh(docket, self.sessions[kept].refresh.last().unwrap()).await;
                let Ok(opened) = token else { return };
                let session = &mut self.sessions[kept];
                session.refresh.push(opened.refresh.expose().to_owned());
                session.access.push((opened.access.clone(), now));
                (session.rotated_at, session.last_seen_at) = (now, now);
                let identity = self.world.identity(&opened).await;
                sessions::end_all_others(docket, &identity).await.unwrap();
                self.sessions.iter_mut().enumerate().filter(|(at, _)| *at != kept).for_each(|(_, s)| s.ended = true);
            }
            Step::Race(choice) => {
                if self.sessions.is_empty() {
                    return;
                }
                let (at, now) = (choice % self.sessions.len(), self.now());
                let session = &mut self.sessions[at];
                let token = session.refresh.last().unwrap().clone();
                let (one, two, page) =
                    tokio::join!(refresh(docket, &token), refresh(docket, &token), by_cookie(docket, &session.cookie));
                let alive = !session.is_over(now) && !session.is_idle(now);
                assert_eq!(page.unwrap().is_some(), alive);
                assert_eq!((one.is_ok(), two.is_ok()), (alive, alive), "nobody is logged out for being second");
                if let (Ok(one), Ok(two)) = (one, two) {
                    assert_eq!(one.refresh.expose(), two.refresh.expose());
                    session.refresh.push(one.refresh.expose().to_owned());
                    session.access.extend([(one.access, now), (two.access, now)]);
                    (session.rotated_at, session.last_seen_at) = (now, now);
                }
            }
            Step::Prove(choice) => {
                if self.sessions.is_empty() {
                    return;
                }
                let (at, now) = (choice % self.sessions.len(), self.now());
                let session = &mut self.sessions[at];
                if let Some(who) = by_cookie(docket, &session.cookie).await.unwrap() {
                    if now > session.last_seen_at.plus(minutes(10)) {
                        session.last_seen_at = now;
                    }
                    let cookie = sessions::prove(docket, &who, PASSWORD).await.unwrap().expose().to_owned();
                    let older = std::mem::replace(&mut session.cookie, cookie);
                    session.older_cookie = Some((older, now.plus(GRACE)));
                }
            }
            Step::Page(choice) => {
                if self.sessions.is_empty() {
                    return;
                }
                let (at, now) = (choice % self.sessions.len(), self.now());
                let session = &mut self.sessions[at];
                let alive = !session.is_over(now) && !session.is_idle(now);
                assert_eq!(by_cookie(docket, &session.cookie).await.unwrap().is_some(), alive);
                if alive && now > session.last_seen_at.plus(minutes(10)) {
                    session.last_seen_at = now;
                }
                if let Some((older, until)) = &session.older_cookie {
                    assert_eq!(by_cookie(docket, older).await.unwrap().is_some(), alive && now < *until);
                }
            }
            Step::Call(choice) => {
                let all: Vec<_> =
                    self.sessions.iter().flat_map(|s| s.access.iter().map(move |access| (s, access))).collect();
                if all.is_empty() {
                    return;
                }
                let (session, (token, since)) = all[choice % all.len()];
                let now = self.now();
                let answer = by_access_token(docket, &token.access_token).await.map(|who| who.session_id);
                let expected = if now >= since.plus(minutes(10)) {
                    Err(Code::TokenExpired)
                } else if session.is_over(now) {
                    Err(Code::TokenInvalid)
                } else {
                    Ok(session.id)
                };
                assert_eq!(answer.map_err(|error| error.code()), expected);
            }
        }
    }
}

#[test]
fn r22_r23_r24_r25_sessions_do_what_the_model_does_whatever_happens_in_whichever_order() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::with(&[("DOCKET_LIMIT_ACCOUNT", "off")]));
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let steps = prop::collection::vec(step(), 1..60);
    let outcome = runner.run(&(steps, any::<u64>()), |(steps, salt)| {
        // Everybody's own account, so that no case sees what another one left.
        let name = format!("u{salt:x}");
        runtime.block_on(async {
            let user = world.user(&name).await.id;
            let mut model = Model { world: &world, user, name, sessions: Vec::new() };
            for step in steps {
                model.take(step).await;
            }
        });
        Ok(())
    });
    outcome.unwrap();
}

#[tokio::test]
async fn r20_a_new_key_logs_nobody_out_and_an_old_one_ends_when_it_is_taken_away() {
    let (old, new) = ("o".repeat(32), "n".repeat(32));
    let world = World::with(&[("DOCKET_SECRET", &old)]).await;
    let opened = world.someone("ann").await;
    let world = world.restarted_with("DOCKET_SECRET", &format!("{new},{old}")).await;
    by_access_token(&world.docket, &opened.access.access_token).await.unwrap();
    assert!(by_cookie(&world.docket, opened.cookie.unwrap().expose()).await.unwrap().is_some());
    let renewed = refresh(&world.docket, opened.refresh.expose()).await.unwrap();
    // From now on the new one signs: without the old one, what it made is good and the rest is not.
    let world = world.restarted_with("DOCKET_SECRET", &new).await;
    by_access_token(&world.docket, &renewed.access.access_token).await.unwrap();
    let again = refresh(&world.docket, renewed.refresh.expose()).await.unwrap();
    assert_eq!(refused(by_access_token(&world.docket, &opened.access.access_token).await).code(), Code::TokenInvalid);
    let world = world.restarted_with("DOCKET_SECRET", &old).await;
    assert_eq!(refused(refresh(&world.docket, again.refresh.expose()).await).code(), Code::TokenInvalid);
}

#[tokio::test]
async fn r20_codes_on_their_way_stay_good_in_each_step_of_the_guide_and_on_each_node() {
    if !testing::on_servers() {
        return; // In the process a code is lost with the restart.
    }
    let (old, new) = ("o".repeat(32), "n".repeat(32));
    let steps = [old.clone(), format!("{old},{new}"), format!("{new},{old}")];
    // A code of a node of one step is taken by nodes of the steps beside it.
    for (from, to) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
        let world = World::with(&[("DOCKET_SECRET", &steps[from])]).await;
        let flow = world.sign_up("ann").await;
        let code = world.code().await;
        let world = world.restarted_with("DOCKET_SECRET", &steps[to]).await;
        verify(&world.docket, flow, &code).await.unwrap_or_else(|error| panic!("{from} to {to}: {error}"));
    }
}

#[tokio::test]
async fn r27_proving_who_one_is_makes_the_session_fresh_and_gives_it_another_cookie() {
    use docket::accounts::profile::begin_email_change;
    let world = World::new().await;
    let opened = world.someone("ann").await;
    let cookie = opened.cookie.unwrap();
    world.wait(minutes(11));
    let who = by_cookie(&world.docket, cookie.expose()).await.unwrap().unwrap();
    let stale = refused(begin_email_change(&world.docket, &who, "new@example.org").await);
    assert_eq!(stale.code(), Code::ReauthenticationRequired);
    assert_eq!(refused(sessions::prove(&world.docket, &who, "wrong password").await).code(), Code::ValidationFailed);
    let proven = sessions::prove(&world.docket, &who, PASSWORD).await.unwrap();
    // An answer may be lost on its way, another tab be loading a page.
    assert!(by_cookie(&world.docket, cookie.expose()).await.unwrap().is_some());
    world.wait(GRACE);
    assert!(by_cookie(&world.docket, cookie.expose()).await.unwrap().is_none(), "the older cookie is void");
    let who = by_cookie(&world.docket, proven.expose()).await.unwrap().unwrap();
    begin_email_change(&world.docket, &who, "new@example.org").await.unwrap();
    refresh(&world.docket, opened.refresh.expose()).await.unwrap();
}
