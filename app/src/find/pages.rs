//! The page that finds, for where the palette does not run.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::Found;
use crate::error::ApiError;
use crate::lists::sidebar::Lists;
use crate::todos::{FOUND_MAX, find_todos};
use crate::ui::states::{Empty, Failed};
use crate::ui::{Field, FormState, PageTitle, Submit, words};

/// Lists and todos that hold a text.
#[component]
pub fn FindPage() -> impl IntoView {
    let text = use_query_map().with_untracked(|query| query.get("text")).unwrap_or_default();
    let (state, lists) = (FormState::provide("", None), Lists::get());
    let sought = text.clone();
    let found = async move {
        match find(&text, lists).await {
            Ok(found) => view! { <Results found sought=text/> }.into_any(),
            Err(error) if error.field("text").is_some() => {
                state.refuse(Some(error));
                ().into_any()
            }
            Err(error) => view! { <Failed error/> }.into_any(),
        }
    };
    view! {
        <PageTitle text=words::FIND/>
        <h1>{words::FIND}</h1>
        {Suspend::new(async move {
            let found = found.await;
            view! {
                <form method="get" role="search" class="inline-form">
                    <Field name="text" label=words::FIND_TOLD value=sought autofocus=true/>
                    <Submit label=words::FIND/>
                </form>
                {found}
            }
        })}
    }
}

async fn find(text: &str, lists: Lists) -> Result<Vec<Found>, ApiError> {
    let typed = text.trim().to_lowercase();
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let todos = find_todos(text.to_owned()).await?;
    let lists_found = lists.all().iter().map(Found::list).filter(|found| found.fits(&typed)).collect::<Vec<_>>();
    Ok(lists_found.into_iter().chain(todos.iter().map(|todo| Found::todo(todo, lists))).collect())
}

#[component]
fn Results(found: Vec<Found>, sought: String) -> impl IntoView {
    let hint = match found.len() {
        _ if sought.trim().is_empty() => None,
        0 => return view! { <Empty text=words::NOTHING_FOUND/> }.into_any(),
        FOUND_MAX.. => Some(words::FOUND_FIRST),
        _ => None,
    };
    let row = |Found { text, beside, href }| {
        view! {
            <li class="row">
                <a class="title" href=href><span class="name">{text}</span></a>
                <span class="count">{beside}</span>
            </li>
        }
    };
    view! {
        <ul class="rows">{found.into_iter().map(row).collect_view()}</ul>
        {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
    }
    .into_any()
}
