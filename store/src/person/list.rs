//! The register leafed through: by number, then the accounts that nobody of it has.

use super::kind;
use crate::account::{self, Grant};
use crate::page::{self, reading};
use crate::{AccountId, Pool, Result, SiteId, UnitId, unit};
use pass::Role;
use pass::person::PersonKind;
use sqlx::PgConnection;
use std::collections::HashMap;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Whom a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// Everybody who belongs to the site, and every account made for a duty.
    #[default]
    Here,
    /// Whoever has this role, or any; also those who left.
    Roles(Option<Role>),
    /// Accounts that are nobody's of the register.
    Local,
    /// Those who left.
    Left,
}

/// Which people are asked for. Everything given must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Whom.
    pub who: Who,
    /// The beginning of a number, where it has a digit; else of a name or a login. Empty: everybody.
    pub text: &'a str,
    /// What they are to the site.
    pub kind: Option<PersonKind>,
    /// Their unit, or one below it.
    pub unit: Option<UnitId>,
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// At this number.
    Number(String),
    /// At this account, which is nobody's of the register.
    Account(AccountId),
}

/// A text that is no place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the list of people")]
pub struct AfterError;

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            After::Number(number) => write!(f, "n{number}"),
            After::Account(id) => write!(f, "a{id}"),
        }
    }
}

impl FromStr for After {
    type Err = AfterError;

    fn from_str(text: &str) -> Result<After, AfterError> {
        if let Some(number) = text.strip_prefix('n') {
            return Ok(After::Number(number.to_owned()));
        }
        let id = text.strip_prefix('a').and_then(|id| id.parse().ok());
        id.map(After::Account).ok_or(AfterError)
    }
}

/// Somebody in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Number, kind and unit, where they are in the register.
    pub entry: Option<(String, PersonKind, UnitId)>,
    /// Telephone and mail as the register has them.
    pub contacts: (Option<String>, Option<String>),
    /// What is typed with a password.
    pub login: Option<String>,
    /// Whether the account may not sign in.
    pub disabled: bool,
    /// Whether they belong to the site no more.
    pub left: bool,
    /// What they may do.
    pub grants: Vec<Grant>,
}

/// People, by number, then accounts that are nobody's of the register, by name; and where the next page begins.
pub async fn list(
    pool: &Pool,
    site: SiteId,
    filter: &Filter<'_>,
    after: Option<&After>,
    limit: u16,
) -> Result<(Vec<Listed>, Option<After>)> {
    let units = match filter.unit {
        Some(unit) => Some(unit::with_below(pool, site, unit).await?),
        None => None,
    };
    let units: Option<Vec<Uuid>> = units.map(|units| units.into_iter().map(|unit| unit.0).collect());
    let mut transaction = reading(pool).await?;
    let most = usize::from(limit.clamp(1, page::LONGEST));
    let mut rows = Vec::new();
    if filter.who != Who::Local && !matches!(after, Some(After::Account(_))) {
        let from = match after {
            Some(After::Number(number)) => Some(number.as_str()),
            _ => None,
        };
        rows = register(&mut transaction, site, filter, units.as_deref(), from, limit).await?;
    }
    let narrowed = filter.kind.is_some() || filter.unit.is_some();
    if rows.len() <= most && filter.who != Who::Left && !narrowed {
        let from = match after {
            Some(After::Account(id)) => Some(*id),
            _ => None,
        };
        rows.extend(local(&mut transaction, site, filter, from, limit).await?);
    }
    let more = rows.len() > most;
    rows.truncate(most);
    with_grants(&mut transaction, site, &mut rows).await?;
    transaction.commit().await?;
    let next = rows.last().filter(|_| more).map(|last| match &last.entry {
        Some((number, ..)) => After::Number(number.clone()),
        None => After::Account(last.account),
    });
    Ok((rows, next))
}

/// The beginning of a number, or else of a name or a login.
fn patterns(text: &str) -> (Option<String>, Option<String>, Option<String>) {
    if text.is_empty() {
        (None, None, None)
    } else if text.chars().any(|letter| letter.is_ascii_digit()) {
        let number: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let login = crate::begins_with(&text.to_lowercase());
        (
            Some(crate::begins_with(&number.to_uppercase())),
            None,
            Some(login),
        )
    } else {
        let login = crate::begins_with(&text.to_lowercase());
        (None, Some(crate::begins_with(text)), Some(login))
    }
}

