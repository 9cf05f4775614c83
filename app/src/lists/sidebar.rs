//! The lists of whoever is logged in, as all parts of the page share them, and the column that shows them.

use std::sync::Arc;

use docket::lists::{List, ListName};
use docket::todos::Todo;
use html_escape::encode_double_quoted_attribute as escape;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use server_fn::ServerFn;
use uuid::Uuid;

use super::{CreateList, DeleteList, PlaceList, RenameList, SetFavourite, all_lists, words};
use crate::changes::{Changes, read_anew};
use crate::error::ApiError;
use crate::trash::Restore;
use crate::ui::form::{FormMessage, FormState, Sent};
use crate::ui::icon::{Draw, Icon};
use crate::ui::nav::{Finder, KeysOpener};
use crate::ui::{Each, Field, Item, Line, NavLink, Submit};
use crate::viewer::Viewer;
use crate::{paths, platform, ui};

/// All lists, in a context: changed here first, so that every place that shows them agrees.
#[derive(Debug, Clone, Copy)]
pub struct Lists {
    all: RwSignal<Vec<List>>,
    // The one that was made just now, until its page is there.
    made: StoredValue<Option<Uuid>>,
    changes: Changes,
}

impl Lists {
    /// Provides it, as the server handed them over with the page.
    pub fn provide() -> Self {
        let all = RwSignal::new(Viewer::get().lists());
        let lists = Self { all, made: StoredValue::new(None), changes: Changes::get() };
        provide_context(lists);
        lists
    }

    /// From the context.
    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// Takes over what a page has learnt of a list. Not while the server renders: there it learns nothing new, and others
    /// are reading.
    pub fn learn(self, list: List) {
        if cfg!(feature = "hydrate") {
            self.put(list);
        }
    }

    /// Asks the server for all of them anew: names, counts and order may have changed elsewhere.
    pub async fn refresh(self) {
        if let Ok(all) = read_anew(all_lists).await
            && self.all.with_untracked(|known| *known != all)
        {
            self.all.set(all);
        }
    }

    /// All of them, favourites first.
    #[must_use]
    pub fn all(self) -> Vec<List> {
        self.all.get()
    }

    /// One of them.
    #[must_use]
    pub fn find(self, id: Uuid) -> Option<List> {
        self.all.with(|all| all.iter().find(|list| list.id == id).cloned())
    }

    /// Whether a list was made just now: said once.
    #[must_use]
    pub fn is_just_made(self, id: Uuid) -> bool {
        self.made.try_update_value(Option::take).flatten() == Some(id)
    }

    /// What a list is called.
    #[must_use]
    pub fn name(self, id: Uuid) -> Option<String> {
        self.all.with_untracked(|all| all.iter().find(|list| list.id == id).map(|list| list.name.clone()))
    }

    /// Puts a list in, or in place of the one with its id.
    pub fn put(self, list: List) {
        self.all.update(|all| {
            match all.iter_mut().find(|known| known.id == list.id) {
                Some(known) => *known = list,
                None => all.push(list),
            }
            sort(all);
        });
    }

    /// Counts a todo that came (1) or went (-1).
    pub fn count(self, todo: &Todo, by: i64) {
        self.all.update(|all| {
            if let Some(list) = all.iter_mut().find(|list| list.id == todo.list_id) {
                if todo.done { list.done_count += by } else { list.open_count += by }
            }
        });
    }

    /// Puts a list among the favourites, or back.
    pub fn set_favourite(self, id: Uuid, favourite: bool) {
        let Some(name) = self.name(id) else { return };
        self.favour(id, favourite);
        self.changes.undoable(words::made_favourite(&name, favourite), move || self.favour(id, !favourite));
    }

    fn favour(self, id: Uuid, favourite: bool) {
        self.update(id, |list| list.favourite = favourite);
        // Where it stands among its like is the server's to say.
        self.changes.send(SetFavourite { id, favourite }, move |_| self.changes.look_again());
    }

    /// Moves a list one step among its like.
    pub fn step(self, id: Uuid, up: bool) {
        let all = self.all.get_untracked();
        let Some(from) = all.iter().position(|list| list.id == id) else { return };
        let behind = if up { from.checked_sub(2) } else { Some(from + 1) };
        let to = if up { from.checked_sub(1) } else { Some(from + 1) };
        if to.and_then(|to| all.get(to)).is_some_and(|other| other.favourite == all[from].favourite) {
            self.place(id, behind.map(|behind| all[behind].id));
        }
    }

    /// Moves a list right behind another one, or before all others; favourites stay among themselves.
    pub fn place(self, id: Uuid, behind: Option<Uuid>) {
        let Some((name, before)) = self.put_behind(id, behind) else { return };
        self.changes.undoable(words::moved(&name), move || {
            self.put_behind(id, before);
        });
    }

