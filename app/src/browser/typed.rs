//! What somebody typed or chose before the page came to life. The server's page can be filled in while the module is still on its
//! way; bringing the page to life sets every field to what its signal says, so the signals begin with what stands there.

/// The text in the field with this id, while the page is still as the server sent it.
pub fn text(id: &str) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    {
        if alive() {
            return None;
        }
        let element = leptos::prelude::document().get_element_by_id(id)?;
        value(&element)
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = id;
        None
    }
}

/// The chosen one of the radio buttons with this name, while the page is still as the server sent it.
pub fn choice(name: &str) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    {
        if alive() {
            return None;
        }
        let selector = format!("input[name='{name}']:checked");
        let element = leptos::prelude::document().query_selector(&selector).ok()??;
        value(&element)
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = name;
        None
    }
}

/// Whether the page answers already (`install.js` says so on the document).
#[cfg(target_arch = "wasm32")]
fn alive() -> bool {
    leptos::prelude::document()
        .document_element()
        .is_some_and(|root| root.has_attribute("data-app"))
}

#[cfg(target_arch = "wasm32")]
fn value(element: &web_sys::Element) -> Option<String> {
    let value = js_sys::Reflect::get(element, &"value".into()).ok()?;
    value.as_string()
}
