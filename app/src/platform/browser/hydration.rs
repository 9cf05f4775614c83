//! Taking over a page in several tasks, each of them short: what is pressed or typed meanwhile is answered between two.
//!
//! Most of what taking over takes is compiling what is called for the first time, so it is no less in a page of few rows.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Position, PositionState, Render, RenderHtml};
use wasm_bindgen::prelude::*;

use crate::root::App;

thread_local! {
    // How many tasks there are still to come.
    static LEFT: Cell<u32> = const { Cell::new(0) };
}

/// Takes over the page that the server rendered.
pub fn hydrate() {
    in_a_task(|| leptos::mount::hydrate_body(App));
}

fn in_a_task(work: impl FnOnce() + 'static) {
    LEFT.set(LEFT.get() + 1);
    let task = Closure::once_into_js(move || {
        work();
        LEFT.set(LEFT.get() - 1);
        if LEFT.get() == 0
            && let Some(root) = document().document_element()
        {
            // For tests, and for style sheets that want to know.
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
    let _ = window().set_timeout_with_callback(task.unchecked_ref());
}

/// A view that is one element, which is taken over in a task of its own.
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

impl RenderHtml for Part {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    // The server has its own way (`platform::server::part`).
    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

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

    fn into_owned(self) -> Self {
        self
    }
}

impl AddAnyAttr for Part {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}
