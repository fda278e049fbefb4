//! What a form asks: the fields of a pass kind, the values an applicant gives, and whether they fit.
//!
//! A field is data, so that a new form needs no code. Who applies, the household and the days are no fields: every
//! application has them, and other rules speak of them.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
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
#[serde(try_from = "Written", into = "Written")]
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
    IdentityDocument,
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

/// A field as documents write it: flat, the limits beside the kind they belong to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    key: String,
    kind: String,
    label: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Text>,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_chars: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_files: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_megabytes: Option<u8>,
}

/// A field that is not written as its kind wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct WrittenFault(String);

impl fmt::Display for WrittenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<Written> for Field {
    type Error = WrittenFault;

    fn try_from(mut written: Written) -> Result<Field, WrittenFault> {
        let fault = |text: String| Err(WrittenFault(text));
        let Ok(key) = written.key.parse() else {
            return fault(format!(
                "key \"{}\" is not 1 to 32 of a-z, 0-9 and -",
                written.key
            ));
        };
        let needs = |what: &str| WrittenFault(format!("a field of kind \"{}\" needs {what}", written.kind));
        let takes = match written.kind.as_str() {
            "text" => Takes::Text {
                max_chars: written.max_chars.take().ok_or_else(|| needs("max_chars"))?,
                lines: written.lines.take().unwrap_or(false),
            },
            "number" => Takes::Number {
                min: written.min.take().ok_or_else(|| needs("min"))?,
                max: written.max.take().ok_or_else(|| needs("max"))?,
            },
            "date" => Takes::Date,
            "choice" => Takes::Choice {
                options: written.options.take().ok_or_else(|| needs("options"))?,
            },
            "attachment" => Takes::Attachment {
                max_files: written.max_files.take().unwrap_or(1),
                max_megabytes: written.max_megabytes.take().unwrap_or(5),
            },
            "person" => Takes::Person,
            "plate" => Takes::Plate,
            "identity_document" => Takes::IdentityDocument,
            other => {
                return fault(format!(
                    "kind \"{other}\" is none of text, number, date, choice, attachment, person, plate, identity_document"
                ));
            }
        };
        let left_over = [
            ("max_chars", written.max_chars.is_some()),
            ("lines", written.lines.is_some()),
            ("min", written.min.is_some()),
            ("max", written.max.is_some()),
            ("options", written.options.is_some()),
            ("max_files", written.max_files.is_some()),
            ("max_megabytes", written.max_megabytes.is_some()),
        ];
        if let Some((name, _)) = left_over.into_iter().find(|(_, there)| *there) {
            return fault(format!("a field of kind \"{}\" has no {name}", written.kind));
        }
        Ok(Field {
            key,
            label: written.label,
            hint: written.hint,
            required: written.required,
            takes,
        })
    }
}

impl From<Field> for Written {
    fn from(field: Field) -> Written {
        let mut written = Written {
            key: field.key.0,
            label: field.label,
            hint: field.hint,
            required: field.required,
            ..Written::default()
        };
        let kind = match field.takes {
            Takes::Text { max_chars, lines } => {
                written.max_chars = Some(max_chars);
                written.lines = Some(lines);
                "text"
            }
            Takes::Number { min, max } => {
                written.min = Some(min);
                written.max = Some(max);
                "number"
            }
            Takes::Date => "date",
            Takes::Choice { options } => {
                written.options = Some(options);
                "choice"
            }
            Takes::Attachment {
                max_files,
                max_megabytes,
            } => {
                written.max_files = Some(max_files);
                written.max_megabytes = Some(max_megabytes);
                "attachment"
            }
            Takes::Person => "person",
            Takes::Plate => "plate",
            Takes::IdentityDocument => "identity_document",
        };
        written.kind = kind.into();
        written
    }
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
    /// (`identity-card 500…`).
    Text(String),
    /// The files of an attachment, by their names in the store.
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
    /// Control characters, or lines where there is only one.
    ControlCharacter,
    /// More files than the field takes.
    MoreFiles {
        /// The most.
        max: u8,
    },
    /// The form has no such field.
    Unknown,
}

/// A plate is a province's sign, a letter and five or six letters or digits: `渝A12345`, `京AD12345`.
fn is_plate(text: &str) -> bool {
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
                if files.len() > usize::from(*max_files) {
                    Err(ValueFault::MoreFiles { max: *max_files })
                } else {
                    Ok(())
                }
            }
            (Takes::Person, Value::Text(text)) => {
                let good = text.len() <= 32 && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
                if good { Ok(()) } else { Err(ValueFault::Malformed) }
            }
            (Takes::Plate, Value::Text(text)) if is_plate(text) => Ok(()),
            (Takes::IdentityDocument, Value::Text(text)) => {
                let good = text.split_once(' ').is_some_and(|(sort, number)| {
                    !sort.is_empty()
                        && (4..=32).contains(&number.len())
                        && number.bytes().all(|c| c.is_ascii_alphanumeric())
                });
                if good { Ok(()) } else { Err(ValueFault::Malformed) }
            }
            _ => Err(ValueFault::Malformed),
        }
    }
}

/// Texts as a form sends them, read as the fields take them: white space around goes, numbers become numbers, plates are written
/// in capitals. What is no number stays a text, which does not fit; what is empty is left out.
pub fn read_values<'a>(fields: &[Field], given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Values {
    let mut values = Values::new();
    for (key, text) in given {
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
            Some(Takes::Plate) => Value::Text(text.replace([' ', '·', '-'], "").to_uppercase()),
            _ => Value::Text(text),
        };
        values.insert(key, value);
    }
    values
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
mod tests {
    use super::*;
    use alloc::{string::ToString, vec};

