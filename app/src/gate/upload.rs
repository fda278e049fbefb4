//! Keeping in touch with the server, beside everything else and in nobody's way: uploads, bundles, the server's clock.

use super::duty::{Duty, Stage};
use super::post::Post;
use super::sync::{Failing, Progress, skew};
use super::tablet::{Checked, Tablet};
use super::wire::{self, Acknowledged, Failure, Sent, Trouble, Upload};
use crate::browser::network::{self, Answer, Call};
use crate::browser::storage::StorageError;
use crate::browser::{self, device};
use js_sys::{Function, Promise};
use leptos::prelude::*;
use pass::GateBundle;
use std::cell::{Cell, RefCell};
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
    /// Somebody was in a hurry while there was no pause to end.
    static HURRIED: Cell<bool> = const { Cell::new(false) };
}

/// Ends the pause before the next call, or lets there be none: something waits to be uploaded, or the network is back.
pub fn hurry() {
    if let Some(resume) = PAUSE.take() {
        let _ = resume.call0(&wasm_bindgen::JsValue::NULL);
    } else {
        HURRIED.set(true);
    }
}

/// Calls the server for as long as the page lives.
pub async fn keep_in_touch(duty: Duty) {
    if let Some(window) = web_sys::window() {
        device::on_every(&window, "online", |_| hurry());
    }
    while duty.stage.try_get_untracked().is_some() {
        let (mut wait, mut may_hurry) = (IDLE, true);
        let line = duty.line();
        let held = line.lock().await;
        if let Some(post) = duty.post() {
            HURRIED.set(false);
            let outcome = round(duty, &post).await;
            duty.check_clock();
            match outcome {
                Ok(()) => duty.sync.update(|sync| sync.reached(browser::now())),
                Err(why) => {
                    duty.sync.update(|sync| sync.failed(why, browser::now()));
                    wait = duty.sync.with_untracked(super::sync::Sync::back_off);
                    // New events do not shorten a pause after a failure; the network coming back does.
                    may_hurry = !device::is_online();
                }
            }
        }
        drop(held);
        pause(wait, may_hurry).await;
    }
}

async fn pause(wait: Duration, may_hurry: bool) {
    if may_hurry && HURRIED.take() {
        return;
    }
    let until = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait);
        }
        PAUSE.set(may_hurry.then_some(resolve));
    });
    let _ = browser::js::settle(until).await;
    PAUSE.take();
}

/// Uploads all that waits, asks for a newer bundle whatever came of that, and forgets what is old.
async fn round(duty: Duty, post: &Post) -> Result<(), Failing> {
    let uploaded = upload(duty, &post.tablet, &post.progress).await;
    if uploaded == Err(Failing::Revoked) {
        return uploaded;
    }
    let updated = bundle(duty, post).await;
    uploaded.and(updated)?;
    post.tidy(duty.now()).await.map_err(storage)
}

/// Uploads all that waits, also when the tablet was revoked.
///
/// # Errors
/// Why it did not come to its end, or that the server lacks some or has revoked the tablet.
pub async fn upload(duty: Duty, tablet: &Tablet, progress: &Cell<Progress>) -> Result<(), Failing> {
    let mut outcome = Ok(());
    loop {
        // Less at a time over a network that has not carried more.
        let failures = duty.sync.with_untracked(|sync| sync.failures);
        let most = u32::try_from(wire::MAX_EVENTS >> failures.min(5)).unwrap_or(1);
        let before = progress.get();
        let events = tablet.to_upload(before.next(), most).await.map_err(storage)?;
        let Some(&(last, _)) = events.last() else {
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
        let answer = call(duty, tablet, "POST", "/api/gate/v1/events", &body).await?;
        let taken: Acknowledged = serde_json::from_slice(&answer.body).map_err(|_| Failing::Refused)?;
        let after = before.answered(last, taken.acknowledged);
        if after.acknowledged() > before.acknowledged() {
            tablet
                .note_acknowledged(after.acknowledged())
                .await
                .map_err(storage)?;
        }
        progress.set(after);
        let waiting = tablet.events_after(after.acknowledged()).await.map_err(storage)?;
        duty.sync.update(|sync| sync.waiting = waiting);
        if taken.revoked {
            outcome = Err(revoked(duty, tablet).await);
        }
    }
    if outcome.is_ok() && progress.get().lacks_some() {
        return Err(Failing::Refused);
    }
    outcome
}

/// Takes a newer bundle, when there is one and it is the same site's, signed by a key of the bundle at hand.
async fn bundle(duty: Duty, post: &Post) -> Result<(), Failing> {
    let Some(held) = duty.bundle.get_untracked() else {
        return Ok(());
    };
    let path = format!("/api/gate/v1/bundle?version={}", held.version);
    let answer = call(duty, &post.tablet, "GET", &path, b"").await?;
    if answer.status == 204 {
        return Ok(());
    }
    let next = GateBundle::open(&answer.body, &held.issuers).map_err(|_| Failing::Refused)?;
    if held.gives_way_to(&next) {
        let checked = Checked {
            bytes: &answer.body,
            issuers: &held.issuers,
        };
        post.tablet.keep_bundle(checked).await.map_err(storage)?;
        duty.bundle.set(Some(Arc::new(next)));
    }
    Ok(())
}

/// A signed call. Where the clocks differ too much it is signed again with the server's time.
async fn call(duty: Duty, tablet: &Tablet, method: &str, path: &str, body: &[u8]) -> Result<Answer, Failing> {
    for last in [false, true] {
        let authorization = tablet.authorization(method, path, body, duty.now()).await;
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
            Ok(Trouble::Revoked) => return Err(revoked(duty, tablet).await),
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
async fn revoked(duty: Duty, tablet: &Tablet) -> Failing {
    // If it cannot be kept it is heard again at the next call.
    let _ = tablet.note_revoked().await;
    duty.stage.set(Stage::Revoked);
    Failing::Revoked
}

fn storage(error: StorageError) -> Failing {
    leptos::logging::error!("{error}");
    Failing::Storage
}
