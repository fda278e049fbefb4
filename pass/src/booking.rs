//! What may be asked for: the days on offer, and whether a request keeps to its kind's policy.

use alloc::{string::String, vec::Vec};

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    application::{Act, State, next},
    calendar::SiteNow,
    field::{Values, check_values, is_plate},
    hours::{Booked, Hours, TakenSlots},
    kind::{Hosting, PassKind, Subject, Weekday, Window},
    refusal::Refusal,
};

/// The longest name of a holder, in characters.
pub const MAX_NAME: u16 = 40;

/// What an applicant asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The first site-local day of the pass.
    pub first_day: Date,
    /// The last one; the same for a pass of one day.
    pub last_day: Date,
    /// The slot of that day, where the kind has slots.
    #[serde(default)]
    pub slot: Option<Hours>,
    /// Why.
    pub reason: String,
    /// Whose pass it is, as [`Subject`] says: the applicant's name (of a household, the householder's 户主姓名), a member's, a guest's, or
    /// a vehicle's plate.
    pub holder: String,
    /// A guest's telephone, which the code goes to.
    #[serde(default)]
    pub phone: Option<String>,
    /// Whom the applicant names as host.
    #[serde(default)]
    pub host: Option<Host>,
    /// What was given for the kind's own fields.
    #[serde(default)]
    pub given: Values,
}

/// A host as an applicant names one: both must be as the register has them, so that nobody learns who belongs to a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Staff or student number.
    pub number: String,
    /// Name.
    pub name: String,
}

/// A day that may or may not be the first of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOffer {
    /// The site-local day.
    pub day: Date,
    /// Whether a pass may begin on it.
    pub offer: Offer,
}

/// Whether a pass may begin on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// It may.
    Free,
    /// The quota is spent for that day.
    Spent {
        /// The next day that is free, of those on offer.
        next_free: Option<Date>,
    },
    /// The kind is not given on this weekday.
    Closed,
    /// It is too late to ask for it: its lead has begun, or its hours are over.
    Late,
    /// No place is left in any of its slots.
    Full,
}

/// A slot of a day that can still be asked for, were there a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotOffer {
    /// The slot.
    pub slot: Hours,
    /// Whether no place is left in it.
    pub full: bool,
}

/// What is taken already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The first days of the passes of this kind that count for the quota, those in review included.
    pub days: Vec<Date>,
    /// The slots taken, by whomever.
    pub slots: TakenSlots,
}

impl Taken {
    /// What is taken by others than an application that is moved away from here.
    #[must_use]
    pub fn without(mut self, booked: Booked) -> Taken {
        if let Some(at) = self.days.iter().position(|day| *day == booked.day) {
            self.days.remove(at);
        }
        if let Some(slots) = self.slots.get_mut(&booked.day)
            && let Some(at) = slots.iter().position(|slot| *slot == booked.slot)
        {
            slots.remove(at);
        }
        self
    }

    /// The slots taken on a day.
    fn on(&self, day: Date) -> &[Hours] {
        self.slots.get(&day).map_or(&[], Vec::as_slice)
    }
}

/// The first and the last day on which a pass may begin.
fn first_days(window: &Window, today: Date) -> (Date, Date) {
    let after = |days: u16| {
        today
            .checked_add(i64::from(days.min(Window::MAX_DAYS)).days())
            .unwrap_or(Date::MAX)
    };
    (after(window.earliest_days), after(window.latest_days))
}

/// Whether there is still time to ask for a pass that first opens the gate within these instants.
fn in_time(window: &Window, (from, until): (Timestamp, Timestamp), now: Timestamp) -> bool {
    let earliest = now.checked_add(SignedDuration::from_hours(window.lead_hours.into()));
    // What the clocks skip opens nothing.
    from < until
        && match window.lead_hours {
            0 => now < until,
            _ => earliest.is_ok_and(|earliest| earliest <= from),
        }
}

/// The slots of a day that can still be asked for; the others are not shown.
pub fn slot_offers(kind: &PassKind, day: Date, taken: &Taken, at: SiteNow<'_>) -> Vec<SlotOffer> {
    let Some(slots) = kind.slots else {
        return Vec::new();
    };
    slots
        .all()
        .filter(|slot| in_time(&kind.window, at.zone.hours(day, *slot), at.now))
        .map(|slot| SlotOffer {
            slot,
            full: slots.is_full(slot, taken.on(day)),
        })
        .collect()
}

