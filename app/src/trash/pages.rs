//! The page of the trash.

use docket::trash::Trashed;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use server_fn::ServerFn;

use super::{EmptyTrash, Remove, Restore, empty_trash, remove, restore, trash_contents};
use crate::lists::all_lists;
use crate::lists::sidebar::Lists;
use crate::platform;
use crate::ui::form::Sent;
use crate::ui::states::{Empty, Failed};
use crate::ui::{Each, Item, PageTitle};
use crate::viewer::{Messages, use_failure};

/// What was deleted, to restore or remove.
#[component]
pub fn TrashPage() -> impl IntoView {
    let loaded = Resource::new(|| (), |()| trash_contents());
    view! {
        <PageTitle text="Trash"/>
        <Transition>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(contents) => view! { <Contents contents/> }.into_any(),
                    Err(error) => view! { <Failed error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Contents(contents: Vec<Trashed>) -> impl IntoView {
    let contents = RwSignal::new(contents);
    let (messages, lists, failure) = (Messages::get(), Lists::get(), use_failure());
    let submit = move |event: SubmitEvent| {
        let restoring =
            event.submitter().is_some_and(|button| button.get_attribute("value").as_deref() == Some("restore"));
        let Some(id) = Sent::by(&event).and_then(|sent| sent.id("id")) else { return };
        event.prevent_default();
        let before = contents.get_untracked();
        contents.update(|all| all.retain(|item| item.id != id));
        let failure = failure.clone();
        platform::enqueue(async move {
            let answer = if restoring { restore(id).await } else { remove(id).await };
            match answer {
                Ok(()) if restoring => {
                    messages.tell("It is back where it was.");
                    // It changes names and counts beside the page, perhaps many.
                    if let Ok(all) = all_lists().await {
                        lists.set(all);
                    }
                }
                Ok(()) => messages.tell("It is gone for good."),
                Err(error) => {
                    contents.set(before);
                    failure(&error);
                }
            }
        });
    };
    let failure = use_failure();
    let submit_empty = move |event: SubmitEvent| {
        event.prevent_default();
        let before = contents.get_untracked();
        contents.set(Vec::new());
        let failure = failure.clone();
        platform::enqueue(async move {
            match empty_trash().await {
                Ok(()) => messages.tell("The trash is empty."),
                Err(error) => {
                    contents.set(before);
                    failure(&error);
                }
            }
        });
    };
    let is_empty = Memo::new(move |_| contents.with(Vec::is_empty));
    view! {
        <div class="list-head">
            <h1>"Trash"</h1>
            <form method="post" action=EmptyTrash::PATH on:submit=submit_empty hidden=move || is_empty.get()>
                <button class="button">"Empty the trash"</button>
            </form>
        </div>
        <p class="hint">"What you delete waits here for a while and can be brought back. After that it is removed for good."</p>
        {move || is_empty.get().then(|| view! { <Empty text="Nothing here."/> }.into_any())}
        <ul class="rows" on:submit=submit>
            <Each items=Box::new(move || contents.get().into_iter().map(row).collect())/>
        </ul>
    }
}

fn row(item: Trashed) -> Item {
    Item::new((item.id, 0, 0), move || view! { <TrashedRow item/> }.into_any())
}

#[component]
fn TrashedRow(item: Trashed) -> impl IntoView {
    let what = match (&item.list_name, item.is_list) {
        (Some(list), _) => format!("todo from “{list}”"),
        (None, true) if item.todo_count == 1 => "list with 1 todo".to_owned(),
        (None, _) => format!("list with {} todos", item.todo_count),
    };
    let title = item.title;
    view! {
        <li>
            <form method="post" action=Remove::PATH class="row">
                <input type="hidden" name="id" value=item.id.to_string()/>
                <span class="title"><span class="name">{title.clone()}</span><span class="notes">{what}</span></span>
                <button class="button" formaction=Restore::PATH value="restore" aria-label=format!("Restore {title}")>"Restore"</button>
                <button class="button" aria-label=format!("Remove {title} for good")>"Remove"</button>
            </form>
        </li>
    }
}
