//! Units from files: one transaction, all of them or none.

use super::{Holder, Unit, hold_tree, holders_in, list_in};
use crate::account::{self, Grant, Place};
use crate::error::OnConstraint;
use crate::register_import::{Change, Imported, Outlook, PassedOver};
use crate::{AccountId, Conflict, Result, SiteId, UnitId, task};
use jiff::Timestamp;
use pass::Role;
use pass::table::{Column, LineFault};
use pass::unit::{UnitRow, tree_faults};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// What is wrong with the rows as the tree is now.
pub(crate) async fn faults(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[UnitRow],
) -> Result<Vec<LineFault>> {
    Ok(tree_with(&list_in(connection, site).await?, rows))
}

fn tree_with(units: &[Unit], rows: &[UnitRow]) -> Vec<LineFault> {
    let code: HashMap<UnitId, &str> = units.iter().map(|unit| (unit.id, unit.code.as_str())).collect();
    let open = units.iter().filter(|unit| !unit.closed).map(|unit| {
        let parent = unit.parent.and_then(|parent| code.get(&parent));
        (unit.code.clone(), parent.map(|&code| code.to_owned()))
    });
    tree_faults(&open.collect(), rows)
}

/// What taking the rows over would do; or what is wrong with them.
pub(crate) async fn outlook(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[UnitRow],
) -> Result<Result<Outlook, Vec<LineFault>>> {
    let there = There::load(connection, site, rows).await?;
    let faults = tree_with(&there.units, rows);
    Ok(if faults.is_empty() {
        Ok(there.outlook(rows))
    } else {
        Err(faults)
    })
}

/// Takes the rows over. Units that are not among them stay; one that was closed is open again. A cell that names people of the register
/// makes exactly these the heads, or the deputies; one that names nobody leaves who they are.
pub(crate) async fn import_in(
    connection: &mut PgConnection,
    site: SiteId,
    rows: &[UnitRow],
    now: Timestamp,
) -> Result<Result<Imported, Vec<LineFault>>> {
    hold_tree(connection, site).await?;
    let there = There::load(connection, site, rows).await?;
    let faults = tree_with(&there.units, rows);
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let counts = there.outlook(rows).counts;
    write(connection, site, &there, rows).await?;
    let ids: HashMap<String, UnitId> = list_in(connection, site)
        .await?
        .into_iter()
        .map(|unit| (unit.code, unit.id))
        .collect();
    for row in rows {
        let Some(&unit) = ids.get(&row.code) else { continue };
        for (role, numbers) in [(Role::UnitHead, &row.heads), (Role::UnitDeputy, &row.deputies)] {
            let named = there.known(numbers);
            if named.is_empty() {
                continue;
            }
            let at = Place::Unit(unit);
            let held: Vec<AccountId> = there.holders(unit, role).map(|holder| holder.account).collect();
            for account in held.iter().filter(|account| !named.contains(account)) {
                account::ungrant_in(connection, site, *account, Grant { role, at }).await?;
            }
            for account in named.into_iter().filter(|account| !held.contains(account)) {
                account::grant_in(connection, site, account, Grant { role, at }, now).await?;
            }
        }
    }
    // What waits goes up another tree.
    task::reseat_all(connection, site).await?;
    Ok(Ok(counts))
}

