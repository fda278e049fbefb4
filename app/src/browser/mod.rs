//! The browser's half that is not drawing: its clock, what the device gives, and the entry points.
//!
//! Thin and without rules: each file is one thing of the browser's, asked for and handed on.

pub mod camera;
pub mod caret;
pub mod crypto;
pub mod decoder;
pub mod device;
pub mod js;
pub mod limited;
pub mod network;
pub mod push;
pub mod storage;
pub mod upload;

pub mod keep;
pub mod typed;
pub mod wake;

/// The device's clock, in whole milliseconds. The one place of the browser that reads it.
pub fn now() -> jiff::Timestamp {
    #[cfg(target_arch = "wasm32")]
    let milliseconds = js_sys::Date::now() as i64;
    #[cfg(not(target_arch = "wasm32"))]
    let milliseconds = 0;
    jiff::Timestamp::from_millisecond(milliseconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// A clock that nobody sets, since the page began.
pub fn steady() -> jiff::SignedDuration {
    #[cfg(target_arch = "wasm32")]
    let milliseconds = web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now());
    #[cfg(not(target_arch = "wasm32"))]
    let milliseconds = 0.0;
    jiff::SignedDuration::from_millis(milliseconds as i64)
}

/// Waits. On the server, where nothing waits while drawing, returns at once.
pub async fn sleep(duration: std::time::Duration) {
    #[cfg(target_arch = "wasm32")]
    gloo_timers::future::sleep(duration).await;
    #[cfg(not(target_arch = "wasm32"))]
    let _ = duration;
}

/// Puts the keyboard's focus on the element with this id.
pub fn focus(id: &str) {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let element = leptos::prelude::document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = id;
}

/// Whether nobody looks at the page just now.
pub fn hidden() -> bool {
    cfg!(target_arch = "wasm32") && leptos::prelude::document().hidden()
}

/// Where the modules begin, once their start script has loaded them.
pub mod entry {
    #[cfg(feature = "csr")]
    use leptos::prelude::*;

    /// A shell out of the service worker's cache is in anybody's language; the cookie knows this person's.
    #[cfg(feature = "csr")]
    fn speak_as_chosen() {
        let cookies = js_sys::Reflect::get(&document(), &"cookie".into())
            .ok()
            .and_then(|all| all.as_string());
        let chosen = cookies.as_deref().and_then(crate::language::chosen);
        if let (Some(chosen), Some(root)) = (chosen, document().document_element()) {
            let _ = root.set_attribute("lang", crate::language::tag(chosen));
        }
    }

    /// Brings a rendered page to life.
    #[cfg(feature = "hydrate")]
    pub fn pages() {
        console_error_panic_hook::set_once();
        leptos::mount::hydrate_body(crate::App);
    }

    /// Draws the shell that `<body data-shell>` names.
    #[cfg(feature = "csr")]
    pub fn shell() {
        console_error_panic_hook::set_once();
        speak_as_chosen();
        let shell = document()
            .body()
            .and_then(|body| body.get_attribute("data-shell"));
        match shell.as_deref() {
            Some("pass") => mount_to_body(crate::passes::PassShell),
            _ => mount_to_body(crate::gate::GateShell),
        }
    }
}
