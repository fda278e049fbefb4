use crate::world::*;
use pass::person::PersonKind;
use pass::{Role, Text};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Conflict, Pool, SiteId, UnitId,
    account::{self, Grant, Place},
    person::{self, NewPerson},
    unit::{self, Changed},
};

pub async fn made(pool: &Pool, site: SiteId, code: &str, parent: Option<UnitId>) -> UnitId {
    let name = Text::new(&format!("{code}部"), &format!("Unit {code}"));
    unit::create(pool, site, code, &name, parent).await.unwrap()
}

pub fn somebody(number: &str, unit: UnitId) -> NewPerson<'_> {
    NewPerson {
        number,
        name: "陈书言",
        kind: PersonKind::Staff,
        unit,
        phone: None,
        mail: None,
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_tree_is_made_moved_and_closed(pool: Pool) {
    let site = site(&pool, "one").await;
    let a = made(&pool, site, "A", None).await;
    let b = made(&pool, site, "B", Some(a)).await;
    let c = made(&pool, site, "C", Some(b)).await;
    let name = Text::new("乙", "B");
    let taken = unit::create(&pool, site, "B", &name, None).await.unwrap_err();
    assert_eq!(taken.conflict(), Some(Conflict::UnitTaken));
    let move_to = async |id, parent| unit::move_to(&pool, site, id, parent).await.unwrap();
    assert_eq!(move_to(a, Some(c)).await, Changed::Circle);
    assert_eq!(move_to(a, Some(a)).await, Changed::Circle);
    assert_eq!(move_to(c, Some(UnitId::new())).await, Changed::Unknown);
    assert_eq!(move_to(c, Some(a)).await, Changed::Done);
    assert!(unit::rename(&pool, site, b, &name).await.unwrap());

    let close = async |id| unit::close(&pool, site, id, now()).await.unwrap();
    assert_eq!(close(a).await, Changed::HasUnits);
    let one = person::create(&pool, site, somebody("1", b), now())
        .await
        .unwrap();
    assert_eq!(close(b).await, Changed::HasPeople);
    assert_eq!(unit::counts(&pool, site).await.unwrap()[&b], 1);
    person::leave(&pool, site, one, now()).await.unwrap();
    assert_eq!(
        (close(b).await, close(c).await, close(a).await),
        (Changed::Done, Changed::Done, Changed::Done)
    );
    // Nothing is put into what is closed.
    let refused = person::create(&pool, site, somebody("2", b), now())
        .await
        .unwrap_err();
    assert_eq!(refused.conflict(), Some(Conflict::Unknown));
    let refused = unit::create(&pool, site, "D", &name, Some(a)).await.unwrap_err();
    assert_eq!(refused.conflict(), Some(Conflict::Unknown));
    let back = person::come_back(&pool, site, one).await.unwrap_err();
    assert_eq!(back.conflict(), Some(Conflict::Unknown));
    assert_eq!(
        unit::reopen(&pool, site, b).await.unwrap(),
        Changed::Unknown,
        "the one above is closed"
    );
    for id in [a, b] {
        assert_eq!(unit::reopen(&pool, site, id).await.unwrap(), Changed::Done);
    }
    assert!(person::come_back(&pool, site, one).await.unwrap());
    let mut below = unit::with_below(&pool, site, a).await.unwrap();
    below.sort_unstable();
    let mut all = vec![a, b, c];
    all.sort_unstable();
    assert_eq!(below, all);
}

/// Two who turn the tree in opposite directions at once: one of them is refused, whoever is second.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_moves_at_once_make_no_circle(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let a = made(&pool, site, "A", None).await;
    let b = made(&pool, site, "B", None).await;
    for _ in 0..10 {
        for id in [a, b] {
            assert_eq!(unit::move_to(&pool, site, id, None).await.unwrap(), Changed::Done);
        }
        let done = together(2, |n| {
            let pool = pool.clone();
            async move {
                let (id, under) = if n == 0 { (a, b) } else { (b, a) };
                unit::move_to(&pool, site, id, Some(under)).await.unwrap()
            }
        })
        .await;
        assert!(
            done.contains(&Changed::Done) && done.contains(&Changed::Circle),
            "{done:?}"
        );
    }
}

/// Somebody is entered while the unit is closed: it is one or the other.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_is_left_in_a_closed_unit(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    for round in 0..10 {
        let id = made(&pool, site, &format!("U{round}"), None).await;
        together(2, |n| {
            let pool = pool.clone();
            async move {
                if n == 0 {
                    let _ = unit::close(&pool, site, id, now()).await.unwrap();
                } else {
                    let _ = person::create(&pool, site, somebody(&format!("{round}"), id), now()).await;
                }
            }
        })
        .await;
        let units = unit::list(&pool, site).await.unwrap();
        let closed = units.iter().any(|unit| unit.id == id && unit.closed);
        let people = unit::counts(&pool, site).await.unwrap().contains_key(&id);
        assert_ne!(closed, people, "round {round}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_holds_a_role_at_a_unit(pool: Pool) {
    let site = site(&pool, "one").await;
    let (a, b) = (
        made(&pool, site, "A", None).await,
        made(&pool, site, "B", None).await,
    );
    let one = person::create(&pool, site, somebody("1", a), now())
        .await
        .unwrap();
    for (role, unit) in [(Role::UnitHead, a), (Role::StudentAffairs, b)] {
        let at = Place::Unit(unit);
        account::grant(&pool, site, one, Grant { role, at }, now())
            .await
            .unwrap();
    }
    account::grant(&pool, site, one, Grant::whole(Role::Guard), now())
        .await
        .unwrap();
    let held = async |unit| {
        let holders = unit::holders(&pool, site, unit).await.unwrap();
        let mut held: Vec<_> = holders
            .into_iter()
            .map(|one| (one.role, one.number.unwrap()))
            .collect();
        held.sort();
        held
    };
    assert_eq!(held(Some(a)).await, [(Role::UnitHead, "1".to_owned())]);
    assert_eq!(held(None).await.len(), 2);
    person::leave(&pool, site, one, now()).await.unwrap();
    assert_eq!(held(None).await, []);
}
