//! People from files: one transaction, all of them or none.

use super::kind;
use crate::account::{self, Grant, Place};
use crate::error::OnConstraint;
use crate::register_import::{Change, Imported, Outlook};
use crate::{AccountId, Conflict, Result, SiteId, UnitId, task, unit};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use pass::Role;
use pass::household::normalise;
use pass::person::{PersonKind, PersonRow};
use pass::table::{CellFault, Column, LineFault};
use pass::unit::unit_code;
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is wrong with the rows as the units are now.
pub(crate) async fn faults(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[PersonRow],
) -> Result<Vec<LineFault>> {
    let units = Units::load(connection, site).await?;
    Ok(units.of(rows).err().unwrap_or_default())
}

/// What taking the rows over would do; or what is wrong with them.
pub(crate) async fn outlook(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[PersonRow],
) -> Result<Result<Outlook, Vec<LineFault>>> {
    let units = Units::load(connection, site).await?;
    let homes = match units.of(rows) {
        Ok(homes) => homes,
        Err(faults) => return Ok(Err(faults)),
    };
    let there = There::load(connection, site, rows).await?;
    let mut outlook = Outlook::default();
    for (row, home) in rows.iter().zip(homes) {
        match there.people.get(&row.number) {
            None => outlook.counts.created += 1,
            Some(known) => {
                let changes = there.changes(&units, row, known, home);
                if changes.is_empty() {
                    outlook.counts.unchanged += 1;
                } else {
                    outlook.counts.updated += 1;
                }
                outlook.changes.extend(changes);
            }
        }
    }
    Ok(Ok(outlook))
}

/// Takes the rows over. Whoever is not among them stays as they are; a column that the file does not have changes nothing. Those who left
/// lose their sessions, and keep what they were granted, asleep until they are back.
pub(crate) async fn import_in(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[PersonRow],
    now: Timestamp,
) -> Result<Result<Imported, Vec<LineFault>>> {
    // No unit is closed, and none gets another name, while people are put into it.
    sqlx::query!(
        "select unit_id from unit where site_id = $1 order by unit_id for share",
        site.0
    )
    .fetch_all(&mut *connection)
    .await?;
    let numbers: Vec<String> = rows.iter().map(|row| row.number.clone()).collect();
    sqlx::query!(
        "select account_id from person where site_id = $1 and number = any($2) order by number for update",
        site.0,
        &numbers,
    )
    .fetch_all(&mut *connection)
    .await?;
    let units = Units::load(connection, site).await?;
    let homes = match units.of(rows) {
        Ok(homes) => homes,
        Err(faults) => return Ok(Err(faults)),
    };
    let there = There::load(connection, site, rows).await?;
    let (mut fresh, mut changed, mut duties) = (Vec::new(), Vec::new(), Vec::new());
    let mut counts = Imported::default();
    for (row, home) in rows.iter().zip(homes) {
        let account = match there.people.get(&row.number) {
            None => {
                counts.created += 1;
                let account = AccountId::new();
                fresh.push((account, row, home));
                account
            }
            Some(known) => {
                if there.changes(&units, row, known, home).is_empty() {
                    counts.unchanged += 1;
                    continue;
                }
                counts.updated += 1;
                changed.push((known.account, row, home));
                known.account
            }
        };
        duties.extend(row.duty.map(|role| {
            (
                account,
                Grant {
                    role,
                    at: Place::Unit(home),
                },
            )
        }));
    }
    enter(connection, site, &fresh, now).await?;
    change(connection, site, &changed, now).await?;
    if rows.iter().any(|row| row.left.is_some()) {
        task::reseat_all(connection, site).await?;
    }
    for (account, grant) in duties {
        account::grant_in(connection, site, account, grant, now).await?;
    }
    Ok(Ok(counts))
}

/// A row, whose account it is, and where they belong.
type Placed<'a> = (AccountId, &'a PersonRow, UnitId);

fn column<T>(rows: &[Placed<'_>], part: impl Fn(&Placed<'_>) -> T) -> Vec<T> {
    rows.iter().map(part).collect()
}

