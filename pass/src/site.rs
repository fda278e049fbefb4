//! The site and what it is made of: its code, its texts in two languages, its zones.

use alloc::string::String;
use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A site's short name, the audience (`aud`) of its credentials: 1 to 15 of `a-z`, `0-9` and `-`.
///
/// The bound is what keeps the longest credential inside a QR code of version 10.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteCode(String);

/// A text that is no code: empty, too long, or with a character outside `a-z`, `0-9`, `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeError;

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a code of a-z, 0-9 and -")
    }
}

impl core::error::Error for CodeError {}

/// `text` when it is a code of at most `max` characters.
pub(crate) fn code(text: &str, max: usize) -> Result<String, CodeError> {
    let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if (1..=max).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.into())
    } else {
        Err(CodeError)
    }
}

impl SiteCode {
    /// The longest code, in bytes.
    pub const MAX: usize = 15;

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SiteCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<SiteCode, CodeError> {
        code(text, SiteCode::MAX).map(SiteCode)
    }
}

impl TryFrom<String> for SiteCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<SiteCode, CodeError> {
        text.parse()
    }
}

impl From<SiteCode> for String {
    fn from(code: SiteCode) -> String {
        code.0
    }
}

impl fmt::Display for SiteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The languages of every screen. Chinese is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Chinese (zh-CN).
    #[default]
    #[serde(rename = "zh")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    /// `zh-CN` or `en`, as HTML's `lang` has it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Zh => "zh-CN",
            Language::En => "en",
        }
    }
}

/// A text in both languages, written by the site's administrators.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// A text of both parts.
    pub fn new(zh: &str, en: &str) -> Text {
        Text {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text in a language; where that part is empty, the other one.
    pub fn get(&self, language: Language) -> &str {
        let (asked, other) = match language {
            Language::Zh => (&self.zh, &self.en),
            Language::En => (&self.en, &self.zh),
        };
        if asked.is_empty() { other } else { asked }
    }
}

/// A set of a site's zones (校区), at most 32: bit *n* stands for the zone with that number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneSet(pub u32);

impl ZoneSet {
    /// No zone.
    pub const NONE: ZoneSet = ZoneSet(0);
    /// Every zone the site has or will have.
    pub const ALL: ZoneSet = ZoneSet(u32::MAX);

    /// The set of these zone numbers. Numbers above 31 don't exist and are left out.
    pub fn of(zones: &[u8]) -> ZoneSet {
        ZoneSet(
            zones
                .iter()
                .filter(|&&zone| zone < 32)
                .fold(0, |bits, zone| bits | 1 << zone),
        )
    }

    /// Whether a zone number belongs to the set.
    pub fn contains(self, zone: u8) -> bool {
        zone < 32 && self.0 >> zone & 1 == 1
    }

    /// The zones in both sets.
    pub fn and(self, other: ZoneSet) -> ZoneSet {
        ZoneSet(self.0 & other.0)
    }

    /// Whether no zone belongs to the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The zone numbers, ascending.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..32).filter(move |&zone| self.contains(zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn site_codes() {
        #[track_caller]
        fn check(text: &str, good: bool) {
            assert_eq!(text.parse::<SiteCode>().is_ok(), good, "{text}");
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(serde_json::from_str::<SiteCode>(&json).is_ok(), good, "{text}");
        }
        check("demo", true);
        check("a", true);
        check("north-campus-15", true);
        check("north-campus-016", false);
        check("", false);
        check("DEMO", false);
        check("c q", false);
        check("重大", false);
        check("a_b", false);
    }

    #[test]
    fn a_text_falls_back_to_its_other_half() {
        let text = Text::new("居民", "");
        assert_eq!(text.get(Language::En), "居民");
        assert_eq!(Text::new("居民", "Resident").get(Language::En), "Resident");
        assert_eq!(Text::new("", "Resident").get(Language::Zh), "Resident");
    }

    #[test]
    fn zone_sets() {
        let set = ZoneSet::of(&[0, 2, 31, 32, 255]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 2, 31]);
        assert!(set.contains(31) && !set.contains(32) && !set.contains(255));
        assert!(set.and(ZoneSet::of(&[1, 3])).is_empty());
        assert_eq!(set.and(ZoneSet::ALL), set);
    }
}
