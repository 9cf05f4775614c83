//! What there is to tell, in passing.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::words;
use crate::platform;
use crate::viewer::{Message, Messages};

/// What there is to tell, announced when it changes. Where WebAssembly runs, what worked goes by itself after a while, but
/// not while it is read with pointer or keyboard; what failed stays.
#[component]
pub fn MessageBar() -> impl IntoView {
    let messages = Messages::get();
    let held_still = RwSignal::new(false);
    Effect::new(move |_| {
        let passes = messages.current().is_some_and(|message| !message.is_failure);
        if passes && !held_still.get() {
            platform::in_a_while(move || messages.clear());
        } else {
            platform::never_mind();
        }
    });
    let hold = move |now: bool| move |_| held_still.set(now);
    // The button goes with its message.
    let gone = move || {
        held_still.set(false);
        platform::keep_focus("#main .title, #main input".to_owned());
    };
    let undo = move |event: SubmitEvent| {
        event.prevent_default();
        gone();
        messages.undo();
    };
    let bar = move |message: Message| {
        let class = if message.is_failure { "message failure" } else { "message" };
        let form = message.undo.map(|form| view! { <div inner_html=form></div> }.into_any());
        let undo = message
            .undoes
            .map(|_| view! { <form on:submit=undo><button class="link">{words::UNDO}</button></form> }.into_any());
        let close = message.is_failure.then(|| {
            let close = move |_| {
                gone();
                messages.clear();
            };
            view! { <button class="link close" on:click=close>{words::CLOSE}</button> }.into_any()
        });
        view! { <div class=class><p>{message.text}</p>{form}{undo}{close}</div> }
    };
    view! {
        <div
            class="messages"
            role="status"
            on:pointerenter=hold(true)
            on:pointerleave=hold(false)
            on:focusin=move |_| held_still.set(true)
            on:focusout=move |_| held_still.set(false)
        >
            {move || messages.current().map(bar)}
        </div>
    }
}
