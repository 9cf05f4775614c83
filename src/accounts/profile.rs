//! What somebody who is logged in does with their own account, and who has one.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codes::{self, Purpose};
use super::email::Email;
use super::mails::Ended;
use super::password::Password;
use super::store::{self, Account};
use super::{Code, Profile, Role, User, Username, mails};
use crate::Docket;
use crate::audit::{self, Event, Subject};
use crate::db::Conn;
use crate::error::{CodeProblem, Error, FieldErrors, Problem, Result};
use crate::limits::Tries;
use crate::mail::{Mail, outbox};
use crate::rows::Expected;
use crate::sessions::checked::{self, Changed};
use crate::sessions::{Identity, service as sessions};

/// How long it is tried to tell somebody what happened to their account.
pub(super) const NOTICE_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Somebody's account.
///
/// # Errors
/// [`Error::NotFound`] when it is gone.
pub async fn get(docket: &Docket, user: Uuid) -> Result<Profile> {
    get_in(&mut docket.db.read().await?, user).await
}

/// The same, of the moment that the caller's transaction sees.
pub(crate) async fn get_in(conn: &mut Conn, user: Uuid) -> Result<Profile> {
    Ok(account(conn, user).await?.into())
}

/// Gives an account another name; `None` leaves it as it is.
///
/// # Errors
/// [`Error::UsernameTaken`]; [`Error::VersionConflict`] when the account has another version than expected.
pub async fn change(
    docket: &Docket,
    who: &Identity,
    username: Option<&Username>,
    expected: &Expected,
) -> Result<Profile> {
    let user = who.user.id;
    let mut tx = docket.db.write_for(user).await?;
    let current = account(&mut tx, user).await?;
    expected.check(current.version)?;
    if let Some(username) = username.filter(|username| username.as_str() != current.username) {
        if !store::set_username(&mut tx, user, username, docket.clock.now()).await? {
            return Err(Error::UsernameTaken);
        }
        audit::done(docket, &mut tx, Event::UsernameChanged, subject(who)).await?;
    }
    let changed = account(&mut tx, user).await?.into();
    tx.commit().await?;
    checked::forget(docket, Changed::User(user)).await;
    Ok(changed)
}

/// Sets another password, ends all other sessions and tells the owner.
///
/// # Errors
/// [`Error::Invalid`], also when the current password is wrong; [`Error::RateLimited`] after too many wrong ones.
pub async fn change_password(docket: &Docket, who: &Identity, current: &str, new: &str) -> Result<()> {
    let mut fields = FieldErrors::default();
    let current = fields.check("current_password", Password::parse(current, 1));
    let owner = [who.user.username.as_str(), &who.user.email];
    let new = fields.check("password", Password::choose(new, docket.config.password_min, &owner));
    let (Some(current), Some(new)) = (current, new) else { return Err(fields.into_error()) };
    let proven = check_password(docket, who, &current, "current_password").await?;
    let hash = docket.hasher.hash(&new).await?;
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(who.user.id).await?;
    let account = unchanged(&mut tx, who.user.id, &proven, "current_password").await?;
    store::set_password(&mut tx, who.user.id, &hash, now).await?;
    sessions::end_others(docket, &mut tx, who).await?;
    audit::done(docket, &mut tx, Event::PasswordChanged, subject(who)).await?;
    let notice = mails::password_changed(&docket.config, &account.email, &account.username, Ended::Others);
    notify(docket, tx, account.id, notice).await
}

/// Begins to give an account another address: mails a code there and answers the flow that waits for it. For an address
/// that has an account the answer is the same, and its owner gets a mail instead.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::ReauthenticationRequired`]; [`Error::RateLimited`] within the pause after the last mail.
pub async fn begin_email_change(docket: &Docket, who: &Identity, email: &str) -> Result<Uuid> {
    let email = Email::parse(email).map_err(|problem| Error::field("email", problem))?;
    sessions::require_fresh(docket, who)?;
    codes::pause_mail(docket, Purpose::ChangeEmail, email.canonical()).await?;
    let flow = Uuid::now_v7();
    let wanted = EmailChange { user: who.user.id, email: email.as_str().to_owned() };
    let text = serde_json::to_string(&wanted).map_err(Error::internal)?;
    // Longer than one code lives, so that a code can be asked for again.
    docket.kv.put(&key(flow), text, docket.config.code_ttl * 3).await?;
    codes::pause(docket, &flow.to_string()).await?;
    mail_code(docket, flow, &email, &who.user).await?;
    Ok(flow)
}

/// Mails a new code for a change of address; answers whether the flow is one.
///
/// # Errors
/// When a part that is needed does not answer.
pub(super) async fn resend(docket: &Docket, flow: Uuid) -> Result<bool> {
    let Some(wanted) = docket.kv.get(&key(flow)).await? else { return Ok(false) };
    let wanted: EmailChange = serde_json::from_str(&wanted).map_err(Error::internal)?;
    let email = Email::parse(&wanted.email).map_err(|problem| Error::field("email", problem))?;
    codes::pause_mail(docket, Purpose::ChangeEmail, email.canonical()).await?;
    let account = account(&mut docket.db.read().await?, wanted.user).await?;
    mail_code(docket, flow, &email, &account.into()).await?;
    Ok(true)
}

