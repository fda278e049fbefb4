//! One application beside the list: everything its own page says, without leaving the list.

use super::api;
use super::detail::{DetailResource, Whole};
use super::list::Opened;
use super::table::link_id;
use super::wanted::Wanted;
use crate::browser;
use crate::error::AppError;
use crate::language::t;
use crate::ui::Failure;
use crate::ui::fresh::or_last;
use leptos::ev::keydown;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

/// The drawer's id, for the keyboard's focus.
const ID: &str = "drawer";

/// The open application, where there is one. Escape closes it and gives the focus back to its row.
#[component]
pub(super) fn Drawer(wanted: Memo<Wanted>, opened: Opened) -> impl IntoView {
    let detail: DetailResource = Resource::new_blocking(
        move || opened.id.get(),
        |id| async move {
            match id {
                Some(id) => api::load_detail(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let closed = move || wanted.with(Wanted::address);
    let give_back = move || {
        if let Some(id) = opened.id.get_untracked() {
            browser::focus(&link_id(id));
        }
    };
    let navigate = use_navigate();
    let escape = window_event_listener(keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() && opened.id.get_untracked().is_some() {
            event.prevent_default();
            give_back();
            let stay = NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&wanted.with_untracked(Wanted::address), stay);
        }
    });
    on_cleanup(move || escape.remove());
    Effect::new(move || {
        if opened.id.get().is_some() && opened.take_focus.get() {
            opened.take_focus.set(false);
            browser::focus(ID);
        }
    });
    view! {
        <Show when=move || opened.id.get().is_some()>
            <aside class="drawer" id=ID tabindex="-1" aria-label=t("申请详情", "Application")>
                <div class="drawer-head">
                    <A href=closed scroll=false attr:class="button" on:click=move |_| give_back()>{t("关闭", "Close")}</A>
                    <A href=move || format!("/applications/{}", opened.id.get().unwrap_or_default())>{t("单独打开", "On a page of its own")}</A>
                </div>
                <Facts wanted opened detail/>
            </aside>
        </Show>
    }
}

/// What is known of the open one. While the next one is on its way, the one before stays.
#[component]
fn Facts(wanted: Memo<Wanted>, opened: Opened, detail: DetailResource) -> impl IntoView {
    let last = StoredValue::new(None);
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let back = opened.id.get().map(|id| wanted.get_untracked().address_of(id)).unwrap_or_default();
                match or_last(last, detail.await) {
                    Ok(facts) => view! { <Whole facts detail back/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}
