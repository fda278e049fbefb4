//! Who may apply for a kind, and for whom.

use alloc::{string::String, vec::Vec};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{person::PersonKind, site::CodeError};

/// Who may apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Applicant {
    /// A person whom the office has confirmed as the phone of a household.
    Household,
    /// Somebody of the site's register, of these kinds.
    Person(Vec<PersonKind>),
    /// Anybody who signs in by telephone.
    Anybody,
}

/// As documents write it: `"household"`, `"anybody"`, or a list of person kinds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Word(String),
    Kinds(Vec<PersonKind>),
}

impl TryFrom<Written> for Applicant {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Applicant, &'static str> {
        match written {
            Written::Word(word) if word == "household" => Ok(Applicant::Household),
            Written::Word(word) if word == "anybody" => Ok(Applicant::Anybody),
            Written::Kinds(kinds) if !kinds.is_empty() => Ok(Applicant::Person(kinds)),
            _ => Err(
                "applicant is \"household\", \"anybody\", or a list of staff, student, postgraduate, retired, contractor",
            ),
        }
    }
}

impl From<Applicant> for Written {
    fn from(applicant: Applicant) -> Written {
        match applicant {
            Applicant::Household => Written::Word("household".into()),
            Applicant::Anybody => Written::Word("anybody".into()),
            Applicant::Person(kinds) => Written::Kinds(kinds),
        }
    }
}

/// As what somebody applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Standing {
    /// As the phone of a household.
    Household,
    /// As somebody of the register.
    Person(PersonKind),
    /// As anybody with a telephone.
    Anybody,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Standing; 7] = [
        Standing::Household,
        Standing::Person(PersonKind::Staff),
        Standing::Person(PersonKind::Student),
        Standing::Person(PersonKind::Postgraduate),
        Standing::Person(PersonKind::Retired),
        Standing::Person(PersonKind::Contractor),
        Standing::Anybody,
    ];

    /// The name in the database, in JSON and in the conditions of a flow.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Household => "household",
            Standing::Person(kind) => kind.as_str(),
            Standing::Anybody => "anybody",
        }
    }
}

impl TryFrom<String> for Standing {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Standing, CodeError> {
        text.parse()
    }
}

impl From<Standing> for String {
    fn from(standing: Standing) -> String {
        standing.as_str().into()
    }
}

impl FromStr for Standing {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Standing, CodeError> {
        match text {
            "household" => Ok(Standing::Household),
            "anybody" => Ok(Standing::Anybody),
            kind => kind.parse().map(Standing::Person),
        }
    }
}

impl Applicant {
    /// Whether somebody may apply as this.
    pub fn admits(&self, standing: Standing) -> bool {
        match (self, standing) {
            (Applicant::Household, Standing::Household) | (Applicant::Anybody, Standing::Anybody) => true,
            (Applicant::Person(kinds), Standing::Person(kind)) => kinds.contains(&kind),
            _ => false,
        }
    }
}

/// Who passes the gate (为谁申请).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The applicant; of a household, the householder.
    #[default]
    Oneself,
    /// Somebody who lives in the applicant's household.
    Member,
    /// Somebody from outside, with a telephone of their own, who gets the code.
    Guest,
    /// A vehicle: the pass bears its plate.
    Vehicle,
}

/// Who vouches for somebody from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hosting {
    /// Nobody has to.
    #[default]
    None,
    /// The applicant himself, who belongs to the site.
    Applicant,
    /// Somebody of the register whom the applicant names by number and name, and who confirms before anybody else sees it.
    Named,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn applicants_as_documents_write_them() {
        #[track_caller]
        fn check(json: &str, applicant: Option<Applicant>) {
            let read = serde_json::from_str::<Applicant>(json).ok();
            assert_eq!(read, applicant, "{json}");
            if let Some(applicant) = applicant {
                assert_eq!(serde_json::to_string(&applicant).unwrap(), json);
            }
        }
        check(r#""household""#, Some(Applicant::Household));
        check(r#""anybody""#, Some(Applicant::Anybody));
        let some = vec![PersonKind::Staff, PersonKind::Retired];
        check(r#"["staff","retired"]"#, Some(Applicant::Person(some)));
        check("[]", None);
        check(r#""staff""#, None);
        check(r#"["teacher"]"#, None);
    }

    #[test]
    fn standings_have_one_name() {
        for kind in PersonKind::ALL {
            assert!(Standing::ALL.contains(&Standing::Person(kind)));
        }
        for standing in Standing::ALL {
            assert_eq!(standing.as_str().parse(), Ok(standing));
            let json = serde_json::to_value(standing).unwrap();
            assert_eq!(json, standing.as_str());
            assert_eq!(serde_json::from_value::<Standing>(json).unwrap(), standing);
        }
        assert!("teacher".parse::<Standing>().is_err());
    }
}
