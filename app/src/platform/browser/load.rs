//! What a page is made of, loaded when one goes there.

use std::sync::Arc;

use leptos::prelude::*;

use crate::changes::read_anew;
use crate::codec::Json;
use crate::ui::load::{Loaded, Loading};

/// What the page is made of: it came with the page, or is loaded, and anew when `key` changes. Changes that are on their way
/// come first.
pub(crate) fn loaded(
    key: Memo<String>,
    call: Box<dyn Fn(String) -> Loading + Send + Sync>,
    pending: RwSignal<bool>,
) -> Resource<Loaded, Json> {
    let call = Arc::new(call);
    let after_changes = move |key: String| {
        let call = call.clone();
        async move {
            pending.set(true);
            let loaded = read_anew(|| call(key.clone())).await;
            pending.set(false);
            loaded
        }
    };
    Resource::new_with_options(move || key.get(), after_changes, false)
}

/// Shows it; what was there before, until it is.
pub(crate) fn when_loaded(
    loaded: Resource<Loaded, Json>,
    show: impl Fn(Loaded) -> AnyView + Send + 'static,
) -> impl IntoView {
    move || loaded.get().map(&show)
}
