//! The todos of the list on the screen. Each change shows here at once; what the server answers is taken over, what it
//! refuses is taken back, and each can be undone, on another page too.

use std::rc::Rc;
use std::sync::Arc;

use docket::todos::Todo;
use leptos::prelude::*;
use uuid::Uuid;

use super::{
    ADDED_MAX, AddTodos, DeleteTodo, DeleteTodos, EditTodo, ListPage, MoveTodo, PlaceTodo, SetDone, see_list, words,
};
use crate::changes::{Changes, read_anew};
use crate::error::ApiError;
use crate::lists::sidebar::{Lists, place_behind};
use crate::platform;
use crate::trash::{Restore, RestoreAll};
use crate::ui::drag::{self, control_of};
use crate::viewer::Messages;

/// The todos in their order, in a context. Those of another list are changed on the server only.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    list: RwSignal<Option<Uuid>>,
    // Changed by putting another one in its place, which tells what has changed without comparing.
    rows: RwSignal<Vec<Arc<Todo>>>,
    next: RwSignal<Option<String>>,
    // The versions that changes made here have led to, of todos that are not shown any more, too.
    versions: StoredValue<Vec<(Uuid, i64)>>,
    lists: Lists,
    changes: Changes,
    messages: Messages,
}

impl Rows {
    /// Provides it, empty.
    pub fn provide() -> Self {
        let rows = Self {
            list: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            versions: StoredValue::new(Vec::new()),
            lists: Lists::get(),
            changes: Changes::get(),
            messages: Messages::get(),
        };
        provide_context(rows);
        rows
    }

    /// From the context.
    #[must_use]
    pub fn get() -> Self {
        expect_context()
    }

    /// Shows the todos of a list. Rows that are there already stay as they are drawn.
    pub fn show(self, page: ListPage) {
        let ListPage { list, todos, next } = page;
        let same_list = self.list.get_untracked() == Some(list.id);
        let before = if same_list { self.rows.get_untracked() } else { Vec::new() };
        let kept = |todo: Todo| match before.iter().find(|known| known.id == todo.id) {
            Some(known) if **known == todo => known.clone(),
            known => {
                if known.is_some() {
                    platform::keep_focus_within(&drag::row(todo.id), control_of(todo.id));
                }
                Arc::new(todo)
            }
        };
        self.rows.set(todos.into_iter().map(kept).collect());
        self.next.set(next);
        self.list.set(Some(list.id));
        self.lists.learn(list);
    }

    /// Whether there are more than are shown, and what asks for them.
    #[must_use]
    pub fn next(self) -> Option<String> {
        self.next.get()
    }

    /// Shows those that follow, too.
    pub fn show_more(self) {
        self.load_more(false);
    }

