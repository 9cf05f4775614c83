//! The pages of one's own account.

use docket::audit::{self, Record};
use docket::sessions::Session;
use docket::sessions::service as sessions;
use docket::time::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use super::{
    ChangeEmail, ChangePassword, ChangeUsername, Confirm, ConfirmEmail, DeleteAccount, EndOtherSessions, EndSession,
    SetTheme, device, words,
};
use crate::accounts::Resend;
use crate::error::ApiError;
use crate::paths;
use crate::request::{RequestScope, scope};
use crate::sessions::LogOut;
use crate::theme::Theme;
use crate::ui::form::sending;
use crate::ui::states::{Failed, NotFound};
use crate::ui::{Field, PageTitle, ServerForm, Submit};
use crate::viewer::Viewer;

/// Events that the page of sessions shows.
const EVENTS: u32 = 30;

/// Who one is, and what can be changed about it.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let Some(user) = Viewer::get().user() else { return view! { <NotFound/> }.into_any() };
    view! {
        <PageTitle text="Settings"/>
        <h1>"Settings"</h1>
        <SettingsNav/>
        <section class="setting" aria-labelledby="name">
            <h2 id="name">"User name"</h2>
            <ServerForm of={sending::<ChangeUsername, _>(|()| ())}>
                <Field name="username" label="User name" autocomplete="username" value=user.username hint="3 to 32 letters, digits, or _ - ."/>
                <Submit label="Change the name" class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="address">
            <h2 id="address">"E-mail address"</h2>
            <p>"Mail for you goes to " <strong>{user.email}</strong> "."</p>
            <ServerForm of={sending::<ChangeEmail, _>(|()| ())}>
                <Field name="email" label="New address" kind="email" autocomplete="email" hint="We send a code there, and tell the older address."/>
                <Submit label="Send the code" class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="password-heading">
            <h2 id="password-heading">"Password"</h2>
            <ServerForm of={sending::<ChangePassword, _>(|()| ())}>
                <Field name="current_password" label="Current password" kind="password" autocomplete="current-password"/>
                <Field name="password" label="New password" kind="password" autocomplete="new-password" hint="Several words are easiest to remember. All other devices will be logged out."/>
                <Submit label="Change the password" class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="appearance">
            <h2 id="appearance">"Appearance"</h2>
            <ServerForm of={sending::<SetTheme, _>(|()| ())}>
                <fieldset class="choices">
                    <legend>"On this device, show Docket"</legend>
                    {Theme::ALL.map(|theme| view! { <ThemeChoice theme/> }).collect_view()}
                </fieldset>
                <Submit label="Show it so" class="button"/>
            </ServerForm>
        </section>
        <section class="setting" aria-labelledby="data">
            <h2 id="data">"Your data"</h2>
            <p>"Everything that is kept of you, in one file: lists, todos, the trash, where you are logged in, and what happened to your account."</p>
            <p><a class="button" href=paths::EXPORT>"Download my data"</a></p>
        </section>
        <section class="setting" aria-labelledby="device">
            <h2 id="device">"This device"</h2>
            <ServerForm of={sending::<LogOut, _>(|()| ())}>
                <Submit label="Log out" class="button"/>
            </ServerForm>
        </section>
        <section class="setting danger" aria-labelledby="delete">
            <h2 id="delete">"Delete the account"</h2>
            <p>"Your account goes with all its lists and todos, at once and for good. It cannot be brought back: download your data first."</p>
            <ServerForm of={sending::<DeleteAccount, _>(|()| ())}>
                <Field name="password" label="Password" kind="password" autocomplete="current-password" scope="delete-"/>
                <Submit label="Delete my account for good" class="button"/>
            </ServerForm>
        </section>
    }
    .into_any()
}

