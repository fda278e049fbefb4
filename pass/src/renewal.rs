//! Renewal (续期): another application for the same person with what was given before, for other days.

use jiff::{ToSpan, civil::Date};

use crate::{
    application::State,
    kind::{PassKind, Window},
    refusal::Refusal,
};

/// The most that are renewed at once.
pub const MOST_AT_ONCE: u16 = 100;

/// Whether an application in this state may be renewed, by the version of its kind that is in force now. What became of its pass does not
/// matter: it is most often over.
///
/// # Errors
///
/// [`Refusal::NotRenewable`].
pub fn check(state: State, kind: &PassKind) -> Result<(), Refusal> {
    if kind.renewable && state == State::Completed {
        Ok(())
    } else {
        Err(Refusal::NotRenewable)
    }
}

/// The days to begin with: from the day after the old last one, or the nearest that may be had, for as long as the kind allows without
/// a weekday on which it is closed.
pub fn days(window: &Window, last_day: Date, today: Date) -> (Date, Date) {
    let from = |days: u16| today.saturating_add(i64::from(days).days());
    let (earliest, latest) = (from(window.earliest_days), from(window.latest_days));
    let after = last_day.saturating_add(1.day()).max(earliest).min(latest);
    let mut days = core::iter::successors(Some(after), |day| day.tomorrow().ok());
    let open = days.find(|day| *day > latest || window.open_on(*day));
    let first = open.filter(|day| *day <= latest).unwrap_or(after);
    let last = core::iter::successors(Some(first), |day| day.tomorrow().ok())
        .take(usize::from(window.longest_days))
        .take_while(|day| window.open_on(*day))
        .last();
    (first, last.unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{Weekday, tests::resident_once};
    use alloc::{vec, vec::Vec};
    use jiff::civil::date;

    #[test]
    fn what_is_completed_of_a_kind_that_says_so() {
        let mut kind = resident_once();
        assert_eq!(check(State::Completed, &kind), Err(Refusal::NotRenewable));
        kind.renewable = true;
        for state in State::ALL {
            let may = state == State::Completed;
            assert_eq!(check(state, &kind).is_ok(), may, "{state}");
        }
    }

    #[test]
    fn the_days_follow_the_old_ones() {
        #[track_caller]
        fn check(weekdays: Option<Vec<Weekday>>, last_day: Date, expected: (Date, Date)) {
            let window = Window {
                earliest_days: 1,
                latest_days: 20,
                longest_days: 10,
                weekdays,
                ..resident_once().window
            };
            // A Monday.
            assert_eq!(days(&window, last_day, date(2020, 2, 17)), expected);
        }
        let on = |day| date(2020, 2, day);
        check(None, on(20), (on(21), date(2020, 3, 1)));
        check(None, on(1), (on(18), on(27)));
        let latest = date(2020, 3, 8);
        check(None, date(2020, 9, 1), (latest, date(2020, 3, 17)));
        let workdays = vec![
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
        ];
        check(Some(workdays), on(21), (on(24), on(28)));
    }
}
