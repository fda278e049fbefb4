//! The days of a form as a calendar shows them: whole weeks from Monday to Sunday, month by month.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use pass::kind::Window;
use pass::{DayOffer, Offer};

/// The days on offer in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// Its weeks; a place without a day on offer is empty.
    pub weeks: Vec<Week>,
}

/// Seven places, Monday first.
pub type Week = [Option<DayOffer>; 7];

/// The offers by month and week. Weeks without any day on offer are left out.
pub fn months(offers: &[DayOffer]) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    let mut last: Option<Date> = None;
    for offer in offers {
        let first = offer.day.first_of_month();
        if months.last().is_none_or(|month| month.first != first) {
            months.push(Month {
                first,
                weeks: Vec::new(),
            });
            last = None;
        }
        let Some(month) = months.last_mut() else { continue };
        let monday = monday_of(offer.day);
        if last != Some(monday) {
            month.weeks.push([None; 7]);
            last = Some(monday);
        }
        let place = usize::try_from(offer.day.weekday().to_monday_zero_offset()).unwrap_or_default();
        if let Some(cell) = month.weeks.last_mut().and_then(|week| week.get_mut(place)) {
            *cell = Some(*offer);
        }
    }
    months
}

fn monday_of(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(back.days()).unwrap_or(day)
}

/// The weekdays in the calendar's order.
pub const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The days on which a pass that begins on `first` may end: it may not last too long, nor over a closed day.
pub fn last_days(window: &Window, first: Date) -> Vec<Date> {
    let longest = usize::from(window.longest_days.clamp(1, Window::MAX_DAYS));
    first
        .series(1.day())
        .take(longest)
        .take_while(|day| window.open_on(*day))
        .collect()
}

/// What stands above the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// The first day that may be asked for is free.
    Open,
    /// It is not; this is the next that is.
    From(Date),
    /// No day is.
    None,
}

/// What these days come to for somebody in a hurry.
pub fn outlook(offers: &[DayOffer]) -> Outlook {
    let Some(free) = pass::booking::first_free(offers) else {
        return Outlook::None;
    };
    let mut before = offers.iter().take_while(|offer| offer.day < free);
    if before.any(|offer| matches!(offer.offer, Offer::Spent { .. })) {
        Outlook::From(free)
    } else {
        Outlook::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn offers(first: &str, kinds: &[Offer]) -> Vec<DayOffer> {
        day(first)
            .series(1.day())
            .zip(kinds)
            .map(|(day, offer)| DayOffer { day, offer: *offer })
            .collect()
    }

    #[test]
    fn weeks_begin_on_monday_and_months_stand_apart() {
        // 2026-11-27 is a Friday.
        let found = months(&offers("2026-11-27", &[Offer::Free; 7]));
        assert_eq!(
            found.iter().map(|month| month.first).collect::<Vec<_>>(),
            [day("2026-11-01"), day("2026-12-01")]
        );
        let shape = |week: &Week| week.map(|cell| cell.map_or(0, |offer| offer.day.day()));
        assert_eq!(
            found[0].weeks.iter().map(shape).collect::<Vec<_>>(),
            [[0, 0, 0, 0, 27, 28, 29], [30, 0, 0, 0, 0, 0, 0]]
        );
        assert_eq!(
            found[1].weeks.iter().map(shape).collect::<Vec<_>>(),
            [[0, 1, 2, 3, 0, 0, 0]]
        );
        assert!(months(&[]).is_empty());
    }

    #[test]
    fn a_pass_ends_before_a_closed_day_and_before_it_is_too_long() {
        use pass::kind::Weekday::{Friday, Monday, Saturday, Thursday};
        let mut window = Window {
            earliest_days: 0,
            latest_days: 6,
            longest_days: 3,
            weekdays: None,
            hours: None,
            lead_hours: 0,
        };
        let days = |window: &Window| {
            last_days(window, day("2026-11-27"))
                .iter()
                .map(|day| day.day())
                .collect::<Vec<_>>()
        };
        assert_eq!(days(&window), [27, 28, 29]);
        window.weekdays = Some(vec![Monday, Thursday, Friday, Saturday]);
        assert_eq!(days(&window), [27, 28]);
        window.weekdays = Some(vec![Monday]);
        assert!(days(&window).is_empty());
    }

    #[test]
    fn the_next_free_day_is_told_when_the_first_is_spent() {
        let spent = Offer::Spent { next_free: None };
        assert_eq!(
            outlook(&offers("2026-11-27", &[Offer::Free, spent])),
            Outlook::Open
        );
        assert_eq!(
            outlook(&offers("2026-11-27", &[spent, spent, Offer::Free])),
            Outlook::From(day("2026-11-29"))
        );
        assert_eq!(
            outlook(&offers("2026-11-27", &[Offer::Closed, Offer::Free])),
            Outlook::Open
        );
        assert_eq!(
            outlook(&offers("2026-11-27", &[spent, Offer::Closed])),
            Outlook::None
        );
    }
}
