//! Logging in and out, and the unseen renewal of access tokens.

#![cfg_attr(
    feature = "ssr",
    expect(missing_docs, reason = "the fields are those of the arguments of the server functions")
)]

#[cfg(feature = "ssr")]
pub mod pages;

use docket::sessions::AccessToken;
use leptos::prelude::*;

use crate::error::ApiError;
use crate::rpc::Open;

#[cfg(feature = "ssr")]
mod respond;
#[cfg(feature = "ssr")]
mod words;
#[cfg(feature = "ssr")]
use crate::{
    accounts::SignedIn,
    request::{Credentials, scope},
};
#[cfg(feature = "ssr")]
pub(crate) use respond::signed_in_by;

/// Logs in by address or name, and leads to `next` if that is a path of ours.
///
/// # Errors
/// What the use case says; an unconfirmed address comes with the path of the page that asks for the code.
#[cfg(feature = "ssr")]
#[server(protocol = Open)]
pub async fn log_in(login: String, password: String, #[server(default)] next: String) -> Result<SignedIn, ApiError> {
    let scope = scope()?;
    match docket::accounts::service::log_in(&scope.docket, &login, &password).await {
        Ok(opened) => Ok(signed_in_by(&scope, opened, Some(&next))),
        Err(error) => {
            let error = ApiError::from(error);
            scope.then(|outcome| outcome.location.clone_from(&error.location));
            Err(error)
        }
    }
}

/// Gives a new access token for the refresh cookie, and a new cookie.
///
/// # Errors
/// When the session is over.
#[server(protocol = Open)]
pub async fn refresh() -> Result<AccessToken, ApiError> {
    let scope = scope()?;
    let token = scope.refresh_token.as_deref().ok_or(docket::Error::TokenMissing)?;
    let opened = docket::sessions::service::refresh(&scope.docket, token).await.inspect_err(|error| {
        if matches!(error, docket::Error::TokenInvalid) {
            scope.then(|outcome| outcome.credentials = Some(Credentials::Remove));
        }
    })?;
    let access = opened.access.clone();
    scope.then(|outcome| outcome.credentials = Some(Credentials::Set(opened)));
    Ok(access)
}

/// Ends this session, by whichever credential is left of it.
///
/// # Errors
/// When the database fails.
#[cfg(feature = "ssr")]
#[server(protocol = Open)]
pub async fn log_out() -> Result<(), ApiError> {
    let scope = scope()?;
    if let Some(identity) = &scope.identity {
        docket::sessions::service::end(&scope.docket, identity.user.id, identity.session_id).await?;
    }
    if let Some(token) = &scope.refresh_token {
        docket::sessions::service::end_by_refresh_token(&scope.docket, token).await?;
    }
    scope.then(|outcome| {
        outcome.credentials = Some(Credentials::Remove);
        outcome.location = Some("/".into());
        outcome.notice = Some(words::LOGGED_OUT.into());
    });
    Ok(())
}
