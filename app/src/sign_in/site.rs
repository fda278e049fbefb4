//! The site's own sign-in on the sign-in page: the first choice of staff and students, where there is one.

use super::api::site_ways;
use crate::language::{say, t};
use crate::sentences;
use leptos::prelude::*;
use pass::site::Text;

/// A button for each way, or nothing.
#[component]
pub fn SiteSignIn(next: Memo<String>) -> impl IntoView {
    let ways = Resource::new_blocking(|| (), |()| site_ways());
    // Outside the app: the server leads on to another host.
    let button = move |way: &'static str, label: Text| {
        let href = move || format!("/sign-in/{way}?next={}", sentences::url_part(&next.get()));
        view! { <a class="button" data-rank="first" rel="external" href=href>{say(&label)}</a> }
    };
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                ways.await.ok().filter(|ways| ways.oidc.is_some() || ways.cas.is_some()).map(|ways| view! {
                    <section class="form site-sign-in" aria-labelledby="site-sign-in">
                        <h2 id="site-sign-in">{t("教职工、学生", "Staff and students")}</h2>
                        {ways.oidc.map(|label| button("oidc", label))}
                        {ways.cas.map(|label| button("cas", label))}
                    </section>
                    <h2 class="other-ways">{t("住户和其他人员", "Residents and everybody else")}</h2>
                })
            })}
        </Suspense>
    }
}
