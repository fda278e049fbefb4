//! An error where the thing itself would have stood: what happened and what to do next.

use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use leptos::prelude::*;
use leptos_router::components::{A, Redirect};
use leptos_router::hooks::use_location;

/// Shows an error; somebody who is not signed in is taken to the sign-in page and back.
#[component]
pub fn Failure(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    if error == AppError::SignInNeeded {
        return view! { <Redirect path=sign_in_and_back()/> }.into_any();
    }
    let again = matches!(
        error,
        AppError::Unreachable | AppError::Outdated | AppError::Internal
    );
    view! {
        <div class="notice" data-tone="bad" role="alert">
            <p>{sentences::error(&error)}</p>
            {again.then(|| view! { <p><a href="" rel="external">{t("重新加载", "Load again")}</a></p> })}
        </div>
    }
    .into_any()
}

/// Why a form was not taken, and the way on where there is one: to sign in and back, or to what was sent before. Nothing that
/// was typed goes away.
#[component]
pub fn Wrong(
    /// What went wrong.
    error: AppError,
    /// The sentence, where the place words the error itself.
    #[prop(optional, into)]
    words: Option<String>,
) -> impl IntoView {
    let way = match &error {
        AppError::SignInNeeded => Some((
            sign_in_and_back(),
            t("登录后回到本页", "Sign in and come back here"),
        )),
        AppError::SentBefore { id } => Some((
            format!("/applications/{id}"),
            t("查看已提交的申请", "See what was sent"),
        )),
        _ => None,
    };
    view! {
        <div class="notice" data-tone="bad" role="alert">
            <p>{words.unwrap_or_else(|| sentences::error(&error))}</p>
            {way.map(|(href, name)| view! { <p><A href>{name}</A></p> })}
        </div>
    }
}

/// The sign-in page's address, from which it leads back here.
fn sign_in_and_back() -> String {
    let location = use_location();
    let here = address(
        &location.pathname.get_untracked(),
        &location.search.get_untracked(),
    );
    format!("/sign-in?next={}", sentences::url_part(&here))
}

/// A path and its query as one address.
pub fn address(path: &str, query: &str) -> String {
    match query.trim_start_matches('?') {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// Whether an address belongs to an app shell, which is a document of its own.
fn of_shell(path: &str) -> bool {
    ["/gate", "/passes"].iter().any(|place| {
        path.strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The page for an address that leads nowhere.
#[component]
pub fn NoSuchPage() -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move || {
        // Led here inside the app, for instance after signing in: the shell has to be loaded.
        if of_shell(&path.get()) {
            let _ = window().location().reload();
        }
    });
    view! {
        <super::PageTitle title=t("没有这个页面", "No such page")/>
        <p>{t("链接可能已失效，或输入有误。", "The link may be old, or mistyped.")}</p>
        <p><A href="/">{t("回到首页", "Go to the start page")}</A></p>
    }
}

#[cfg(test)]
mod tests {
    use super::of_shell;

    #[test]
    fn the_shells_are_known_by_their_first_part() {
        assert!(of_shell("/gate") && of_shell("/gate/log") && of_shell("/passes/7"));
        assert!(!of_shell("/gateway") && !of_shell("/applications/7"));
    }
}
