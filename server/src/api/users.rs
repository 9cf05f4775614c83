//! One's own account, and for administrators all of them, for programs.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use deserr::Deserr;
use docket::accounts::{Profile, Role, Username, profile};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::PREFIX;
use super::answers::{Answer, Done, Resource, Row, Time};
use super::auth::Flow;
use super::caller::{Asked, Caller};
use super::conditions::{IfMatch, Version, or_current};
use super::input::{Json, LIMIT, Limit, Maybe, PageNumber, Parsed, Query, Refused};
use crate::export::Everything;
use crate::state::AppState;

pub(super) fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![
        routes!(get, change, delete),
        routes!(change_password),
        routes!(begin_email_change),
        routes!(confirm_email_change),
        routes!(everything),
        routes!(all),
    ]
}

/// What somebody may do beyond their own lists.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleName {
    /// Nothing.
    User,
    /// See who has an account.
    Admin,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct Me {
    id: Uuid,
    #[schema(example = "ann@example.org")]
    email: String,
    #[schema(example = "ann")]
    username: String,
    role: RoleName,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    created_at: Time,
    #[schema(value_type = String, format = DateTime, example = "2026-11-20T09:30:00.123456Z")]
    updated_at: Time,
    /// Raised by every change.
    #[schema(minimum = 1, example = 1)]
    version: i64,
}

impl From<Profile> for Me {
    fn from(profile: Profile) -> Self {
        let role = match profile.user.role {
            Role::User => RoleName::User,
            Role::Admin => RoleName::Admin,
        };
        Self {
            id: profile.user.id,
            email: profile.user.email,
            username: profile.user.username,
            role,
            created_at: Time(profile.created_at),
            updated_at: Time(profile.updated_at),
            version: profile.version,
        }
    }
}

impl Resource for Me {
    fn tag(&self) -> String {
        self.version.to_string()
    }

    fn path(&self) -> String {
        format!("{PREFIX}/me")
    }
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    users: Vec<Me>,
    /// Which page this is, counted from 1.
    #[schema(minimum = 1)]
    page: u32,
    #[schema(minimum = 1, maximum = 200)]
    per_page: u32,
    /// How many accounts there are.
    #[schema(minimum = 0)]
    total: i64,
}

/// Which accounts.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Refused, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Counted from 1.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000000)]
    #[deserr(default)]
    page: Option<Parsed<PageNumber>>,
    /// Most accounts of a page; 100 where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    #[deserr(default)]
    per_page: Option<Parsed<Limit>>,
}

/// What to change about one's account; what is left out stays.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"username": "ann.b"}))]
pub(crate) struct MeChange {
    /// Letters, digits, `_`, `-` and `.`; unique whatever its case.
    #[schema(value_type = String, required = false, min_length = 3, max_length = 32, pattern = "^[A-Za-z0-9_.-]{3,32}$")]
    #[deserr(default)]
    username: Maybe<Parsed<Username>>,
}

/// The password, to make sure.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
pub(crate) struct Password {
    #[schema(min_length = 1, max_length = 256, format = Password)]
    password: String,
}

/// Another password.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
pub(crate) struct PasswordChange {
    #[schema(min_length = 1, max_length = 256, format = Password)]
    current_password: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: String,
}

/// Another address.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"email": "ann.b@example.org"}))]
pub(crate) struct EmailChange {
    #[schema(format = Email, max_length = 254, example = "ann.b@example.org")]
    email: String,
}

/// The code mailed to another address.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"flow": "01936f2e-7a3c-7000-8000-000000000000", "code": "123456"}))]
pub(crate) struct EmailConfirmation {
    #[schema(value_type = Uuid)]
    flow: Parsed<Uuid>,
    #[schema(pattern = "^[0-9]{6}$", example = "123456")]
    code: String,
}

/// See your account
///
/// The account of the access token.
#[utoipa::path(get, path = "/me", tag = "account", operation_id = "getMe",
    responses((status = 200, description = "Your account", body = Me, headers(("ETag", description = "Its version")))))]
async fn get(State(state): State<AppState>, caller: Caller) -> Answer<Row<Me>> {
    current(&state, &caller).await.map(Row).map_err(Into::into)
}

/// Change your account
///
/// Password and address have calls of their own.
#[utoipa::path(patch, path = "/me", tag = "account", operation_id = "updateMe", request_body = MeChange,
    params(Version), responses(
    (status = 200, description = "Your account as it is now", body = Me, headers(("ETag", description = "Its version"))), (status = 409, description = "`username_taken`")))]
