//! The pages of one's own account.

use docket::audit::{self, Record};
use docket::sessions::Session;
use docket::sessions::service as sessions;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;
use uuid::Uuid;

use super::{
    ChangeEmail, ChangePassword, ChangeUsername, Confirm, ConfirmEmail, DeleteAccount, EndOtherSessions, EndSession,
    SetTheme, device, words,
};
use crate::accounts::pages::{CodeField, ResendForm};
use crate::error::ApiError;
use crate::paths;
use crate::request::{RequestScope, scope};
use crate::sessions::LogOut;
use crate::theme::Theme;
use crate::ui::states::{Failed, NotFound};
use crate::ui::{Ago, Field, PageTitle, ServerForm, Submit};
use crate::viewer::Viewer;

/// Events that the page of sessions shows.
const EVENTS: u32 = 30;

/// Who one is, and what can be changed about it.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let Some(user) = Viewer::get().user() else { return view! { <NotFound/> }.into_any() };
    view! {
        <PageTitle text=words::SETTINGS/>
        <h1>{words::SETTINGS}</h1>
        <SettingsNav/>
        <section class="setting" aria-labelledby="device">
            <h2 id="device">{words::DEVICE}</h2>
            <ServerForm action=LogOut::PATH>
                <Submit label=words::LOG_OUT class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="appearance">
            <h2 id="appearance">{words::APPEARANCE}</h2>
            <ServerForm action=SetTheme::PATH>
                <fieldset class="choices">
                    <legend>{words::APPEARANCE_LEGEND}</legend>
                    {Theme::ALL.map(|theme| view! { <ThemeChoice theme/> }).collect_view()}
                </fieldset>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="name">
            <h2 id="name">{words::USERNAME}</h2>
            <ServerForm action=ChangeUsername::PATH>
                <Field name="username" label=words::USERNAME autocomplete="username" value=user.username hint=words::USERNAME_HINT/>
                <Submit label=words::CHANGE_NAME class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="address">
            <h2 id="address">{words::EMAIL}</h2>
            <p>{words::EMAIL_NOW} <strong>{user.email}</strong> "."</p>
            <ServerForm action=ChangeEmail::PATH>
                <Field name="email" label=words::NEW_EMAIL kind="email" autocomplete="email" hint=words::NEW_EMAIL_HINT/>
                <Submit label=words::SEND_CODE class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="password-heading">
            <h2 id="password-heading">{words::PASSWORD}</h2>
            <ServerForm action=ChangePassword::PATH>
                <Field name="current_password" label=words::CURRENT_PASSWORD kind="password" autocomplete="current-password"/>
                <Field name="password" label=words::NEW_PASSWORD kind="password" autocomplete="new-password" hint=words::NEW_PASSWORD_HINT/>
                <Submit label=words::CHANGE_PASSWORD class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="data">
            <h2 id="data">{words::DATA}</h2>
            <p>{words::DATA_TOLD}</p>
            <p><a class="button" href=paths::EXPORT>{words::DOWNLOAD}</a></p>
        </section>
        <section class="setting danger" aria-labelledby="delete">
            <h2 id="delete">{words::DELETE}</h2>
            <p>{words::DELETE_TOLD}</p>
            <ServerForm action=DeleteAccount::PATH>
                <Field name="password" label=words::PASSWORD kind="password" autocomplete="current-password" scope="delete-"/>
                <Submit label=words::DELETE_SURE class="button"/>
            </ServerForm>
        </section>
    }
    .into_any()
}

/// Of the button that chooses a theme.
pub(super) fn theme_id(theme: Theme) -> String {
    format!("theme-{}", theme.as_str())
}

#[component]
fn ThemeChoice(theme: Theme) -> impl IntoView {
    let chosen = scope().map(|scope| scope.theme).unwrap_or_default();
    let is_chosen = (theme == chosen).to_string();
    view! { <button id=theme_id(theme) class="button" name="theme" value=theme.as_str() aria-pressed=is_chosen>{words::theme(theme)}</button> }
}

#[component]
fn SettingsNav() -> impl IntoView {
    let path = leptos_router::hooks::use_location().pathname;
    let current = move |of: &'static str| move || path.with(|path| *path == of).then_some("page");
    view! {
        <nav class="tabs" aria-label=words::SETTINGS>
            <a href=paths::SETTINGS aria-current=current(paths::SETTINGS)>{words::ACCOUNT}</a>
            <a href=paths::SESSIONS aria-current=current(paths::SESSIONS)>{words::DEVICES}</a>
        </nav>
    }
}

