//! Notices in this browser: switched on and off.

use super::api::{subscribe, unsubscribe};
use crate::browser::push::{self, Trouble};
use crate::error::AppError;
use crate::language::t;
use crate::sentences;
use crate::ui::{Notice, Tone, Wrong};
use leptos::prelude::*;

/// Why this browser shows no notices.
#[derive(Clone, Debug)]
enum Why {
    Browser(Trouble),
    Server(AppError),
}

/// The switch for this browser.
#[component]
pub fn ThisBrowser(
    /// The site's key, in base64url.
    key: String,
    /// How many browsers show the account's notices.
    browsers: usize,
    /// Raised by each change.
    changed: RwSignal<u32>,
) -> impl IntoView {
    let on = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let why = RwSignal::new(None::<Why>);
    Effect::new(move || {
        leptos::task::spawn_local(async move {
            // What the server does not know of any more is not on.
            let here = browsers > 0 && push::endpoint().await.is_some();
            on.try_set(here);
        });
    });
    let turn_on = move |key: String| {
        leptos::task::spawn_local(async move {
            let done = match push::subscribe(&key).await {
                Ok(found) => subscribe(found.endpoint, found.p256dh, found.auth)
                    .await
                    .map_err(Why::Server),
                Err(trouble) => Err(Why::Browser(trouble)),
            };
            busy.try_set(false);
            match done {
                Ok(()) => {
                    changed.try_update(|count| *count += 1);
                }
                Err(error) => {
                    why.try_set(Some(error));
                }
            }
        });
    };
    let turn_off = move || {
        leptos::task::spawn_local(async move {
            let done = match push::unsubscribe().await {
                Some(endpoint) => unsubscribe(endpoint).await,
                None => Ok(()),
            };
            busy.try_set(false);
            match done {
                Ok(()) => {
                    changed.try_update(|count| *count += 1);
                }
                Err(error) => {
                    why.try_set(Some(Why::Server(error)));
                }
            }
        });
    };
    let press = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        why.set(None);
        if on.get_untracked() {
            turn_off();
        } else {
            turn_on(key.clone());
        }
    };
    view! {
        <div class="form">
            <h3>{t("浏览器通知", "Notices in the browser")}</h3>
            <p class="quiet">{t(
                "在这台设备的浏览器里直接弹出通知，关闭网页也能收到。公用设备请不要开启。",
                "Notices appear on this device, also while the page is closed. Not for devices that others use.",
            )}</p>
            {move || why.get().map(|why| match why {
                Why::Browser(trouble) => view! { <Notice tone=Tone::Bad>{sentences::push_trouble(trouble)}</Notice> }.into_any(),
                Why::Server(error) => view! { <Wrong error/> }.into_any(),
            })}
            {move || on.get().then(|| view! { <Notice tone=Tone::Good>{t("此浏览器已开启通知。", "This browser shows your notices.")}</Notice> })}
            <div class="buttons">
                <button type="button" class="button" aria-busy=move || busy.get().then_some("true") disabled=busy on:click=press>
                    {move || if on.get() { t("关闭此浏览器的通知", "Stop notices in this browser") } else { t("在此浏览器接收通知", "Notify me in this browser") }}
                </button>
            </div>
        </div>
    }
}
