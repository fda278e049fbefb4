//! The community office's review (校区居民通审核): applications to decide, and whose household it is.

pub mod api;
mod decide;
pub mod delegation;
mod detail;
pub mod facts;
mod households;
pub mod keys;
mod list;
mod many;
mod outcome;

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{MatchNestedRoutes, SsrMode, path};

/// This place's pages.
#[component(transparent)]
pub fn ReviewRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/review") view=Outlet>
            <Route path=path!("") view=list::ListPage ssr=SsrMode::Async/>
            <Route path=path!("households") view=households::HouseholdsPage ssr=SsrMode::Async/>
            <Route path=path!("standin") view=delegation::StandinPage ssr=SsrMode::Async/>
            <Route path=path!(":id") view=detail::DetailPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}
