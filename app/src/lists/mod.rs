//! Lists: their server functions and what is on the screen of them.

#![expect(missing_docs, reason = "the fields are those of the arguments of the server functions")]

pub mod pages;
pub mod sidebar;
mod words;

use docket::lists::List;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use server_fn::ServerFn;
use uuid::Uuid;

use crate::error::ApiError;
use crate::rpc::Guarded;
#[cfg(feature = "ssr")]
use crate::{paths, request::signed_in, trash::Restore};
#[cfg(feature = "ssr")]
use docket::{
    Error,
    lists::{ListName, service},
    rows::{Changed, Expected},
};

/// All lists of whoever asks.
///
/// # Errors
/// What the use case says; so below.
#[server(protocol = Guarded)]
pub async fn all_lists() -> Result<Vec<List>, ApiError> {
    let (scope, user) = signed_in()?;
    Ok(service::all(&scope.docket, user).await?.into_iter().map(List::from).collect())
}

/// Makes a list.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn create_list(id: Uuid, name: String) -> Result<List, ApiError> {
    let (scope, user) = signed_in()?;
    let name = ListName::parse(&name).map_err(|problem| Error::field("name", problem))?;
    let list = service::create(&scope.docket, user, id, &name).await?.row;
    scope.then(|outcome| {
        outcome.location = Some(paths::list(list.id));
        outcome.undoable(words::made(&list.name), DeleteList::PATH, &[("id", &list.id.to_string())]);
    });
    Ok(list.into())
}

/// Renames a list, unless it was changed since the page was made.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn rename_list(id: Uuid, name: String, #[server(default)] version: Option<i64>) -> Result<List, ApiError> {
    let (scope, user) = signed_in()?;
    let name = ListName::parse(&name).map_err(|problem| Error::field("name", problem))?;
    let change = service::Change { name: Some(name), ..Default::default() };
    let expected = version.map_or(Expected::Any, Expected::version);
    let Changed { before, now: list } = service::change_telling(&scope.docket, user, id, change, &expected).await?;
    scope.then(|outcome| {
        outcome.location = Some(paths::list(list.id));
        let back = [("id", &*id.to_string()), ("name", &before.name), ("version", &list.version.to_string())];
        outcome.undoable(words::renamed(&list.name), RenameList::PATH, &back);
    });
    Ok(list.into())
}

/// Puts a list among the favourites, or back.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn set_favourite(id: Uuid, favourite: bool) -> Result<List, ApiError> {
    let (scope, user) = signed_in()?;
    let change = service::Change { favourite: Some(favourite), ..Default::default() };
    let list = service::change(&scope.docket, user, id, change, &Expected::Any).await?;
    scope.then(|outcome| {
        let back = [("id", &*id.to_string()), ("favourite", &(!favourite).to_string())];
        outcome.undoable(words::made_favourite(&list.name, favourite), SetFavourite::PATH, &back);
    });
    Ok(list.into())
}

/// Moves a list among the others.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn place_list(id: Uuid, place: String) -> Result<List, ApiError> {
    let (scope, user) = signed_in()?;
    // The buttons of a plain form move by one step.
    let back = if place == "up" { "down" } else { "up" };
    let place = place.parse().map_err(|problem| Error::field("place", problem))?;
    let change = service::Change { place: Some(place), ..Default::default() };
    let list = service::change(&scope.docket, user, id, change, &Expected::Any).await?;
    scope.then(|outcome| {
        outcome.undoable(words::moved(&list.name), PlaceList::PATH, &[("id", &id.to_string()), ("place", back)]);
    });
    Ok(list.into())
}

/// Puts a list into the trash.
///
/// # Errors
/// See above.
#[server(protocol = Guarded)]
pub async fn delete_list(id: Uuid) -> Result<(), ApiError> {
    let (scope, user) = signed_in()?;
    let list = service::delete(&scope.docket, user, id, &Expected::Any).await?;
    scope.then(|outcome| {
        outcome.location = Some(paths::HOME.into());
        outcome.undoable(words::deleted(&list.name), Restore::PATH, &[("id", &id.to_string())]);
    });
    Ok(())
}
