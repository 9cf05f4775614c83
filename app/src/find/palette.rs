//! The palette: where to go and what to do, by typing a few letters of it.

use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::html::Dialog;
use leptos::prelude::*;

use super::Found;
use crate::keys::Command;
use crate::lists::sidebar::Lists;
use crate::todos::find_todos;
use crate::ui::words;
use crate::{paths, platform};

const PLACES: [(&str, &str); 3] =
    [(words::ALL_LISTS, paths::HOME), (words::TRASH, paths::TRASH), (words::SETTINGS, paths::SETTINGS)];
const ACTIONS: [(&str, Command); 3] =
    [(words::NEW, Command::New), (words::UNDO, Command::Undo), (words::SHOW_KEYS, Command::Help)];

/// Where the arrows lead. Who types has the first line chosen already.
const STEPS: &str = "#palette input, #palette li + li a";

/// Where the lines of actions lead.
const NOWHERE: &str = "#";

/// Opened by [`Command::Search`].
#[component]
pub fn Palette(
    /// The element, to open it.
    dialog: NodeRef<Dialog>,
    /// Does what was chosen.
    run: Callback<Command>,
) -> impl IntoView {
    let lists = Lists::get();
    let (typed, found) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
    // Until it is opened there is nothing in it: to send, to take over, to redraw when lists change.
    let is_open = RwSignal::new(false);
    let lines = Memo::new(move |_| {
        if !is_open.get() {
            return Vec::new();
        }
        let typed = typed.with(|typed| typed.trim().to_lowercase());
        let lists = lists.all();
        let places = PLACES.iter().map(|(text, href)| Found::place(text, href));
        let actions = ACTIONS.iter().map(|(text, _)| Found::place(text, NOWHERE));
        let fitting = lists.iter().map(Found::list).chain(places).chain(actions).filter(|line| line.fits(&typed));
        fitting.chain(found.get()).collect::<Vec<_>>()
    });
    let is_empty = Memo::new(move |_| is_open.get() && lines.with(Vec::is_empty));
    let lines = move || lines.get().into_iter().map(item).collect_view();
    let input = move |event: Event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        platform::spawn(async move {
            let todos =
                if text.trim().is_empty() { Vec::new() } else { find_todos(text.clone()).await.unwrap_or_default() };
            // What is typed by now is asked for too.
            if typed.with_untracked(|typed| *typed == text) {
                found.set(todos.iter().map(|todo| Found::todo(todo, lists)).collect());
            }
        });
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let choose = move |event: MouseEvent| {
        let Some(link) = platform::closest(event.target(), "a") else { return };
        close();
        // What opens next may take the keyboard.
        platform::focus_main();
        let command = ACTIONS.iter().find(|(text, _)| link.get_attribute("data-does").as_deref() == Some(text));
        if let Some((_, command)) = command {
            event.prevent_default();
            run.run(*command);
        }
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => platform::focus_next(STEPS, true, &event),
        "ArrowUp" => platform::focus_next(STEPS, false, &event),
        "Enter" => platform::click_first("#palette a", &event),
        _ => {}
    };
    let palette = move || {
        view! {
            <dialog id="palette" class="dialog" node_ref=dialog aria-label=words::FIND_TOLD closedby="any" on:focusin=move |_| is_open.set(true) on:click=choose on:keydown=keys>
                <form method="dialog" class="dialog-head">
                    <input type="text" enterkeyhint="go" aria-label=words::FIND_TOLD placeholder=words::FIND_TOLD autocomplete="off" on:input=input/>
                    <button class="button">{words::CLOSE}</button>
                </form>
                <ul>{lines}</ul>
                <p role="status">{move || is_empty.get().then_some(words::NOTHING_FOUND)}</p>
            </dialog>
        }
        .into_any()
    };
    platform::part(palette)
}

fn item(line: Found) -> impl IntoView {
    let Found { text, beside, href } = line;
    let is_action = href == NOWHERE;
    let does = is_action.then(|| text.clone());
    let rel = (!is_action && !paths::is_hydrated(href.split('?').next().unwrap_or_default())).then_some("external");
    view! { <li><a href=href rel=rel data-does=does>{text}<span class="count">{beside}</span></a></li> }
}