// The code is mailed to an address that is free, or one's own in another spelling, a notice to one that is not.
async fn mail_code(docket: &Docket, flow: Uuid, email: &Email, user: &User) -> Result<()> {
    let code = codes::issue(docket, Purpose::ChangeEmail, flow).await?;
    let mut tx = docket.db.write().await?;
    let mail = match store::email_is_others(&mut tx, email.canonical(), user.id).await? {
        true => mails::address_in_use(email),
        false => mails::change_email(&docket.config, email, &user.username, &code),
    };
    audit::done(docket, &mut tx, Event::EmailChangeBegun, Subject::user(user.id)).await?;
    outbox::queue(docket, tx, mail, docket.config.code_ttl).await
}

/// Gives the account its other address with the mailed code, and tells the older address.
///
/// # Errors
/// [`Error::CodeInvalid`], also for somebody else's flow.
pub async fn confirm_email_change(docket: &Docket, who: &Identity, flow: Uuid, code: &str) -> Result<Profile> {
    let user = who.user.id;
    let code = Code::parse(code).map_err(|problem| Error::field("code", problem))?;
    let expired = || Error::CodeInvalid(CodeProblem::Expired);
    let wanted = docket.kv.get(&key(flow)).await?.ok_or_else(expired)?;
    let wanted: EmailChange = serde_json::from_str(&wanted).map_err(Error::internal)?;
    if wanted.user != user {
        return Err(expired());
    }
    codes::redeem(docket, Purpose::ChangeEmail, flow, &code, Some(user)).await?;
    let email = Email::parse(&wanted.email).map_err(|problem| Error::field("email", problem))?;
    let mut tx = docket.db.write_for(user).await?;
    let before = account(&mut tx, user).await?;
    if !store::set_email(&mut tx, user, &email, docket.clock.now()).await? {
        return Err(expired());
    }
    let changed = account(&mut tx, user).await?.into();
    audit::done(docket, &mut tx, Event::EmailChanged, subject(who)).await?;
    let notice = mails::email_changed(&docket.config, &before.email, &before.username, email.as_str());
    notify(docket, tx, user, notice).await?;
    Ok(changed)
}

/// Deletes an account with all that belongs to it, for good, and tells its owner.
///
/// # Errors
/// [`Error::Invalid`] when the password is wrong; [`Error::RateLimited`] after too many wrong ones.
pub async fn delete(docket: &Docket, who: &Identity, password: &str) -> Result<()> {
    let user = who.user.id;
    let password = Password::parse(password, 1).map_err(|problem| Error::field("password", problem))?;
    let proven = check_password(docket, who, &password, "password").await?;
    let mut tx = docket.db.write_for(user).await?;
    let account = unchanged(&mut tx, user, &proven, "password").await?;
    store::delete(&mut tx, user).await?;
    audit::done(docket, &mut tx, Event::AccountDeleted, subject(who)).await?;
    notify(docket, tx, user, mails::account_deleted(&account.email, &account.username)).await
}

/// Who has an account, oldest first: a page of them, and how many there are in all.
///
/// # Errors
/// [`Error::Forbidden`] for whoever is no administrator.
pub async fn all(docket: &Docket, who: &User, page: u32, per_page: u32) -> Result<(Vec<Profile>, i64)> {
    if who.role != Role::Admin {
        return Err(Error::Forbidden);
    }
    let mut conn = docket.db.read().await?;
    let offset = i64::from(page.saturating_sub(1)) * i64::from(per_page);
    let accounts = store::accounts(&mut conn, i64::from(per_page), offset).await?;
    Ok((accounts.into_iter().map(Profile::from).collect(), store::count(&mut conn).await?))
}

/// What a change of address remembers until its code comes.
#[derive(Debug, Serialize, Deserialize)]
struct EmailChange {
    user: Uuid,
    email: String,
}

fn key(flow: Uuid) -> String {
    format!("email:{flow}")
}

async fn account(conn: &mut Conn, user: Uuid) -> Result<Account> {
    store::account(conn, user).await?.ok_or(Error::NotFound)
}

// Whoever found an open session must not be able to take the account over. Answers the hash the password was compared
// with, outside of any transaction, because comparing takes long.
pub(crate) async fn check_password(
    docket: &Docket,
    who: &Identity,
    password: &Password,
    field: &str,
) -> Result<String> {
    let account = account(&mut docket.db.read().await?, who.user.id).await?;
    let tries = Tries::of_account(docket, account.id, &account.password_hash);
    tries.count(docket).await?;
    if docket.hasher.verify(password, Some(&account.password_hash)).await? {
        tries.forget(docket).await;
        return Ok(account.password_hash);
    }
    audit::refused(docket, Event::Reauthentication, subject(who)).await?;
    Err(Error::field(field, Problem::Wrong))
}

fn subject(who: &Identity) -> Subject {
    Subject::session(who.user.id, who.session_id)
}

// The account, unless its password was changed since it was proven.
async fn unchanged(tx: &mut Conn, user: Uuid, proven: &str, field: &str) -> Result<Account> {
    let account = account(tx, user).await?;
    if account.password_hash == proven { Ok(account) } else { Err(Error::field(field, Problem::Wrong)) }
}

// Ends the transaction that changed somebody's account.
async fn notify(docket: &Docket, tx: Conn, user: Uuid, mail: Mail) -> Result<()> {
    outbox::queue(docket, tx, mail, NOTICE_KEPT).await?;
    checked::forget(docket, Changed::User(user)).await;
    Ok(())
}
