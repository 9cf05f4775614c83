//! The use cases of accounts. None of the answers to a stranger tells whether an address has an account, by what it
//! says or by what work it does (OWASP Authentication Cheat Sheet, "Authentication and Error Messages").

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codes::{self, Purpose};
use super::email::Email;
use super::mails::Ended;
use super::password::Password;
use super::store::{self, SignUp};
use super::{Code, Username, canonical_login, mails, profile};
use crate::Docket;
use crate::audit::{self, Event, Subject};
use crate::error::{CodeProblem, Error, FieldErrors, Problem, Result};
use crate::limits::Tries;
use crate::mail::outbox;
use crate::sessions::checked::{self, Changed};
use crate::sessions::service::{self as sessions, Opened};

/// A sign-up that nobody confirms is forgotten after this.
const SIGN_UP_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Accounts are made one after another, so that exactly one is the first.
pub(super) const ALL_ACCOUNTS: Uuid = Uuid::nil();

/// Begins an account: mails a code to the address and answers the flow that waits for it. For an address that has an
/// account the answer is the same, and its owner gets a mail instead.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::UsernameTaken`]; [`Error::RateLimited`] within the pause after the last mail of this kind to
/// the address.
pub async fn sign_up(docket: &Docket, email: &str, username: &str, password: &str) -> Result<Uuid> {
    let mut fields = FieldErrors::default();
    let (raw_email, raw_name) = (email.trim(), username.trim());
    let email = fields.check("email", Email::parse(email));
    let username = fields.check("username", Username::parse(username));
    let password =
        fields.check("password", Password::choose(password, docket.config.password_min, &[raw_name, raw_email]));
    let (Some(email), Some(username), Some(password)) = (email, username, password) else {
        return Err(fields.into_error());
    };
    if store::username_is_known(&mut docket.db.read().await?, &username.canonical()).await? {
        return Err(Error::UsernameTaken);
    }
    let now = docket.clock.now();
    let hash = docket.hasher.hash(&password).await?;
    let sign_up = SignUp::new(&email, &username, hash, now, SIGN_UP_KEPT);
    codes::pause_mail(docket, Purpose::SignUp, email.canonical()).await?;
    codes::pause(docket, &sign_up.id.to_string()).await?;
    let code = codes::issue(docket, Purpose::SignUp, sign_up.id).await?;
    let mut tx = docket.db.write().await?;
    store::insert_sign_up(&mut tx, &sign_up).await?;
    audit::done(docket, &mut tx, Event::SignUp, Subject::default()).await?;
    mail_sign_up_code(docket, tx, &sign_up, &code).await?;
    Ok(sign_up.id)
}

/// Says whether a password would do for a sign-up, before it is sent off. Keeps nothing.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with the password.
pub fn advise(docket: &Docket, email: &str, username: &str, password: &str) -> Result<()> {
    let chosen = Password::choose(password, docket.config.password_min, &[username.trim(), email.trim()]);
    chosen.map(drop).map_err(|problem| Error::field("password", problem))
}

/// Mails a new code for a sign-up, a password reset or a change of address; the older one is void. Unknown flows are answered alike.
///
/// # Errors
/// [`Error::RateLimited`] within the pause after the last one.
pub async fn resend(docket: &Docket, flow: Uuid) -> Result<()> {
    codes::pause(docket, &flow.to_string()).await?;
    if let Some(sign_up) = store::sign_up(&mut docket.db.read().await?, flow, docket.clock.now()).await? {
        codes::pause_mail(docket, Purpose::SignUp, &sign_up.email_canonical).await?;
        let code = codes::issue(docket, Purpose::SignUp, flow).await?;
        return mail_sign_up_code(docket, docket.db.write().await?, &sign_up, &code).await;
    }
    if let Some(reset) = docket.kv.get(&reset_key(flow)).await? {
        let reset: Reset = serde_json::from_str(&reset).map_err(Error::internal)?;
        let email = Email::parse(&reset.email).map_err(|problem| Error::field("email", problem))?;
        codes::pause_mail(docket, Purpose::ResetPassword, email.canonical()).await?;
        return mail_reset_code(docket, flow, &reset).await;
    }
    profile::resend(docket, flow).await.map(drop)
}