async fn change(
    State(state): State<AppState>,
    Asked(docket): Asked,
    caller: Caller,
    IfMatch(expected): IfMatch,
    Json(change): Json<MeChange>,
) -> Answer<Row<Me>> {
    let username = change.username.given().map(|name| name.0);
    let changed = profile::change(&docket, &caller.0, username.as_ref(), &expected).await;
    or_current(changed, current(&state, &caller)).await.map(|profile| Row(profile.into()))
}

/// Delete your account
///
/// With all your lists, at once and for good.
#[utoipa::path(delete, path = "/me", tag = "account", operation_id = "deleteMe", request_body = Password,
    responses((status = 204, description = "Gone")))]
async fn delete(
    State(state): State<AppState>,
    Asked(docket): Asked,
    caller: Caller,
    Json(sent): Json<Password>,
) -> Answer<Response> {
    profile::delete(&docket, &caller.0, &sent.password).await?;
    let mut response = Done.into_response();
    state.cookies.remove_session(response.headers_mut());
    Ok(response)
}

/// Change your password
///
/// Ends all other sessions, and a mail tells you.
#[utoipa::path(post, path = "/me/password", tag = "account", operation_id = "changePassword", request_body = PasswordChange,
    responses((status = 204, description = "Changed"), (status = 422, description = "`password_too_common`")))]
async fn change_password(Asked(docket): Asked, caller: Caller, Json(sent): Json<PasswordChange>) -> Answer<Done> {
    profile::change_password(&docket, &caller.0, &sent.current_password, &sent.password).await?;
    Ok(Done)
}

/// Begin to change your address
///
/// A code is mailed to the other address. The log-in must not be older than ten minutes.
#[utoipa::path(post, path = "/me/email", tag = "account", operation_id = "beginEmailChange", request_body = EmailChange, responses(
    (status = 202, description = "A code is on its way", body = Flow), (status = 403, description = "`reauthentication_required`"),
    (status = 429, description = "`rate_limited`")))]
async fn begin_email_change(
    Asked(docket): Asked,
    caller: Caller,
    Json(sent): Json<EmailChange>,
) -> Answer<(StatusCode, axum::Json<Flow>)> {
    let flow = profile::begin_email_change(&docket, &caller.0, &sent.email).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Flow { flow })))
}

/// Confirm your other address
///
/// A mail to the older address tells of it.
#[utoipa::path(post, path = "/me/email/verify", tag = "account", operation_id = "confirmEmailChange", request_body = EmailConfirmation, responses(
    (status = 200, description = "Your account as it is now", body = Me, headers(("ETag", description = "Its version"))), (status = 400, description = "`code_invalid`")))]
async fn confirm_email_change(
    Asked(docket): Asked,
    caller: Caller,
    Json(sent): Json<EmailConfirmation>,
) -> Answer<Row<Me>> {
    let changed = profile::confirm_email_change(&docket, &caller.0, sent.flow.0, &sent.code).await?;
    Ok(Row(changed.into()))
}

/// Get everything that is kept of you
///
/// The log-in must not be older than ten minutes.
#[utoipa::path(get, path = "/me/export", tag = "account", operation_id = "exportMe", responses(
    (status = 200, description = "Everything", body = Everything), (status = 403, description = "`reauthentication_required`")))]
async fn everything(Asked(docket): Asked, caller: Caller) -> Answer<axum::Json<Everything>> {
    Ok(axum::Json(docket::export::of(&docket, &caller.0).await?.into()))
}

/// See who has an account
///
/// For administrators, oldest first.
#[utoipa::path(get, path = "/users", tag = "users", operation_id = "listUsers", params(Wanted), responses(
    (status = 200, description = "A page of accounts", body = Users), (status = 403, description = "`forbidden`")))]
async fn all(State(state): State<AppState>, caller: Caller, Query(wants): Query<Wanted>) -> Answer<axum::Json<Users>> {
    let page = wants.page.map_or(1, |page| page.0.0);
    let per_page = u32::try_from(wants.per_page.map_or(LIMIT, |limit| limit.0.0)).unwrap_or(u32::MAX);
    let (users, total) = profile::all(&state.docket, caller.user(), page, per_page).await?;
    Ok(axum::Json(Users { users: users.into_iter().map(Me::from).collect(), page, per_page, total }))
}

async fn current(state: &AppState, caller: &Caller) -> docket::Result<Me> {
    profile::get(&state.docket, caller.id()).await.map(Me::from)
}
