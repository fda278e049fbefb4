//! What the application pages are told: facts, in the site's days and clock.

use super::draft::{Content, Resumed};
use super::slots::OddDays;
use jiff::civil::{Date, DateTime};
use pass::household::Address;
use pass::kind::{KindKey, KindNo, PassKind};
use pass::site::Text;
use pass::{DayOffer, Hours, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What somebody may apply for, and for which household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The applicant's own telephone number.
    pub phone: String,
    /// Where the applicant stands with a household.
    pub standing: Standing,
    /// Who they are in the register of staff and students.
    pub own: Option<Own>,
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
    /// Whether they may apply now; otherwise once a household is bound.
    pub ready: bool,
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
    /// The applicant's account: what is typed here is theirs.
    pub account: Uuid,
    /// The applicant's own telephone number.
    pub phone: String,
    /// As what the applicant applies.
    pub applying: ApplyingAs,
    /// What is corrected, where the form is for an application that came back.
    pub correcting: Option<Correcting>,
    /// The draft that is gone on with, where there is one.
    pub draft: Option<Resumed>,
    /// The days that may be the first.
    pub days: Vec<DayOffer>,
    /// Those of them of which not every slot is free.
    pub odd: OddDays,
    /// Today at the site.
    pub today: Date,
    /// When the form was opened, at the site.
    pub opened_at: DateTime,
    /// A fresh name for what this form sends.
    pub request_id: Uuid,
    /// The reason given last time, where there was a last time.
    pub last_reason: Option<String>,
}

impl FormFacts {
    /// What the form begins with: what was handed in before, or left half written.
    pub fn before(&self) -> Option<Content> {
        if let Some(resumed) = &self.draft {
            return Some(resumed.content.clone());
        }
        let before = self.correcting.as_ref()?;
        let (host_number, host_name) = before.host.clone().unwrap_or_default();
        Some(Content {
            whose: Whose {
                holder: before.holder.clone(),
                phone: before.phone.clone(),
                host_number,
                host_name,
                ..Whose::default()
            },
            first_day: before.days.0.to_string(),
            last_day: before.days.1.to_string(),
            slot: before.slot.map(|slot| slot.to_string()).unwrap_or_default(),
            reason: before.reason.clone(),
            given: before.given.clone(),
        })
    }
}

/// As what somebody applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplyingAs {
    /// For this household.
    Household(Home),
    /// As somebody of the register.
    Person(Own),
    /// As anybody with a telephone.
    Anybody,
}

/// Somebody of the register, as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Staff or student number.
    pub number: String,
    /// Their name.
    pub name: String,
    /// Their unit's name.
    pub unit: Text,
}

/// What the form sends besides days and reason: whose pass it is, and which application it corrects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// Whose name the pass bears; nothing for one's own of the register.
    #[serde(default)]
    pub holder: String,
    /// A guest's telephone.
    #[serde(default)]
    pub phone: String,
    /// The host's number.
    #[serde(default)]
    pub host_number: String,
    /// The host's name.
    #[serde(default)]
    pub host_name: String,
    /// The application that is corrected.
    #[serde(default)]
    pub correcting: Option<Uuid>,
    /// How often that one was handed in.
    #[serde(default)]
    pub round: i16,
}

/// An application that came back, with what was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correcting {
    /// Which.
    pub id: Uuid,
    /// How often it was handed in.
    pub round: i16,
    /// What whoever sent it back said.
    pub opinion: Option<String>,
    /// Whose name the pass bears.
    pub holder: String,
    /// A guest's telephone.
    pub phone: String,
    /// The host's number and name.
    pub host: Option<(String, String)>,
    /// The days asked for.
    pub days: (Date, Date),
    /// The slot asked for.
    pub slot: Option<Hours>,
    /// Why.
    pub reason: String,
    /// What was given for the kind's own fields, as it is typed.
    pub given: BTreeMap<String, String>,
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
        Refusal::HolderMissing
        | Refusal::HolderTooLong { .. }
        | Refusal::HouseholderDiffers
        | Refusal::NoPlate => Some("holder"),
        Refusal::PhoneMissing => Some("phone"),
        Refusal::HostMissing | Refusal::HostUnknown | Refusal::HostOwn => Some("host_number"),
        Refusal::ReasonMissing | Refusal::ReasonTooLong { .. } => Some("reason"),
        Refusal::TooEarly { .. }
        | Refusal::TooLate { .. }
        | Refusal::ClosedDay { .. }
        | Refusal::TooSoon { .. }
        | Refusal::HoursOver { .. }
        | Refusal::QuotaSpent { .. } => Some("first_day"),
        Refusal::SlotMissing | Refusal::NoSuchSlot | Refusal::SlotFull { .. } => Some("slot"),
        Refusal::EndsBeforeItBegins | Refusal::TooLong { .. } => Some("last_day"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_stands_at_its_field() {
        assert_eq!(field_of(&Refusal::HouseholderDiffers), Some("holder"));
        assert_eq!(field_of(&Refusal::ReasonTooLong { max: 150 }), Some("reason"));
        let spent = Refusal::QuotaSpent {
            passes: 1,
            days: 2,
            next_free: None,
        };
        assert_eq!(field_of(&spent), Some("first_day"));
        assert_eq!(field_of(&Refusal::EndsBeforeItBegins), Some("last_day"));
        assert_eq!(field_of(&Refusal::SlotMissing), Some("slot"));
        assert_eq!(field_of(&Refusal::KindNotOffered), None);
    }
}