    // Those of the next page, or all that follow.
    fn load_more(self, all: bool) {
        let (Some(list_id), Some(next)) = (self.list.get_untracked(), self.next.get_untracked()) else { return };
        // Pressed twice, it is asked for once.
        self.next.set(None);
        platform::spawn(async move {
            let answer = read_anew(|| see_list(list_id, Some(next.clone()))).await;
            if self.list.get_untracked() != Some(list_id) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.rows.update(|rows| append(rows, page.todos));
                    self.next.set(page.next);
                    if all {
                        self.load_more(true);
                    }
                }
                Err(error) => {
                    self.next.set(Some(next));
                    self.messages.fail(&error);
                }
            }
        });
    }

    /// Asks the server for all of it anew: it may have been changed elsewhere.
    pub async fn refresh(self) {
        let Some(list_id) = self.list.get_untracked() else { return };
        let page = read_anew(|| self.read(list_id)).await;
        if let (Ok(page), true) = (page, self.list.get_untracked() == Some(list_id)) {
            self.show(page);
        }
    }

    // As many of a list as are shown, or more.
    async fn read(self, list_id: Uuid) -> Result<ListPage, ApiError> {
        let shown = self.rows.with_untracked(Vec::len);
        let mut page = see_list(list_id, None).await?;
        while page.todos.len() < shown
            && let Some(next) = page.next.take()
        {
            let more = see_list(list_id, Some(next)).await?;
            let known: Vec<Uuid> = page.todos.iter().map(|todo| todo.id).collect();
            page.todos.extend(more.todos.into_iter().filter(|todo| !known.contains(&todo.id)));
            page.next = more.next;
        }
        Ok(page)
    }

    /// Those of a list that are to do, and those that are done; none while another list is shown.
    #[must_use]
    pub fn parts(self, list: Uuid) -> (Vec<Arc<Todo>>, Vec<Arc<Todo>>) {
        if self.list.get() != Some(list) {
            return (Vec::new(), Vec::new());
        }
        self.rows.with(|rows| rows.iter().cloned().partition(|todo| !todo.done))
    }

    /// One of them.
    #[must_use]
    pub fn find(self, id: Uuid) -> Option<Todo> {
        self.row(id).map(|todo| Todo::clone(&todo))
    }

    /// The one below it among its like, or the one above.
    #[must_use]
    pub fn neighbour(self, id: Uuid) -> Option<Uuid> {
        let done = self.row(id)?.done;
        let alike = self.ids(|row| row.done == done);
        let index = alike.iter().position(|other| *other == id)?;
        alike.get(index + 1).or_else(|| alike.get(index.checked_sub(1)?)).copied()
    }

    fn row(self, id: Uuid) -> Option<Arc<Todo>> {
        self.rows.with_untracked(|rows| rows.iter().find(|row| row.id == id).cloned())
    }

    /// Adds todos at the end, those done that are ticked.
    pub fn add(self, list_id: Uuid, titles: Vec<String>, ticked: Vec<bool>, refused: impl Fn(&ApiError) + 'static) {
        let todo = |title: &String| Todo {
            id: Uuid::now_v7(),
            list_id,
            title: title.clone(),
            notes: String::new(),
            done: false,
            version: 0,
        };
        let todos: Vec<Todo> = titles.iter().map(todo).collect();
        let ids: Vec<Uuid> = todos.iter().map(|todo| todo.id).collect();
        todos.iter().for_each(|todo| self.lists.count(todo, 1));
        self.rows.update(|rows| rows.extend(todos.into_iter().map(Arc::new)));
        // The end of the list is where they are: what is before them is shown too.
        self.load_more(true);
        let refused = Rc::new(refused);
        for (from, to) in stretches(&titles) {
            let (some_ids, some_titles) = (&ids[from..to], &titles[from..to]);
            let (taken_back, refused) = (some_ids.to_vec(), refused.clone());
            let call = AddTodos { list_id, ids: lines(some_ids), titles: lines(some_titles) };
            self.changes.send(call, move |answer| match answer {
                Ok(added) => added.into_iter().for_each(|todo| self.take_over(todo)),
                Err(error) => {
                    taken_back.iter().for_each(|id| drop(self.take(*id)));
                    refused(&error);
                }
            });
        }
        for (id, _) in ids.iter().zip(ticked).filter(|(_, ticked)| *ticked) {
            self.tick(*id, true);
        }
        self.changes.undoable(words::added(&titles), move || {
            ids.iter().for_each(|id| drop(self.take(*id)));
            self.send_delete(list_id, &ids);
        });
    }

    /// Marks a todo as done or not.
    pub fn set_done(self, id: Uuid, done: bool) {
        let title = self.find(id).map(|todo| todo.title).unwrap_or_default();
        self.tick(id, done);
        self.changes.undoable(words::done(&title, done), move || self.tick(id, !done));
    }

    fn tick(self, id: Uuid, done: bool) {
        let before = self.find(id);
        if let Some(before) = &before {
            self.set(Todo { done, ..before.clone() });
        }
        self.changes.send(SetDone { id, done }, move |answer| self.settle(answer, before));
    }

    /// Changes title and notes of a todo that was like `base` when it was opened. What the server refuses is handed on, with
    /// what it holds instead shown already.
    pub fn edit(self, base: Todo, title: String, notes: String, refused: impl Fn(&ApiError) + 'static) {
        let id = base.id;
        let Some(before) = self.find(id) else { return };
        // Whoever has changed it meanwhile shall not be overwritten unseen.
        let version = ((&before.title, &before.notes) != (&base.title, &base.notes)).then_some(base.version);
        let message = words::saved(&title);
        let ours = (title.clone(), notes.clone());
        self.write(id, title, notes, version, refused);
        self.changes.undoable(message, move || {
            let theirs = self.find(id).is_some_and(|now| (now.title, now.notes) != ours);
            let version = self.version(id).filter(|_| theirs);
            self.write(id, before.title, before.notes, version, |_| ());
        });
    }

    fn write(
        self,
        id: Uuid,
        title: String,
        notes: String,
        version: Option<i64>,
        refused: impl Fn(&ApiError) + 'static,
    ) {
        let before = self.find(id);
        if let Some(before) = &before {
            self.set(Todo { title: title.clone(), notes: notes.clone(), ..before.clone() });
        }
        let ours = (title.clone(), notes.clone());
        let seen = before.as_ref().map(|todo| todo.version);
        // When the call is made, changes made here before this one have been answered.
        let call = move || {
            let version = version.or(seen.max(self.version(id)));
            EditTodo { id, title: title.clone(), notes: notes.clone(), version }
        };
        self.changes.send_later::<EditTodo>(call, move |answer| {
            let error = answer.as_ref().err().cloned();
            self.settle(answer, before);
            let Some(error) = error else { return };
            platform::spawn(async move {
                self.refresh().await;
                if self.find(id).is_none_or(|theirs| (theirs.title, theirs.notes) != ours) {
                    refused(&error);
                }
            });
        });
    }

    /// Moves a todo one step among its like.
    pub fn step(self, id: Uuid, up: bool) {
        let Some(done) = self.row(id).map(|row| row.done) else { return };
        let (all, alike) = (self.ids(|_| true), self.ids(|row| row.done == done));
        let Some(from) = alike.iter().position(|other| *other == id) else { return };
        let behind = if up {
            // Right behind whatever stands before the one above.
            let Some(above) = from.checked_sub(1).map(|index| alike[index]) else { return };
            all.iter().position(|other| *other == above).and_then(|index| index.checked_sub(1)).map(|index| all[index])
        } else {
            let Some(below) = alike.get(from + 1) else { return self.show_more() };
            Some(*below)
        };
        self.place(id, behind);
    }

    /// Moves a todo right behind another one, or before all others.
    pub fn place(self, id: Uuid, behind: Option<Uuid>) {
        let title = self.find(id).map(|todo| todo.title).unwrap_or_default();
        let before = self.put_behind(id, behind);
        self.changes.undoable(words::moved(&title), move || {
            self.put_behind(id, before);
        });
    }

    // Answers behind which one it stood.
    fn put_behind(self, id: Uuid, behind: Option<Uuid>) -> Option<Uuid> {
        let order = self.ids(|_| true);
        let from = order.iter().position(|other| *other == id);
        let before = from.and_then(|from| from.checked_sub(1)).map(|index| order[index]);
        if let Some(from) = from {
            self.rows.update(|rows| {
                let row = rows.remove(from);
                let to = behind.and_then(|behind| rows.iter().position(|row| row.id == behind));
                rows.insert(to.map_or(0, |index| index + 1), row);
            });
        }
        self.changes.send(PlaceTodo { id, place: place_behind(behind) }, move |answer| match answer {
            Ok(todo) => self.take_over(todo),
            Err(_) => self.rows.update(|rows| rows.sort_by_key(|row| order.iter().position(|id| *id == row.id))),
        });
        before
    }

    /// Puts a todo into the trash.
    pub fn delete(self, id: Uuid) {
        let before = self.remove(id);
        let title = before.as_ref().map(|(_, todo)| todo.title.clone()).unwrap_or_default();
        self.changes.undoable(words::deleted(&title), move || self.restore(id, before));
    }

    fn remove(self, id: Uuid) -> Option<(usize, Todo)> {
        let before = self.take(id);
        let answer = before.clone();
        self.changes.send(DeleteTodo { id }, move |answer| {
            if answer.is_err() {
                self.put(before);
            }
        });
        answer
    }

    fn restore(self, id: Uuid, before: Option<(usize, Todo)>) {
        self.put(before);
        platform::lead_to(control_of(id));
        self.changes.send(Restore { id }, move |answer| {
            self.learn_versions(answer.into_iter().map(|version| (id, version)));
            self.changes.look_again();
        });
    }

    fn send_delete(self, list_id: Uuid, ids: &[Uuid]) {
        for ids in ids.chunks(ADDED_MAX) {
            self.changes.send(DeleteTodos { list_id, ids: lines(ids) }, move |_| self.changes.look_again());
        }
    }

    /// Moves a todo to another list.
    pub fn move_to(self, id: Uuid, list_id: Uuid) {
        let Some(name) = self.lists.name(list_id) else { return };
        let from = self.list.get_untracked();
        let before = self.take(id);
        if let Some((_, todo)) = &before {
            self.lists.count(&Todo { list_id, ..todo.clone() }, 1);
        }
        let (back, behind) = (
            before.clone(),
            before.as_ref().and_then(|(index, _)| self.ids(|_| true).get(index.wrapping_sub(1)).copied()),
        );
        self.changes.send(MoveTodo { id, list_id }, move |answer| {
            if answer.is_err() {
                self.put(back);
                self.changes.look_again();
            }
        });
        self.changes.undoable(words::moved_to(&name), move || {
            let Some(list_id) = from else { return };
            self.put(before);
            let learn = move |answer: Result<Todo, ApiError>| {
                self.learn_versions(answer.into_iter().map(|todo| (todo.id, todo.version)));
            };
            self.changes.send(MoveTodo { id, list_id }, learn);
            self.changes.send(PlaceTodo { id, place: place_behind(behind) }, move |answer| {
                learn(answer);
                self.changes.look_again();
            });
        });
    }

    /// Puts the done todos that are shown into the trash.
    pub fn clear_done(self, list_id: Uuid) {
        let done = self.ids(|row| row.done);
        let taken: Vec<_> = done.iter().rev().filter_map(|id| self.take(*id)).collect();
        self.send_delete(list_id, &done);
        self.changes.undoable(words::DONE_DELETED, move || {
            taken.into_iter().rev().for_each(|row| self.put(Some(row)));
            for ids in done.chunks(ADDED_MAX) {
                self.changes.send(RestoreAll { ids: lines(ids) }, move |answer| {
                    self.learn_versions(answer.into_iter().flatten());
                    self.changes.look_again();
                });
            }
        });
    }

    // Takes over the todo that is answered, or takes the change back. Of one that is not shown, counts have to be asked for.
    fn settle(self, answer: Result<Todo, ApiError>, before: Option<Todo>) {
        if before.as_ref().is_none_or(|before| self.find(before.id).is_none()) {
            self.changes.look_again();
        }
        match (answer, before) {
            (Ok(todo), _) => self.take_over(todo),
            (Err(_), Some(before)) => self.set(before),
            (Err(_), None) => {}
        }
    }

    // While other changes wait, what is shown is newer than what is answered; only the version is not.
    fn take_over(self, todo: Todo) {
        self.learn_versions([(todo.id, todo.version)]);
        match self.find(todo.id).filter(|_| platform::has_waiting()) {
            Some(shown) => self.set(Todo { version: todo.version, ..shown }),
            None => self.set(todo),
        }
    }

    fn learn_versions(self, new: impl IntoIterator<Item = (Uuid, i64)>) {
        self.versions.update_value(|all| {
            for (id, version) in new {
                all.retain(|(of, _)| *of != id);
                all.push((id, version));
            }
        });
    }

    fn version(self, id: Uuid) -> Option<i64> {
        self.versions.with_value(|all| all.iter().find(|(of, _)| *of == id).map(|(_, version)| *version))
    }

    fn set(self, todo: Todo) {
        let Some(before) = self.row(todo.id) else { return };
        if before.done != todo.done {
            self.lists.count(&before, -1);
            self.lists.count(&todo, 1);
        }
        let todo = Arc::new(todo);
        self.rows.update(|rows| rows.iter_mut().filter(|row| row.id == todo.id).for_each(|row| *row = todo.clone()));
    }

    fn put(self, row_before: Option<(usize, Todo)>) {
        let Some((index, todo)) = row_before.filter(|(_, todo)| self.find(todo.id).is_none()) else { return };
        self.lists.count(&todo, 1);
        if self.list.get_untracked() == Some(todo.list_id) {
            self.rows.update(|rows| rows.insert(index.min(rows.len()), Arc::new(todo)));
        }
    }

    fn take(self, id: Uuid) -> Option<(usize, Todo)> {
        let index = self.rows.with_untracked(|rows| rows.iter().position(|row| row.id == id))?;
        let todo = self.rows.try_update(|rows| rows.remove(index))?;
        self.lists.count(&todo, -1);
        Some((index, Todo::clone(&todo)))
    }

    fn ids(self, fits: impl Fn(&Todo) -> bool) -> Vec<Uuid> {
        self.rows.with_untracked(|rows| rows.iter().filter(|todo| fits(todo)).map(|todo| todo.id).collect())
    }
}

