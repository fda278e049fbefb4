//! Applications that nobody decided in time.

use super::{Leaving, leave, lock};
use crate::{ApplicationId, Pool, Result, SiteId, decision::Deed};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::Act;

/// Ends the applications in review whose last day is over, which gives their quota back. One transaction each, so that what is
/// decided meanwhile is not waited for as a whole, and two servers may do so at once. `today` is the site-local day of `now`.
/// Returns how many lapsed.
pub async fn lapse(pool: &Pool, site: SiteId, today: Date, now: Timestamp) -> Result<u64> {
    // The index narrows by the same rule as `pass::application::lapse`, which has the last word under the lock.
    let over = sqlx::query_scalar!(
        "select application_id from application
         where site_id = $1 and state = 'in_review' and last_day < $2 order by last_day, application_id",
        site.0,
        today.to_sqlx(),
    )
    .fetch_all(pool)
    .await?;
    let mut lapsed = 0;
    for id in over {
        lapsed += u64::from(lapse_one(pool, site, ApplicationId(id), today, now).await?);
    }
    Ok(lapsed)
}

async fn lapse_one(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    today: Date,
    now: Timestamp,
) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let Some(locked) = lock(&mut transaction, site, id).await? else {
        return Ok(false);
    };
    let Some(to) = pass::application::lapse(locked.state, locked.last_day, today) else {
        return Ok(false);
    };
    let leaving = Leaving {
        to,
        used: false,
        deed: Deed::of(Act::Lapse, None, now),
    };
    leave(&mut transaction, site, &locked, leaving).await?;
    transaction.commit().await?;
    Ok(true)
}
