//! A span of days that breaks between its days and never inside one.

use crate::language::t;
use crate::sentences;
use jiff::civil::Date;
use leptos::either::Either;
use leptos::prelude::*;
use pass::Hours;

/// The days of a pass, both ends belonging to it, as [`sentences::days`] words them.
#[component]
pub fn Days(
    /// The first one.
    first: Date,
    /// The last one.
    last: Date,
    /// The hours of each at which the gate opens.
    #[prop(default = None)]
    hours: Option<Hours>,
) -> impl IntoView {
    if first == last {
        let hours = hours.map(|hours| view! { " " <span class="nowrap">{sentences::hours(hours)}</span> });
        return Either::Left(view! { <span class="nowrap">{sentences::day(first)}</span> {hours} });
    }
    Either::Right(view! {
        <span class="nowrap">{first.to_string()}</span>
        {t(" 至 ", " to ")}
        <span class="nowrap">{last.to_string()}</span>
        {hours.map(|hours| view! { <span class="nowrap">{t("，每天 ", ", daily ")} {sentences::hours(hours)}</span> })}
    })
}
