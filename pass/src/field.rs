//! What a form asks: the fields of a pass kind, the values an applicant gives, and whether they fit.
//!
//! A field is data, so that a new form needs no code. Who applies, the household and the days are no fields: every
//! application has them, and other rules speak of them.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod identity;
mod written;

pub use identity::{IdentitySort, document, masked, sort_key};

use crate::{
    attachment::is_id,
    household::normalise,
    site::{CodeError, Text, code},
};

/// A field's name inside its kind: 1 to 32 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldKey(String);

impl FieldKey {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::str::FromStr for FieldKey {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<FieldKey, CodeError> {
        code(text, 32).map(FieldKey)
    }
}

impl TryFrom<String> for FieldKey {
    type Error = CodeError;

    fn try_from(text: String) -> Result<FieldKey, CodeError> {
        text.parse()
    }
}

impl From<FieldKey> for String {
    fn from(key: FieldKey) -> String {
        key.0
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "written::Written", into = "written::Written")]
pub struct Field {
    /// Its name; conditions of the flow use it.
    pub key: FieldKey,
    /// What people read beside it.
    pub label: Text,
    /// A line below it that helps.
    pub hint: Option<Text>,
    /// Whether it must be filled in.
    pub required: bool,
    /// What it takes.
    pub takes: Takes,
}

/// What a field takes, with its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text of one or more lines.
    Text {
        /// The most characters (Unicode scalar values), at most [`Field::MAX_CHARS`].
        max_chars: u16,
        /// Whether it may have more than one line.
        lines: bool,
    },
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A day.
    Date,
    /// One of several.
    Choice {
        /// Which, in the order of the form.
        options: Vec<Choice>,
    },
    /// Files: photographs or PDF.
    Attachment {
        /// How many at the most, 1 to [`Field::MAX_FILES`].
        max_files: u8,
        /// The largest file, in megabytes, 1 to [`Field::MAX_MEGABYTES`].
        max_megabytes: u8,
    },
    /// A person of the site, by staff or student number.
    Person,
    /// A vehicle's plate (车牌号).
    Plate,
    /// An identity document: its sort and its number.
    IdentityDocument {
        /// The sorts that may be given, in the order of the form.
        documents: Vec<IdentitySort>,
    },
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name; conditions of the flow use it.
    pub key: FieldKey,
    /// What people read.
    pub label: Text,
}

impl Field {
    /// The longest text any field may take, in characters.
    pub const MAX_CHARS: u16 = 3000;
    /// The most files of a field.
    pub const MAX_FILES: u8 = 9;
    /// The largest file, in megabytes.
    pub const MAX_MEGABYTES: u8 = 20;
    /// The longest label, in characters.
    pub const MAX_LABEL: usize = 40;
    /// The most options of a choice.
    pub const MAX_OPTIONS: usize = 60;
    /// The most fields of a form.
    pub const MAX_FIELDS: usize = 40;
}

/// What was given for one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Number(i64),
    /// Everything else that is written: a text, a day (`2020-02-17`), a choice's key, a person's number, a plate, a document
    /// (`identity_card 500…`).
    Text(String),
    /// The files of an attachment, by their ids.
    Files(Vec<String>),
}

/// What was given for the fields of a form. A field that was left empty is not in it.
pub type Values = BTreeMap<FieldKey, Value>;

/// Why a value does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum ValueFault {
    /// It must be filled in.
    Missing,
    /// More characters than the field takes.
    Longer {
        /// The most.
        max: u16,
    },
    /// Below the least number.
    Below {
        /// The least.
        min: i64,
    },
    /// Above the greatest number.
    Above {
        /// The greatest.
        max: i64,
    },
    /// Not of the form the field asks for: no number, no day, none of the choices, no plate.
    Malformed,
    /// No sort of identity document that may be given.
    IdentitySort,
    /// No number of that sort of identity document: mistyped, most often.
    IdentityNumber,
    /// Control characters, or lines where there is only one.
    ControlCharacter,
    /// More files than the field takes.
    MoreFiles {
        /// The most.
        max: u8,
    },
    /// A file that is not there any more, is another person's, or belongs to another application already.
    FileGone,
    /// The form has no such field.
    Unknown,
}

/// A plate is a province's sign, a letter and five or six letters or digits: `渝A12345`, `京AD12345`.
pub(crate) fn is_plate(text: &str) -> bool {
    let mut rest = text.chars();
    let province = rest
        .next()
        .is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let letter = rest.next().is_some_and(|c| c.is_ascii_uppercase());
    let number: Vec<char> = rest.collect();
    let last = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "挂学警港澳领".contains(c);
    province
        && letter
        && (5..=6).contains(&number.len())
        && number[..number.len() - 1]
            .iter()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && number.last().copied().is_some_and(last)
}

