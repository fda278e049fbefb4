//! The button that asks for a code, and counts until another may be asked for.

use crate::language::t;
use leptos::prelude::*;

/// The seconds until another code may be asked for.
const SEND_AGAIN_SECONDS: u32 = 60;

/// Sends a code; after one was sent, it waits a minute.
#[component]
pub fn SendButton(
    /// Whether a code was sent: becoming true begins the minute.
    sent: Signal<bool>,
    /// Whether the answer is still awaited.
    #[prop(into)]
    pending: Signal<bool>,
    /// Sends it.
    on_press: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    let wait = RwSignal::new(0_u32);
    Effect::new(move || {
        if sent.get() {
            count_down(wait);
        }
    });
    view! {
        <button type="button" class="button" disabled=move || { wait.get() > 0 || pending.get() } on:click=move |_| on_press()>
            {move || match wait.get() {
                0 => t("发送短信", "Send the code").to_owned(),
                seconds => format!("{} ({seconds})", t("重新发送", "Send again")),
            }}
        </button>
    }
}

/// Counts the seconds down to zero.
fn count_down(left: RwSignal<u32>) {
    left.set(SEND_AGAIN_SECONDS);
    leptos::task::spawn_local(async move {
        while left.try_get_untracked().is_some_and(|seconds| seconds > 0) {
            crate::browser::sleep(std::time::Duration::from_secs(1)).await;
            left.try_update(|seconds| *seconds = seconds.saturating_sub(1));
        }
    });
}
