//! The browser's half that is not drawing: its clock and its entry points.

/// The device's clock, in whole milliseconds. The one place of the browser that reads it.
pub fn now() -> jiff::Timestamp {
    #[cfg(target_arch = "wasm32")]
    let milliseconds = js_sys::Date::now() as i64;
    #[cfg(not(target_arch = "wasm32"))]
    let milliseconds = 0;
    jiff::Timestamp::from_millisecond(milliseconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// Waits. On the server, where nothing waits while drawing, returns at once.
pub async fn sleep(duration: std::time::Duration) {
    #[cfg(target_arch = "wasm32")]
    gloo_timers::future::sleep(duration).await;
    #[cfg(not(target_arch = "wasm32"))]
    let _ = duration;
}

#[cfg(feature = "hydrate")]
mod entry {
    use leptos::mount::hydrate_body;
    use leptos::prelude::*;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Called by the start script once the module is there: brings the document to life.
    #[wasm_bindgen]
    pub fn hydrate() {
        console_error_panic_hook::set_once();
        match document()
            .body()
            .and_then(|body| body.get_attribute("data-shell"))
            .as_deref()
        {
            Some("gate") => mount_to_body(crate::gate::GateShell),
            Some("pass") => mount_to_body(crate::passes::PassShell),
            _ => hydrate_body(crate::App),
        }
    }
}