    fn field(takes: Takes, required: bool) -> Field {
        Field {
            key: "f".parse().unwrap(),
            label: Text::new("项", "Item"),
            hint: None,
            required,
            takes,
        }
    }

    #[track_caller]
    fn check(takes: Takes, value: &str, to: Result<(), ValueFault>) {
        let value = Value::Text(value.to_string());
        assert_eq!(field(takes, true).check(Some(&value)), to);
    }

    #[test]
    fn texts_and_numbers_keep_to_their_limits() {
        let text = |lines| Takes::Text { max_chars: 3, lines };
        check(text(false), "上班", Ok(()));
        check(text(false), "上下班中", Err(ValueFault::Longer { max: 3 }));
        check(text(false), "a\nb", Err(ValueFault::ControlCharacter));
        check(text(true), "a\nb", Ok(()));
        check(text(true), "a\0b", Err(ValueFault::ControlCharacter));
        check(text(true), "  ", Err(ValueFault::Missing));

        let number = field(Takes::Number { min: 1, max: 5 }, false);
        assert_eq!(number.check(None), Ok(()));
        assert_eq!(
            number.check(Some(&Value::Number(0))),
            Err(ValueFault::Below { min: 1 })
        );
        assert_eq!(number.check(Some(&Value::Number(5))), Ok(()));
        assert_eq!(
            number.check(Some(&Value::Number(6))),
            Err(ValueFault::Above { max: 5 })
        );
        assert_eq!(
            number.check(Some(&Value::Text("5".into()))),
            Err(ValueFault::Malformed)
        );
    }

    #[test]
    fn days_choices_plates_people_and_documents_have_their_forms() {
        check(Takes::Date, "2020-02-17", Ok(()));
        check(Takes::Date, "2020-02-30", Err(ValueFault::Malformed));
        let options = vec![Choice {
            key: "car".parse().unwrap(),
            label: Text::new("小车", "Car"),
        }];
        check(
            Takes::Choice {
                options: options.clone(),
            },
            "car",
            Ok(()),
        );
        check(Takes::Choice { options }, "lorry", Err(ValueFault::Malformed));
        for (plate, good) in [
            ("渝A12345", true),
            ("京AD12345", true),
            ("渝A1234学", true),
            ("渝a12345", false),
            ("A12345", false),
            ("渝A123", false),
            ("渝A1234567", false),
        ] {
            check(
                Takes::Plate,
                plate,
                if good { Ok(()) } else { Err(ValueFault::Malformed) },
            );
        }
        check(Takes::Person, "07000001", Ok(()));
        check(Takes::Person, "张三", Err(ValueFault::Malformed));
        check(Takes::IdentityDocument, "passport E12345678", Ok(()));
        check(Takes::IdentityDocument, "E12345678", Err(ValueFault::Malformed));
    }

    #[test]
    fn a_field_is_written_flat_and_only_with_what_its_kind_has() {
        let read = |json: serde_json::Value| {
            serde_json::from_value::<Field>(json).map_err(|error| error.to_string())
        };
        let label = serde_json::json!({ "zh": "人数", "en": "People" });
        let people =
            serde_json::json!({ "key": "people", "kind": "number", "label": label, "min": 1, "max": 9 });
        let field = read(people.clone()).unwrap();
        assert_eq!(field.takes, Takes::Number { min: 1, max: 9 });
        assert_eq!(read(serde_json::to_value(&field).unwrap()), Ok(field));
        for (name, value, says) in [
            ("max", serde_json::Value::Null, "needs max"),
            ("max_chars", 3.into(), "has no max_chars"),
            ("maximum", 3.into(), "unknown field `maximum`"),
            ("kind", "numbr".into(), "none of text, number"),
            ("key", "人数".into(), "is not 1 to 32"),
        ] {
            let mut wrong = people.clone();
            wrong[name] = value;
            let error = read(wrong).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn texts_of_a_form_are_read_as_the_fields_take_them() {
        let mut plate = field(Takes::Plate, false);
        plate.key = "plate".parse().unwrap();
        let fields = [field(Takes::Number { min: 1, max: 99 }, true), plate];
        let values = read_values(
            &fields,
            [("f", " １２ "), ("plate", "渝a·123 45"), ("x", ""), ("?", "y")],
        );
        let wanted = Values::from([
            ("f".parse().unwrap(), Value::Number(12)),
            ("plate".parse().unwrap(), Value::Text("渝A12345".into())),
        ]);
        assert_eq!(values, wanted);
        assert_eq!(check_values(&fields, &values), Ok(()));
        let values = read_values(&fields, [("f", "twelve")]);
        assert_eq!(
            check_values(&fields, &values),
            Err(vec![("f".parse().unwrap(), ValueFault::Malformed)])
        );
    }

    #[test]
    fn every_fault_is_told_with_its_field() {
        let fields = [field(Takes::Date, true)];
        assert_eq!(
            check_values(&fields, &Values::new()),
            Err(vec![("f".parse().unwrap(), ValueFault::Missing)])
        );
        let values = Values::from([
            ("f".parse().unwrap(), Value::Text("2020-02-17".into())),
            ("g".parse().unwrap(), Value::Number(1)),
        ]);
        assert_eq!(
            check_values(&fields, &values),
            Err(vec![("g".parse().unwrap(), ValueFault::Unknown)])
        );
    }
}
