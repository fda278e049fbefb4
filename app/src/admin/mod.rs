//! Administration: the registers of households, units and people, checkpoints and tablets, what happened at the gates, pass kinds, what was
//! sent to people.

pub mod admissions;
pub mod checkpoints;
pub(crate) mod forms;
pub mod households;
pub mod imports;
pub mod kinds;
pub mod messages;
pub mod people;
pub mod start;
pub mod tablets;
pub mod units;

use crate::language::t;
use crate::ui::PageTitle;
use imports::{ImportPage, UploadPage};
use leptos::prelude::*;
use leptos_router::components::{A, Outlet, ParentRoute, Route};
use leptos_router::{MatchNestedRoutes, SsrMode, path};
use pass::table::Register::{Households, People, Units};

/// This place's pages.
#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/admin") view=AdminFrame>
            <Route path=path!("") view=start::StartPage ssr=SsrMode::Async/>
            <Route path=path!("households") view=households::ListPage ssr=SsrMode::Async/>
            <Route path=path!("households/import") view=|| view! { <UploadPage register=Households/> } ssr=SsrMode::Async/>
            <Route path=path!("households/imports/:id") view=|| view! { <ImportPage register=Households/> } ssr=SsrMode::Async/>
            <RegisterRoutes/>
            <Route path=path!("checkpoints") view=checkpoints::CheckpointsPage ssr=SsrMode::Async/>
            <Route path=path!("tablets") view=tablets::TabletsPage ssr=SsrMode::Async/>
            <Route path=path!("admissions") view=admissions::AdmissionsPage ssr=SsrMode::Async/>
            <Route path=path!("quarantine") view=admissions::QuarantinePage ssr=SsrMode::Async/>
            <Route path=path!("kinds") view=kinds::KindsPage ssr=SsrMode::Async/>
            <Route path=path!("kinds/new") view=kinds::NewPage ssr=SsrMode::Async/>
            <Route path=path!("kinds/:kind") view=kinds::EditPage ssr=SsrMode::Async/>
            <Route path=path!("kinds/:kind/history") view=kinds::HistoryPage ssr=SsrMode::Async/>
            <Route path=path!("messages") view=messages::MessagesPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}

/// The pages of units and people.
#[component(transparent)]
fn RegisterRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("units") view=units::UnitsPage ssr=SsrMode::Async/>
            <Route path=path!("units/import") view=|| view! { <UploadPage register=Units/> } ssr=SsrMode::Async/>
            <Route path=path!("units/imports/:id") view=|| view! { <ImportPage register=Units/> } ssr=SsrMode::Async/>
            <Route path=path!("units/:id") view=units::UnitPage ssr=SsrMode::Async/>
            <Route path=path!("people") view=people::PeoplePage ssr=SsrMode::Async/>
            <Route path=path!("people/import") view=|| view! { <UploadPage register=People/> } ssr=SsrMode::Async/>
            <Route path=path!("people/imports/:id") view=|| view! { <ImportPage register=People/> } ssr=SsrMode::Async/>
            <Route path=path!("people/:id") view=people::PersonPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}

/// The places of administration, each with its name.
fn places() -> [(&'static str, &'static str); 9] {
    [
        ("/admin", t("概览", "Overview")),
        ("/admin/households", t("住户", "Households")),
        ("/admin/people", t("人员与权限", "People")),
        ("/admin/units", t("单位", "Units")),
        ("/admin/checkpoints", t("校区与门岗", "Checkpoints")),
        ("/admin/tablets", t("核验终端", "Tablets")),
        ("/admin/admissions", t("通行记录", "Admissions")),
        ("/admin/kinds", t("通行证类型", "Pass kinds")),
        ("/admin/messages", t("消息", "Messages")),
    ]
}

/// What stands around every page of administration: the ways between them.
#[component]
fn AdminFrame() -> impl IntoView {
    view! {
        <div class="admin" data-width="wide">
            <nav class="tabs admin-places" aria-label=t("管理", "Administration")>
                {places()
                    .into_iter()
                    .map(|(href, name)| view! { <A href=href exact={href == "/admin"}>{name}</A> })
                    .collect_view()}
            </nav>
            <Outlet/>
        </div>
    }
}

/// A page's heading with what one can do there beside it.
#[component]
fn Head(
    /// The heading.
    title: &'static str,
    /// Buttons and links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="admin-head">
            <PageTitle title/>
            {children.map(|children| view! { <div class="admin-acts">{children()}</div> })}
        </div>
    }
}
