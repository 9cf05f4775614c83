//! The pages of sign-up and of a forgotten password.

use leptos::ev::Event;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use server_fn::ServerFn;
use web_sys::HtmlInputElement;

use super::{Advise, Forgot, PASSWORD_SET, Resend, Reset, SignUp, SignedIn, Verify};
use crate::platform;
use crate::ui::form::{Sent, sending};
use crate::ui::layout::Card;
use crate::ui::states::NotFound;
use crate::ui::{Field, FormState, PageTitle, ServerForm, Submit};
use crate::viewer::{Messages, Viewer};

/// Making an account.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let navigate = use_navigate();
    let done = move |location: String| navigate(&location, NavigateOptions::default());
    view! {
        <PageTitle text="Sign up"/>
        <Card heading="Sign up">
            <ServerForm of={sending::<SignUp, _>(done)}>
                <Field name="email" label="E-mail address" kind="email" autocomplete="email" hint="Codes and notices go there, nothing else."/>
                <Field name="username" label="User name" autocomplete="username" hint="3 to 32 letters, digits, or _ - ."/>
                <Advised>
                    <Field name="password" label="Password" kind="password" autocomplete="new-password" hint="At least 8 characters. Several words are easiest to remember."/>
                </Advised>
                <Submit label="Sign up"/>
            </ServerForm>
            <p class="aside">"You have an account? " <a href="/log-in">"Log in"</a></p>
        </Card>
    }
}

/// Has the server look at the password as soon as it is typed.
#[component]
fn Advised(
    /// The field.
    children: Children,
) -> impl IntoView {
    let state = expect_context::<FormState>();
    let ask = move |event: Event| {
        let Some(sent) = event_target::<HtmlInputElement>(&event).form().as_ref().and_then(Sent::of) else { return };
        platform::enqueue(async move {
            state.advise(platform::post(Advise::PATH.to_owned(), sent.text(), false).await.err());
        });
    };
    view! { <div on:change=ask>{children()}</div> }
}

/// Entering the mailed code of a sign-up.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let navigate = use_navigate();
    let viewer = Viewer::get();
    let done = move |who: SignedIn| {
        viewer.signed_in(&who);
        Messages::clear(Messages::get());
        navigate(&who.location, NavigateOptions::default());
    };
    let form = move |flow: String| {
        view! {
            <ServerForm of={sending::<Verify, _>(done.clone())}>
                <input type="hidden" name="flow" value=flow/>
                <CodeField/>
                <Submit label="Confirm"/>
            </ServerForm>
        }
        .into_any()
    };
    view! {
        <CodePage
            title="Enter the code"
            told="We have sent a mail with a code of six digits. It works for ten minutes."
            form=Box::new(form)
        />
    }
}

/// Asking for a code to set a new password.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let navigate = use_navigate();
    let done = move |location: String| navigate(&location, NavigateOptions::default());
    view! {
        <PageTitle text="Forgot your password?"/>
        <Card heading="Forgot your password?">
            <p>"Tell us your address, and we send a code with which you can set a new one."</p>
            <ServerForm of={sending::<Forgot, _>(done)}>
                <Field name="email" label="E-mail address" kind="email" autocomplete="email"/>
                <Submit label="Send the code"/>
            </ServerForm>
            <p class="aside"><a href="/log-in">"Back to log in"</a></p>
        </Card>
    }
}

/// Setting a new password with the mailed code.
#[component]
pub fn ResetPage() -> impl IntoView {
    let navigate = use_navigate();
    let (viewer, messages) = (Viewer::get(), Messages::get());
    let done = move |()| {
        viewer.signed_out();
        messages.tell(PASSWORD_SET);
        navigate("/log-in", NavigateOptions::default());
    };
    let form = move |flow: String| {
        view! {
            <ServerForm of={sending::<Reset, _>(done.clone())}>
                <input type="hidden" name="flow" value=flow/>
                <CodeField/>
                <Field name="password" label="New password" kind="password" autocomplete="new-password" hint="At least 8 characters. All devices will be logged out."/>
                <Submit label="Set the password"/>
            </ServerForm>
        }
        .into_any()
    };
    view! {
        <CodePage
            title="Set a new password"
            told="If the address has an account, a mail with a code of six digits is on its way to it."
            form=Box::new(form)
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
    form: Box<dyn Fn(String) -> AnyView + Send>,
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

#[component]
fn CodeField() -> impl IntoView {
    view! { <Field name="code" label="Code from the mail" inputmode="numeric" autocomplete="one-time-code" autofocus=true/> }
}

#[component]
fn ResendForm(flow: String) -> impl IntoView {
    let messages = Messages::get();
    let done = move |()| messages.tell("A new code is on its way. The older one no longer works.");
    view! {
        <ServerForm of={sending::<Resend, _>(done)} class="aside">
            <input type="hidden" name="flow" value=flow/>
            <span>"Nothing in the mail? Look into the spam folder, or "</span>
            <Submit label="send a new code" class="link"/>
        </ServerForm>
    }
}
