//! One person with two accounts: a telephone is bound to somebody's own account, and the resident's account that it had is taken into it.

use crate::{AccountId, Conflict, Error, Pool, Result, SiteId, error::OnConstraint, task};
use pass::joining::{self, CannotJoin};
use sqlx::PgConnection;

/// What came of binding a telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It is the account's now, or was already.
    Done {
        /// Whether another account, with what it had, was taken into this one.
        joined: bool,
    },
    /// It has an account that cannot be joined; nothing changed.
    CannotJoin(CannotJoin),
}

/// Binds a telephone to an account. Where the telephone has an account already, that one is taken into this one, all of it or nothing.
///
/// # Errors
/// [`Conflict::Unknown`] when there is no such account; [`Conflict::PhoneTaken`] when the telephone got an account at this moment: try again.
pub async fn bind_phone(pool: &Pool, site: SiteId, keep: AccountId, phone: &str) -> Result<Bound> {
    let mut transaction = pool.begin().await?;
    // In one order, so that two at once wait for each other and not for ever.
    let rows = sqlx::query!(
        "select account_id, phone from account
         where site_id = $1 and (account_id = $2 or phone = $3)
         order by account_id
         for update",
        site.0,
        keep.0,
        phone,
    )
    .fetch_all(&mut *transaction)
    .await?;
    if !rows.iter().any(|row| row.account_id == keep.0) {
        return Err(Error::Conflict(Conflict::Unknown));
    }
    let has_it = rows.iter().find(|row| row.phone.as_deref() == Some(phone));
    let absorb = has_it
        .map(|row| AccountId(row.account_id))
        .filter(|other| *other != keep);
    if let Some(absorb) = absorb
        && let Err(why) = join_in(&mut transaction, site, keep, absorb).await?
    {
        return Ok(Bound::CannotJoin(why));
    }
    sqlx::query!(
        "update account set phone = $3 where site_id = $1 and account_id = $2",
        site.0,
        keep.0,
        phone,
    )
    .execute(&mut *transaction)
    .await
    .on_constraint("account_phone_key", Conflict::PhoneTaken)?;
    transaction.commit().await?;
    Ok(Bound::Done {
        joined: absorb.is_some(),
    })
}

/// Takes the telephone's account `absorb` into `keep`, in one transaction: everything that names it names the other one afterwards, its
/// sessions end, and it is no more. What comes for it later meets a foreign key and is refused, not lost in silence.
///
/// # Errors
/// [`Conflict::Unknown`] when one of them is not there.
pub async fn join(
    pool: &Pool,
    site: SiteId,
    keep: AccountId,
    absorb: AccountId,
) -> Result<Result<(), CannotJoin>> {
    let mut transaction = pool.begin().await?;
    let rows = sqlx::query!(
        "select account_id, phone from account
         where site_id = $1 and account_id in ($2, $3)
         order by account_id
         for update",
        site.0,
        keep.0,
        absorb.0,
    )
    .fetch_all(&mut *transaction)
    .await?;
    let phone = rows
        .iter()
        .find(|row| row.account_id == absorb.0)
        .and_then(|row| row.phone.clone());
    if rows.len() < 2 {
        return Err(Error::Conflict(Conflict::Unknown));
    }
    if let Err(why) = join_in(&mut transaction, site, keep, absorb).await? {
        return Ok(Err(why));
    }
    sqlx::query!(
        "update account set phone = coalesce($3, phone) where site_id = $1 and account_id = $2",
        site.0,
        keep.0,
        phone,
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Ok(()))
}

