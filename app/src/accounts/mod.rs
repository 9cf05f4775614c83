//! Signing up, confirming the address, and setting a forgotten password.

#![expect(missing_docs, reason = "the fields are those of the arguments of the server functions")]

#[cfg(feature = "ssr")]
pub mod pages;
pub(crate) mod words;

use docket::accounts::User;
use docket::sessions::AccessToken;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::ApiError;
#[cfg(feature = "ssr")]
use crate::request::scope;
use crate::rpc::Open;

/// Somebody who has just logged in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// For the calls of this tab.
    pub token: AccessToken,
    /// Where to go now.
    pub location: String,
}

/// Begins an account; answers the path of the page that asks for the code.
///
/// # Errors
/// What the use case says.
#[server(protocol = Open)]
pub async fn sign_up(email: String, username: String, password: String) -> Result<String, ApiError> {
    let scope = scope()?;
    let flow = docket::accounts::service::sign_up(&scope.docket, &email, &username, &password).await?;
    let location = format!("/verify?flow={flow}");
    scope.then(|outcome| {
        outcome.location = Some(location.clone());
        outcome.notice = Some(words::sent_to(&email));
    });
    Ok(location)
}

/// Says what is wrong with a password while the rest of the sign-up is still being typed. The list of common passwords stays
/// on the server.
///
/// # Errors
/// With what is wrong with the password, and nothing to say about the form as a whole.
#[server(protocol = Open)]
pub async fn advise(email: String, username: String, password: String) -> Result<(), ApiError> {
    let advice = docket::accounts::service::advise(&scope()?.docket, &email, &username, &password);
    advice.map_err(|error| ApiError { message: String::new(), ..error.into() })
}

/// Mails another code.
///
/// # Errors
/// What the use case says.
#[server(protocol = Open)]
pub async fn resend(flow: Uuid) -> Result<(), ApiError> {
    let scope = scope()?;
    docket::accounts::service::resend(&scope.docket, flow).await?;
    scope.then(|outcome| outcome.notice = Some(words::RESENT.into()));
    Ok(())
}

/// Confirms the address and logs in.
///
/// # Errors
/// What the use case says.
#[server(protocol = Open)]
pub async fn verify(flow: Uuid, code: String) -> Result<SignedIn, ApiError> {
    let scope = scope()?;
    let opened = docket::accounts::service::verify(&scope.docket, flow, &code).await?;
    Ok(crate::sessions::signed_in_by(&scope, opened, None))
}

/// Begins setting a new password; answers the path of the page that asks for the code.
///
/// # Errors
/// What the use case says.
#[server(protocol = Open)]
pub async fn forgot(email: String) -> Result<String, ApiError> {
    let scope = scope()?;
    let flow = docket::accounts::service::forgot_password(&scope.docket, &email).await?;
    let location = format!("/reset?flow={flow}");
    scope.then(|outcome| {
        outcome.location = Some(location.clone());
        outcome.notice = Some(words::sent_to(&email));
    });
    Ok(location)
}

/// Sets a new password.
///
/// # Errors
/// What the use case says.
#[server(protocol = Open)]
pub async fn reset(flow: Uuid, code: String, password: String) -> Result<(), ApiError> {
    let scope = scope()?;
    docket::accounts::service::reset_password(&scope.docket, flow, &code, &password).await?;
    scope.then(|outcome| {
        outcome.location = Some("/log-in".into());
        outcome.notice = Some(words::PASSWORD_SET.into());
        outcome.credentials = Some(crate::request::Credentials::Remove);
    });
    Ok(())
}
