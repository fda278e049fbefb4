//! Browsers that show notices, and the key by which their push services know the site.

use crate::{AccountId, Pool, Result, SiteId, SubscriptionId, contact, fixed};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::Channel;

/// The most browsers of one account; the oldest makes way.
pub const MOST: i64 = 10;

/// A browser that shows notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its public key, SEC1 uncompressed.
    pub p256dh: [u8; 65],
    /// Its secret.
    pub auth: [u8; 16],
}

/// The key by which push services know a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushKey {
    /// SEC1 uncompressed point.
    pub public: [u8; 65],
    /// The private scalar, sealed.
    pub sealed: Vec<u8>,
}

/// Lets a browser show the account's notices from now on, and no other account's. The same browser again changes its keys.
pub async fn subscribe(
    pool: &Pool,
    site: SiteId,
    account: AccountId,
    subscription: &Subscription,
    now: Timestamp,
) -> Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        // Whose it was before keeps no way to it: the name of the subscription changes with the person.
        "insert into push_subscription (site_id, subscription_id, account_id, endpoint, p256dh, auth, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint push_subscription_endpoint_key do update set
             subscription_id = case
                 when push_subscription.account_id = excluded.account_id then push_subscription.subscription_id
                 else excluded.subscription_id end,
             account_id = excluded.account_id, p256dh = excluded.p256dh, auth = excluded.auth,
             created_at = excluded.created_at",
        site.0,
        SubscriptionId::new().0,
        account.0,
        subscription.endpoint,
        subscription.p256dh.as_slice(),
        subscription.auth.as_slice(),
        now.to_sqlx(),
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!(
        "delete from push_subscription where site_id = $1 and subscription_id in (
             select subscription_id from push_subscription where site_id = $1 and account_id = $2
             order by created_at desc offset $3
         )",
        site.0,
        account.0,
        MOST,
    )
    .execute(&mut *transaction)
    .await?;
    contact::also_by(&mut transaction, site, account, Channel::Push).await?;
    transaction.commit().await?;
    Ok(())
}

/// A browser shows the account's notices no more. False when it showed none.
pub async fn unsubscribe(pool: &Pool, site: SiteId, account: AccountId, endpoint: &str) -> Result<bool> {
    let done = sqlx::query!(
        "delete from push_subscription where site_id = $1 and account_id = $2 and endpoint = $3",
        site.0,
        account.0,
        endpoint,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The subscription with this name.
pub async fn get(pool: &Pool, site: SiteId, id: SubscriptionId) -> Result<Option<Subscription>> {
    let row = sqlx::query!(
        "select endpoint, p256dh, auth from push_subscription where site_id = $1 and subscription_id = $2",
        site.0,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Subscription {
            endpoint: row.endpoint,
            p256dh: fixed("browser's key", &row.p256dh)?,
            auth: fixed("browser's secret", &row.auth)?,
        })
    })
    .transpose()
}

/// Forgets a subscription that its push service does not know any more.
pub async fn forget(pool: &Pool, site: SiteId, id: SubscriptionId) -> Result<bool> {
    let done = sqlx::query!(
        "delete from push_subscription where site_id = $1 and subscription_id = $2",
        site.0,
        id.0,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The site's key.
pub async fn key(pool: &Pool, site: SiteId) -> Result<Option<PushKey>> {
    let row = sqlx::query!(
        "select public_key, sealed_key from push_key where site_id = $1",
        site.0
    )
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(PushKey {
            public: fixed("push key", &row.public_key)?,
            sealed: row.sealed_key,
        })
    })
    .transpose()
}

/// Keeps the site's key, unless it has one: of two servers that make one at once, the first one's stays.
pub async fn keep_key(pool: &Pool, site: SiteId, key: &PushKey, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "insert into push_key (site_id, public_key, sealed_key, created_at) values ($1, $2, $3, $4)
         on conflict (site_id) do nothing",
        site.0,
        key.public.as_slice(),
        key.sealed,
        now.to_sqlx(),
    )
    .execute(pool)
    .await?;
    Ok(())
}
