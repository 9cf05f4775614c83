//! The page of one list.

use std::sync::Arc;

use docket::todos::{Notes, Title as TodoTitle, Todo, titles_in};
use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use server_fn::ServerFn;
use uuid::Uuid;
use web_sys::HtmlInputElement;

use super::line::{self, Opened};
use super::rows::Rows;
use super::{Act, AddTodo, ClearDone, EditTodo, MENU, MoveTodo, see_list, words};
use crate::error::ApiError;
use crate::flash::FlashContext;
use crate::lists::pages::ListHead;
use crate::lists::sidebar::Lists;
use crate::ui::drag::{self, Drag};
use crate::ui::form::{FormMessage, FormState, Sent};
use crate::ui::icon::{Draw, Icon};
use crate::ui::states::Empty;
use crate::ui::{Field, Item, Line, Load, PageData, Stretches};
use crate::viewer::Messages;
use crate::{paths, platform};

/// One list with its todos.
#[component]
pub fn ListPageView() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    // The list, and from where on it is shown.
    let key = Memo::new(move |_| {
        let page = query.with(|query| query.get("page")).unwrap_or_default();
        params.with(|params| params.get("id")).unwrap_or_default() + "?" + &page
    });
    let call = |key: String| async move {
        let (id, page) = key.split_once('?').unwrap_or_default();
        let id = id.parse().map_err(|_| ApiError::nowhere())?;
        see_list(id, Some(page.to_owned())).await.map(PageData::List)
    };
    let show = |data: PageData| {
        let PageData::List(page) = data else { return ().into_any() };
        let id = page.list.id;
        Rows::get().show(page);
        view! { <ListView id/> }.into_any()
    };
    view! { <Load key call show/> }
}

#[component]
fn ListView(id: Uuid) -> impl IntoView {
    let rows = Rows::get();
    let query = use_query_map();
    let editing = Memo::new(move |_| query.with(|query| query.get("edit")?.parse::<Uuid>().ok()));
    let is_later = query.with_untracked(|query| query.get("page").is_some());
    // Looks at each todo once, however many places show them.
    let parts = Memo::new(move |_| rows.parts(id));
    // Of the whole list, where only its beginning is shown too.
    let done_count = Memo::new(move |_| Lists::get().find(id).map_or(0, |list| list.done_count));
    let is_empty = Memo::new(move |_| parts.with(|(to_do, _)| to_do.is_empty()));
    let submit = use_row_actions(rows);
    let (submit_done, submit_clear) = (submit.clone(), submit.clone());
    let drag = Drag::new(move |id, behind| rows.place(id, behind));
    // Folded or not, it stays as it is left.
    let opened = StoredValue::new(menu_asked_for());
    let is_done = |id: Uuid| rows.find(id).is_some_and(|todo| todo.done);
    let unfolds = editing.get_untracked().is_some_and(is_done) || opened.get_value().is_some_and(is_done);
    // It is open once: a row that is made anew is like all others.
    Effect::new(move |_| opened.set_value(None));
    view! {
        <ListHead id/>
        <AddForm list_id=id rows/>
        {move || is_empty.get().then(|| view! { <Empty text=words::NONE/> }.into_any())}
        <div class="todos" class:later=is_later role="group" aria-label=words::TO_DO on:submit=submit on:pointerdown=move |event| drag.begin(&event)>
            <Stretches items=Box::new(move || parts.with(|(to_do, _)| todo_rows(to_do, editing.get(), opened.get_value())))/>
        </div>
        <details class="done" open=unfolds hidden=move || done_count.get() == 0>
            <summary>{move || words::done_count(done_count.get())}</summary>
            <div class="todos" role="group" aria-label=words::DONE on:submit=submit_done>
                <Stretches items=Box::new(move || parts.with(|(_, done)| todo_rows(done, editing.get(), opened.get_value())))/>
            </div>
            <form method="post" action=ClearDone::PATH on:submit=submit_clear>
                <input type="hidden" name="list_id" value=id.to_string()/>
                <button class="button">{words::CLEAR_DONE}</button>
            </form>
        </details>
        {move || {
            let show_more = move |event: SubmitEvent| {
                event.prevent_default();
                rows.show_more();
            };
            rows.next()
                .map(|next| {
                    view! {
                        <form method="get" class="more" on:submit=show_more>
                            <input type="hidden" name="page" value=next/>
                            <button class="button">{words::MORE}</button>
                        </form>
                    }
                        .into_any()
                })
        }}
    }
}

// Whose menu somebody has opened without WebAssembly.
fn menu_asked_for() -> Option<Uuid> {
    let sent = FlashContext::of(Act::PATH, None)?.values;
    sent.get("id").filter(|_| sent.get("act") == Some(MENU))?.parse().ok()
}

