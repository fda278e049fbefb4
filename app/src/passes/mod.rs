//! The holder's code, full screen: an app shell that starts with no network.

use leptos::prelude::*;

/// The page of one pass, rendered in the browser only.
#[component]
pub fn PassShell() -> impl IntoView {
    view! { <main></main> }
}
