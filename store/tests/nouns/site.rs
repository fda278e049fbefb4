use crate::world::*;
use pass::{IssuerKey, SiteCode, Text};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Conflict, Pool,
    issuer_key::{self, SealedKey},
    pass_kind,
    site::{self, NewSite},
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn found_by_host(pool: Pool) {
    let one = site(&pool, "one").await;
    let two = site(&pool, "two").await;
    let found = site::by_host(&pool, "one.localhost").await.unwrap().unwrap();
    assert_eq!((found.id, found.code.as_str()), (one, "one"));
    assert_eq!(found.hosts, ["one.localhost"]);
    assert_eq!(site::by_host(&pool, "three.localhost").await.unwrap(), None);
    assert_eq!(site::get(&pool, two).await.unwrap().unwrap().code.as_str(), "two");
    assert_eq!(site::all(&pool).await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn codes_and_hosts_are_one_sites(pool: Pool) {
    site(&pool, "one").await;
    let create = async |code: &str, host: &str| {
        let (code, name): (SiteCode, _) = (code.parse().unwrap(), Text::new("示范", "Example"));
        let new = NewSite {
            code: &code,
            name: &name,
            time_zone: "Asia/Shanghai",
            hosts: &[host],
            demo: false,
        };
        site::create(&pool, new, now()).await.unwrap_err().conflict()
    };
    assert_eq!(create("one", "x.localhost").await, Some(Conflict::SiteCodeTaken));
    assert_eq!(create("two", "one.localhost").await, Some(Conflict::HostTaken));
    assert_eq!(site::all(&pool).await.unwrap().len(), 1, "nothing half-made");
}

fn key(n: u8) -> SealedKey {
    SealedKey {
        public: IssuerKey::from_scalar(&[n; 32]).unwrap().public(),
        sealed: vec![n; 60],
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn keys_rotate_and_the_old_ones_stay(pool: Pool) {
    let site = site(&pool, "one").await;
    assert_eq!(issuer_key::active(&pool, site).await.unwrap(), None);
    let before = site::bundle_version(&pool, site).await.unwrap().unwrap();
    issuer_key::rotate(&pool, site, &key(1), now()).await.unwrap();
    issuer_key::rotate(&pool, site, &key(2), after(1)).await.unwrap();
    assert_eq!(issuer_key::active(&pool, site).await.unwrap(), Some(key(2)));
    assert_eq!(
        issuer_key::publics(&pool, site).await.unwrap(),
        [key(2).public, key(1).public]
    );
    assert_eq!(
        site::bundle_version(&pool, site).await.unwrap().unwrap(),
        before + 2
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn keys_made_at_once_leave_one_that_signs(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let outcomes = together(8, |n| {
        let (pool, key) = (pool.clone(), key(n as u8 + 1));
        async move { issuer_key::rotate(&pool, site, &key, now()).await }
    })
    .await;
    let made = |outcome: &store::Result<()>| match outcome {
        Ok(()) => true,
        Err(error) => {
            assert_eq!(error.conflict(), Some(Conflict::KeyMade), "{error}");
            false
        }
    };
    let made = outcomes.iter().filter(|outcome| made(outcome)).count();
    assert_eq!(issuer_key::publics(&pool, site).await.unwrap().len(), made);
    assert!(issuer_key::active(&pool, site).await.unwrap().is_some());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn kinds_are_published_in_versions(pool: Pool) {
    let site = site(&pool, "one").await;
    let mut single = kind("resident-once", pass::Flow::default(), Some((1, 2)));
    let first = publish(&pool, site, &single).await;
    let other = publish(&pool, site, &kind("resident-many", pass::Flow::office(), None)).await;
    let refused = pass_kind::publish(&pool, site, &single, None, now())
        .await
        .unwrap_err();
    assert_eq!(refused.conflict(), Some(Conflict::VersionPublished));
    single.version = 2;
    let second = publish(&pool, site, &single).await;
    assert_eq!(
        [first.0, other.0, second.0],
        [1, 2, 3],
        "a refused version takes no number"
    );

    let offered = pass_kind::offered(&pool, site).await.unwrap();
    assert_eq!(
        offered.iter().map(|kind| kind.no).collect::<Vec<_>>(),
        [other, second]
    );
    assert_eq!(
        pass_kind::newest(&pool, site, &single.key)
            .await
            .unwrap()
            .unwrap()
            .kind,
        single
    );
    assert!(!pass_kind::get(&pool, site, first).await.unwrap().unwrap().offered);

    let unseen = pass_kind::retire(&pool, site, &single.key, 1, now())
        .await
        .unwrap();
    assert!(!unseen, "there is a version that whoever asked has not seen");
    assert!(
        !pass_kind::retire(&pool, site, &single.key, 3, now())
            .await
            .unwrap()
    );
    assert_eq!(pass_kind::offered(&pool, site).await.unwrap().len(), 2);
    assert!(
        pass_kind::retire(&pool, site, &single.key, 2, now())
            .await
            .unwrap()
    );
    assert!(
        !pass_kind::retire(&pool, site, &single.key, 2, now())
            .await
            .unwrap()
    );
    assert_eq!(pass_kind::offered(&pool, site).await.unwrap().len(), 1);
    assert_eq!(pass_kind::all(&pool, site).await.unwrap().len(), 3);

    single.version = 3;
    publish(&pool, site, &single).await;
    let newest = pass_kind::newest(&pool, site, &single.key)
        .await
        .unwrap()
        .unwrap();
    assert!(
        newest.offered && !newest.retired,
        "a later version offers it again"
    );
    let retired: Vec<bool> = pass_kind::records(&pool, site)
        .await
        .unwrap()
        .iter()
        .map(|record| record.retired_at.is_some())
        .collect();
    assert_eq!(retired, [true, false, true, false]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_version_knows_who_published_it_and_what_runs_under_it(pool: Pool) {
    let site = site(&pool, "one").await;
    let resident = resident(&pool, site, "13800138000", "1").await;
    let (_, office) = kinds(&pool, site).await;
    apply(&pool, site, resident, office, 1).await;
    let definition = pass_kind::get(&pool, site, office).await.unwrap().unwrap().kind;
    let later = pass::PassKind {
        version: 2,
        ..definition
    };
    let second = pass_kind::publish(&pool, site, &later, Some(resident.0), now())
        .await
        .unwrap();
    let records = pass_kind::records(&pool, site).await.unwrap();
    let of = |no| records.iter().find(|record| record.no == no).unwrap();
    assert_eq!((of(office).running, of(office).by.as_deref()), (1, None));
    assert_eq!((of(second).running, of(second).by.is_some()), (0, true));
}