pub(super) fn todo_rows(of: &[Arc<Todo>], edited: Option<Uuid>, opened: Option<Uuid>) -> Vec<Item> {
    let item = |todo: &Arc<Todo>| {
        let id = todo.id;
        if edited != Some(id) {
            let line: Arc<dyn Line> = if opened == Some(id) { Arc::new(Opened(todo.clone())) } else { todo.clone() };
            return Item::text((id, false), line);
        }
        // The editor stays as it is while the todo changes beside it, so that nothing typed is lost.
        let todo = Todo::clone(todo);
        Item::new((id, true), move || view! { <li id=drag::row(id)><EditForm todo rows=Rows::get()/></li> }.into_any())
    };
    of.iter().map(item).collect()
}

#[component]
fn AddForm(list_id: Uuid, rows: Rows) -> impl IntoView {
    let state = FormState::provide(AddTodo::PATH, None);
    let input = NodeRef::<Input>::new();
    let error = Memo::new(move |_| state.field_error("title"));
    // A new list waits for its first todo.
    if Lists::get().is_just_made(list_id) {
        platform::lead_to("#add-title".to_owned());
    }
    let add = move |typed: String| {
        let written = titles_in(&typed);
        // All of it or nothing: what cannot be added would be lost in a field of one line.
        let refused =
            written.iter().position(|(line, _)| TodoTitle::parse(line).is_err()).filter(|_| written.len() > 1);
        if let Some(index) = refused {
            state.refuse(Some(ApiError::of_field("title", words::line_refused(index + 1))));
            return;
        }
        // The server says what is wrong with a single one.
        let title = |(line, _): &(&str, bool)| {
            TodoTitle::parse(line).map_or_else(|_| (*line).to_owned(), |title| title.as_str().to_owned())
        };
        let titles: Vec<String> = written.iter().map(title).collect();
        state.refuse(None);
        if titles.is_empty() {
            return;
        }
        let ticked = written.iter().map(|(_, ticked)| *ticked).collect();
        rows.add(list_id, titles, ticked, move |refused: &ApiError| {
            state.refuse(Some(refused.clone()));
            // What was typed comes back, unless something new is being typed already.
            if let Some(field) = input.try_get_untracked().flatten().filter(|field| field.value().is_empty()) {
                field.set_value(&typed);
            }
        });
    };
    let pasted = add;
    let submit = move |event: SubmitEvent| {
        let Some(field) = input.get_untracked() else { return };
        event.prevent_default();
        add(field.value());
        field.set_value("");
        let _ = field.focus();
    };
    // Several lines are several todos.
    let paste = move |event: leptos::ev::ClipboardEvent| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        if text.trim().contains('\n') {
            event.prevent_default();
            pasted(text);
        }
    };
    let form = move || {
        view! {
            <form method="post" action=AddTodo::PATH class="add-todo" on:submit=submit>
                <input type="hidden" name="id" value=Uuid::now_v7().to_string()/>
                <input type="hidden" name="list_id" value=list_id.to_string()/>
                <label class="visually-hidden" for="add-title">{words::NEW}</label>
                <input
                    id="add-title"
                    name="title"
                    node_ref=input
                    value=state.typed("title").unwrap_or_default()
                    placeholder=words::PLACEHOLDER
                    autocomplete="off"
                    enterkeyhint="done"
                    on:paste=paste
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby="add-title-error"
                />
                <button class="button primary"><Draw icon=Icon::Plus/>{words::ADD}</button>
                <p class="field-error" id="add-title-error" role="alert">{move || error.get()}</p>
            </form>
        }
        .into_any()
    };
    platform::part(form)
}

#[component]
fn EditForm(todo: Todo, rows: Rows) -> impl IntoView {
    let base = todo.clone();
    let Todo { id, list_id, title, notes, version, .. } = todo;
    let about = id.to_string();
    let state = FormState::provide(EditTodo::PATH, Some(&about));
    let is_conflict = state.is_conflict();
    let theirs = if is_conflict { words::theirs(&title, &notes) } else { String::new() };
    let (save, cancel) =
        if is_conflict { (words::SAVE_MINE, words::TAKE_THEIRS) } else { (words::SAVE, words::CANCEL) };
    let lists = Lists::get();
    let others = move || lists.all().into_iter().filter(|list| list.id != list_id).collect::<Vec<_>>();
    let close = use_close_editor(list_id);
    let escape = close.clone();
    // Who goes elsewhere without saying what shall become of it has meant to keep it.
    let typed = StoredValue::new(None::<(String, String)>);
    let note = move |event: Event| {
        let form = event_target::<HtmlInputElement>(&event).form();
        typed
            .set_value(form.and_then(|form| Sent::of(&form)).and_then(|sent| sent.get("title").zip(sent.get("notes"))));
    };
    let (opened, messages) = (base.clone(), Messages::get());
    let keep = move || {
        let Some((title, notes)) = typed.try_update_value(Option::take).flatten() else { return };
        if let (Ok(title), Ok(notes)) = (TodoTitle::parse(&title), Notes::parse(&notes)) {
            let (title, notes) = (title.as_str().to_owned(), notes.as_str().to_owned());
            let typed = words::title_and_notes(&title, &notes);
            rows.edit(opened.clone(), title, notes, move |error| messages.fail_behind(error, &typed));
        }
    };
    let edit = use_edit(rows, base, close.clone());
    let submit = move |event: SubmitEvent| {
        typed.set_value(None);
        edit(event);
    };
    on_cleanup(keep.clone());
    let keep_moved = keep.clone();
    let submit_move = move |event: SubmitEvent| {
        let Some((id, list_id)) = Sent::by(&event).and_then(|sent| sent.id("id").zip(sent.id("list_id"))) else {
            return;
        };
        event.prevent_default();
        // What was typed beside it goes along.
        keep_moved();
        close(id);
        rows.move_to(id, list_id);
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            typed.set_value(None);
            escape(id);
        }
        "Enter" if event.ctrl_key() || event.meta_key() => {
            keep();
            escape(id);
        }
        _ => {}
    };
    view! {
        <div class="editor" on:keydown=keys>
            <form method="post" action=EditTodo::PATH on:submit=submit on:input=note>
                <FormMessage state more=theirs/>
                <input type="hidden" name="id" value=about.clone()/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Field name="title" label=words::TITLE value=title scope="edit-" autofocus=true/>
                <Field name="notes" label=words::NOTES value=notes scope="edit-" rows=3 optional=true/>
                <button class="button primary">{save}</button>
                <a href=paths::list(list_id) class="button" data-noscroll="" on:click=move |_| typed.set_value(None)>{cancel}</a>
            </form>
            <form method="post" action=MoveTodo::PATH on:submit=submit_move hidden=move || others().is_empty()>
                <input type="hidden" name="id" value=about/>
                <label for="move-to">{words::MOVE_TO}</label>
                <select id="move-to" name="list_id">
                    {move || others().into_iter().map(|list| view! { <option value=list.id.to_string()>{list.name}</option> }).collect_view()}
                </select>
                <button class="button">{words::MOVE}</button>
            </form>
        </div>
    }
}

