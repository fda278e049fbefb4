use crate::world::*;
use jiff::SignedDuration;
use pass::Role;
use store::{
    Pool,
    account::{self, Grant, Place},
    session::{self, Lifetime, Proof, Way},
};

const LIFETIME: Lifetime = Lifetime {
    idle: SignedDuration::from_hours(1),
    most: SignedDuration::from_hours(3),
};
const HOUR: i64 = 3600;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_viewer_comes_with_roles_and_household(pool: Pool) {
    let site = site(&pool, "one").await;
    let (account, household) = resident(&pool, site, "13800138000", "1-1").await;
    let guard = Grant {
        role: Role::Guard,
        at: Place::Site,
    };
    account::grant(&pool, site, account, guard, now()).await.unwrap();
    session::begin(&pool, site, account, &[1; 32], LIFETIME, now())
        .await
        .unwrap();

    let viewer = session::viewer(&pool, site, &[1; 32], after(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(viewer.account, account);
    assert_eq!(viewer.phone.as_deref(), Some("13800138000"));
    assert_eq!(viewer.grants, [guard]);
    assert!(viewer.has(Role::Guard) && !viewer.has(Role::Office));
    let home = viewer.household.unwrap();
    assert_eq!((home.id, home.householder.as_str()), (household, "张三"));
    assert_eq!(
        session::viewer(&pool, site, &[2; 32], after(1)).await.unwrap(),
        None
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn use_prolongs_a_session_up_to_its_end(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = officer(&pool, site, "office").await;
    let seen = async |seconds| {
        session::viewer(&pool, site, &[1; 32], after(seconds))
            .await
            .unwrap()
            .is_some()
    };
    session::begin(&pool, site, account, &[1; 32], LIFETIME, now())
        .await
        .unwrap();
    assert!(seen(HOUR - 1).await);
    assert!(seen(2 * HOUR - 2).await, "prolonged by the look before");
    assert!(seen(3 * HOUR - 3).await);
    assert!(!seen(3 * HOUR).await, "never beyond its end");

    session::begin(&pool, site, account, &[3; 32], LIFETIME, now())
        .await
        .unwrap();
    assert_eq!(
        session::viewer(&pool, site, &[3; 32], after(HOUR)).await.unwrap(),
        None,
        "idle too long"
    );
    assert_eq!(session::purge(&pool, site, after(3 * HOUR)).await.unwrap(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn sessions_end(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = officer(&pool, site, "office").await;
    let begin = async |n| {
        session::begin(&pool, site, account, &[n; 32], LIFETIME, now())
            .await
            .unwrap();
    };
    let alive = async |n| {
        session::viewer(&pool, site, &[n; 32], after(1))
            .await
            .unwrap()
            .is_some()
    };
    for n in 1..=3 {
        begin(n).await;
    }
    session::end(&pool, site, &[1; 32]).await.unwrap();
    assert!(!alive(1).await && alive(2).await);
    assert_eq!(session::end_all(&pool, site, account).await.unwrap(), 2);

    begin(4).await;
    assert!(account::set_password(&pool, site, account, "hash").await.unwrap());
    assert!(!alive(4).await, "a new password ends sessions");
    begin(5).await;
    assert!(account::disable(&pool, site, account, now()).await.unwrap());
    assert!(!alive(5).await);
    begin(6).await;
    assert!(!alive(6).await, "a disabled account has none");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_role_in_a_zone_is_none_in_the_site(pool: Pool) {
    let site = site(&pool, "one").await;
    crate::tablet::gate(&pool, site).await;
    let (account, _) = resident(&pool, site, "13800138000", "1-1").await;
    for role in Role::ALL {
        let at = Place::Zone(0);
        account::grant(&pool, site, account, Grant { role, at }, now())
            .await
            .unwrap();
    }
    session::begin(&pool, site, account, &[1; 32], LIFETIME, now())
        .await
        .unwrap();
    let viewer = session::viewer(&pool, site, &[1; 32], after(1))
        .await
        .unwrap()
        .unwrap();
    assert!(Role::ALL.iter().all(|role| !viewer.has(*role)));
    let duties = viewer.duties();
    assert_eq!(duties, [Role::Clerk, Role::Guard], "theirs lies in a zone");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_session_does_not_outlive_the_password_it_began_with(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = officer(&pool, site, "office").await;
    account::set_password(&pool, site, account, "first")
        .await
        .unwrap();
    let begin = async |verified: &str, n| {
        session::begin_by(
            &pool,
            site,
            account,
            Proof::Password(verified),
            &[n; 32],
            LIFETIME,
            now(),
        )
        .await
        .unwrap()
    };
    let alive = async |n| {
        session::viewer(&pool, site, &[n; 32], after(1))
            .await
            .unwrap()
            .is_some()
    };
    assert!(begin("first", 1).await && begin("first", 2).await);
    // The first one changes the password, and stays.
    let changed =
        |seen: &'static str| account::change_password(&pool, site, account, seen, "second", &[1; 32]);
    assert!(!changed("other").await.unwrap());
    assert!(alive(2).await);
    assert!(changed("first").await.unwrap());
    assert!(alive(1).await && !alive(2).await);
    assert!(
        !begin("first", 3).await && !alive(3).await,
        "verified before the change"
    );
    assert!(begin("second", 4).await);

    account::disable(&pool, site, account, now()).await.unwrap();
    assert!(!begin("second", 5).await);
    assert!(account::enable(&pool, site, account).await.unwrap());
    assert!(!account::enable(&pool, site, account).await.unwrap(), "it is");
    assert!(begin("second", 6).await && alive(6).await);
    assert!(!alive(4).await, "what ended stays ended");
}

/// A reset that is being written, and a session that begins meanwhile: it waits, and is none.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_session_that_begins_during_a_reset_waits_for_it(pool: Pool) {
    let site = site(&pool, "one").await;
    let account = officer(&pool, site, "office").await;
    account::set_password(&pool, site, account, "first")
        .await
        .unwrap();
    let mut reset = pool.begin().await.unwrap();
    sqlx::query("update account set password_hash = 'second' where account_id = $1")
        .bind(account.0)
        .execute(&mut *reset)
        .await
        .unwrap();
    let begins = tokio::spawn({
        let pool = pool.clone();
        async move {
            session::begin_by(
                &pool,
                site,
                account,
                Proof::Password("first"),
                &[1; 32],
                LIFETIME,
                now(),
            )
            .await
        }
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!begins.is_finished());
    reset.commit().await.unwrap();
    assert!(!begins.await.unwrap().unwrap());
}

/// A telephone number may change hands.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_text_message_alone_has_no_roles_powers(pool: Pool) {
    let site = site(&pool, "one").await;
    let (account, household) = resident(&pool, site, "13800138000", "1-1").await;
    let begin = async |n, proof| {
        let begun = session::begin_by(&pool, site, account, proof, &[n; 32], LIFETIME, now()).await;
        assert!(begun.unwrap());
    };
    let viewer = async |n| session::viewer(&pool, site, &[n; 32], after(1)).await.unwrap();
    begin(8, Proof::Phone).await;
    begin(9, Proof::Oidc(None)).await;
    let office = Grant::whole(Role::Office);
    account::grant(&pool, site, account, office, now()).await.unwrap();
    assert_eq!(viewer(8).await, None, "ended by the grant");
    assert!(viewer(9).await.is_some_and(|viewer| viewer.has(Role::Office)));
    let ended_by = [9; 32];
    for (n, proof, way) in [
        (1, Proof::Phone, Way::Phone),
        (2, Proof::Oidc(Some(&ended_by)), Way::Oidc),
        (3, Proof::Cas(&ended_by), Way::Cas),
    ] {
        begin(n, proof).await;
        let viewer = viewer(n).await.unwrap();
        assert_eq!(viewer.way, way);
        assert_eq!(viewer.household.as_ref().map(|home| home.id), Some(household));
        assert_eq!(viewer.has(Role::Office), way != Way::Phone, "{way:?}");
        assert_eq!(viewer.duties().is_empty(), way == Way::Phone, "{way:?}");
        let ended = session::end(&pool, site, &[n; 32]).await.unwrap();
        assert_eq!(ended, Some(way), "how it began is known when it ends");
        assert_eq!(session::end(&pool, site, &[n; 32]).await.unwrap(), None);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_ticket_ends_the_session_that_began_with_it_and_no_other(pool: Pool) {
    let one = site(&pool, "one").await;
    let other = site(&pool, "two").await;
    let account = officer(&pool, one, "office").await;
    for n in 1..=2 {
        let proof = [10 + n; 32];
        session::begin_by(&pool, one, account, Proof::Cas(&proof), &[n; 32], LIFETIME, now())
            .await
            .unwrap();
    }
    assert_eq!(session::end_by(&pool, other, &[11; 32]).await.unwrap(), 0);
    assert_eq!(session::end_by(&pool, one, &[11; 32]).await.unwrap(), 1);
    assert_eq!(session::end_by(&pool, one, &[11; 32]).await.unwrap(), 0);
    let alive = async |n| {
        session::viewer(&pool, one, &[n; 32], after(1))
            .await
            .unwrap()
            .is_some()
    };
    assert!(!alive(1).await && alive(2).await);
}

/// The database's list of ways and the program's are one.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_database_knows_every_way(pool: Pool) {
    let rule: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'session_way_check'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let named: Vec<&str> = rule.split('\'').skip(1).step_by(2).collect();
    assert_eq!(named, Way::ALL.map(Way::as_str), "{rule}");
}
