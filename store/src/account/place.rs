//! Where roles are granted.

use crate::{Result, UnitId};
use pass::role::{Reach, Role};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Where a role is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the whole site.
    Site,
    /// In the zone of this number.
    Zone(u8),
    /// In this unit.
    Unit(UnitId),
}

impl Place {
    /// What sort of place it is.
    pub fn reach(self) -> Reach {
        match self {
            Place::Site => Reach::Site,
            Place::Zone(_) => Reach::Zone,
            Place::Unit(_) => Reach::Unit,
        }
    }

    pub(super) fn zone(self) -> Option<i16> {
        match self {
            Place::Zone(no) => Some(no.into()),
            Place::Site | Place::Unit(_) => None,
        }
    }

    pub(super) fn unit(self) -> Option<Uuid> {
        match self {
            Place::Unit(unit) => Some(unit.0),
            Place::Site | Place::Zone(_) => None,
        }
    }
}

/// As one word: `site`, `zone-3`, `unit-…`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Site => f.write_str("site"),
            Place::Zone(no) => write!(f, "zone-{no}"),
            Place::Unit(unit) => write!(f, "unit-{unit}"),
        }
    }
}

/// A text that is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place where roles are granted")]
pub struct PlaceError;

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Place, PlaceError> {
        if text == "site" {
            return Ok(Place::Site);
        }
        match text.split_once('-') {
            Some(("zone", no)) => no.parse().map(Place::Zone).map_err(|_| PlaceError),
            Some(("unit", id)) => id.parse().map(Place::Unit).map_err(|_| PlaceError),
            _ => Err(PlaceError),
        }
    }
}

/// A role, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    /// What may be done.
    pub role: Role,
    /// Where.
    pub at: Place,
}

impl Grant {
    /// The role in the whole site.
    pub fn whole(role: Role) -> Grant {
        Grant {
            role,
            at: Place::Site,
        }
    }
}
