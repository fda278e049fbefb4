//! Ending a household's binding, and with it what it led to.

use super::{ClaimDecided, ClaimState, decide};
use crate::{
    AccountId, ApplicationId, ClaimId, Pool, Result, SiteId,
    application::{self, Leaving},
    decision::Deed,
    site,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::Act;
use sqlx::PgConnection;

/// Ends a confirmed claim, so that another telephone may be bound. Whoever had it lives there no more, so in the same transaction
/// their applications for the household that wait are ended, and their passes that would still open a gate revoked. `None` when the
/// site has no such claim.
pub async fn release(
    pool: &Pool,
    site: SiteId,
    id: ClaimId,
    by: AccountId,
    opinion: Option<&str>,
    now: Timestamp,
) -> Result<Option<ClaimDecided>> {
    let mut transaction = pool.begin().await?;
    let decided = decide(&mut transaction, site, id, by, ClaimState::Released, opinion, now).await?;
    if decided == Some(ClaimDecided::Done) {
        end_what_it_led_to(&mut transaction, site, id, by, opinion, now).await?;
        transaction.commit().await?;
    }
    Ok(decided)
}

/// Ends what a claim, which the caller has locked, led to. Everything is locked first, applications before credentials and each
/// in order, as everywhere; the bundle's version comes last.
async fn end_what_it_led_to(
    connection: &mut PgConnection,
    site: SiteId,
    id: ClaimId,
    by: AccountId,
    opinion: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let open = sqlx::query_scalar!(
        "select a.application_id from household_claim c
         join application a on a.site_id = c.site_id and a.applicant_id = c.account_id
             and a.household_id = c.household_id
         where c.site_id = $1 and c.claim_id = $2 and a.state in ('in_review', 'completed')
         order by a.application_id
         for update of a",
        site.0,
        id.0,
    )
    .fetch_all(&mut *connection)
    .await?;
    // A pass of which nothing is left, and one whose time is over, open nothing: they stay as they are.
    let live = sqlx::query!(
        "select pass_number, application_id, redemptions from credential
         where site_id = $1 and application_id = any ($2) and revoked_at is null and valid_until > $3
             and not spent
         order by pass_number
         for update",
        site.0,
        &open,
        now.to_sqlx(),
    )
    .fetch_all(&mut *connection)
    .await?;
    for one in open {
        let Some(locked) = application::lock(connection, site, ApplicationId(one)).await? else {
            continue;
        };
        let pass = live.iter().find(|pass| pass.application_id == one);
        if locked.number.is_some() && pass.is_none() {
            continue;
        }
        let Ok(to) = pass::application::next(locked.state, Act::Terminate) else {
            continue;
        };
        let leaving = Leaving {
            to,
            used: pass.is_some_and(|pass| pass.redemptions > 0),
            deed: Deed {
                opinion,
                ..Deed::of(Act::Terminate, Some(by), now)
            },
        };
        application::leave(connection, site, &locked, leaving).await?;
    }
    if !live.is_empty() {
        site::bundle_changed(connection, site).await?;
    }
    Ok(())
}
