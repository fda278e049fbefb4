use crate::world::*;
use jiff::SignedDuration;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Pool, SiteId, message,
    rate::{self, Limit, Taken},
    sign_in::{self, CodeRequest, Redeemed, Requested, SendLimits},
};

const PHONE: &str = "13800138000";

async fn ask(pool: &Pool, site: SiteId, phone: &str, code: u8, seconds: i64) -> Requested {
    let limits = SendLimits {
        address_hour: 12,
        address_day: 24,
        site_day: 13,
        ..SendLimits::default()
    };
    let request = CodeRequest {
        phone,
        code_hash: &[code; 32],
        sms: "验证码 123456",
        address: "192.0.2.1",
    };
    sign_in::request_code(pool, site, request, &limits, after(seconds))
        .await
        .unwrap()
}

async fn redeem(pool: &Pool, site: SiteId, code: u8, seconds: i64) -> Redeemed {
    sign_in::redeem_code(pool, site, PHONE, &[code; 32], after(seconds))
        .await
        .unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_code_works_once_for_five_minutes(pool: Pool) {
    let site = site(&pool, "one").await;
    assert_eq!(
        redeem(&pool, site, 1, 0).await,
        Redeemed::Gone,
        "none was asked for"
    );
    assert_eq!(
        ask(&pool, site, PHONE, 1, 0).await,
        Requested::Sent {
            expires_at: after(300)
        }
    );
    assert_eq!(redeem(&pool, site, 9, 1).await, Redeemed::Wrong { left: 4 });
    assert_eq!(redeem(&pool, site, 1, 2).await, Redeemed::Right);
    assert_eq!(redeem(&pool, site, 1, 3).await, Redeemed::Gone, "used");

    ask(&pool, site, PHONE, 2, 60).await;
    assert_eq!(redeem(&pool, site, 2, 360).await, Redeemed::Gone, "over");
    ask(&pool, site, PHONE, 3, 400).await;
    ask(&pool, site, PHONE, 4, 460).await;
    assert_eq!(
        redeem(&pool, site, 3, 461).await,
        Redeemed::Wrong { left: 4 },
        "replaced by the newer one"
    );
    for left in [3, 2, 1, 0] {
        assert_eq!(redeem(&pool, site, 9, 461).await, Redeemed::Wrong { left });
    }
    assert_eq!(
        redeem(&pool, site, 4, 462).await,
        Redeemed::Gone,
        "tried too often"
    );
    assert_eq!(message::list(&pool, site, None, 10).await.unwrap().rows.len(), 4);
    assert_eq!(sign_in::purge(&pool, site, after(9999)).await.unwrap(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn sends_are_limited_by_number_address_and_day(pool: Pool) {
    let site = site(&pool, "one").await;
    let sent = async |phone: &str, seconds| match ask(&pool, site, phone, 1, seconds).await {
        Requested::Sent { .. } => Ok(()),
        Requested::Later { retry_at } => Err(retry_at),
    };
    assert_eq!(sent(PHONE, 0).await, Ok(()));
    assert_eq!(sent(PHONE, 59).await, Err(after(60)), "one a minute");
    for minute in 1..5 {
        assert_eq!(sent(PHONE, 60 * minute).await, Ok(()));
    }
    assert_eq!(sent(PHONE, 300).await, Err(after(3600)), "five an hour");
    for minute in 0..5 {
        assert_eq!(sent(PHONE, 3600 + 60 * minute).await, Ok(()));
    }
    assert_eq!(sent(PHONE, 7200).await, Err(after(86400)), "ten a day");
    assert_eq!(
        message::list(&pool, site, None, 50).await.unwrap().rows.len(),
        10,
        "refusals send nothing"
    );

    // The address's hour began anew at 3600.
    for n in 0..3 {
        assert_eq!(sent(&format!("1380013810{n}"), 3900).await, Ok(()));
    }
    assert_eq!(
        sent("13800138200", 3900).await,
        Err(after(86400)),
        "the site's day is spent"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_right_codes_typed_at_once_one_is_right(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    ask(&pool, site, PHONE, 1, 0).await;
    let outcomes = together(20, |_| {
        let pool = pool.clone();
        async move { redeem(&pool, site, 1, 1).await }
    })
    .await;
    assert_eq!(
        outcomes
            .iter()
            .filter(|&&outcome| outcome == Redeemed::Right)
            .count(),
        1
    );
    assert_eq!(
        outcomes
            .iter()
            .filter(|&&outcome| outcome == Redeemed::Gone)
            .count(),
        19
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_limit_holds_under_many_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let limit = Limit {
        scope: "test",
        most: 7,
        window: SignedDuration::from_mins(1),
    };
    let outcomes = together(50, |_| {
        let pool = pool.clone();
        async move { rate::take(&pool, site, &limit, "key", now()).await.unwrap() }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|&&taken| taken == Taken::Ok).count(), 7);
    let spent = Taken::Spent { retry_at: after(60) };
    assert_eq!(outcomes.iter().filter(|&&taken| taken == spent).count(), 43);

    let take = async |key, seconds| {
        rate::take(&pool, site, &limit, key, after(seconds))
            .await
            .unwrap()
    };
    assert_eq!(take("other", 0).await, Taken::Ok);
    assert_eq!(take("key", 60).await, Taken::Ok, "a new window");
    assert_eq!(rate::purge(&pool, site, after(119)).await.unwrap(), 1);
    assert_eq!(take("key", 120).await, Taken::Ok);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_address_has_a_day_of_its_own(pool: Pool) {
    let site = site(&pool, "one").await;
    let hour = 3600;
    let ask = async |phone: &str, seconds| {
        let limits = SendLimits {
            address_day: 12,
            ..SendLimits::default()
        };
        let request = CodeRequest {
            phone,
            code_hash: &[1; 32],
            sms: "验证码 123456",
            address: "192.0.2.1",
        };
        sign_in::request_code(&pool, site, request, &limits, after(seconds))
            .await
            .unwrap()
    };
    for n in 0..12 {
        let sent = ask(&format!("138001380{n:02}"), n * hour).await;
        assert!(matches!(sent, Requested::Sent { .. }), "{n}: {sent:?}");
    }
    let later = ask(PHONE, 23 * hour).await;
    let retry_at = after(24 * hour);
    assert_eq!(later, Requested::Later { retry_at });
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_given_back_does_not_count(pool: Pool) {
    let site = site(&pool, "one").await;
    let limit = Limit {
        scope: "tries",
        most: 2,
        window: SignedDuration::from_mins(15),
    };
    let take = async || rate::take(&pool, site, &limit, "key", now()).await.unwrap();
    let back = async || rate::give_back(&pool, site, &limit, "key").await.unwrap();
    back().await;
    for _ in 0..5 {
        assert_eq!(take().await, Taken::Ok);
        back().await;
    }
    back().await;
    assert_eq!((take().await, take().await), (Taken::Ok, Taken::Ok));
    assert!(matches!(take().await, Taken::Spent { .. }));
}

/// What somebody counts in at this moment is not waited for.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn forgetting_windows_waits_for_nobody(pool: Pool) {
    let site = site(&pool, "one").await;
    let limit = Limit {
        scope: "tries",
        most: 2,
        window: SignedDuration::from_mins(15),
    };
    for key in ["held", "free"] {
        rate::take(&pool, site, &limit, key, now()).await.unwrap();
    }
    let mut counting = pool.begin().await.unwrap();
    rate::take_in(&mut counting, site, &limit, "held", after(3600))
        .await
        .unwrap();
    let purged = rate::purge(&pool, site, after(3600));
    let purged = tokio::time::timeout(std::time::Duration::from_secs(5), purged);
    assert_eq!(purged.await.unwrap().unwrap(), 1);
    counting.commit().await.unwrap();
}
