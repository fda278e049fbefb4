//! A span of days that breaks between its days and never inside one.

use crate::language::t;
use crate::sentences;
use jiff::civil::Date;
use leptos::either::Either;
use leptos::prelude::*;

/// The days of a pass, both ends belonging to it, as [`sentences::days`] words them.
#[component]
pub fn Days(
    /// The first one.
    first: Date,
    /// The last one.
    last: Date,
) -> impl IntoView {
    if first == last {
        return Either::Left(view! { <span class="nowrap">{sentences::day(first)}</span> });
    }
    Either::Right(view! {
        <span class="nowrap">{first.to_string()}</span>
        {t(" 至 ", " to ")}
        <span class="nowrap">{last.to_string()}</span>
    })
}