impl Field {
    /// Whether a value fits this field.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn check(&self, value: Option<&Value>) -> Result<(), ValueFault> {
        let Some(value) = value.filter(|value| !is_empty(value)) else {
            return if self.required {
                Err(ValueFault::Missing)
            } else {
                Ok(())
            };
        };
        match (&self.takes, value) {
            (Takes::Text { max_chars, lines }, Value::Text(text)) => {
                if text.chars().count() > usize::from(*max_chars) {
                    return Err(ValueFault::Longer { max: *max_chars });
                }
                let line = |c: char| *lines && matches!(c, '\n' | '\t');
                if text.chars().any(|c| c.is_control() && !line(c)) {
                    return Err(ValueFault::ControlCharacter);
                }
                Ok(())
            }
            (Takes::Number { min, max }, Value::Number(number)) => {
                if number < min {
                    Err(ValueFault::Below { min: *min })
                } else if number > max {
                    Err(ValueFault::Above { max: *max })
                } else {
                    Ok(())
                }
            }
            (Takes::Date, Value::Text(text)) => {
                text.parse::<Date>().map(drop).map_err(|_| ValueFault::Malformed)
            }
            (Takes::Choice { options }, Value::Text(text)) => {
                let known = options.iter().any(|option| option.key.as_str() == text);
                if known { Ok(()) } else { Err(ValueFault::Malformed) }
            }
            (Takes::Attachment { max_files, .. }, Value::Files(files)) => {
                let twice = |at: usize| files[..at].contains(&files[at]);
                if files.len() > usize::from(*max_files) {
                    Err(ValueFault::MoreFiles { max: *max_files })
                } else if !files.iter().all(|id| is_id(id)) || (0..files.len()).any(twice) {
                    Err(ValueFault::Malformed)
                } else {
                    Ok(())
                }
            }
            (Takes::Person, Value::Text(text)) => {
                let good = text.len() <= 32 && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
                if good { Ok(()) } else { Err(ValueFault::Malformed) }
            }
            (Takes::Plate, Value::Text(text)) if is_plate(text) => Ok(()),
            (Takes::IdentityDocument { documents }, Value::Text(text)) => identity::check(text, documents),
            _ => Err(ValueFault::Malformed),
        }
    }
}

/// Texts as a form sends them, read as the fields take them: white space around goes, numbers become numbers, plates are written
/// in capitals, the ids of files stand apart by spaces, a document's sort comes under its [`sort_key`]. What is no number stays a text, which does not fit; what is empty is left out.
pub fn read_values<'a>(fields: &[Field], given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Values {
    let mut values = Values::new();
    let given: Vec<(&str, &str)> = given.into_iter().collect();
    for &(key, text) in &given {
        let Ok(key) = key.parse::<FieldKey>() else {
            continue;
        };
        let takes = fields
            .iter()
            .find(|field| field.key == key)
            .map(|field| &field.takes);
        let text = match takes {
            Some(Takes::Plate | Takes::Person | Takes::Number { .. } | Takes::Date) => normalise(text),
            _ => text.trim().replace("\r\n", "\n"),
        };
        if text.is_empty() {
            continue;
        }
        let value = match takes {
            Some(Takes::Number { .. }) => text.parse().map_or(Value::Text(text), Value::Number),
            Some(Takes::Attachment { .. }) => {
                Value::Files(text.split_ascii_whitespace().map(String::from).collect())
            }
            Some(Takes::Plate) => Value::Text(plate(&text)),
            Some(Takes::IdentityDocument { documents }) => {
                let name = sort_key(&key);
                let chosen = given.iter().find(|(key, _)| *key == name);
                let chosen = chosen
                    .map(|(_, sort)| sort.trim())
                    .filter(|sort| !sort.is_empty());
                let only = documents.first().filter(|_| documents.len() == 1);
                let sort = chosen.or(only.map(|sort| sort.as_str()));
                Value::Text(identity::read(&text, sort))
            }
            _ => Value::Text(text),
        };
        values.insert(key, value);
    }
    values
}

/// A plate as registers write it: in capitals, without spaces, dots and hyphens.
pub fn plate(typed: &str) -> String {
    normalise(typed).replace([' ', '·', '-'], "").to_uppercase()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Number(_) => false,
        Value::Text(text) => text.trim().is_empty(),
        Value::Files(files) => files.is_empty(),
    }
}

/// Whether every value fits its field and every required one is there.
///
/// # Errors
///
/// Each fault with its field, in the order of the form; then values of no field.
pub fn check_values(fields: &[Field], values: &Values) -> Result<(), Vec<(FieldKey, ValueFault)>> {
    let mut faults: Vec<(FieldKey, ValueFault)> = fields
        .iter()
        .filter_map(|field| {
            let fault = field.check(values.get(&field.key)).err()?;
            Some((field.key.clone(), fault))
        })
        .collect();
    for key in values.keys() {
        if !fields.iter().any(|field| field.key == *key) {
            faults.push((key.clone(), ValueFault::Unknown));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
