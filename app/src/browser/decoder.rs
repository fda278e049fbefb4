//! Decoding beside the page: the page's end of the worker, and the worker's own.
//!
//! The worker is the page's module once more. One frame is in flight at a time; a worker that traps or hangs is ended and
//! another started, because a camera that no longer reads must never look as if it did.

use super::js;
use js_sys::{Array, Function, Promise};
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::{Worker, WorkerOptions, WorkerType};

/// The longest a frame may take: the slowest tablet needs a tenth of it.
const FRAME_LIMIT: i32 = 2_000;

/// The longest the worker may take to load the module.
const START_LIMIT: i32 = 20_000;

/// The worker did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerFailed;

/// The page's end of the worker.
#[derive(Debug)]
pub struct Decoder {
    address: String,
    worker: RefCell<Option<Worker>>,
}

impl Decoder {
    /// With the worker's script, which the shell's `<body data-scan-worker>` names.
    pub fn new(address: String) -> Self {
        Self {
            address,
            worker: RefCell::new(None),
        }
    }

    /// The text of the code in a picture (an `ImageBitmap`, which is handed over); `None` when there is none.
    ///
    /// # Errors
    /// When the worker does not start, traps or hangs; the next picture starts another.
    pub async fn decode(&self, picture: &JsValue) -> Result<Option<String>, WorkerFailed> {
        let worker = self.worker().await.ok_or(WorkerFailed)?;
        let answer = answer_of(&worker, FRAME_LIMIT, |worker| {
            worker
                .post_message_with_transfer(picture, &Array::of1(picture))
                .is_ok()
        });
        match js::settle(answer).await {
            Ok(event) => Ok(js::text(&event, "data")),
            Err(error) => {
                web_sys::console::warn_2(&"the scan worker is started anew:".into(), &error);
                self.end();
                Err(WorkerFailed)
            }
        }
    }

    /// Ends the worker; the next picture starts another.
    pub fn end(&self) {
        if let Some(worker) = self.worker.take() {
            worker.terminate();
        }
    }

    async fn worker(&self) -> Option<Worker> {
        if let Some(worker) = self.worker.borrow().clone() {
            return Some(worker);
        }
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&self.address, &options).ok()?;
        // Its first message says that it listens.
        match js::settle(answer_of(&worker, START_LIMIT, |_| true)).await {
            Ok(_) => {
                self.worker.replace(Some(worker.clone()));
                Some(worker)
            }
            Err(error) => {
                web_sys::console::warn_2(&"the scan worker does not start:".into(), &error);
                worker.terminate();
                super::sleep(std::time::Duration::from_secs(1)).await;
                None
            }
        }
    }
}

/// The worker's next message, unless it fails or takes longer than `limit` milliseconds.
fn answer_of(worker: &Worker, limit: i32, ask: impl Fn(&Worker) -> bool) -> Promise {
    Promise::new(&mut |resolve, reject: Function| {
        worker.set_onmessage(Some(&resolve));
        worker.set_onerror(Some(&reject));
        if let Some(window) = web_sys::window() {
            let why = Array::of1(&"no answer in time".into());
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments(&reject, limit, &why);
        }
        if !ask(worker) {
            let _ = reject.call1(&JsValue::NULL, &"the picture cannot be sent".into());
        }
    })
}

#[cfg(feature = "csr")]
pub use worker::work;

#[cfg(feature = "csr")]
mod worker {
    use super::super::js;
    use scan::{Frame, Scanner, luma_from_rgba};
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::prelude::JsValue;
    use wasm_bindgen::{JsCast, UnwrapThrowExt as _};
    use web_sys::{
        DedicatedWorkerGlobalScope, ImageBitmap, MessageEvent, OffscreenCanvas,
        OffscreenCanvasRenderingContext2d,
    };

    /// What the worker keeps between frames.
    struct Desk {
        canvas: OffscreenCanvas,
        context: OffscreenCanvasRenderingContext2d,
        scanner: Scanner,
        luma: Vec<u8>,
    }

    /// The worker's entry: answers each picture with the text of the code in it, or null.
    pub fn work() {
        console_error_panic_hook::set_once();
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let mut desk = Desk::new().unwrap_throw();
        let answers = scope.clone();
        let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event
                .data()
                .dyn_into()
                .ok()
                .and_then(|picture| desk.read(&picture));
            let text = text.map_or(JsValue::NULL, |text| JsValue::from_str(&text));
            answers.post_message(&text).unwrap_throw();
        });
        scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        listen.forget();
        scope.post_message(&JsValue::TRUE).unwrap_throw();
    }

    impl Desk {
        fn new() -> Result<Self, JsValue> {
            let canvas = OffscreenCanvas::new(1, 1)?;
            let wishes = js::object(&[("willReadFrequently", &JsValue::TRUE), ("alpha", &JsValue::FALSE)]);
            let context = canvas
                .get_context_with_context_options("2d", &wishes)?
                .ok_or(JsValue::NULL)?;
            Ok(Self {
                canvas,
                context: context.unchecked_into(),
                scanner: Scanner::new(),
                luma: Vec::new(),
            })
        }

        fn read(&mut self, picture: &ImageBitmap) -> Option<String> {
            let (width, height) = (picture.width(), picture.height());
            if self.canvas.width() != width || self.canvas.height() != height {
                self.canvas.set_width(width);
                self.canvas.set_height(height);
            }
            self.context
                .draw_image_with_image_bitmap(picture, 0.0, 0.0)
                .ok()?;
            picture.close();
            let pixels = self
                .context
                .get_image_data(0.0, 0.0, f64::from(width), f64::from(height))
                .ok()?;
            luma_from_rgba(&pixels.data(), &mut self.luma);
            let frame = Frame::new(width as usize, height as usize, &self.luma).ok()?;
            self.scanner.frame(&frame).map(|reading| reading.text)
        }
    }
}
