//! Where the keyboard is, and what its keys do.

use std::cell::Cell;

use gloo_storage::{LocalStorage, Storage};
use leptos::ev::{KeyboardEvent, change, click, keydown};
use leptos::prelude::{Callable, Callback, document, on_cleanup, window_event_listener};
use wasm_bindgen::prelude::*;
use web_sys::{Element, EventTarget, FocusOptions, HtmlDialogElement, HtmlElement, HtmlInputElement};

use super::redrawn;
use crate::keys::{Command, command};
use crate::platform::closest;

/// Lets typing begin in an element, unless it has begun elsewhere: the page itself holds the keyboard when one has just come.
pub(crate) fn focus(id: &str) {
    let idle = document().active_element().is_none_or(|element| ["BODY", "MAIN"].contains(&&*element.tag_name()));
    let Some(element) = document().get_element_by_id(id).filter(|_| idle) else { return };
    focus_on(element.dyn_ref());
    // Typing goes on behind what is there.
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        let end = u32::try_from(input.value().encode_utf16().count()).ok();
        // Only in fields of text.
        let _ = input.set_selection_start(end).and(input.set_selection_end(end));
    }
}

/// Keeps the keyboard where it is while rows come and go: on the same control, or else on the first one that matches.
pub(crate) fn keep_focus(or_else: String) {
    let Some(before) = what_has_it() else { return };
    unless_led_elsewhere(move || {
        let found =
            if before.is_connected() { Some(before) } else { document().query_selector(&or_else).ok().flatten() };
        focus_on(found.and_then(|element| element.dyn_into::<HtmlElement>().ok()).as_ref());
    });
}

// What has the keyboard, if anything has.
fn what_has_it() -> Option<Element> {
    document().active_element().filter(|element| element.tag_name() != "BODY")
}

// Leads the keyboard somewhere when the page has been redrawn, unless one has led it elsewhere by then.
fn unless_led_elsewhere(lead: impl FnOnce() + 'static) {
    let before = what_has_it();
    redrawn(move || {
        let now = what_has_it();
        if now.is_none() || now == before {
            lead();
        }
    });
}

/// The same for an element whose contents are redrawn, by its id.
pub(crate) fn keep_focus_within(id: &str, or_else: String) {
    if is_in(id) {
        keep_focus(or_else);
    }
}

