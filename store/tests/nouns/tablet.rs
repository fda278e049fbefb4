use crate::world::*;
use pass::{CheckpointId, Direction, IssuerKey, PublicKey, Text};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Conflict, Pool, SiteId,
    checkpoint::{self, NewCheckpoint},
    site,
    tablet::{self, NewCode, Tablet},
};

/// A public key.
pub fn key(n: u8) -> PublicKey {
    IssuerKey::from_scalar(&[n; 32]).unwrap().public().key
}

/// A gate in zone 0, and who made it.
pub async fn gate(pool: &Pool, site: SiteId) -> (CheckpointId, store::AccountId) {
    let name = Text::new("东门", "East Gate");
    if checkpoint::zones(pool, site).await.unwrap().is_empty() {
        checkpoint::create_zone(pool, site, 0, &Text::new("A区", "Zone A"))
            .await
            .unwrap();
    }
    let new = NewCheckpoint {
        zone: 0,
        name: &name,
        direction: Direction::In,
    };
    let id = checkpoint::create(pool, site, new, now()).await.unwrap();
    let by = officer(pool, site, &format!("admin-{id}")).await;
    (id, by)
}

/// An enrolled tablet at a gate of its own.
pub async fn enrolled(pool: &Pool, site: SiteId, n: u8) -> Tablet {
    let (checkpoint, by) = gate(pool, site).await;
    let code = NewCode {
        code_hash: &[n; 32],
        checkpoint,
        name: "东门1号",
        by,
    };
    tablet::create_code(pool, site, code, now()).await.unwrap();
    tablet::enrol(pool, site, &[n; 32], &key(n), after(1))
        .await
        .unwrap()
        .unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn zones_and_checkpoints(pool: Pool) {
    let site = site(&pool, "one").await;
    let before = site::bundle_version(&pool, site).await.unwrap().unwrap();
    let (id, _) = gate(&pool, site).await;
    assert!(site::bundle_version(&pool, site).await.unwrap().unwrap() > before);
    let name = Text::new("A区", "Zone A");
    let taken = checkpoint::create_zone(&pool, site, 0, &name).await.unwrap_err();
    assert_eq!(taken.conflict(), Some(Conflict::ZoneTaken));
    let new = NewCheckpoint {
        zone: 9,
        name: &name,
        direction: Direction::Both,
    };
    let unknown = checkpoint::create(&pool, site, new, now()).await.unwrap_err();
    assert_eq!(unknown.conflict(), Some(Conflict::Unknown));

    let found = checkpoint::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!(
        (found.zone, found.direction, found.closed_at),
        (0, Direction::In, None)
    );
    assert!(checkpoint::close(&pool, site, id, after(1)).await.unwrap());
    assert!(!checkpoint::close(&pool, site, id, after(1)).await.unwrap());
    assert_eq!(
        checkpoint::list(&pool, site).await.unwrap()[0].closed_at,
        Some(after(1))
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_code_enrols_once_within_its_time(pool: Pool) {
    let site = site(&pool, "one").await;
    let (checkpoint, by) = gate(&pool, site).await;
    let code = |hash| NewCode {
        code_hash: hash,
        checkpoint,
        name: "东门1号",
        by,
    };
    let expires_at = tablet::create_code(&pool, site, code(&[1; 32]), now())
        .await
        .unwrap();
    assert_eq!(expires_at, after(15 * 60));
    let enrol = async |hash: u8, n, at| tablet::enrol(&pool, site, &[hash; 32], &key(n), after(at)).await;

    assert_eq!(enrol(9, 1, 1).await.unwrap(), None, "no such code");
    let made = enrol(1, 1, 1).await.unwrap().unwrap();
    assert_eq!(
        (made.public.key, made.checkpoint, made.name.as_str()),
        (key(1), checkpoint, "东门1号")
    );
    assert_eq!(enrol(1, 2, 2).await.unwrap(), None, "used");
    assert_eq!(
        enrol(1, 1, 3).await.unwrap(),
        Some(made.clone()),
        "the answer was lost"
    );
    assert_eq!(enrol(1, 1, 15 * 60).await.unwrap(), None, "used and over");
    tablet::create_code(&pool, site, code(&[2; 32]), now())
        .await
        .unwrap();
    assert_eq!(enrol(2, 2, 15 * 60).await.unwrap(), None, "over");
    assert_eq!(
        enrol(2, 1, 1).await.unwrap_err().conflict(),
        Some(Conflict::KeyEnrolled)
    );
    assert!(
        enrol(2, 2, 1).await.unwrap().is_some(),
        "a refused key leaves the code"
    );
    tablet::create_code(&pool, site, code(&[3; 32]), now())
        .await
        .unwrap();
    checkpoint::close(&pool, site, checkpoint, after(1))
        .await
        .unwrap();
    assert_eq!(enrol(3, 3, 2).await.unwrap(), None, "its gate is closed");

    let id = made.public.id;
    tablet::seen(&pool, site, id, after(50)).await.unwrap();
    assert!(tablet::revoke(&pool, site, id, by, after(60)).await.unwrap());
    assert!(!tablet::revoke(&pool, site, id, by, after(61)).await.unwrap());
    assert_eq!(enrol(1, 1, 62).await.unwrap(), None, "revoked");
    let found = tablet::get(&pool, site, id).await.unwrap().unwrap();
    assert_eq!(
        (found.last_seen_at, found.revoked_at),
        (after(50), Some(after(60)))
    );
    assert_eq!(tablet::list(&pool, site).await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_tablets_with_one_code_one_enrols(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let (checkpoint, by) = gate(&pool, site).await;
    let code = NewCode {
        code_hash: &[1; 32],
        checkpoint,
        name: "东门1号",
        by,
    };
    tablet::create_code(&pool, site, code, now()).await.unwrap();
    let outcomes = together(12, |n| {
        let (pool, key) = (pool.clone(), key(n as u8 + 1));
        async move {
            tablet::enrol(&pool, site, &[1; 32], &key, after(1))
                .await
                .unwrap()
        }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_some()).count(), 1);
    assert_eq!(tablet::list(&pool, site).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn codes_that_nobody_used_are_forgotten(pool: Pool) {
    let site = site(&pool, "one").await;
    enrolled(&pool, site, 1).await;
    let (checkpoint, by) = gate(&pool, site).await;
    let code = NewCode {
        code_hash: &[2; 32],
        checkpoint,
        name: "东门2号",
        by,
    };
    tablet::create_code(&pool, site, code, now()).await.unwrap();
    assert_eq!(
        tablet::purge_codes(&pool, site, now()).await.unwrap(),
        0,
        "it works still"
    );
    let day = 24 * 3600;
    assert_eq!(
        tablet::purge_codes(&pool, site, after(day)).await.unwrap(),
        1,
        "the used one stays"
    );
}