#[component]
fn ThemeChoice(theme: Theme) -> impl IntoView {
    let chosen = scope().map(|scope| scope.theme).unwrap_or_default();
    let label = match theme {
        Theme::System => "as the system does",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    view! {
        <label>
            <input type="radio" name="theme" value=theme.as_str() checked=theme == chosen/>
            {label}
        </label>
    }
}

#[component]
fn SettingsNav() -> impl IntoView {
    let path = leptos_router::hooks::use_location().pathname;
    let current = move |of: &'static str| move || path.with(|path| *path == of).then_some("page");
    view! {
        <nav class="tabs" aria-label="Settings">
            <a href=paths::SETTINGS aria-current=current(paths::SETTINGS)>"Account"</a>
            <a href=paths::SESSIONS aria-current=current(paths::SESSIONS)>"Devices and events"</a>
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
        <PageTitle text="Confirm the address"/>
        <h1>"Confirm the address"</h1>
        <section class="setting">
            <p>"We have sent a mail with a code of six digits to your new address. The mail says how long it works."</p>
            <ServerForm of={sending::<ConfirmEmail, _>(|()| ())}>
                <input type="hidden" name="flow" value=flow/>
                <Field name="code" label="Code from the mail" inputmode="numeric" autocomplete="one-time-code" autofocus=true/>
                <Submit label="Change the address"/>
            </ServerForm>
            <ServerForm of={sending::<Resend, _>(|()| ())} class="aside">
                <input type="hidden" name="flow" value=again/>
                <span>"Nothing in the mail? Look into the spam folder, or "</span>
                <Submit label="send a new code" class="link"/>
            </ServerForm>
            <p class="aside"><a href=paths::SETTINGS>"Keep the address as it is"</a></p>
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
        <PageTitle text="Confirm it is you"/>
        <section class="card dialog" aria-labelledby="dialog">
            <h1 id="dialog">"Confirm it is you"</h1>
            <p>"You logged in a while ago. Enter your password once more; then this goes on where you were."</p>
            <ServerForm of={sending::<Confirm, _>(|()| ())}>
                <input type="hidden" name="next" value=next/>
                <input type="hidden" name="waiting" value=waiting/>
                <input class="unseen" type="text" name="" value=name autocomplete="username" tabindex="-1" aria-hidden="true" readonly/>
                <Field name="password" label="Password" kind="password" autocomplete="current-password" autofocus=true/>
                <Submit label="Go on"/>
            </ServerForm>
            <p class="aside"><a href=back>"Cancel"</a></p>
        </section>
    }
}

/// Where one is logged in, and what happened to the account.
#[component]
pub fn SessionsPage() -> impl IntoView {
    // Asked for here and not within: the context is that of the page.
    let scope = scope();
    view! {
        <PageTitle text="Devices and events"/>
        <h1>"Devices and events"</h1>
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
    now: Timestamp,
}

async fn load(scope: Result<RequestScope, ApiError>) -> Result<Loaded, ApiError> {
    let scope = scope?;
    let who = scope.identity()?;
    Ok(Loaded {
        sessions: sessions::all(&scope.docket, who.user.id).await?,
        events: audit::service::newest(&scope.docket, Some(who.user.id), EVENTS).await?,
        current: who.session_id,
        now: scope.docket.clock.now(),
    })
}

#[component]
fn Devices(loaded: Loaded) -> impl IntoView {
    let Loaded { mut sessions, events, current, now } = loaded;
    sessions.sort_by_key(|session| session.id != current);
    let others = sessions.len() > 1;
    let device = move |session: Session| {
        let (name, here) = (device::name(&session.user_agent), session.id == current);
        view! {
            <li class="row device">
                <span class="title">
                    <span class="name">{name.clone()} {here.then(|| view! { <span class="badge">"this device"</span> })}</span>
                    <span class="notes">"Last seen " <Ago time=session.last_seen_at now/> ", logged in " <Ago time=session.created_at now/> {from(&session.ip)}</span>
                </span>
                {(!here)
                    .then(|| {
                        view! {
                            <ServerForm of={sending::<EndSession, _>(|()| ())} about=session.id.to_string()>
                                <input type="hidden" name="id" value=session.id.to_string()/>
                                <button class="button" aria-label=format!("Log out {name}")>"Log out"</button>
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
                    <span class="notes"><Ago time=record.at now/> {from(&record.ip)}</span>
                </span>
            </li>
        }
    };
    view! {
        <section class="setting" aria-labelledby="devices">
            <h2 id="devices">"Where you are logged in"</h2>
            <ul class="rows">{sessions.into_iter().map(device).collect_view()}</ul>
            {others
                .then(|| {
                    view! {
                        <ServerForm of={sending::<EndOtherSessions, _>(|()| ())}>
                            <Submit label="Log out all other devices" class="button"/>
                        </ServerForm>
                    }
                })}
        </section>
        <section class="setting" aria-labelledby="events">
            <h2 id="events">"What happened to your account"</h2>
            <p class="hint">{format!("The last {EVENTS} events. If one was not you, change your password: that logs all other devices out.")}</p>
            <ul class="rows">{events.into_iter().map(event).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Ago(time: Timestamp, now: Timestamp) -> impl IntoView {
    view! { <time datetime=time.to_string() title=time.to_string()>{words::ago(time, now)}</time> }
}

fn from(ip: &str) -> Option<String> {
    (!ip.is_empty()).then(|| format!(", from {ip}"))
}