/// Leads the keyboard out of an element that is about to go, by its id, to the first one that matches. It need not be
/// scrolled to: it moves up to where the other one was. Before, as what has the keyboard takes longer to go.
pub(crate) fn lead_out_of(id: &str, to: &str) {
    if is_in(id)
        && let Some(element) = all(to).first()
    {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Puts something else in the place of the first element that matches, and leads the keyboard to the first that then matches.
pub(crate) fn replace(selector: &str, html: &str, to: &str) {
    if let Some(element) = all(selector).first() {
        element.set_outer_html(html);
        focus_on(all(to).first());
    }
}

// Whether the keyboard is in an element.
fn is_in(id: &str) -> bool {
    document()
        .active_element()
        .is_some_and(|element| element.closest(&format!("#{id}")).is_ok_and(|found| found.is_some()))
}

/// Leads the keyboard to the first element that matches, when the page has been redrawn.
pub(crate) fn lead_to(selector: String) {
    unless_led_elsewhere(move || focus_on(all(&selector).first()));
}

/// Lets the keyboard begin at the page itself.
pub(crate) fn focus_main() {
    focus_on(all("#main").first());
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn focus_on(element: Option<&HtmlElement>) {
    if let Some(element) = element {
        // Only a hint: where it cannot be had, the keyboard leads there too.
        let _ = element.focus();
    }
}

/// Moves the keyboard among some elements, as far as they are shown.
pub(crate) fn focus_next(among: &str, forward: bool, event: &KeyboardEvent) {
    event.prevent_default();
    let all: Vec<_> = all(among).into_iter().filter(|element| element.offset_width() > 0).collect();
    let now = document().active_element();
    let at = all.iter().position(|element| now.as_ref() == Some(element.as_ref()));
    let next = match (at, forward) {
        (None, _) => Some(0),
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
    };
    focus_on(next.and_then(|next| all.get(next)));
}

/// Presses the first of some elements, unless the keyboard is on one.
pub(crate) fn click_first(among: &str, event: &KeyboardEvent) {
    if is_within(event.target(), "input") {
        event.prevent_default();
        if let Some(first) = all(among).first() {
            first.click();
        }
    }
}

/// Opens a dialog. What stands in its field is overwritten by what is typed.
pub(crate) fn open(dialog: &str) {
    let Some(dialog) =
        document().get_element_by_id(dialog).and_then(|found| found.dyn_into::<HtmlDialogElement>().ok())
    else {
        return;
    };
    let _ = dialog.show_modal();
    if let Ok(Some(switch)) = dialog.query_selector("#keys-work") {
        switch.unchecked_ref::<HtmlInputElement>().set_checked(!are_off());
    }
    if let Ok(Some(input)) = dialog.query_selector("input:not([type=checkbox])") {
        input.unchecked_ref::<HtmlInputElement>().select();
    }
}

fn is_within(target: Option<EventTarget>, selector: &str) -> bool {
    closest(target, selector).is_some()
}

/// Does with the row that the keyboard is on what its own buttons do. On the way to what is done lies what unfolds it.
pub(crate) fn on_row(command: Command) {
    let rows = all(".rows > li:not(details:not([open]) *), .done:not([hidden])");
    let now = document().active_element().and_then(|element| element.closest(".rows > li, .done").ok().flatten());
    let at = now.as_ref().and_then(|now| rows.iter().position(|row| row.is_same_node(Some(now))));
    let step = |to: usize| {
        let row = rows.get(to.min(rows.len().saturating_sub(1)));
        let control = |selector| row.and_then(|row| row.query_selector(selector).ok().flatten());
        let control = control(":scope > summary, a.title").or_else(|| control("button"));
        focus_on(control.as_ref().map(JsCast::unchecked_ref));
    };
    let (button, act) = match command {
        Command::Next => return step(at.map_or(0, |at| at + 1)),
        Command::Previous => return step(at.map_or(0, |at| at.saturating_sub(1))),
        Command::New => return focus_on(all("#add-title, #page-name").first()),
        Command::Toggle => (".check", ""),
        Command::Edit => ("a.title", ""),
        Command::Delete => (":is(.danger, [value=delete])", "delete"),
        Command::Up => ("[value=up]", "up"),
        Command::Down => ("[value=down]", "down"),
        _ => return,
    };
    let find = |selector: &str| now.as_ref()?.query_selector(&format!(":scope > form {selector}")).ok().flatten();
    if let Some(button) = find(button) {
        button.unchecked_ref::<HtmlElement>().click();
    } else if let Some(opener) = find(".opener") {
        // It says what the button would that is in a menu which was never opened.
        let _ = opener.set_attribute("value", act);
        opener.unchecked_ref::<HtmlElement>().click();
        let _ = opener.set_attribute("value", "menu");
    }
}

/// Runs what the keys say, but never while something is typed; and closes menus that are done with.
pub(crate) fn on_keys(run: Callback<Command>) {
    let is_after_g = Cell::new(false);
    let listener = window_event_listener(keydown, move |event: KeyboardEvent| {
        // When a dialog has just been closed, the keyboard is still on what is in it.
        let target = event.target().filter(|target| !is_within(Some(target.clone()), "dialog:not([open])"));
        let g = if is_after_g.take() { "g " } else { "" };
        if event.key() == "Escape" {
            close_menus(None);
        }
        if event.key() == "Escape" && is_within(target.clone(), "#add-title, .new-list") {
            focus_main();
        }
        let arrow = ["ArrowDown", "ArrowUp"].iter().position(|arrow| event.key() == *arrow);
        if let Some(arrow) = arrow.filter(|_| is_within(target.clone(), ".menu[open]")) {
            return focus_next(".menu[open] summary, .menu[open] button", arrow == 0, &event);
        }
        let typing = is_within(target.clone(), "input, textarea, select, dialog, .menu[open]");
        if event.default_prevented()
            || event.repeat() && event.key() != "j" && event.key() != "k"
            || typing
            || are_off()
        {
            return;
        }
        let control = if event.ctrl_key() || event.meta_key() { "Ctrl+" } else { "" };
        let alt = if event.alt_key() { "Alt+" } else { "" };
        let key = format!("{g}{control}{alt}{}", event.key());
        is_after_g.set(key == "g");
        // What is pressed by itself needs no help.
        let pressed = match key.as_str() {
            "Enter" => "a, button, summary",
            " " => "button, summary",
            _ => "dialog",
        };
        // Without a row these scroll the page.
        if ["ArrowDown", "ArrowUp", " "].contains(&key.as_str())
            && !is_within(target.clone(), ".rows > li, .done > summary")
        {
            return;
        }
        if let Some(command) = command(&key).filter(|_| !is_within(target, pressed)) {
            event.prevent_default();
            run.run(command);
        }
    });
    let switch = window_event_listener(change, |event| {
        if let Some(switch) =
            event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).filter(is_switch)
        {
            let _ = LocalStorage::raw().set_item(KEYS, if switch.checked() { "on" } else { "off" });
        }
    });
    let clicks = window_event_listener(click, |event| {
        // The second of a double click would press whatever has moved under the pointer.
        if event.detail() > 1 && is_within(event.target(), ".rows button") {
            event.prevent_default();
        }
        close_menus(event.target().filter(|target| !is_within(Some(target.clone()), ".menu > :not(summary)")).as_ref());
        if let Some(dialog) =
            closest(event.target(), "[data-opens]").and_then(|opener| opener.get_attribute("data-opens"))
        {
            event.prevent_default();
            open(&dialog);
        }
    });
    on_cleanup(move || {
        listener.remove();
        switch.remove();
        clicks.remove();
    });
}

/// Where this browser keeps whether the keys work: some speak or strike them by accident (WCAG 2.2, 2.1.4).
const KEYS: &str = "docket.keys";

fn are_off() -> bool {
    LocalStorage::raw().get_item(KEYS).ok().flatten().as_deref() == Some("off")
}

fn is_switch(input: &HtmlInputElement) -> bool {
    input.id() == "keys-work"
}

// All but the one that something stands in.
fn close_menus(but: Option<&EventTarget>) {
    // Said by a script (`work.js`).
    if !document().document_element().is_some_and(|page| page.has_attribute("data-open")) {
        return;
    }
    for menu in all(".menu[open]") {
        if !menu.contains(but.and_then(|but| but.dyn_ref())) {
            // Where the keyboard was in it, it goes to what opened it.
            if menu.contains(document().active_element().as_deref()) {
                focus_on(menu.first_element_child().as_ref().map(JsCast::unchecked_ref));
            }
            let _ = menu.remove_attribute("open");
        }
    }
}
