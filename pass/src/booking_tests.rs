use super::*;
use crate::{hours::Slots, kind::tests::resident_once};
use alloc::{string::ToString, vec};

/// Monday.
const TODAY: Date = jiff::civil::date(2020, 2, 17);

fn day(n: i32) -> Date {
    TODAY + n.days()
}

static ZONE: std::sync::LazyLock<crate::SiteZone> = std::sync::LazyLock::new(crate::fixture::zone);

fn at(now: &str) -> SiteNow<'static> {
    let now = now.parse().unwrap();
    SiteNow { zone: &ZONE, now }
}

/// Nine in the morning of that day.
const NINE: &str = "2020-02-17T09:00:00+08:00";

fn days(taken: &[i32]) -> Taken {
    Taken {
        days: taken.iter().map(|&n| day(n)).collect(),
        ..Taken::default()
    }
}

fn hours(text: &str) -> Hours {
    text.parse().unwrap()
}

#[test]
fn days_on_offer() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut PassKind), taken: &[i32], offers: &str, first: Option<i32>) {
        let mut kind = resident_once();
        change(&mut kind);
        let found = bookable_days(&kind, &days(taken), at(NINE));
        // f(ree), c(losed), l(ate), x for full, or the number of the next free day, - for none.
        let shown: String = found
            .iter()
            .map(|offer| match offer.offer {
                Offer::Free => 'f',
                Offer::Closed => 'c',
                Offer::Late => 'l',
                Offer::Full => 'x',
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
        slot: None,
        reason: "上班".to_string(),
        holder: "张三".to_string(),
        phone: None,
        host: None,
        given: Values::new(),
    };
    change(&mut kind, &mut request);
    assert_eq!(check_request(&kind, &request, &days(taken), at(NINE)), to);
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

/// Three slots a day, of two places each.
fn with_slots(kind: &mut PassKind) {
    kind.slots = Some(Slots {
        minutes: 60,
        from: "08:00".parse().unwrap(),
        until: "11:00".parse().unwrap(),
        movable_until_hours: Some(2),
        places: Some(2),
    });
}

fn slots_taken(taken: &[(i32, &str)]) -> TakenSlots {
    let mut slots = TakenSlots::new();
    for (n, slot) in taken {
        slots.entry(day(*n)).or_default().push(hours(slot));
    }
    slots
}

#[test]
fn slots_on_offer() {
    #[track_caller]
    fn check(now: &str, lead_hours: u16, taken: &[(i32, &str)], slots: &str, days: &str) {
        let mut kind = resident_once();
        with_slots(&mut kind);
        (kind.window.lead_hours, kind.window.latest_days, kind.quota) = (lead_hours, 1, None);
        let taken = Taken {
            slots: slots_taken(taken),
            ..Taken::default()
        };
        let found = slot_offers(&kind, TODAY, &taken, at(now));
        let shown: Vec<String> = found
            .iter()
            .map(|offer| alloc::format!("{}{}", offer.slot.from, if offer.full { "!" } else { "" }))
            .collect();
        assert_eq!(shown.join(" "), slots);
        let offers = bookable_days(&kind, &taken, at(now));
        let offers: Vec<String> = offers
            .iter()
            .map(|offer| alloc::format!("{:?}", offer.offer))
            .collect();
        assert_eq!(offers.join(" "), days);
    }
    check(
        "2020-02-17T07:00:00+08:00",
        0,
        &[],
        "08:00 09:00 10:00",
        "Free Free",
    );
    // One that has begun can still be had as long as it lasts, unless there is a lead.
    check(
        "2020-02-17T08:59:59+08:00",
        0,
        &[],
        "08:00 09:00 10:00",
        "Free Free",
    );
    check(NINE, 0, &[], "09:00 10:00", "Free Free");
    check(NINE, 1, &[], "10:00", "Free Free");
    check("2020-02-17T09:00:01+08:00", 1, &[], "", "Late Free");
    let full = [(0, "09:00-10:00"), (0, "09:00-10:00"), (0, "10:00-11:00")];
    check(NINE, 0, &full, "09:00! 10:00", "Free Free");
    check(
        NINE,
        0,
        &[full[0], full[0], full[2], full[2]],
        "09:00! 10:00!",
        "Full Free",
    );
}

#[test]
fn the_lead_ends_at_the_first_instant_of_the_pass() {
    #[track_caller]
    fn check(now: &str, change: impl FnOnce(&mut PassKind, &mut Request), to: Result<(), Refusal>) {
        let mut kind = resident_once();
        let mut request = Request {
            first_day: day(1),
            last_day: day(1),
            slot: None,
            reason: "上班".to_string(),
            holder: "张三".to_string(),
            phone: None,
            host: None,
            given: Values::new(),
        };
        kind.window.lead_hours = 24;
        change(&mut kind, &mut request);
        assert_eq!(check_request(&kind, &request, &Taken::default(), at(now)), to);
        let offers = bookable_days(&kind, &Taken::default(), at(now));
        let offer = offers
            .iter()
            .find(|offer| offer.day == request.first_day)
            .unwrap();
        if kind.slots.is_none() {
            assert_eq!(offer.offer == Offer::Free, to.is_ok());
        }
    }
    let soon = Err(Refusal::TooSoon { lead_hours: 24 });
    // A whole day begins at midnight.
    check("2020-02-17T00:00:00+08:00", |_, _| {}, Ok(()));
    check("2020-02-17T00:00:00.000001+08:00", |_, _| {}, soon.clone());
    // With hours, at their beginning; also of a pass that lasts longer.
    let seven = |k: &mut PassKind| k.window.hours = Some(hours("07:00-22:00"));
    check("2020-02-17T07:00:00+08:00", |k, _| seven(k), Ok(()));
    check("2020-02-17T07:00:01+08:00", |k, _| seven(k), soon.clone());
    let slot = |k: &mut PassKind, r: &mut Request| {
        with_slots(k);
        r.slot = Some(hours("09:00-10:00"));
    };
    check(NINE, slot, Ok(()));
    check("2020-02-17T09:00:01+08:00", slot, soon);
    // Without a lead: as long as it opens at all.
    let today = |k: &mut PassKind, r: &mut Request| {
        seven(k);
        k.window.lead_hours = 0;
        (r.first_day, r.last_day) = (TODAY, TODAY);
    };
    check("2020-02-17T21:59:59+08:00", today, Ok(()));
    let over = Refusal::HoursOver {
        hours: hours("07:00-22:00"),
    };
    check("2020-02-17T22:00:00+08:00", today, Err(over));
}

#[test]
fn requests_for_a_slot() {
    let slot = |text: &'static str| {
        move |k: &mut PassKind, r: &mut Request| {
            with_slots(k);
            r.slot = Some(hours(text));
        }
    };
    check(slot("08:00-09:00"), &[], Ok(()));
    check(slot("08:30-09:30"), &[], Err(Refusal::NoSuchSlot));
    check(slot("11:00-12:00"), &[], Err(Refusal::NoSuchSlot));
    check(|k, _| with_slots(k), &[], Err(Refusal::SlotMissing));
    check(
        |_, r| r.slot = Some(hours("08:00-09:00")),
        &[],
        Err(Refusal::NoSuchSlot),
    );
}

#[test]
fn moving() {
    /// Of an application for ten o'clock today, moved to `to`, at `now`; two of its quota of one in two days are no others' than its own.
    #[track_caller]
    fn check(
        now: &str,
        change: impl FnOnce(&mut PassKind, &mut Movable, &mut Taken),
        (to, slot): (i32, &str),
        ends: Result<(), Refusal>,
    ) {
        let mut kind = resident_once();
        with_slots(&mut kind);
        let booked = Booked {
            day: TODAY,
            slot: hours("10:00-11:00"),
        };
        let mut one = Movable {
            state: State::Completed,
            used: false,
            booked: Some(booked),
        };
        let mut taken = days(&[0]);
        taken.slots = slots_taken(&[(0, "10:00-11:00")]);
        change(&mut kind, &mut one, &mut taken);
        let to = Booked {
            day: day(to),
            slot: hours(slot),
        };
        assert_eq!(check_move(&kind, one, to, taken, at(now)), ends);
    }
    let eight = "2020-02-17T08:00:00+08:00";
    let tomorrow = (1, "08:00-09:00");
    check(eight, |_, _, _| {}, tomorrow, Ok(()));
    check(eight, |_, one, _| one.state = State::InReview, tomorrow, Ok(()));
    let late = Refusal::MoveTooLate {
        hours: 2,
        until: jiff::civil::date(2020, 2, 17).at(8, 0, 0, 0),
    };
    check("2020-02-17T08:00:00.001+08:00", |_, _, _| {}, tomorrow, Err(late));
    let at_once = |k: &mut PassKind| k.slots.as_mut().unwrap().movable_until_hours = Some(0);
    check(
        "2020-02-17T10:00:00+08:00",
        |k, _, _| at_once(k),
        tomorrow,
        Ok(()),
    );
    let never = |k: &mut PassKind| k.slots.as_mut().unwrap().movable_until_hours = None;
    check(eight, |k, _, _| never(k), tomorrow, Err(Refusal::NotMovable));
    check(
        eight,
        |_, one, _| one.booked = None,
        tomorrow,
        Err(Refusal::NotMovable),
    );
    check(eight, |_, one, _| one.used = true, tomorrow, Err(Refusal::Used));
    let state = State::Withdrawn;
    let not_now = Refusal::NotNow {
        state,
        act: Act::Move,
    };
    check(eight, |_, one, _| one.state = state, tomorrow, Err(not_now));
    // The same rules as for a new one.
    check(eight, |_, _, _| {}, (0, "08:00-09:00"), Ok(()));
    check(
        eight,
        |k, _, _| k.window.lead_hours = 1,
        (0, "09:00-10:00"),
        Ok(()),
    );
    let soon = Refusal::TooSoon { lead_hours: 2 };
    check(
        eight,
        |k, _, _| k.window.lead_hours = 2,
        (0, "09:00-10:00"),
        Err(soon),
    );
    let latest = day(6);
    check(
        eight,
        |_, _, _| {},
        (7, "08:00-09:00"),
        Err(Refusal::TooLate { latest }),
    );
    check(eight, |_, _, _| {}, (1, "08:30-09:30"), Err(Refusal::NoSuchSlot));
    // Others' places and the household's other passes count, its own do not.
    let spent = Refusal::QuotaSpent {
        passes: 1,
        days: 2,
        next_free: Some(day(0)),
    };
    check(eight, |_, _, taken| taken.days.push(day(2)), tomorrow, Err(spent));
    let two = [(1, "08:00-09:00"), (1, "08:00-09:00")];
    let full = Refusal::SlotFull {
        slot: hours("08:00-09:00"),
    };
    check(
        eight,
        |_, _, taken| taken.slots.extend(slots_taken(&two)),
        tomorrow,
        Err(full),
    );
    check(
        eight,
        |k, _, _| k.slots.as_mut().unwrap().places = Some(1),
        (0, "10:00-11:00"),
        Ok(()),
    );
}