async fn enter(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[Placed<'_>],
    now: Timestamp,
) -> Result<()> {
    let ids = column(rows, |(account, ..)| account.0);
    sqlx::query!(
        "insert into account (site_id, account_id, display_name, created_at)
         select $1, given.id, given.name, $4 from unnest($2::uuid[], $3::text[]) as given (id, name)",
        site.0,
        &ids,
        &column(rows, |(_, row, _)| row.name.clone()),
        now.to_sqlx(),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into person (site_id, account_id, number, kind, unit_id, phone, mail, left_at)
         select $1, given.id, given.number, given.kind, given.unit, nullif(given.phone, ''), nullif(given.mail, ''),
             case when given.gone then $9::timestamptz end
         from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::bool[])
             as given (id, number, kind, unit, phone, mail, gone)",
        site.0,
        &ids,
        &column(rows, |(_, row, _)| row.number.clone()),
        &column(rows, |(_, row, _)| row.kind.as_str().to_owned()),
        &column(rows, |(.., home)| home.0),
        &column(rows, |(_, row, _)| row.phone.clone().unwrap_or_default()),
        &column(rows, |(_, row, _)| row.mail.clone().unwrap_or_default()),
        &column(rows, |(_, row, _)| row.left == Some(true)),
        now.to_sqlx(),
    )
    .execute(&mut *connection)
    .await
    // Another import entered the same person in the same moment.
    .on_constraint("person_number_key", Conflict::NumberTaken)?;
    Ok(())
}

