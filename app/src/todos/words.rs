//! What pages say about todos.

use std::fmt::Display;

pub(crate) const NONE: &str = "Nothing to do here. Write down what comes next.";
pub(crate) const NEW: &str = "New todo";
pub(crate) const PLACEHOLDER: &str = "Add a todo";
pub(crate) const ADD: &str = "Add";
pub(crate) const TO_DO: &str = "To do";
pub(crate) const DONE: &str = "Done";
pub(crate) const CLEAR_DONE: &str = "Clear done";
pub(crate) const MORE: &str = "More todos";
pub(crate) const TITLE: &str = "Title";
pub(crate) const NOTES: &str = "Notes";
pub(crate) const SAVE: &str = "Save";
pub(crate) const SAVE_MINE: &str = "Keep mine";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const TAKE_THEIRS: &str = "Take the other one";
pub(crate) const MOVE_TO: &str = "Move to";
pub(crate) const MOVE: &str = "Move";
pub(crate) const EDIT: &str = "Edit or move";
pub(crate) const MOVE_UP: &str = "Move up";
pub(crate) const MOVE_DOWN: &str = "Move down";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const DONE_DELETED: &str = "The done todos are in the trash.";

pub(crate) fn done_count(count: i64) -> String {
    format!("{DONE} ({count})")
}

pub(crate) fn added(titles: &[impl Display]) -> String {
    match titles {
        [title] => format!("“{title}” is added."),
        several => format!("{} todos are added.", several.len()),
    }
}

pub(crate) fn line_refused(number: usize) -> String {
    format!("Line {number} is too long for a title. Nothing was added; shorten it and paste again.")
}

pub(crate) fn done(title: &str, done: bool) -> String {
    format!("“{title}” is {}.", if done { "done" } else { "to do again" })
}

pub(crate) fn saved(title: &str) -> String {
    format!("“{title}” is saved.")
}

pub(crate) fn moved(title: &str) -> String {
    format!("“{title}” is moved.")
}

pub(crate) fn moved_to(list: &str) -> String {
    format!("Moved to “{list}”.")
}

pub(crate) fn deleted(title: &str) -> String {
    format!("“{title}” is in the trash.")
}

pub(crate) fn theirs(title: &str, notes: &str) -> String {
    format!("It now says: “{}”", title_and_notes(title, notes))
}

pub(crate) fn title_and_notes(title: &str, notes: &str) -> String {
    if notes.is_empty() { title.to_owned() } else { format!("{title}” with the notes “{notes}") }
}
