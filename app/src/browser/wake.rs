//! Keeping the screen awake while a code is shown (Screen Wake Lock, W3C). Browsers without it simply dim as ever.

/// Keeps the screen on whenever this page is looked at. The browser lets go by itself when it is hidden.
pub fn stay_awake() {
    leptos::task::spawn_local(async {
        let mut was_hidden = true;
        loop {
            let hidden = super::hidden();
            if was_hidden && !hidden {
                request().await;
            }
            was_hidden = hidden;
            super::sleep(std::time::Duration::from_secs(1)).await;
        }
    });
}

/// Asks once. Refused on low battery; the page says how to raise the brightness by hand.
async fn request() {
    #[cfg(target_arch = "wasm32")]
    {
        use js_sys::{Function, Promise, Reflect};
        use wasm_bindgen::JsCast;
        // By name: the typed interface is still behind an unstable flag.
        let Some(window) = web_sys::window() else { return };
        let Ok(lock) = Reflect::get(&window.navigator(), &"wakeLock".into()) else {
            return;
        };
        if lock.is_undefined() {
            return;
        }
        let Ok(request) = Reflect::get(&lock, &"request".into()) else {
            return;
        };
        let Some(request) = request.dyn_ref::<Function>() else {
            return;
        };
        let Ok(promise) = request.call1(&lock, &"screen".into()) else {
            return;
        };
        let _ = wasm_bindgen_futures::JsFuture::from(Promise::from(promise)).await;
    }
}