async fn change(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[Placed<'_>],
    now: Timestamp,
) -> Result<()> {
    let ids = column(rows, |(account, ..)| account.0);
    sqlx::query!(
        "update account a set display_name = given.name from unnest($2::uuid[], $3::text[]) as given (id, name)
         where a.site_id = $1 and a.account_id = given.id and a.display_name <> given.name",
        site.0,
        &ids,
        &column(rows, |(_, row, _)| row.name.clone()),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update person p set kind = given.kind, unit_id = given.unit,
             phone = case when given.phone is null then p.phone else nullif(given.phone, '') end,
             mail = case when given.mail is null then p.mail else nullif(given.mail, '') end,
             left_at = case when given.gone is null then p.left_at
                            when given.gone then coalesce(p.left_at, $8::timestamptz) end
         from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bool[])
             as given (id, kind, unit, phone, mail, gone)
         where p.site_id = $1 and p.account_id = given.id",
        site.0,
        &ids,
        &column(rows, |(_, row, _)| row.kind.as_str().to_owned()),
        &column(rows, |(.., home)| home.0),
        &column(rows, |(_, row, _)| row.phone.clone()) as &[Option<String>],
        &column(rows, |(_, row, _)| row.mail.clone()) as &[Option<String>],
        &column(rows, |(_, row, _)| row.left) as &[Option<bool>],
        now.to_sqlx(),
    )
    .execute(&mut *connection)
    .await?;
    let gone: Vec<Uuid> = rows
        .iter()
        .filter(|(_, row, _)| row.left == Some(true))
        .map(|(account, ..)| account.0)
        .collect();
    sqlx::query!(
        "delete from session where site_id = $1 and account_id = any($2)",
        site.0,
        &gone
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// The open units, by what a file may call them.
struct Units {
    codes: HashMap<String, UnitId>,
    /// None where more than one has the name.
    names: HashMap<String, Option<UnitId>>,
    shown: HashMap<UnitId, String>,
}

impl Units {
    async fn load(connection: &mut PgConnection, site: SiteId) -> Result<Units> {
        let all = unit::list_in(connection, site).await?;
        let mut units = Units {
            codes: HashMap::new(),
            names: HashMap::new(),
            shown: HashMap::new(),
        };
        for unit in all {
            units
                .shown
                .insert(unit.id, format!("{} {}", unit.code, unit.name.zh));
            if unit.closed {
                continue;
            }
            let names: HashSet<String> = [bare(&unit.name.zh), bare(&unit.name.en)].into();
            for name in names {
                units
                    .names
                    .entry(name)
                    .and_modify(|one| *one = None)
                    .or_insert(Some(unit.id));
            }
            units.codes.insert(unit.code, unit.id);
        }
        Ok(units)
    }

    /// The unit of a code or a name.
    fn find(&self, typed: &str) -> Result<UnitId, CellFault> {
        if let Some(id) = unit_code(typed).and_then(|code| self.codes.get(&code)) {
            return Ok(*id);
        }
        match self.names.get(&bare(typed)) {
            Some(Some(id)) => Ok(*id),
            Some(None) => Err(CellFault::Ambiguous),
            None => Err(CellFault::Unknown),
        }
    }

    /// Where each row's person belongs.
    fn of(&self, rows: &[PersonRow]) -> Result<Vec<UnitId>, Vec<LineFault>> {
        let (mut homes, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            match self.find(&row.unit) {
                Ok(home) => homes.push(home),
                Err(fault) => faults.push(LineFault::new(row.line, Column::Unit, fault)),
            }
        }
        if faults.is_empty() { Ok(homes) } else { Err(faults) }
    }
}

/// A unit's name as it is compared.
fn bare(name: &str) -> String {
    normalise(name).replace(' ', "").to_lowercase()
}

/// Somebody as the register has them.
struct Known {
    account: AccountId,
    name: String,
    kind: PersonKind,
    unit: UnitId,
    phone: String,
    mail: String,
    left: bool,
}

/// What the site has of everybody the rows name.
struct There {
    people: HashMap<String, Known>,
    duties: HashSet<(AccountId, Role, UnitId)>,
}

impl There {
    async fn load(connection: &mut PgConnection, site: SiteId, rows: &[PersonRow]) -> Result<There> {
        let numbers: Vec<String> = rows.iter().map(|row| row.number.clone()).collect();
        let found = sqlx::query!(
            r#"select p.number, p.account_id, a.display_name, p.kind, p.unit_id, coalesce(p.phone, '') as "phone!",
                   coalesce(p.mail, '') as "mail!", p.left_at is not null as "left!"
               from person p join account a on a.site_id = p.site_id and a.account_id = p.account_id
               where p.site_id = $1 and p.number = any($2)"#,
            site.0,
            &numbers,
        )
        .fetch_all(&mut *connection)
        .await?;
        let mut people = HashMap::with_capacity(found.len());
        for row in found {
            let known = Known {
                account: AccountId(row.account_id),
                name: row.display_name,
                kind: kind(&row.kind)?,
                unit: UnitId(row.unit_id),
                phone: row.phone,
                mail: row.mail,
                left: row.left,
            };
            people.insert(row.number, known);
        }
        let holders = unit::holders_in(connection, site, None).await?;
        Ok(There {
            people,
            duties: holders
                .into_iter()
                .map(|holder| (holder.account, holder.role, holder.unit))
                .collect(),
        })
    }

    fn changes(&self, units: &Units, row: &PersonRow, known: &Known, home: UnitId) -> Vec<Change> {
        let word = |left: bool| if left { "left" } else { "here" }.to_owned();
        let shown = |unit| units.shown.get(&unit).cloned().unwrap_or_default();
        let mut columns = vec![
            (Column::PersonName, known.name.clone(), row.name.clone()),
            (
                Column::Kind,
                known.kind.as_str().to_owned(),
                row.kind.as_str().to_owned(),
            ),
        ];
        if known.unit != home {
            columns.push((Column::Unit, shown(known.unit), shown(home)));
        }
        if let Some(phone) = &row.phone {
            columns.push((Column::Phone, known.phone.clone(), phone.clone()));
        }
        if let Some(mail) = &row.mail {
            columns.push((Column::Mail, known.mail.clone(), mail.clone()));
        }
        if let Some(left) = row.left {
            columns.push((Column::Left, word(known.left), word(left)));
        }
        if let Some(role) = row.duty
            && !self.duties.contains(&(known.account, role, home))
            && (row.left == Some(false) || row.left.is_none() && !known.left)
        {
            columns.push((Column::Duty, String::new(), role.as_str().to_owned()));
        }
        columns
            .into_iter()
            .filter(|(_, before, after)| before != after)
            .map(|(column, before, after)| Change {
                of: format!("{} {}", row.number, known.name),
                column,
                before,
                after,
            })
            .collect()
    }
}
