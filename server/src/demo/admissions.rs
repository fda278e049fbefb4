//! What happened at the gates: events by enrolled tablets, numbered, chained and signed like real ones.

use super::chance::Chance;
use super::people::People;
use super::{Failure, Making, campus, tablet::DemoTablet};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use pass::kind::Standing;
use pass::{Check, KindNo, PassKind, PassNumber, State, Uses, What};
use std::collections::HashMap;
use store::application::{Application, Overview};

/// Passes for one entry that two gates admitted, both without a network at the time.
const DOUBLE_USES: usize = 2;
/// Codes at the gates that were no pass, a day.
const UNREADABLE: i64 = 3;

/// One thing that happened at a gate.
struct Happened {
    at: Timestamp,
    /// The gate's place in [`campus::GATES`].
    gate: usize,
    pass: Option<Shown>,
    what: Told,
}

/// The pass that was shown.
#[derive(Clone)]
struct Shown {
    number: PassNumber,
    kind: KindNo,
    name: String,
    /// What its kind has the guard confirm.
    checks: Vec<Check>,
}

/// What the tablet tells of it.
#[derive(Clone, Copy)]
enum Told {
    Admitted,
    Refused(&'static str),
    Overridden(&'static str),
    /// The event before it was a mistake.
    TakenBack,
}

impl Making<'_> {
    /// Enrols the tablets and has them upload a week.
    pub(crate) async fn admissions(&self, chance: &mut Chance, people: &People) -> Result<(), Failure> {
        if !store::tablet::list(self.pool(), self.id()).await?.is_empty() {
            return Ok(());
        }
        let kinds = self.published_kinds().await?;
        let mut happened = Vec::new();
        let mut doubles = 0;
        for application in self.completed().await? {
            let Some(number) = application
                .pass_number
                .filter(|_| application.revoked_at.is_none())
            else {
                continue;
            };
            let kind = kinds.get(&application.kind);
            let shown = Shown {
                number,
                kind: application.kind,
                name: pass::mask(&application.holder),
                checks: kind.map(confirmed).unwrap_or_default(),
            };
            if kind.is_some_and(|kind| kind.uses == Uses::Many) {
                self.many(chance, &mut happened, &application, &shown);
            } else {
                let double = doubles < DOUBLE_USES;
                doubles += usize::from(self.once(chance, &mut happened, &application, &shown, double));
            }
        }
        self.unreadable(chance, &mut happened);
        happened.retain(|one| one.at < self.now);
        happened.sort_by_key(|one| (one.at, one.gate));
        self.tell(people, &happened).await
    }

    /// Every version of every kind.
    async fn published_kinds(&self) -> Result<HashMap<KindNo, PassKind>, Failure> {
        let kinds = store::pass_kind::all(self.pool(), self.id()).await?;
        Ok(kinds
            .into_iter()
            .map(|published| (published.no, published.kind))
            .collect())
    }

    /// Every application that led to a pass, in order of their numbers.
    async fn completed(&self) -> Result<Vec<Application>, Failure> {
        let mut all = Vec::new();
        let mut after = None;
        let which = Overview {
            standings: &[Standing::Household],
            state: Some(State::Completed),
            ..Overview::default()
        };
        loop {
            let page = store::application::overview(self.pool(), self.id(), &which, after, 200).await?;
            all.extend(page.rows);
            after = page.next;
            if after.is_none() {
                all.sort_by_key(|application| application.pass_number);
                return Ok(all);
            }
        }
    }

    /// Entries on each day of a pass.
    fn many(&self, chance: &mut Chance, happened: &mut Vec<Happened>, pass: &Application, shown: &Shown) {
        let mut day = pass.first_day;
        while day <= pass.last_day {
            if chance.percent(80) {
                let at = self.at(day, chance.between(8 * 3600, 21 * 3600));
                if pass.decided_at.is_some_and(|decided_at| decided_at < at) {
                    let gate = self.gate(chance);
                    happened.push(Happened {
                        at,
                        gate,
                        pass: Some(shown.clone()),
                        what: Told::Admitted,
                    });
                }
            }
            day = day.saturating_add(1.day());
        }
    }

    /// What becomes of a pass for one entry. True when it was used twice.
    fn once(
        &self,
        chance: &mut Chance,
        happened: &mut Vec<Happened>,
        pass: &Application,
        shown: &Shown,
        double: bool,
    ) -> bool {
        let day = pass.first_day;
        let at = self.at(day, chance.between(8 * 3600, 21 * 3600));
        let gate = self.gate(chance);
        let mut tell = |minutes: i64, gate, what| {
            let at = at + SignedDuration::from_mins(minutes);
            happened.push(Happened {
                at,
                gate,
                pass: Some(shown.clone()),
                what,
            });
        };
        // The visitors' pass stays unused, and so does one whose time had not come or had gone by.
        if pass.decided_at.is_none_or(|decided_at| decided_at >= at) {
            return false;
        }
        if double && at < self.now - SignedDuration::from_hours(1) {
            tell(0, gate, Told::Admitted);
            tell(7, other_gate(gate), Told::Admitted);
            return true;
        }
        match chance.between(0, 100) {
            0..=4 => {
                tell(0, gate, Told::Admitted);
                tell(chance.between(20, 90), gate, Told::Refused("already-used"));
            }
            5..=6 => {
                tell(0, gate, Told::Admitted);
                tell(1, gate, Told::TakenBack);
                tell(2, gate, Told::Admitted);
            }
            7..=9 => tell(0, 4, Told::Refused("wrong-zone")),
            10..=12 => tell(24 * 60, gate, Told::Refused("expired")),
            13 => tell(24 * 60, gate, Told::Overridden("expired")),
            14..=22 => {}
            _ => tell(0, gate, Told::Admitted),
        }
        false
    }

    fn unreadable(&self, chance: &mut Chance, happened: &mut Vec<Happened>) {
        let today = self.zone.day_of(self.now);
        for back in 0..=super::plan::DAYS_BACK {
            for _ in 0..UNREADABLE {
                let at = self.at(
                    today.saturating_sub(back.days()),
                    chance.between(8 * 3600, 21 * 3600),
                );
                let what = Told::Refused(chance.pick(&["not-a-pass", "other-site", "bad-signature"]));
                happened.push(Happened {
                    at,
                    gate: self.gate(chance),
                    pass: None,
                    what,
                });
            }
        }
    }

    fn at(&self, day: Date, second: i64) -> Timestamp {
        self.zone.start_of(day) + SignedDuration::from_secs(second)
    }

    /// One of the gates that residents use, the main ones more often.
    fn gate(&self, chance: &mut Chance) -> usize {
        chance.pick(&[0, 0, 0, 1, 1, 1, 2, 3])
    }

    /// Has each tablet upload, day by day, what happened at its gate.
    async fn tell(&self, people: &People, happened: &[Happened]) -> Result<(), Failure> {
        let gates = store::checkpoint::list(self.pool(), self.id()).await?;
        let enrolled_at = self.now - SignedDuration::from_hours(24 * 9);
        for (place, gate) in campus::GATES.iter().enumerate() {
            let (Some(name), Some(checkpoint)) = (
                gate.tablet,
                gates.iter().find(|checkpoint| checkpoint.name.zh == gate.zh),
            ) else {
                continue;
            };
            let mut tablet =
                DemoTablet::enrol(self, checkpoint, name, people.administrator, enrolled_at).await?;
            let mut last = None;
            for one in happened.iter().filter(|one| one.gate == place) {
                let what = match (one.what, last) {
                    (Told::Admitted, _) => What::Admitted,
                    (Told::Refused(code), _) => What::Refused { code: code.into() },
                    (Told::Overridden(code), _) => What::Overridden { code: code.into() },
                    (Told::TakenBack, Some(event)) => What::Voided { event },
                    (Told::TakenBack, None) => continue,
                };
                let confirmed = one.pass.as_ref().filter(|_| what.lets_pass());
                let checks = confirmed.map(|pass| pass.checks.clone()).unwrap_or_default();
                last = Some(tablet.note(one.at, one.pass.as_ref().map(Shown::parts), what, checks)?);
            }
            tablet.upload(self).await?;
            if place == 4 {
                // One of the tablets is out of order, and it has sent something that is no fact.
                tablet
                    .upload_damaged(self, self.now - SignedDuration::from_hours(50))
                    .await?;
            } else {
                let seen_at = self.now - SignedDuration::from_secs(90);
                store::tablet::seen(self.pool(), self.id(), tablet.id(), seen_at).await?;
            }
        }
        Ok(())
    }
}

impl Shown {
    fn parts(&self) -> (PassNumber, KindNo, &str) {
        (self.number, self.kind, &self.name)
    }
}

/// What the guard confirms of somebody with a pass of this kind.
fn confirmed(kind: &PassKind) -> Vec<Check> {
    if !kind.gate.confirm {
        return Vec::new();
    }
    Check::all(kind.document, &kind.gate.checks)
}

/// A gate's neighbour, for a second use.
fn other_gate(gate: usize) -> usize {
    if gate == 0 { 2 } else { 0 }
}
