//! Keeping in touch with the server, beside everything else and in nobody's way: uploads, bundles, the server's clock.

use super::duty::{Duty, Post, Stage};
use super::sync::{Failing, skew};
use super::tablet::Checked;
use super::wire::{self, Acknowledged, Failure, Sent, Trouble, Upload};
use crate::browser::network::{self, Answer, Call};
use crate::browser::{self, device};
use js_sys::{Function, Promise};
use leptos::prelude::*;
use pass::GateBundle;
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

/// The longest wait for an answer.
const LIMIT: Duration = Duration::from_secs(10);
/// How often a bundle is asked for where nothing happens.
const IDLE: Duration = Duration::from_secs(20);
/// A difference of clocks is believed when the call took no longer.
const QUICK: jiff::SignedDuration = jiff::SignedDuration::from_secs(5);

thread_local! {
    /// Ends the loop's pause.
    static PAUSE: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Ends the pause before the next call: something waits to be uploaded, or the network is back.
pub fn hurry() {
    if let Some(resume) = PAUSE.take() {
        let _ = resume.call0(&wasm_bindgen::JsValue::NULL);
    }
}

/// Calls the server for as long as the page lives.
pub async fn keep_in_touch(duty: Duty) {
    if let Some(window) = web_sys::window() {
        device::on_every(&window, "online", |_| hurry());
    }
    while duty.stage.try_get_untracked().is_some() {
        let (mut wait, mut may_hurry) = (IDLE, true);
        if let Some(post) = duty.post() {
            match round(duty, &post).await {
                Ok(()) => duty.sync.update(|sync| sync.reached(browser::now())),
                Err(why) => {
                    duty.sync.update(|sync| sync.failed(why, browser::now()));
                    wait = duty.sync.with_untracked(super::sync::Sync::back_off);
                    // New events do not shorten a pause after a failure; the network coming back does.
                    may_hurry = !device::is_online();
                }
            }
        }
        pause(wait, may_hurry).await;
    }
}

async fn pause(wait: Duration, may_hurry: bool) {
    let until = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait);
        }
        PAUSE.set(may_hurry.then_some(resolve));
    });
    let _ = browser::js::settle(until).await;
}

/// Uploads all that waits, then asks for a newer bundle.
async fn round(duty: Duty, post: &Post) -> Result<(), Failing> {
    loop {
        let most = u32::try_from(wire::MAX_EVENTS).unwrap_or(1);
        let Ok(events) = post.tablet.to_upload(most).await else {
            break;
        };
        let (Some(&(first, _)), Some(&(last, _))) = (events.first(), events.last()) else {
            break;
        };
        let sent = |(seq, sealed): &(u64, Vec<u8>)| Sent {
            seq: *seq,
            sealed: wire::to_text(sealed),
        };
        let body = serde_json::to_vec(&Upload {
            events: events.iter().map(sent).collect(),
        })
        .map_err(|_| Failing::Refused)?;
        let answer = call(duty, post, "POST", "/api/gate/v1/events", &body).await?;
        let taken: Acknowledged = serde_json::from_slice(&answer.body).map_err(|_| Failing::Refused)?;
        if taken.acknowledged < first {
            return Err(Failing::Refused);
        }
        // Never more than was sent: a server that knows higher numbers knows them from elsewhere.
        let gone = post.tablet.acknowledged(taken.acknowledged.min(last)).await;
        let waiting = post.tablet.waiting().await;
        if let (Ok(()), Ok(waiting)) = (gone, waiting) {
            duty.sync.update(|sync| sync.waiting = waiting);
        } else {
            break;
        }
        if taken.revoked {
            return Err(revoked(duty, post).await);
        }
    }
    bundle(duty, post).await
}

/// Takes a newer bundle, when there is one and it is the same site's, signed by a key of the bundle at hand.
async fn bundle(duty: Duty, post: &Post) -> Result<(), Failing> {
    let Some(held) = duty.bundle.get_untracked() else {
        return Ok(());
    };
    let path = format!("/api/gate/v1/bundle?version={}", held.version);
    let answer = call(duty, post, "GET", &path, b"").await?;
    if answer.status == 204 {
        return Ok(());
    }
    let next = GateBundle::open(&answer.body, &held.issuers).map_err(|_| Failing::Refused)?;
    if held.gives_way_to(&next) {
        let checked = Checked {
            bytes: &answer.body,
            issuers: &held.issuers,
        };
        if post.tablet.keep_bundle(checked).await.is_ok() {
            duty.bundle.set(Some(Arc::new(next)));
        }
    }
    Ok(())
}

/// A signed call. Where the clocks differ too much it is signed again with the server's time.
async fn call(duty: Duty, post: &Post, method: &str, path: &str, body: &[u8]) -> Result<Answer, Failing> {
    for last in [false, true] {
        let authorization = post.tablet.authorization(method, path, body, duty.now()).await;
        let authorization = authorization.map_err(|_| Failing::Refused)?;
        let began = browser::now();
        let call = Call {
            method,
            path,
            body,
            authorization: Some(&authorization),
            limit: LIMIT,
        };
        let answer = network::call(call).await.map_err(|_| Failing::Unreachable)?;
        measure(duty, &answer, began);
        if answer.status < 300 {
            return Ok(answer);
        }
        match serde_json::from_slice::<Failure>(&answer.body).map(|failure| failure.error) {
            Ok(Trouble::Clock) if !last => {}
            Ok(Trouble::Revoked) => return Err(revoked(duty, post).await),
            _ => return Err(Failing::Refused),
        }
    }
    Err(Failing::Refused)
}

fn measure(duty: Duty, answer: &Answer, began: jiff::Timestamp) {
    let ended = browser::now();
    let server = answer
        .server_time
        .and_then(|time| jiff::Timestamp::from_millisecond(time).ok());
    if let Some(server) = server
        && ended.duration_since(began).abs() < QUICK
    {
        duty.clock_measured(skew(server, began, ended));
    }
}

/// The tablet is trusted no more: it admits nobody from now on, also after a restart.
async fn revoked(duty: Duty, post: &Post) -> Failing {
    // If it cannot be kept it is heard again at the next call.
    let _ = post.tablet.note_revoked().await;
    duty.stage.set(Stage::Revoked);
    Failing::Revoked
}
