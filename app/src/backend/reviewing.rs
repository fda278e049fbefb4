//! What the office's pages load and decide.

use super::issuing::Signer;
use super::{Backend, Viewer, applying, attaching, calendar};
use crate::applications::facts::{Step, Who};
use crate::applications::given;
use crate::apply::counter::one_line_end;
use crate::apply::place;
use crate::error::{AppError, Fault};
use crate::review::facts::{
    Board, ClaimRow, ClaimState, ClaimVerb, Claims, Decided, Detail, Narrow, Outcome, Row, Shelf, Stands,
    Verb,
};
use jiff::Timestamp;
use pass::SiteZone;
use pass::kind::{KindKey, PassKind};
use pass::role::Role;
use std::collections::HashMap;
use store::application::{Application, Filter};
use store::claim::{Claim, ClaimDecided};
use store::decision::Decision;
use store::{AccountId, ApplicationId, Conflict};
use uuid::Uuid;

/// How many rows a page shows.
const PAGE: u16 = 30;
/// How many other applications of the household stand beside one.
const OTHERS: u16 = 10;
/// The most that are decided at once.
const MOST_AT_ONCE: u16 = 200;
/// The longest opinion, in characters.
pub const MAX_OPINION: u16 = 150;

/// Somebody of the office who asks.
pub struct Reviewer {
    backend: Backend,
    viewer: Viewer,
    zone: SiteZone,
    now: Timestamp,
}

impl Reviewer {
    /// The person who asks, who must be of the office.
    ///
    /// # Errors
    /// [`AppError::SignInNeeded`] or [`AppError::NotAllowed`].
    pub async fn asking() -> Result<Reviewer, AppError> {
        let viewer = super::viewer::viewer_with(&[Role::Office]).await?;
        let zone = calendar::zone_of(&viewer.site)?;
        Ok(Reviewer {
            backend: super::backend()?,
            viewer,
            zone,
            now: super::now(),
        })
    }