    // Answers its name, and behind which one it stood.
    fn put_behind(self, id: Uuid, behind: Option<Uuid>) -> Option<(String, Option<Uuid>)> {
        let mut all = self.all.get_untracked();
        let from = all.iter().position(|list| list.id == id)?;
        // Right behind one of the other kind is before all of its own.
        let favourite = all[from].favourite;
        let index = all.iter().position(|list| Some(list.id) == behind);
        let above = index.map_or(&[][..], |index| &all[..=index]);
        let behind = above.iter().rfind(|list| list.id != id && list.favourite == favourite).map(|list| list.id);
        let was_behind = from.checked_sub(1).map(|index| all[index].id);
        let list = all.remove(from);
        let name = list.name.clone();
        let to = behind.and_then(|behind| all.iter().position(|list| list.id == behind)).map_or(0, |index| index + 1);
        all.insert(to, list);
        sort(&mut all);
        self.all.set(all);
        self.changes.send(PlaceList { id, place: place_behind(behind) }, self.or_look_again());
        Some((name, was_behind))
    }

    /// Renames a list that was called `base` when it was opened. What the server refuses is handed on.
    pub fn rename(self, base: List, name: String, refused: impl Fn(&ApiError) + 'static) {
        let id = base.id;
        // Whoever has changed it meanwhile shall not be overwritten unseen.
        let version = (self.name(id).as_ref() != Some(&base.name)).then_some(base.version);
        self.change_name(id, name.clone(), version, refused);
        self.changes.undoable(words::renamed(&name), move || self.change_name(id, base.name, None, |_| ()));
    }

    fn change_name(self, id: Uuid, name: String, version: Option<i64>, refused: impl Fn(&ApiError) + 'static) {
        self.update(id, |list| list.name.clone_from(&name));
        let ours = name.clone();
        let call = move || {
            let known = self.all.with_untracked(|all| all.iter().find(|list| list.id == id).map(|list| list.version));
            RenameList { id, name: name.clone(), version: version.or(known) }
        };
        let taken_over = self.or_look_again();
        self.changes.send_later::<RenameList>(call, move |answer| {
            let error = answer.as_ref().err().cloned();
            taken_over(answer);
            let Some(error) = error else { return };
            platform::spawn(async move {
                self.refresh().await;
                if self.name(id).is_none_or(|theirs| theirs != ours) {
                    refused(&error);
                }
            });
        });
    }

    /// Puts a list into the trash.
    pub fn delete(self, id: Uuid) {
        let Some(name) = self.name(id) else { return };
        self.remove(id);
        self.changes.undoable(words::deleted(&name), move || {
            self.changes.send(Restore { id }, move |_| self.changes.look_again());
        });
    }

    fn remove(self, id: Uuid) {
        self.all.update(|all| all.retain(|list| list.id != id));
        self.changes.send(DeleteList { id }, move |answer| {
            if answer.is_err() {
                self.changes.look_again();
            }
        });
    }

    fn update(self, id: Uuid, change: impl FnOnce(&mut List)) {
        self.all.update(|all| {
            if let Some(list) = all.iter_mut().find(|list| list.id == id) {
                change(list);
            }
            sort(all);
        });
    }

    // Takes over the version that a change has made; the rest is shown already, and may have been changed again since. What was
    // refused is asked for anew.
    fn or_look_again(self) -> impl FnOnce(Result<List, ApiError>) {
        move |answer| match answer {
            Ok(made) => self.update(made.id, |list| list.version = made.version),
            Err(_) => self.changes.look_again(),
        }
    }
}

/// A place as the server reads it: right behind a row, or before all others.
pub(crate) fn place_behind(behind: Option<Uuid>) -> String {
    behind.map_or_else(|| "first".to_owned(), |behind| behind.to_string())
}

// Stable, so that each kind keeps its order.
fn sort(all: &mut [List]) {
    all.sort_by_key(|list| !list.favourite);
}

/// The column of lists and the ways to go. On a small screen it is a bar of the latter alone.
#[component]
pub fn Sidebar() -> impl IntoView {
    let (lists, path) = (Lists::get(), use_location().pathname);
    let links = move || {
        let here = path.with(|path| paths::list_of(path));
        let link = |list: List| {
            let (id, is_current) = (list.id, Some(list.id) == here);
            Item::text((id, false), Arc::new(Link { list, is_current }))
        };
        lists.all().into_iter().map(link).collect()
    };
    let column = move || {
        view! {
            <nav class="sidebar" aria-label=words::ALL>
                <a class="brand" href="/lists">"Docket"</a>
                <ul class="list-links">
                    <Each items=Box::new(links)/>
                </ul>
                <NewList scope="sidebar-"/>
                <ul class="places">
                    <li><NavLink href="/lists"><Draw icon=Icon::List/>{ui::words::ALL_LISTS}</NavLink></li>
                    <li><Finder/></li>
                    <li><KeysOpener/></li>
                    <li><NavLink href="/trash"><Draw icon=Icon::Trash/>{ui::words::TRASH}</NavLink></li>
                    <li><NavLink href="/settings" rel="external"><Draw icon=Icon::Settings/>{ui::words::SETTINGS}</NavLink></li>
                </ul>
            </nav>
        }
        .into_any()
    };
    platform::part(column)
}

