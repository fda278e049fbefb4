//! Who may do what besides applying, which everybody may.

use alloc::string::String;
use serde::{Deserialize, Serialize};

/// A duty granted to an account, at a whole site or in one zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The community office (社区办): confirms households and reviews residents' applications.
    Office,
    /// Stands at a checkpoint with a tablet.
    Guard,
    /// Sets up people, households, pass kinds, checkpoints, tablets and keys.
    Administrator,
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 3] = [Self::Office, Self::Guard, Self::Administrator];

    /// The name in the database and in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Guard => "guard",
            Self::Administrator => "administrator",
        }
    }

    /// Whether it can be granted for one zone alone: only where what one does lies in a zone. Offices and administrators
    /// decide about people and rules of the whole site.
    pub fn in_zone(self) -> bool {
        match self {
            Self::Guard => true,
            Self::Office | Self::Administrator => false,
        }
    }

    /// The role of that name.
    ///
    /// # Errors
    /// The name itself, when no role has it.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or_else(|| name.into())
    }
}
