//! The page of the trash.

use docket::trash::Trashed;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use server_fn::ServerFn;

use super::{EmptyTrash, Remove, Restore, trash_contents, words};
use crate::changes::{Changes, read_anew};
use crate::lists::DeleteList;
use crate::platform;
use crate::todos::DeleteTodo;
use crate::ui::form::Sent;
use crate::ui::states::Empty;
use crate::ui::{Ago, Each, Item, Load, Menu, PageData, PageTitle, drag};

/// What was deleted, to restore or remove.
#[component]
pub fn TrashPage() -> impl IntoView {
    let key = Memo::new(|_| String::new());
    let call = |_| async { trash_contents().await.map(PageData::Trash) };
    let show = |data: PageData| {
        let PageData::Trash(contents) = data else { return ().into_any() };
        view! { <Contents contents/> }.into_any()
    };
    view! {
        <PageTitle text=words::TRASH/>
        <Load key call show/>
    }
}

#[component]
fn Contents(contents: Vec<Trashed>) -> impl IntoView {
    let contents = RwSignal::new(contents);
    let changes = Changes::get();
    // Whatever else has changed may have changed the trash. What is there still stays as it is drawn.
    changes.on_look(move || async move {
        if let Ok(now) = read_anew(trash_contents).await {
            contents.try_set(now);
        }
    });
    // What was refused is asked for anew.
    let or_look_again = move |failed: bool| {
        if failed {
            changes.look_again();
        }
    };
    let submit = move |event: SubmitEvent| {
        let restoring =
            event.submitter().is_some_and(|button| button.get_attribute("value").as_deref() == Some("restore"));
        let Some(id) = Sent::by(&event).and_then(|sent| sent.id("id")) else { return };
        event.prevent_default();
        let before = contents.get_untracked();
        let Some(index) = before.iter().position(|item| item.id == id) else { return };
        let neighbour = before.get(index + 1).or_else(|| before.get(index.checked_sub(1)?));
        let next = neighbour.map(|item| format!("#{} button", drag::row(item.id)));
        platform::keep_focus(next.unwrap_or_else(|| "#main".to_owned()));
        contents.update(|all| drop(all.remove(index)));
        let is_list = before[index].is_list;
        if restoring {
            // It changes names and counts beside the page, perhaps many.
            changes.send(Restore { id }, move |_| changes.look_again());
            changes.undoable(words::RESTORED, move || match is_list {
                true => changes.send(DeleteList { id }, move |_| changes.look_again()),
                false => changes.send(DeleteTodo { id }, move |_| changes.look_again()),
            });
        } else {
            changes.send(Remove { id }, move |answer| or_look_again(answer.is_err()));
            changes.done(words::REMOVED);
        }
    };
    let submit_empty = move |event: SubmitEvent| {
        event.prevent_default();
        contents.set(Vec::new());
        platform::keep_focus("#main".to_owned());
        changes.send(EmptyTrash {}, move |answer| or_look_again(answer.is_err()));
        changes.done(words::EMPTIED);
    };
    let is_empty = Memo::new(move |_| contents.with(Vec::is_empty));
    view! {
        <div class="list-head">
            <h1>{words::TRASH}</h1>
            // What cannot be undone takes two steps.
            <details class="menu" name="menu" hidden=move || is_empty.get()>
                <summary class="button">{words::EMPTY}</summary>
                <form method="post" action=EmptyTrash::PATH on:submit=submit_empty>
                    <button class="danger">{words::EMPTY_SURE}</button>
                </form>
            </details>
        </div>
        <p class="hint">{words::HINT}</p>
        {move || is_empty.get().then(|| view! { <Empty text=words::NONE/> }.into_any())}
        <ul class="rows" on:submit=submit>
            <Each items=Box::new(move || contents.get().into_iter().map(row).collect())/>
        </ul>
    }
}

fn row(item: Trashed) -> Item {
    Item::new((item.id, false), move || view! { <TrashedRow item/> }.into_any())
}

#[component]
fn TrashedRow(item: Trashed) -> impl IntoView {
    let what = match &item.list_name {
        Some(list) => words::todo_of(list),
        None => words::list_with(item.todo_count),
    };
    let title = item.title;
    view! {
        <li id=drag::row(item.id)>
            <form method="post" action=Remove::PATH class="row">
                <input type="hidden" name="id" value=item.id.to_string()/>
                <span class="title"><span class="name">{title.clone()}</span><span class="notes">{what}", "{words::DELETED}" "<Ago time=item.deleted_at/></span></span>
                <button class="button" formaction=Restore::PATH value="restore" aria-label=words::restoring(&title)>{words::RESTORE}</button>
                <Menu of=title><button class="danger">{words::REMOVE}</button></Menu>
            </form>
        </li>
    }
}
