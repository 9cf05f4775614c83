//! The page of all lists, and the head of a list's own page.

use docket::lists::List;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use server_fn::ServerFn;
use uuid::Uuid;

use super::sidebar::{Lists, NewList};
use super::{DeleteList, PlaceList, RenameList, SetFavourite, delete_list, place_list, set_favourite};
use crate::ui::form::{Sent, sending};
use crate::ui::icon::{Draw, Icon};
use crate::ui::states::{Empty, Failed};
use crate::ui::{Each, Field, Item, PageTitle, ServerForm, Submit};
use crate::viewer::{Messages, use_failure};
use crate::{paths, platform};

/// All lists: to go to one, and to put them in order.
#[component]
pub fn ListsPage() -> impl IntoView {
    let lists = Lists::get();
    view! {
        <PageTitle text="Your lists"/>
        <Transition>
            {move || Suspend::new(async move {
                match lists.loaded().await {
                    Ok(()) => view! { <AllLists/> }.into_any(),
                    Err(error) => view! { <Failed error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn AllLists() -> impl IntoView {
    let lists = Lists::get();
    let submit = use_list_actions();
    view! {
        <h1>"Your lists"</h1>
        {move || lists.all().is_empty().then(|| view! { <Empty text="No lists yet. Make the first one: groceries, perhaps, or this week."/> }.into_any())}
        <ul class="rows" on:submit=submit>
            <Each items=Box::new(move || lists.all().into_iter().map(list_row).collect())/>
        </ul>
        <NewList scope="page-"/>
    }
}

fn list_row(list: List) -> Item {
    let key = (list.id, list.version, list.open_count);
    Item::new(key, move || view! { <ListRow list/> }.into_any())
}

#[component]
fn ListRow(list: List) -> impl IntoView {
    let List { id, name, favourite, open_count, .. } = list;
    let (link, up, down, delete) =
        (name.clone(), format!("Move {name} up"), format!("Move {name} down"), format!("Delete {name}"));
    view! {
        <li>
            <form method="post" action=SetFavourite::PATH class="row">
                <input type="hidden" name="id" value=id.to_string()/>
                <FavouriteButton favourite name/>
                <a href=paths::list(id)><span class="name">{link}</span></a>
                <span class="count">{format!("{open_count} to do")}</span>
                <button class="quiet" name="place" value="up" formaction=PlaceList::PATH aria-label=up><Draw icon=Icon::Up/></button>
                <button class="quiet" name="place" value="down" formaction=PlaceList::PATH aria-label=down><Draw icon=Icon::Down/></button>
                <button class="quiet" formaction=DeleteList::PATH aria-label=delete><Draw icon=Icon::Trash/></button>
            </form>
        </li>
    }
}

#[component]
fn FavouriteButton(favourite: bool, name: String) -> impl IntoView {
    view! {
        <button class="quiet star" name="favourite" value=(!favourite).to_string() aria-pressed=favourite.to_string() aria-label=format!("Favourite: {name}")>
            <Draw icon=Icon::Star/>
        </button>
    }
}

/// Name and controls of one list.
#[component]
pub fn ListHead(
    /// Which one.
    id: Uuid,
) -> impl IntoView {
    let lists = Lists::get();
    let query = use_query_map();
    let renaming = Memo::new(move |_| query.with(|query| query.get("rename").is_some()));
    let list = Memo::new(move |_| lists.find(id));
    let submit = use_list_actions();
    move || {
        let list = list.get()?;
        Some(if renaming.get() {
            view! { <RenameForm list/> }.into_any()
        } else {
            let List { name, favourite, .. } = list;
            view! {
                <PageTitle text=name.clone()/>
                <div class="list-head" on:submit=submit.clone()>
                    <h1>{name.clone()}</h1>
                    <form method="post" action=SetFavourite::PATH>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <FavouriteButton favourite name=name.clone()/>
                        <a href=format!("{}?rename=yes", paths::list(id)) class="quiet" aria-label=format!("Rename {name}")><Draw icon=Icon::Pencil/></a>
                        <button class="quiet" formaction=DeleteList::PATH aria-label=format!("Delete {name}")><Draw icon=Icon::Trash/></button>
                    </form>
                </div>
            }
            .into_any()
        })
    }
}

#[component]
fn RenameForm(list: List) -> impl IntoView {
    let lists = Lists::get();
    let navigate = use_navigate();
    let List { id, name, version, .. } = list;
    let done = move |list: List| {
        lists.put(list);
        navigate(&paths::list(id), NavigateOptions { replace: true, ..NavigateOptions::default() });
    };
    view! {
        <PageTitle text=format!("Rename {name}")/>
        <h1 class="visually-hidden">{format!("Rename {name}")}</h1>
        <ServerForm of={sending::<RenameList, _>(done)} about=id.to_string() class="inline-form">
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <Field name="name" label="Name of the list" value=name autofocus=true/>
            <Submit label="Save"/>
            <a href=paths::list(id) class="button">"Cancel"</a>
        </ServerForm>
    }
}

// The buttons of lists, wherever they stand: each change shows at once and is taken back if the server refuses it.
fn use_list_actions() -> impl Fn(SubmitEvent) + Clone + 'static {
    let (lists, messages) = (Lists::get(), Messages::get());
    let failure = use_failure();
    let navigate = use_navigate();
    move |event: SubmitEvent| {
        let Some((sent, id)) = Sent::by(&event).and_then(|sent| sent.id("id").map(|id| (sent, id))) else { return };
        event.prevent_default();
        let failure = failure.clone();
        match (sent.get("favourite"), sent.get("place"), lists.find(id)) {
            (Some(favourite), _, Some(before)) => {
                let favourite = favourite == "true";
                lists.put(List { favourite, ..before.clone() });
                platform::enqueue(async move {
                    match set_favourite(id, favourite).await {
                        Ok(list) => lists.put(list),
                        Err(error) => {
                            lists.put(before);
                            failure(&error);
                        }
                    }
                });
            }
            (_, Some(place), _) => {
                let up = place == "up";
                lists.step(id, up);
                platform::enqueue(async move {
                    if let Err(error) = place_list(id, place).await {
                        lists.step(id, !up);
                        failure(&error);
                    }
                });
            }
            _ => {
                let Some((index, before)) = lists.take(id) else { return };
                navigate(paths::HOME, NavigateOptions::default());
                messages.tell(format!("“{}” is in the trash.", before.name));
                platform::enqueue(async move {
                    if let Err(error) = delete_list(id).await {
                        lists.put_back(index, before);
                        failure(&error);
                    }
                });
            }
        }
    }
}
