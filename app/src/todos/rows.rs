//! The todos of the list on the screen. Each change shows here at once; what the server answers is taken over, and what
//! it refuses is taken back.

use std::pin::Pin;

use docket::error::Code;
use docket::todos::Todo;
use leptos::prelude::*;
use uuid::Uuid;

use super::{add_todo, clear_done, delete_todo, edit_todo, move_todo, place_todo, see_list, set_done};
use crate::error::ApiError;
use crate::lists::sidebar::Lists;
use crate::platform;

/// A call that may answer a todo as it is now.
type Call = dyn Future<Output = Result<Option<Todo>, ApiError>>;

/// One todo, with a signal of its own so that changing it redraws nothing else.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: Uuid,
    /// What it is now.
    pub todo: ArcRwSignal<Todo>,
}

/// The todos in their order.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    rows: RwSignal<Vec<Row>>,
    lists: Lists,
}

impl Rows {
    /// As the server sent them.
    #[must_use]
    pub fn new(todos: Vec<Todo>) -> Self {
        Self { rows: RwSignal::new(todos.into_iter().map(row).collect()), lists: Lists::get() }
    }

    /// Those that are done, or those that are not.
    #[must_use]
    pub fn alike(self, done: bool) -> Vec<Row> {
        self.rows.with(|rows| rows.iter().filter(|row| row.todo.with(|todo| todo.done) == done).cloned().collect())
    }

    /// One of them.
    #[must_use]
    pub fn find(self, id: Uuid) -> Option<Todo> {
        self.rows.with_untracked(|rows| rows.iter().find(|row| row.id == id).map(|row| row.todo.get_untracked()))
    }

    /// Adds a todo at the end.
    pub fn add(self, list_id: Uuid, title: String, failed: impl Fn(&ApiError) + 'static) {
        let id = Uuid::now_v7();
        let todo = Todo { id, list_id, title: title.clone(), notes: String::new(), done: false, version: 0 };
        self.put(usize::MAX, todo);
        let call = async move { add_todo(id, list_id, title).await.map(Some) };
        self.settle(list_id, call, move || drop(self.take(id)), failed);
    }

    /// Marks a todo as done or not.
    pub fn set_done(self, id: Uuid, done: bool, failed: impl Fn(&ApiError) + 'static) {
        let Some(before) = self.find(id) else { return };
        self.set(Todo { done, ..before.clone() });
        let call = async move { set_done(id, done).await.map(Some) };
        self.settle(before.list_id, call, move || self.set(before), failed);
    }

    /// Changes title and notes.
    pub fn edit(self, id: Uuid, title: String, notes: String, failed: impl Fn(&ApiError) + 'static) {
        let Some(before) = self.find(id) else { return };
        self.set(Todo { title: title.clone(), notes: notes.clone(), ..before.clone() });
        let call = async move {
            // The version is read when the call is made: by then, changes made before this one have been answered.
            let version = self.find(id).map_or(0, |todo| todo.version);
            edit_todo(id, title, notes, version).await.map(Some)
        };
        self.settle(before.list_id, call, move || self.set(before), failed);
    }

    /// Moves a todo one step among its like.
    pub fn step(self, id: Uuid, up: bool, failed: impl Fn(&ApiError) + 'static) {
        let Some(list_id) = self.find(id).map(|todo| todo.list_id) else { return };
        let before: Vec<Uuid> = self.rows.with_untracked(|rows| rows.iter().map(|row| row.id).collect());
        self.rows.update(|rows| {
            let Some(from) = rows.iter().position(|row| row.id == id) else { return };
            let done = rows[from].todo.with_untracked(|todo| todo.done);
            let alike = |row: &Row| row.todo.with_untracked(|todo| todo.done) == done;
            let to = if up {
                rows[..from].iter().rposition(alike)
            } else {
                rows[from + 1..].iter().position(alike).map(|n| from + 1 + n)
            };
            if let Some(to) = to {
                let row = rows.remove(from);
                rows.insert(to, row);
            }
        });
        let place = if up { "up" } else { "down" };
        let call = async move { place_todo(id, place.to_owned()).await.map(Some) };
        let put_back =
            move || self.rows.update(|rows| rows.sort_by_key(|row| before.iter().position(|id| *id == row.id)));
        self.settle(list_id, call, put_back, failed);
    }

