//! What the application pages are told: facts, in the site's days and clock.

use jiff::civil::{Date, DateTime};
use pass::household::Address;
use pass::kind::{KindKey, KindNo, PassKind};
use pass::site::Text;
use pass::{DayOffer, Refusal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What somebody may apply for, and for which household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The applicant's own telephone number.
    pub phone: String,
    /// Where the applicant stands with a household.
    pub standing: Standing,
    /// The kinds on offer.
    pub kinds: Vec<KindOffer>,
}

/// Where an applicant stands with a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// No claim was ever made.
    None,
    /// A claim waits for the office.
    Pending(ClaimFacts),
    /// The office refused the latest claim.
    Refused(ClaimFacts),
    /// There was a binding or a claim, and it has ended.
    Released(ClaimFacts),
    /// The office has confirmed the household.
    Bound(Home),
}

/// A household, as its own people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Where it is.
    pub address: Address,
    /// The householder as registered.
    pub householder: String,
}

/// A claim, as its maker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimFacts {
    /// What is claimed.
    pub address: Address,
    /// The householder's name as typed.
    pub householder: String,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was decided.
    pub decided_at: Option<DateTime>,
    /// What the office said.
    pub opinion: Option<String>,
}

/// A kind on offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindOffer {
    /// Its policy.
    pub kind: PassKind,
    /// The first day that may be had; absent where there is none, or no household is bound.
    pub next_free: Option<Date>,
    /// Whether the applicant had one before, which can be repeated.
    pub repeatable: bool,
}

/// What the form shows and needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFacts {
    /// The kind's number: what is submitted is for exactly this version.
    pub no: KindNo,
    /// The kind.
    pub kind: PassKind,
    /// Every kind on offer, to switch.
    pub kinds: Vec<(KindKey, Text)>,
    /// The applicant's own telephone number.
    pub phone: String,
    /// The household it is for.
    pub home: Home,
    /// The days that may be the first.
    pub days: Vec<DayOffer>,
    /// Today at the site.
    pub today: Date,
    /// When the form was opened, at the site.
    pub opened_at: DateTime,
    /// A fresh name for what this form sends.
    pub request_id: Uuid,
    /// The reason given last time, where there was a last time.
    pub last_reason: Option<String>,
}

/// The choices of one step after the other, from community to door.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Every community.
    pub communities: Vec<String>,
    /// The buildings of the chosen community.
    pub buildings: Vec<String>,
    /// The doors of the chosen building.
    pub doors: Vec<Door>,
}

/// A door and the household behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// The household.
    pub household: Uuid,
    /// Its number or name.
    pub door: String,
}

/// The form's field that a refusal is about, by its name; others concern the whole form.
pub fn field_of(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::HouseholderMissing | Refusal::HouseholderTooLong { .. } | Refusal::HouseholderDiffers => {
            Some("householder")
        }
        Refusal::ReasonMissing | Refusal::ReasonTooLong { .. } => Some("reason"),
        Refusal::TooEarly { .. }
        | Refusal::TooLate { .. }
        | Refusal::ClosedDay { .. }
        | Refusal::QuotaSpent { .. } => Some("first_day"),
        Refusal::EndsBeforeItBegins | Refusal::TooLong { .. } => Some("last_day"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_stands_at_its_field() {
        assert_eq!(field_of(&Refusal::HouseholderDiffers), Some("householder"));
        assert_eq!(field_of(&Refusal::ReasonTooLong { max: 150 }), Some("reason"));
        let spent = Refusal::QuotaSpent {
            passes: 1,
            days: 2,
            next_free: None,
        };
        assert_eq!(field_of(&spent), Some("first_day"));
        assert_eq!(field_of(&Refusal::EndsBeforeItBegins), Some("last_day"));
        assert_eq!(field_of(&Refusal::KindNotOffered), None);
    }
}
