//! What may be asked for: the days on offer, and whether a request keeps to its kind's policy.

use alloc::{string::String, vec::Vec};

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    field::{Values, check_values, is_plate},
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

/// Every day from the earliest to the latest that may be asked for, with whether it is free.
///
/// `taken` are the first days of the household's passes of this kind, those in review included.
pub fn bookable_days(kind: &PassKind, taken: &[Date], today: Date) -> Vec<DayOffer> {
    let (earliest, latest) = first_days(&kind.window, today);
    let mut offers: Vec<DayOffer> = Vec::new();
    let mut next_free = None;
    // Backwards, so that each spent day knows the free one after it.
    let mut day = latest;
    while day >= earliest {
        let offer = if !kind.window.open_on(day) {
            Offer::Closed
        } else if kind.quota.is_none_or(|quota| quota.fits(taken, day)) {
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
/// `taken` as for [`bookable_days`]. Whether the householder is the one of the register is for the caller
/// to compare ([`same_name`](crate::household::same_name)).
///
/// # Errors
///
/// The first rule it breaks.
pub fn check_request(kind: &PassKind, request: &Request, taken: &[Date], today: Date) -> Result<(), Refusal> {
    check_days(kind, request, today)?;
    check_texts(kind, request)?;
    if let Err(faults) = check_values(&kind.fields, &request.given) {
        return Err(Refusal::Given { faults });
    }
    if let Some(quota) = kind.quota
        && !quota.fits(taken, request.first_day)
    {
        let next_free = first_free(&bookable_days(kind, taken, today));
        return Err(Refusal::QuotaSpent {
            passes: quota.passes,
            days: quota.days,
            next_free,
        });
    }
    Ok(())
}

/// How many days a pass lasts.
pub fn length(first_day: Date, last_day: Date) -> i64 {
    i64::from((last_day - first_day).get_days()) + 1
}

/// The rules about days, but for the quota.
fn check_days(kind: &PassKind, request: &Request, today: Date) -> Result<(), Refusal> {
    let (earliest, latest) = first_days(&kind.window, today);
    let (first, last) = (request.first_day, request.last_day);
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
mod tests {
    use super::*;
    use crate::kind::tests::resident_once;
    use alloc::{string::ToString, vec};

    /// Monday.
    const TODAY: Date = jiff::civil::date(2020, 2, 17);

    fn day(n: i32) -> Date {
        TODAY + n.days()
    }

    #[test]
    fn days_on_offer() {
        #[track_caller]
        fn check(change: impl FnOnce(&mut PassKind), taken: &[i32], offers: &str, first: Option<i32>) {
            let mut kind = resident_once();
            change(&mut kind);
            let taken: Vec<Date> = taken.iter().map(|&n| day(n)).collect();
            let found = bookable_days(&kind, &taken, TODAY);
            // f(ree), c(losed), or the number of the next free day, - for none.
            let shown: String = found
                .iter()
                .map(|offer| match offer.offer {
                    Offer::Free => 'f',
                    Offer::Closed => 'c',
                    Offer::Spent { next_free: None } => '-',
                    Offer::Spent {
                        next_free: Some(free),
                    } => char::from_digit(u32::try_from((free - TODAY).get_days()).unwrap(), 10).unwrap(),
                })
                .collect();
            assert_eq!(shown, offers);
            assert_eq!(first_free(&found), first.map(day));
        }
        check(|_| {}, &[], "fffffff", Some(0));
        check(|_| {}, &[0], "22fffff", Some(2));
        check(|_| {}, &[-1, 3], "1f555ff", Some(1));
        check(|_| {}, &[5], "ffff---", Some(0));
        check(|kind| kind.quota = None, &[0], "fffffff", Some(0));
        check(|kind| kind.window.earliest_days = 5, &[], "ff", Some(5));
        check(|kind| kind.window.latest_days = 0, &[0], "-", None);
        let workdays = vec![Weekday::Monday, Weekday::Wednesday];
        check(
            |kind| kind.window.weekdays = Some(workdays),
            &[0],
            "2cfcccc",
            Some(2),
        );
    }

    /// The request for days `first..=last` with this reason and householder ends so.
    #[track_caller]
    fn check(change: impl FnOnce(&mut PassKind, &mut Request), taken: &[i32], to: Result<(), Refusal>) {
        let mut kind = resident_once();
        let mut request = Request {
            first_day: day(1),
            last_day: day(1),
            reason: "上班".to_string(),
            holder: "张三".to_string(),
            phone: None,
            host: None,
            given: Values::new(),
        };
        change(&mut kind, &mut request);
        let taken: Vec<Date> = taken.iter().map(|&n| day(n)).collect();
        assert_eq!(check_request(&kind, &request, &taken, TODAY), to);
    }

    #[test]
    fn requests() {
        check(|_, _| {}, &[], Ok(()));
        check(
            |_, r| (r.first_day, r.last_day) = (day(-1), day(-1)),
            &[],
            Err(Refusal::TooEarly { earliest: day(0) }),
        );
        check(|_, r| (r.first_day, r.last_day) = (day(0), day(0)), &[], Ok(()));
        check(|_, r| (r.first_day, r.last_day) = (day(6), day(6)), &[], Ok(()));
        check(
            |_, r| (r.first_day, r.last_day) = (day(7), day(7)),
            &[],
            Err(Refusal::TooLate { latest: day(6) }),
        );
        check(|_, r| r.last_day = day(0), &[], Err(Refusal::EndsBeforeItBegins));
        check(
            |_, r| r.last_day = day(2),
            &[],
            Err(Refusal::TooLong { longest: 1 }),
        );
        check(
            |k, r| (k.window.longest_days, r.last_day) = (7, day(7)),
            &[],
            Ok(()),
        );
        check(
            |k, r| (k.window.longest_days, r.last_day) = (7, day(8)),
            &[],
            Err(Refusal::TooLong { longest: 7 }),
        );
        check(
            |_, r| r.last_day = Date::MAX,
            &[],
            Err(Refusal::TooLong { longest: 1 }),
        );
    }

    #[test]
    fn requests_against_weekdays_and_quota() {
        let tuesday = |k: &mut PassKind| k.window.weekdays = Some(vec![Weekday::Tuesday, Weekday::Wednesday]);
        check(|k, _| tuesday(k), &[], Ok(()));
        let closed = |day, weekday| Err(Refusal::ClosedDay { day, weekday });
        check(
            |k, r| {
                tuesday(k);
                (r.first_day, r.last_day) = (day(0), day(0));
            },
            &[],
            closed(day(0), Weekday::Monday),
        );
        check(
            |k, r| {
                tuesday(k);
                k.window.longest_days = 9;
                r.last_day = day(3);
            },
            &[],
            closed(day(3), Weekday::Thursday),
        );
        let spent = |next_free| {
            Err(Refusal::QuotaSpent {
                passes: 1,
                days: 2,
                next_free,
            })
        };
        check(|_, _| {}, &[0], spent(Some(day(2))));
        check(|_, _| {}, &[1], spent(Some(day(3))));
        check(|_, _| {}, &[3], Ok(()));
        check(|k, _| k.window.latest_days = 1, &[1], spent(None));
        check(|k, _| k.quota = None, &[1, 1, 1], Ok(()));
    }

    #[test]
    fn requests_and_their_texts() {
        check(
            |_, r| r.reason = " \n".to_string(),
            &[],
            Err(Refusal::ReasonMissing),
        );
        check(
            |k, r| {
                k.reason.required = false;
                r.reason.clear();
            },
            &[],
            Ok(()),
        );
        check(|_, r| r.reason = "字".repeat(150), &[], Ok(()));
        check(
            |_, r| r.reason = "字".repeat(151),
            &[],
            Err(Refusal::ReasonTooLong { max: 150 }),
        );
        check(|_, r| r.reason = "a\nb".to_string(), &[], Ok(()));
        check(
            |_, r| r.reason = "a\0b".to_string(),
            &[],
            Err(Refusal::ControlCharacter),
        );
        check(
            |_, r| r.holder = "  ".to_string(),
            &[],
            Err(Refusal::HolderMissing),
        );
        check(
            |_, r| r.holder = "张\n三".to_string(),
            &[],
            Err(Refusal::ControlCharacter),
        );
        check(
            |_, r| r.holder = "x".repeat(41),
            &[],
            Err(Refusal::HolderTooLong { max: 40 }),
        );
        check(|k, _| k.subject = Subject::Vehicle, &[], Err(Refusal::NoPlate));
        check(
            |k, r| {
                k.subject = Subject::Vehicle;
                r.holder = "渝A12345".to_string();
            },
            &[],
            Ok(()),
        );
        check(|k, _| k.subject = Subject::Guest, &[], Err(Refusal::PhoneMissing));
        check(|k, _| k.host = Hosting::Named, &[], Err(Refusal::HostMissing));
    }
}
