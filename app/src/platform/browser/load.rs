//! What a page is made of, loaded when one goes there.

use leptos::prelude::*;

use super::queue::all_sent;
use crate::codec::Json;
use crate::ui::load::{Loaded, Loading};

/// What the page is made of: it came with the page, or is loaded, and anew when `key` changes. Changes that are on their way
/// come first.
pub(crate) fn loaded(
    key: Memo<String>,
    call: Box<dyn Fn(String) -> Loading + Send + Sync>,
    pending: RwSignal<bool>,
) -> Resource<Loaded, Json> {
    let after_changes = move |key| {
        let loading = call(key);
        async move {
            pending.set(true);
            all_sent().await;
            let loaded = loading.await;
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
