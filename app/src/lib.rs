//! What people see: Leptos components, one folder per place, each with its page files and an `api.rs` of server functions.
//!
//! - Pages ([`App`]) are rendered on the server and hydrated. The gate and the holder's code ([`gate`], [`passes`]) are app
//!   shells: an empty document that starts with no network and renders from the browser's own storage.
//! - A component shows; decisions are [`pass`]'s, memory is the `store`'s. A server function asks who is there, loads,
//!   decides, records and maps the error; it authorises itself, because it is a public endpoint.
//! - Both languages stand side by side in [`language::t`]; errors and states become sentences in [`sentences`] only.
//!
//! It does not read the clock or the network outside `backend` (on the server) and [`browser`] (in the browser).
#![recursion_limit = "256"]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties: the macro makes a struct of them"
)]
#![expect(
    missing_docs,
    reason = "the server macro makes a public struct of each server function's arguments"
)]

pub mod account;
pub mod admin;
pub mod applications;
pub mod apply;
pub mod attachments;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod browser;
pub mod demo_messages;
pub mod document;
pub mod error;
pub mod gate;
pub mod home;
pub mod language;
pub mod passes;
pub mod review;
pub mod sentences;
pub mod sign_in;
pub mod stranger;
pub mod ui;

use language::t;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The pages that are rendered on the server.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    home::provide_me();
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { t("校园通行", "Campus Pass").to_owned() } else { format!("{title} · {}", t("校园通行", "Campus Pass")) }
        }/>
        <Router>
            <ui::frame::Frame>
                <Routes fallback=ui::failure::NoSuchPage>
                    <Route path=path!("/") view=home::HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/sign-in") view=sign_in::SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=account::AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/v") view=stranger::StrangerPage ssr=SsrMode::Async/>
                    <Route path=path!("/demo/messages") view=demo_messages::MessagesPage ssr=SsrMode::Async/>
                    <apply::ApplyRoutes/>
                    <applications::ApplicationRoutes/>
                    <review::ReviewRoutes/>
                    <admin::AdminRoutes/>
                </Routes>
            </ui::frame::Frame>
        </Router>
    }
}
