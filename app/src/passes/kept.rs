//! The passes that this device keeps, so that a code opens with no network. `public/offline.js` lists them where no page can be loaded: it
//! reads the same keys, and of each its number, site, title and days.

use super::code::Code;
use crate::browser::keep::{self, Shelf};
use jiff::{Timestamp, ToSpan};

const PREFIX: &str = "pass:";

/// The key of a pass.
fn key(number: u32) -> String {
    format!("{PREFIX}{number}")
}

/// The kept pass of this number.
pub fn load(number: u32) -> Option<Code> {
    serde_json::from_str(&keep::read(Shelf::Device, &key(number))?).ok()
}

/// Keeps a pass as the server has just told it, and forgets those of other accounts and those that were long over by then. The phone's
/// own clock takes no pass away.
pub fn save(code: &Code) {
    for kept in all() {
        if kept.account != code.account || gone(&kept, code.told_at) {
            forget(kept.number);
        }
    }
    if let Ok(text) = serde_json::to_string(code) {
        keep::write(Shelf::Device, &key(code.number), &text);
    }
}

/// Forgets a pass.
pub fn forget(number: u32) {
    keep::remove(Shelf::Device, &key(number));
}

/// Forgets every pass: somebody has signed out.
pub fn forget_all() {
    for key in keep::keys(Shelf::Device, PREFIX) {
        keep::remove(Shelf::Device, &key);
    }
}

fn all() -> Vec<Code> {
    keep::keys(Shelf::Device, PREFIX)
        .iter()
        .filter_map(|key| serde_json::from_str(&keep::read(Shelf::Device, key)?).ok())
        .collect()
}

/// Over for more than a day.
fn gone(code: &Code, now: Timestamp) -> bool {
    code.valid_until + 24.hours() < now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::code::tests::code;

    #[test]
    fn a_pass_is_kept_a_day_longer_than_it_is_valid() {
        let code = code();
        assert!(!gone(&code, code.valid_until));
        assert!(!gone(&code, code.valid_until + 24.hours()));
        assert!(gone(&code, code.valid_until + 25.hours()));
    }

    #[test]
    fn what_is_kept_reads_back() {
        let text = serde_json::to_string(&code()).unwrap();
        assert_eq!(serde_json::from_str::<Code>(&text).unwrap(), code());
    }
}
