//! Signing in by telephone: codes that work once and not for long.

use crate::{
    Pool, Result, SiteId, message,
    rate::{self, Limit, Taken},
};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use pass::Channel;

/// How long a code works.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// How many tries a code allows, the right one included.
pub const TRIES: i16 = 5;

/// How often codes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendLimits {
    /// To one number in a minute.
    pub number_minute: u32,
    /// To one number in an hour.
    pub number_hour: u32,
    /// To one number in a day.
    pub number_day: u32,
    /// Asked for from one network address in an hour. Not small: a whole campus may stand behind one.
    pub address_hour: u32,
    /// Asked for from one network address in a day.
    pub address_day: u32,
    /// In the whole site in a day, which bounds what an attack can cost.
    pub site_day: u32,
}

impl Default for SendLimits {
    fn default() -> SendLimits {
        SendLimits {
            number_minute: 1,
            number_hour: 5,
            number_day: 10,
            address_hour: 300,
            address_day: 1500,
            site_day: 10_000,
        }
    }
}

/// A code that is to be sent.
#[derive(Clone, Copy, Debug)]
pub struct CodeRequest<'a> {
    /// The number, normalised by the caller.
    pub phone: &'a str,
    /// SHA-256 over site, number and code.
    pub code_hash: &'a [u8; 32],
    /// The message with the code.
    pub sms: &'a str,
    /// The network address it was asked from.
    pub address: &'a str,
}

/// What came of asking for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requested {
    /// It is on its way; older codes of the number work no more.
    Sent {
        /// Until when it works.
        expires_at: Timestamp,
    },
    /// A limit is reached; nothing was sent or counted.
    Later {
        /// When to ask again.
        retry_at: Timestamp,
    },
}

/// What came of typing a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// It was the code. It works no more.
    Right,
    /// It was not.
    Wrong {
        /// Tries that are left.
        left: u8,
    },
    /// There is no code to try: none was asked for, or it is used, over, or tried too often.
    Gone,
}

/// Sends a code, within the limits. Writes the same for every number: whether an account has it is not looked at.
pub async fn request_code(
    pool: &Pool,
    site: SiteId,
    request: CodeRequest<'_>,
    limits: &SendLimits,
    now: Timestamp,
) -> Result<Requested> {
    let minute = SignedDuration::from_mins(1);
    let hour = SignedDuration::from_hours(1);
    let day = SignedDuration::from_hours(24);
    let limit = |scope, most, window| Limit { scope, most, window };
    let mut transaction = pool.begin().await?;
    for (limit, key) in [
        (
            limit("sms-number-minute", limits.number_minute, minute),
            request.phone,
        ),
        (limit("sms-number-hour", limits.number_hour, hour), request.phone),
        (limit("sms-number-day", limits.number_day, day), request.phone),
        (
            limit("sms-address-hour", limits.address_hour, hour),
            request.address,
        ),
        (limit("sms-address-day", limits.address_day, day), request.address),
        (limit("sms-site-day", limits.site_day, day), ""),
    ] {
        if let Taken::Spent { retry_at } = rate::take_in(&mut transaction, site, &limit, key, now).await? {
            transaction.rollback().await?;
            return Ok(Requested::Later { retry_at });
        }
    }
    let expires_at = now + LIFETIME;
    sqlx::query!(
        "insert into sign_in_code (site_id, phone, code_hash, sent_at, expires_at)
         values ($1, $2, $3, $4, $5)
         on conflict (site_id, phone) do update set
             code_hash = excluded.code_hash, sent_at = excluded.sent_at, expires_at = excluded.expires_at,
             attempts = 0, used_at = null",
        site.0,
        request.phone,
        request.code_hash.as_slice(),
        now.to_sqlx(),
        expires_at.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    let sms = message::Code {
        channel: Channel::Sms,
        recipient: request.phone,
        account: None,
        subject: None,
        body: request.sms,
        until: expires_at,
    };
    message::write_code(&mut transaction, site, sms, now).await?;
    transaction.commit().await?;
    Ok(Requested::Sent { expires_at })
}

/// Tries a code. One statement counts the try and uses the code up, so of two right tries at once exactly one is right.
pub async fn redeem_code(
    pool: &Pool,
    site: SiteId,
    phone: &str,
    code_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Redeemed> {
    let row = sqlx::query!(
        r#"
        update sign_in_code set
            attempts = attempts + 1,
            used_at = case when code_hash = $3 then $4::timestamptz end
        where site_id = $1 and phone = $2 and used_at is null and attempts < $5 and expires_at > $4
        returning used_at is not null as "right!", attempts
        "#,
        site.0,
        phone,
        code_hash.as_slice(),
        now.to_sqlx(),
        TRIES,
    )
    .fetch_optional(pool)
    .await?;
    Ok(match row {
        Some(row) if row.right => Redeemed::Right,
        Some(row) => Redeemed::Wrong {
            left: u8::try_from(TRIES - row.attempts).unwrap_or(0),
        },
        None => Redeemed::Gone,
    })
}

/// Forgets codes that are over. Returns how many.
pub async fn purge(pool: &Pool, site: SiteId, now: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "delete from sign_in_code where site_id = $1 and expires_at <= $2",
        site.0,
        now.to_sqlx()
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
