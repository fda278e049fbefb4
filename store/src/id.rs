//! The names of rows.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A site: the shard, part of every key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteId(pub i32);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new one, random.
            #[expect(clippy::new_without_default, reason = "a default would be a different value each time")]
            pub fn new() -> Self {
                Self(Uuid::new_v4())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// Who signs in.
    AccountId;
    /// A household of the register.
    HouseholdId;
    /// An account's claim to a household.
    ClaimId;
    /// A file that was uploaded for a register.
    ImportId;
    /// A request for a pass.
    ApplicationId;
    /// A file that an applicant attaches.
    AttachmentId;
    /// An outgoing message.
    MessageId;
    /// A browser that shows notices.
    SubscriptionId;
    /// A department or college.
    UnitId;
}
