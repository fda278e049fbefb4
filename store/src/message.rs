//! The outbox: messages are written in the transaction of what caused them, and sent by a job afterwards.

mod guest;
mod outbox;
mod tell;

pub(crate) use guest::{has_moved, has_pass, is_over, tell_guest};
pub use outbox::{Due, FIRST_WAIT, TRIES, claim_due, expire, failed, given_up, sent};
pub use tell::tell;
pub(crate) use tell::{tell_applicant, tell_deciders};

use crate::{AccountId, Cursor, Error, MessageId, Page, Pool, Result, SiteId, page};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::{Channel, Language, Notice};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// What [`Message::kind`] says of a code: its text is for its recipient alone.
pub const CODE: &str = "code";

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In words already.
    Written {
        /// A mail's.
        subject: Option<String>,
        /// The words.
        body: String,
    },
    /// Facts, to be put into words in a language.
    Notice(Notice, Language),
}

/// A message as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub id: MessageId,
    /// By which way it goes.
    pub channel: Channel,
    /// The telephone number, the mail address, or the name of the browser's subscription.
    pub recipient: String,
    /// [`CODE`], or the notice's kind.
    pub kind: String,
    /// What it says.
    pub content: Content,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was handed over.
    pub sent_at: Option<Timestamp>,
    /// When it was given up.
    pub failed_at: Option<Timestamp>,
    /// When it is of no use any more.
    pub expires_at: Option<Timestamp>,
    /// How often sending was tried.
    pub attempts: i16,
    /// What the last try met: a word, and what there is to say besides.
    pub last_error: Option<String>,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is still to be sent.
    Waiting,
    /// It was handed over.
    Sent,
    /// It was given up.
    Failed,
}

impl Standing {
    /// Every one.
    pub const ALL: [Standing; 3] = [Standing::Waiting, Standing::Sent, Standing::Failed];

    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Waiting => "waiting",
            Standing::Sent => "sent",
            Standing::Failed => "failed",
        }
    }
}

impl Message {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match (self.sent_at, self.failed_at) {
            (Some(_), _) => Standing::Sent,
            (None, Some(_)) => Standing::Failed,
            (None, None) => Standing::Waiting,
        }
    }

    /// Whether it was given up and is of use still.
    pub fn may_be_tried_again(&self, now: Timestamp) -> bool {
        self.standing() == Standing::Failed && self.expires_at.is_none_or(|end| end > now)
    }
}

/// Which messages are asked for. Everything given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub standing: Option<Standing>,
    /// By which way they go.
    pub channel: Option<Channel>,
}

/// A code that is to be sent, in words already.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// By which way.
    pub channel: Channel,
    /// The telephone number or the mail address.
    pub recipient: &'a str,
    /// Whose it is, where that is known.
    pub account: Option<AccountId>,
    /// A mail's.
    pub subject: Option<&'a str>,
    /// What it says.
    pub body: &'a str,
    /// Until when it works; later it is not sent any more.
    pub until: Timestamp,
}

