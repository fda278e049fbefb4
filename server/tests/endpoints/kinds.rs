//! Pass kinds by their page's functions: what is checked, published, overtaken, retired and offered again.

use crate::world::{Caller, World, text};
use app::admin::kinds::api::{Beginning, Change, Checked, History, Kinds, Proposal, Publication};
use app::error::AppError;
use axum::http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use store::Pool;

const DOCUMENT: &str = include_str!("../../../app/kinds/cqu/resident-once.toml");

/// A document that can be published at a site with zone 0 alone.
fn good() -> String {
    DOCUMENT.replace("zones = [0, 1]", "zones = [0]")
}

fn longer() -> String {
    good().replace("latest_days = 6", "latest_days = 9")
}

/// What a function answers an administrator.
async fn ask<T: DeserializeOwned>(world: &World, function: &str, arguments: &[(&str, &str)]) -> T {
    let body: Vec<String> = arguments
        .iter()
        .map(|(name, value)| format!("{name}={}", app::sentences::url_part(value)))
        .collect();
    let body = body.join("&");
    let get = ["kinds", "kind-history", "kind-beginning"].contains(&function);
    let (method, uri, body) = if get {
        (
            Method::GET,
            format!("/api/v1/admin/{function}?{body}"),
            String::new(),
        )
    } else {
        (Method::POST, format!("/api/v1/admin/{function}"), body)
    };
    let answer = world
        .send(method, &uri, Caller::Administrator, &body, "localhost")
        .await;
    let answer = text(answer).await;
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{function}: {error}: {answer}"))
}

async fn publish(world: &World, key: &str, from: u32, text: &str) -> Publication {
    let from = from.to_string();
    ask(
        world,
        "publish-kind",
        &[("key", key), ("from", &from), ("text", text)],
    )
    .await
}

async fn check(world: &World, key: &str, text: &str) -> Checked {
    ask(world, "check-kind", &[("key", key), ("text", text)]).await
}

fn proposal(checked: Checked) -> Proposal {
    match checked {
        Checked::Good(proposal) => *proposal,
        Checked::Faulty(faults) => panic!("{faults:?}"),
    }
}

fn published(version: u32) -> Publication {
    Publication::Published {
        key: "resident-once".parse().unwrap(),
        version,
    }
}