    /// Puts a todo into the trash.
    pub fn delete(self, id: Uuid, failed: impl Fn(&ApiError) + 'static) {
        let Some((index, before)) = self.take(id) else { return };
        let call = async move { delete_todo(id).await.map(|()| None) };
        self.settle(before.list_id, call, move || self.put(index, before), failed);
    }

    /// Moves a todo to another list.
    pub fn move_to(self, id: Uuid, list_id: Uuid, failed: impl Fn(&ApiError) + 'static) {
        let Some((index, before)) = self.take(id) else { return };
        let there = Todo { list_id, ..before.clone() };
        self.lists.count(&there, 1);
        let call = async move { move_todo(id, list_id).await.map(Some) };
        let put_back = move || {
            self.lists.count(&there, -1);
            self.put(index, before);
        };
        self.settle(list_id, call, put_back, failed);
    }

    /// Puts all done todos into the trash.
    pub fn clear_done(self, list_id: Uuid, failed: impl Fn(&ApiError) + 'static) {
        let done: Vec<Uuid> = self.alike_untracked(true);
        let taken: Vec<(usize, Todo)> = done.into_iter().rev().filter_map(|id| self.take(id)).collect();
        let call = async move { clear_done(list_id).await.map(|_count| None) };
        let put_back = move || taken.into_iter().rev().for_each(|(index, todo)| self.put(index, todo));
        self.settle(list_id, call, put_back, failed);
    }

    // Sends a change that shows already. Takes over the todo that is answered, or takes the change back; after a
    // conflict learns what somebody else has changed meanwhile.
    fn settle(
        self,
        list_id: Uuid,
        call: impl Future<Output = Result<Option<Todo>, ApiError>> + 'static,
        take_back: impl FnOnce() + 'static,
        failed: impl Fn(&ApiError) + 'static,
    ) {
        self.settle_boxed(list_id, Box::pin(call), Box::new(take_back), Box::new(failed));
    }

    // Apart from the above, so that the WebAssembly holds it once.
    fn settle_boxed(
        self,
        list_id: Uuid,
        call: Pin<Box<Call>>,
        take_back: Box<dyn FnOnce()>,
        failed: Box<dyn Fn(&ApiError)>,
    ) {
        platform::enqueue(async move {
            let error = match call.await {
                Ok(todo) => return todo.into_iter().for_each(|todo| self.set(todo)),
                Err(error) => error,
            };
            take_back();
            if error.code == Code::VersionConflict
                && let Ok(page) = see_list(list_id, None).await
            {
                page.todos.into_iter().for_each(|todo| self.set(todo));
            }
            failed(&error);
        });
    }

    /// Takes over what the server says of a todo.
    pub fn set(self, todo: Todo) {
        let row = self.rows.with_untracked(|rows| rows.iter().find(|row| row.id == todo.id).cloned());
        if let Some(row) = row {
            let before = row.todo.get_untracked();
            self.lists.count(&before, -1);
            self.lists.count(&todo, 1);
            row.todo.set(todo);
        }
    }

    fn put(self, index: usize, todo: Todo) {
        self.lists.count(&todo, 1);
        self.rows.update(|rows| rows.insert(index.min(rows.len()), row(todo)));
    }

    fn take(self, id: Uuid) -> Option<(usize, Todo)> {
        let index = self.rows.with_untracked(|rows| rows.iter().position(|row| row.id == id))?;
        let mut taken = None;
        self.rows.update(|rows| taken = Some(rows.remove(index)));
        let todo = taken?.todo.get_untracked();
        self.lists.count(&todo, -1);
        Some((index, todo))
    }

    fn alike_untracked(self, done: bool) -> Vec<Uuid> {
        self.rows.with_untracked(|rows| {
            rows.iter().filter(|row| row.todo.with_untracked(|todo| todo.done) == done).map(|row| row.id).collect()
        })
    }
}

fn row(todo: Todo) -> Row {
    Row { id: todo.id, todo: ArcRwSignal::new(todo) }
}
