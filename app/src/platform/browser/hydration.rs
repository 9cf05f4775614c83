//! Taking over a page in several tasks, each of them short, so that the browser can answer between two. Who presses something
//! meanwhile finds the page taken over: what is left is done before.
//!
//! Most of what taking over takes is compiling what is called for the first time, so it is no less in a page of few rows.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;

use any_spawner::Executor;
use hydration_context::HydrateSharedContext;
use leptos::prelude::*;
use leptos::tachys::dom::body;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Position, PositionState, Render, RenderHtml};
use wasm_bindgen::prelude::*;
use web_sys::Event;

use crate::platform::closest;
use crate::root::{self, Pages};

thread_local! {
    // The tasks that are still to come.
    static WAITING: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
    // What follows the last of them.
    static AFTERWARDS: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// Takes over the page that the server rendered.
pub fn hydrate() {
    // As `leptos::mount::hydrate_body` does it, all in one. There is one executor; only a second one would fail.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new_root(Some(Arc::new(HydrateSharedContext::new())));
    for provide in root::CONTEXTS {
        let owner = owner.clone();
        in_a_task(move || owner.with(provide));
    }
    in_a_task(move || {
        let view = owner.with(|| Pages().into_view());
        in_a_task(move || {
            let page = owner.with(|| view.hydrate::<true>(&Cursor::new(body().into()), &PositionState::default()));
            if let Some(shared) = owner.shared_context() {
                when_taken_over(move || shared.hydration_complete());
            }
            // They last as long as the page.
            mem::forget((owner, page));
        });
    });
    // Half a page must not be led to another one: the rest of it would take over what is not its own. Not done as soon as a
    // pointer goes down, but on a click: what moves under it would not be clicked. A grip is held, not clicked.
    let rest = |event: Event| {
        if event.type_() != "pointerdown" || closest(event.target(), ".grip").is_some() {
            while next() {}
        }
    };
    let rest = Closure::<dyn Fn(Event)>::new(rest).into_js_value();
    for event in ["pointerdown", "click", "keydown", "submit", "popstate"] {
        let _ = window().add_event_listener_with_callback_and_bool(event, rest.unchecked_ref(), true);
    }
}

fn in_a_task(work: impl FnOnce() + 'static) {
    WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(work)));
    let task = Closure::once_into_js(|| {
        next();
    });
    let _ = window().set_timeout_with_callback(task.unchecked_ref());
}

// Does the next one, if there is one.
fn next() -> bool {
    let work = WAITING.with_borrow_mut(|waiting| (!waiting.is_empty()).then(|| waiting.remove(0)));
    let Some(work) = work else { return false };
    work();
    if is_done() {
        AFTERWARDS.take().into_iter().for_each(|then| then());
        if let Some(root) = document().document_element() {
            // For tests, and for style sheets that want to know.
            let _ = root.set_attribute("data-hydrated", "");
        }
    }
    true
}

fn is_done() -> bool {
    WAITING.with_borrow(Vec::is_empty)
}

/// Runs something when the whole page is taken over, or at once where nothing is left to be.
pub(crate) fn when_taken_over(then: impl FnOnce() + 'static) {
    if is_done() {
        then();
    } else {
        AFTERWARDS.with_borrow_mut(|afterwards| afterwards.push(Box::new(then)));
    }
}

/// A view that is one element, which is taken over in a task of its own.
///
/// What the page came with is handed out in the order in which the server wrote it down, so of two parts beside each other at
/// most one may ask for some of it (as a `Resource` does).
pub(crate) fn part(make: impl FnOnce() -> AnyView + Send + 'static) -> impl IntoView {
    Part(Box::new(make))
}

struct Part(Box<dyn FnOnce() -> AnyView + Send>);

impl Render for Part {
    type State = Rc<RefCell<Option<AnyViewState>>>;

    fn build(self) -> Self::State {
        Rc::new(RefCell::new(Some((self.0)().build())))
    }

    fn rebuild(self, state: &mut Self::State) {
        if let Some(state) = &mut *state.borrow_mut() {
            (self.0)().rebuild(state);
        }
    }
}

without_attributes!(Part);

impl RenderHtml for Part {
    for_the_browser!();

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        let state = Rc::new(RefCell::new(None));
        cursor.advance_to_placeholder(position);
        let (element, owner) = (cursor.current(), Owner::current().unwrap_or_default());
        let into = Rc::downgrade(&state);
        in_a_task(move || {
            // Unless one has gone elsewhere meanwhile.
            if let Some(state) = into.upgrade() {
                let element = element.unchecked_into();
                let take_over = || (self.0)().hydrate_from_position::<FROM_SERVER>(&element, Position::Current);
                *state.borrow_mut() = Some(owner.with(take_over));
            }
        });
        state
    }
}
