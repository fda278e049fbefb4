use crate::unit::{made, somebody};
use crate::world::*;
use pass::Role;
use pass::person::{PersonKind, PersonRow};
use pass::table::{CellFault, Column, LineFault, Register, Rows};
use pass::unit::UnitRow;
use store::{
    AccountId, ImportId, Pool, SiteId, UnitId,
    account::{self, Place},
    person,
    register_import::{self, Applied, Imported, NewImport, Report},
    unit,
};

fn unit_row(code: &str, parent: &str, heads: &[&str]) -> UnitRow {
    UnitRow {
        line: 2,
        code: code.to_owned(),
        name: format!("{code}学院"),
        name_en: None,
        parent: Some(parent.to_owned()),
        heads: heads.iter().map(|number| (*number).to_owned()).collect(),
        deputies: Vec::new(),
    }
}

fn person_row(number: &str, unit: &str) -> PersonRow {
    PersonRow {
        line: 2,
        number: number.to_owned(),
        name: format!("人{number}"),
        kind: PersonKind::Staff,
        unit: unit.to_owned(),
        phone: None,
        mail: None,
        duty: None,
        left: None,
    }
}

async fn kept(pool: &Pool, site: SiteId, by: AccountId, rows: &Rows) -> ImportId {
    let id = ImportId::new();
    let report = Report::default();
    let new = NewImport {
        id,
        file_name: "a.csv",
        by,
        report: &report,
        rows,
    };
    for _ in 0..2 {
        register_import::keep(pool, site, new, now()).await.unwrap();
    }
    id
}

