//! What the office decides about applications, and the history of every act on one.

use crate::{
    AccountId, ApplicationId, Error, Pool, Result, SiteId,
    application::{self, Leaving, Locked},
    claim,
    credential::{self, SignError, Signed, ToSign},
    message, pass_kind, site,
};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{Act, News, PassNumber, Refusal, State};
use sqlx::PgConnection;

/// What came of deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is so now.
    Done {
        /// The pass number, where there is a pass.
        number: Option<PassNumber>,
    },
    /// It is not in a state to be decided so: somebody was first.
    Already {
        /// How it stands.
        state: State,
        /// Who brought it there; absent where the policy did.
        by: Option<AccountId>,
        /// When.
        at: Option<Timestamp>,
    },
    /// Nobody decides his own application.
    Own,
    /// It may still be decided, but not so.
    Refused(Refusal),
}

/// One act in an application's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub act: Act,
    /// By whom; absent where the policy agreed by itself or nobody decided in time.
    pub by: Option<AccountId>,
    /// Their name; may be empty.
    pub name: Option<String>,
    /// What they said.
    pub opinion: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Who decides, and what they say.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// Who.
    pub by: AccountId,
    /// Optional, for the applicant to read.
    pub opinion: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// Agrees to an application and issues its credential, in one transaction. Refused when its last day is over, or its applicant's
/// household is bound to them no more. `None` when the site has no such application. `today` is the site-local day of the decision.
///
/// # Errors
/// [`Error::Signing`] when `sign` fails.
pub async fn agree(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    decision: Decision<'_>,
    today: Date,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError> + Send,
) -> Result<Option<Decided>> {
    let mut transaction = pool.begin().await?;
    // Before the application, in the order in which releasing the binding locks the two.
    let bound = claim::lock_applicants(&mut transaction, site, id).await?;
    let locked = match open(&mut transaction, site, id, Act::Agree, decision.by).await? {
        Some(Ok((locked, _))) => locked,
        Some(Err(outcome)) => return Ok(Some(outcome)),
        None => return Ok(None),
    };
    if let Err(refusal) = pass::application::agree(locked.state, locked.last_day, today) {
        return Ok(Some(Decided::Refused(refusal)));
    }
    if !bound {
        return Ok(Some(Decided::Refused(Refusal::HouseholdNotConfirmed)));
    }
    let kind = pass_kind::get_in(&mut transaction, site, locked.kind).await?;
    let kind = kind
        .ok_or_else(|| Error::unreadable("kind number", &locked.kind.0))?
        .kind;
    let granted = credential::Granted {
        application: id,
        kind_no: locked.kind,
        kind: &kind,
        first_day: locked.first_day,
        last_day: locked.last_day,
        householder: &locked.householder,
    };
    let number = credential::issue(
        &mut transaction,
        site,
        granted,
        Some(decision.by),
        decision.at,
        sign,
    )
    .await?;
    record(
        &mut transaction,
        site,
        id,
        Act::Agree,
        Some(decision.by),
        decision.opinion,
        decision.at,
    )
    .await?;
    let news = News::of(Act::Agree, decision.opinion, Some(number));
    message::tell_applicant(&mut transaction, site, &locked, news, decision.at).await?;
    transaction.commit().await?;
    Ok(Some(Decided::Done { number: Some(number) }))
}

/// Refuses an application, which gives its quota back. `None` when the site has no such application.
pub async fn refuse(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    decision: Decision<'_>,
) -> Result<Option<Decided>> {
    end(pool, site, id, Act::Refuse, decision).await
}

/// Ends an application, also one that was agreed to: its credential is revoked and, unless it was used, its quota given back. `None` when the site has no
/// such application.
pub async fn terminate(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    decision: Decision<'_>,
) -> Result<Option<Decided>> {
    end(pool, site, id, Act::Terminate, decision).await
}

