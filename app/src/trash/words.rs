//! What pages say about the trash.

pub(crate) const TRASH: &str = "Trash";
pub(crate) const NONE: &str = "Nothing here.";
pub(crate) const HINT: &str =
    "What you delete waits here for a while and can be brought back. After that it is removed for good.";
pub(crate) const EMPTY: &str = "Empty the trash";
pub(crate) const EMPTY_SURE: &str = "Remove all of it for good";
pub(crate) const RESTORE: &str = "Restore";
pub(crate) const REMOVE: &str = "Remove for good";
pub(crate) const DELETED: &str = "deleted";
pub(crate) const RESTORED: &str = "It is back where it was.";
pub(crate) const REMOVED: &str = "It is gone for good.";
pub(crate) const EMPTIED: &str = "The trash is empty.";

pub(crate) fn restoring(title: &str) -> String {
    format!("Restore {title}")
}

pub(crate) fn todo_of(list: &str) -> String {
    format!("todo from “{list}”")
}

pub(crate) fn list_with(todos: i64) -> String {
    match todos {
        1 => "list with 1 todo".to_owned(),
        count => format!("list with {count} todos"),
    }
}
