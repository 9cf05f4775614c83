//! The pages of sign-up and of a forgotten password.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{Forgot, Resend, Reset, SignUp, Verify, words};
use crate::request::scope;
use crate::ui::layout::Card;
use crate::ui::states::NotFound;
use crate::ui::{Field, PageTitle, ServerForm, Submit};

/// Making an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
    view! {
        <PageTitle text=words::SIGN_UP/>
        <Card heading=words::SIGN_UP>
            <ServerForm action=SignUp::PATH>
                <Field name="email" label=words::EMAIL kind="email" autocomplete="email" hint=words::EMAIL_HINT autofocus=true/>
                <Field name="username" label=words::USERNAME autocomplete="username" hint=words::USERNAME_HINT/>
                <Field name="password" label=words::PASSWORD kind="password" autocomplete="new-password" hint=words::PASSWORD_HINT/>
                <Submit label=words::SIGN_UP/>
            </ServerForm>
            <p class="aside">{words::HAVE_ACCOUNT} <a href="/log-in">{words::LOG_IN}</a></p>
        </Card>
    }
}

/// Entering the mailed code of a sign-up.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let form = move |flow: String| {
        view! {
            <ServerForm action=Verify::PATH>
                <input type="hidden" name="flow" value=flow/>
                <CodeField/>
                <Submit label=words::CONFIRM/>
            </ServerForm>
        }
        .into_any()
    };
    view! {
        <CodePage
            title=words::VERIFY
            told=words::VERIFY_TOLD
            form=form
        />
    }
}

/// Asking for a code to set a new password.
#[component]
pub fn ForgotPage() -> impl IntoView {
    view! {
        <PageTitle text=words::FORGOT/>
        <Card heading=words::FORGOT>
            <p>{words::FORGOT_TOLD}</p>
            <ServerForm action=Forgot::PATH>
                <Field name="email" label=words::EMAIL kind="email" autocomplete="email"/>
                <Submit label=words::SEND_CODE/>
            </ServerForm>
            <p class="aside"><a href="/log-in">{words::BACK}</a></p>
        </Card>
    }
}

/// Setting a new password with the mailed code.
#[component]
pub fn ResetPage() -> impl IntoView {
    let form = move |flow: String| {
        view! {
            <ServerForm action=Reset::PATH>
                <input type="hidden" name="flow" value=flow/>
                <CodeField/>
                <Field name="password" label=words::NEW_PASSWORD kind="password" autocomplete="new-password" hint=words::NEW_PASSWORD_HINT/>
                <Submit label=words::SET_PASSWORD/>
            </ServerForm>
        }
        .into_any()
    };
    view! {
        <CodePage
            title=words::RESET
            told=words::RESET_TOLD
            form=form
        />
    }
}

/// A page for whoever has got a code by mail. Its address names the sign-up or reset; without one there is nothing here.
#[component]
fn CodePage(
    /// What the code is for.
    title: &'static str,
    /// What to look for in the mail.
    told: &'static str,
    /// Takes the code, for this sign-up or reset.
    form: fn(String) -> AnyView,
) -> impl IntoView {
    let query = use_query_map();
    let flow = move || query.with(|query| query.get("flow").filter(|flow| flow.parse::<uuid::Uuid>().is_ok()));
    move || match flow() {
        None => view! { <main class="card-page"><NotFound/></main> }.into_any(),
        Some(flow) => {
            let form = form(flow.clone());
            view! {
                <PageTitle text=title/>
                <Card heading=title>
                    <p>{told}</p>
                    {form}
                    <ResendForm flow/>
                </Card>
            }
            .into_any()
        }
    }
}

/// The field for a mailed code.
#[component]
pub(crate) fn CodeField() -> impl IntoView {
    view! { <Field name="code" label=words::CODE inputmode="numeric" autocomplete="one-time-code" autofocus=true/> }
}

/// Asks for another mail with a code.
#[component]
pub(crate) fn ResendForm(
    /// The sign-up, reset or change of address that the code is for.
    flow: String,
) -> impl IntoView {
    let wait = scope().map_or(0, |scope| scope.docket.config.code_resend.as_secs());
    view! {
        <ServerForm action=Resend::PATH class="aside" wait>
            <input type="hidden" name="flow" value=flow/>
            <span>{words::NO_MAIL}</span>
            <Submit label=words::RESEND class="link"/>
        </ServerForm>
    }
}
