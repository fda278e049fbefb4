//! People of the site's own register: staff, students and those who work for it.

use core::str::FromStr;

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::{household::normalise, site::CodeError};

/// What somebody is to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Employed by it (教职工).
    Staff,
    /// An undergraduate (本科生).
    Student,
    /// A postgraduate (研究生).
    Postgraduate,
    /// Retired from it (离退休).
    Retired,
    /// Works for it through another employer (外聘).
    Contractor,
}

impl PersonKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Staff,
        Self::Student,
        Self::Postgraduate,
        Self::Retired,
        Self::Contractor,
    ];

    /// The name in the database and in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Student => "student",
            Self::Postgraduate => "postgraduate",
            Self::Retired => "retired",
            Self::Contractor => "contractor",
        }
    }
}

impl FromStr for PersonKind {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(CodeError)
    }
}

/// The longest staff or student number, in characters.
pub const MAX_NUMBER: usize = 32;

/// A staff or student number (学工号) as registers keep it: half-width, upper case, without spaces. `None` when it is empty, longer than
/// [`MAX_NUMBER`] or has anything but letters, digits and `-`.
pub fn person_number(typed: &str) -> Option<String> {
    let number: String = normalise(typed)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    let fits = |letter: char| letter.is_alphanumeric() || letter == '-';
    ((1..=MAX_NUMBER).contains(&number.chars().count()) && number.chars().all(fits)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_typed() {
        for (typed, kept) in [
            ("07000001", Some("07000001")),
            (" ０７００ ０００１ ", Some("07000001")),
            ("s2020-11", Some("S2020-11")),
            ("", None),
            ("  ", None),
            ("07/01", None),
            ("123456789012345678901234567890123", None),
        ] {
            assert_eq!(person_number(typed).as_deref(), kept, "{typed:?}");
        }
        for kind in PersonKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