/// Confirms the address with the mailed code, makes the account and logs in.
///
/// # Errors
/// [`Error::CodeInvalid`]; [`Error::UsernameTaken`] when somebody else was faster with the name.
pub async fn verify(docket: &Docket, flow: Uuid, code: &str) -> Result<Opened> {
    let code = Code::parse(code).map_err(|problem| Error::field("code", problem))?;
    codes::redeem(docket, Purpose::SignUp, flow, &code, None).await?;
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(ALL_ACCOUNTS).await?;
    let sign_up = store::sign_up(&mut tx, flow, now).await?.ok_or(Error::CodeInvalid(CodeProblem::Expired))?;
    let id = Uuid::now_v7();
    if !store::insert_account(&mut tx, id, &sign_up, now).await? {
        let name_taken = store::username_is_known(&mut tx, &sign_up.username_canonical).await?;
        return Err(if name_taken { Error::UsernameTaken } else { Error::CodeInvalid(CodeProblem::Expired) });
    }
    store::delete_sign_ups(&mut tx, &sign_up.email_canonical).await?;
    let account = store::account(&mut tx, id).await?.ok_or(Error::NotFound)?;
    audit::done(docket, &mut tx, Event::AccountCreated, Subject::user(id)).await?;
    let opened = sessions::open(docket, &mut tx, account.into()).await?;
    tx.commit().await?;
    Ok(opened)
}

/// Logs in by address or name.
///
/// # Errors
/// [`Error::CredentialsInvalid`]; [`Error::EmailNotVerified`] when the password belongs to a sign-up that still waits
/// for its code; [`Error::RateLimited`] after too many wrong passwords.
pub async fn log_in(docket: &Docket, login: &str, password: &str) -> Result<Opened> {
    let mut fields = FieldErrors::default();
    if login.trim().is_empty() {
        fields.add("login", Problem::Required);
    }
    let password = fields.check("password", Password::parse(password, 1));
    let (Some(password), true) = (password, fields.0.is_empty()) else { return Err(fields.into_error()) };
    let canonical = canonical_login(login).ok_or(Error::CredentialsInvalid)?;
    let now = docket.clock.now();
    let account = store::account_by_login(&mut docket.db.read().await?, &canonical).await?;
    let tries = Tries::of_login(docket, &canonical, account.as_ref().map(|a| (a.id, a.password_hash.as_str())));
    let known = account.as_ref().map(|account| account.id);
    tries.count(docket).await?;
    if docket.hasher.verify(&password, account.as_ref().map(|a| a.password_hash.as_str())).await?
        && let Some(account) = account
    {
        let fresh_hash = match docket.hasher.is_outdated(&account.password_hash) {
            true => Some(docket.hasher.hash(&password).await?),
            false => None,
        };
        let mut tx = docket.db.write_for(account.id).await?;
        // A password that was changed meanwhile opens nothing any more.
        let current = store::account(&mut tx, account.id).await?;
        let account = current.filter(|current| current.password_hash == account.password_hash);
        let mut account = account.ok_or(Error::CredentialsInvalid)?;
        if let Some(hash) = fresh_hash {
            store::set_password(&mut tx, account.id, &hash, now).await?;
            account = store::account(&mut tx, account.id).await?.ok_or(Error::CredentialsInvalid)?;
        }
        let opened = sessions::open(docket, &mut tx, account.into()).await?;
        tx.commit().await?;
        tries.forget(docket).await;
        return Ok(opened);
    }
    audit::refused(docket, Event::LogIn, Subject { user: known, session: None }).await?;
    // Asked in the same way whether or not the address has an account, so that the answer does not tell.
    let sign_up = store::sign_up_by_login(&mut docket.db.read().await?, &canonical, now).await?;
    match sign_up {
        Some(sign_up) if docket.hasher.verify(&password, Some(&sign_up.password_hash)).await? => {
            Err(Error::EmailNotVerified { flow: sign_up.id })
        }
        _ => Err(Error::CredentialsInvalid),
    }
}

/// Begins a password reset: mails a code if the address has an account, and says so to the address if not. The
/// answer is the same.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::RateLimited`] within the pause after the last mail to this address.
pub async fn forgot_password(docket: &Docket, email: &str) -> Result<Uuid> {
    let email = Email::parse(email).map_err(|problem| Error::field("email", problem))?;
    codes::pause_mail(docket, Purpose::ResetPassword, email.canonical()).await?;
    let account = store::account_by_login(&mut docket.db.read().await?, email.canonical()).await?;
    let flow = Uuid::now_v7();
    let reset = Reset {
        email: email.as_str().to_owned(),
        email_of_account: account.as_ref().map(|a| a.email.clone()).unwrap_or_default(),
        user: account.map(|a| (a.id, a.username)),
    };
    let text = serde_json::to_string(&reset).map_err(Error::internal)?;
    // Longer than one code lives, so that a code can be asked for again.
    docket.kv.put(&reset_key(flow), text, docket.config.code_ttl * 3).await?;
    codes::pause(docket, &flow.to_string()).await?;
    mail_reset_code(docket, flow, &reset).await?;
    Ok(flow)
}

