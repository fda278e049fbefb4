//! The scanning page: the camera's picture, beside it the field for a hardware scanner or a typed pass number.

use super::duty::Duty;
use super::keys::{self, Keystrokes};
use super::verdict::VerdictView;
use crate::browser::camera::{self, Camera, CameraFault, Device};
use crate::browser::decoder::Decoder;
use crate::browser::{self, device};
use crate::language::t;
use crate::sentences::gate;
use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{HtmlVideoElement, KeyboardEvent};

/// So many failures of the worker in a row are said aloud.
const SILENT: u32 = 3;

/// What of the camera the page shows.
#[derive(Clone, Copy)]
struct Eye {
    fault: RwSignal<Option<CameraFault>>,
    devices: RwSignal<Vec<Device>>,
    device: RwSignal<Option<String>>,
    has_torch: RwSignal<bool>,
    torch: RwSignal<bool>,
    camera: StoredValue<Option<Camera>, LocalStorage>,
    /// Rises when the camera is to be opened anew; a loop ends when it is no longer its own.
    turn: RwSignal<u32>,
}

/// The scanning page.
#[component]
pub fn ScanPage(duty: Duty) -> impl IntoView {
    let eye = Eye {
        fault: RwSignal::new(None),
        devices: RwSignal::new(vec![]),
        device: RwSignal::new(None),
        has_torch: RwSignal::new(false),
        torch: RwSignal::new(false),
        camera: StoredValue::new_local(None),
        turn: RwSignal::new(0),
    };
    let video = NodeRef::<Video>::new();
    Effect::new(move || {
        let turn = eye.turn.get();
        if let Some(video) = video.get() {
            spawn_local(watch(duty, eye, video, turn));
        }
    });
    // The camera of an app that was in the background is dead on some devices: a fresh one is opened.
    let seen_again = window_event_listener_untyped("visibilitychange", move |_| {
        if !document().hidden() {
            eye.turn.try_update(|turn| *turn += 1);
        }
    });
    on_cleanup(move || {
        seen_again.remove();
        if let Some(camera) = eye.camera.try_update_value(Option::take).flatten() {
            camera.stop();
        }
    });
    view! {
        <main class="gate-scan">
            <h1 class="visually-hidden">{t("扫码核验", "Scan a pass")}</h1>
            <section class="gate-camera" aria-label=t("摄像头", "Camera")>
                // Set as attributes, because a browser plays by itself only what is muted from the start.
                <video node_ref=video playsinline muted=true autoplay=true prop:muted=true></video>
                <div class="gate-frame" aria-hidden="true"></div>
                <CameraHelp eye/>
                <CameraTools eye/>
            </section>
            <Keyboard duty/>
            <VerdictView duty/>
        </main>
    }
}

/// Opens the camera and hands its frames to the worker, one at a time, until the page goes or the camera is opened anew.
async fn watch(duty: Duty, eye: Eye, video: HtmlVideoElement, turn: u32) {
    if let Some(camera) = eye.camera.try_update_value(Option::take).flatten() {
        camera.stop();
    }
    spawn_local(device::stay_awake());
    let wanted = eye.device.get_untracked();
    let camera = match camera::open(wanted.as_deref()).await {
        Ok(camera) => camera,
        Err(fault) => {
            eye.fault.try_set(Some(fault));
            return;
        }
    };
    let is_mine = || eye.turn.try_get_untracked() == Some(turn);
    if !is_mine() {
        camera.stop();
        return;
    }
    camera.show_in(&video).await;
    eye.fault.set(None);
    eye.has_torch.set(camera.has_torch());
    eye.torch.set(false);
    eye.device.set(camera.device());
    eye.devices.set(camera::devices().await);
    eye.camera.set_value(Some(camera.clone()));
    let decoder = Decoder::new(worker_address());
    let mut failures = 0;
    while is_mine() {
        camera::next_frame(&video).await;
        if !camera.is_live() {
            eye.fault.try_set(Some(CameraFault::Lost));
            break;
        }
        if document().hidden() {
            continue;
        }
        let Some(picture) = camera::picture(&video).await else {
            continue;
        };
        match decoder.decode(&picture).await {
            Ok(text) => {
                if failures >= SILENT {
                    eye.fault.try_set(None);
                }
                failures = 0;
                if let Some(text) = text.filter(|_| is_mine()) {
                    duty.saw(text);
                }
            }
            Err(_) => {
                failures += 1;
                // A camera that no longer reads must not look as if it did.
                if failures == SILENT {
                    eye.fault
                        .try_set(Some(CameraFault::Other("scan-worker".to_owned())));
                }
            }
        }
    }
    decoder.end();
    camera.stop();
}

/// The worker's script, whose name changes with its content: the shell's document says it.
fn worker_address() -> String {
    let body = document().body();
    body.and_then(|body| body.get_attribute("data-scan-worker"))
        .unwrap_or_default()
}

