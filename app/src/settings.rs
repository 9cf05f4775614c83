//! The settings page.

use leptos::prelude::*;

use crate::sessions::pages::LogOutButton;
use crate::ui::PageTitle;
use crate::viewer::Viewer;

/// Who one is, and the way out.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let user = move || Viewer::get().user();
    view! {
        <PageTitle text="Settings"/>
        <h1>"Settings"</h1>
        <dl class="profile">
            <dt>"User name"</dt>
            <dd>{move || user().map(|user| user.username)}</dd>
            <dt>"E-mail address"</dt>
            <dd>{move || user().map(|user| user.email)}</dd>
        </dl>
        <h2>"This device"</h2>
        <LogOutButton/>
    }
}
