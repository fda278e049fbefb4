//! The history of every act on an application.

use crate::{AccountId, ApplicationId, Error, Pool, Result, SiteId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Act, Moved};
use sqlx::{PgConnection, types::Json};

/// One act in an application's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub act: Act,
    /// At which step of the flow.
    pub step: Option<String>,
    /// By whom; absent where the policy agreed by itself or nobody decided in time.
    pub by: Option<AccountId>,
    /// Their name; may be empty.
    pub name: Option<String>,
    /// The name of the one they stood in for.
    pub of: Option<String>,
    /// What they said.
    pub opinion: Option<String>,
    /// From where to where it was moved, where that is what was done.
    pub moved: Option<Moved>,
    /// When.
    pub at: Timestamp,
}

/// An act, for the history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed<'a> {
    pub act: Act,
    /// Whose; nobody's where the policy acted.
    pub by: Option<AccountId>,
    /// Whom they stood in for.
    pub of: Option<AccountId>,
    /// At which step of the flow.
    pub step: Option<&'a str>,
    pub opinion: Option<&'a str>,
    /// From where to where it was moved.
    pub moved: Option<&'a Moved>,
    pub at: Timestamp,
}

impl Deed<'_> {
    /// An act outside the flow, of which nothing is said.
    pub(crate) fn of(act: Act, by: Option<AccountId>, at: Timestamp) -> Deed<'static> {
        Deed {
            act,
            by,
            of: None,
            step: None,
            opinion: None,
            moved: None,
            at,
        }
    }
}

/// An application's history, oldest first.
pub async fn history(pool: &Pool, site: SiteId, id: ApplicationId) -> Result<Vec<Step>> {
    let rows = sqlx::query!(
        r#"
        select d.act, d.step, d.account_id, a.display_name as "name?", f.display_name as "of?", d.opinion,
            d.moved as "moved: Json<Moved>", d.decided_at
        from decision d
        left join account a on a.site_id = d.site_id and a.account_id = d.account_id
        left join account f on f.site_id = d.site_id and f.account_id = d.for_id
        where d.site_id = $1 and d.application_id = $2 order by d.no
        "#,
        site.0,
        id.0,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Step {
                act: row.act.parse().map_err(|_| Error::unreadable("act", &row.act))?,
                step: row.step,
                by: row.account_id.map(AccountId),
                name: row.name,
                of: row.of,
                opinion: row.opinion,
                moved: row.moved.map(|moved| moved.0),
                at: row.decided_at.to_jiff(),
            })
        })
        .collect()
}

/// Adds an act to the history of an application that the caller has locked or just made.
pub(crate) async fn record(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
    deed: &Deed<'_>,
) -> Result<()> {
    sqlx::query!(
        "insert into decision (site_id, application_id, no, act, account_id, for_id, step, opinion, decided_at, moved)
         select $1, $2, coalesce(max(no), 0) + 1, $3, $4, $5, $6, $7, $8, $9
         from decision where site_id = $1 and application_id = $2",
        site.0,
        id.0,
        deed.act.as_str(),
        deed.by.map(|by| by.0),
        deed.of.map(|of| of.0),
        deed.step,
        deed.opinion,
        deed.at.to_sqlx(),
        deed.moved.map(Json) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