/// Writes a code in the caller's transaction.
pub async fn write_code(
    connection: &mut PgConnection,
    site: SiteId,
    code: Code<'_>,
    now: Timestamp,
) -> Result<MessageId> {
    let id = MessageId::new();
    sqlx::query!(
        "insert into message (site_id, message_id, channel, recipient, account_id, kind, subject, body, cause,
             created_at, due_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $2, $9, $9, $10)",
        site.0,
        id.0,
        code.channel.as_str(),
        code.recipient,
        code.account.map(|account| account.0),
        CODE,
        code.subject,
        code.body,
        now.to_sqlx(),
        code.until.to_sqlx(),
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// The site's messages, newest first.
pub async fn list(pool: &Pool, site: SiteId, after: Option<Cursor>, limit: u16) -> Result<Page<Message>> {
    search(pool, site, Filter::default(), after, limit).await
}

/// Those of the site's messages that are asked for, newest first.
pub async fn search(
    pool: &Pool,
    site: SiteId,
    filter: Filter,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page<Message>> {
    let (at, id) = page::parts(after);
    let mut reading = page::reading(pool).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"
        select message_id, channel, recipient, kind, subject, body, notice as "notice: Json<Notice>", language,
            created_at, sent_at, failed_at, expires_at, attempts, last_error
        from message
        where site_id = $1 and ($2::timestamptz is null or (created_at, message_id) < ($2, $3::uuid))
            and ($4::text is null or channel = $4)
            and ($5::text is null or $5 = case
                when sent_at is not null then 'sent' when failed_at is not null then 'failed' else 'waiting' end)
        order by created_at desc, message_id desc limit $6
        "#,
        site.0,
        at as _,
        id,
        filter.channel.map(Channel::as_str),
        filter.standing.map(Standing::as_str),
        page::ask(limit),
    )
    .fetch_all(&mut *reading)
    .await?;
    let rows = rows
        .into_iter()
        .map(Message::try_from)
        .collect::<Result<Vec<_>>>()?;
    Ok(page::page(rows, limit, |row: &Message| Cursor {
        at: row.created_at,
        id: row.id.0,
    }))
}

/// How many were given up.
pub async fn failed_count(pool: &Pool, site: SiteId) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from message
           where site_id = $1 and failed_at is not null and sent_at is null"#,
        site.0,
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

/// Lets what was given up be sent again from now on: one message, or every one. What is of no use any more stays given up. Returns
/// how many.
pub async fn try_again(pool: &Pool, site: SiteId, id: Option<MessageId>, now: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "update message set failed_at = null, due_at = $3, attempts_before = attempts
         where site_id = $1 and ($2::uuid is null or message_id = $2)
             and failed_at is not null and sent_at is null and (expires_at is null or expires_at > $3)",
        site.0,
        id.map(|id| id.0),
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets what was sent or given up before an instant: messages hold telephone numbers and codes. Returns how many.
pub async fn purge(pool: &Pool, site: SiteId, before: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from message
         where site_id = $1 and created_at < $2 and (sent_at is not null or failed_at is not null)",
        site.0,
        before.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// What a row of the outbox says.
fn content(
    subject: Option<String>,
    body: Option<String>,
    notice: Option<Json<Notice>>,
    language: &str,
) -> Result<Content> {
    match (body, notice) {
        (Some(body), _) => Ok(Content::Written { subject, body }),
        (None, Some(Json(notice))) => Ok(Content::Notice(notice, spoken(language)?)),
        (None, None) => Err(Error::unreadable("message", "nothing")),
    }
}

/// A channel as the database has it.
pub(crate) fn channel(name: &str) -> Result<Channel> {
    name.parse().map_err(|_| Error::unreadable("channel", name))
}

/// A language as the database has it.
pub(crate) fn spoken(name: &str) -> Result<Language> {
    match name {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        other => Err(Error::unreadable("language", other)),
    }
}

/// A language's name in the database.
pub(crate) fn written(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
    }
}

struct Row {
    message_id: Uuid,
    channel: String,
    recipient: String,
    kind: String,
    subject: Option<String>,
    body: Option<String>,
    notice: Option<Json<Notice>>,
    language: String,
    created_at: jiff_sqlx::Timestamp,
    sent_at: Option<jiff_sqlx::Timestamp>,
    failed_at: Option<jiff_sqlx::Timestamp>,
    expires_at: Option<jiff_sqlx::Timestamp>,
    attempts: i16,
    last_error: Option<String>,
}

impl TryFrom<Row> for Message {
    type Error = Error;

    fn try_from(row: Row) -> Result<Message> {
        Ok(Message {
            id: MessageId(row.message_id),
            channel: channel(&row.channel)?,
            recipient: row.recipient,
            kind: row.kind,
            content: content(row.subject, row.body, row.notice, &row.language)?,
            created_at: row.created_at.to_jiff(),
            sent_at: row.sent_at.map(|at| at.to_jiff()),
            failed_at: row.failed_at.map(|at| at.to_jiff()),
            expires_at: row.expires_at.map(|at| at.to_jiff()),
            attempts: row.attempts,
            last_error: row.last_error,
        })
    }
}
