//! Credentials (通行凭证): issuing inside the transaction that agrees, revoking, and what the status list is made of.

use crate::{AccountId, ApplicationId, Error, Pool, Result, SiteId, pass_kind, site};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use pass::{Claims, Credential, KindNo, Medium, PassKind, PassNumber, Status, Uses};
use sqlx::PgConnection;
use uuid::Uuid;

/// Why the caller could not sign.
pub type SignError = Box<dyn std::error::Error + Send + Sync>;

/// What an application was agreed to for.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'a> {
    /// The application.
    pub application: ApplicationId,
    /// The number of the kind's version.
    pub kind_no: KindNo,
    /// The kind it began with.
    pub kind: &'a PassKind,
    /// The first site-local day of validity.
    pub first_day: Date,
    /// The last one.
    pub last_day: Date,
    /// Whose name it bears, not masked; a vehicle's plate.
    pub holder: &'a str,
}

/// What is to be signed, now that its number is known.
#[derive(Clone, Copy, Debug)]
pub struct ToSign<'a> {
    /// The pass number. It is this credential's if the transaction commits, and nobody's otherwise.
    pub number: PassNumber,
    /// What it is for.
    pub granted: Granted<'a>,
}

/// What the caller signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The claims, with the number that was given.
    pub claims: Claims,
    /// The claims signed.
    pub credential: Credential,
}

/// A credential as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Its number in the site.
    pub number: PassNumber,
    /// The application that led to it.
    pub application: ApplicationId,
    /// Who may show it.
    pub holder: AccountId,
    /// The version of the pass kind.
    pub kind: KindNo,
    /// How often it admits.
    pub uses: Uses,
    /// The masked name.
    pub name: String,
    /// Since when it is valid.
    pub valid_from: Timestamp,
    /// The first instant at which it no longer is.
    pub valid_until: Timestamp,
    /// The signed bytes.
    pub credential: Credential,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// How often it was used, as far as the server knows.
    pub redemptions: u32,
    /// When it was first used.
    pub redeemed_at: Option<Timestamp>,
    /// Whether nothing is left of it, as far as the server knows.
    pub spent: bool,
}

/// What a status list is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusContent {
    /// The lowest number of a pass that is not over; the next to be issued when all are.
    pub first: PassNumber,
    /// Every number that is revoked or used up and not over, ascending.
    pub statuses: Vec<(PassNumber, Status)>,
}

/// Issues the credential of an application that is in review and locked, or just made, and completes the application: takes the site's
/// next number, has the claims signed, stores them. `by` is absent where the policy agreed.
pub(crate) async fn issue(
    connection: &mut PgConnection,
    site: SiteId,
    granted: Granted<'_>,
    by: Option<AccountId>,
    now: Timestamp,
    sign: impl FnOnce(&ToSign<'_>) -> Result<Signed, SignError>,
) -> Result<PassNumber> {
    // The counter stays locked until the caller's transaction ends: numbers are given one after the other, without gaps.
    let no = sqlx::query_scalar!(
        r#"update site_counter set next_pass_number = next_pass_number + 1
           where site_id = $1 returning next_pass_number - 1 as "no!""#,
        site.0,
    )
    .fetch_one(&mut *connection)
    .await?;
    let number = number(no)?;
    let Signed { claims, credential } = sign(&ToSign { number, granted }).map_err(Error::Signing)?;
    if claims.number != number || claims.kind != granted.kind_no {
        return Err(Error::Signing(
            "the claims signed are not the ones asked for".into(),
        ));
    }
    sqlx::query!(
        "insert into credential
             (site_id, pass_number, application_id, kind_no, medium, uses, name, valid_from, valid_until,
              bytes, issued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        site.0,
        no,
        granted.application.0,
        i32::from(granted.kind_no.0),
        match claims.medium {
            Medium::Phone => "phone",
            Medium::Paper => "paper",
        },
        match claims.uses {
            Uses::Once => "once",
            Uses::Pair => "pair",
            Uses::Many => "many",
        },
        claims.name,
        claims.valid_from.to_sqlx(),
        claims.valid_until.to_sqlx(),
        credential.as_bytes(),
        now.to_sqlx(),
    )
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query!(
        "update application set state = 'completed', decided_at = $3, decided_by = $4, pass_number = $5
         where site_id = $1 and application_id = $2 and state = 'in_review'",
        site.0,
        granted.application.0,
        now.to_sqlx(),
        by.map(|by| by.0),
        no,
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 {
        Ok(number)
    } else {
        Err(Error::unreadable(
            "state of an application under lock",
            &granted.application,
        ))
    }
}

/// Whether a pass has been used, known until the caller's transaction ends: no upload can mark it meanwhile.
pub(crate) async fn lock_used(
    connection: &mut PgConnection,
    site: SiteId,
    number: PassNumber,
) -> Result<bool> {
    let redemptions = sqlx::query_scalar!(
        "select redemptions from credential where site_id = $1 and pass_number = $2 for update",
        site.0,
        stored(number),
    )
    .fetch_one(connection)
    .await?;
    Ok(redemptions > 0)
}

/// Revokes inside the caller's transaction, which raises the bundle's version. False when it was revoked before.
pub(crate) async fn revoke_in(
    connection: &mut PgConnection,
    site: SiteId,
    number: PassNumber,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "update credential set revoked_at = $3, revoked_by = $4
         where site_id = $1 and pass_number = $2 and revoked_at is null",
        site.0,
        stored(number),
        now.to_sqlx(),
        by.map(|by| by.0),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Revokes a credential; its application stays completed. False when it was revoked before or there is none.
pub async fn revoke(
    pool: &Pool,
    site: SiteId,
    number: PassNumber,
    by: AccountId,
    now: Timestamp,
) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let revoked = revoke_in(&mut transaction, site, number, Some(by), now).await?;
    if revoked {
        site::bundle_changed(&mut transaction, site).await?;
    }
    transaction.commit().await?;
    Ok(revoked)
}

/// The credentials `c` that a clause picks.
macro_rules! credentials {
    ($which:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            "select c.pass_number, c.application_id, a.applicant_id, c.kind_no, c.uses, c.name, c.valid_from,
                 c.valid_until, c.bytes, c.issued_at, c.revoked_at, c.redemptions, c.redeemed_at, c.spent
             from credential c
             join application a on a.site_id = c.site_id and a.application_id = c.application_id
             " + $which,
            $($argument),+
        )
    };
}

/// A credential by its number.
pub async fn get(pool: &Pool, site: SiteId, number: PassNumber) -> Result<Option<Issued>> {
    let row = credentials!(
        "where c.site_id = $1 and c.pass_number = $2",
        site.0,
        stored(number)
    )
    .fetch_optional(pool)
    .await?;
    row.map(Issued::try_from).transpose()
}

/// The credential of an application.
pub async fn by_application(pool: &Pool, site: SiteId, id: ApplicationId) -> Result<Option<Issued>> {
    let row = credentials!("where c.site_id = $1 and c.application_id = $2", site.0, id.0)
        .fetch_optional(pool)
        .await?;
    row.map(Issued::try_from).transpose()
}

/// The credentials that somebody may still show, their own and those that somebody else got them as a guest by their telephone: neither over
/// nor revoked nor used up, the next one first.
pub async fn showable(pool: &Pool, site: SiteId, holder: AccountId, now: Timestamp) -> Result<Vec<Issued>> {
    let rows = credentials!(
        "where c.site_id = $1 and (a.applicant_id = $2 or a.holder_phone = (
                 select phone from account where site_id = $1 and account_id = $2
             )) and c.valid_until > $3 and c.revoked_at is null
             and not c.spent
         order by c.valid_from, c.pass_number",
        site.0,
        holder.0,
        now.to_sqlx(),
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Issued::try_from).collect()
}

