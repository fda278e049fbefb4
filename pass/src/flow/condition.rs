//! When a step is taken: what a field must hold.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{APPLICANT, DAYS};
use crate::{
    field::{FieldKey, Takes, Value, Values},
    kind::Standing,
};

/// What a field must hold for a step to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Condition {
    /// The field's name.
    pub field: FieldKey,
    /// What is asked of it.
    pub test: Test,
}

/// A condition as documents write it: the field and one test beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    field: FieldKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<bool>,
}

impl TryFrom<Written> for Condition {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Condition, &'static str> {
        let Written {
            field,
            is,
            at_least,
            at_most,
            given,
        } = written;
        let mut tests = [
            is.map(Test::Is),
            at_least.map(Test::AtLeast),
            at_most.map(Test::AtMost),
            given.map(Test::Given),
        ]
        .into_iter()
        .flatten();
        match (tests.next(), tests.next()) {
            (Some(test), None) => Ok(Condition { field, test }),
            _ => Err("a condition has exactly one of is, at_least, at_most and given"),
        }
    }
}

impl From<Condition> for Written {
    fn from(condition: Condition) -> Written {
        let mut written = Written {
            field: condition.field,
            is: None,
            at_least: None,
            at_most: None,
            given: None,
        };
        match condition.test {
            Test::Is(these) => written.is = Some(these),
            Test::AtLeast(least) => written.at_least = Some(least),
            Test::AtMost(most) => written.at_most = Some(most),
            Test::Given(given) => written.given = Some(given),
        }
        written
    }
}

/// What is asked of a field. An empty field meets none of them, but for [`Test::Given`] with `false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is one of these: choices' names, or a person's number.
    Is(Vec<String>),
    /// The number is at least this.
    AtLeast(i64),
    /// The number is at most this.
    AtMost(i64),
    /// Whether it is filled in.
    Given(bool),
}

impl Condition {
    /// Whether the values meet the condition.
    pub fn holds(&self, values: &Values) -> bool {
        let value = values.get(&self.field);
        match (&self.test, value) {
            (Test::Given(given), value) => value.is_some() == *given,
            (Test::Is(these), Some(Value::Text(text))) => these.contains(text),
            (Test::AtLeast(least), Some(Value::Number(number))) => number >= least,
            (Test::AtMost(most), Some(Value::Number(number))) => number <= most,
            _ => false,
        }
    }

    /// Whether the condition can be asked of a fact that every application has ([`APPLICANT`], [`DAYS`]).
    pub(super) fn fits_fact(&self) -> bool {
        match &self.test {
            Test::Is(these) if self.field.as_str() == APPLICANT => {
                !these.is_empty() && these.iter().all(|this| this.parse::<Standing>().is_ok())
            }
            Test::AtLeast(_) | Test::AtMost(_) => self.field.as_str() == DAYS,
            _ => false,
        }
    }

    /// Whether the condition can be asked of what the field takes.
    pub(super) fn fits(&self, takes: &Takes) -> bool {
        match (&self.test, takes) {
            (Test::Given(_), _) | (Test::Is(_), Takes::Person) => true,
            (Test::Is(these), Takes::Choice { options }) => {
                !these.is_empty()
                    && these
                        .iter()
                        .all(|this| options.iter().any(|option| option.key.as_str() == this))
            }
            (Test::AtLeast(_) | Test::AtMost(_), Takes::Number { .. }) => true,
            _ => false,
        }
    }
}
