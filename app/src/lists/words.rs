//! What pages say about lists.

/// What is on the page of all lists.
pub(crate) const ALL: &str = "Your lists";
pub(crate) const NONE: &str = "No lists yet. Make the first one: groceries, perhaps, or this week.";
pub(crate) const NEW: &str = "New list";
pub(crate) const ADD: &str = "Add list";
pub(crate) const NAME: &str = "Name of the list";
pub(crate) const SAVE: &str = "Save";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const MOVE_UP: &str = "Move up";
pub(crate) const MOVE_DOWN: &str = "Move down";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const TO_DO: &str = " to do";

pub(crate) fn favourite(name: &str) -> String {
    format!("Favourite: {name}")
}

pub(crate) fn renaming(name: &str) -> String {
    format!("Rename {name}")
}

pub(crate) fn to_do(count: i64) -> String {
    format!("{count}{TO_DO}")
}

pub(crate) fn deleted(name: &str) -> String {
    format!("“{name}” is in the trash.")
}

pub(crate) fn made(name: &str) -> String {
    format!("“{name}” is made.")
}

pub(crate) fn renamed(name: &str) -> String {
    format!("It is called “{name}” now.")
}

pub(crate) fn moved(name: &str) -> String {
    format!("“{name}” is moved.")
}

pub(crate) fn made_favourite(name: &str, favourite: bool) -> String {
    format!("“{name}” is {} favourite.", if favourite { "a" } else { "no longer a" })
}

pub(crate) fn theirs(name: &str) -> String {
    format!("It is now called “{name}”.")
}
