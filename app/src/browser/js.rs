//! Calls into the browser for which `web-sys` has no stable binding, and for what some browsers lack: asked for by name.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property of an object; `None` when it is missing, null or undefined.
pub fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &JsValue::from_str(name)).ok()?;
    (!value.is_null() && !value.is_undefined()).then_some(value)
}

/// A text property.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name)?.as_string()
}

/// Calls a method; `None` when there is none or it throws.
pub fn call(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let method: Function = get(object, name)?.dyn_into().ok()?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    method.apply(object, &list).ok()
}

/// Calls a method that answers later; `None` when there is none or it fails.
pub async fn ask(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let answer = call(object, name, arguments)?;
    settle(answer.dyn_into().ok()?).await.ok()
}

/// Waits for a promise.
pub async fn settle(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// An object with these properties.
pub fn object(properties: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        let set = Reflect::set(&object, &JsValue::from_str(name), value);
        debug_assert!(set.is_ok(), "a plain object takes any property");
    }
    object
}

/// Something that JavaScript threw, as its name (`NotAllowedError`) or, failing that, its text.
pub fn thrown(error: &JsValue) -> String {
    text(error, "name")
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "unknown".to_owned())
}
