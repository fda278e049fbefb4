//! Identity documents (证件): which sorts there are, and how the number of each is built.

use alloc::{format, string::String};
use core::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{FieldKey, ValueFault};
use crate::{household::normalise, site::CodeError};

/// A sort of identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentitySort {
    /// The resident identity card (居民身份证), also the residence permit of people from Hong Kong, Macao and Taiwan, which is numbered alike.
    IdentityCard,
    /// A passport (护照).
    Passport,
    /// The travel permit of people from Hong Kong and Macao (港澳居民来往内地通行证).
    HkMacaoPermit,
    /// The travel permit of people from Taiwan (台湾居民来往大陆通行证).
    TaiwanPermit,
    /// The permanent residence card of foreigners (外国人永久居留身份证).
    ForeignerCard,
}

impl IdentitySort {
    /// Every sort.
    pub const ALL: [IdentitySort; 5] = [
        IdentitySort::IdentityCard,
        IdentitySort::Passport,
        IdentitySort::HkMacaoPermit,
        IdentitySort::TaiwanPermit,
        IdentitySort::ForeignerCard,
    ];

    /// The name in documents, forms and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            IdentitySort::IdentityCard => "identity_card",
            IdentitySort::Passport => "passport",
            IdentitySort::HkMacaoPermit => "hk_macao_permit",
            IdentitySort::TaiwanPermit => "taiwan_permit",
            IdentitySort::ForeignerCard => "foreigner_card",
        }
    }

    /// Whether a document of this sort can have this number, which is in its written form.
    pub fn numbers(self, number: &str) -> bool {
        let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
        match self {
            IdentitySort::IdentityCard => is_citizen_number(number) && !number.starts_with('9'),
            // A machine-readable one has nine characters (ICAO 9303), older ones differ.
            IdentitySort::Passport => {
                (5..=12).contains(&number.len())
                    && number
                        .bytes()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
                    && number.bytes().any(|c| c.is_ascii_digit())
            }
            IdentitySort::HkMacaoPermit => number
                .strip_prefix(['H', 'M'])
                .is_some_and(|rest| matches!(rest.len(), 8 | 10) && digits(rest)),
            IdentitySort::TaiwanPermit => matches!(number.len(), 8 | 10) && digits(number),
            // The newer card is numbered like the resident's, beginning with 9.
            IdentitySort::ForeignerCard => {
                number.starts_with('9') && is_citizen_number(number)
                    || number.len() == 15
                        && number.is_char_boundary(3)
                        && number[..3].bytes().all(|c| c.is_ascii_uppercase())
                        && digits(&number[3..])
            }
        }
    }
}

impl FromStr for IdentitySort {
    type Err = CodeError;

    fn from_str(name: &str) -> Result<IdentitySort, CodeError> {
        IdentitySort::ALL
            .into_iter()
            .find(|sort| sort.as_str() == name)
            .ok_or(CodeError)
    }
}

impl fmt::Display for IdentitySort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A citizen identification number (GB 11643): six digits of a region, the day of birth, three digits, and a check character
/// (ISO 7064 MOD 11-2).
fn is_citizen_number(number: &str) -> bool {
    let bytes = number.as_bytes();
    let Ok(bytes) = <&[u8; 18]>::try_from(bytes) else {
        return false;
    };
    let (body, check) = (&bytes[..17], bytes[17]);
    if bytes[0] == b'0' || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number_of = |digits: &[u8]| digits.iter().fold(0_i16, |sum, c| sum * 10 + i16::from(c - b'0'));
    let two = |at: usize| i8::try_from(number_of(&body[at..at + 2])).unwrap_or(0);
    let year = number_of(&body[6..10]);
    if year < 1900 || Date::new(year, two(10), two(12)).is_err() {
        return false;
    }
    // Horner's form of the standard's weights, which are the powers of 2.
    let rest = body
        .iter()
        .fold(0_u32, |sum, c| (sum + u32::from(c - b'0')) * 2 % 11);
    let expected = (12 - rest) % 11;
    match check {
        b'X' => expected == 10,
        digit => digit.is_ascii_digit() && u32::from(digit - b'0') == expected,
    }
}

/// The name under which a form sends the sort that belongs to a field's number. It is no field's key, which has no dot.
pub fn sort_key(field: &FieldKey) -> String {
    format!("{field}.sort")
}

