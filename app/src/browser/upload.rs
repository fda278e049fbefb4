//! A file on its way to the server, with how far it has come: `fetch` tells nothing of that, the older request does.

use leptos::web_sys::{self, Event, File, ProgressEvent, XmlHttpRequest};
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// How long a file may take, in milliseconds: what the server allows, and not quite to its end.
const LIMIT: u32 = 170_000;

/// What the server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status; 0 when there was no answer.
    pub status: u16,
    /// The body.
    pub text: String,
}

/// A file on its way.
pub struct Upload(SendWrapper<Parts>);

struct Parts {
    request: XmlHttpRequest,
    _progress: Closure<dyn FnMut(ProgressEvent)>,
    _done: Closure<dyn FnMut(Event)>,
}

impl Upload {
    /// Sends a file to an address of this site under a name. `progress` hears the percent that have gone; `done`, once, what came of it.
    /// `None` when the browser cannot.
    pub fn begin(
        address: &str,
        name: &str,
        file: &File,
        mut progress: impl FnMut(u8) + 'static,
        done: impl FnOnce(Answer) + 'static,
    ) -> Option<Upload> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", address).ok()?;
        request.set_timeout(LIMIT);
        request
            .set_request_header("content-type", "application/octet-stream")
            .ok()?;
        request
            .set_request_header("x-file-name", &crate::sentences::url_part(name))
            .ok()?;
        let on_progress = Closure::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                let percent = event.loaded() / event.total() * 100.0;
                progress(percent.clamp(0.0, 100.0) as u8);
            }
        });
        let upload = request.upload().ok()?;
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        let (asked, done) = (request.clone(), Rc::new(RefCell::new(Some(done))));
        let on_done = Closure::new(move |_: Event| {
            if let Some(done) = done.borrow_mut().take() {
                done(Answer {
                    status: asked.status().unwrap_or(0),
                    text: asked.response_text().ok().flatten().unwrap_or_default(),
                });
            }
        });
        request.set_onloadend(Some(on_done.as_ref().unchecked_ref()));
        request.send_with_opt_blob(Some(file)).ok()?;
        Some(Upload(SendWrapper::new(Parts {
            request,
            _progress: on_progress,
            _done: on_done,
        })))
    }

    /// Gives it up. Nobody hears of it any more.
    pub fn stop(&self) {
        self.0.request.set_onloadend(None);
        if let Ok(upload) = self.0.request.upload() {
            upload.set_onprogress(None);
        }
        // One that is over already cannot be given up, and need not.
        let _ = self.0.request.abort();
    }
}

/// Tells the server that a file which it has is not wanted. Not heard, it is forgotten in its time.
pub fn give_up(address: &str) {
    if let Ok(request) = XmlHttpRequest::new()
        && request.open("DELETE", address).is_ok()
    {
        let _ = request.send();
    }
}

/// The first bytes of a file.
pub async fn head(file: &File, length: usize) -> Vec<u8> {
    let end = wasm_bindgen::JsValue::from_f64(length as f64);
    let part = super::js::call(file, "slice", &[&wasm_bindgen::JsValue::from_f64(0.0), &end]);
    let Some(part) = part else { return Vec::new() };
    let bytes = super::js::ask(&part, "arrayBuffer", &[]).await;
    bytes.map_or_else(Vec::new, |bytes| js_sys::Uint8Array::new(&bytes).to_vec())
}

/// The files that were chosen in an input, which is empty afterwards, so that the same one may be chosen again.
pub fn chosen(event: &Event) -> Vec<File> {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = input else { return Vec::new() };
    let files = input.files().map_or_else(Vec::new, |list| {
        (0..list.length()).filter_map(|at| list.get(at)).collect()
    });
    input.set_value("");
    files
}
