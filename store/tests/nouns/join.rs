use crate::world::*;
use pass::{Role, joining::CannotJoin, person::PersonKind};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeSet;
use store::{
    AccountId, Conflict, Pool, SiteId,
    account::{
        self, Bound, Grant, NewAccount, join,
        join::{MOVED, NOT_MOVED},
    },
    application, claim,
    decision::Verdict,
    person::{self, NewPerson},
    session::{self, Lifetime},
};

const PHONE: &str = "13800138000";

async fn member(pool: &Pool, site: SiteId, number: &str) -> AccountId {
    let name = pass::Text::new("计算机学院", "Computing");
    let unit = store::unit::create(pool, site, number, &name, None)
        .await
        .unwrap();
    let new = NewPerson {
        number,
        name: "李明",
        kind: PersonKind::Staff,
        unit,
        phone: None,
        mail: None,
    };
    person::create(pool, site, new, now()).await.unwrap()
}

/// Every foreign key to an account is either moved or known not to be. Whoever adds one decides which.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whatever_names_an_account_is_thought_of(pool: Pool) {
    let there: BTreeSet<(String, String)> = sqlx::query_as(
        "select c.conrelid::regclass::text, a.attname::text
         from pg_constraint c
         cross join lateral unnest(c.conkey) key
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = key
         where c.contype = 'f' and c.confrelid = 'account'::regclass and a.attname <> 'site_id'",
    )
    .fetch_all(&pool)
    .await
    .unwrap()
    .into_iter()
    .collect();
    let known: BTreeSet<(String, String)> = MOVED
        .iter()
        .chain(&NOT_MOVED)
        .map(|(table, column)| ((*table).to_owned(), (*column).to_owned()))
        .collect();
    assert_eq!(
        there, known,
        "store/src/account/join.rs names what names an account"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_residents_account_is_taken_in_with_all_it_has(pool: Pool) {
    let site = site(&pool, "one").await;
    let (automatic, office) = kinds(&pool, site).await;
    let keep = member(&pool, site, "07000001").await;
    let home = resident(&pool, site, PHONE, "1").await;
    let (absorb, household) = home;
    let issued = apply(&pool, site, home, automatic, 0).await;
    let waiting = apply(&pool, site, home, office, 1).await;
    let hour = jiff::SignedDuration::from_hours(1);
    let lifetime = Lifetime {
        idle: hour,
        most: hour,
    };
    for (n, account) in [(1, absorb), (2, keep)] {
        session::begin(&pool, site, account, &[n; 32], lifetime, now())
            .await
            .unwrap();
    }

    let quotas = "insert into quota (site_id, taker_id, kind_key, taken)
         values ($1, $2, 'own', '{2020-02-17}'), ($1, $3, 'own', '{2020-02-18}'), ($1, $3, 'another', '{2020-02-18}')";
    sqlx::query(quotas)
        .bind(site.0)
        .bind(keep.0)
        .bind(absorb.0)
        .execute(&pool)
        .await
        .unwrap();

    let bound = account::bind_phone(&pool, site, keep, PHONE).await.unwrap();
    assert_eq!(bound, Bound::Done { joined: true });
    let taken: Vec<(String, i32)> = sqlx::query_as(
        "select kind_key, cardinality(taken) from quota where taker_id in ($1, $2) order by kind_key",
    )
    .bind(keep.0)
    .bind(absorb.0)
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(taken, [("another".to_owned(), 1), ("own".to_owned(), 2)]);
    let mine = application::mine(&pool, site, keep, &application::Own::default(), None, 10)
        .await
        .unwrap();
    let mine: BTreeSet<_> = mine.rows.into_iter().map(|one| one.id).collect();
    assert_eq!(mine, BTreeSet::from([issued, waiting]));
    assert_eq!(account::get(&pool, site, absorb).await.unwrap(), None);
    let found = account::by_phone(&pool, site, PHONE).await.unwrap().unwrap();
    assert_eq!(found.id, keep, "the telephone signs in as the account that stays");
    let viewer = async |n| session::viewer(&pool, site, &[n; 32], after(1)).await.unwrap();
    assert_eq!(viewer(1).await, None);
    let viewer = viewer(2).await.unwrap();
    assert_eq!(viewer.household.map(|home| home.id), Some(household));
    assert_eq!(viewer.person.map(|person| person.number), Some("07000001".into()));

    let again = account::bind_phone(&pool, site, keep, PHONE).await.unwrap();
    assert_eq!(again, Bound::Done { joined: false }, "sent twice");
    let other = account::bind_phone(&pool, site, keep, "13800138001")
        .await
        .unwrap();
    assert_eq!(
        other,
        Bound::Done { joined: false },
        "another number takes its place"
    );
    assert_eq!(account::by_phone(&pool, site, PHONE).await.unwrap(), None);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_speaks_against_it_leaves_both_as_they_were(pool: Pool) {
    let site = site(&pool, "one").await;
    let (_, kind) = kinds(&pool, site).await;
    let keep = member(&pool, site, "07000001").await;
    let refused = async |phone: &str| {
        let before = account::by_phone(&pool, site, phone).await.unwrap();
        let bound = account::bind_phone(&pool, site, keep, phone).await.unwrap();
        assert_eq!(account::by_phone(&pool, site, phone).await.unwrap(), before);
        match bound {
            Bound::CannotJoin(why) => why,
            Bound::Done { .. } => panic!("{phone} was bound"),
        }
    };
    let phone = async |phone: &str| {
        account::by_phone_or_create(&pool, site, phone, now())
            .await
            .unwrap()
            .id
    };

    let with_role = phone("13800138001").await;
    let zone = Grant::whole(Role::Guard);
    account::grant(&pool, site, with_role, zone, now()).await.unwrap();
    assert_eq!(refused("13800138001").await, CannotJoin::AnotherOfTheSite);

    let new = NewAccount {
        login: Some("somebody"),
        phone: Some("13800138002"),
        ..NewAccount::default()
    };
    account::create(&pool, site, new, now()).await.unwrap();
    assert_eq!(refused("13800138002").await, CannotJoin::AnotherOfTheSite);

    let colleague = member(&pool, site, "07000002").await;
    account::bind_phone(&pool, site, colleague, "13800138003")
        .await
        .unwrap();
    assert_eq!(refused("13800138003").await, CannotJoin::AnotherOfTheSite);

    let disabled = phone("13800138004").await;
    account::disable(&pool, site, disabled, now()).await.unwrap();
    assert_eq!(refused("13800138004").await, CannotJoin::Disabled);

    // Whoever decided for a household does not come to have decided for their own.
    let home = resident(&pool, site, "13800138005", "5").await;
    let asked = apply(&pool, site, home, kind, 1).await;
    let office = Grant::whole(Role::Office);
    account::grant(&pool, site, keep, office, now()).await.unwrap();
    let decided = decide(&pool, site, asked, keep, &Verdict::Refuse).await;
    assert_eq!(decided, done(None));
    assert_eq!(refused("13800138005").await, CannotJoin::DecidedForEachOther);

    resident(&pool, site, "13800138006", "6").await;
    let household = behind(&pool, site, "5").await;
    claim::make(&pool, site, keep, household, "张三", now())
        .await
        .unwrap();
    assert_eq!(refused("13800138006").await, CannotJoin::TwoHouseholds);

    let nobody = account::bind_phone(&pool, site, AccountId::new(), "13800138007").await;
    assert_eq!(nobody.unwrap_err().conflict(), Some(Conflict::Unknown));
    let gone = join(&pool, site, keep, AccountId::new()).await;
    assert_eq!(gone.unwrap_err().conflict(), Some(Conflict::Unknown));
}

/// Two people who prove at once to have one telephone: it is one's in the end, and nobody waits for ever.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_telephone_is_bound_to_one_account_also_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let people = [
        member(&pool, site, "07000001").await,
        member(&pool, site, "07000002").await,
    ];
    let (resident, household) = resident(&pool, site, PHONE, "1").await;
    let bound = together(2, |n| {
        let pool = pool.clone();
        async move { account::bind_phone(&pool, site, people[n], PHONE).await }
    })
    .await;
    let joined = bound
        .iter()
        .filter(|bound| matches!(bound, Ok(Bound::Done { joined: true })))
        .count();
    assert_eq!(joined, 1, "{bound:?}");
    assert_eq!(account::get(&pool, site, resident).await.unwrap(), None);
    let owner = account::by_phone(&pool, site, PHONE).await.unwrap().unwrap().id;
    assert!(people.contains(&owner));
    let claims: Vec<uuid::Uuid> =
        sqlx::query_scalar("select account_id from household_claim where household_id = $1")
            .bind(household.0)
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(claims, [owner.0]);
}
