//! A login and a password of the site's own for an account that is there.

use crate::{AccountId, Conflict, Pool, Result, SiteId, error::OnConstraint};

/// Gives an account a login and a password of this site's own, in place of those it had, and ends every session of it. False when there is no
/// such account.
///
/// # Errors
/// [`Conflict::LoginTaken`].
pub async fn set_login(
    pool: &Pool,
    site: SiteId,
    id: AccountId,
    login: &str,
    password_hash: &str,
) -> Result<bool> {
    let mut transaction = pool.begin().await?;
    let done = sqlx::query!(
        "update account set login = $3, password_hash = $4 where site_id = $1 and account_id = $2",
        site.0,
        id.0,
        login,
        password_hash,
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("account_login_key", Conflict::LoginTaken)?;
    sqlx::query!(
        "delete from session where site_id = $1 and account_id = $2",
        site.0,
        id.0
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}
