//! What else the device does: it sounds, it shakes, it stays awake, it keeps other tabs away, it stores for good.

use super::js;
use js_sys::{Array, Function, Promise};
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioContext, AudioContextState, OscillatorType};

thread_local! {
    /// One for the page: browsers allow few.
    static AUDIO: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// One tone: hertz, when it begins and how long it lasts, in seconds.
pub type Tone = (f32, f64, f64);

/// Sounds tones. Silent until the page was touched once, where the browser wants that.
pub fn sound(tones: &[Tone]) {
    AUDIO.with_borrow_mut(|audio| {
        if audio.is_none() {
            *audio = AudioContext::new().ok();
        }
        if let Some(audio) = audio {
            if audio.state() == AudioContextState::Suspended {
                let _ = audio.resume();
            }
            for &tone in tones {
                // Without a sound the screen still says everything.
                let _ = play(audio, tone);
            }
        }
    });
}

/// Lets later sounds through, from a touch or a key.
pub fn unlock_sound() {
    sound(&[]);
}

fn play(audio: &AudioContext, (hertz, after, long): Tone) -> Result<(), JsValue> {
    let (tone, volume) = (audio.create_oscillator()?, audio.create_gain()?);
    let begins = audio.current_time() + after;
    tone.set_type(OscillatorType::Square);
    tone.frequency().set_value(hertz);
    volume.gain().set_value_at_time(0.2, begins)?;
    // A short fade instead of a click.
    volume
        .gain()
        .exponential_ramp_to_value_at_time(0.001, begins + long)?;
    tone.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&audio.destination())?;
    tone.start_with_when(begins)?;
    tone.stop_with_when(begins + long)
}

/// Shakes: milliseconds on, off, on, …
pub fn vibrate(pattern: &[u32]) {
    let pattern: Array = pattern.iter().map(|&part| JsValue::from(part)).collect();
    if let Some(window) = web_sys::window() {
        let _ = js::call(&window.navigator(), "vibrate", &[&pattern]);
    }
}

/// Keeps the screen awake until the page is hidden.
pub async fn stay_awake() {
    if let Some(window) = web_sys::window()
        && let Some(lock) = js::get(&window.navigator(), "wakeLock")
    {
        // A battery that is nearly empty says no.
        let _ = js::ask(&lock, "request", &[&"screen".into()]).await;
    }
}

/// Asks that the browser does not clear the storage when space runs short. `None` where it cannot be asked.
pub async fn persist_storage() -> Option<bool> {
    let storage = js::get(&web_sys::window()?.navigator(), "storage")?;
    js::ask(&storage, "persist", &[]).await?.as_bool()
}

/// Whether there is a network at all, as far as the device knows.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Takes a lock that only one tab may have, and keeps it until the tab is closed. False when another has it.
pub async fn hold_lock(name: &str) -> bool {
    let Some(locks) = web_sys::window().and_then(|window| js::get(&window.navigator(), "locks")) else {
        // Without a secure context: nothing else works there either.
        return true;
    };
    let held = Promise::new(&mut |resolve, _| {
        let answer = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let is_held = !lock.is_null();
            let _ = resolve.call1(&JsValue::NULL, &is_held.into());
            // The lock lasts as long as this promise is open.
            if is_held {
                Promise::new(&mut |_, _| {}).into()
            } else {
                JsValue::UNDEFINED
            }
        });
        let options = js::object(&[("ifAvailable", &JsValue::TRUE)]);
        let _ = js::call(&locks, "request", &[&name.into(), &options, &answer]);
    });
    js::settle(held).await.is_ok_and(|held| held.is_truthy())
}

/// Calls back for every event of this name on the window or document, as long as the page lives. Keys are seen before anything
/// on the page sees them.
pub fn on_every(target: &JsValue, event: &str, act: impl FnMut(JsValue) + 'static) {
    let act = Closure::<dyn FnMut(JsValue)>::new(act).into_js_value();
    if let Some(target) = target.dyn_ref::<web_sys::EventTarget>() {
        let _ =
            target.add_event_listener_with_callback_and_bool(event, act.unchecked_ref::<Function>(), true);
    }
}
