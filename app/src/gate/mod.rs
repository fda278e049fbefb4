//! The gate: an app shell that starts with no network, scans, decides and remembers.

use leptos::prelude::*;

/// The gate's pages, rendered in the browser only.
#[component]
pub fn GateShell() -> impl IntoView {
    view! { <main></main> }
}