fn use_close_editor(list_id: Uuid) -> impl Fn(Uuid) + Clone + 'static {
    let navigate = use_navigate();
    let flash = expect_context::<FlashContext>();
    move |id: Uuid| {
        flash.clear();
        navigate(&paths::list(list_id), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        platform::keep_focus(drag::control_of(id));
    }
}

// Closes the editor at once. What the server refuses opens it again with the text as typed and the reason.
fn use_edit(rows: Rows, base: Todo, close: impl Fn(Uuid) + Clone + 'static) -> impl Fn(SubmitEvent) + Clone + 'static {
    let navigate = use_navigate();
    let (flash, messages) = (expect_context::<FlashContext>(), Messages::get());
    move |event: SubmitEvent| {
        let Some(sent) = Sent::by(&event) else { return };
        let (Some(id), Some(title), Some(notes)) = (sent.id("id"), sent.get("title"), sent.get("notes")) else {
            return;
        };
        event.prevent_default();
        let typed = (title.clone(), notes.clone());
        let navigate = navigate.clone();
        close(id);
        let title = TodoTitle::parse(&title).map_or(title, |title| title.as_str().to_owned());
        let notes = Notes::parse(&notes).map_or(notes, |notes| notes.as_str().to_owned());
        let here = paths::list(base.list_id);
        rows.edit(base.clone(), title, notes, move |error: &ApiError| {
            // One may have gone elsewhere meanwhile, or the todo.
            if platform::path() != here || rows.find(id).is_none() {
                return messages.fail_behind(error, &words::title_and_notes(&typed.0, &typed.1));
            }
            flash.refused(
                EditTodo::PATH,
                error,
                [("id", id.to_string()), ("title", typed.0.clone()), ("notes", typed.1.clone())],
            );
            navigate(
                &format!("{here}?edit={id}"),
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() },
            );
        });
    }
}

// One listener for all rows: reads which button was pressed.
pub(super) fn use_row_actions(rows: Rows) -> impl Fn(SubmitEvent) + Clone + 'static {
    let navigate = use_navigate();
    move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        let Some(sent) = Sent::by(&event) else { return };
        event.prevent_default();
        let Some(id) = sent.id("id") else {
            if let Some(list_id) = sent.id("list_id") {
                rows.clear_done(list_id);
                platform::keep_focus("#add-title".to_owned());
            }
            return;
        };
        let act = sent.get("act").unwrap_or_default();
        if let "done" | "reopen" | "delete" = act.as_str() {
            let next = rows.neighbour(id).map_or_else(|| "#add-title".to_owned(), drag::control_of);
            platform::lead_out_of(&drag::row(id), &next);
        }
        match act.as_str() {
            done @ ("done" | "reopen") => rows.set_done(id, done == "done"),
            step @ ("up" | "down") => {
                rows.step(id, step == "up");
                platform::keep_focus(drag::control_of(id));
            }
            "delete" => rows.delete(id),
            MENU => {
                let title = rows.find(id).map(|todo| todo.title).unwrap_or_default();
                let of_row = |element: &str| format!("#{} {element}", drag::row(id));
                platform::replace(&of_row(".opener"), &line::menu(&title), &of_row("summary"));
            }
            "edit" => {
                let editor = format!("{}?edit={id}", platform::path());
                navigate(&editor, NavigateOptions { scroll: false, ..NavigateOptions::default() });
            }
            _ => {}
        }
    }
}
