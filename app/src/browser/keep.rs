//! The browser's small storage: texts by key. Where there is none (private windows, the server) nothing is kept.

/// Where a text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Until the tab is closed.
    Tab,
    /// On the device.
    Device,
}

#[cfg(target_arch = "wasm32")]
fn storage(shelf: Shelf) -> Option<web_sys::Storage> {
    let window = web_sys::window()?;
    match shelf {
        Shelf::Tab => window.session_storage(),
        Shelf::Device => window.local_storage(),
    }
    .ok()?
}

/// The text kept under a key.
pub fn read(shelf: Shelf, key: &str) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    return storage(shelf)?.get_item(key).ok()?;
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (shelf, key);
        None
    }
}

/// Keeps a text; false when the browser does not take it.
pub fn write(shelf: Shelf, key: &str, text: &str) -> bool {
    #[cfg(target_arch = "wasm32")]
    return storage(shelf).is_some_and(|storage| storage.set_item(key, text).is_ok());
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (shelf, key, text);
        false
    }
}

/// Forgets a text.
pub fn remove(shelf: Shelf, key: &str) {
    #[cfg(target_arch = "wasm32")]
    if let Some(storage) = storage(shelf) {
        let _ = storage.remove_item(key);
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (shelf, key);
}

/// Every key that begins so.
pub fn keys(shelf: Shelf, beginning: &str) -> Vec<String> {
    #[cfg(target_arch = "wasm32")]
    {
        let Some(storage) = storage(shelf) else {
            return Vec::new();
        };
        let length = storage.length().unwrap_or(0);
        (0..length)
            .filter_map(|at| storage.key(at).ok().flatten())
            .filter(|key| key.starts_with(beginning))
            .collect()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (shelf, beginning);
        Vec::new()
    }
}