/// Takes rows over, twice: the second time says what the first did.
async fn apply(pool: &Pool, site: SiteId, by: AccountId, rows: &Rows) -> Applied {
    let id = kept(pool, site, by, rows).await;
    let file = register_import::get(pool, site, id).await.unwrap().unwrap();
    assert_eq!(&file.rows, rows, "what is read is what was kept");
    let done = register_import::apply(pool, site, id, by, now())
        .await
        .unwrap()
        .unwrap();
    let again = register_import::apply(pool, site, id, by, now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(done, again);
    done
}

fn counts(created: u64, updated: u64, unchanged: u64) -> Applied {
    Applied::Done(Imported {
        created,
        updated,
        unchanged,
    })
}

async fn heads(pool: &Pool, site: SiteId, unit: UnitId) -> Vec<String> {
    let holders = unit::holders(pool, site, Some(unit)).await.unwrap();
    let mut heads: Vec<_> = holders
        .into_iter()
        .filter(|one| one.role == Role::UnitHead)
        .filter_map(|one| one.number)
        .collect();
    heads.sort();
    heads
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn units_come_with_their_heads(pool: Pool) {
    let site = site(&pool, "one").await;
    let by = officer(&pool, site, "admin").await;
    let rows = Rows::Units(vec![unit_row("B", "A", &["1", "9"]), unit_row("A", "", &[])]);
    let outlook = register_import::outlook(&pool, site, &rows)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(outlook.counts.created, 2);
    let unknown: Vec<_> = outlook
        .passed_over
        .iter()
        .map(|one| (one.line, one.column, one.text.as_str()))
        .collect();
    assert_eq!(unknown, [(2, Column::Heads, "1"), (2, Column::Heads, "9")]);
    assert_eq!(apply(&pool, site, by, &rows).await, counts(2, 0, 0));
    let units = unit::list(&pool, site).await.unwrap();
    let (a, b) = (units[0].id, units[1].id);
    assert_eq!(units[1].parent, Some(a));
    assert_eq!(
        units[1].name.en, "B学院",
        "without an English name, the Chinese one"
    );

    // Once the people are there, the same file makes them heads; without any change it changes nothing.
    for number in ["1", "2"] {
        person::create(&pool, site, somebody(number, b), now())
            .await
            .unwrap();
    }
    let outlook = register_import::outlook(&pool, site, &rows)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (outlook.counts.updated, outlook.changes[0].column),
        (1, Column::Heads)
    );
    assert_eq!(apply(&pool, site, by, &rows).await, counts(0, 1, 1));
    assert_eq!(heads(&pool, site, b).await, ["1"]);
    assert_eq!(apply(&pool, site, by, &rows).await, counts(0, 0, 2));
    // Another head takes the place; a cell that names nobody leaves who it is.
    let other = Rows::Units(vec![unit_row("B", "", &["2"])]);
    assert_eq!(apply(&pool, site, by, &other).await, counts(0, 1, 0));
    assert_eq!(heads(&pool, site, b).await, ["2"]);
    let silent = Rows::Units(vec![unit_row("B", "", &[]), unit_row("A", "", &["7"])]);
    assert_eq!(apply(&pool, site, by, &silent).await, counts(0, 0, 2));
    assert_eq!(heads(&pool, site, b).await, ["2"]);

    // A file that was good is not any more, once the tree has changed: nothing of it is taken.
    let below = Rows::Units(vec![unit_row("C", "", &[]), unit_row("A", "B", &[])]);
    assert_eq!(register_import::faults(&pool, site, &below).await.unwrap(), []);
    unit::move_to(&pool, site, b, Some(a)).await.unwrap();
    let faults = register_import::faults(&pool, site, &below).await.unwrap();
    assert_eq!(faults, [LineFault::new(2, Column::Parent, CellFault::Cycle)]);
    assert_eq!(apply(&pool, site, by, &below).await, Applied::Faulty);
    assert_eq!(unit::list(&pool, site).await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn people_come_go_and_head_their_units(pool: Pool) {
    let site = site(&pool, "one").await;
    let by = officer(&pool, site, "admin").await;
    let a = made(&pool, site, "A", None).await;
    let head = PersonRow {
        duty: Some(Role::UnitHead),
        phone: Some("13800138001".into()),
        ..person_row("1", "A部")
    };
    let rows = Rows::People(vec![
        head.clone(),
        person_row("2", "a"),
        person_row("3", "unit A"),
    ]);
    assert_eq!(apply(&pool, site, by, &rows).await, counts(3, 0, 0));
    assert_eq!(apply(&pool, site, by, &rows).await, counts(0, 0, 3));
    assert_eq!(heads(&pool, site, a).await, ["1"]);
    let one = person::by_number(&pool, site, "1").await.unwrap().unwrap();
    let phone = async || {
        let profile = person::profile(&pool, site, one.account).await.unwrap().unwrap();
        profile.entry.unwrap().phone
    };
    let silent = PersonRow {
        phone: None,
        ..head.clone()
    };
    assert_eq!(
        apply(&pool, site, by, &Rows::People(vec![silent])).await,
        counts(0, 0, 1)
    );
    assert_eq!(
        phone().await.as_deref(),
        Some("13800138001"),
        "a column that is missing says nothing"
    );
    let gone = PersonRow {
        phone: Some(String::new()),
        left: Some(true),
        ..head.clone()
    };
    let gone = Rows::People(vec![gone]);
    let outlook = register_import::outlook(&pool, site, &gone)
        .await
        .unwrap()
        .unwrap();
    let columns: Vec<_> = outlook.changes.iter().map(|change| change.column).collect();
    assert_eq!(columns, [Column::Phone, Column::Left]);
    assert_eq!(apply(&pool, site, by, &gone).await, counts(0, 1, 0));
    assert_eq!((phone().await, heads(&pool, site, a).await), (None, vec![]));
    assert_eq!(person::by_number(&pool, site, "1").await.unwrap(), None);
    let grants = account::roles(&pool, site, one.account).await.unwrap();
    assert_eq!(grants[0].at, Place::Unit(a), "leaving takes nothing back");
    let back = PersonRow {
        left: Some(false),
        ..head
    };
    assert_eq!(
        apply(&pool, site, by, &Rows::People(vec![back])).await,
        counts(0, 1, 0)
    );
    assert_eq!(heads(&pool, site, a).await, ["1"]);

    // One line that names no unit, or a name that two have, keeps the whole file out.
    let name = pass::Text::new("A部", "Another");
    unit::create(&pool, site, "B", &name, None).await.unwrap();
    let bad = Rows::People(vec![
        person_row("4", "B"),
        person_row("5", "X"),
        person_row("6", "A部"),
    ]);
    let faults = register_import::faults(&pool, site, &bad).await.unwrap();
    let faults: Vec<_> = faults.into_iter().map(|fault| fault.fault.fault).collect();
    assert_eq!(faults, [CellFault::Unknown, CellFault::Ambiguous]);
    assert_eq!(apply(&pool, site, by, &bad).await, Applied::Faulty);
    assert_eq!(person::count(&pool, site).await.unwrap(), 3);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn files_wait_each_for_its_register(pool: Pool) {
    let site = site(&pool, "one").await;
    let by = officer(&pool, site, "admin").await;
    for rows in [
        Rows::Households(vec![row("1-1", "张三")]),
        Rows::Units(vec![unit_row("A", "", &[])]),
    ] {
        kept(&pool, site, by, &rows).await;
    }
    let waiting = register_import::waiting(&pool, site, 9).await.unwrap();
    let mut registers: Vec<_> = waiting.iter().map(|file| file.register).collect();
    registers.sort();
    assert_eq!(registers, [Register::Households, Register::Units]);
}
