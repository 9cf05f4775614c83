//! What people do with their own account: documents rendered by the server, with plain forms and no WebAssembly. They are
//! seldom opened, so nobody has to load code for them, and they work the same with and without JavaScript.

#![expect(missing_docs, reason = "the fields are those of the arguments of the server functions")]

mod device;
pub mod pages;
mod words;

use docket::accounts::{Username, profile};
use docket::rows::Expected;
use docket::sessions::service as sessions;
use leptos::prelude::*;
use uuid::Uuid;

use crate::error::ApiError;
use crate::paths;
use crate::request::{Credentials, RequestScope, scope};
use crate::rpc::Guarded;
use crate::theme::Theme;

/// Tells on the next page that something was done; with a path, on that one.
fn done(scope: &RequestScope, notice: &str, location: Option<&str>) {
    scope.then(|outcome| {
        outcome.notice = Some(notice.into());
        outcome.location = location.map(str::to_owned);
    });
}

/// Takes another user name.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn change_username(username: String) -> Result<(), ApiError> {
    let scope = scope()?;
    let name = Username::parse(&username).map_err(|problem| docket::Error::field("username", problem))?;
    profile::change(&scope.docket, scope.identity()?, Some(&name), &Expected::Any).await?;
    done(&scope, words::NAME_CHANGED, None);
    Ok(())
}

/// Chooses how pages look on this device.
///
/// # Errors
/// When there is no such theme.
#[server(protocol = Guarded)]
pub async fn set_theme(theme: String) -> Result<(), ApiError> {
    let theme: Theme = theme.parse().map_err(|()| docket::Error::field("theme", docket::error::Problem::Unknown))?;
    let scope = scope()?;
    // At the button that was pressed, so that the keyboard goes on there.
    done(&scope, words::THEME_SET, Some(&format!("{}#{}", paths::SETTINGS, pages::theme_id(theme))));
    scope.then(|outcome| outcome.theme = Some(theme));
    Ok(())
}

/// Sets another password.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn change_password(current_password: String, password: String) -> Result<(), ApiError> {
    let scope = scope()?;
    profile::change_password(&scope.docket, scope.identity()?, &current_password, &password).await?;
    done(&scope, words::PASSWORD_CHANGED, None);
    Ok(())
}

/// Begins to take another address, and leads to the page that asks for the code.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn change_email(email: String) -> Result<(), ApiError> {
    let scope = scope()?;
    let flow = profile::begin_email_change(&scope.docket, scope.identity()?, &email).await?;
    done(&scope, &crate::accounts::words::sent_to(&email), Some(&format!("{}?flow={flow}", paths::EMAIL_CODE)));
    Ok(())
}

/// Takes the other address with the mailed code.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn confirm_email(flow: Uuid, code: String) -> Result<(), ApiError> {
    let scope = scope()?;
    profile::confirm_email_change(&scope.docket, scope.identity()?, flow, &code).await?;
    done(&scope, words::EMAIL_CHANGED, Some(paths::SETTINGS));
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn end_session(id: Uuid) -> Result<(), ApiError> {
    let scope = scope()?;
    sessions::end_one(&scope.docket, scope.user()?.id, id).await?;
    done(&scope, words::DEVICE_OUT, None);
    Ok(())
}

/// Ends all other sessions.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn end_other_sessions() -> Result<(), ApiError> {
    let scope = scope()?;
    sessions::end_all_others(&scope.docket, scope.identity()?).await?;
    done(&scope, words::OTHERS_OUT, None);
    Ok(())
}

/// Deletes the account with all that is in it.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn delete_account(password: String) -> Result<(), ApiError> {
    let scope = scope()?;
    profile::delete(&scope.docket, scope.identity()?, &password).await?;
    done(&scope, words::DELETED, Some("/"));
    scope.then(|outcome| outcome.credentials = Some(Credentials::Remove));
    Ok(())
}

/// Proves once more who one is, and leads back to what needed it, with what was typed there.
///
/// # Errors
/// What the use case says.
#[server(protocol = Guarded)]
pub async fn confirm(
    password: String,
    #[server(default)] next: String,
    #[server(default)] waiting: String,
) -> Result<(), ApiError> {
    let scope = scope()?;
    let cookie = sessions::prove(&scope.docket, scope.identity()?, &password).await?;
    let next = paths::local(&next).unwrap_or(paths::SETTINGS);
    match next {
        // A file leaves the page as it is, and this one is done.
        paths::EXPORT => done(&scope, words::CONFIRMED, Some(paths::SETTINGS)),
        next => scope.then(|outcome| outcome.location = Some(next.to_owned())),
    }
    scope.then(|outcome| {
        outcome.credentials = Some(Credentials::Cookie(cookie));
        outcome.waiting = Uuid::try_parse(&waiting).ok().map(|key| key.simple().to_string());
    });
    Ok(())
}
