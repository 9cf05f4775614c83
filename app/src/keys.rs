//! The keys: all of them in one table, which the sheet behind `?` shows and the pages go by.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use crate::ui::words;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "`words::does` says it")]
pub enum Command {
    New,
    Next,
    Previous,
    Toggle,
    Edit,
    Delete,
    Up,
    Down,
    Undo,
    Lists,
    Trash,
    Settings,
    Search,
    Help,
}

/// A key and what it is for.
#[derive(Debug, Clone, Copy)]
pub struct Shortcut {
    /// What it does.
    pub command: Command,
    /// Names of keys (UI Events KeyboardEvent key Values), with `Ctrl+` or `Alt+` before them, or after `g`.
    pub keys: &'static [&'static str],
}

const fn shortcut(command: Command, keys: &'static [&'static str]) -> Shortcut {
    Shortcut { command, keys }
}

/// All keys. None works while something is being typed.
pub const ALL: &[Shortcut] = &[
    shortcut(Command::New, &["n"]),
    shortcut(Command::Next, &["j", "ArrowDown"]),
    shortcut(Command::Previous, &["k", "ArrowUp"]),
    shortcut(Command::Toggle, &["x", " "]),
    shortcut(Command::Edit, &["e", "Enter"]),
    shortcut(Command::Delete, &["Delete"]),
    shortcut(Command::Up, &["Alt+ArrowUp"]),
    shortcut(Command::Down, &["Alt+ArrowDown"]),
    shortcut(Command::Undo, &["u"]),
    shortcut(Command::Lists, &["g l"]),
    shortcut(Command::Trash, &["g t"]),
    shortcut(Command::Settings, &["g s"]),
    shortcut(Command::Search, &["Ctrl+k", "/"]),
    shortcut(Command::Help, &["?"]),
];

/// What a key does, if anything.
#[must_use]
pub fn command(key: &str) -> Option<Command> {
    ALL.iter().find(|shortcut| shortcut.keys.contains(&key)).map(|shortcut| shortcut.command)
}

impl Command {
    /// Where it leads, if it does not act upon the page: a path, or a dialog's fragment.
    #[cfg(feature = "ssr")]
    fn leads_to(self) -> Option<&'static str> {
        match self {
            Self::Lists => Some(paths::HOME),
            Self::Trash => Some(paths::TRASH),
            Self::Settings => Some(paths::SETTINGS),
            Self::Search => Some(paths::FIND),
            Self::Help => Some("#keys"),
            _ => None,
        }
    }
}

/// The sheet of keys: not hydrated, opened by [`Command::Help`]. On a document it shows those that lead somewhere, and is
/// also the table that `documents.js` goes by.
#[cfg(feature = "ssr")]
#[component]
pub fn Sheet(
    /// Whether the page is one that WebAssembly takes over.
    hydrated: bool,
) -> impl IntoView {
    let line = |Shortcut { command, keys }: &Shortcut| {
        let to = command.leads_to().filter(|_| !hydrated);
        let key = |key: &&'static str| {
            view! { <kbd data-key=to.map(|_| *key) data-leads-to=to>{words::key(key)}</kbd> " " }
        };
        let keys = keys.iter().map(key).collect_view();
        (hydrated || to.is_some()).then(|| view! { <div><dt>{words::does(*command)}</dt><dd>{keys}</dd></div> })
    };
    view! {
        <dialog id="keys" class="dialog" aria-labelledby="keys-title" closedby="any">
            <form method="dialog" class="dialog-head">
                <h2 id="keys-title">{words::KEYS}</h2>
                <button class="button" autofocus="">{words::CLOSE}</button>
            </form>
            <label class="switch"><input type="checkbox" id="keys-work" checked=""/>{words::KEYS_WORK}</label>
            <dl class="keys">{ALL.iter().map(line).collect_view()}</dl>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let mut keys: Vec<_> = ALL.iter().flat_map(|shortcut| shortcut.keys).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }
}
