//! Who is meant by an inbox.

use super::holders;
use crate::{AccountId, ApplicationId, Error, Result, SiteId, account::Place};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::Role;
use sqlx::PgConnection;

/// Whether an inbox is that of an office of the whole site. Those work through their list all day; a message for each application would
/// be one too many. They are told when one waits too long.
pub(crate) fn is_a_desks(inbox: &str) -> bool {
    inbox.ends_with("@site")
}

/// The people in whose inbox something lies: the one whose own it is, or who hold its role there, never the applicant; and who stands in
/// for them at this moment.
pub(crate) async fn people(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
    inbox: &str,
    now: Timestamp,
) -> Result<Vec<AccountId>> {
    let unreadable = || Error::unreadable("inbox", inbox);
    let (mut one, mut roles, mut unit) = (None, Vec::new(), None);
    if let Some(account) = inbox.strip_prefix("account:") {
        one = Some(account.parse::<AccountId>().map_err(|_| unreadable())?.0);
    } else {
        let (seat, place) = inbox.split_once('@').ok_or_else(unreadable)?;
        roles = holders(Role::parse(seat).map_err(|_| unreadable())?);
        if let Place::Unit(there) = place.parse().map_err(|_| unreadable())? {
            unit = Some(there.0);
        }
    }
    let rows = sqlx::query_scalar!(
        r#"
        with own as (
            select $3::uuid as account_id where $3 is not null
            union
            select account_id from role_grant
            where site_id = $1 and role = any ($4) and zone_no is null and unit_id is not distinct from $5
        )
        select account_id as "account_id!" from (
            select account_id from own
            union
            select d.to_id from delegation d join own on own.account_id = d.from_id
            where d.site_id = $1 and d.starts_at <= $6 and d.ends_at > $6 and d.ended_at is null
        ) everybody
        where account_id <> (select applicant_id from application where site_id = $1 and application_id = $2)
        order by account_id
        "#,
        site.0,
        id.0,
        one,
        &roles,
        unit,
        now.to_sqlx(),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(AccountId).collect())
}
