//! All that is open in somebody's inboxes, by name alone: what is decided at once beyond a page.

use super::Filter;
use crate::{AccountId, ApplicationId, Pool, Result, SiteId};
use pass::KindKey;

/// The names of the applications with an open task in one of the inboxes, those first that have waited longest, at most `limit`; and how many
/// there are in all. Without the applications of `own`, who decides none of them.
pub async fn matching(
    pool: &Pool,
    site: SiteId,
    inboxes: &[String],
    filter: &Filter<'_>,
    own: AccountId,
    limit: u16,
) -> Result<(Vec<ApplicationId>, u64)> {
    let rows = sqlx::query!(
        r#"select t.application_id, count(*) over () as "all!"
           from task t
           join application a on a.site_id = t.site_id and a.application_id = t.application_id
           where t.site_id = $1 and t.inbox = any ($2) and t.closed_at is null and a.applicant_id <> $3
               and ($4::text is null or t.kind_key = $4)
               and ($5::text is null or t.community = $5)
               and ($6::text is null or a.holder like $6 or a.door like $6 or a.number like $6)
           group by t.application_id
           order by min(t.opened_at), t.application_id limit $7"#,
        site.0,
        inboxes,
        own.0,
        filter.kind.map(KindKey::as_str),
        filter.community,
        filter.pattern(),
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    let all = rows.first().map_or(0, |row| row.all.unsigned_abs());
    let names = rows.into_iter().map(|row| ApplicationId(row.application_id));
    Ok((names.collect(), all))
}
