//! The stretches of the calendar that lists are read by: a day, a week, a month, a term. One steps from each to the one before it and
//! the one after.

use core::fmt;

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// How long a stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// Half an academic year: from 1 August to 31 January, or from 1 February to 31 July. The days on which lectures begin differ
    /// from year to year and from school to school; these never cut one of their terms in two.
    Term,
}

/// A text that names no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodError;

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Period; 4] = [Period::Day, Period::Week, Period::Month, Period::Term];

    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Term => "term",
        }
    }

    /// The first and the last day of the one that a day lies in. Where the calendar ends, so does the period.
    pub fn around(self, day: Date) -> (Date, Date) {
        match self {
            Period::Day => (day, day),
            Period::Week => {
                let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
                (monday, monday.saturating_add(6.days()))
            }
            Period::Month => (day.first_of_month(), day.last_of_month()),
            Period::Term => {
                let into = (day.month() + 4) % 6;
                let first = day.first_of_month().saturating_sub(i64::from(into).months());
                (first, first.saturating_add(5.months()).last_of_month())
            }
        }
    }

    /// The last day of the one before the one that `day` lies in.
    pub fn before(self, day: Date) -> Date {
        self.around(day).0.saturating_sub(1.day())
    }

    /// The first day of the one after the one that `day` lies in.
    pub fn after(self, day: Date) -> Date {
        self.around(day).1.saturating_add(1.day())
    }
}

impl core::str::FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Period, PeriodError> {
        Period::ALL
            .into_iter()
            .find(|period| period.as_str() == text)
            .ok_or(PeriodError)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[track_caller]
    fn check(period: Period, day: &str, first: &str, last: &str) {
        let (from, to) = period.around(day.parse().unwrap());
        assert_eq!(
            (from.to_string().as_str(), to.to_string().as_str()),
            (first, last),
            "{day}"
        );
        for day in [period.before(from), period.after(to)] {
            assert!(day == from.saturating_sub(1.day()) || day == to.saturating_add(1.day()));
        }
    }

    #[test]
    fn each_holds_its_days() {
        check(Period::Day, "2020-02-17", "2020-02-17", "2020-02-17");
        check(Period::Week, "2020-02-17", "2020-02-17", "2020-02-23");
        check(Period::Week, "2020-03-01", "2020-02-24", "2020-03-01");
        check(Period::Month, "2020-02-17", "2020-02-01", "2020-02-29");
        for day in ["2020-08-01", "2020-12-31", "2021-01-31"] {
            check(Period::Term, day, "2020-08-01", "2021-01-31");
        }
        for day in ["2021-02-01", "2021-05-31", "2021-07-31"] {
            check(Period::Term, day, "2021-02-01", "2021-07-31");
        }
    }

    #[test]
    fn one_steps_through_every_day_once() {
        for period in Period::ALL {
            let (mut day, end) = (jiff::civil::date(2019, 11, 7), jiff::civil::date(2022, 1, 1));
            while day < end {
                let (first, last) = period.around(day);
                assert!(first <= day && day <= last);
                assert_eq!(period.before(period.after(day)), last);
                assert_eq!(period.around(first), period.around(last));
                day = period.after(day);
            }
        }
    }

    #[test]
    fn the_ends_of_the_calendar_hold() {
        for period in Period::ALL {
            for day in [Date::MIN, Date::MAX] {
                let (first, last) = period.around(day);
                assert!(first <= last, "{period} around {day}");
                let _ = (period.before(day), period.after(day));
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for period in Period::ALL {
            assert_eq!(period.as_str().parse(), Ok(period));
        }
        assert_eq!("year".parse::<Period>(), Err(PeriodError));
    }
}