    /// A page of a list.
    ///
    /// # Errors
    /// The store's.
    pub async fn board(&self, narrow: &Narrow) -> Result<Board, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let kind: Option<KindKey> = given(&narrow.kind).and_then(|key| key.parse().ok());
        let filter = Filter {
            kind: kind.as_ref(),
            community: given(&narrow.community),
            text: given(&narrow.text),
        };
        let after = narrow.after.parse().ok();
        let page = match narrow.shelf {
            Shelf::Pending => store::application::pending(pool, site, &filter, after, PAGE).await?,
            Shelf::Done => store::application::done(pool, site, &filter, after, PAGE).await?,
        };
        let kinds = applying::kinds(&self.backend, site).await?;
        let offered = store::pass_kind::offered(pool, site).await?;
        Ok(Board {
            rows: page.rows.iter().map(|one| self.row(one, &kinds)).collect(),
            next: page.next.map(|next| next.to_string()),
            waiting: store::application::pending_count(pool, site).await?,
            claims_waiting: store::claim::pending(pool, site).await?,
            kinds: offered
                .into_iter()
                .map(|one| (one.kind.key, one.kind.title))
                .collect(),
            communities: store::household::communities(pool, site).await?,
        })
    }

    /// An application that this person may review.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn reviewed(&self, id: Uuid) -> Result<Application, AppError> {
        store::application::get(&self.backend.pool, self.viewer.site_id(), id.into())
            .await?
            .ok_or(AppError::NotFound)
    }

    /// One application with its history and its household's others.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn detail(&self, id: Uuid) -> Result<Detail, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let one = self.reviewed(id).await?;
        let files = attaching::files_of(&self.backend, site, one.id, &one.given).await?;
        let mut kinds = applying::kinds(&self.backend, site).await?;
        let others = store::application::of_household(pool, site, one.household, OTHERS + 1).await?;
        let others = others
            .iter()
            .filter(|other| other.id != one.id)
            .map(|other| self.row(other, &kinds))
            .collect();
        let row = self.row(&one, &kinds);
        let policy = kinds.remove(&one.kind.0).ok_or(AppError::Internal)?;
        let history = store::decision::history(pool, site, id.into()).await?;
        let history = history
            .into_iter()
            .map(|step| Step {
                act: step.act,
                who: match (step.by, step.name) {
                    (None, _) => Who::Policy,
                    (Some(by), _) if by == one.applicant => Who::Applicant,
                    (Some(_), Some(name)) if !name.is_empty() => Who::Named(name),
                    (Some(_), _) => Who::Office,
                },
                at: calendar::local(&self.zone, step.at),
                opinion: step.opinion,
            })
            .collect();
        Ok(Detail {
            row,
            phone: one.phone.unwrap_or_default(),
            given: given::shown(&policy.fields, &one.given, &files),
            document: policy.document,
            policy,
            number: one.number.map(|number| number.0),
            used_at: one.redeemed_at.map(|at| calendar::local(&self.zone, at)),
            history,
            others,
        })
    }

    /// Decides about each for itself: what cannot be decided does not keep the others.
    ///
    /// # Errors
    /// `ids` or `opinion` at fault.
    pub async fn decide(&self, ids: &[Uuid], verb: Verb, opinion: &str) -> Result<Vec<Decided>, AppError> {
        let (pool, site) = (&self.backend.pool, &self.viewer.site);
        let opinion = opinion_of(opinion, verb == Verb::Terminate)?;
        if ids.is_empty() {
            return Err(AppError::invalid("ids", Fault::Missing));
        }
        if ids.len() > usize::from(MOST_AT_ONCE) {
            return Err(AppError::invalid(
                "ids",
                Fault::TooManyChosen { max: MOST_AT_ONCE },
            ));
        }
        let ids: Vec<ApplicationId> = ids.iter().copied().map(ApplicationId).collect();
        let decision = Decision {
            by: self.viewer.id(),
            opinion: opinion.as_deref(),
            at: self.now,
        };
        let outcomes = match verb {
            Verb::Agree => {
                let signer = Signer::of(&self.backend, site).await?;
                let today = self.zone.day_of(self.now);
                let sign = |to_sign: &store::credential::ToSign<'_>| signer.sign(to_sign);
                store::decision::agree_all(pool, site.id, &ids, decision, today, sign).await?
            }
            Verb::Refuse => store::decision::refuse_all(pool, site.id, &ids, decision).await?,
            Verb::Terminate => {
                let mut outcomes = Vec::new();
                for &id in &ids {
                    outcomes.push((id, store::decision::terminate(pool, site.id, id, decision).await?));
                }
                outcomes
            }
        };
        let mut decided = Vec::new();
        for (id, outcome) in outcomes {
            let about = store::application::get(pool, site.id, id).await?;
            let name = about
                .map(|one| format!("{} {}", one.householder, place(&one.address)))
                .unwrap_or_default();
            decided.push(Decided {
                id: id.0,
                name,
                outcome: self.outcome(outcome).await?,
            });
        }
        Ok(decided)
    }

    /// A page of household claims.
    ///
    /// # Errors
    /// The store's.
    pub async fn claims(&self, state: ClaimState, after: Option<&str>) -> Result<Claims, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let after = after.and_then(|after| after.parse().ok());
        let page = store::claim::list(pool, site, stored(state), after, PAGE).await?;
        Ok(Claims {
            rows: page.rows.into_iter().map(|claim| self.claim(claim)).collect(),
            next: page.next.map(|next| next.to_string()),
            waiting: store::claim::pending(pool, site).await?,
        })
    }

    /// Confirms or refuses a claim, or releases a binding.
    ///
    /// # Errors
    /// `opinion` too long.
    pub async fn decide_claim(&self, id: Uuid, verb: ClaimVerb, opinion: &str) -> Result<Decided, AppError> {
        let (pool, site, by, now) = (
            &self.backend.pool,
            self.viewer.site_id(),
            self.viewer.id(),
            self.now,
        );
        let opinion = opinion_of(opinion, false)?;
        let (claim, said) = (id.into(), opinion.as_deref());
        let done = match verb {
            ClaimVerb::Confirm => store::claim::confirm(pool, site, claim, by, said, now).await,
            ClaimVerb::Refuse => store::claim::refuse(pool, site, claim, by, said, now).await,
            ClaimVerb::Release => store::claim::release(pool, site, claim, by, said, now).await,
        };
        let outcome = match done {
            Ok(None) => Outcome::Gone,
            Ok(Some(ClaimDecided::Done)) => Outcome::Done,
            Ok(Some(ClaimDecided::Own)) => Outcome::Own,
            Ok(Some(ClaimDecided::Already { state, by, at })) => Outcome::Already {
                state: Stands::Claim(shown(state)),
                by: self.name(by).await?,
                at: at.map(|at| calendar::local(&self.zone, at)),
            },
            Err(error) => match error.conflict() {
                Some(Conflict::HouseholdBound) => Outcome::HouseholdBound,
                Some(Conflict::AccountBound) => Outcome::AccountBound,
                _ => return Err(error.into()),
            },
        };
        let about = store::claim::get(pool, site, claim).await?;
        let name = about.map(|one| format!("{} {}", one.householder, place(&one.household.address)));
        Ok(Decided {
            id,
            name: name.unwrap_or_default(),
            outcome,
        })
    }

    async fn outcome(&self, decided: Option<store::decision::Decided>) -> Result<Outcome, AppError> {
        use store::decision::Decided;
        Ok(match decided {
            None => Outcome::Gone,
            Some(Decided::Done { .. }) => Outcome::Done,
            Some(Decided::Own) => Outcome::Own,
            Some(Decided::Refused(why)) => Outcome::Refused(why),
            Some(Decided::Already { state, by, at }) => Outcome::Already {
                state: Stands::Application(state),
                by: self.name(by).await?,
                at: at.map(|at| calendar::local(&self.zone, at)),
            },
        })
    }

    /// A person's name, or the end of their telephone number.
    async fn name(&self, account: Option<AccountId>) -> Result<Option<String>, AppError> {
        let Some(account) = account else { return Ok(None) };
        let found = store::account::get(&self.backend.pool, self.viewer.site_id(), account).await?;
        Ok(found.map(|account| {
            let phone = account.phone.unwrap_or_default();
            let end = phone.get(phone.len().saturating_sub(4)..).unwrap_or_default();
            if account.display_name.is_empty() {
                format!("**** {end}")
            } else {
                account.display_name
            }
        }))
    }

    fn row(&self, one: &Application, kinds: &HashMap<u16, PassKind>) -> Row {
        Row {
            id: one.id.0,
            kind: kinds
                .get(&one.kind.0)
                .map(|kind| kind.title.clone())
                .unwrap_or_default(),
            address: one.address.clone(),
            householder: one.householder.clone(),
            first_day: one.first_day,
            last_day: one.last_day,
            reason: one.reason.clone(),
            state: one.state,
            created_at: calendar::local(&self.zone, one.created_at),
            decided_at: one.decided_at.map(|at| calendar::local(&self.zone, at)),
            own: one.applicant == self.viewer.id(),
        }
    }

    fn claim(&self, claim: Claim) -> ClaimRow {
        ClaimRow {
            id: claim.id.0,
            phone: claim.phone.unwrap_or_default(),
            same: pass::household::same_name(&claim.household.householder, &claim.householder),
            address: claim.household.address,
            registered: claim.household.householder,
            typed: claim.householder,
            bound: claim.bound,
            state: shown(claim.state),
            created_at: calendar::local(&self.zone, claim.created_at),
            decided_at: claim.decided_at.map(|at| calendar::local(&self.zone, at)),
            opinion: claim.opinion,
            own: claim.account == self.viewer.id(),
        }
    }
}