/// Whether a day has anything left to ask for, whoever asks.
fn left(kind: &PassKind, day: Date, taken: &Taken, at: SiteNow<'_>) -> Result<(), Offer> {
    if kind.slots.is_some() {
        let offers = slot_offers(kind, day, taken, at);
        return match offers.iter().any(|offer| !offer.full) {
            true => Ok(()),
            false if offers.is_empty() => Err(Offer::Late),
            false => Err(Offer::Full),
        };
    }
    // Of a pass for several days the first has to open too.
    match in_time(&kind.window, kind.validity(at.zone, day, day, None), at.now) {
        true => Ok(()),
        false => Err(Offer::Late),
    }
}

/// Every day from the earliest to the latest that may be asked for, with whether it is free.
pub fn bookable_days(kind: &PassKind, taken: &Taken, at: SiteNow<'_>) -> Vec<DayOffer> {
    let (earliest, latest) = first_days(&kind.window, at.today());
    let mut offers: Vec<DayOffer> = Vec::new();
    let mut next_free = None;
    // Backwards, so that each spent day knows the free one after it.
    let mut day = latest;
    while day >= earliest {
        let offer = if !kind.window.open_on(day) {
            Offer::Closed
        } else if let Err(offer) = left(kind, day, taken, at) {
            offer
        } else if kind.quota.is_none_or(|quota| quota.fits(&taken.days, day)) {
            next_free = Some(day);
            Offer::Free
        } else {
            Offer::Spent { next_free }
        };
        offers.push(DayOffer { day, offer });
        match day.yesterday() {
            Ok(before) => day = before,
            Err(_) => break,
        }
    }
    offers.reverse();
    offers
}

/// The first free day of these offers.
pub fn first_free(offers: &[DayOffer]) -> Option<Date> {
    offers
        .iter()
        .find(|offer| offer.offer == Offer::Free)
        .map(|offer| offer.day)
}

/// Whether a request keeps to its kind's policy.
///
/// Whether the householder is the one of the register is for the caller
/// to compare ([`same_name`](crate::household::same_name)).
///
/// # Errors
///
/// The first rule it breaks.
pub fn check_request(
    kind: &PassKind,
    request: &Request,
    taken: &Taken,
    at: SiteNow<'_>,
) -> Result<(), Refusal> {
    check_days(kind, request.first_day, request.last_day, at.today())?;
    check_time(kind, request.first_day, request.slot, at)?;
    check_texts(kind, request)?;
    if let Err(faults) = check_values(&kind.fields, &request.given) {
        return Err(Refusal::Given { faults });
    }
    check_left(kind, request.first_day, request.slot, taken, at)
}

/// An application that is to be moved (改约), as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movable {
    /// Its state.
    pub state: State,
    /// Whether its pass has been used.
    pub used: bool,
    /// Where it is now; nowhere without a slot.
    pub booked: Option<Booked>,
}

/// Whether an application may be moved now, wherever to.
///
/// # Errors
///
/// [`Refusal::NotNow`], [`Refusal::Used`], [`Refusal::NotMovable`] or [`Refusal::MoveTooLate`].
pub fn check_movable(kind: &PassKind, one: Movable, at: SiteNow<'_>) -> Result<Booked, Refusal> {
    next(one.state, Act::Move)?;
    let hours = kind.slots.and_then(|slots| slots.movable_until_hours);
    let (Some(hours), Some(booked)) = (hours, one.booked) else {
        return Err(Refusal::NotMovable);
    };
    if one.used {
        return Err(Refusal::Used);
    }
    let (begins, _) = at.zone.hours(booked.day, booked.slot);
    let until = begins
        .checked_sub(SignedDuration::from_hours(hours.into()))
        .unwrap_or(Timestamp::MIN);
    if at.now > until {
        let until = at.zone.time_zone().to_datetime(until);
        return Err(Refusal::MoveTooLate { hours, until });
    }
    Ok(booked)
}

/// Whether an application may be moved to another slot. It keeps to the same rules of days, hours, quota and places as a new one; what it has
/// itself does not stand in its own way.
///
/// # Errors
///
/// Those of [`check_movable`], and the first rule that the new slot breaks.
pub fn check_move(
    kind: &PassKind,
    one: Movable,
    to: Booked,
    taken: Taken,
    at: SiteNow<'_>,
) -> Result<(), Refusal> {
    let from = check_movable(kind, one, at)?;
    check_days(kind, to.day, to.day, at.today())?;
    check_time(kind, to.day, Some(to.slot), at)?;
    check_left(kind, to.day, Some(to.slot), &taken.without(from), at)
}

