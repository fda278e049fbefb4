use crate::backend;
use app::backend::now;
use pass::State;
use std::collections::BTreeMap;
use store::application::Filter;
use store::{Pool, SiteId};

/// How much of everything there is.
async fn counts(pool: &Pool, site: SiteId) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    counts.insert(
        "households",
        store::household::count(pool, site).await.unwrap() as usize,
    );
    counts.insert("zones", store::checkpoint::zones(pool, site).await.unwrap().len());
    counts.insert(
        "checkpoints",
        store::checkpoint::list(pool, site).await.unwrap().len(),
    );
    counts.insert("kinds", store::pass_kind::all(pool, site).await.unwrap().len());
    counts.insert("staff", store::account::staff(pool, site).await.unwrap().len());
    counts.insert(
        "claims",
        store::claim::pending(pool, site).await.unwrap() as usize,
    );
    counts.insert(
        "waiting",
        store::application::pending_count(pool, site).await.unwrap() as usize,
    );
    counts.insert(
        "quarantine",
        store::admission::quarantine(pool, site, 200).await.unwrap().len(),
    );
    counts.insert(
        "double uses",
        store::admission::double_uses(pool, site, 200)
            .await
            .unwrap()
            .len(),
    );
    let events = store::tablet::list(pool, site)
        .await
        .unwrap()
        .iter()
        .map(|tablet| tablet.acknowledged)
        .sum::<u64>();
    counts.insert("events", events as usize);
    let mut after = None;
    loop {
        let page = store::application::done(pool, site, &Filter::default(), after, 200)
            .await
            .unwrap();
        for row in &page.rows {
            *counts.entry(row.state.as_str()).or_default() += 1;
        }
        after = page.next;
        if after.is_none() {
            return counts;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_demonstration_is_made_once_and_has_something_of_everything(pool: Pool) {
    let backend = backend(&pool);
    server::demo::make(&backend, now()).await.unwrap();
    let site = store::site::by_host(&pool, "localhost").await.unwrap().unwrap();
    let second = store::site::by_host(&pool, "second.localhost")
        .await
        .unwrap()
        .unwrap();
    let first = counts(&pool, site.id).await;
    for (what, least) in [
        ("households", 600),
        ("zones", 3),
        ("checkpoints", 6),
        ("kinds", 3),
        ("claims", 5),
        ("waiting", 10),
        ("events", 100),
        (State::Completed.as_str(), 100),
        (State::Rejected.as_str(), 5),
        (State::Withdrawn.as_str(), 5),
        (State::Terminated.as_str(), 1),
    ] {
        assert!(
            first.get(what).is_some_and(|count| *count >= least),
            "{what}: {first:?}"
        );
    }
    // Only what was damaged on purpose is no fact: every other event is signed and chained.
    assert_eq!((first["quarantine"], first["double uses"]), (1, 2));
    server::demo::make(&backend, now()).await.unwrap();
    assert_eq!(counts(&pool, site.id).await, first);
    let other = counts(&pool, second.id).await;
    assert_eq!(
        (other["households"], other["events"], other["waiting"]),
        (6, 0, 0)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn visitors_find_a_pass_for_today_on_every_day(pool: Pool) {
    let backend = backend(&pool);
    for days in [0, 9] {
        let now = now() + jiff::SignedDuration::from_hours(24 * days);
        server::demo::make(&backend, now).await.unwrap();
        let site = store::site::by_host(&pool, "localhost").await.unwrap().unwrap();
        let today = app::backend::calendar::zone_of(&site).unwrap().day_of(now);
        let account = store::account::by_phone(&pool, site.id, server::demo::VISITOR_PHONE)
            .await
            .unwrap()
            .unwrap();
        let mine = store::application::mine(&pool, site.id, account.id, None, None, 50)
            .await
            .unwrap();
        let good = mine
            .rows
            .iter()
            .filter(|row| row.state == State::Completed && (row.first_day..=row.last_day).contains(&today));
        assert_eq!(good.count(), 1, "{days} days later");
    }
}
