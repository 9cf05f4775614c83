//! The keys: all of them in one table, which the sheet behind `?` shows and the pages go by.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

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

/// The sheet of keys: not hydrated, opened by [`Command::Help`].
#[cfg(feature = "ssr")]
#[component]
pub fn Sheet() -> impl IntoView {
    let keys = |keys: &[&str]| keys.iter().map(|key| view! { <kbd>{words::key(key)}</kbd> " " }).collect_view();
    let line = |shortcut: &Shortcut| view! { <div><dt>{words::does(shortcut.command)}</dt><dd>{keys(shortcut.keys)}</dd></div> };
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
