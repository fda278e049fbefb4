//! The lists of inboxes (待审核, 已审核).

use crate::{
    AccountId, ApplicationId, Cursor, Error, Page, Pool, Result, SiteId,
    application::{self, Application},
    page,
};
use jiff::Timestamp;
use pass::{Act, KindKey, Role};
use std::collections::HashMap;

/// What narrows the lists. Everything given must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Of this kind, whatever the version.
    pub kind: Option<&'a KindKey>,
    /// Of this community.
    pub community: Option<&'a str>,
    /// Whose holder, door or number begins with this.
    pub text: Option<&'a str>,
}

impl Filter<'_> {
    /// The pattern of `text`; an empty text narrows nothing.
    pub(crate) fn pattern(&self) -> Option<String> {
        self.text
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(crate::begins_with)
    }
}

/// A task of an application, open or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Counts the steps that the application came to.
    pub visit: i16,
    /// The step's key.
    pub step: String,
    /// Which seat of the step.
    pub seat: i16,
    /// Whether those have it whom a deadline called in.
    pub called_in: bool,
    /// Where it lies.
    pub inbox: String,
    /// The role looked for; absent for one person's own.
    pub role: Option<Role>,
    /// Who sits there: of a role's seat everybody who holds it, by name.
    pub holders: Vec<String>,
    /// Since when.
    pub opened_at: Timestamp,
    /// Until when it is to be decided.
    pub due_at: Option<Timestamp>,
    /// When it closed.
    pub closed_at: Option<Timestamp>,
    /// What was decided here; absent while it is open, and where it closed because of another.
    pub act: Option<Act>,
    /// Who decided.
    pub closed_by: Option<AccountId>,
}

/// Tasks `t` with their applications that a condition picks, as where an index reads them.
macro_rules! listed {
    ($at:literal, $which:literal, $order:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query!(
            r#"select t.application_id, t."# + $at + r#" as "at!" from task t
               join application a on a.site_id = t.site_id and a.application_id = t.application_id
               where t.site_id = $1 and t.inbox = $2 and "# + $which + r#"
                   and ($3::text is null or t.kind_key = $3)
                   and ($4::text is null or t.community = $4)
                   and ($5::text is null or a.holder like $5 or a.door like $5 or a.number like $5)
                   and ($6::timestamptz is null or "# + $order,
            $($argument),+
        )
    };
}

/// The applications with an open task in one of the inboxes, those first that have waited longest.
pub async fn open(
    pool: &Pool,
    site: SiteId,
    inboxes: &[String],
    filter: &Filter<'_>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Application>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let mut found: Vec<Cursor> = Vec::new();
    // Each inbox by itself: its index gives its first rows, and few have more than two or three.
    for inbox in inboxes {
        let rows = listed!(
            "opened_at",
            "t.closed_at is null",
            "(t.opened_at, t.application_id) > ($6, $7::uuid))
             order by t.opened_at, t.application_id limit $8",
            site.0,
            inbox,
            filter.kind.map(KindKey::as_str),
            filter.community,
            filter.pattern(),
            at as _,
            id,
            page::ask(limit),
        )
        .fetch_all(&mut *reading)
        .await?;
        found.extend(rows.into_iter().map(|row| Cursor {
            at: row.at.to_jiff(),
            id: row.application_id,
        }));
    }
    drop(reading);
    found.sort_by_key(|row| (row.at, row.id));
    read(pool, site, found, limit).await
}

/// The applications about which something was decided in one of the inboxes, the latest first.
pub async fn done(
    pool: &Pool,
    site: SiteId,
    inboxes: &[String],
    filter: &Filter<'_>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Application>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let mut found: Vec<Cursor> = Vec::new();
    for inbox in inboxes {
        let rows = listed!(
            "closed_at",
            "t.act is not null",
            "(t.closed_at, t.application_id) < ($6, $7::uuid))
             order by t.closed_at desc, t.application_id desc limit $8",
            site.0,
            inbox,
            filter.kind.map(KindKey::as_str),
            filter.community,
            filter.pattern(),
            at as _,
            id,
            page::ask(limit),
        )
        .fetch_all(&mut *reading)
        .await?;
        found.extend(rows.into_iter().map(|row| Cursor {
            at: row.at.to_jiff(),
            id: row.application_id,
        }));
    }
    drop(reading);
    found.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    read(pool, site, found, limit).await
}

/// The applications of a page of places in a list that is in order. One that lies in two inboxes stands once, where it came first.
async fn read(pool: &Pool, site: SiteId, found: Vec<Cursor>, limit: u16) -> Result<Page<Application>> {
    let mut seen = std::collections::HashSet::new();
    let places: Vec<Cursor> = found.into_iter().filter(|place| seen.insert(place.id)).collect();
    let Page { rows, next } = page::page(places, limit, |place| *place);
    let ids: Vec<_> = rows.iter().map(|place| ApplicationId(place.id)).collect();
    let mut applications: HashMap<ApplicationId, Application> = application::these(pool, site, &ids)
        .await?
        .into_iter()
        .map(|one| (one.id, one))
        .collect();
    Ok(Page {
        rows: ids.iter().filter_map(|id| applications.remove(id)).collect(),
        next,
    })
}

/// Whether anything ever lay in one of the inboxes.
pub async fn any(pool: &Pool, site: SiteId, inboxes: &[String]) -> Result<bool> {
    let any = sqlx::query_scalar!(
        r#"select exists (select from unnest($2::text[]) i (inbox), lateral (
               select from task t where t.site_id = $1 and t.inbox = i.inbox
                   and (t.closed_at is null or t.act is not null) limit 1
           ) t) as "any!""#,
        site.0,
        inboxes,
    )
    .fetch_one(pool)
    .await?;
    Ok(any)
}