/// A filter's value, where one is given.
fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// What somebody of the office says; nothing typed is nothing said.
fn opinion_of(text: &str, needed: bool) -> Result<Option<String>, AppError> {
    let text = one_line_end(text.trim());
    if text.chars().count() > usize::from(MAX_OPINION) {
        return Err(AppError::invalid(
            "opinion",
            Fault::TooLong {
                max_chars: MAX_OPINION,
            },
        ));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(AppError::invalid("opinion", Fault::Malformed));
    }
    if needed && text.is_empty() {
        return Err(AppError::invalid("opinion", Fault::Missing));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn stored(state: ClaimState) -> store::claim::ClaimState {
    match state {
        ClaimState::Pending => store::claim::ClaimState::Pending,
        ClaimState::Confirmed => store::claim::ClaimState::Confirmed,
        ClaimState::Refused => store::claim::ClaimState::Refused,
        ClaimState::Released => store::claim::ClaimState::Released,
    }
}

fn shown(state: store::claim::ClaimState) -> ClaimState {
    match state {
        store::claim::ClaimState::Pending => ClaimState::Pending,
        store::claim::ClaimState::Confirmed => ClaimState::Confirmed,
        store::claim::ClaimState::Refused => ClaimState::Refused,
        store::claim::ClaimState::Released => ClaimState::Released,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opinion_is_optional_but_for_ending_a_pass() {
        assert_eq!(opinion_of("  ", false), Ok(None));
        assert_eq!(
            opinion_of("  ", true),
            Err(AppError::invalid("opinion", Fault::Missing))
        );
        assert_eq!(opinion_of(" 同意\r\n ", true), Ok(Some("同意".into())));
        let long = "证".repeat(151);
        assert_eq!(
            opinion_of(&long, false),
            Err(AppError::invalid("opinion", Fault::TooLong { max_chars: 150 }))
        );
        assert!(opinion_of(&"证".repeat(150), false).is_ok());
    }
}