/// Entering the code that was mailed to another address.
#[component]
pub fn EmailCodePage() -> impl IntoView {
    let flow = use_query_map().with_untracked(|query| query.get("flow")).and_then(|flow| flow.parse::<Uuid>().ok());
    let Some(flow) = flow.map(|flow| flow.to_string()) else { return view! { <NotFound/> }.into_any() };
    let again = flow.clone();
    view! {
        <PageTitle text=words::EMAIL_CODE/>
        <h1>{words::EMAIL_CODE}</h1>
        <section class="setting">
            <p>{words::EMAIL_CODE_TOLD}</p>
            <ServerForm action=ConfirmEmail::PATH>
                <input type="hidden" name="flow" value=flow/>
                <CodeField/>
                <Submit label=words::CHANGE_EMAIL/>
            </ServerForm>
            <ResendForm flow=again/>
            <p class="aside"><a href=paths::SETTINGS>{words::KEEP_EMAIL}</a></p>
        </section>
    }
    .into_any()
}

/// Asks for the password once more, before what only its owner may do.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    let back = paths::local(&next).filter(|next| *next != paths::EXPORT).unwrap_or(paths::SETTINGS).to_owned();
    let waiting = scope().ok().and_then(|scope| scope.waiting).unwrap_or_default();
    let name = Viewer::get().user().map(|user| user.username).unwrap_or_default();
    view! {
        <PageTitle text=words::CONFIRM/>
        <section class="card dialog" aria-labelledby="dialog">
            <h1 id="dialog">{words::CONFIRM}</h1>
            <p>{words::CONFIRM_TOLD}</p>
            <ServerForm action=Confirm::PATH>
                <input type="hidden" name="next" value=next/>
                <input type="hidden" name="waiting" value=waiting/>
                <input class="unseen" type="text" name="" value=name autocomplete="username" tabindex="-1" aria-hidden="true" readonly/>
                <Field name="password" label=words::PASSWORD kind="password" autocomplete="current-password" autofocus=true/>
                <Submit label=words::GO_ON/>
            </ServerForm>
            <p class="aside"><a href=back>{words::CANCEL}</a></p>
        </section>
    }
}

/// Where one is logged in, and what happened to the account.
#[component]
pub fn SessionsPage() -> impl IntoView {
    // Asked for here and not within: the context is that of the page.
    let scope = scope();
    view! {
        <PageTitle text=words::DEVICES/>
        <h1>{words::DEVICES}</h1>
        <SettingsNav/>
        {Suspend::new(async move {
            match load(scope).await {
                Ok(loaded) => view! { <Devices loaded/> }.into_any(),
                Err(error) => view! { <Failed error/> }.into_any(),
            }
        })}
    }
}

struct Loaded {
    sessions: Vec<Session>,
    events: Vec<Record>,
    current: Uuid,
}

async fn load(scope: Result<RequestScope, ApiError>) -> Result<Loaded, ApiError> {
    let scope = scope?;
    let who = scope.identity()?;
    Ok(Loaded {
        sessions: sessions::all(&scope.docket, who.user.id).await?,
        events: audit::service::newest(&scope.docket, Some(who.user.id), EVENTS).await?,
        current: who.session_id,
    })
}

#[component]
fn Devices(loaded: Loaded) -> impl IntoView {
    let Loaded { mut sessions, events, current } = loaded;
    sessions.sort_by_key(|session| session.id != current);
    let others = sessions.len() > 1;
    let device = move |session: Session| {
        let (name, here) = (device::name(&session.user_agent), session.id == current);
        view! {
            <li class="row device">
                <span class="title">
                    <span class="name">{name.clone()} {here.then(|| view! { <span class="badge">{words::THIS_DEVICE}</span> })}</span>
                    <span class="notes">{words::LAST_SEEN} <Ago time=session.last_seen_at/> {words::LOGGED_IN} <Ago time=session.created_at/> {words::from(&session.ip)}</span>
                </span>
                {(!here)
                    .then(|| {
                        view! {
                            <ServerForm action=EndSession::PATH about=session.id.to_string()>
                                <input type="hidden" name="id" value=session.id.to_string()/>
                                <button class="button" aria-label=words::log_out(&name)>{words::LOG_OUT}</button>
                            </ServerForm>
                        }
                    })}
            </li>
        }
    };
    let event = move |record: Record| {
        view! {
            <li class="row">
                <span class="title">
                    <span class="name">{words::event(&record)}</span>
                    <span class="notes"><Ago time=record.at/> {words::from(&record.ip)}</span>
                </span>
            </li>
        }
    };
    view! {
        <section class="setting" aria-labelledby="devices">
            <h2 id="devices">{words::WHERE}</h2>
            <ul class="rows">{sessions.into_iter().map(device).collect_view()}</ul>
            {others
                .then(|| {
                    view! {
                        <ServerForm action=EndOtherSessions::PATH>
                            <Submit label=words::LOG_OUT_OTHERS class="button"/>
                        </ServerForm>
                    }
                })}
        </section>
        <section class="setting" aria-labelledby="events">
            <h2 id="events">{words::EVENTS}</h2>
            <p class="hint">{words::events_told(EVENTS)}</p>
            <ul class="rows">{events.into_iter().map(event).collect_view()}</ul>
        </section>
    }
}