fn role_of(who: Who) -> (bool, Option<&'static str>) {
    match who {
        Who::Roles(role) => (true, role.map(Role::as_str)),
        Who::Here | Who::Local | Who::Left => (false, None),
    }
}

async fn register(
    connection: &mut PgConnection,
    site: SiteId,
    filter: &Filter<'_>,
    units: Option<&[Uuid]>,
    after: Option<&str>,
    limit: u16,
) -> Result<Vec<Listed>> {
    let (number, name, login) = patterns(filter.text);
    let (with_role, role) = role_of(filter.who);
    let left = match filter.who {
        Who::Here | Who::Local => Some(false),
        Who::Left => Some(true),
        Who::Roles(_) => None,
    };
    let rows = sqlx::query!(
        r#"select p.account_id, a.display_name, p.number, p.kind, p.unit_id, p.phone, p.mail, a.login,
               a.disabled_at is not null as "disabled!", p.left_at is not null as "left!"
           from person p join account a on a.site_id = p.site_id and a.account_id = p.account_id
           where p.site_id = $1 and a.site_id = $1 and ($2::text is null or p.number > $2)
               and ($3::bool is null or (p.left_at is not null) = $3)
               and ($4::text is null or p.number like $4)
               and ($5::text is null or a.display_name like $5 or a.login like $11)
               and ($6::text is null or p.kind = $6)
               and ($7::uuid[] is null or p.unit_id = any($7))
               and (not $8 or exists (
                   select from role_grant g where g.site_id = $1 and g.account_id = p.account_id
                       and ($9::text is null or g.role = $9)))
           order by p.number limit $10"#,
        site.0,
        after,
        left,
        number,
        name,
        filter.kind.map(PersonKind::as_str),
        units,
        with_role,
        role,
        page::ask(limit),
        login,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Listed {
                account: AccountId(row.account_id),
                name: row.display_name,
                entry: Some((row.number, kind(&row.kind)?, UnitId(row.unit_id))),
                contacts: (row.phone, row.mail),
                login: row.login,
                disabled: row.disabled,
                left: row.left,
                grants: Vec::new(),
            })
        })
        .collect()
}

async fn local(
    connection: &mut PgConnection,
    site: SiteId,
    filter: &Filter<'_>,
    after: Option<AccountId>,
    limit: u16,
) -> Result<Vec<Listed>> {
    let (_, name, login) = patterns(filter.text);
    let (with_role, role) = role_of(filter.who);
    let rows = sqlx::query!(
        r#"select a.account_id, a.display_name, a.login, a.disabled_at is not null as "disabled!"
           from account a
           where a.site_id = $1
               and not exists (select from person p where p.site_id = $1 and p.account_id = a.account_id)
               and (not $2 and a.login is not null or exists (
                   select from role_grant g where g.site_id = $1 and g.account_id = a.account_id
                       and ($3::text is null or g.role = $3)))
               and ($4::text is null and $5::text is null or a.display_name like $4 or a.login like $5)
               and ($6::uuid is null or (a.display_name, a.account_id)
                   > ((select display_name from account where site_id = $1 and account_id = $6), $6))
           order by a.display_name, a.account_id limit $7"#,
        site.0,
        with_role,
        role,
        name,
        login,
        after.map(|id| id.0),
        page::ask(limit),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            account: AccountId(row.account_id),
            name: row.display_name,
            entry: None,
            contacts: (None, None),
            login: row.login,
            disabled: row.disabled,
            left: false,
            grants: Vec::new(),
        })
        .collect())
}

/// Puts what each may do beside them.
async fn with_grants(connection: &mut PgConnection, site: SiteId, rows: &mut [Listed]) -> Result<()> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.account.0).collect();
    let found = sqlx::query!(
        "select account_id, role, zone_no, unit_id from role_grant where site_id = $1 and account_id = any($2)",
        site.0,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let mut by_account: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in found {
        by_account
            .entry(row.account_id)
            .or_default()
            .push((row.role, row.zone_no, row.unit_id));
    }
    for row in rows {
        let grants = by_account.remove(&row.account.0).unwrap_or_default();
        row.grants = account::grants(grants.into_iter())?;
    }
    Ok(())
}

/// How many people belong to the site.
pub async fn count(pool: &Pool, site: SiteId) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from person where site_id = $1 and left_at is null"#,
        site.0
    )
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}