/// Why there is no picture, and what to press.
#[component]
fn CameraHelp(eye: Eye) -> impl IntoView {
    move || {
        let advice = gate::camera_fault(&eye.fault.get()?);
        Some(view! {
            <div class="gate-help" role="alert">
                <p><strong>{advice.reason}</strong></p>
                <p>{advice.next}</p>
                <button class="button" data-rank="first" on:click=move |_| eye.turn.update(|turn| *turn += 1)>{t("重试", "Try again")}</button>
            </div>
        })
    }
}

/// The light, and the choice of camera where there are several.
#[component]
fn CameraTools(eye: Eye) -> impl IntoView {
    let switch = move |_| {
        if let Some(camera) = eye.camera.get_value() {
            let on = !eye.torch.get_untracked();
            spawn_local(async move {
                if camera.set_torch(on).await {
                    eye.torch.try_set(on);
                }
            });
        }
    };
    let next = move |_| {
        let devices = eye.devices.get_untracked();
        let at = eye
            .device
            .with_untracked(|now| devices.iter().position(|device| Some(&device.id) == now.as_ref()));
        let next = at.map_or(0, |at| (at + 1) % devices.len().max(1));
        eye.device.set(devices.get(next).map(|device| device.id.clone()));
        eye.turn.update(|turn| *turn += 1);
    };
    view! {
        <div class="gate-tools">
            <Show when=move || eye.has_torch.get()>
                <button class="button" aria-pressed=move || eye.torch.get().to_string() on:click=switch>{t("照明", "Light")}</button>
            </Show>
            <Show when=move || { eye.devices.with(Vec::len) > 1 }>
                <button class="button" on:click=next>{t("换摄像头", "Other camera")}</button>
            </Show>
        </div>
    }
}

/// The field that always listens: a hardware scanner types wherever the focus is, a person into the field.
#[component]
fn Keyboard(duty: Duty) -> impl IntoView {
    let line = RwSignal::new(String::new());
    // Whether the line was put into the field itself.
    let in_field = RwSignal::new(false);
    let strokes = Rc::new(RefCell::new(Keystrokes::default()));
    let listen = window_event_listener_untyped("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else {
            return;
        };
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
            return;
        }
        let key = event.key();
        match key.as_str() {
            "F8" | "F9" => {
                event.prevent_default();
                // A key that is held down answers one question, not the next person's too.
                if let Some(question) = duty.question().filter(|_| !event.repeat()) {
                    spawn_local(duty.decide(key == "F8", question));
                }
                return;
            }
            // Some scanners end with Tab, which would only leave the field. A person's Tab after a number does leave it.
            "Tab" if types_into_field(&event) && line.with_untracked(|line| keys::is_scanned(line)) => {
                event.prevent_default();
                duty.typed(line.get_untracked());
                line.set(String::new());
                return;
            }
            _ if types_into_field(&event) => return,
            _ => {}
        }
        let mut strokes = strokes.borrow_mut();
        // Enter ends a scanner's line; it must not press the button that happens to have the focus.
        if !strokes.line().is_empty() && matches!(key.as_str(), "Enter" | "Tab") {
            event.prevent_default();
        }
        if let Some(text) = strokes.key(&key, browser::now()) {
            duty.typed(text);
        }
        in_field.set(false);
        line.set(strokes.line().to_owned());
    });
    on_cleanup(move || listen.remove());
    // What a scanner left unfinished does not stay; what a person types does, however long they think. The same characters
    // may come again meanwhile: a wait belongs to one change of the line, whatever it says by then.
    let changes = StoredValue::new(0_u32);
    Effect::new(move || {
        let now = line.get();
        let mine = changes.get_value().wrapping_add(1);
        changes.set_value(mine);
        let is_scanners = !in_field.get_untracked() || keys::is_scanned(&now);
        if !now.is_empty() && is_scanners {
            spawn_local(async move {
                browser::sleep(Duration::from_secs(8)).await;
                if changes.try_get_value() == Some(mine) {
                    line.try_update(String::clear);
                }
            });
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let text = line.get_untracked();
        if !text.trim().is_empty() {
            duty.typed(text);
        }
        line.set(String::new());
    };
    view! {
        <form class="gate-keyboard" on:submit=submit autocomplete="off">
            <p class="gate-prompt">{t("请将二维码对准摄像头", "Hold the code before the camera")}</p>
            <label for="gate-line">{t("扫码枪可直接扫；也可输入通行证号", "Or use a hardware scanner, or type a pass number")}</label>
            <div class="with-button">
                <input id="gate-line" name="line" type="text" inputmode="numeric" autocomplete="off" spellcheck="false" maxlength="2048"
                    prop:value=line on:input=move |event| {
                        in_field.set(true);
                        line.set(event_target_value(&event));
                    }/>
                <button class="button" data-rank="first">{t("查询", "Look up")}</button>
            </div>
        </form>
    }
}

/// Whether the key goes into a text field by itself.
fn types_into_field(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}
