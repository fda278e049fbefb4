//! Notices that this browser shows though the page is closed (W3C Push API): asked for, and given up again.

use super::js;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};

/// Where and how notices reach this browser, in the words of its push service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The push service's address for this browser.
    pub endpoint: String,
    /// The browser's public key, in base64url.
    pub p256dh: String,
    /// Its secret, in base64url.
    pub auth: String,
}

/// Why this browser shows no notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot, or not as it is opened here.
    Unsupported,
    /// The person, or who set the device up, does not allow it.
    Denied,
    /// Its push service could not be reached.
    Failed,
}

/// The address at which this browser takes notices now.
pub async fn endpoint() -> Option<String> {
    let subscription = js::ask(&manager().await?, "getSubscription", &[]).await?;
    js::text(&subscription, "endpoint")
}

/// Asks the person for leave, and the push service for an address. `key` is the site's, in base64url.
///
/// # Errors
/// Why not.
pub async fn subscribe(key: &str) -> Result<Subscription, Trouble> {
    let manager = manager().await.ok_or(Trouble::Unsupported)?;
    let answer = match ask(&manager, key).await {
        // Subscribed under another key of the site: that one is of no use any more.
        Err(error) if js::thrown(&error) == "InvalidStateError" => {
            unsubscribe().await;
            ask(&manager, key).await
        }
        answer => answer,
    };
    let subscription = answer.map_err(|error| match js::thrown(&error).as_str() {
        "NotAllowedError" => Trouble::Denied,
        "NotSupportedError" => Trouble::Unsupported,
        _ => Trouble::Failed,
    })?;
    read(&subscription).ok_or(Trouble::Failed)
}

/// Takes no notices any more. The address at which it took them.
pub async fn unsubscribe() -> Option<String> {
    let subscription = js::ask(&manager().await?, "getSubscription", &[]).await?;
    let endpoint = js::text(&subscription, "endpoint");
    // Where the push service cannot be reached the server forgets the address all the same.
    let _ = js::ask(&subscription, "unsubscribe", &[]).await;
    endpoint
}

async fn ask(manager: &JsValue, key: &str) -> Result<JsValue, JsValue> {
    let options = js::object(&[
        ("userVisibleOnly", &JsValue::TRUE),
        ("applicationServerKey", &JsValue::from_str(key)),
    ]);
    let promise = js::call(manager, "subscribe", &[&options]).and_then(|one| one.dyn_into::<Promise>().ok());
    js::settle(promise.ok_or(JsValue::NULL)?).await
}

fn read(subscription: &JsValue) -> Option<Subscription> {
    let plain = js::call(subscription, "toJSON", &[])?;
    let keys = js::get(&plain, "keys")?;
    Some(Subscription {
        endpoint: js::text(&plain, "endpoint")?,
        p256dh: js::text(&keys, "p256dh")?,
        auth: js::text(&keys, "auth")?,
    })
}

/// What the browser's service worker subscribes with; none without TLS, and none in browsers that cannot.
async fn manager() -> Option<JsValue> {
    let navigator: JsValue = web_sys::window()?.navigator().into();
    let container = js::get(&navigator, "serviceWorker")?;
    // Nothing is waited for where no worker was ever installed.
    js::ask(&container, "getRegistration", &[])
        .await
        .filter(|one| !one.is_undefined())?;
    let ready: Promise = js::get(&container, "ready")?.dyn_into().ok()?;
    js::get(&js::settle(ready).await.ok()?, "pushManager")
}
