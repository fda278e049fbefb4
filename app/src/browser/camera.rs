//! The camera: its picture in a `<video>`, its frames, its light.

use super::js;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    HtmlVideoElement, MediaDeviceInfo, MediaDeviceKind, MediaStream, MediaStreamTrack, MediaStreamTrackState,
};

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraFault {
    /// The page was not loaded by https.
    Insecure,
    /// The person or the system does not allow it.
    Denied,
    /// There is none.
    Missing,
    /// Another program has it.
    InUse,
    /// It was there and is gone.
    Lost,
    /// What the browser calls it.
    Other(String),
}

/// A camera to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The browser's name for it.
    pub id: String,
    /// The maker's name; empty before the camera was allowed.
    pub label: String,
}

/// A running camera.
#[derive(Clone, Debug)]
pub struct Camera {
    stream: MediaStream,
    track: MediaStreamTrack,
}

/// Opens a camera: the given one while it is there, or the one that looks away from the screen.
///
/// # Errors
/// Why there is no picture.
pub async fn open(device: Option<&str>) -> Result<Camera, CameraFault> {
    match open_exactly(device).await {
        // It was taken off, and another one may have been put in its place.
        Err(CameraFault::Missing) if device.is_some() => open_exactly(None).await,
        opened => opened,
    }
}

async fn open_exactly(device: Option<&str>) -> Result<Camera, CameraFault> {
    let devices = media_devices().ok_or(CameraFault::Insecure)?;
    let ideal = |value: &JsValue| JsValue::from(js::object(&[("ideal", value)]));
    let (width, height) = (ideal(&1280.into()), ideal(&720.into()));
    let which = match device {
        Some(id) => ("deviceId", js::object(&[("exact", &id.into())])),
        None => ("facingMode", js::object(&[("ideal", &"environment".into())])),
    };
    let video = js::object(&[("width", &width), ("height", &height), (which.0, &which.1)]);
    let wanted = js::object(&[("video", &video), ("audio", &JsValue::FALSE)]);
    let opening =
        js::call(&devices, "getUserMedia", &[&wanted]).and_then(|promise| promise.dyn_into::<Promise>().ok());
    let stream = js::settle(opening.ok_or(CameraFault::Insecure)?)
        .await
        .map_err(|error| fault(&error))?;
    let stream: MediaStream = stream.unchecked_into();
    let track = stream.get_video_tracks().get(0);
    let track = track
        .dyn_into::<MediaStreamTrack>()
        .map_err(|_| CameraFault::Missing)?;
    Ok(Camera { stream, track })
}

/// The cameras there are.
pub async fn devices() -> Vec<Device> {
    let Some(devices) = media_devices() else {
        return vec![];
    };
    let Some(list) = js::ask(&devices, "enumerateDevices", &[]).await else {
        return vec![];
    };
    Array::from(&list)
        .iter()
        .filter_map(|device| device.dyn_into::<MediaDeviceInfo>().ok())
        .filter(|device| device.kind() == MediaDeviceKind::Videoinput)
        .map(|device| Device {
            id: device.device_id(),
            label: device.label(),
        })
        .collect()
}

impl Camera {
    /// Shows its picture.
    pub async fn show_in(&self, video: &HtmlVideoElement) {
        video.set_src_object(Some(&self.stream));
        if let Ok(playing) = video.play() {
            // A video that may not play by itself yet plays when it is touched.
            let _ = js::settle(playing).await;
        }
    }

    /// Whether it still gives pictures.
    pub fn is_live(&self) -> bool {
        self.track.ready_state() == MediaStreamTrackState::Live
    }

    /// The device in use.
    pub fn device(&self) -> Option<String> {
        js::text(&js::call(&self.track, "getSettings", &[])?, "deviceId")
    }

    /// Whether it has a light.
    pub fn has_torch(&self) -> bool {
        js::call(&self.track, "getCapabilities", &[])
            .and_then(|capabilities| js::get(&capabilities, "torch"))
            .is_some_and(|torch| torch.as_bool() != Some(false))
    }

    /// Switches the light. Whether it did.
    pub async fn set_torch(&self, on: bool) -> bool {
        let wish = js::object(&[("torch", &on.into())]);
        let wishes = js::object(&[("advanced", &Array::of1(&wish))]);
        js::ask(&self.track, "applyConstraints", &[&wishes])
            .await
            .is_some()
    }

    /// Ends it.
    pub fn stop(&self) {
        self.track.stop();
    }
}

/// Waits for the next frame of a video, but not for ever: a stream may stop giving any.
pub async fn next_frame(video: &HtmlVideoElement) {
    let soon = Promise::new(&mut |resolve, _| {
        let by_frame = js::call(video, "requestVideoFrameCallback", &[&resolve]).is_some();
        wait(&resolve, if by_frame { 500 } else { 40 });
    });
    let _ = js::settle(soon).await;
}

/// A picture of what the video shows now, to hand to a worker. `None` when it shows nothing yet.
pub async fn picture(video: &HtmlVideoElement) -> Option<JsValue> {
    // HAVE_CURRENT_DATA
    if video.ready_state() < 2 || video.video_width() == 0 {
        return None;
    }
    js::ask(&web_sys::window()?.into(), "createImageBitmap", &[video]).await
}

fn wait(resolve: &Function, milliseconds: i32) {
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(resolve, milliseconds);
    }
}

/// Undefined outside a secure context.
fn media_devices() -> Option<JsValue> {
    js::get(&web_sys::window()?.navigator(), "mediaDevices")
}

fn fault(error: &JsValue) -> CameraFault {
    match js::thrown(error).as_str() {
        "NotAllowedError" | "SecurityError" | "PermissionDeniedError" => CameraFault::Denied,
        "NotFoundError" | "OverconstrainedError" | "DevicesNotFoundError" => CameraFault::Missing,
        "NotReadableError" | "AbortError" | "TrackStartError" => CameraFault::InUse,
        other => CameraFault::Other(other.to_owned()),
    }
}