// One that was added here stands among those shown already.
fn append(rows: &mut Vec<Arc<Todo>>, todos: Vec<Todo>) {
    rows.retain(|row| !todos.iter().any(|todo| todo.id == row.id));
    rows.extend(todos.into_iter().map(Arc::new));
}

/// Most characters that one call carries: each may become twelve on its way, of 64 KiB at most.
const STRETCH_MAX: usize = 4000;

// What one call can carry, from where to where.
fn stretches(titles: &[String]) -> Vec<(usize, usize)> {
    let (mut all, mut from, mut length) = (Vec::new(), 0, 0);
    for (index, title) in titles.iter().enumerate() {
        let characters = title.chars().count();
        if index - from == ADDED_MAX || (index > from && length + characters > STRETCH_MAX) {
            all.push((from, index));
            (from, length) = (index, 0);
        }
        length += characters;
    }
    all.push((from, titles.len()));
    all
}

// One a line; a title has no line breaks.
fn lines<T: ToString>(all: &[T]) -> String {
    all.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_added_is_cut_into_calls_that_are_not_too_long(titles in prop::collection::vec("[a-zä]{1,500}", 1..500)) {
            let cut = stretches(&titles);
            prop_assert!(cut.iter().all(|(from, to)| from < to && to - from <= ADDED_MAX));
            let joined: Vec<String> = cut.iter().flat_map(|(from, to)| titles[*from..*to].to_vec()).collect();
            for (from, to) in cut {
                let length: usize = titles[from..to].iter().map(|title| title.chars().count()).sum();
                prop_assert!(length <= STRETCH_MAX);
            }
            prop_assert_eq!(joined, titles);
        }
    }
}
