//! How documents write a field.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Choice, Field, IdentitySort, Takes};
use crate::site::Text;

/// A field as documents write it: flat, the limits beside the kind they belong to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Written {
    key: String,
    kind: String,
    label: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Text>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<IdentitySort>>,
}

/// A field that is not written as its kind wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenFault(String);

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
            "identity_document" => Takes::IdentityDocument {
                documents: written.documents.take().ok_or_else(|| needs("documents"))?,
            },
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
            ("documents", written.documents.is_some()),
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
            Takes::IdentityDocument { documents } => {
                written.documents = Some(documents);
                "identity_document"
            }
        };
        written.kind = kind.into();
        written
    }
}
