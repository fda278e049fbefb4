use crate::world::*;
use jiff::SignedDuration;
use pass::Channel;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::message::Code;
use store::{Pool, SiteId, message};

const LEASE: SignedDuration = SignedDuration::from_secs(60);

async fn write(pool: &Pool, site: SiteId, count: i64) {
    let mut connection = pool.acquire().await.unwrap();
    for n in 0..count {
        let code = Code {
            channel: Channel::Sms,
            recipient: "13800138000",
            account: None,
            subject: None,
            body: "text",
            until: after(1_000_000),
        };
        message::write_code(&mut connection, site, code, after(n))
            .await
            .unwrap();
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_message_is_claimed_by_one(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    write(&pool, site, 60).await;
    let claimed = together(10, |_| {
        let pool = pool.clone();
        async move {
            message::claim_due(&pool, site, Channel::Sms, 10, LEASE, after(60))
                .await
                .unwrap()
        }
    })
    .await;
    let mut ids: Vec<_> = claimed.into_iter().flatten().map(|due| due.id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "none twice");
    let rest = message::claim_due(&pool, site, Channel::Sms, 60, LEASE, after(60))
        .await
        .unwrap()
        .len();
    assert_eq!(count + rest, 60, "none left out");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn failures_back_off_and_end(pool: Pool) {
    let site = site(&pool, "one").await;
    write(&pool, site, 1).await;
    let claim = async |at| {
        message::claim_due(&pool, site, Channel::Sms, 9, LEASE, after(at))
            .await
            .unwrap()
    };
    let mut clock = 0;
    for wait in [5, 10, 20, 40, 80, 160, 320, 640] {
        let due = claim(clock).await.remove(0);
        assert!(
            message::failed(&pool, site, &due, "no route", after(clock))
                .await
                .unwrap()
        );
        assert!(claim(clock + wait - 1).await.is_empty(), "waits {wait} s");
        clock += wait;
    }
    assert!(claim(clock).await.is_empty(), "given up");
    let list = message::list(&pool, site, None, 9).await.unwrap();
    assert_eq!(
        (list.rows[0].attempts, list.rows[0].last_error.as_deref()),
        (8, Some("no route"))
    );
    assert!(list.rows[0].failed_at.is_some());
    assert_eq!(message::purge(&pool, site, after(1)).await.unwrap(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_old_claim_says_nothing_any_more(pool: Pool) {
    let site = site(&pool, "one").await;
    write(&pool, site, 1).await;
    let claim = async |at| {
        message::claim_due(&pool, site, Channel::Sms, 1, LEASE, after(at))
            .await
            .unwrap()
    };
    let first = claim(0).await.remove(0);
    assert!(claim(59).await.is_empty(), "leased");
    let second = claim(60).await.remove(0);
    assert!(!message::sent(&pool, site, &first, after(61)).await.unwrap());
    assert!(message::sent(&pool, site, &second, after(62)).await.unwrap());
    assert!(
        !message::failed(&pool, site, &second, "late", after(63))
            .await
            .unwrap()
    );
    assert_eq!(
        message::list(&pool, site, None, 9).await.unwrap().rows[0].sent_at,
        Some(after(62))
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn lists_go_on_where_they_ended(pool: Pool) {
    let site = site(&pool, "one").await;
    write(&pool, site, 7).await;
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = message::list(&pool, site, cursor, 3).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.created_at));
        // What pages carry is the cursor's text.
        cursor = page.next.map(|next| next.to_string().parse().unwrap());
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..7).rev().map(after).collect::<Vec<_>>());
    assert!("".parse::<store::Cursor>().is_err() && "x_y".parse::<store::Cursor>().is_err());
}
