//! Facts to sentences, in both languages. Nothing else in the product words an error, a state or a date.

mod admin;
mod application;
mod attachment;
mod claim;
mod failure;
pub mod flow;
pub mod gate;
mod identity;
mod kind;
mod message;
pub mod notice;
mod period;
mod policy;
mod register;
mod sign_in;

pub use admin::{address, direction, event_fault, household_count, role};
pub use application::{
    act, cannot_agree, clock, day, days, days_and_hours, hours, instant, instant_with_seconds, length, moved,
    refusal, state, uses, value_fault,
};
pub use attachment::{attachment_fault, attachment_limits, file_size};
pub use claim::claim_state;
pub use failure::{code_message, error, fault};
pub use identity::{identity_document, identity_sort};
pub use kind::{form_fault, kind_fault, other_key};
pub use message::{
    browser_count, channel, code_sent_to, not_set_up, push_trouble, standing, tried_again, trouble,
};
pub use period::{period, period_after, period_before};
pub use policy::{document, month, rules, weekday};
pub use register::{
    cell, cell_fault, column, header_fault, import_faults, line, people_count, person_kind, unit_error,
};
pub use sign_in::{bound_phone, sign_in_problem};

use crate::language::language;
use pass::site::Language;

/// The sentence in this page's language.
pub(crate) fn pick(zh: String, en: String) -> String {
    match language() {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// A text as part of a URL's query (RFC 3986 §2.1).
pub fn url_part(text: &str) -> String {
    text.bytes().fold(String::new(), |mut part, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            part.push(char::from(byte));
        } else {
            part.push_str(&format!("%{byte:02X}"));
        }
        part
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_url_part_holds_no_separator() {
        assert_eq!(super::url_part("/a?b=c&d 中"), "/a%3Fb%3Dc%26d%20%E4%B8%AD");
    }
}