/// Sets a new password with the mailed code, ends every session and tells the owner.
///
/// # Errors
/// [`Error::Invalid`], which leaves the code unused; [`Error::CodeInvalid`].
pub async fn reset_password(docket: &Docket, flow: Uuid, code: &str, password: &str) -> Result<()> {
    let mut fields = FieldErrors::default();
    let code = fields.check("code", Code::parse(code));
    let waiting = docket.kv.get(&reset_key(flow)).await?;
    let reset: Option<Reset> = waiting.and_then(|text| serde_json::from_str(&text).ok());
    // The address only, which whoever asks has named: the account's name is not theirs to find out.
    let address = reset.as_ref().map_or("", |reset| &reset.email);
    let password = fields.check("password", Password::choose(password, docket.config.password_min, &[address]));
    let (Some(code), Some(password)) = (code, password) else { return Err(fields.into_error()) };
    let user = reset.as_ref().and_then(|reset| Some(reset.user.as_ref()?.0));
    codes::redeem(docket, Purpose::ResetPassword, flow, &code, user).await?;
    let expired = || Error::CodeInvalid(CodeProblem::Expired);
    let reset = reset.ok_or_else(expired)?;
    docket.kv.take(&reset_key(flow)).await?;
    let (user_id, _) = reset.user.ok_or_else(expired)?;
    let hash = docket.hasher.hash(&password).await?;
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(user_id).await?;
    // A code that went to an address the account no longer has opens nothing.
    let account = store::account(&mut tx, user_id).await?.filter(|account| account.email == reset.email_of_account);
    let account = account.ok_or_else(expired)?;
    store::set_password(&mut tx, user_id, &hash, now).await?;
    sessions::end_all(docket, &mut tx, user_id).await?;
    audit::done(docket, &mut tx, Event::PasswordReset, Subject::user(user_id)).await?;
    let notice = mails::password_changed(&docket.config, &account.email, &account.username, Ended::All);
    outbox::queue(docket, tx, notice, SIGN_UP_KEPT).await?;
    checked::forget(docket, Changed::User(user_id)).await;
    Ok(())
}

/// Forgets sign-ups that were never confirmed.
///
/// # Errors
/// When the database fails.
pub async fn purge(docket: &Docket) -> Result<()> {
    let mut tx = docket.db.write().await?;
    store::purge_sign_ups(&mut tx, docket.clock.now()).await?;
    tx.commit().await
}

/// What a password reset remembers between its two pages.
#[derive(Debug, Serialize, Deserialize)]
struct Reset {
    /// As it was typed.
    email: String,
    /// As the account has it, which a later change of address makes void.
    email_of_account: String,
    user: Option<(Uuid, String)>,
}

fn reset_key(flow: Uuid) -> String {
    format!("reset:{flow}")
}

// The code is mailed to an address that is free, a notice to one that is not; both do the same work.
async fn mail_sign_up_code(docket: &Docket, mut tx: crate::db::Conn, sign_up: &SignUp, code: &str) -> Result<()> {
    let known = store::email_is_known(&mut tx, &sign_up.email_canonical).await?;
    let mail = match known {
        true => mails::already_registered(&docket.config, &sign_up.email),
        false => mails::confirm(&docket.config, &sign_up.email, &sign_up.username, code),
    };
    outbox::queue(docket, tx, mail, docket.config.code_ttl).await
}

async fn mail_reset_code(docket: &Docket, flow: Uuid, reset: &Reset) -> Result<()> {
    let code = codes::issue(docket, Purpose::ResetPassword, flow).await?;
    let email = Email::parse(&reset.email).map_err(|problem| Error::field("email", problem))?;
    let mail = match &reset.user {
        Some((_, username)) => mails::reset(&docket.config, &email, username, &code),
        None => mails::no_account(&docket.config, &email),
    };
    let mut tx = docket.db.write().await?;
    let subject = Subject { user: reset.user.as_ref().map(|(id, _)| *id), session: None };
    audit::done(docket, &mut tx, Event::PasswordForgotten, subject).await?;
    outbox::queue(docket, tx, mail, docket.config.code_ttl).await
}
