//! Applying for a pass: what there is to apply for, the household it is for, the form.

pub mod api;
mod claim;
pub mod counter;
pub mod days;
pub mod draft;
pub mod facts;
pub mod fields;
mod form;
mod identity;
mod keep;
mod page;
pub mod slots;
pub mod strip;
mod who;

pub use form::CorrectionPage;
pub use page::place;

use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{MatchNestedRoutes, SsrMode, path};

/// This place's pages.
#[component(transparent)]
pub fn ApplyRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/apply") view=Outlet>
            <Route path=path!("") view=page::OfferedPage ssr=SsrMode::Async/>
            <Route path=path!(":kind") view=form::FormPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}
