//! Chinese first, English second: which of the two this page speaks.
//!
//! A page is rendered in one language from its first byte to its last; switching loads it again. So both texts stand
//! side by side where they are used, and the choice is a plain function call, not a signal.

use pass::site::{Language, Text};

/// The cookie that remembers the choice. Not a secret: the app shells read it without a server.
pub const COOKIE: &str = "lang";

/// The language of this page: on the server the request's, in the browser the document's.
pub fn language() -> Language {
    if let Some(language) = leptos::prelude::use_context::<Language>() {
        return language;
    }
    document_language().unwrap_or(Language::Zh)
}

/// The text in this page's language.
pub fn t(zh: &'static str, en: &'static str) -> &'static str {
    match language() {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// A text from the data in this page's language.
pub fn say(text: &Text) -> String {
    text.get(language()).to_owned()
}

/// The code for `<html lang>`.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    }
}

/// Reads a cookie value or an `Accept-Language` header; Chinese unless English is named first.
pub fn from_tag(value: &str) -> Option<Language> {
    let value = value.trim_start().to_ascii_lowercase();
    if value.starts_with("en") {
        Some(Language::En)
    } else if value.starts_with("zh") {
        Some(Language::Zh)
    } else {
        None
    }
}

/// Remembers the choice on the device for a year and loads the page in it; works with no network.
pub fn remember(tag: &str) {
    let cookie = format!("{COOKIE}={tag}; path=/; samesite=lax; max-age=31536000");
    let window = leptos::prelude::window();
    let set = js_sys::Reflect::set(&leptos::prelude::document(), &"cookie".into(), &cookie.into());
    if set.is_ok() {
        let _ = window.location().reload();
    }
}

/// The choice among a document's cookies (`name=value; name=value`).
pub fn chosen(cookies: &str) -> Option<Language> {
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then(|| from_tag(value))?)
}

fn document_language() -> Option<Language> {
    if cfg!(target_arch = "wasm32") {
        let root = leptos::prelude::document().document_element()?;
        from_tag(&root.get_attribute("lang")?)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_is_found_among_other_cookies() {
        assert_eq!(chosen("a=b; lang=en"), Some(Language::En));
        assert_eq!(chosen("lang=zh-CN; x=lang=en"), Some(Language::Zh));
        assert_eq!(chosen("a=b"), None);
    }
}
