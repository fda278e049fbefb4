//! Drafts (草稿): applications half written, kept for whoever writes them until they are handed in, thrown away or forgotten.
//!
//! A draft bears the name of the form that will send it (`request_id`), so that handing in ends it in the same transaction ([`sent`]), and
//! what a slow network still brings afterwards does not bring it back ([`save`]).

use crate::{AccountId, ApplicationId, Pool, Result, SiteId, pass_kind};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{KindKey, KindNo};
use serde::Serialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// A kept draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The form's name for what it will send.
    pub id: Uuid,
    /// The kind's key.
    pub kind_key: String,
    /// The version that it was written in.
    pub kind: KindNo,
    /// What was typed, as the form wrote it.
    pub content: serde_json::Value,
    /// Which tab wrote it last.
    pub writer: Uuid,
    /// Raised by every change.
    pub revision: i32,
    /// When it was last changed.
    pub saved_at: Timestamp,
}

/// What is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewDraft<'a, C> {
    /// The form's name for what it will send.
    pub id: Uuid,
    /// Who writes it.
    pub account: AccountId,
    /// The kind's key.
    pub kind_key: &'a KindKey,
    /// The version of the form.
    pub kind: KindNo,
    /// What was typed.
    pub content: &'a C,
    /// The files among it.
    pub files: &'a [Uuid],
    /// Which tab writes it.
    pub writer: Uuid,
    /// The revision that the writer began from; none for what is new.
    pub base: Option<i32>,
    /// Whether it is kept also where another tab has changed it since: asked for by a person, never by itself.
    pub over: bool,
}

/// What came of keeping a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is kept, in this revision.
    Kept(i32),
    /// Another tab or device has changed it since, or thrown it away; nothing was done.
    Changed,
    /// The form was handed in: there is an application now, and no draft.
    Sent(ApplicationId),
    /// There are as many of the kind as one keeps.
    Full,
    /// The name is another person's draft.
    NotTheirs,
}

