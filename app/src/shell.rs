//! The HTML document around a page.

use std::sync::LazyLock;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos_meta::MetaTags;

use crate::documents::Documents;
use crate::keys::Sheet;
use crate::paths;
use crate::request::scope;
use crate::root::App;
use crate::theme::Theme;
use crate::ui::icon::Drawings;
use crate::ui::words;

static DOCUMENT_SCRIPT: LazyLock<String> = LazyLock::new(|| code(include_str!("documents.js")));
static WORK_SCRIPT: LazyLock<String> = LazyLock::new(|| code(include_str!("work.js")));

// The same on all pages of a kind, so it is made once. Those for who is logged in have keys.
fn beside(path: &str) -> &'static str {
    static DRAWINGS: LazyLock<String> = LazyLock::new(|| still(view! { <Drawings/> }));
    static WORK: LazyLock<String> = LazyLock::new(|| DRAWINGS.clone() + &still(view! { <Sheet hydrated=true/> }));
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| DRAWINGS.clone() + &still(view! { <Sheet hydrated=false/> }));
    match path {
        path if paths::is_hydrated(path) => &WORK,
        path if paths::has_lists(path) => &DOCUMENT,
        _ => &DRAWINGS,
    }
}

// What says the same of every page that looks so.
fn fixed(theme: Theme) -> InertElement {
    static ALL: LazyLock<[String; Theme::ALL.len()]> = LazyLock::new(|| Theme::ALL.map(|theme| still(metadata(theme))));
    let index = Theme::ALL.iter().position(|other| *other == theme).unwrap_or_default();
    InertElement::new(ALL[index].as_str())
}

fn metadata(theme: Theme) -> impl IntoView {
    // Of the bars around the page, as its own (`--surface-low` in the style sheet).
    let bar =
        |(colour, media)| leptos::html::meta().attr("name", "theme-color").attr("content", colour).attr("media", media);
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content=theme.color_scheme()/>
        <meta name="description" content=words::DESCRIPTION/>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        <link rel="apple-touch-icon" href="/icon-180.png"/>
        <link rel="manifest" href="/manifest.webmanifest"/>
        {theme.bars().into_iter().map(bar).collect_view()}
    }
}

// HTML that nobody takes over, so without the marks to do it by.
fn still(view: impl IntoView) -> String {
    view.into_view().to_html().replace("<!>", "")
}

// What a script says to machines. Comments in ours have lines of their own.
fn code(script: &str) -> String {
    script.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The HTML of a page: of a document as it is, of any other with the scripts that let WebAssembly take over.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let of_path = |parts: &http::request::Parts| (paths::is_hydrated(parts.uri.path()), beside(parts.uri.path()));
    match with_context(of_path).unwrap_or_default() {
        (true, beside) => frame(options, true, beside, App).into_any(),
        (false, beside) => frame(options, false, beside, Documents).into_any(),
    }
}

// The scripts carry the nonce that the content security policy names.
fn frame<V: IntoView + 'static>(
    options: LeptosOptions,
    hydrated: bool,
    beside: &'static str,
    page: fn() -> V,
) -> impl IntoView {
    let nonce = use_nonce();
    let scope = scope().inspect(|scope| {
        scope.then(|outcome| outcome.nonce = nonce.as_ref().map(ToString::to_string));
    });
    let (site, theme, origin) = scope.map_or_else(
        |_| Default::default(),
        |scope| (scope.site, scope.theme, scope.docket.config.public_url.as_str().to_owned()),
    );
    let (css, js) = (site.css.clone(), site.js.clone());
    // Both files are asked for at once, and only where scripts run. Where they do not come, the page stays plain: style sheets ask.
    let load = format!(
        "const wasm=fetch({:?});import({:?}).then(docket=>docket.default({{module_or_path:wasm}}).then(()=>setTimeout(docket.hydrate))).catch(failure=>{{document.documentElement.dataset.plain='';throw failure}});\n{}",
        site.wasm, site.js, *WORK_SCRIPT
    );
    let script = if hydrated { load } else { DOCUMENT_SCRIPT.clone() };
    let preload = hydrated.then(|| view! { <link rel="modulepreload" href=js nonce=nonce.clone()/> });
    let preview = [
        ("og:type", "website".to_owned()),
        ("og:title", "Docket".to_owned()),
        ("og:description", words::PREVIEW.to_owned()),
        ("og:image", format!("{origin}/social.png")),
    ];
    // What is shown of a link to here (The Open Graph protocol); nobody else can see a page for working with lists.
    let preview = preview.map(|(name, content)| leptos::html::meta().attr("property", name).content(content));
    let preview = (!hydrated).then_some(preview);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                {fixed(theme)}
                <link rel="stylesheet" href=css/>
                {preview}
                {preload}
                <script type="module" nonce=nonce>{script}</script>
                <AutoReload options/>
                <MetaTags/>
            </head>
            <body>
                {page()}
                // Beside what WebAssembly takes over.
                <div inner_html=beside></div>
            </body>
        </html>
    }
}
