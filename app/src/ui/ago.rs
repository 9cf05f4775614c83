//! Times as one would tell them.

use docket::time::Timestamp;
use leptos::prelude::*;

use super::words;
use crate::platform;

/// How long ago something was; exactly when, for whoever points at it.
#[component]
pub fn Ago(
    /// When it was.
    time: Timestamp,
) -> impl IntoView {
    let exactly = platform::exactly(time);
    let past = platform::now().seconds() - time.seconds();
    view! { <time datetime=exactly.clone() title=exactly>{words::ago(past)}</time> }
}
