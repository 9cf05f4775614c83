//! A tick out of sight. Browsers compile WebAssembly as it is called, so that the first tick would take a slow phone longer
//! than all others.

use docket::lists::List;
use docket::todos::Todo;
use leptos::prelude::*;
use leptos::tachys::view::{Mountable, Render};
use leptos::wasm_bindgen::JsCast;
use uuid::Uuid;

use super::ListPage;
use super::rows::Rows;
use super::view::{todo_rows, use_row_actions};
use crate::changes::Changes;
use crate::lists::sidebar::Lists;
use crate::platform;
use crate::ui::Stretches;
use crate::ui::toast::MessageBar;
use crate::viewer::Messages;

/// Ticks a todo that nobody has, in rows that nobody sees, when the page is taken over and there is nothing else to do.
/// Nothing of it is sent, and nothing stays.
pub(crate) fn rehearse() {
    let desk = Owner::current().unwrap_or_default();
    platform::when_taken_over(move || platform::when_idle(move || tick_in(desk.with(Owner::new))));
}

fn tick_in(stage: Owner) {
    let drawn = stage.with(|| {
        Messages::provide(None);
        Changes::provide_unsent();
        Lists::provide();
        Rows::provide();
        rows_of_one().build()
    });
    // In a task of its own, so that the browser can answer in between.
    platform::when_idle(move || {
        let find = |element: &web_sys::Element| element.query_selector(".check").ok().flatten()?.dyn_into().ok();
        if let Some(check) = drawn.elements().iter().find_map(find) {
            stage.with(|| platform::submit_by(&check));
        }
        // What is told of it is drawn after it.
        platform::when_drawn(move || platform::when_drawn(move || drop((drawn, stage))));
    });
}

fn rows_of_one() -> AnyView {
    let rows = Rows::get();
    let id = Uuid::nil();
    let list = List { id, name: String::new(), favourite: false, open_count: 1, done_count: 0, version: 0 };
    let todo = Todo { id, list_id: id, title: String::new(), notes: String::new(), done: false, version: 0 };
    rows.show(ListPage { list, todos: vec![todo], next: None });
    let parts = Memo::new(move |_| rows.parts(id));
    let to_do = Box::new(move || parts.with(|(to_do, _)| todo_rows(to_do, None, None)));
    let done = Box::new(move || parts.with(|(_, done)| todo_rows(done, None, None)));
    let submit = use_row_actions(rows);
    view! {
        <div on:submit=submit>
            <MessageBar/>
            <Stretches items=to_do/>
            <Stretches items=done/>
        </div>
    }
    .into_any()
}
