//! Who decides a step.

use serde::{Deserialize, Serialize};

use crate::{
    field::{Field, FieldKey, Takes},
    role::{Reach, Role},
};

/// Where the holders of a role are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Whoever has the role in the whole site.
    #[default]
    Site,
    /// The applicant's unit; where nobody but the applicant has the role there, the unit above it, and so on up to the whole site.
    ApplicantUnit,
    /// The unit of the host, the same way.
    HostUnit,
}

/// Who decides.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Seat {
    /// Whoever has the role there.
    Role {
        /// The role.
        role: Role,
        /// Where.
        of: Of,
    },
    /// The host whom the applicant named.
    Host,
    /// The person named in this field.
    Person(FieldKey),
}

/// What the host is called where a person is named.
const HOST: &str = "host";

/// A seat as documents write it: `{ role = "unit_head", of = "applicant_unit" }`, `{ person = "host" }`, `{ person = "supervisor" }`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<Of>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<FieldKey>,
}

impl TryFrom<Written> for Seat {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Seat, &'static str> {
        match written {
            Written {
                role: Some(role),
                of,
                person: None,
            } => Ok(Seat::Role {
                role,
                of: of.unwrap_or_default(),
            }),
            Written {
                role: None,
                of: None,
                person: Some(person),
            } => Ok(if person.as_str() == HOST {
                Seat::Host
            } else {
                Seat::Person(person)
            }),
            _ => Err("a seat has either role (with of, if you like) or person"),
        }
    }
}

impl From<Seat> for Written {
    fn from(seat: Seat) -> Written {
        let (role, of, person) = match seat {
            Seat::Role { role, of } => (Some(role), (of != Of::Site).then_some(of), None),
            Seat::Host => (None, None, HOST.parse().ok()),
            Seat::Person(field) => (None, None, Some(field)),
        };
        Written { role, of, person }
    }
}

/// Why nobody could sit in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeatFault {
    /// The role decides nothing.
    Idle,
    /// The role is not granted there.
    Elsewhere,
    /// No field of the form names this person.
    NoField,
}

impl Seat {
    /// What keeps anybody from sitting in it, in a kind with these fields.
    pub(super) fn fault(&self, fields: &[Field]) -> Option<SeatFault> {
        match self {
            Seat::Role { role, .. } if !role.decides() => Some(SeatFault::Idle),
            Seat::Role { role, of } => {
                let reach = match of {
                    Of::Site => Reach::Site,
                    Of::ApplicantUnit | Of::HostUnit => Reach::Unit,
                };
                (!role.reaches_to(reach)).then_some(SeatFault::Elsewhere)
            }
            Seat::Host => None,
            Seat::Person(key) => {
                let names =
                    |field: &Field| field.key == *key && field.takes == Takes::Person && field.required;
                (!fields.iter().any(names)).then_some(SeatFault::NoField)
            }
        }
    }

    /// Whether it speaks of a host.
    pub fn needs_host(&self) -> bool {
        matches!(self, Seat::Host | Seat::Role { of: Of::HostUnit, .. })
    }

    /// Whether it speaks of the applicant's unit.
    pub fn needs_unit(&self) -> bool {
        matches!(
            self,
            Seat::Role {
                of: Of::ApplicantUnit,
                ..
            }
        )
    }
}
