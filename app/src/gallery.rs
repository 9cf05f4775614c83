//! All widgets together, for whoever changes them: at `/dev/ui`, on a loopback address only.

use docket::todos::Todo;
use leptos::prelude::*;
use uuid::Uuid;

use crate::request::scope;
use crate::settings::SetTheme;
use crate::ui::icon::{self, Draw, Icon};
use crate::ui::states::{Empty, NotFound};
use crate::ui::{Field, Line, PageTitle, ServerForm, Submit};
use server_fn::ServerFn;

/// The page.
#[component]
pub fn Gallery() -> impl IntoView {
    if !scope().is_ok_and(|scope| scope.docket.config.public_url.is_loopback()) {
        return view! { <NotFound/> }.into_any();
    }
    let row = |title: &str, done: bool| {
        let (title, notes) = (title.to_owned(), "with notes".to_owned());
        let todo = Todo { id: Uuid::now_v7(), list_id: Uuid::nil(), title, notes, done, version: 0 };
        let mut html = String::new();
        todo.write(&mut html);
        view! { <li inner_html=html></li> }
    };
    view! {
        <PageTitle text="Widgets"/>
        <main class="pane" id="main">
            <h1>"Widgets"</h1>
            <section class="setting" aria-labelledby="buttons">
                <h2 id="buttons">"Buttons"</h2>
                <p class="actions">
                    <button class="button primary">"Primary"</button>
                    <button class="button">"Button"</button>
                    <button class="link">"link"</button>
                    <button class="quiet" aria-label="Quiet"><Draw icon=Icon::Pencil/></button>
                    <button class="quiet star" aria-pressed="true" aria-label="Favourite"><Draw icon=Icon::Star/></button>
                </p>
            </section>
            <section class="setting" aria-labelledby="fields">
                <h2 id="fields">"Fields"</h2>
                <ServerForm action=SetTheme::PATH>
                    <Field name="plain" label="Field" hint="What helps to fill it in." optional=true/>
                    <Field name="notes" label="Several lines" rows=3 optional=true/>
                    <Submit label="Send"/>
                </ServerForm>
                <div class="form-message"><p>"What is wrong with the form as a whole."</p></div>
                <p class="field-error">"What is wrong with a field."</p>
            </section>
            <section class="setting" aria-labelledby="rows">
                <h2 id="rows">"Rows, checks and menus"</h2>
                <ul class="rows">{row("To do", false)} {row("Done", true)}</ul>
            </section>
            <section class="setting" aria-labelledby="messages">
                <h2 id="messages">"Messages"</h2>
                <div class="message"><p>"“Milk” is in the trash."</p><button class="link">"Undo"</button></div>
                <div class="message failure"><p>"The server cannot be reached."</p><button class="link">"Close"</button></div>
            </section>
            <section class="setting" aria-labelledby="dialogs">
                <h2 id="dialogs">"Dialogs and cards"</h2>
                <div class="dialog">
                    <div class="dialog-head"><p>"A dialog"</p><button class="button">"Close"</button></div>
                    <p>"Press " <kbd>"?"</kbd> " for the keys."</p>
                </div>
                <div class="card"><p>"A card " <span class="badge">"badge"</span></p></div>
            </section>
            <section class="setting" aria-labelledby="empty">
                <h2 id="empty">"Nothing there, and still loading"</h2>
                <Empty text="Nothing to do here. Write down what comes next."/>
                <div class="load" aria-busy="true"><p>"What was there before, until the rest has come, and the line above the page"</p></div>
            </section>
            <section class="setting" aria-labelledby="icons">
                <h2 id="icons">"Icons"</h2>
                <p class="actions">{icon::ALL.iter().map(|icon| view! { <Draw icon=*icon/> }).collect_view()}</p>
            </section>
        </main>
    }
    .into_any()
}
