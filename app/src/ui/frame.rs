//! What stands around every page: the site's name, the ways to go, the language, the person.

use crate::home::{Me, use_me};
use crate::language::{language, say, t};
use crate::ui::newer::NewerNotice;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use pass::role::Role;
use pass::site::Language;

/// Header, navigation, the page, footer.
#[component]
pub fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let me = use_me();
    Effect::new(move || {
        // Signed out elsewhere, or before this page answered: nobody's codes stay on the device.
        if me.with(|me| matches!(me, Some(Ok(me)) if !me.signed_in)) {
            crate::passes::kept::forget_all();
        }
    });
    view! {
        <a class="skip" href="#main">{t("跳到正文", "Skip to the content")}</a>
        <header class="top">
            <A href="/" attr:class="top-name">
                <Suspense>
                    {move || Suspend::new(async move {
                        me.await.map_or_else(|_| t("校园通行", "Campus Pass").to_owned(), |me| say(&me.site_name))
                    })}
                </Suspense>
            </A>
            <Suspense>
                {move || Suspend::new(async move { me.await.ok().map(|me| view! { <Navigation me/> }) })}
            </Suspense>
        </header>
        <main id="main" tabindex="-1">
            <NewerNotice/>
            {children()}
        </main>
    }
}

/// Where this person may go.
#[component]
fn Navigation(me: Me) -> impl IntoView {
    let has = |role| me.roles.contains(&role);
    let places = [
        (me.signed_in, "/applications", t("我的申请", "My applications")),
        (me.reviews, "/review", t("审核", "Review")),
        (has(Role::Administrator), "/admin", t("管理", "Administration")),
    ];
    view! {
        <nav class="top-places" aria-label=t("主导航", "Main")>
            {places
                .into_iter()
                .filter(|(shown, ..)| *shown)
                .map(|(_, href, name)| view! { <A href=href>{name}</A> })
                .collect_view()}
        </nav>
        <div class="top-person">
            <OtherLanguage/>
            {if me.signed_in {
                view! {
                    <A href="/account" attr:class="top-who" attr:title=t("我的账号", "Your account")>{me.name}</A>
                    <form method="post" action="/api/v1/sign-in/out" on:submit=|_| {
                        crate::passes::kept::forget_all();
                        crate::apply::draft::Draft::forget();
                        crate::admin::kinds::forget_drafts();
                    }>
                        <button class="button" data-rank="quiet">{t("退出", "Sign out")}</button>
                    </form>
                }.into_any()
            } else {
                view! { <A href="/sign-in" attr:class="button" attr:data-rank="quiet">{t("登录", "Sign in")}</A> }.into_any()
            }}
        </div>
    }
}

/// The link that loads this page in the other language.
#[component]
fn OtherLanguage() -> impl IntoView {
    let location = use_location();
    let (tag, name) = match language() {
        Language::Zh => ("en", "English"),
        Language::En => ("zh", "中文"),
    };
    let href = move || {
        let here = crate::ui::failure::address(&location.pathname.get(), &location.search.get());
        format!("/language/{tag}?back={}", crate::sentences::url_part(&here))
    };
    view! { <a class="top-language" rel="external" href=href lang=tag>{name}</a> }
}

/// The page's heading and its title in the browser's tab.
#[component]
pub fn PageTitle(
    /// The words.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <h1>{title}</h1>
    }
}