/// The rules about the time of day.
fn check_time(kind: &PassKind, day: Date, slot: Option<Hours>, at: SiteNow<'_>) -> Result<(), Refusal> {
    match (kind.slots, slot) {
        (Some(_), None) => return Err(Refusal::SlotMissing),
        (Some(slots), Some(slot)) if !slots.has(slot) => return Err(Refusal::NoSuchSlot),
        (None, Some(_)) => return Err(Refusal::NoSuchSlot),
        _ => {}
    }
    let opens = kind.validity(at.zone, day, day, slot);
    if in_time(&kind.window, opens, at.now) {
        return Ok(());
    }
    match (kind.hours_of(slot), kind.window.lead_hours) {
        // A whole day that the clocks skip cannot be signed for; that is told elsewhere.
        (None, 0) => Ok(()),
        (Some(hours), 0) => Err(Refusal::HoursOver { hours }),
        (_, lead_hours) => Err(Refusal::TooSoon { lead_hours }),
    }
}

/// Whether quota and places have room.
fn check_left(
    kind: &PassKind,
    day: Date,
    slot: Option<Hours>,
    taken: &Taken,
    at: SiteNow<'_>,
) -> Result<(), Refusal> {
    if let Some(quota) = kind.quota
        && !quota.fits(&taken.days, day)
    {
        let next_free = first_free(&bookable_days(kind, taken, at));
        return Err(Refusal::QuotaSpent {
            passes: quota.passes,
            days: quota.days,
            next_free,
        });
    }
    match (kind.slots, slot) {
        (Some(slots), Some(slot)) if slots.is_full(slot, taken.on(day)) => Err(Refusal::SlotFull { slot }),
        _ => Ok(()),
    }
}

/// How many days a pass lasts.
pub fn length(first_day: Date, last_day: Date) -> i64 {
    i64::from((last_day - first_day).get_days()) + 1
}

/// The rules about days, but for the quota.
fn check_days(kind: &PassKind, first: Date, last: Date, today: Date) -> Result<(), Refusal> {
    let (earliest, latest) = first_days(&kind.window, today);
    if first < earliest {
        return Err(Refusal::TooEarly { earliest });
    }
    if first > latest {
        return Err(Refusal::TooLate { latest });
    }
    if last < first {
        return Err(Refusal::EndsBeforeItBegins);
    }
    let longest = kind.window.longest_days.min(Window::MAX_DAYS);
    let lasts = length(first, last);
    if lasts > i64::from(longest) {
        return Err(Refusal::TooLong { longest });
    }
    let closed = |day: &Date| !kind.window.open_on(*day);
    match first.series(1.day()).take_while(|day| *day <= last).find(closed) {
        Some(day) => Err(Refusal::ClosedDay {
            day,
            weekday: Weekday::of(day),
        }),
        None => Ok(()),
    }
}

/// The rules about texts.
fn check_texts(kind: &PassKind, request: &Request) -> Result<(), Refusal> {
    let holder = request.holder.trim();
    let reason = request.reason.trim();
    if holder.is_empty() {
        return Err(Refusal::HolderMissing);
    }
    if holder.chars().count() > usize::from(MAX_NAME) {
        return Err(Refusal::HolderTooLong { max: MAX_NAME });
    }
    if kind.subject == Subject::Vehicle && !is_plate(holder) {
        return Err(Refusal::NoPlate);
    }
    let phone = request.phone.as_deref().unwrap_or_default().trim();
    if kind.subject == Subject::Guest && phone.is_empty() {
        return Err(Refusal::PhoneMissing);
    }
    if kind.host == Hosting::Named && request.host.is_none() {
        return Err(Refusal::HostMissing);
    }
    if kind.reason.required && reason.is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if reason.chars().count() > usize::from(kind.reason.max_chars) {
        return Err(Refusal::ReasonTooLong {
            max: kind.reason.max_chars,
        });
    }
    // A reason may have lines; a name has none.
    let control = |c: char| c.is_control() && c != '\n' && c != '\r' && c != '\t';
    if reason.chars().any(control) || holder.chars().any(char::is_control) {
        return Err(Refusal::ControlCharacter);
    }
    Ok(())
}

#[cfg(test)]
#[path = "booking_tests.rs"]
mod tests;