/// The link to a list, written as text, as there is one for each list on every page.
struct Link {
    list: List,
    is_current: bool,
}

impl Line for Link {
    fn write(&self, html: &mut String) {
        let List { id, name, favourite, open_count, .. } = &self.list;
        html.extend(["<a href=", &paths::list(*id), if self.is_current { " aria-current=page>" } else { ">" }]);
        if *favourite {
            html.extend(["<span class=favourite>", Icon::Star.svg(), "</span>"]);
        }
        html.extend(["<span class=name>", &escape(name), "</span><span class=count>", &open_count.to_string()]);
        html.extend(["<span class=visually-hidden>", words::TO_DO, "</span></span></a>"]);
    }

    fn is_one_element(&self) -> bool {
        true
    }
}

/// A line to make a list with; leads to it.
#[component]
pub fn NewList(
    /// What tells its field from another one's.
    scope: &'static str,
) -> impl IntoView {
    let (lists, changes) = (Lists::get(), Changes::get());
    let navigate = use_navigate();
    let state = FormState::provide(CreateList::PATH, None);
    // Who has none begins with the first.
    let is_page = scope == "page-";
    let autofocus = is_page && lists.all.with_untracked(Vec::is_empty);
    let class = if is_page { "button primary" } else { "button" };
    let submit = move |event: SubmitEvent| {
        let Some((sent, typed)) = Sent::by(&event).and_then(|sent| sent.get("name").map(|name| (sent, name))) else {
            return;
        };
        event.prevent_default();
        // A name that is refused stays where it was typed.
        let Ok(name) = ListName::parse(&typed).map(|name| name.as_str().to_owned()) else {
            changes.send(CreateList { id: Uuid::now_v7(), name: typed }, move |answer| state.refuse(answer.err()));
            return;
        };
        sent.reset();
        state.refuse(None);
        let (id, here, navigate) = (Uuid::now_v7(), platform::path(), navigate.clone());
        lists.put(List { id, name: name.clone(), favourite: false, open_count: 0, done_count: 0, version: 0 });
        let go = navigate.clone();
        changes.send(CreateList { id, name: name.clone() }, move |answer| match answer {
            Ok(list) => {
                lists.update(id, |known| known.version = list.version);
                // Unless one has gone elsewhere meanwhile.
                if platform::path() == here {
                    lists.made.set_value(Some(id));
                    go(&paths::list(id), NavigateOptions::default());
                }
            }
            Err(error) => {
                lists.all.update(|all| all.retain(|list| list.id != id));
                state.refuse(Some(error));
                sent.put_back("name", &typed);
            }
        });
        changes.undoable(words::made(&name), move || {
            if platform::path() == paths::list(id) {
                navigate(paths::HOME, NavigateOptions::default());
            }
            lists.remove(id);
        });
    };
    let form = move || {
        view! {
            <form method="post" action=CreateList::PATH class="new-list" on:submit=submit>
                <FormMessage state/>
                // The id is chosen here, so that sending the form twice makes one list.
                <input type="hidden" name="id" value=Uuid::now_v7().to_string()/>
                <Field name="name" label=words::NEW scope=scope autofocus=autofocus/>
                <Submit label=words::ADD class=class/>
            </form>
        }
        .into_any()
    };
    platform::part(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(name: &str, favourite: bool, is_current: bool) -> String {
        let list = List { id: Uuid::nil(), name: name.into(), favourite, open_count: 3, done_count: 1, version: 1 };
        let mut html = String::new();
        Link { list, is_current }.write(&mut html);
        html
    }

    #[test]
    fn r34_what_a_list_is_called_never_becomes_markup() {
        let html = link("<b>\"ours\" & theirs</b>", false, false);
        assert!(html.contains("<span class=name>&lt;b&gt;&quot;ours&quot; &amp; theirs&lt;/b&gt;</span>"), "{html}");
    }

    #[test]
    fn a_link_says_where_one_is_and_what_is_a_favourite() {
        assert!(
            link("l", false, true)
                .starts_with("<a href=/lists/00000000-0000-0000-0000-000000000000 aria-current=page><span class=name>")
        );
        assert!(!link("l", false, false).contains("aria-current"));
        assert!(link("l", true, false).contains("<span class=favourite><svg"));
    }
}
