//! An applicant's own applications (我的申请): the list, and each with its history.

pub mod api;
pub mod columns;
mod detail;
pub mod drafts;
mod drawer;
pub mod facts;
pub mod flow;
pub mod given;
mod list;
mod moving;
mod narrow;
pub mod renew;
mod table;
pub mod wanted;

pub use detail::History;
pub use given::GivenFacts;
pub use list::StateBadge;

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{MatchNestedRoutes, SsrMode, path};

/// This place's pages.
#[component(transparent)]
pub fn ApplicationRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/applications") view=Outlet>
            <Route path=path!("") view=list::ListPage ssr=SsrMode::Async/>
            <Route path=path!("renew") view=renew::RenewPage ssr=SsrMode::Async/>
            <Route path=path!(":id") view=detail::DetailPage ssr=SsrMode::Async/>
            <Route path=path!(":id/move") view=moving::MovePage ssr=SsrMode::Async/>
            <Route path=path!(":id/correct") view=crate::apply::CorrectionPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}
