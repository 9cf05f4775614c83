//! Signing up, logging in and out, and a forgotten password, for programs.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use deserr::Deserr;
use docket::accounts::service as accounts;
use docket::error::Code;
use docket::sessions::service::{self as sessions, Opened};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::answers::{Answer, Done};
use super::caller::{Asked, Caller};
use super::input::{Json, Parsed, Refused};
use super::problem::Problem;
use super::users::Me;
use crate::state::AppState;

pub(super) fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![
        routes!(sign_up),
        routes!(verify),
        routes!(resend),
        routes!(log_in),
        routes!(refresh),
        routes!(log_out),
        routes!(forgot),
        routes!(reset),
    ]
}

/// An account to be made.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"email": "ann@example.org", "username": "ann", "password": "correct horse battery"}))]
pub(crate) struct SignUp {
    #[schema(format = Email, max_length = 254, example = "ann@example.org")]
    email: String,
    /// Letters, digits, `_`, `-` and `.`; unique whatever its case.
    #[schema(min_length = 3, max_length = 32, pattern = "^[A-Za-z0-9_.-]{3,32}$", example = "ann")]
    username: String,
    #[schema(min_length = 8, max_length = 256, format = Password, example = "correct horse battery")]
    password: String,
}

/// What waits for a mailed code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Flow {
    /// Send it with the code.
    pub(super) flow: Uuid,
}

/// A mailed code.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"flow": "01936f2e-7a3c-7000-8000-000000000000", "code": "123456", "cookies": false}))]
pub(crate) struct Verification {
    #[schema(value_type = Uuid)]
    flow: Parsed<Uuid>,
    #[schema(pattern = "^[0-9]{6}$", example = "123456")]
    code: String,
    /// False: the refresh token comes in the answer, and no cookies are set.
    #[schema(required = false, default = true)]
    #[deserr(default = true)]
    cookies: bool,
}

/// What a code shall be mailed for again.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
pub(crate) struct Again {
    #[schema(value_type = Uuid)]
    flow: Parsed<Uuid>,
}

/// Name and password.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"login": "ann", "password": "correct horse battery", "cookies": false}))]
pub(crate) struct LogIn {
    /// The user name or the e-mail address.
    #[schema(min_length = 1, max_length = 254, example = "ann")]
    login: String,
    #[schema(min_length = 1, max_length = 256, format = Password, example = "correct horse battery")]
    password: String,
    /// False: the refresh token comes in the answer, and no cookies are set.
    #[schema(required = false, default = true)]
    #[deserr(default = true)]
    cookies: bool,
}

/// A refresh token that did not come as cookie.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
pub(crate) struct Refresh {
    #[schema(max_length = 100)]
    refresh_token: String,
}

/// Whose password was forgotten.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"email": "ann@example.org"}))]
pub(crate) struct Forgot {
    #[schema(format = Email, max_length = 254, example = "ann@example.org")]
    email: String,
}

/// Another password, allowed by a mailed code.
#[derive(Deserr, ToSchema)]
#[deserr(error = Refused, deny_unknown_fields)]
#[schema(example = json!({"flow": "01936f2e-7a3c-7000-8000-000000000000", "code": "123456", "password": "battery horse correct"}))]
pub(crate) struct Reset {
    #[schema(value_type = Uuid)]
    flow: Parsed<Uuid>,
    #[schema(pattern = "^[0-9]{6}$", example = "123456")]
    code: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: String,
}

/// Tokens for calls (RFC 6749, 5.1).
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// Send it as `Authorization: Bearer`.
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(minimum = 1, example = 600)]
    expires_in: u64,
    /// Gets the next access token, once; only where `cookies` was false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    refresh_token: Option<String>,
    user: Me,
}

/// How the refresh token reaches the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Cookies,
    Body,
}

fn by(cookies: bool) -> By {
    if cookies { By::Cookies } else { By::Body }
}

fn tokens(state: &AppState, status: StatusCode, opened: &Opened, by: By) -> Response {
    let refresh_token = (by == By::Body).then(|| opened.refresh.expose().to_owned());
    let (access_token, expires_in) = (opened.access.access_token.clone(), opened.access.expires_in);
    let user = opened.profile.clone().into();
    let tokens = Tokens { access_token, token_type: "Bearer", expires_in, refresh_token, user };
    let mut response = (status, axum::Json(tokens)).into_response();
    if by == By::Cookies {
        state.cookies.set_session(response.headers_mut(), opened);
    }
    response
}

/// Sign up
///
/// A code is mailed to the address. The answer is the same for an address that has an account; its owner gets a mail then.
#[utoipa::path(post, path = "/auth/sign-up", tag = "auth", operation_id = "signUp", request_body = SignUp, responses(
    (status = 202, description = "A code is on its way", body = Flow), (status = 409, description = "`username_taken`"),
    (status = 422, description = "`password_too_common`")))]