/// Keeps a draft, or what has changed of it. The newer wins: what the tab that wrote last holds is never older than what is here, and
/// everybody else must have begun from the revision that is here.
pub async fn save<C: Serialize + Sync>(
    pool: &Pool,
    site: SiteId,
    new: NewDraft<'_, C>,
    now: Timestamp,
) -> Result<Saved> {
    let mut transaction = pool.begin().await?;
    // Handing in refers to the account while it writes its application, so it and this wait for each other; and two that begin a
    // draft at once are counted one after the other.
    sqlx::query!(
        "select account_id from account where site_id = $1 and account_id = $2 for update",
        site.0,
        new.account.0,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let sent = sqlx::query_scalar!(
        "select application_id from application where site_id = $1 and applicant_id = $2 and request_id = $3",
        site.0,
        new.account.0,
        new.id,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(application) = sent {
        return Ok(Saved::Sent(ApplicationId(application)));
    }
    let there = sqlx::query!(
        "select account_id, writer, revision from draft where site_id = $1 and draft_id = $2 for update",
        site.0,
        new.id,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    match &there {
        Some(there) if there.account_id != new.account.0 => return Ok(Saved::NotTheirs),
        Some(there) => {
            let newest = there.writer == new.writer || new.base == Some(there.revision);
            if !newest && !new.over {
                return Ok(Saved::Changed);
            }
        }
        None if new.base.is_some() && !new.over => return Ok(Saved::Changed),
        None => {
            let count = sqlx::query_scalar!(
                r#"select count(*) as "count!" from draft where site_id = $1 and account_id = $2 and kind_key = $3"#,
                site.0,
                new.account.0,
                new.kind_key.as_str(),
            )
            .fetch_one(&mut *transaction)
            .await?;
            if count >= i64::from(pass::draft::MOST_OF_KIND) {
                return Ok(Saved::Full);
            }
        }
    }
    let revision = sqlx::query_scalar!(
        "insert into draft as d (site_id, draft_id, account_id, kind_key, kind_no, content, writer, created_at, saved_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         on conflict (site_id, draft_id) do update set
             kind_key = excluded.kind_key, kind_no = excluded.kind_no, content = excluded.content,
             writer = excluded.writer, revision = d.revision + 1, saved_at = excluded.saved_at
         where d.account_id = excluded.account_id
         returning revision",
        site.0,
        new.id,
        new.account.0,
        new.kind_key.as_str(),
        i32::from(new.kind.0),
        Json(new.content) as _,
        new.writer,
        now.to_sqlx(),
    )
    .fetch_optional(&mut *transaction)
    .await?;
    // Somebody else's came under this name at the same moment.
    let Some(revision) = revision else {
        return Ok(Saved::NotTheirs);
    };
    sqlx::query!(
        "update attachment set draft_id = case when attachment_id = any ($4) then $3::uuid end
         where site_id = $1 and account_id = $2
             and (draft_id = $3 or attachment_id = any ($4) and application_id is null and condemned_at is null)",
        site.0,
        new.account.0,
        new.id,
        new.files,
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Saved::Kept(revision))
}

/// Somebody's draft. `None` when it is nobody's or somebody else's.
pub async fn get(pool: &Pool, site: SiteId, account: AccountId, id: Uuid) -> Result<Option<Draft>> {
    let row = sqlx::query_as!(
        Row,
        "select draft_id, kind_key, kind_no, content, writer, revision, saved_at
         from draft where site_id = $1 and account_id = $2 and draft_id = $3",
        site.0,
        account.0,
        id,
    )
    .fetch_optional(pool)
    .await?;
    row.map(Draft::try_from).transpose()
}

/// Somebody's drafts that were last changed in a span of time, the latest first. There are never many.
pub async fn mine(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<Vec<Draft>> {
    let rows = sqlx::query_as!(
        Row,
        "select draft_id, kind_key, kind_no, content, writer, revision, saved_at
         from draft where site_id = $1 and account_id = $2
             and ($3::timestamptz is null or saved_at >= $3) and ($4::timestamptz is null or saved_at < $4)
         order by saved_at desc, draft_id desc limit 500",
        site.0,
        account.0,
        from.map(|at| at.to_sqlx()) as _,
        until.map(|at| at.to_sqlx()) as _,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Draft::try_from).collect()
}

/// Throws a draft away; its files go with those that nothing names. False when there is none like that, for instance because it is
/// thrown away already.
pub async fn discard(pool: &Pool, site: SiteId, account: AccountId, id: Uuid) -> Result<bool> {
    let done = sqlx::query!(
        "delete from draft where site_id = $1 and account_id = $2 and draft_id = $3",
        site.0,
        account.0,
        id,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The form was handed in, in the caller's transaction, which has written its application already.
pub(crate) async fn sent(
    connection: &mut PgConnection,
    site: SiteId,
    account: AccountId,
    id: Uuid,
) -> Result<()> {
    sqlx::query!(
        "delete from draft where site_id = $1 and account_id = $2 and draft_id = $3",
        site.0,
        account.0,
        id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets those that nobody has changed since an instant: they hold what people say of themselves. Returns how many.
pub async fn purge(pool: &Pool, site: SiteId, before: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from draft where site_id = $1 and saved_at < $2",
        site.0,
        before.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

struct Row {
    draft_id: Uuid,
    kind_key: String,
    kind_no: i32,
    content: serde_json::Value,
    writer: Uuid,
    revision: i32,
    saved_at: jiff_sqlx::Timestamp,
}

impl TryFrom<Row> for Draft {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Draft> {
        Ok(Draft {
            id: row.draft_id,
            kind_key: row.kind_key,
            kind: pass_kind::kind_no(row.kind_no)?,
            content: row.content,
            writer: row.writer,
            revision: row.revision,
            saved_at: row.saved_at.to_jiff(),
        })
    }
}
