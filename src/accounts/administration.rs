//! What whoever runs Docket does with other people's accounts, from the command line.

use std::time::Duration;

use uuid::Uuid;

use super::email::Email;
use super::mails::Ended;
use super::password::Password;
use super::store::{self, SignUp};
use super::{Entry, Role, Username, canonical_login, mails};
use crate::Docket;
use crate::audit::{self, Event, Subject};
use crate::config::{Secret, secrets};
use crate::db::Conn;
use crate::error::{Error, FieldErrors, Problem, Result};
use crate::mail::outbox;
use crate::sessions::checked::{self, Changed};
use crate::sessions::service as sessions;
use crate::time::Timestamp;

/// Who has an account, oldest first, a thousand at a time.
///
/// # Errors
/// When the database fails.
pub async fn page(docket: &Docket, behind: Option<&Entry>) -> Result<Vec<Entry>> {
    let behind = behind.map_or((Timestamp(i64::MIN), Uuid::nil()), |entry| (entry.created_at, entry.id));
    store::entries(&mut docket.db.read().await?, behind).await
}

/// The account with this name or address, closed or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(docket: &Docket, login: &str) -> Result<Entry> {
    find_in(&mut docket.db.read().await?, login).await
}

/// Makes an account without asking for a code: whoever runs Docket vouches for the address. Answers it with its password, a
/// fresh one unless one is given. Where no role is given, the first account there is belongs to an administrator.
///
/// # Errors
/// [`Error::Invalid`], also for a name or address that is taken.
pub async fn create(
    docket: &Docket,
    email: &str,
    username: &str,
    password: Option<&str>,
    role: Option<Role>,
) -> Result<(Entry, Secret)> {
    let mut fields = FieldErrors::default();
    let owner = [username.trim(), email.trim()];
    let email = fields.check("email", Email::parse(email));
    let username = fields.check("username", Username::parse(username));
    let text = password.map_or_else(secrets::fresh, Secret::new);
    let chosen = Password::choose(text.expose(), docket.config.password_min, &owner);
    let password = fields.check("password", chosen);
    let (Some(email), Some(username), Some(password)) = (email, username, password) else {
        return Err(fields.into_error());
    };
    let (hash, now) = (docket.hasher.hash(&password).await?, docket.clock.now());
    let account = SignUp::new(&email, &username, hash, now, Duration::ZERO);
    let id = account.id;
    let mut tx = docket.db.write_for(super::service::ALL_ACCOUNTS).await?;
    if !store::insert_account(&mut tx, id, &account, now).await? {
        let field = if store::username_is_known(&mut tx, &username.canonical()).await? { "username" } else { "email" };
        return Err(Error::field(field, Problem::Taken));
    }
    if let Some(role) = role {
        store::set_role(&mut tx, id, role, now).await?;
    }
    let entry = find_in(&mut tx, username.as_str()).await?;
    audit::done(docket, &mut tx, Event::AccountCreated, Subject::user(id)).await?;
    tx.commit().await?;
    Ok((entry, text))
}

/// Closes an account: its sessions end at once, and nobody can log in to it. Its lists stay.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn disable(docket: &Docket, login: &str) -> Result<()> {
    let user = find(docket, login).await?.id;
    let mut tx = docket.db.write_for(user).await?;
    store::set_disabled(&mut tx, user, Some(docket.clock.now()), docket.clock.now()).await?;
    sessions::end_all(docket, &mut tx, user).await?;
    audit::done(docket, &mut tx, Event::AccountDisabled, Subject::user(user)).await?;
    tx.commit().await?;
    checked::forget(docket, Changed::User(user)).await;
    Ok(())
}

/// Opens a closed account again.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn enable(docket: &Docket, login: &str) -> Result<()> {
    let user = find(docket, login).await?.id;
    let mut tx = docket.db.write_for(user).await?;
    store::set_disabled(&mut tx, user, None, docket.clock.now()).await?;
    audit::done(docket, &mut tx, Event::AccountEnabled, Subject::user(user)).await?;
    tx.commit().await
}

/// Says what somebody may do.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_role(docket: &Docket, login: &str, role: Role) -> Result<()> {
    let user = find(docket, login).await?.id;
    let mut tx = docket.db.write_for(user).await?;
    store::set_role(&mut tx, user, role, docket.clock.now()).await?;
    audit::done(docket, &mut tx, Event::RoleChanged, Subject::user(user)).await?;
    tx.commit().await?;
    checked::forget(docket, Changed::User(user)).await;
    Ok(())
}

/// Gives an account a fresh password, ends its sessions and tells its owner; answers the password.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn reset_password(docket: &Docket, login: &str) -> Result<Secret> {
    let user = find(docket, login).await?.id;
    let text = secrets::fresh();
    let password = Password::parse(text.expose(), 1).map_err(|problem| Error::field("password", problem))?;
    let (hash, now) = (docket.hasher.hash(&password).await?, docket.clock.now());
    let mut tx = docket.db.write_for(user).await?;
    let entry = find_in(&mut tx, login).await?;
    store::set_password(&mut tx, user, &hash, now).await?;
    sessions::end_all(docket, &mut tx, user).await?;
    audit::done(docket, &mut tx, Event::PasswordReset, Subject::user(user)).await?;
    let notice = mails::password_changed(&docket.config, &entry.email, &entry.username, Ended::All);
    outbox::queue(docket, tx, notice, super::profile::NOTICE_KEPT).await?;
    checked::forget(docket, Changed::User(user)).await;
    Ok(text)
}

async fn find_in(conn: &mut Conn, login: &str) -> Result<Entry> {
    let canonical = canonical_login(login).ok_or(Error::NotFound)?;
    store::entry(conn, &canonical).await?.ok_or(Error::NotFound)
}
