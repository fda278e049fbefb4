//! Calls to the server, each with a short limit: a network that hangs is as good as none.

use super::js;
use js_sys::Uint8Array;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Request, RequestInit, Response};

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path with its query, on this page's own host.
    pub path: &'a str,
    /// The body, JSON; none for an empty one.
    pub body: &'a [u8],
    /// The `authorization` header, where there is one.
    pub authorization: Option<&'a str>,
    /// The longest wait for the whole answer.
    pub limit: Duration,
}

/// An answer of any status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The server's clock, in milliseconds since 1970, where it says so (header [`SERVER_TIME`](crate::gate::wire::SERVER_TIME)).
    pub server_time: Option<i64>,
}

/// No answer: no network, or none in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer;

/// Sends a request and waits for its answer, no longer than its limit.
///
/// # Errors
/// [`NoAnswer`].
pub async fn call(call: Call<'_>) -> Result<Answer, NoAnswer> {
    let abort = AbortController::new().map_err(|_| NoAnswer)?;
    let ends = abort.clone();
    let limit = call.limit;
    let alive = std::rc::Rc::new(());
    let waits = std::rc::Rc::downgrade(&alive);
    wasm_bindgen_futures::spawn_local(async move {
        super::sleep(limit).await;
        if waits.upgrade().is_some() {
            ends.abort();
        }
    });
    let answer = send(&call, &abort).await.map_err(|_| NoAnswer);
    drop(alive);
    answer
}

async fn send(call: &Call<'_>, abort: &AbortController) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    init.set_method(call.method);
    init.set_signal(Some(&abort.signal()));
    if !call.body.is_empty() {
        init.set_body(&Uint8Array::from(call.body));
    }
    let request = Request::new_with_str_and_init(call.path, &init)?;
    if let Some(value) = call.authorization {
        request.headers().set("authorization", value)?;
    }
    if !call.body.is_empty() {
        request.headers().set("content-type", "application/json")?;
    }
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = js::settle(window.fetch_with_request(&request))
        .await?
        .dyn_into()?;
    let body = js::settle(response.array_buffer()?).await?;
    let server_time = response
        .headers()
        .get(crate::gate::wire::SERVER_TIME)?
        .and_then(|value| value.parse().ok());
    Ok(Answer {
        status: response.status(),
        body: Uint8Array::new(&body).to_vec(),
        server_time,
    })
}
