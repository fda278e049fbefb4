//! Whose household it is: what the community office loads and decides.

use super::{PAGE, Reviewer, opinion_of};
use crate::apply::place;
use crate::backend::calendar;
use crate::error::AppError;
use crate::review::facts::{ClaimRow, ClaimState, ClaimVerb, Claims, Decided, Outcome, Stands};
use store::Conflict;
use store::claim::{Claim, ClaimDecided};
use uuid::Uuid;

impl Reviewer {
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
