//! The codes that somebody may show now or soon: their own, and those that others got them as a guest. On the start page and above the
//! list of applications, so that the gate is one tap away.

use super::api;
use crate::language::{say, t};
use crate::sentences;
use jiff::civil::Date;
use leptos::prelude::*;
use pass::Hours;
use pass::site::Text;
use serde::{Deserialize, Serialize};

/// A pass that may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Showing {
    /// Its number.
    pub number: u32,
    /// The kind's title.
    pub title: Text,
    /// Whose it is: a name, or a vehicle's plate.
    pub holder: String,
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// The hours of each day at which it opens the gate, where it has some.
    pub hours: Option<Hours>,
    /// Whether it opens the gate at this moment.
    pub now: bool,
    /// Whether somebody else applied for it.
    pub from_others: bool,
}

/// The codes, the next one first; nothing where there is none.
#[component]
pub fn ShowingNow() -> impl IntoView {
    let showing = Resource::new(|| (), |()| api::load_showable());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                // Whoever is not signed in has none; any other failure is told by the page around this.
                let all = showing.await.unwrap_or_default();
                (!all.is_empty()).then(|| view! {
                    <nav class="showing" aria-label=t("可出示的通行码", "Codes to show")>
                        <ul>{all.into_iter().map(|one| view! { <li><One one/></li> }).collect_view()}</ul>
                    </nav>
                })
            })}
        </Suspense>
    }
}

#[component]
fn One(one: Showing) -> impl IntoView {
    let whose = one
        .from_others
        .then(|| t("为您申请的", "Applied for on your behalf"));
    let when = if one.now {
        t("现在有效", "Valid now")
    } else {
        t("尚未到时间", "Not yet")
    };
    // The page of a pass is a document of its own, which starts with no network.
    view! {
        <a href=format!("/passes/{}", one.number) rel="external" data-now=one.now.then_some("true")>
            <strong>{say(&one.title)}</strong>
            <span class="showing-when">{when}</span>
            <span>{format!("{} · {}", one.holder, sentences::days_and_hours(one.first_day, one.last_day, one.hours))}</span>
            {whose.map(|whose| view! { <span>{whose}</span> })}
        </a>
    }
}