async fn sign_up(Asked(docket): Asked, Json(new): Json<SignUp>) -> Answer<(StatusCode, axum::Json<Flow>)> {
    let flow = accounts::sign_up(&docket, &new.email, &new.username, &new.password).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Flow { flow })))
}

/// Confirm the address of a sign-up
///
/// Makes the account and logs in.
#[utoipa::path(post, path = "/auth/verify", tag = "auth", operation_id = "verifySignUp", request_body = Verification, responses(
    (status = 201, description = "The account is made", body = Tokens), (status = 400, description = "`code_invalid`"), (status = 409, description = "`username_taken`")))]
async fn verify(
    State(state): State<AppState>,
    Asked(docket): Asked,
    Json(sent): Json<Verification>,
) -> Answer<Response> {
    let opened = accounts::verify(&docket, sent.flow.0, &sent.code).await?;
    Ok(tokens(&state, StatusCode::CREATED, &opened, by(sent.cookies)))
}

/// Have a code mailed again
///
/// The older code is void then. An unknown flow is answered alike.
#[utoipa::path(post, path = "/auth/resend", tag = "auth", operation_id = "resendCode", request_body = Again, responses(
    (status = 202, description = "Another code is on its way", body = Flow), (status = 429, description = "`rate_limited`")))]
async fn resend(Asked(docket): Asked, Json(sent): Json<Again>) -> Answer<(StatusCode, axum::Json<Flow>)> {
    accounts::resend(&docket, sent.flow.0).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Flow { flow: sent.flow.0 })))
}

/// Log in
///
/// Begins a session. The right password of a sign-up that was not confirmed answers 403 with its `flow`.
#[utoipa::path(post, path = "/auth/log-in", tag = "auth", operation_id = "logIn", request_body = LogIn, responses(
    (status = 200, description = "Logged in", body = Tokens), (status = 401, description = "`credentials_invalid`"),
    (status = 403, description = "`email_not_verified`, with `flow`")))]
async fn log_in(State(state): State<AppState>, Asked(docket): Asked, Json(sent): Json<LogIn>) -> Answer<Response> {
    let opened = accounts::log_in(&docket, &sent.login, &sent.password).await?;
    Ok(tokens(&state, StatusCode::OK, &opened, by(sent.cookies)))
}

/// Get another access token
///
/// With the refresh token from the cookie, or, if there is a body, from the body. Its successor comes the same way. Sent
/// again within ten seconds, a token gives the same successor, for answers that were lost; sent later, it means that somebody
/// copied it, and ends the session.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", operation_id = "refreshTokens", request_body = Option<Refresh>, responses(
    (status = 200, description = "Refreshed", body = Tokens), (status = 401, description = "`token_missing`, `token_invalid`")))]
async fn refresh(
    State(state): State<AppState>,
    Asked(docket): Asked,
    headers: HeaderMap,
    sent: Option<Json<Refresh>>,
) -> Answer<Response> {
    let (token, by) = match sent {
        Some(Json(sent)) => (sent.refresh_token, By::Body),
        None => (state.cookies.refresh(&headers).ok_or_else(no_refresh_token)?, By::Cookies),
    };
    let opened = sessions::refresh(&docket, &token).await?;
    Ok(tokens(&state, StatusCode::OK, &opened, by))
}

fn no_refresh_token() -> Problem {
    Problem::detailed(Code::TokenMissing, "Send the refresh token as `refresh_token` in the body, or as cookie.")
}

/// Log out
///
/// Ends the session of the access token.
#[utoipa::path(post, path = "/auth/log-out", tag = "auth", operation_id = "logOut",
    responses((status = 204, description = "Logged out")))]
async fn log_out(State(state): State<AppState>, Asked(docket): Asked, caller: Caller) -> Answer<Response> {
    sessions::end(&docket, caller.id(), caller.0.session_id).await?;
    let mut response = Done.into_response();
    state.cookies.remove_session(response.headers_mut());
    Ok(response)
}

/// Ask for a code to set another password
///
/// The answer is the same whether the address has an account.
#[utoipa::path(post, path = "/auth/password/forgot", tag = "auth", operation_id = "forgotPassword", request_body = Forgot, responses(
    (status = 202, description = "A mail is on its way", body = Flow), (status = 429, description = "`rate_limited`")))]
async fn forgot(Asked(docket): Asked, Json(sent): Json<Forgot>) -> Answer<(StatusCode, axum::Json<Flow>)> {
    let flow = accounts::forgot_password(&docket, &sent.email).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Flow { flow })))
}

/// Set another password with the mailed code
///
/// Ends all sessions.
#[utoipa::path(post, path = "/auth/password/reset", tag = "auth", operation_id = "resetPassword", request_body = Reset, responses(
    (status = 204, description = "Set"), (status = 400, description = "`code_invalid`"), (status = 422, description = "`password_too_common`")))]
async fn reset(Asked(docket): Asked, Json(sent): Json<Reset>) -> Answer<Done> {
    accounts::reset_password(&docket, sent.flow.0, &sent.code, &sent.password).await?;
    Ok(Done)
}
