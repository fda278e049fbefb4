//! How a person is told: the ways they chose, their mail address, the language.

use crate::{
    AccountId, Pool, Result, SiteId, SubscriptionId,
    message::{self, Code},
    sign_in::Redeemed,
};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use pass::{Channel, Language};
use sqlx::PgConnection;

/// How long a code to a mail address works.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// How many tries such a code allows, the right one included.
pub const TRIES: i16 = 5;

/// How a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The account's telephone, or else what the register of people says.
    pub phone: Option<String>,
    /// Whether it is the account's.
    pub own_phone: bool,
    /// The language of what is sent.
    pub language: Language,
    /// What was chosen; absent while nothing was.
    pub channels: Option<Vec<Channel>>,
    /// The mail address that proved to be theirs, or else what the register of people says.
    pub mail: Option<String>,
    /// Whether they gave it themselves.
    pub own_mail: bool,
    /// One that waits for its code.
    pub new_mail: Option<String>,
    /// The browsers that show notices.
    pub subscriptions: Vec<SubscriptionId>,
}

impl Contact {
    /// The ways in use: the chosen ones, or those of somebody who chose nothing.
    pub fn chosen(&self) -> Vec<Channel> {
        self.channels.clone().unwrap_or_else(|| self.otherwise())
    }

    /// The way of somebody who chose nothing: the telephone where the account has one, mail otherwise; a telephone that only the register
    /// of people knows where there is no mail either.
    pub fn otherwise(&self) -> Vec<Channel> {
        let by_phone = self.own_phone || self.mail.is_none() && self.phone.is_some();
        vec![if by_phone { Channel::Sms } else { Channel::Mail }]
    }
}

/// How an account is told. `None` when there is none that may sign in.
pub async fn get(pool: &Pool, site: SiteId, account: AccountId) -> Result<Option<Contact>> {
    get_in(&mut *pool.acquire().await?, site, account).await
}

/// [`get`] inside the caller's transaction.
pub(crate) async fn get_in(
    connection: &mut PgConnection,
    site: SiteId,
    account: AccountId,
) -> Result<Option<Contact>> {
    let row = sqlx::query!(
        r#"
        select coalesce(a.phone, p.phone) as phone, a.phone is not null as "own_phone!", a.language, c.channels as "channels?",
            coalesce(c.mail, p.mail) as mail, c.mail is not null as "own_mail!", c.new_mail as "new_mail?",
            array(
                select s.subscription_id from push_subscription s
                where s.site_id = a.site_id and s.account_id = a.account_id order by s.created_at
            ) as "subscriptions!"
        from account a
        left join contact c on c.site_id = a.site_id and c.account_id = a.account_id
        left join person p on p.site_id = a.site_id and p.account_id = a.account_id and p.left_at is null
        where a.site_id = $1 and a.account_id = $2 and a.disabled_at is null
        "#,
        site.0,
        account.0,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let channels = row
        .channels
        .map(|names| {
            names
                .iter()
                .map(|name| message::channel(name))
                .collect::<Result<Vec<_>>>()
        })
        .transpose()?;
    Ok(Some(Contact {
        phone: row.phone,
        own_phone: row.own_phone,
        language: message::spoken(&row.language)?,
        channels,
        mail: row.mail,
        own_mail: row.own_mail,
        new_mail: row.new_mail,
        subscriptions: row.subscriptions.into_iter().map(SubscriptionId).collect(),
    }))
}

/// Chooses by which ways and in which language somebody is told; no way at all is a choice too.
pub async fn choose(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    channels: &[Channel],
    language: Language,
) -> Result<()> {
    let mut transaction = pool.begin().await?;
    choose_in(&mut transaction, site, account, channels).await?;
    sqlx::query!(
        "update account set language = $3 where site_id = $1 and account_id = $2",
        site.0,
        account.0,
        message::written(language),
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn choose_in(
    connection: &mut PgConnection,
    site: SiteId,
    account: AccountId,
    channels: &[Channel],
) -> Result<()> {
    let names: Vec<String> = channels
        .iter()
        .map(|channel| channel.as_str().to_owned())
        .collect();
    sqlx::query!(
        "insert into contact (site_id, account_id, channels) values ($1, $2, $3)
         on conflict (site_id, account_id) do update set channels = excluded.channels",
        site.0,
        account.0,
        &names,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whoever opens a way means to be told by it: it joins those in use.
pub(crate) async fn also_by(
    connection: &mut PgConnection,
    site: SiteId,
    account: AccountId,
    channel: Channel,
) -> Result<()> {
    let Some(contact) = get_in(connection, site, account).await? else {
        return Ok(());
    };
    let mut channels = contact.chosen();
    if !channels.contains(&channel) {
        channels.push(channel);
    }
    choose_in(connection, site, account, &channels).await
}

/// Sends a code to a mail address, which is the account's once the code comes back. The address before stays until then; an earlier
/// code is void. `code_hash` is bound to the account and the address.
pub async fn ask_mail(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    mail: &str,
    code_hash: &[u8; 32],
    (subject, body): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    let until = now + LIFETIME;
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "insert into contact (site_id, account_id, new_mail, code_hash, code_expires_at) values ($1, $2, $3, $4, $5)
         on conflict (site_id, account_id) do update set
             new_mail = excluded.new_mail, code_hash = excluded.code_hash,
             code_expires_at = excluded.code_expires_at, code_attempts = 0",
        site.0,
        account.0,
        mail,
        code_hash.as_slice(),
        until.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    let code = Code {
        channel: Channel::Mail,
        recipient: mail,
        account: Some(account),
        subject: Some(subject),
        body,
        until,
    };
    message::write_code(&mut transaction, site, code, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Tries the code that was sent to a mail address. When it is right, the address is the account's, and notices go there too.
pub async fn confirm_mail(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    code_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Redeemed> {
    let mut transaction = pool.begin().await?;
    // One statement counts the try and looks at the code.
    let row = sqlx::query!(
        r#"
        update contact set code_attempts = code_attempts + 1
        where site_id = $1 and account_id = $2 and code_attempts < $4 and code_expires_at > $5
        returning code_hash = $3 as "right!", code_attempts
        "#,
        site.0,
        account.0,
        code_hash.as_slice(),
        TRIES,
        now.to_sqlx(),
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let redeemed = match row {
        None => Redeemed::Gone,
        Some(row) if !row.right => Redeemed::Wrong {
            left: u8::try_from(TRIES - row.code_attempts).unwrap_or(0),
        },
        Some(_) => {
            sqlx::query!(
                "update contact set mail = new_mail, new_mail = null, code_hash = null, code_expires_at = null
                 where site_id = $1 and account_id = $2",
                site.0,
                account.0,
            )
            .execute(&mut *transaction)
            .await?;
            also_by(&mut transaction, site, account, Channel::Mail).await?;
            Redeemed::Right
        }
    };
    transaction.commit().await?;
    Ok(redeemed)
}

/// Forgets an account's mail addresses, the confirmed one and the one that waits. False when there are none.
pub async fn forget_mail(pool: &Pool, site: SiteId, account: AccountId) -> Result<bool> {
    let done = sqlx::query!(
        "update contact set mail = null, new_mail = null, code_hash = null, code_expires_at = null
         where site_id = $1 and account_id = $2 and (mail is not null or new_mail is not null)",
        site.0,
        account.0,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}
