//! How often: N passes per household in any D site-local days.
//!
//! 按户每2天可申请1个: one per household every two days. The window slides: it is not
//! cut into fixed pairs of days, at whose border two neighbouring days would both be free.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// At most `passes` passes in any `days` site-local days in a row. A pass counts on its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// How many, at least 1.
    pub passes: u32,
    /// In how many days in a row, 1 to [`Quota::MAX_DAYS`].
    pub days: u32,
}

impl Quota {
    /// The longest window, in days.
    pub const MAX_DAYS: u32 = 366;

    /// Whether one more pass beginning on `day` keeps to the quota, beside those that begin on the days
    /// `taken` (in any order; a day appears as often as it is taken).
    pub fn fits(&self, taken: &[Date], day: Date) -> bool {
        let last_start = i64::from(self.days.clamp(1, Quota::MAX_DAYS)) - 1;
        let offset = |other: &Date| i64::from((*other - day).get_days());
        // Every window that contains `day` begins 0 to days-1 days before it.
        (0..=last_start).all(|before| {
            let window = -before..=last_start - before;
            let used = taken
                .iter()
                .map(offset)
                .filter(|other| window.contains(other))
                .count();
            u64::try_from(used).is_ok_and(|used| used < u64::from(self.passes))
        })
    }

    /// The first day from `from` to `until`, both included, on which one more pass [fits](Quota::fits).
    pub fn next_free(&self, taken: &[Date], from: Date, until: Date) -> Option<Date> {
        let mut day = from;
        while day <= until {
            if self.fits(taken, day) {
                return Some(day);
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn day(n: i32) -> Date {
        jiff::civil::date(2020, 2, 1) + n.days()
    }

    /// With passes on the February days `taken`, those of `1..=8` that are free are `free`.
    #[track_caller]
    fn check(passes: u32, days: u32, taken: &[i32], free: &[i32]) {
        let quota = Quota { passes, days };
        let taken: Vec<Date> = taken.iter().map(|&n| day(n)).collect();
        let found: Vec<i32> = (1..=8).filter(|&n| quota.fits(&taken, day(n))).collect();
        assert_eq!(found, free);
        let first = free.first().map(|&n| day(n));
        assert_eq!(quota.next_free(&taken, day(1), day(8)), first);
    }

    #[test]
    fn windows_slide() {
        check(1, 2, &[], &[1, 2, 3, 4, 5, 6, 7, 8]);
        check(1, 2, &[3], &[1, 5, 6, 7, 8]);
        check(1, 2, &[3, 5], &[1, 7, 8]);
        check(1, 1, &[3], &[1, 2, 4, 5, 6, 7, 8]);
        check(2, 2, &[3], &[1, 2, 3, 4, 5, 6, 7, 8]);
        check(2, 2, &[3, 3], &[1, 5, 6, 7, 8]);
        check(2, 3, &[3, 5], &[1, 2, 6, 7, 8]);
        check(2, 7, &[1, 7], &[8]);
        check(1, 7, &[4], &[]);
        check(0, 2, &[], &[]);
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        let quota = Quota {
            passes: 1,
            days: u32::MAX,
        };
        assert!(quota.fits(&[Date::MIN], Date::MAX));
        assert!(!quota.fits(&[Date::MAX], Date::MAX));
        assert_eq!(quota.next_free(&[Date::MAX], Date::MAX, Date::MAX), None);
    }

    proptest! {
        /// Taking only days that fit never puts more than N into any window, and refusing one is right:
        /// with it, some window would hold more. Counted day by day, without the window arithmetic above.
        #[test]
        fn agrees_with_counting(passes in 1u32..4, days in 1u32..6, asked in prop::collection::vec(0i32..20, 0..40)) {
            let quota = Quota { passes, days };
            let most = |taken: &[i32]| {
                (-10..30).map(|start| taken.iter().filter(|&&n| n >= start && n < start + days as i32).count()).max()
            };
            let mut taken: Vec<i32> = Vec::new();
            for n in asked {
                let mut with = taken.clone();
                with.push(n);
                let dates: Vec<Date> = taken.iter().map(|&n| day(n)).collect();
                let fits = quota.fits(&dates, day(n));
                prop_assert_eq!(fits, most(&with).unwrap() <= passes as usize);
                if fits {
                    taken = with;
                }
            }
        }
    }
}
