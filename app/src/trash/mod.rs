//! The trash: its server functions and its page.

#![expect(missing_docs, reason = "the fields are those of the arguments of the server functions")]

pub mod pages;
mod words;

use docket::trash::Trashed;
use leptos::prelude::*;
use uuid::Uuid;

use crate::error::ApiError;
use crate::rpc::Guarded;
#[cfg(feature = "ssr")]
use crate::{request::signed_in, todos::parse_ids};
#[cfg(feature = "ssr")]
use docket::{Docket, paging::Wanted, trash::service};

/// How much of the trash the page shows.
#[cfg(feature = "ssr")]
const SHOWN: usize = 200;

/// What can be restored, newest first.
///
/// # Errors
/// What the use case says; so below.
#[server(protocol = Guarded)]
pub async fn trash_contents() -> Result<Vec<Trashed>, ApiError> {
    let (scope, user) = signed_in()?;
    see_contents(&scope.docket, user).await
}

/// What [`trash_contents`] answers.
#[cfg(feature = "ssr")]
pub(crate) async fn see_contents(docket: &Docket, user: Uuid) -> Result<Vec<Trashed>, ApiError> {
    Ok(service::page(docket, user, &Wanted::first(SHOWN)).await?.rows)
}

/// Brings a list or todo back; answers its version.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn restore(id: Uuid) -> Result<i64, ApiError> {
    let (scope, user) = signed_in()?;
    let version = service::restore(&scope.docket, user, id).await?;
    scope.then(|outcome| outcome.notice = Some(words::RESTORED.into()));
    Ok(version)
}

/// Brings several back, one a line; answers which, and their versions.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn restore_all(ids: String) -> Result<Vec<(Uuid, i64)>, ApiError> {
    let (scope, user) = signed_in()?;
    Ok(service::restore_all(&scope.docket, user, &parse_ids(&ids)?).await?)
}

/// Removes a list or todo in the trash for good.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn remove(id: Uuid) -> Result<(), ApiError> {
    let (scope, user) = signed_in()?;
    service::remove(&scope.docket, user, id).await?;
    scope.then(|outcome| outcome.notice = Some(words::REMOVED.into()));
    Ok(())
}

/// Removes everything in the trash for good.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn empty_trash() -> Result<(), ApiError> {
    let (scope, user) = signed_in()?;
    service::empty(&scope.docket, user).await?;
    scope.then(|outcome| outcome.notice = Some(words::EMPTIED.into()));
    Ok(())
}
