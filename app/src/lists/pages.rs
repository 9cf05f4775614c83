//! The page of all lists, and the head of a list's own page.

use docket::lists::{List, ListName};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use server_fn::ServerFn;
use uuid::Uuid;

use super::sidebar::{Lists, NewList};
use super::{DeleteList, PlaceList, RenameList, SetFavourite, words};
use crate::flash::FlashContext;
use crate::ui::drag::{self, Drag};
use crate::ui::form::{FormMessage, FormState, Sent};
use crate::ui::icon::{Draw, Icon};
use crate::ui::states::Empty;
use crate::ui::{Each, Field, Item, Menu, PageTitle, Submit};
use crate::viewer::Messages;
use crate::{paths, platform};

/// All lists: to go to one, and to put them in order.
#[component]
pub fn ListsPage() -> impl IntoView {
    let lists = Lists::get();
    let submit = use_list_actions();
    let is_empty = Memo::new(move |_| lists.all().is_empty());
    let drag = Drag::new(move |id, behind| lists.place(id, behind));
    view! {
        <PageTitle text=words::ALL/>
        <h1>{words::ALL}</h1>
        {move || is_empty.get().then(|| view! { <Empty text=words::NONE/> }.into_any())}
        <ul class="rows" on:submit=submit on:pointerdown=move |event| drag.begin(&event)>
            <Each items=Box::new(move || lists.all().into_iter().map(list_row).collect())/>
        </ul>
        <NewList scope="page-"/>
    }
}

fn list_row(list: List) -> Item {
    let id = list.id;
    Item::new((id, false), move || {
        let list = Memo::new(move |_| Lists::get().find(id));
        view! { <li id=drag::row(id)>{move || list.get().map(|list| view! { <ListRow list/> })}</li> }.into_any()
    })
}

#[component]
fn ListRow(list: List) -> impl IntoView {
    let List { id, name, favourite, open_count, .. } = list;
    let link = name.clone();
    view! {
        <form method="post" action=SetFavourite::PATH class="row">
            <input type="hidden" name="id" value=id.to_string()/>
            <FavouriteButton favourite name=name.clone()/>
            <a href=paths::list(id) class="title"><span class="name">{link}</span></a>
            <span class="count">{words::to_do(open_count)}</span>
            <drag::Grip/>
            <ListMenu name/>
        </form>
    }
}

#[component]
fn ListMenu(name: String) -> impl IntoView {
    view! {
        <Menu of=name>
            <button name="place" value="up" formaction=PlaceList::PATH>{words::MOVE_UP}</button>
            <button name="place" value="down" formaction=PlaceList::PATH>{words::MOVE_DOWN}</button>
            <button class="danger" formaction=DeleteList::PATH>{words::DELETE}</button>
        </Menu>
    }
}

#[component]
fn FavouriteButton(favourite: bool, name: String) -> impl IntoView {
    view! {
        <button class="quiet star" name="favourite" value=(!favourite).to_string() aria-pressed=favourite.to_string() aria-label=words::favourite(&name)>
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
    // Counts change often, and are not shown here.
    let list = Memo::new(move |_| lists.find(id).map(|list| List { open_count: 0, done_count: 0, ..list }));
    let submit = use_list_actions();
    move || {
        Some(if renaming.get() {
            // It stays as it is while the list changes beside it, so that nothing typed is lost.
            view! { <RenameForm list=list.get_untracked()?/> }.into_any()
        } else {
            let List { name, favourite, .. } = list.get()?;
            view! {
                <PageTitle text=name.clone()/>
                <div class="list-head" on:submit=submit.clone()>
                    <h1>{name.clone()}</h1>
                    <form method="post" action=SetFavourite::PATH>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <FavouriteButton favourite name=name.clone()/>
                        <a href=format!("{}?rename=yes", paths::list(id)) class="quiet" aria-label=words::renaming(&name)><Draw icon=Icon::Pencil/></a>
                        <ListMenu name/>
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
    let about = list.id.to_string();
    let state = FormState::provide(RenameList::PATH, Some(&about));
    let theirs = if state.is_conflict() { words::theirs(&list.name) } else { String::new() };
    let List { id, name, version, .. } = list.clone();
    let navigate = use_navigate();
    let show = move |query: &str| {
        navigate(
            &format!("{}{query}", paths::list(id)),
            NavigateOptions { replace: true, ..NavigateOptions::default() },
        );
    };
    let (flash, messages) = (expect_context::<FlashContext>(), Messages::get());
    let leave = show.clone();
    // Closes at once. What the server refuses opens it again with the name as typed and the reason.
    let submit = move |event: SubmitEvent| {
        let Some(typed) = Sent::by(&event).and_then(|sent| sent.get("name")) else { return };
        event.prevent_default();
        flash.clear();
        let show = show.clone();
        let name = ListName::parse(&typed).map_or_else(|_| typed.clone(), |name| name.as_str().to_owned());
        let here = paths::list(id);
        lists.rename(list.clone(), name, move |error| {
            // One may have gone elsewhere meanwhile, or the list.
            if platform::path() != here || lists.name(id).is_none() {
                return messages.fail_behind(error, &typed);
            }
            flash.refused(RenameList::PATH, error, [("id", id.to_string()), ("name", typed.clone())]);
            show("?rename=yes");
        });
        leave("");
        platform::keep_focus("h1 ~ form a".to_owned());
    };
    view! {
        <PageTitle text=words::renaming(&name)/>
        <h1 class="visually-hidden">{words::renaming(&name)}</h1>
        <form method="post" action=RenameList::PATH class="inline-form" on:submit=submit>
            <FormMessage state more=theirs/>
            <input type="hidden" name="id" value=about/>
            <input type="hidden" name="version" value=version.to_string()/>
            <Field name="name" label=words::NAME value=name autofocus=true/>
            <Submit label=words::SAVE/>
            <a href=paths::list(id) class="button">{words::CANCEL}</a>
        </form>
    }
}

// The buttons of lists, wherever they stand.
fn use_list_actions() -> impl Fn(SubmitEvent) + Clone + 'static {
    let lists = Lists::get();
    let navigate = use_navigate();
    move |event: SubmitEvent| {
        let Some((sent, id)) = Sent::by(&event).and_then(|sent| sent.id("id").map(|id| (sent, id))) else { return };
        event.prevent_default();
        match (sent.get("favourite"), sent.get("place")) {
            (Some(favourite), _) => lists.set_favourite(id, favourite == "true"),
            (_, Some(place)) => lists.step(id, place == "up"),
            _ => {
                navigate(paths::HOME, NavigateOptions::default());
                lists.delete(id);
            }
        }
        platform::keep_focus(format!("{}, .rows .title, #page-name", drag::control_of(id)));
    }
}