/// Line, part and words of the first fault.
fn first(checked: Checked) -> (usize, String, String) {
    let Checked::Faulty(faults) = checked else {
        panic!("{checked:?}");
    };
    let fault = faults.into_iter().next().unwrap();
    (fault.line, fault.part, fault.why)
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn faults_are_told_with_their_line_and_nothing_is_published(pool: Pool) {
    let world = World::new(pool).await;
    let line = |of: &str| 1 + DOCUMENT.lines().position(|line| line.starts_with(of)).unwrap();
    for (document, at, part, says) in [
        (DOCUMENT.to_owned(), line("zones"), "zones", "没有编号为 1 的校区"),
        (
            good().replace("uses = \"once\"", "uses = \"twice\""),
            line("uses"),
            "",
            "“twice”不是可用的值",
        ),
        (
            good().replace("latest_days = 6", "latest_days = 600"),
            line("window"),
            "window.latest_days",
            "不能大于 366",
        ),
        (
            good().replace("key = \"resident-once\"", "key = \"new\""),
            line("key"),
            "key",
            "已被系统使用",
        ),
    ] {
        let (line, found, why) = first(check(&world, "", &document).await);
        assert_eq!((line, found.as_str()), (at, part), "{why}");
        assert!(why.contains(says), "{why}");
        let publication = publish(&world, "", 0, &document).await;
        assert!(matches!(publication, Publication::Faulty(_)), "{publication:?}");
    }
    let kinds: Kinds = ask(&world, "kinds", &[]).await;
    assert_eq!(kinds.kinds, []);
    assert!(
        kinds
            .presets
            .iter()
            .any(|(file, _)| file == "cqu/resident-once.toml")
    );
    let long = "#".repeat(60_001);
    let error: AppError = ask(&world, "check-kind", &[("key", ""), ("text", &long)]).await;
    assert!(error.fault_of("text").is_some(), "{error:?}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_kind_is_published_once_and_then_in_versions(pool: Pool) {
    let world = World::new(pool).await;
    let bundle = async || {
        store::site::bundle_version(&world.pool, world.site)
            .await
            .unwrap()
            .unwrap()
    };
    let before = bundle().await;
    let fresh = proposal(check(&world, "", &good()).await);
    assert_eq!((fresh.version, fresh.same), (1, false));
    assert_eq!(publish(&world, "", 0, &good()).await, published(1));
    assert_eq!(bundle().await, before + 1);

    // The answer was lost, and it is sent again: by the page of the new kind, and by the page of the kind.
    let same = Publication::Same {
        key: "resident-once".parse().unwrap(),
        version: 1,
    };
    assert!(proposal(check(&world, "", &good()).await).same);
    assert_eq!(publish(&world, "", 0, &good()).await, same);
    assert_eq!(publish(&world, "resident-once", 1, &good()).await, same);
    assert!(proposal(check(&world, "resident-once", &good()).await).same);
    // Another layout says the same, and so do comments.
    assert_eq!(
        publish(&world, "resident-once", 1, &format!("# 居民\n\n{}", good())).await,
        same
    );
    assert_eq!(bundle().await, before + 1, "what says the same changes nothing");

    let next = proposal(check(&world, "resident-once", &longer()).await);
    assert_eq!((next.version, next.same), (2, false));
    let changed: Vec<&str> = next
        .changes
        .iter()
        .filter(|line| line.change != Change::Kept)
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(changed[0].contains("latest_days = 6") && changed[1].contains("latest_days = 9"));
    assert_eq!(publish(&world, "resident-once", 1, &longer()).await, published(2));

    let History { kind, documents } = ask(&world, "kind-history", &[("key", "resident-once")]).await;
    let versions: Vec<u32> = kind.versions.iter().map(|version| version.version).collect();
    assert_eq!((versions.as_slice(), documents.len()), (&[2, 1][..], 2));
    assert!(documents[0].0.contains("latest_days = 9") && documents[1].0.contains("latest_days = 6"));
    assert_eq!(documents[0].1, next.changes);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_key_stays_and_one_that_is_in_use_is_refused(pool: Pool) {
    let world = World::new(pool).await;
    publish(&world, "", 0, &good()).await;
    let renamed = good().replace("key = \"resident-once\"", "key = \"other\"");
    let (_, part, why) = first(check(&world, "resident-once", &renamed).await);
    assert!(part == "key" && why.contains("“resident-once”"), "{part}: {why}");
    let refused = publish(&world, "resident-once", 1, &renamed).await;
    assert!(matches!(refused, Publication::Faulty(_)), "{refused:?}");
    let (_, part, why) = first(check(&world, "", &longer()).await);
    assert!(part == "key" && why.contains("请换一个"), "{part}: {why}");
    let copy = [("key", ""), ("copy", "resident-once"), ("preset", "")];
    let copy: Beginning = ask(&world, "kind-beginning", &copy).await;
    assert!(copy.text.contains("key = \"resident-once-2\""), "{}", copy.text);
    // Published as a new kind nonetheless, it is not taken for the next version of the one that is there.
    let refused = publish(&world, "", 0, &longer()).await;
    assert!(
        matches!(refused, Publication::Overtaken { version: 1, .. }),
        "{refused:?}"
    );
    let nowhere: AppError = ask(
        &world,
        "publish-kind",
        &[("key", "other"), ("from", "0"), ("text", &renamed)],
    )
    .await;
    assert_eq!(nowhere, AppError::NotFound);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_who_publish_at_once_one_is_shown_what_the_other_changed(pool: Pool) {
    let world = World::new(pool).await;
    publish(&world, "", 0, &good()).await;
    let other = good().replace("passes = 1", "passes = 2");
    let (longer, key) = (longer(), "resident-once");
    let (one, two) = tokio::join!(publish(&world, key, 1, &longer), publish(&world, key, 1, &other));
    let (lost, won) = match (&one, &two) {
        (Publication::Published { .. }, lost) => (lost, "latest_days = 9"),
        (lost, _) => (lost, "passes = 2"),
    };
    let Publication::Overtaken { version, changes, .. } = lost else {
        panic!("{one:?}, {two:?}");
    };
    assert_eq!(*version, 2);
    let added = changes.iter().filter(|line| line.change == Change::Added);
    assert!(
        added
            .map(|line| line.text.as_str())
            .all(|line| line.contains(won)),
        "{changes:?}"
    );
    assert_eq!(
        store::pass_kind::all(&world.pool, world.site)
            .await
            .unwrap()
            .len(),
        2
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_kind_is_retired_and_offered_again(pool: Pool) {
    let world = World::new(pool).await;
    let (key, offered) = ("resident-once", async || {
        let kinds: Kinds = ask(&world, "kinds", &[]).await;
        let kind = kinds.kinds.into_iter().next().unwrap();
        (kind.offered, kind.versions.first().unwrap().version)
    });
    publish(&world, "", 0, &good()).await;
    publish(&world, key, 1, &longer()).await;
    let unseen: AppError = ask(&world, "retire-kind", &[("key", key), ("version", "1")]).await;
    assert_eq!((unseen, offered().await), (AppError::Changed, (true, 2)));
    for _ in 0..2 {
        ask::<()>(&world, "retire-kind", &[("key", key), ("version", "2")]).await;
        assert_eq!(offered().await, (false, 2));
    }
    for _ in 0..2 {
        ask::<()>(&world, "offer-kind", &[("key", key), ("version", "2")]).await;
        assert_eq!(offered().await, (true, 3), "once, however often it is sent");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_document_is_taken_away_as_a_file(pool: Pool) {
    let world = World::new(pool).await;
    publish(&world, "", 0, &good()).await;
    publish(&world, "resident-once", 1, &longer()).await;
    for (query, name, says) in [
        ("", "resident-once-2.toml", "latest_days = 9"),
        ("?version=1", "resident-once-1.toml", "latest_days = 6"),
    ] {
        let uri = format!("/admin/kinds/resident-once/document.toml{query}");
        let answer = world
            .send(Method::GET, &uri, Caller::Administrator, "", "localhost")
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        let named = answer.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(named.contains(name), "{named}");
        let file = text(answer).await;
        assert!(file.contains(says), "{file}");
        assert!(app::backend::kind_document::read(&file, 1).is_ok());
    }
    let gone = "/admin/kinds/resident-once/document.toml?version=9";
    let answer = world
        .send(Method::GET, gone, Caller::Administrator, "", "localhost")
        .await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_pages_are_readable_before_they_answer(pool: Pool) {
    let world = World::new(pool).await;
    publish(&world, "", 0, &good()).await;
    publish(&world, "resident-once", 1, &longer()).await;
    let page = async |path: &str| {
        let answer = world
            .send(Method::GET, path, Caller::Administrator, "", "localhost")
            .await;
        text(answer).await
    };
    let written = |page: &str| {
        let area = page.split("<textarea").nth(1).unwrap();
        let area = area.split("</textarea>").next().unwrap();
        let text = area.split_once('>').unwrap().1;
        text.replace("&quot;", "\"")
            .replace("&gt;", ">")
            .replace("&lt;", "<")
            .replace("&amp;", "&")
    };
    let edited = written(&page("/admin/kinds/resident-once").await);
    let newest = app::backend::kind_document::read(&longer(), 1).unwrap();
    assert_eq!(edited, app::backend::kind_document::write(&newest).unwrap());
    let fresh = written(&page("/admin/kinds/new?preset=hit/laboratory-duty.toml").await);
    assert_eq!(
        fresh,
        app::backend::presets::document("hit/laboratory-duty.toml").unwrap()
    );
    let list = page("/admin/kinds").await;
    assert!(list.contains("第 2 版") && list.contains("/admin/kinds/resident-once/document.toml"));
    let history = page("/admin/kinds/resident-once/history").await;
    assert!(
        history.contains("<ins>") && history.contains("<del>"),
        "{history}"
    );
}