/// A document as values hold it (`identity_card 500…`): its sort and its number. `None` for what is none.
pub fn document(value: &str) -> Option<(IdentitySort, &str)> {
    let (sort, number) = value.split_once(' ')?;
    Some((sort.parse().ok()?, number))
}

/// All but the last four characters of a number hidden; of a short one all but the last.
pub fn masked(number: &str) -> String {
    let length = number.chars().count();
    let shown = if length > 4 { 4 } else { 1 };
    let hidden = |at: usize| at + shown < length;
    number
        .chars()
        .enumerate()
        .map(|(at, c)| if hidden(at) { '*' } else { c })
        .collect()
}

/// A document as somebody typed it, in the form values have: the number in capitals, without spaces and hyphens. `sort` is what was chosen, or
/// the only one there is; without one the number stands alone, and does not fit.
pub(super) fn read(typed: &str, sort: Option<&str>) -> String {
    let number = |typed: &str| normalise(typed).replace([' ', '-'], "").to_uppercase();
    match (document(typed), sort) {
        (Some((sort, typed)), None) => format!("{sort} {}", number(typed)),
        (_, Some(sort)) => format!("{sort} {}", number(typed)),
        (None, None) => number(typed),
    }
}

/// Whether a value is a document of one of these sorts.
pub(super) fn check(value: &str, offered: &[IdentitySort]) -> Result<(), ValueFault> {
    let (sort, number) = document(value).ok_or(ValueFault::IdentitySort)?;
    if !offered.contains(&sort) {
        Err(ValueFault::IdentitySort)
    } else if sort.numbers(number) {
        Ok(())
    } else {
        Err(ValueFault::IdentityNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_each_sort() {
        use IdentitySort::{ForeignerCard, HkMacaoPermit, IdentityCard, Passport, TaiwanPermit};
        for (sort, number, good) in [
            // The standard's own examples.
            (IdentityCard, "11010519491231002X", true),
            (IdentityCard, "440524188001010014", false),
            (IdentityCard, "110105194912310021", false),
            (IdentityCard, "11010519491231002x", false),
            (IdentityCard, "110105194912310", false),
            (IdentityCard, "110105199902300025", false),
            (IdentityCard, "1101051949123100证", false),
            (Passport, "E12345678", true),
            (Passport, "ABCDEFGH", false),
            (Passport, "E123", false),
            (Passport, "E1234567890123", false),
            (HkMacaoPermit, "H12345678", true),
            (HkMacaoPermit, "M1234567890", true),
            (HkMacaoPermit, "T12345678", false),
            (TaiwanPermit, "12345678", true),
            (TaiwanPermit, "1234567", false),
            (ForeignerCard, "USA110085040101", true),
            (ForeignerCard, "11010519491231002X", false),
            (ForeignerCard, "中文A110085040101", false),
        ] {
            assert_eq!(sort.numbers(number), good, "{sort} {number}");
        }
    }

    #[test]
    fn every_wrong_digit_of_a_card_is_found() {
        let good = "11010519491231002X";
        for at in 0..17 {
            for digit in b'0'..=b'9' {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[at] == digit {
                    continue;
                }
                bytes[at] = digit;
                let wrong = String::from_utf8(bytes).unwrap();
                assert!(!IdentitySort::IdentityCard.numbers(&wrong), "{wrong}");
            }
        }
    }

    #[test]
    fn what_is_typed_has_one_written_form() {
        assert_eq!(
            read(" 110105 19491231 002x ", Some("identity_card")),
            "identity_card 11010519491231002X"
        );
        assert_eq!(read("passport e1234567", None), "passport E1234567");
        assert_eq!(read("E1234567", None), "E1234567");
        let offered = [IdentitySort::Passport];
        assert_eq!(check("E1234567", &offered), Err(ValueFault::IdentitySort));
        assert_eq!(
            check("identity_card 11010519491231002X", &offered),
            Err(ValueFault::IdentitySort)
        );
        assert_eq!(check("passport E1", &offered), Err(ValueFault::IdentityNumber));
        assert_eq!(check("passport E1234567", &offered), Ok(()));
    }

    #[test]
    fn the_last_four_are_shown() {
        assert_eq!(masked("11010519491231002X"), "**************002X");
        assert_eq!(masked("1234"), "***4");
        assert_eq!(masked(""), "");
        for sort in IdentitySort::ALL {
            assert_eq!(sort.as_str().parse(), Ok(sort));
            assert_eq!(serde_json::to_value(sort).unwrap(), sort.as_str());
        }
    }
}
