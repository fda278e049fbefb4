use app::backend::issuer::Issuers;
use app::backend::now;
use jiff::SignedDuration;
use pass::{Channel, Text};
use server::deliver::settings::TellingSettings;
use server::deliver::{Delivery, Outside};
use std::sync::Arc;
use store::message::Code;
use store::site::NewSite;
use store::{Pool, SiteId};

async fn site(pool: &Pool, code: &str, demo: bool) -> SiteId {
    let name = Text::new("示范大学", "Example University");
    let code = code.parse().unwrap();
    let new = NewSite {
        code: &code,
        name: &name,
        time_zone: "Asia/Shanghai",
        hosts: &[],
        demo,
    };
    store::site::create(pool, new, now()).await.unwrap()
}

/// A server without a gateway.
fn nothing_set_up() -> Delivery {
    let outside = Outside {
        secure: true,
        port: None,
    };
    Delivery::new(
        &TellingSettings::default(),
        Arc::new(Issuers::new(&[7; 32])),
        outside,
    )
    .unwrap()
}

async fn enqueue(pool: &Pool, site: SiteId) {
    let mut connection = pool.acquire().await.unwrap();
    let code = Code {
        channel: Channel::Sms,
        recipient: "13800138000",
        account: None,
        subject: None,
        body: "text",
        until: now() + SignedDuration::from_mins(5),
    };
    store::message::write_code(&mut connection, site, code, now())
        .await
        .unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_demonstrations_messages_count_as_sent_and_others_wait(pool: Pool) {
    let (demo, real) = (site(&pool, "demo", true).await, site(&pool, "real", false).await);
    for site in [demo, real] {
        for _ in 0..60 {
            enqueue(&pool, site).await;
        }
    }
    let delivery = nothing_set_up();
    // Two copies of the server at the same time.
    let (one, other) = tokio::join!(
        server::jobs::send_all(&pool, &delivery, now()),
        server::jobs::send_all(&pool, &delivery, now())
    );
    one.and(other).unwrap();
    let rows = |site| store::message::list(&pool, site, None, 200);
    assert!(
        rows(demo)
            .await
            .unwrap()
            .rows
            .iter()
            .all(|row| row.sent_at.is_some() && row.attempts == 1)
    );
    assert!(rows(real).await.unwrap().rows.iter().all(|row| {
        row.sent_at.is_none() && row.attempts == 1 && row.last_error.is_some() && row.failed_at.is_none()
    }));
    // They are tried again later, not at once.
    server::jobs::send_all(&pool, &delivery, now()).await.unwrap();
    assert!(rows(real).await.unwrap().rows.iter().all(|row| row.attempts == 1));
    server::jobs::forget(&pool, now() + SignedDuration::from_hours(24 * 8))
        .await
        .unwrap();
    assert!(rows(demo).await.unwrap().rows.is_empty());
    assert_eq!(rows(real).await.unwrap().rows.len(), 60);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_jobs_stop_when_they_are_told(pool: Pool) {
    let jobs = server::jobs::Jobs::start(
        pool.clone(),
        &Arc::new(nothing_set_up()),
        server::shelf::Shelf::Database,
    );
    tokio::time::timeout(std::time::Duration::from_secs(5), jobs.stop())
        .await
        .unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_nobody_decided_ends_with_its_last_day_at_the_site(pool: Pool) {
    let site = site(&pool, "real", false).await;
    let waiting = crate::two_sites::waiting(&pool, site).await;
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let today = zone.to_datetime(now()).date();
    let midnight = zone
        .to_timestamp(today.tomorrow().unwrap().at(0, 0, 0, 0))
        .unwrap();
    let state = async || {
        let found = store::application::get(&pool, site, waiting).await.unwrap();
        found.unwrap().state
    };
    let second = SignedDuration::from_secs(1);
    server::jobs::lapse(&pool, midnight - second).await.unwrap();
    assert_eq!(state().await, pass::State::InReview);
    server::jobs::lapse(&pool, midnight).await.unwrap();
    assert_eq!(state().await, pass::State::Terminated);
}
