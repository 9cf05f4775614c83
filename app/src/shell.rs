//! The HTML document around a page.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::request::scope;
use crate::root::App;

/// The document of every page. Its scripts carry the nonce that the content security policy names.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let nonce = use_nonce();
    let site = scope().map(|scope| {
        scope.then(|outcome| outcome.nonce = nonce.as_ref().map(ToString::to_string));
        scope.site
    });
    let site = site.unwrap_or_default();
    // Both files are asked for at once, and only where scripts run.
    let load = format!(
        "const wasm=fetch({:?});import({:?}).then(docket=>docket.default({{module_or_path:wasm}}).then(()=>docket.hydrate()))",
        site.wasm, site.js
    );
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content="To-do lists on a server of your own: quick, private, and they work without JavaScript."/>
                <link rel="stylesheet" href=site.css.clone()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="modulepreload" href=site.js.clone() nonce=nonce.clone()/>
                <script type="module" nonce=nonce>{load}</script>
                <AutoReload options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
