//! The week's applications, written as they would have happened, at the times they would have happened.

use super::chance::Chance;
use super::people::People;
use super::plan::{self, Act, Kind, Planned};
use super::{Failure, Making};
use jiff::{SignedDuration, Timestamp, ToSpan};
use pass::kind::Standing;
use pass::{KindNo, Request, State};
use store::application::{Applying, Overview, Own, Submission, Submitted};
use store::decision::{Decision, Verdict};
use store::{AccountId, ApplicationId};
use uuid::Uuid;

impl Making<'_> {
    /// A week of applications in all states.
    pub(crate) async fn applications(
        &self,
        chance: &mut Chance,
        people: &People,
        kinds: &[KindNo],
    ) -> Result<(), Failure> {
        let which = Overview {
            standings: &[Standing::Household],
            ..Overview::default()
        };
        let there = store::application::overview(self.pool(), self.id(), &which, None, 1).await?;
        if !there.rows.is_empty() {
            return Ok(());
        }
        let week = plan::week(chance, &self.zone, self.now, people.residents.len());
        let mut made: Vec<Option<ApplicationId>> = vec![None; week.len()];
        for (at, place, act) in plan::in_order(&week) {
            let (Some(planned), Some(slot)) = (week.get(place), made.get_mut(place)) else {
                continue;
            };
            match (act, *slot) {
                (Act::Submit, _) => *slot = self.submit(people, kinds, planned, at).await?,
                (act, Some(id)) => self.act(people, planned, id, act, at).await?,
                // The quota refused it.
                (_, None) => {}
            }
        }
        Ok(())
    }

    /// Sees to it that the visitors' resident holds a pass that is good today and has quota left for another kind.
    pub(crate) async fn visitors_pass(&self, people: &People, kinds: &[KindNo]) -> Result<(), Failure> {
        let today = self.zone.day_of(self.now);
        let resident = people
            .residents
            .first()
            .ok_or("the demonstration has residents")?;
        let mine = store::application::mine(
            self.pool(),
            self.id(),
            resident.account,
            &Own::default(),
            None,
            50,
        )
        .await?;
        let good_today = mine.rows.iter().any(|application| {
            application.state == State::Completed
                && application.revoked_at.is_none()
                && (application.first_day..=application.last_day).contains(&today)
        });
        if good_today {
            return Ok(());
        }
        // Asked for this morning, or yesterday evening where this morning has not been yet.
        let asked_at = self.now - SignedDuration::from_hours(10);
        let planned = Planned {
            household: 0,
            kind: Kind::Many,
            first_day: today,
            last_day: today.saturating_add(4.days()),
            reason: "上班",
            acts: Vec::new(),
        };
        if let Some(id) = self.submit(people, kinds, &planned, asked_at).await? {
            let agreed_at = asked_at + SignedDuration::from_mins(25);
            self.act(people, &planned, id, Act::Agree(Some("同意")), agreed_at)
                .await?;
        }
        Ok(())
    }

    async fn submit(
        &self,
        people: &People,
        kinds: &[KindNo],
        planned: &Planned,
        at: Timestamp,
    ) -> Result<Option<ApplicationId>, Failure> {
        let resident = people
            .residents
            .get(planned.household)
            .ok_or("no such resident")?;
        let kind = *kinds.get(planned.kind as usize).ok_or("no such kind")?;
        let request = Request {
            first_day: planned.first_day,
            last_day: planned.last_day,
            reason: planned.reason.into(),
            holder: resident.household.householder.clone(),
            phone: None,
            host: None,
            given: pass::Values::new(),
        };
        let applying = Applying::Household(resident.household.id);
        self.hand_in(resident.account, applying, kind, &request, at).await
    }

    /// Hands in what somebody wants; nothing where the rules refuse it.
    pub(super) async fn hand_in(
        &self,
        applicant: AccountId,
        applying: Applying,
        kind: KindNo,
        request: &Request,
        at: Timestamp,
    ) -> Result<Option<ApplicationId>, Failure> {
        let submission = Submission {
            applicant,
            request_id: Uuid::new_v4(),
            applying,
            kind,
            request,
        };
        let submitted = store::application::submit(
            self.pool(),
            self.id(),
            submission,
            self.zone.day_of(at),
            at,
            |to_sign| self.signer.sign(to_sign),
        )
        .await?;
        Ok(match submitted {
            Submitted::New(id) | Submitted::Again(id) => Some(id),
            Submitted::Differs(_) | Submitted::Refused(_) => None,
        })
    }

    /// Decides the step at which an application stands.
    pub(super) async fn decide(
        &self,
        by: AccountId,
        id: ApplicationId,
        verdict: &Verdict,
        opinion: Option<&str>,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let ways = store::task::ways(self.pool(), self.id(), by, at).await?;
        let decision = Decision {
            by,
            ways: &ways,
            opinion,
            at,
            today: self.zone.day_of(at),
        };
        store::decision::decide(self.pool(), self.id(), id, verdict, decision, |to_sign| {
            self.signer.sign(to_sign)
        })
        .await?;
        Ok(())
    }

    async fn act(
        &self,
        people: &People,
        planned: &Planned,
        id: ApplicationId,
        act: Act,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let by = |place: usize| -> Result<AccountId, Failure> {
            Ok(*people
                .office
                .get(place % people.office.len().max(1))
                .ok_or("the demonstration has an office")?)
        };
        let by = by(planned.household)?;
        match act {
            Act::Submit => {}
            Act::Agree(opinion) => self.decide(by, id, &Verdict::Agree, opinion, at).await?,
            Act::Refuse(opinion) => self.decide(by, id, &Verdict::Refuse, opinion, at).await?,
            Act::Terminate(opinion) => {
                let ways = store::task::ways(self.pool(), self.id(), by, at).await?;
                let decision = Decision {
                    by,
                    ways: &ways,
                    opinion,
                    at,
                    today: self.zone.day_of(at),
                };
                store::decision::terminate(self.pool(), self.id(), id, decision).await?;
            }
            Act::Withdraw => {
                let applicant = people
                    .residents
                    .get(planned.household)
                    .ok_or("no such resident")?
                    .account;
                let today = self.zone.day_of(at);
                store::application::withdraw(self.pool(), self.id(), id, applicant, today, at).await?;
            }
        }
        Ok(())
    }
}
