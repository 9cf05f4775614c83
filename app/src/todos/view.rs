//! The page of one list.

use docket::todos::{Notes, Title as TodoTitle, Todo};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use server_fn::ServerFn;
use uuid::Uuid;

use super::rows::{Row, Rows};
use super::{AddTodo, ClearDone, DeleteTodo, EditTodo, ListPage, MoveTodo, PlaceTodo, SetDone, see_list};
use crate::error::ApiError;
use crate::flash::{Flash, FlashContext};
use crate::lists::pages::ListHead;
use crate::lists::sidebar::Lists;
use crate::ui::form::{FormState, Sent};
use crate::ui::icon::{Draw, Icon};
use crate::ui::states::{Empty, Failed, NotFound};
use crate::ui::{Each, Field, Item};
use crate::viewer::{Messages, use_failure};
use crate::{paths, platform};

/// One list with its todos.
#[component]
pub fn ListPageView() -> impl IntoView {
    let lists = Lists::get();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<Uuid>().ok()));
    let page = Memo::new(move |_| query.with(|query| query.get("page")));
    let loaded = Resource::new(
        move || (id.get(), page.get()),
        |(id, page)| async move {
            match id {
                Some(id) => see_list(id, page).await.map(Some),
                None => Ok(None),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                // The lists too: they say where a todo can be moved to.
                let (page, _) = (loaded.await, lists.loaded().await);
                match page {
                    Ok(Some(page)) => view! { <ListView page/> }.into_any(),
                    Ok(None) => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Failed error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn ListView(page: ListPage) -> impl IntoView {
    let ListPage { list, todos, next } = page;
    let id = list.id;
    Lists::get().learn(list);
    let rows = Rows::new(todos);
    let query = use_query_map();
    let editing = Memo::new(move |_| query.with(|query| query.get("edit")?.parse::<Uuid>().ok()));
    let done_count = move || rows.alike(true).len();
    let submit = use_row_actions(rows);
    let (submit_done, submit_clear) = (submit.clone(), submit.clone());
    view! {
        <ListHead id/>
        <AddForm list_id=id rows/>
        {move || rows.alike(false).is_empty().then(|| view! { <Empty text="Nothing to do here. Write down what comes next."/> }.into_any())}
        <ul class="rows todos" aria-label="To do" on:submit=submit>
            <Each items=Box::new(move || todo_rows(rows, false, editing))/>
        </ul>
        <details class="done" open=move || editing.get().and_then(|id| rows.find(id)).is_some_and(|todo| todo.done) hidden=move || done_count() == 0>
            <summary>{move || format!("Done ({})", done_count())}</summary>
            <ul class="rows todos" aria-label="Done" on:submit=submit_done>
                <Each items=Box::new(move || todo_rows(rows, true, editing))/>
            </ul>
            <form method="post" action=ClearDone::PATH on:submit=submit_clear>
                <input type="hidden" name="list_id" value=id.to_string()/>
                <button class="button">"Clear done"</button>
            </form>
        </details>
        {next.map(|next| view! { <p><a class="button" href=format!("{}?page={next}", paths::list(id))>"More todos"</a></p> })}
    }
}

fn todo_rows(rows: Rows, done: bool, editing: Memo<Option<Uuid>>) -> Vec<Item> {
    let item = |row: Row| Item::new((row.id, 0, 0), move || view! { <TodoRow row rows editing/> }.into_any());
    rows.alike(done).into_iter().map(item).collect()
}

#[component]
fn AddForm(list_id: Uuid, rows: Rows) -> impl IntoView {
    let state = FormState::of(AddTodo::PATH, None);
    provide_context(state);
    let input = NodeRef::<Input>::new();
    let failure = use_failure();
    let error = RwSignal::new(state.field_error("title"));
    let submit = move |event: SubmitEvent| {
        let Some(field) = input.get_untracked() else { return };
        event.prevent_default();
        let typed = field.value();
        match TodoTitle::parse(&typed) {
            // Nothing typed, nothing to say.
            Err(_) if typed.trim().is_empty() => {}
            // The server's words for it, without anything being added.
            Err(_) => {
                platform::enqueue(async move {
                    if let Err(refused) = super::add_todo(Uuid::now_v7(), list_id, typed.clone()).await {
                        error.set(refused.field("title").map(str::to_owned));
                    }
                });
            }
            Ok(title) => {
                field.set_value("");
                let _ = field.focus();
                error.set(None);
                let failure = failure.clone();
                rows.add(list_id, title.as_str().to_owned(), move |refused: &ApiError| {
                    // What was typed comes back, unless something new is being typed already.
                    if let Some(field) = input.get_untracked().filter(|field| field.value().is_empty()) {
                        field.set_value(&typed);
                    }
                    failure(refused);
                });
            }
        }
    };
    view! {
        <form method="post" action=AddTodo::PATH class="add-todo" on:submit=submit>
            <input type="hidden" name="id" value=Uuid::now_v7().to_string()/>
            <input type="hidden" name="list_id" value=list_id.to_string()/>
            <label class="visually-hidden" for="add-title">"New todo"</label>
            <input
                id="add-title"
                name="title"
                node_ref=input
                value=state.typed("title").unwrap_or_default()
                placeholder="Add a todo"
                autocomplete="off"
                enterkeyhint="done"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby="add-title-error"
            />
            <button class="button primary"><Draw icon=Icon::Plus/>"Add"</button>
            <p class="field-error" id="add-title-error" role="alert">{move || error.get()}</p>
        </form>
    }
}

#[component]
fn TodoRow(row: Row, rows: Rows, editing: Memo<Option<Uuid>>) -> impl IntoView {
    let id = row.id;
    let todo = row.todo;
    let is_edited = Memo::new(move |_| editing.get() == Some(id));
    view! {
        <li id=format!("todo-{id}")>
            {move || {
                // The editor stays as it is while the todo changes beside it, so that nothing typed is lost.
                if is_edited.get() {
                    view! { <EditForm todo=todo.get_untracked() rows/> }.into_any()
                } else {
                    view! { <TodoLine todo=todo.get()/> }.into_any()
                }
            }}
        </li>
    }
}

// One form with a button for each thing to do: small, and it works without WebAssembly.
#[component]
fn TodoLine(todo: Todo) -> impl IntoView {
    let Todo { id, list_id, title, notes, done, .. } = todo;
    view! {
        <form method="post" action=SetDone::PATH class="row" class:is-done=done>
            <input type="hidden" name="id" value=id.to_string()/>
            <button class="check" name="done" value=(!done).to_string() role="checkbox" aria-checked=done.to_string() aria-label=title.clone()>
                <Draw icon=Icon::Check/>
            </button>
            <a href=format!("{}?edit={id}", paths::list(list_id)) class="title" data-noscroll="">
                <span class="name">{title}</span>
                {(!notes.is_empty()).then(|| view! { <span class="notes">{notes}</span> })}
            </a>
            <button class="quiet" name="place" value="up" formaction=PlaceTodo::PATH aria-label="Move up"><Draw icon=Icon::Up/></button>
            <button class="quiet" name="place" value="down" formaction=PlaceTodo::PATH aria-label="Move down"><Draw icon=Icon::Down/></button>
            <button class="quiet" formaction=DeleteTodo::PATH aria-label="Delete"><Draw icon=Icon::Trash/></button>
        </form>
    }
}

#[component]
fn EditForm(todo: Todo, rows: Rows) -> impl IntoView {
    let Todo { id, list_id, title, notes, version, .. } = todo;
    let about = id.to_string();
    provide_context(FormState::of(EditTodo::PATH, Some(&about)));
    let state = expect_context::<FormState>();
    let theirs = state.is_conflict().then(|| {
        format!(
            "It now says: “{title}”{}",
            if notes.is_empty() { String::new() } else { format!(" with the notes “{notes}”") }
        )
    });
    let lists = Lists::get();
    let others = move || lists.all().into_iter().filter(|list| list.id != list_id).collect::<Vec<_>>();
    let close = use_close_editor(list_id);
    let escape = close.clone();
    let submit = use_edit(rows, list_id, close.clone());
    let (messages, failure) = (Messages::get(), use_failure());
    let submit_move = move |event: SubmitEvent| {
        let Some((id, list_id)) = Sent::by(&event).and_then(|sent| sent.id("id").zip(sent.id("list_id"))) else {
            return;
        };
        event.prevent_default();
        close();
        if let Some(list) = lists.find(list_id) {
            messages.tell(format!("Moved to “{}”.", list.name));
        }
        rows.move_to(id, list_id, failure.clone());
    };
    view! {
        <div class="editor" on:keydown=move |event| if event.key() == "Escape" { escape() }>
            <form method="post" action=EditTodo::PATH on:submit=submit>
                <div class="form-message" role="alert">{state.error_message().map(|text| view! { <p>{text}" "{theirs}</p> })}</div>
                <input type="hidden" name="id" value=about.clone()/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Field name="title" label="Title" value=title scope="edit-" autofocus=true/>
                <Field name="notes" label="Notes" value=notes scope="edit-" rows=3 optional=true/>
                <button class="button primary">"Save"</button>
                <a href=paths::list(list_id) class="button" data-noscroll="">"Cancel"</a>
            </form>
            <form method="post" action=MoveTodo::PATH on:submit=submit_move hidden=move || others().is_empty()>
                <input type="hidden" name="id" value=about.clone()/>
                <label for="move-to">"Move to"</label>
                <select id="move-to" name="list_id">
                    {move || others().into_iter().map(|list| view! { <option value=list.id.to_string()>{list.name}</option> }).collect_view()}
                </select>
                <button class="button">"Move"</button>
            </form>
        </div>
    }
}

fn use_close_editor(list_id: Uuid) -> impl Fn() + Clone + 'static {
    let navigate = use_navigate();
    move || {
        FlashContext::clear();
        navigate(&paths::list(list_id), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    }
}

// Closes the editor at once. What the server refuses opens it again with the text as typed and the reason.
fn use_edit(rows: Rows, list_id: Uuid, close: impl Fn() + Clone + 'static) -> impl Fn(SubmitEvent) + Clone + 'static {
    let navigate = use_navigate();
    let failure = use_failure();
    let flash = expect_context::<FlashContext>();
    move |event: SubmitEvent| {
        let Some(sent) = Sent::by(&event) else { return };
        let (Some(id), Some(title), Some(notes)) = (sent.id("id"), sent.get("title"), sent.get("notes")) else {
            return;
        };
        event.prevent_default();
        let typed = (title.clone(), notes.clone());
        let (navigate, failure) = (navigate.clone(), failure.clone());
        close();
        let title = TodoTitle::parse(&title).map_or(title, |title| title.as_str().to_owned());
        let notes = Notes::parse(&notes).map_or(notes, |notes| notes.as_str().to_owned());
        rows.edit(id, title, notes, move |error: &ApiError| {
            let values = [("id", id.to_string()), ("title", typed.0.clone()), ("notes", typed.1.clone())];
            let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            flash.0.set_value(Some(Flash {
                action: EditTodo::PATH.to_owned(),
                error: Some(error.clone()),
                values,
                notice: None,
            }));
            failure(error);
            if !error.is_signed_out() {
                navigate(
                    &format!("{}?edit={id}", paths::list(list_id)),
                    NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() },
                );
            }
        });
    }
}

// One listener for all rows: reads which button was pressed.
fn use_row_actions(rows: Rows) -> impl Fn(SubmitEvent) + Clone + 'static {
    let failure = use_failure();
    let messages = Messages::get();
    move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        let failure = failure.clone();
        let Some(sent) = Sent::by(&event) else { return };
        event.prevent_default();
        match (sent.id("list_id"), sent.id("id"), sent.get("done"), sent.get("place")) {
            (Some(list_id), ..) => {
                rows.clear_done(list_id, failure);
                messages.tell("The done todos are in the trash.");
            }
            (_, Some(id), Some(done), _) => rows.set_done(id, done == "true", failure),
            (_, Some(id), _, Some(place)) => rows.step(id, place == "up", failure),
            (_, Some(id), ..) => {
                let title = rows.find(id).map(|todo| todo.title).unwrap_or_default();
                rows.delete(id, failure);
                messages.tell(format!("“{title}” is in the trash."));
            }
            _ => {}
        }
    }
}
