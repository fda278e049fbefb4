//! The cursor in a text of several lines.

/// Puts the keyboard's focus on the text with this id and marks its line `line`, counted from 1. `shown` is the id of what is brought
/// into view with it.
pub fn to_line(id: &str, line: usize, shown: &str) {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let document = leptos::prelude::document();
        let text = document.get_element_by_id(id);
        if let Some(text) = text.and_then(|text| text.dyn_into::<web_sys::HtmlTextAreaElement>().ok()) {
            let (from, to) = span(&text.value(), line);
            let _ = text.focus();
            let _ = text.set_selection_range(from, to);
        }
        if let Some(shown) = document.get_element_by_id(shown) {
            shown.scroll_into_view_with_bool(true);
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (id, line, shown);
}

/// Where a line begins and ends, in the units of the browser's texts (UTF-16).
#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "only the browser has a cursor")
)]
fn span(text: &str, line: usize) -> (u32, u32) {
    let mut from = 0;
    for (at, one) in text.split('\n').enumerate() {
        let length = u32::try_from(one.encode_utf16().count()).unwrap_or(u32::MAX);
        if at + 1 == line {
            return (from, from + length);
        }
        from += length + 1;
    }
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_line_is_found_in_the_browsers_units() {
        let text = "key = \"a\"\n通行𝕏\n\nend";
        assert_eq!(span(text, 1), (0, 9));
        assert_eq!(
            span(text, 2),
            (10, 14),
            "a character outside the first plane counts two"
        );
        assert_eq!(span(text, 3), (15, 15));
        assert_eq!(span(text, 4), (16, 19));
        assert_eq!(span(text, 9), (0, 0));
    }
}