/// [`join`] inside a transaction that has both rows locked; the telephone is left to the caller.
async fn join_in(
    connection: &mut PgConnection,
    site: SiteId,
    keep: AccountId,
    absorb: AccountId,
) -> Result<Result<(), CannotJoin>> {
    let known = sqlx::query!(
        r#"
        select
            a.login is not null or a.password_hash is not null
                or exists (select from person where site_id = $1 and account_id = $3)
                or exists (select from role_grant where site_id = $1 and account_id = $3)
                as "another_of_the_site!",
            a.disabled_at is not null as "disabled!",
            (select count(distinct account_id) = 2 from household_claim
             where site_id = $1 and account_id in ($2, $3) and state in ('pending', 'confirmed'))
                as "two_households!",
            exists (
                select from decision d
                join application o on o.site_id = d.site_id and o.application_id = d.application_id
                where d.site_id = $1 and o.applicant_id in ($2, $3)
                    and (d.account_id in ($2, $3) and d.account_id <> o.applicant_id
                        or d.for_id in ($2, $3) and d.for_id <> o.applicant_id)
            ) or exists (
                select from application
                where site_id = $1 and applicant_id in ($2, $3) and host_id in ($2, $3) and host_id <> applicant_id
            ) or exists (
                select from household_claim
                where site_id = $1 and account_id in ($2, $3) and decided_by in ($2, $3)
                    and decided_by <> account_id
            ) as "decided_for_each_other!"
        from account a
        where a.site_id = $1 and a.account_id = $3
        "#,
        site.0,
        keep.0,
        absorb.0,
    )
    .fetch_one(&mut *connection)
    .await?;
    let accounts = joining::Accounts {
        another_of_the_site: known.another_of_the_site,
        disabled: known.disabled,
        two_households: known.two_households,
        decided_for_each_other: known.decided_for_each_other,
    };
    if let Err(why) = joining::check(&accounts) {
        return Ok(Err(why));
    }
    move_words(connection, site, keep, absorb).await?;
    move_all(connection, site, keep, absorb).await?;
    // What they applied for under the number may lie with themselves now.
    super::reseat_roles_of(connection, site, keep).await?;
    sqlx::query!(
        "delete from session where site_id = $1 and account_id = $2",
        site.0,
        absorb.0
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from account where site_id = $1 and account_id = $2",
        site.0,
        absorb.0
    )
    .execute(connection)
    .await?;
    Ok(Ok(()))
}

/// What names an account by other words than a foreign key: the quota that it took, the inbox that is its own. Standing in for each other, the two
/// would stand in for themselves.
async fn move_words(
    connection: &mut PgConnection,
    site: SiteId,
    keep: AccountId,
    absorb: AccountId,
) -> Result<()> {
    sqlx::query!(
        "with theirs as (
             delete from quota where site_id = $1 and taker_id = $2 returning kind_key, taken
         )
         insert into quota as q (site_id, taker_id, kind_key, taken)
         select $1, $3, kind_key, taken from theirs
         on conflict (site_id, taker_id, kind_key) do update set taken = q.taken || excluded.taken",
        site.0,
        absorb.0,
        keep.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update task set inbox = $3 where site_id = $1 and inbox = $2",
        site.0,
        task::own_inbox(absorb),
        task::own_inbox(keep),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from delegation where site_id = $1 and from_id in ($2, $3) and to_id in ($2, $3)",
        site.0,
        absorb.0,
        keep.0,
    )
    .execute(&mut *connection)
    .await?;
    // How the person is told is what they chose for the account that stays; what told both accounts of one thing told them once.
    sqlx::query!(
        "delete from contact c where c.site_id = $1 and c.account_id = $2
             and exists (select from contact k where k.site_id = $1 and k.account_id = $3)",
        site.0,
        absorb.0,
        keep.0,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from message m where m.site_id = $1 and m.account_id = $2 and exists (
             select from message k where k.site_id = $1 and k.account_id = $3 and k.cause = m.cause
                 and k.kind = m.kind and k.channel = m.channel and k.recipient = m.recipient
         )",
        site.0,
        absorb.0,
        keep.0,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What names an account and is not moved: an account that is taken in has no role and is nobody of the register, and its sessions end.
pub const NOT_MOVED: [(&str, &str); 3] = [
    ("person", "account_id"),
    ("role_grant", "account_id"),
    ("session", "account_id"),
];

/// The columns that name an account, and the statements that make them name the other one.
macro_rules! moved {
    ($($table:literal $column:literal,)+) => {
        /// What names an account and is moved: table and column. A test holds this list and the foreign keys together.
        pub const MOVED: &[(&str, &str)] = &[$(($table, $column)),+];

        async fn move_all(connection: &mut PgConnection, site: SiteId, keep: AccountId, absorb: AccountId) -> Result<()> {
            $(
                sqlx::query!(
                    "update " + $table + " set " + $column + " = $3 where site_id = $1 and " + $column + " = $2",
                    site.0,
                    absorb.0,
                    keep.0,
                )
                .execute(&mut *connection)
                .await?;
            )+
            Ok(())
        }
    };
}

moved! {
    "application" "applicant_id",
    "application" "decided_by",
    "application" "host_id",
    "attachment" "account_id",
    "contact" "account_id",
    "credential" "revoked_by",
    "decision" "account_id",
    "decision" "for_id",
    "delegation" "from_id",
    "delegation" "to_id",
    "draft" "account_id",
    "enrolment_code" "created_by",
    "household_claim" "account_id",
    "household_claim" "decided_by",
    "message" "account_id",
    "pass_kind" "published_by",
    "push_subscription" "account_id",
    "register_import" "applied_by",
    "register_import" "created_by",
    "tablet" "revoked_by",
    "task" "applicant_id",
    "task" "closed_by",
    "task" "closed_for",
}
