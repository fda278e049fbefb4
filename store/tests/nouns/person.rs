use crate::unit::{made, somebody};
use crate::world::*;
use jiff::SignedDuration;
use pass::Role;
use pass::person::PersonKind;
use store::{
    Conflict, Pool, SiteId,
    account::{self, Grant, NewAccount, Place},
    person::{self, After, Edit, Filter, NewPerson, Who},
    session::{self, Lifetime},
};

const LIFETIME: Lifetime = Lifetime {
    idle: SignedDuration::from_hours(1),
    most: SignedDuration::from_hours(3),
};

/// Numbers, or else logins, of everybody the filter shows, leafed through in pages of two.
async fn shown(pool: &Pool, site: SiteId, filter: &Filter<'_>) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), None::<After>);
    loop {
        let (rows, next) = person::list(pool, site, filter, after.as_ref(), 2).await.unwrap();
        assert!(rows.len() <= 2);
        all.extend(rows.into_iter().map(|row| match row.entry {
            Some((number, ..)) => number,
            None => row.login.unwrap_or_default(),
        }));
        let Some(next) = next else { return all };
        after = Some(next.to_string().parse().unwrap());
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_register_is_searched_and_leafed_through(pool: Pool) {
    let site = site(&pool, "one").await;
    let college = made(&pool, site, "A", None).await;
    let institute = made(&pool, site, "B", Some(college)).await;
    let office = made(&pool, site, "C", None).await;
    let mut ids = Vec::new();
    for (number, name, kind, unit) in [
        ("0701", "陈书言", PersonKind::Staff, college),
        ("0702", "陈清和", PersonKind::Staff, institute),
        ("0703", "林望舒", PersonKind::Staff, office),
        ("2020001", "何川", PersonKind::Student, institute),
        ("S2020001", "100%", PersonKind::Postgraduate, college),
    ] {
        let new = NewPerson {
            name,
            kind,
            ..somebody(number, unit)
        };
        ids.push(person::create(&pool, site, new, now()).await.unwrap());
    }
    for login in ["office", "zoned", "nothing"] {
        officer(&pool, site, login).await;
    }
    // A resident without a role is nobody of the register.
    account::by_phone_or_create(&pool, site, "13800138000", now())
        .await
        .unwrap();
    let head = Grant {
        role: Role::UnitHead,
        at: Place::Unit(college),
    };
    account::grant(&pool, site, ids[0], head, now()).await.unwrap();
    person::leave(&pool, site, ids[2], now()).await.unwrap();

    let check = async |filter: Filter<'_>, numbers: &[&str]| {
        assert_eq!(shown(&pool, site, &filter).await, numbers, "{filter:?}");
    };
    let all = Filter::default();
    check(
        all,
        &[
            "0701", "0702", "2020001", "S2020001", "nothing", "office", "zoned",
        ],
    )
    .await;
    check(Filter { text: "070", ..all }, &["0701", "0702"]).await;
    check(Filter { text: "s2020", ..all }, &["S2020001"]).await;
    check(Filter { text: "陈", ..all }, &["0701", "0702"]).await;
    check(
        Filter {
            text: "陈清", ..all
        },
        &["0702"],
    )
    .await;
    check(Filter { text: "OFF", ..all }, &["office"]).await;
    check(Filter { text: "%", ..all }, &[]).await;
    let kind = Some(PersonKind::Staff);
    check(Filter { kind, ..all }, &["0701", "0702"]).await;
    let unit = Some(college);
    check(Filter { unit, ..all }, &["0701", "0702", "2020001", "S2020001"]).await;
    check(
        Filter {
            unit,
            kind,
            text: "陈书",
            ..all
        },
        &["0701"],
    )
    .await;
    check(
        Filter {
            who: Who::Left,
            ..all
        },
        &["0703"],
    )
    .await;
    check(
        Filter {
            who: Who::Local,
            ..all
        },
        &["nothing", "office", "zoned"],
    )
    .await;
    let roles = |role| Filter {
        who: Who::Roles(role),
        ..all
    };
    check(roles(None), &["0701", "nothing", "office", "zoned"]).await;
    check(roles(Some(Role::UnitHead)), &["0701"]).await;
    check(roles(Some(Role::Guard)), &[]).await;
    let (rows, _) = person::list(&pool, site, &roles(Some(Role::UnitHead)), None, 9)
        .await
        .unwrap();
    assert_eq!(rows[0].grants, [head]);
    assert_eq!(person::count(&pool, site).await.unwrap(), 4);
    for text in ["", "x", "a", "a0"] {
        assert!(text.parse::<After>().is_err(), "{text}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_entry_is_changed(pool: Pool) {
    let site = site(&pool, "one").await;
    let (a, b) = (
        made(&pool, site, "A", None).await,
        made(&pool, site, "B", None).await,
    );
    let id = person::create(&pool, site, somebody("1", a), now())
        .await
        .unwrap();
    let twice = person::create(&pool, site, somebody("1", b), now())
        .await
        .unwrap_err();
    assert_eq!(twice.conflict(), Some(Conflict::NumberTaken));
    let edit = Edit {
        name: "陈清和",
        kind: PersonKind::Retired,
        unit: b,
        phone: Some("13800138000"),
        mail: None,
    };
    assert!(person::edit(&pool, site, id, edit).await.unwrap());
    let profile = person::profile(&pool, site, id).await.unwrap().unwrap();
    let entry = profile.entry.unwrap();
    assert_eq!(profile.account.display_name, "陈清和");
    assert_eq!(
        (entry.kind, entry.unit, entry.phone.as_deref()),
        (PersonKind::Retired, b, Some("13800138000"))
    );
    // An office's account has no entry.
    let office = officer(&pool, site, "office").await;
    assert!(!person::edit(&pool, site, office, edit).await.unwrap());
    assert!(!person::leave(&pool, site, office, now()).await.unwrap());
    assert!(
        person::profile(&pool, site, office)
            .await
            .unwrap()
            .unwrap()
            .entry
            .is_none()
    );
    let taken = account::set_login(&pool, site, id, "office", "hash")
        .await
        .unwrap_err();
    assert_eq!(taken.conflict(), Some(Conflict::LoginTaken));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_left_is_out_and_what_they_were_granted_sleeps(pool: Pool) {
    let site = site(&pool, "one").await;
    let unit = made(&pool, site, "A", None).await;
    let id = person::create(&pool, site, somebody("1", unit), now())
        .await
        .unwrap();
    let head = Grant {
        role: Role::UnitHead,
        at: Place::Unit(unit),
    };
    account::grant(&pool, site, id, head, now()).await.unwrap();
    assert!(account::set_login(&pool, site, id, "chen", "hash").await.unwrap());
    let with_password = async |token: u8| {
        session::begin_with_password(&pool, site, id, "hash", &[token; 32], LIFETIME, now())
            .await
            .unwrap()
    };
    let grants = async |token: u8| {
        let viewer = session::viewer(&pool, site, &[token; 32], after(1))
            .await
            .unwrap();
        viewer.map(|viewer| viewer.grants)
    };
    assert!(with_password(1).await);
    assert_eq!(grants(1).await, Some(vec![head]));
    assert!(person::leave(&pool, site, id, now()).await.unwrap());
    assert_eq!(grants(1).await, None, "the session has ended");
    assert!(!with_password(2).await);
    // Their telephone may still be a resident's.
    assert!(
        session::begin(&pool, site, id, &[3; 32], LIFETIME, now())
            .await
            .unwrap()
    );
    assert_eq!(grants(3).await, Some(vec![]));
    assert_eq!(account::roles(&pool, site, id).await.unwrap(), [head]);
    assert!(person::come_back(&pool, site, id).await.unwrap());
    assert_eq!(grants(3).await, Some(vec![head]));
    assert!(with_password(4).await);
}

/// A register of a large university answers at once, whatever is asked.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn sixty_thousand_people_are_quick(pool: Pool) {
    let site = site(&pool, "one").await;
    let unit = made(&pool, site, "A", None).await;
    sqlx::query(
        "insert into account (site_id, account_id, display_name, created_at)
         select $1, gen_random_uuid(), chr(20000 + n % 400) || n, now() from generate_series(1, 60000) n",
    )
    .bind(site.0)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into person (site_id, account_id, number, kind, unit_id)
         select site_id, account_id, substr(display_name, 2), 'staff', $2 from account where site_id = $1",
    )
    .bind(site.0)
    .bind(unit.0)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("analyze").execute(&pool).await.unwrap();
    let last = NewAccount {
        display_name: "欧阳",
        ..NewAccount::default()
    };
    account::create(&pool, site, last, now()).await.unwrap();
    let all = Filter::default();
    for (filter, after) in [
        (all, None),
        (all, Some(After::Number("59990".to_owned()))),
        (Filter { text: "5999", ..all }, None),
        (Filter { text: "伀", ..all }, None),
        (
            Filter {
                text: "查无此人",
                ..all
            },
            None,
        ),
        (
            Filter {
                unit: Some(unit),
                ..all
            },
            None,
        ),
        (
            Filter {
                kind: Some(PersonKind::Contractor),
                ..all
            },
            None,
        ),
        (
            Filter {
                who: Who::Roles(None),
                ..all
            },
            None,
        ),
    ] {
        let begun = std::time::Instant::now();
        person::list(&pool, site, &filter, after.as_ref(), 50)
            .await
            .unwrap();
        let took = begun.elapsed();
        assert!(took < std::time::Duration::from_secs(1), "{filter:?}: {took:?}");
    }
}

/// The column's check and the one Rust enum say the same words.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_tables_know_every_kind_and_every_register(pool: Pool) {
    for (check, words) in [
        (
            "person_kind_check",
            PersonKind::ALL.map(PersonKind::as_str).to_vec(),
        ),
        (
            "register_import_register_check",
            pass::table::Register::ALL
                .map(pass::table::Register::as_str)
                .to_vec(),
        ),
    ] {
        let definition: String =
            sqlx::query_scalar("select pg_get_constraintdef(oid) from pg_constraint where conname = $1")
                .bind(check)
                .fetch_one(&pool)
                .await
                .unwrap();
        let known: Vec<&str> = definition.split('\'').skip(1).step_by(2).collect();
        assert_eq!(known, words);
    }
}