async fn write(connection: &mut PgConnection, site: SiteId, there: &There, rows: &[UnitRow]) -> Result<()> {
    let codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let english: Vec<String> = rows.iter().map(|row| there.english(row)).collect();
    let ids: Vec<Uuid> = rows.iter().map(|_| Uuid::new_v4()).collect();
    sqlx::query!(
        "insert into unit (site_id, unit_id, code, name_zh, name_en)
         select $1, given.* from unnest($2::uuid[], $3::text[], $4::text[], $5::text[])
             as given (unit_id, code, name_zh, name_en)
         where not exists (select from unit u where u.site_id = $1 and u.code = given.code)",
        site.0,
        &ids,
        &codes,
        &names,
        &english,
    )
    .execute(&mut *connection)
    .await
    .on_constraint("unit_code_key", Conflict::UnitTaken)?;
    sqlx::query!(
        "update unit u set name_zh = given.name_zh, name_en = given.name_en, closed_at = null
         from unnest($2::text[], $3::text[], $4::text[]) as given (code, name_zh, name_en)
         where u.site_id = $1 and u.code = given.code
             and ((u.name_zh, u.name_en) is distinct from (given.name_zh, given.name_en) or u.closed_at is not null)",
        site.0,
        &codes,
        &names,
        &english,
    )
    .execute(&mut *connection)
    .await?;
    let placed = || {
        rows.iter()
            .filter_map(|row| Some((&row.code, row.parent.as_ref()?)))
    };
    let codes: Vec<String> = placed().map(|(code, _)| code.clone()).collect();
    let parents: Vec<String> = placed().map(|(_, parent)| parent.clone()).collect();
    sqlx::query!(
        "update unit u set parent_id = p.unit_id
         from unnest($2::text[], $3::text[]) as given (code, parent)
             left join unit p on p.site_id = $1 and p.code = given.parent
         where u.site_id = $1 and u.code = given.code and u.parent_id is distinct from p.unit_id",
        site.0,
        &codes,
        &parents,
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// What the site has of everything the rows name.
struct There {
    units: Vec<Unit>,
    by_code: HashMap<String, usize>,
    holders: Vec<Holder>,
    people: HashMap<String, (AccountId, String)>,
}

impl There {
    async fn load(connection: &mut PgConnection, site: SiteId, rows: &[UnitRow]) -> Result<There> {
        let units = list_in(connection, site).await?;
        let by_code = units
            .iter()
            .enumerate()
            .map(|(at, unit)| (unit.code.clone(), at))
            .collect();
        let numbers: Vec<String> = rows
            .iter()
            .flat_map(|row| row.heads.iter().chain(&row.deputies))
            .cloned()
            .collect();
        let people = sqlx::query!(
            "select p.number, p.account_id, a.display_name
             from person p join account a on a.site_id = p.site_id and a.account_id = p.account_id
             where p.site_id = $1 and p.number = any($2) and p.left_at is null",
            site.0,
            &numbers,
        )
        .fetch_all(&mut *connection)
        .await?;
        Ok(There {
            units,
            by_code,
            holders: holders_in(connection, site, None).await?,
            people: people
                .into_iter()
                .map(|row| (row.number, (AccountId(row.account_id), row.display_name)))
                .collect(),
        })
    }

    fn unit(&self, code: &str) -> Option<&Unit> {
        self.by_code.get(code).and_then(|&at| self.units.get(at))
    }

    /// The code of the unit above one.
    fn parent_code(&self, unit: &Unit) -> &str {
        unit.parent
            .and_then(|parent| self.units.iter().find(|unit| unit.id == parent))
            .map_or("", |unit| &unit.code)
    }

    /// A row's name in English. Where the file gives none, the one there is stays, and one that only repeated the name follows it.
    fn english(&self, row: &UnitRow) -> String {
        let kept = self
            .unit(&row.code)
            .filter(|unit| unit.name.en != unit.name.zh)
            .map(|unit| &unit.name.en);
        row.name_en.as_ref().or(kept).unwrap_or(&row.name).clone()
    }

    fn known(&self, numbers: &[String]) -> Vec<AccountId> {
        let known = numbers.iter().filter_map(|number| self.people.get(number));
        known.map(|(account, _)| *account).collect()
    }

    fn holders(&self, unit: UnitId, role: Role) -> impl Iterator<Item = &Holder> {
        self.holders
            .iter()
            .filter(move |holder| holder.unit == unit && holder.role == role)
    }

    fn outlook(&self, rows: &[UnitRow]) -> Outlook {
        let mut outlook = Outlook::default();
        for row in rows {
            for (column, numbers) in [(Column::Heads, &row.heads), (Column::Deputies, &row.deputies)] {
                let unknown = numbers.iter().filter(|number| !self.people.contains_key(*number));
                outlook.passed_over.extend(unknown.map(|number| PassedOver {
                    line: row.line,
                    column,
                    text: number.clone(),
                }));
            }
            let Some(unit) = self.unit(&row.code) else {
                outlook.counts.created += 1;
                continue;
            };
            let before = outlook.changes.len();
            outlook.changes.extend(self.changes(unit, row));
            if outlook.changes.len() > before || unit.closed {
                outlook.counts.updated += 1;
            } else {
                outlook.counts.unchanged += 1;
            }
        }
        outlook
    }

    fn changes(&self, unit: &Unit, row: &UnitRow) -> Vec<Change> {
        let mut columns = vec![
            (Column::UnitName, unit.name.zh.clone(), row.name.clone()),
            (Column::NameEn, unit.name.en.clone(), self.english(row)),
        ];
        if let Some(parent) = &row.parent {
            columns.push((Column::Parent, self.parent_code(unit).to_owned(), parent.clone()));
        }
        for (column, role, numbers) in [
            (Column::Heads, Role::UnitHead, &row.heads),
            (Column::Deputies, Role::UnitDeputy, &row.deputies),
        ] {
            let named = self.known(numbers);
            let mut now: Vec<_> = self.holders(unit.id, role).map(|holder| holder.account).collect();
            let mut then = named.clone();
            now.sort_unstable();
            then.sort_unstable();
            if named.is_empty() || now == then {
                continue;
            }
            let before = self.holders(unit.id, role).map(|holder| holder.name.as_str());
            let after = numbers
                .iter()
                .filter_map(|number| self.people.get(number))
                .map(|(_, name)| name.as_str());
            columns.push((
                column,
                before.collect::<Vec<_>>().join(" "),
                after.collect::<Vec<_>>().join(" "),
            ));
        }
        columns
            .into_iter()
            .filter(|(_, before, after)| before != after)
            .map(|(column, before, after)| Change {
                of: format!("{} {}", row.code, unit.name.zh),
                column,
                before,
                after,
            })
            .collect()
    }
}