/// How many applications lie open in the inboxes, counted no further than `most`: a hundred thousand take longer to count than a page of
/// them to read.
pub async fn count(pool: &Pool, site: SiteId, inboxes: &[String], most: u16) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
               select from unnest($2::text[]) i (inbox), lateral (
                   select from task t where t.site_id = $1 and t.inbox = i.inbox and t.closed_at is null limit $3
               ) t limit $3
           ) t"#,
        site.0,
        inboxes,
        i64::from(most),
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

/// Every task of an application, in the order in which they were opened.
pub async fn of_application(pool: &Pool, site: SiteId, id: ApplicationId) -> Result<Vec<Task>> {
    let rows = sqlx::query!(
        r#"
        select t.visit, t.step, t.seat, t.rank, t.inbox, t.role, t.opened_at, t.due_at, t.closed_at, t.act, t.closed_by,
            array(
                select distinct a.display_name from account a
                where a.site_id = t.site_id and a.disabled_at is null and a.account_id <> t.applicant_id and (
                    t.inbox = 'account:' || a.account_id
                    or exists (
                        select from role_grant g
                        where g.site_id = t.site_id and g.account_id = a.account_id and g.zone_no is null
                            and t.role is not null
                            and (g.role = t.role or t.role = 'unit_head' and g.role = 'unit_deputy')
                            and g.unit_id is not distinct from
                                substring(t.inbox from '@unit-(.*)$')::uuid
                    )
                )
                order by a.display_name limit 20
            ) as "holders!"
        from task t where t.site_id = $1 and t.application_id = $2
        order by t.visit, t.seat, t.rank
        "#,
        site.0,
        id.0,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let role = row.role.as_deref().map(Role::parse).transpose();
            let act = row.act.as_deref().map(str::parse).transpose();
            Ok(Task {
                visit: row.visit,
                step: row.step,
                seat: row.seat,
                called_in: row.rank > 0,
                inbox: row.inbox,
                role: role.map_err(|name| Error::unreadable("role", &name))?,
                holders: row.holders,
                opened_at: row.opened_at.to_jiff(),
                due_at: row.due_at.map(|at| at.to_jiff()),
                closed_at: row.closed_at.map(|at| at.to_jiff()),
                act: act.map_err(|_| Error::unreadable("act", &row.act.unwrap_or_default()))?,
                closed_by: row.closed_by.map(AccountId),
            })
        })
        .collect()
}

/// How many tasks lie open where nobody could decide: of a role that nobody there holds. What an administrator has to mend.
pub async fn waiting_for_nobody(pool: &Pool, site: SiteId) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"
        select coalesce(sum(held.open) filter (where not held.anybody), 0)::bigint as "count!"
        from (
            select count(*) as open, exists (
                select from role_grant g join account a on a.site_id = g.site_id and a.account_id = g.account_id
                where g.site_id = $1 and a.disabled_at is null and g.zone_no is null
                    and (g.role = t.role or t.role = 'unit_head' and g.role = 'unit_deputy')
                    and g.unit_id is not distinct from substring(t.inbox from '@unit-(.*)$')::uuid
            ) as anybody
            from task t where t.site_id = $1 and t.closed_at is null and t.role is not null
            group by t.inbox, t.role
        ) held
        "#,
        site.0,
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}
