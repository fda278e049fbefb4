//! Why something is refused: facts only. Sentences are made of them elsewhere, in both languages.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    application::{Act, State},
    kind::Weekday,
};

/// Why an application, or an act on one, is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Refusal {
    /// The act is not possible in this state.
    NotNow {
        /// The application's state.
        state: State,
        /// What was asked.
        act: Act,
    },
    /// The pass has already been used.
    Used,
    /// The pass's last day is over.
    Over {
        /// That day.
        last_day: Date,
    },
    /// The first day lies before the earliest that may be asked for.
    TooEarly {
        /// The earliest.
        earliest: Date,
    },
    /// The first day lies after the latest that may be asked for.
    TooLate {
        /// The latest.
        latest: Date,
    },
    /// The last day lies before the first.
    EndsBeforeItBegins,
    /// The pass would last too long.
    TooLong {
        /// The longest, in days.
        longest: u16,
    },
    /// A day of the pass is a weekday on which this kind is not given.
    ClosedDay {
        /// The first such day.
        day: Date,
        /// Its weekday.
        weekday: Weekday,
    },
    /// The household has had as many as the quota allows.
    QuotaSpent {
        /// How many are allowed …
        passes: u32,
        /// … in how many days in a row.
        days: u32,
        /// The next day on which one may begin, of those that may be asked for.
        next_free: Option<Date>,
    },
    /// A reason is needed.
    ReasonMissing,
    /// The reason is too long.
    ReasonTooLong {
        /// The most characters.
        max: u16,
    },
    /// The householder's name is needed.
    HouseholderMissing,
    /// The householder's name is too long.
    HouseholderTooLong {
        /// The most characters.
        max: u16,
    },
    /// The name given is not the householder's of this address in the register.
    HouseholderDiffers,
    /// A text has control characters.
    ControlCharacter,
    /// The kind is not offered, or has a newer version since the form was opened.
    KindNotOffered,
    /// The office has not yet confirmed that the applicant belongs to the household.
    HouseholdNotConfirmed,
}
