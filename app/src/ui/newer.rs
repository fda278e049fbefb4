//! A newer version of the app is there: it takes over when somebody agrees, never by itself.
//!
//! The start script (`public/pkg/install.js`) fetches it and says so by `data-update` on the document and by an event; it takes an event
//! for consent, and loads the page anew.

use crate::language::t;
use leptos::prelude::*;

/// Whether a newer version waits. False on the server, and until the page answers.
fn use_waits() -> RwSignal<bool> {
    let waits = RwSignal::new(false);
    Effect::new(move || {
        let root = document().document_element();
        waits.set(root.is_some_and(|root| root.get_attribute("data-update").is_some()));
        let listen = window_event_listener_untyped("campus-update-waiting", move |_| {
            waits.try_set(true);
        });
        on_cleanup(move || listen.remove());
    });
    waits
}

/// The person agrees.
fn agree() {
    if let Ok(event) = web_sys::Event::new("campus-update") {
        let _ = window().dispatch_event(&event);
    }
}

/// A button where there is little room, as above the gate's pages.
#[component]
pub fn NewerButton() -> impl IntoView {
    let waits = use_waits();
    view! {
        <Show when=move || waits.get()>
            <button class="button" on:click=|_| agree()>{t("更新", "Update")}</button>
        </Show>
    }
}

/// A notice that says what the button does.
#[component]
pub fn NewerNotice() -> impl IntoView {
    let waits = use_waits();
    view! {
        <Show when=move || waits.get()>
            <div class="notice" data-tone="plain" role="status">
                <p>{t(
                    "有新版本。更新会重新打开本页，没有提交的内容不会保留。",
                    "There is a newer version. Updating opens this page anew; what was not sent is not kept.",
                )}</p>
                <p><button class="button" on:click=|_| agree()>{t("更新", "Update")}</button></p>
            </div>
        </Show>
    }
}