/// The status list's content at `now`. Read [`bundle_version`](site::bundle_version) before it, so that the version never claims more than
/// the list has.
pub async fn status(pool: &Pool, site: SiteId, now: Timestamp) -> Result<StatusContent> {
    let first = sqlx::query_scalar!(
        r#"
        select coalesce(
            (select min(pass_number) from credential where site_id = $1 and valid_until > $2),
            (select next_pass_number from site_counter where site_id = $1),
            1
        ) as "first!"
        "#,
        site.0,
        now.to_sqlx(),
    )
    .fetch_one(pool)
    .await?;
    let rows = sqlx::query!(
        r#"
        select pass_number, revoked_at is not null as "revoked!" from credential
        where site_id = $1 and valid_until > $2
            and (revoked_at is not null or spent)
        order by pass_number
        "#,
        site.0,
        now.to_sqlx(),
    )
    .fetch_all(pool)
    .await?;
    let statuses = rows.into_iter().map(|row| {
        let status = if row.revoked {
            Status::Revoked
        } else {
            Status::Used
        };
        Ok((number(row.pass_number)?, status))
    });
    Ok(StatusContent {
        first: number(first)?,
        statuses: statuses.collect::<Result<_>>()?,
    })
}

/// A pass number as the database has it.
pub(crate) fn number(stored: i32) -> Result<PassNumber> {
    u32::try_from(stored)
        .map(PassNumber)
        .map_err(|_| Error::unreadable("pass number", &stored))
}

/// How often a pass admits, as the database has it.
pub(crate) fn uses(stored: &str) -> Result<Uses> {
    match stored {
        "once" => Ok(Uses::Once),
        "pair" => Ok(Uses::Pair),
        "many" => Ok(Uses::Many),
        other => Err(Error::unreadable("uses of a pass", other)),
    }
}

/// A pass number for the database. One that is too large for it is nobody's, and so is the 0 that stands for it.
pub(crate) fn stored(number: PassNumber) -> i32 {
    i32::try_from(number.0).unwrap_or(0)
}

struct Row {
    pass_number: i32,
    application_id: Uuid,
    applicant_id: Uuid,
    kind_no: i32,
    uses: String,
    name: String,
    valid_from: jiff_sqlx::Timestamp,
    valid_until: jiff_sqlx::Timestamp,
    bytes: Vec<u8>,
    issued_at: jiff_sqlx::Timestamp,
    revoked_at: Option<jiff_sqlx::Timestamp>,
    redemptions: i32,
    redeemed_at: Option<jiff_sqlx::Timestamp>,
    spent: bool,
}

impl TryFrom<Row> for Issued {
    type Error = Error;

    fn try_from(row: Row) -> Result<Issued> {
        Ok(Issued {
            number: number(row.pass_number)?,
            application: ApplicationId(row.application_id),
            holder: AccountId(row.applicant_id),
            kind: pass_kind::kind_no(row.kind_no)?,
            uses: uses(&row.uses)?,
            name: row.name,
            valid_from: row.valid_from.to_jiff(),
            valid_until: row.valid_until.to_jiff(),
            credential: Credential::from_bytes(row.bytes),
            issued_at: row.issued_at.to_jiff(),
            revoked_at: row.revoked_at.map(|at| at.to_jiff()),
            redemptions: row.redemptions.unsigned_abs(),
            redeemed_at: row.redeemed_at.map(|at| at.to_jiff()),
            spent: row.spent,
        })
    }
}
