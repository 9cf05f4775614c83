//! A page whose data a server function loads: with the page on the server, when one goes there in the browser.

use std::pin::Pin;

use docket::trash::Trashed;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::states::Failed;
use crate::error::ApiError;
use crate::platform;
use crate::todos::ListPage;

/// What pages are made of. One type, so that the WebAssembly holds once how it is loaded and handed over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum PageData {
    /// A list with its todos.
    List(ListPage),
    /// The trash.
    Trash(Vec<Trashed>),
}

/// It, or why it is not there.
pub(crate) type Loaded = Result<PageData, ApiError>;

/// Its loading.
pub(crate) type Loading = Pin<Box<dyn Future<Output = Loaded> + Send>>;

/// Shows a page when its data is there, and loads it anew when `key` changes.
#[component]
pub fn Load<Fut: Future<Output = Loaded> + Send + 'static>(
    /// What tells one page's data from another's.
    key: Memo<String>,
    /// Calls the server function.
    call: impl Fn(String) -> Fut + Send + Sync + 'static,
    /// Draws the page; nothing for the data of another page.
    show: fn(PageData) -> AnyView,
) -> impl IntoView {
    let call = move |key| -> Loading { Box::pin(call(key)) };
    load(key, Box::new(call), show)
}

// Apart from the above, so that the WebAssembly holds it once.
fn load(
    key: Memo<String>,
    call: Box<dyn Fn(String) -> Loading + Send + Sync>,
    show: fn(PageData) -> AnyView,
) -> impl IntoView {
    // What is there stays until the rest has come; the style sheet shows when that takes long.
    let pending = RwSignal::new(false);
    // Made before the part that shows it, as it may come with the page.
    let loaded = platform::loaded(key, call, pending);
    let shown = move |data: Loaded| match data {
        Ok(data) => show(data),
        Err(error) => view! { <Failed error/> }.into_any(),
    };
    let page = move || {
        view! {
            <div class="load" aria-busy=move || pending.get().to_string()>
                {platform::when_loaded(loaded, shown)}
            </div>
        }
        .into_any()
    };
    platform::part(page)
}
