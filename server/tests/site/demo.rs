use crate::backend;
use app::backend::now;
use pass::State;
use pass::kind::Standing;
use std::collections::BTreeMap;
use store::application::Overview;
use store::{Pool, SiteId};
use tower::ServiceExt as _;

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
    counts.insert("units", store::unit::list(pool, site).await.unwrap().len());
    counts.insert("people", store::person::count(pool, site).await.unwrap() as usize);
    let holders = store::unit::holders(pool, site, None).await.unwrap();
    counts.insert("duties at units", holders.len());
    let everywhere = store::person::Filter {
        who: store::person::Who::Roles(None),
        ..Default::default()
    };
    let (with_roles, _) = store::person::list(pool, site, &everywhere, None, 200)
        .await
        .unwrap();
    counts.insert("with roles", with_roles.len());
    counts.insert(
        "claims",
        store::claim::pending(pool, site).await.unwrap() as usize,
    );
    counts.insert(
        "waiting",
        store::task::count(pool, site, &["office@site".to_owned()], 1000)
            .await
            .unwrap() as usize,
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
    let which = Overview {
        standings: &Standing::ALL,
        ..Overview::default()
    };
    loop {
        let page = store::application::overview(pool, site, &which, after, 200)
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
        ("units", 20),
        ("people", 550),
        ("duties at units", 60),
        ("with roles", 70),
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
        let mine = store::application::mine(
            &pool,
            site.id,
            account.id,
            &store::application::Own::default(),
            None,
            50,
        )
        .await
        .unwrap();
        let good = mine
            .rows
            .iter()
            .filter(|row| row.state == State::Completed && (row.first_day..=row.last_day).contains(&today));
        assert_eq!(good.count(), 1, "{days} days later");
    }
}

/// What is taken away is everything that is asked for, not the page that is shown.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_table_of_admissions_is_whole(pool: Pool) {
    let backend = backend(&pool);
    server::demo::make(&backend, now()).await.unwrap();
    let site = store::site::by_host(&pool, "localhost")
        .await
        .unwrap()
        .unwrap()
        .id;
    let (administrator, _) = store::account::by_login(&pool, site, "admin")
        .await
        .unwrap()
        .unwrap();
    let hour = jiff::SignedDuration::from_hours(1);
    let lifetime = store::session::Lifetime {
        idle: hour,
        most: hour,
    };
    let hash = app::backend::viewer::hash_of("token");
    store::session::begin(&pool, site, administrator.id, &hash, lifetime, now())
        .await
        .unwrap();
    let shared = server::routes::Shared {
        backend,
        files: server::files::Files(std::sync::Arc::new(std::env::temp_dir().join("no-such-folder"))),
        shelf: server::shelf::Shelf::Database,
        leptos: leptos::prelude::LeptosOptions::builder()
            .output_name("app")
            .build(),
    };
    let peer: std::net::SocketAddr = "127.0.0.1:9".parse().unwrap();
    let router =
        server::routes::router(shared, false).layer(axum::extract::connect_info::MockConnectInfo(peer));
    let lines = async |query: &str| {
        let request = http::Request::get(format!("/admin/admissions/export.csv{query}"))
            .header("host", "localhost")
            .header("cookie", "session=token")
            .body(axum::body::Body::empty())
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert!(
            response.headers()["content-disposition"]
                .to_str()
                .unwrap()
                .ends_with("\"admissions.csv\"")
        );
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap().lines().count() - 1
    };
    let there = async |what: Option<&str>| {
        let (mut count, mut after) = (0, None);
        loop {
            let filter = store::admission::Filter {
                what,
                ..Default::default()
            };
            let page = store::admission::list(&pool, site, &filter, after, 200)
                .await
                .unwrap();
            count += page.rows.len();
            after = page.next;
            if after.is_none() {
                return count;
            }
        }
    };
    let all = there(None).await;
    assert!(all > 200, "more than one page of the store: {all}");
    assert_eq!(lines("").await, all);
    let refused = there(Some("refused")).await;
    assert!(refused > 0 && refused < all);
    assert_eq!(lines("?what=refused").await, refused);
}
