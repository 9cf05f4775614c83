//! The lists of whoever is logged in, as all parts of the page share them, and the column that shows them.

use docket::lists::List;
use docket::todos::Todo;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

use super::{CreateList, all_lists};
use crate::error::ApiError;
use crate::paths;
use crate::ui::form::sending;
use crate::ui::icon::{Draw, Icon};
use crate::ui::{Each, Field, Item, NavLink, ServerForm, Submit};
use crate::viewer::Viewer;

/// Whose lists they are, and the lists.
type Loaded = (Option<Uuid>, Result<Vec<List>, ApiError>);

/// All lists, in a context: changed here first, so that every place that shows them agrees.
#[derive(Debug, Clone, Copy)]
pub struct Lists {
    all: RwSignal<Vec<List>>,
    loading: Resource<Loaded>,
    /// Whose lists `all` holds.
    owner: StoredValue<Option<Uuid>>,
}

impl Lists {
    /// Provides it, and begins to load them for whoever is logged in.
    pub fn provide() -> Self {
        let viewer = Viewer::get();
        let user = move || viewer.user().map(|user| user.id);
        let (all, owner) = (RwSignal::new(Vec::new()), StoredValue::new(None));
        // While the server renders, several threads wait for the lists, and none of them may write what another one reads:
        // the library takes a signal that is being written for one that is gone. So they are put in place before the
        // waiting ends.
        let loading = Resource::new(user, move |user| async move {
            let loaded = all_lists().await;
            if let Ok(loaded) = &loaded {
                keep(all, owner, user, loaded.clone());
            }
            (user, loaded)
        });
        let lists = Self { all, loading, owner };
        provide_context(lists);
        lists
    }

    /// Done when they are there. Several places wait for it; what was changed here since is kept.
    ///
    /// # Errors
    /// When they could not be loaded.
    pub async fn loaded(self) -> Result<(), ApiError> {
        let (user, all) = self.loading.await;
        let all = all?;
        // In the browser they came with the page.
        if self.owner.get_value() != user {
            keep(self.all, self.owner, user, all);
        }
        Ok(())
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

    /// Takes over what the server says.
    pub fn set(self, all: Vec<List>) {
        self.all.set(all);
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

    /// Takes a list out, and says where it stood.
    pub fn take(self, id: Uuid) -> Option<(usize, List)> {
        let index = self.all.with_untracked(|all| all.iter().position(|list| list.id == id))?;
        let mut taken = None;
        self.all.update(|all| taken = Some(all.remove(index)));
        taken.map(|list| (index, list))
    }

    /// Puts a list back where it stood.
    pub fn put_back(self, index: usize, list: List) {
        self.all.update(|all| all.insert(index.min(all.len()), list));
    }

    /// Moves a list one step among its like.
    pub fn step(self, id: Uuid, up: bool) {
        self.all.update(|all| {
            let Some(from) = all.iter().position(|list| list.id == id) else { return };
            let to = if up { from.checked_sub(1) } else { Some(from + 1) };
            if let Some(to) = to.filter(|to| all.get(*to).is_some_and(|other| other.favourite == all[from].favourite)) {
                all.swap(from, to);
            }
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
}

// Nothing to do when the page was left meanwhile.
fn keep(all: RwSignal<Vec<List>>, owner: StoredValue<Option<Uuid>>, user: Option<Uuid>, lists: Vec<List>) {
    let _ = all.try_set(lists);
    let _ = owner.try_set_value(user);
}

// Stable, so that each kind keeps its order.
fn sort(all: &mut [List]) {
    all.sort_by_key(|list| !list.favourite);
}

/// The column of lists.
#[component]
pub fn Sidebar() -> impl IntoView {
    let lists = Lists::get();
    view! {
        <nav class="sidebar" aria-label="Your lists">
            <a class="brand" href="/lists">"Docket"</a>
            <ul class="list-links">
                <Each items=Box::new(move || lists.all().into_iter().map(link).collect())/>
            </ul>
            <NewList scope="sidebar-"/>
            <ul class="places">
                <li><NavLink href="/lists"><Draw icon=Icon::List/>"All lists"</NavLink></li>
                <li><NavLink href="/trash"><Draw icon=Icon::Trash/>"Trash"</NavLink></li>
                <li><NavLink href="/settings" rel="external"><Draw icon=Icon::Settings/>"Settings"</NavLink></li>
            </ul>
        </nav>
    }
}

fn link(list: List) -> Item {
    Item::new((list.id, list.version, list.open_count), move || {
        view! {
            <li>
                <NavLink href=paths::list(list.id)>
                    {list.favourite.then(|| view! { <span class="favourite"><Draw icon=Icon::Star/></span> }.into_any())}
                    <span class="name">{list.name}</span>
                    <span class="count">{list.open_count.to_string()}<span class="visually-hidden">" to do"</span></span>
                </NavLink>
            </li>
        }
        .into_any()
    })
}

/// A line to make a list with; leads to it.
#[component]
pub fn NewList(
    /// What tells its field from another one's.
    scope: &'static str,
) -> impl IntoView {
    let lists = Lists::get();
    let navigate = use_navigate();
    let id = RwSignal::new(Uuid::now_v7());
    let done = move |list: List| {
        id.set(Uuid::now_v7());
        let path = paths::list(list.id);
        lists.put(list);
        navigate(&path, NavigateOptions::default());
    };
    view! {
        <ServerForm of={sending::<CreateList, _>(done)} class="new-list">
            // The id is chosen here, so that sending the form twice makes one list.
            <input type="hidden" name="id" prop:value=move || id.get().to_string() value=id.get_untracked().to_string()/>
            <Field name="name" label="New list" scope=scope/>
            <Submit label="Add list" class="button"/>
        </ServerForm>
    }
}