/// [`agree`] to each, every one for itself: what can't be agreed to does not keep the others. In the order given.
///
/// # Errors
/// Only when nothing more can be done: the database or signing failed. What was agreed to before stays.
pub async fn agree_all(
    pool: &Pool,
    site: SiteId,
    ids: &[ApplicationId],
    decision: Decision<'_>,
    today: Date,
    sign: impl Fn(&ToSign<'_>) -> Result<Signed, SignError> + Send + Sync,
) -> Result<Vec<(ApplicationId, Option<Decided>)>> {
    let mut outcomes = Vec::with_capacity(ids.len());
    for &id in ids {
        outcomes.push((id, agree(pool, site, id, decision, today, &sign).await?));
    }
    Ok(outcomes)
}

/// [`refuse`] to each, every one for itself. In the order given.
///
/// # Errors
/// As [`agree_all`].
pub async fn refuse_all(
    pool: &Pool,
    site: SiteId,
    ids: &[ApplicationId],
    decision: Decision<'_>,
) -> Result<Vec<(ApplicationId, Option<Decided>)>> {
    let mut outcomes = Vec::with_capacity(ids.len());
    for &id in ids {
        outcomes.push((id, refuse(pool, site, id, decision).await?));
    }
    Ok(outcomes)
}

/// An application's history, oldest first.
pub async fn history(pool: &Pool, site: SiteId, id: ApplicationId) -> Result<Vec<Step>> {
    let rows = sqlx::query!(
        r#"
        select d.act, d.account_id, a.display_name as "name?", d.opinion, d.decided_at
        from decision d left join account a on a.site_id = d.site_id and a.account_id = d.account_id
        where d.site_id = $1 and d.application_id = $2 order by d.step
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
                by: row.account_id.map(AccountId),
                name: row.name,
                opinion: row.opinion,
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
    act: Act,
    by: Option<AccountId>,
    opinion: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "insert into decision (site_id, application_id, step, act, account_id, opinion, decided_at)
         select $1, $2, coalesce(max(step), 0) + 1, $3, $4, $5, $6
         from decision where site_id = $1 and application_id = $2",
        site.0,
        id.0,
        act.as_str(),
        by.map(|by| by.0),
        opinion,
        now.to_sqlx(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn end(
    pool: &Pool,
    site: SiteId,
    id: ApplicationId,
    act: Act,
    decision: Decision<'_>,
) -> Result<Option<Decided>> {
    let mut transaction = pool.begin().await?;
    let (locked, to) = match open(&mut transaction, site, id, act, decision.by).await? {
        Some(Ok(found)) => found,
        Some(Err(outcome)) => return Ok(Some(outcome)),
        None => return Ok(None),
    };
    let Decision { by, opinion, at } = decision;
    let used = match locked.number {
        Some(number) => credential::lock_used(&mut transaction, site, number).await?,
        None => false,
    };
    let leaving = Leaving {
        to,
        act,
        used,
        by: Some(by),
        opinion,
        at,
    };
    application::leave(&mut transaction, site, &locked, leaving).await?;
    if locked.number.is_some() {
        site::bundle_changed(&mut transaction, site).await?;
    }
    transaction.commit().await?;
    Ok(Some(Decided::Done {
        number: locked.number,
    }))
}

/// Locks an application that may be decided so, and says which state that leads to; or what keeps it from being decided.
async fn open(
    connection: &mut PgConnection,
    site: SiteId,
    id: ApplicationId,
    act: Act,
    by: AccountId,
) -> Result<Option<Result<(Locked, State), Decided>>> {
    let Some(locked) = application::lock(connection, site, id).await? else {
        return Ok(None);
    };
    if locked.applicant == by {
        return Ok(Some(Err(Decided::Own)));
    }
    Ok(Some(match pass::application::next(locked.state, act) {
        Ok(to) => Ok((locked, to)),
        Err(_) => Err(Decided::Already {
            state: locked.state,
            by: locked.decided_by,
            at: locked.decided_at,
        }),
    }))
}
