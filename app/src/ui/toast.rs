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
    // Of several whiles the last one counts.
    let whiles = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let passes = messages.shown().is_some_and(|message| !message.is_failure);
        let is_held = held_still.get();
        whiles.update_value(|whiles| *whiles += 1);
        let now = whiles.get_value();
        if passes && !is_held {
            platform::in_a_while(move || {
                if whiles.try_get_value() == Some(now) {
                    messages.clear();
                }
            });
        }
    });
    let hold = move |now: bool| move |_| held_still.set(now);
    // The button goes with its message, and the keyboard back to where it was (`work.js`).
    let gone = move || held_still.set(false);
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
            {move || messages.shown().map(bar)}
        </div>
    }
}
