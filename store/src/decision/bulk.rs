//! Deciding about many at once.

use super::{About, Decided, Decision, Verdict, decide_in};
use crate::{
    ApplicationId, Pool, Result, SiteId, application, claim,
    credential::{SignError, Signed, ToSign},
    pass_kind,
};
use sqlx::Acquire;
use std::collections::HashMap;

/// How many share a transaction: each commit waits for the disk once, and until it the locks of all are held.
const TOGETHER: usize = 50;

/// [`decide`](super::decide) about each, every one for itself: what can't be decided does not keep the others. In the order given.
///
/// They are decided in groups; each of a group stands or falls by itself, and nothing is half-done: when the database fails, the groups
/// before stay, and of the one that failed nothing does.
///
/// # Errors
/// Only when nothing more can be done: the database or signing failed.
pub async fn decide_all(
    pool: &Pool,
    site: SiteId,
    ids: &[ApplicationId],
    verdict: &Verdict,
    decision: Decision<'_>,
    sign: impl Fn(&ToSign<'_>) -> Result<Signed, SignError> + Send + Sync,
) -> Result<Vec<(ApplicationId, Option<Decided>)>> {
    let mut outcomes = Vec::with_capacity(ids.len());
    let mut kinds = pass_kind::Read::default();
    for group in ids.chunks(TOGETHER) {
        let mut transaction = pool.begin().await?;
        // All locks first and in one order, so that two who decide about the same ones wait for each other in no circle; also because the
        // site's counter, which issuing takes, is held to the end.
        let bound = claim::lock_applicants(&mut transaction, site, group).await?;
        let locked = application::lock_all(&mut transaction, site, group).await?;
        let mut locked: HashMap<_, _> = locked.into_iter().map(|one| (one.id, one)).collect();
        for &id in group {
            // Named a second time, it stands as the first decision left it.
            let locked = match locked.remove(&id) {
                Some(locked) => Some(locked),
                None => application::lock(&mut transaction, site, id).await?,
            };
            let Some(locked) = locked else {
                outcomes.push((id, None));
                continue;
            };
            let mut one = transaction.begin().await?;
            let about = About {
                kind: kinds.get(&mut one, site, locked.kind).await?,
                bound: bound.get(&id).copied(),
                locked,
            };
            let outcome = decide_in(&mut one, site, about, verdict, decision, &sign).await?;
            if matches!(outcome, Decided::Done { .. }) {
                one.commit().await?;
            } else {
                one.rollback().await?;
            }
            outcomes.push((id, Some(outcome)));
        }
        transaction.commit().await?;
    }
    Ok(outcomes)
}
