use crate::world::*;
use pass::Role;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    AccountId, Conflict, Pool,
    account::{self, Grant, NewAccount, Place},
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn by_phone_and_by_login(pool: Pool) {
    let site = site(&pool, "one").await;
    assert_eq!(account::by_phone(&pool, site, "13800138000").await.unwrap(), None);
    let first = account::by_phone_or_create(&pool, site, "13800138000", now())
        .await
        .unwrap();
    let again = account::by_phone_or_create(&pool, site, "13800138000", after(9))
        .await
        .unwrap();
    assert_eq!(first, again);
    assert_eq!(account::get(&pool, site, first.id).await.unwrap(), Some(first));

    let new = NewAccount {
        display_name: "李四",
        login: Some("office"),
        password_hash: Some("$argon2id$…"),
        phone: Some("13800138001"),
    };
    let id = account::create(&pool, site, new, now()).await.unwrap();
    let (found, hash) = account::by_login(&pool, site, "office").await.unwrap().unwrap();
    assert_eq!(
        (found.id, found.display_name.as_str(), hash.as_deref()),
        (id, "李四", Some("$argon2id$…"))
    );

    let refused = async |new| {
        account::create(&pool, site, new, now())
            .await
            .unwrap_err()
            .conflict()
    };
    let login = NewAccount {
        login: Some("office"),
        ..NewAccount::default()
    };
    assert_eq!(refused(login).await, Some(Conflict::LoginTaken));
    let phone = NewAccount {
        phone: Some("13800138000"),
        ..NewAccount::default()
    };
    assert_eq!(refused(phone).await, Some(Conflict::PhoneTaken));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_phone_is_one_account_also_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let mut ids = together(20, |_| {
        let pool = pool.clone();
        async move {
            account::by_phone_or_create(&pool, site, "13800138000", now())
                .await
                .unwrap()
                .id
        }
    })
    .await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn roles_are_granted_and_taken_back(pool: Pool) {
    let site = site(&pool, "one").await;
    let id = account::by_phone_or_create(&pool, site, "13800138000", now())
        .await
        .unwrap()
        .id;
    let everywhere = Grant::whole(Role::Guard);
    account::grant(&pool, site, id, everywhere, now()).await.unwrap();
    account::grant(&pool, site, id, everywhere, now()).await.unwrap();
    assert_eq!(account::roles(&pool, site, id).await.unwrap(), [everywhere]);

    let refused = async |id, grant| {
        account::grant(&pool, site, id, grant, now())
            .await
            .unwrap_err()
            .conflict()
    };
    let nowhere = Grant {
        role: Role::Guard,
        at: Place::Zone(7),
    };
    assert_eq!(refused(id, nowhere).await, Some(Conflict::Unknown));
    assert_eq!(
        refused(AccountId::new(), everywhere).await,
        Some(Conflict::Unknown)
    );

    assert!(account::ungrant(&pool, site, id, everywhere).await.unwrap());
    assert!(!account::ungrant(&pool, site, id, everywhere).await.unwrap());
    assert_eq!(account::roles(&pool, site, id).await.unwrap(), []);
}

/// The column's check and the one Rust enum say the same words.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_table_knows_every_role_and_no_other(pool: Pool) {
    let check: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'role_grant_role_check'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let words: Vec<&str> = check.split('\'').skip(1).step_by(2).collect();
    assert_eq!(words, Role::ALL.map(Role::as_str));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_account_is_made_with_its_role_or_not_at_all(pool: Pool) {
    let site = site(&pool, "one").await;
    let new = NewAccount {
        login: Some("guard"),
        ..NewAccount::default()
    };
    let grant = |at| Grant {
        role: Role::Guard,
        at,
    };
    let failed = account::create_with(&pool, site, new, grant(Place::Zone(7)), now()).await;
    assert_eq!(failed.unwrap_err().conflict(), Some(Conflict::Unknown));
    assert_eq!(account::by_login(&pool, site, "guard").await.unwrap(), None);
    let id = account::create_with(&pool, site, new, grant(Place::Site), now())
        .await
        .unwrap();
    assert_eq!(
        account::roles(&pool, site, id).await.unwrap(),
        [grant(Place::Site)]
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_text_that_cannot_be_kept_is_told_from_a_fault(pool: Pool) {
    let site = site(&pool, "one").await;
    let error = account::by_login(&pool, site, "a\0").await.unwrap_err();
    assert!(error.is_unstorable_text(), "{error}");
}
