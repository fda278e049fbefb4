//! Hours of a site's day: when a pass opens the gate, and the slots that a day is cut into.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, str::FromStr};

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::site::CodeError;

/// A time on the site's clocks, in whole minutes from `00:00` to `24:00`, which is where the day ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Where the day ends.
    pub const MIDNIGHT: TimeOfDay = TimeOfDay(24 * 60);

    /// So many minutes after the day's beginning; none beyond its end.
    pub fn after_minutes(minutes: u16) -> Option<TimeOfDay> {
        (minutes <= TimeOfDay::MIDNIGHT.0).then_some(TimeOfDay(minutes))
    }

    /// The minutes since the day began, as clocks count them.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// What clocks show then; none for the day's end, which is the next one's beginning.
    pub fn civil(self) -> Option<Time> {
        let (hour, minute) = (i8::try_from(self.0 / 60).ok()?, i8::try_from(self.0 % 60).ok()?);
        Time::new(hour, minute, 0, 0).ok()
    }
}

impl From<Time> for TimeOfDay {
    fn from(time: Time) -> TimeOfDay {
        TimeOfDay(u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
    }
}

impl FromStr for TimeOfDay {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<TimeOfDay, CodeError> {
        let part = |text: &str| match text.len() {
            2 if text.bytes().all(|digit| digit.is_ascii_digit()) => text.parse::<u16>().ok(),
            _ => None,
        };
        let (hour, minute) = text.split_once(':').ok_or(CodeError)?;
        let (hour, minute) = (part(hour).ok_or(CodeError)?, part(minute).ok_or(CodeError)?);
        let time = TimeOfDay::after_minutes(hour * 60 + minute).ok_or(CodeError)?;
        if minute < 60 { Ok(time) } else { Err(CodeError) }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<TimeOfDay, String> {
        text.parse()
            .map_err(|_| format!("a time is written from \"00:00\" to \"24:00\", not {text:?}"))
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A stretch of a day, half-open: the last minute is the one before `until`. As text `08:00-09:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The first minute.
    pub from: TimeOfDay,
    /// The first minute that no longer belongs to it.
    pub until: TimeOfDay,
}

impl Hours {
    /// Whether a time lies in it.
    pub fn contains(self, time: TimeOfDay) -> bool {
        self.from <= time && time < self.until
    }

    /// Whether it holds no minute that another one does not.
    pub fn within(self, outer: Hours) -> bool {
        outer.from <= self.from && self.until <= outer.until
    }

    /// Whether the two have a minute in common.
    pub fn overlaps(self, other: Hours) -> bool {
        self.from < other.until && other.from < self.until
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.until)
    }
}

impl FromStr for Hours {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Hours, CodeError> {
        let (from, until) = text.split_once('-').ok_or(CodeError)?;
        let hours = Hours {
            from: from.parse()?,
            until: until.parse()?,
        };
        if hours.from < hours.until {
            Ok(hours)
        } else {
            Err(CodeError)
        }
    }
}

/// The slots (时段) that a day of a kind is cut into. A pass is then valid from its slot's beginning to its end and not a minute longer: what grace
/// there is to be, the slot itself has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slots {
    /// How long each is.
    pub minutes: u16,
    /// Where the first begins.
    pub from: TimeOfDay,
    /// Where the last ends.
    pub until: TimeOfDay,
    /// Until how many hours before its slot begins an application may be moved (改约) to another one; none: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movable_until_hours: Option<u16>,
    /// How many passes of the kind may be valid in a slot, those in review included; none: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
}

impl Slots {
    /// The shortest slot, in minutes.
    pub const MIN_MINUTES: u16 = 5;

    /// From the first slot's beginning to the last one's end.
    pub fn hours(self) -> Hours {
        Hours {
            from: self.from,
            until: self.until,
        }
    }

    /// Whether the slots fill the time they are cut from.
    pub fn is_even(self) -> bool {
        let whole = self.until.minutes().saturating_sub(self.from.minutes());
        self.minutes > 0 && whole.is_multiple_of(self.minutes)
    }

    /// Every slot of a day, the first one first.
    pub fn all(self) -> impl Iterator<Item = Hours> {
        let step = usize::from(self.minutes.max(Slots::MIN_MINUTES));
        (self.from.minutes()..self.until.minutes())
            .step_by(step)
            .filter_map(move |from| {
                let slot = Hours {
                    from: TimeOfDay(from),
                    until: TimeOfDay::after_minutes(from.checked_add(self.minutes)?)?,
                };
                (slot.until <= self.until).then_some(slot)
            })
    }

    /// Whether it is one of them.
    pub fn has(self, slot: Hours) -> bool {
        self.all().any(|one| one == slot)
    }

    /// Whether no place is left in a slot, beside those `taken` on its day. Slots of another version of the kind count where they overlap.
    pub fn is_full(self, slot: Hours, taken: &[Hours]) -> bool {
        let others = taken.iter().filter(|other| other.overlaps(slot)).count();
        self.places
            .is_some_and(|places| u32::try_from(others).unwrap_or(u32::MAX) >= places)
    }
}

/// A slot on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Booked {
    /// The site-local day.
    pub day: Date,
    /// The slot.
    pub slot: Hours,
}

/// That an application was moved (改约).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// From where.
    pub from: Booked,
    /// To where.
    pub to: Booked,
}

/// The slots taken, day by day: those of every application of the kind that is in review or was agreed to.
pub type TakenSlots = alloc::collections::BTreeMap<Date, Vec<Hours>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(minutes: u16, from: &str, until: &str, places: Option<u32>) -> Slots {
        Slots {
            minutes,
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
            movable_until_hours: None,
            places,
        }
    }

    fn hours(text: &str) -> Hours {
        text.parse().unwrap()
    }

    #[test]
    fn times_have_one_written_form() {
        for text in ["00:00", "07:05", "23:59", "24:00"] {
            let time: TimeOfDay = text.parse().unwrap();
            assert_eq!(time.to_string(), text);
        }
        for text in [
            "", "7:00", "07:60", "24:01", "25:00", "07-00", "+7:00", "07:0０", "00:00:00",
        ] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(CodeError), "{text}");
        }
        assert_eq!("24:00".parse::<TimeOfDay>().unwrap().civil(), None);
        let time = "07:05".parse::<TimeOfDay>().unwrap();
        assert_eq!(time.civil().map(TimeOfDay::from), Some(time));
    }

    #[test]
    fn hours_are_half_open() {
        let day = hours("07:00-22:00");
        for (time, inside) in [
            ("06:59", false),
            ("07:00", true),
            ("21:59", true),
            ("22:00", false),
        ] {
            assert_eq!(day.contains(time.parse().unwrap()), inside, "{time}");
        }
        assert!(hours("07:00-08:00").within(day) && !hours("06:00-08:00").within(day));
        assert!(!hours("07:00-08:00").overlaps(hours("08:00-09:00")));
        assert!(hours("07:00-08:30").overlaps(hours("08:00-09:00")));
        assert_eq!(day.to_string().parse(), Ok(day));
        for text in ["07:00", "07:00-07:00", "08:00-07:00", "07:00–08:00"] {
            assert_eq!(text.parse::<Hours>(), Err(CodeError), "{text}");
        }
    }

    #[test]
    fn a_day_is_cut_into_slots() {
        #[track_caller]
        fn check(slots: Slots, all: &str) {
            let found: Vec<String> = slots.all().map(|slot| slot.to_string()).collect();
            assert_eq!(found.join(" "), all);
            assert!(slots.all().all(|slot| slots.has(slot)));
        }
        check(slots(60, "08:00", "10:00", None), "08:00-09:00 09:00-10:00");
        check(slots(90, "21:00", "24:00", None), "21:00-22:30 22:30-24:00");
        // What cannot be published still does no harm.
        check(slots(60, "08:00", "09:30", None), "08:00-09:00");
        check(slots(60, "10:00", "08:00", None), "");
        check(slots(u16::MAX, "00:00", "24:00", None), "");
        assert!(!slots(60, "08:00", "10:00", None).has(hours("08:30-09:30")));
        assert!(slots(60, "08:00", "10:00", None).is_even());
        assert!(!slots(60, "08:00", "09:30", None).is_even() && !slots(0, "08:00", "09:00", None).is_even());
    }

    #[test]
    fn places_count_what_overlaps() {
        let taken = [hours("08:00-09:00"), hours("08:00-09:00"), hours("09:30-10:30")];
        let full = |places, slot: &str| slots(60, "08:00", "12:00", places).is_full(hours(slot), &taken);
        assert!(!full(None, "08:00-09:00"));
        assert!(full(Some(2), "08:00-09:00") && !full(Some(3), "08:00-09:00"));
        // Of a version whose slots began at half past.
        assert!(
            full(Some(1), "09:00-10:00") && full(Some(1), "10:00-11:00") && !full(Some(1), "11:00-12:00")
        );
    }
}
