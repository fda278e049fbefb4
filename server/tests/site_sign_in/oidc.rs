use crate::browser::{Browser, Seen};
use crate::providers::{self, Running};
use crate::world::World;
use app::backend::now;
use store::Pool;

/// The site and its provider. `more` stands in the provider's part of the settings.
async fn with_provider(pool: Pool, more: &str) -> (World, Running) {
    let mut world = World::new(pool).await;
    let provider = providers::oidc(&[&format!("{}/sign-in/oidc/return", world.url)]);
    world.serve(&document(&provider.url, more));
    (world, provider)
}

fn document(issuer: &str, more: &str) -> String {
    format!(
        "[example.oidc]\nissuer = '{issuer}'\nclient_id = 'campus-pass'\nclient_secret_file = 'SECRET'\n{more}"
    )
}

/// Asks the provider for what a real one never does.
async fn ask(provider: &Running, what: serde_json::Value) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let sent = client
        .post(format!("{}/test", provider.url))
        .body(what.to_string());
    assert_eq!(sent.send().await.unwrap().status(), 200);
}

impl World {
    fn back(&self) -> String {
        format!("{}/sign-in/oidc/return", self.url)
    }

    /// From the sign-in page over the provider to where `stop` says, or to where it ends.
    async fn sign_in(&self, browser: &mut Browser, number: &str, next: &str, stop: &str) -> Seen {
        let next = app::sentences::url_part(next);
        let form = browser
            .go(&format!("{}/sign-in/oidc?next={next}", self.url))
            .await;
        assert_eq!(form.status, 200, "{form:?}");
        browser
            .send(&form, &[("login", number), ("password", "any")], stop)
            .await
    }

    async fn me(&self, browser: &mut Browser) -> app::home::Me {
        let seen = browser.go(&format!("{}/api/v1/me", self.url)).await;
        serde_json::from_str(&seen.body).unwrap()
    }
}

#[track_caller]
fn problem(seen: &Seen, what: &str, status: u16) {
    let named = seen
        .url
        .query_pairs()
        .any(|(name, value)| name == "what" && value == what);
    assert!(
        named && seen.url.path() == "/sign-in/problem",
        "{what}: {}",
        seen.url
    );
    assert_eq!(seen.status, status, "{what}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn somebody_of_the_register_signs_in_goes_on_and_signs_out(pool: Pool) {
    let (world, provider) = with_provider(pool, "label = { zh = '校园统一认证', en = 'Campus ID' }").await;
    let mut browser = Browser::new();
    let page = browser
        .go(&format!("{}/sign-in?next=/applications?a=b", world.url))
        .await;
    assert!(
        page.body.contains("校园统一认证")
            && page
                .body
                .contains("href=\"/sign-in/oidc?next=/applications%3Fa%3Db\"")
    );

    let seen = world
        .sign_in(&mut browser, "07000001", "/applications?a=b", "nowhere")
        .await;
    assert_eq!(
        (seen.status, seen.url.as_str()),
        (200, format!("{}/applications?a=b", world.url).as_str())
    );
    let me = world.me(&mut browser).await;
    assert!(me.signed_in && me.member);
    assert_eq!(me.name, "李明", "as the register says, not as the provider does");

    let page = browser.go(&format!("{}/account", world.url)).await;
    let out = Seen {
        body: "<form action=\"/api/v1/sign-in/out\">".to_owned(),
        ..page
    };
    let out = browser.send(&out, &[], "nowhere").await;
    assert!(!world.me(&mut browser).await.signed_in);
    let end = format!("{}/session/end?", provider.url);
    assert!(out.status == 200 && out.body.contains(&end), "{out:?}");
    assert!(out.body.contains("client_id=campus-pass") && out.body.contains("post_logout_redirect_uri="));
    assert_eq!(world.sessions().await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_is_led_to_paths_of_this_site_alone(pool: Pool) {
    let (world, _provider) = with_provider(pool, "").await;
    let seen = world
        .sign_in(&mut Browser::new(), "07000001", "//evil.example/", "nowhere")
        .await;
    assert_eq!(seen.url.as_str(), format!("{}/", world.url));
}

/// A claim that no ID token has, but the provider's UserInfo.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_number_may_be_another_claim(pool: Pool) {
    let more = "number_claim = 'employee_number'\nscopes = ['profile']";
    let (world, _provider) = with_provider(pool, more).await;
    let mut browser = Browser::new();
    world.sign_in(&mut browser, "07000001", "/", "nowhere").await;
    assert_eq!(world.me(&mut browser).await.name, "周工");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_the_claim_nobody_is_signed_in(pool: Pool) {
    let (world, _provider) = with_provider(pool, "number_claim = 'nothing'").await;
    let seen = world
        .sign_in(&mut Browser::new(), "07000001", "/", "nowhere")
        .await;
    problem(&seen, "no-number", 403);
    assert_eq!(world.sessions().await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_token_that_does_not_hold_is_refused(pool: Pool) {
    let (world, provider) = with_provider(pool, "").await;
    let claims = |claims: serde_json::Value| serde_json::json!({ "claims": claims });
    for what in [
        claims(serde_json::json!({ "aud": "another" })),
        claims(serde_json::json!({ "aud": ["campus-pass", "another"] })),
        claims(serde_json::json!({ "azp": "another" })),
        claims(serde_json::json!({ "nonce": "another" })),
        claims(serde_json::json!({ "iss": "http://127.0.0.1:1" })),
        claims(serde_json::json!({ "exp": 1_000_000_000 })),
        serde_json::json!({ "unsigned": true }),
    ] {
        ask(&provider, what.clone()).await;
        let seen = world
            .sign_in(&mut Browser::new(), "07000001", "/", "nowhere")
            .await;
        problem(&seen, "refused", 403);
        assert_eq!(world.sessions().await, 0, "{what}");
    }
    // The same way is good when nothing is wrong with it; also with a key that the provider has made meanwhile.
    for what in [serde_json::json!({}), serde_json::json!({ "newKey": true })] {
        ask(&provider, what.clone()).await;
        let mut browser = Browser::new();
        world.sign_in(&mut browser, "07000001", "/", "nowhere").await;
        assert!(world.me(&mut browser).await.signed_in, "{what}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_way_back_is_good_once_in_the_browser_that_set_out(pool: Pool) {
    let (world, _provider) = with_provider(pool, "").await;
    let mut browser = Browser::new();
    let back = world
        .sign_in(&mut browser, "07000001", "/apply", &world.back())
        .await
        .url;

    let mut other = Browser::new();
    problem(&other.go(back.as_str()).await, "over", 400);
    // Not even one that is on a way of its own.
    other.go(&format!("{}/sign-in/oidc", world.url)).await;
    problem(&other.go(back.as_str()).await, "over", 400);
    let mut tampered = back.clone();
    let pairs: Vec<(String, String)> = back
        .query_pairs()
        .map(|(name, value)| {
            let value = if name == "state" {
                "0".repeat(64)
            } else {
                value.into_owned()
            };
            (name.into_owned(), value)
        })
        .collect();
    tampered.query_pairs_mut().clear().extend_pairs(pairs);
    problem(&browser.go(tampered.as_str()).await, "over", 400);
    assert_eq!(world.sessions().await, 0);

    // None of these used it up.
    let seen = browser.go(back.as_str()).await;
    assert_eq!(seen.url.path(), "/apply");
    problem(&browser.go(back.as_str()).await, "over", 400);
    assert_eq!(world.sessions().await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_code_that_was_used_is_over_or_is_anothers_is_refused(pool: Pool) {
    let (world, provider) = with_provider(pool, "").await;
    let code_of = |back: &reqwest::Url| {
        let code = back.query_pairs().find(|(name, _)| name == "code");
        code.map(|(_, code)| code.into_owned()).unwrap()
    };
    let mut browser = Browser::new();
    let first = world
        .sign_in(&mut browser, "07000001", "/", &world.back())
        .await
        .url;
    assert_eq!(browser.go(first.as_str()).await.url.path(), "/");

    // The code of the first way on a second way.
    let second = browser
        .go_until(&format!("{}/sign-in/oidc", world.url), &world.back())
        .await
        .url;
    let replayed = second.as_str().replace(&code_of(&second), &code_of(&first));
    problem(&browser.go(&replayed).await, "refused", 403);

    // A code that the provider gave for another of its clients.
    let mut browser = Browser::new();
    let start = browser
        .go_until(&format!("{}/sign-in/oidc", world.url), &provider.url)
        .await
        .url;
    let for_another = start
        .as_str()
        .replace("client_id=campus-pass", "client_id=another");
    assert_ne!(for_another, start.as_str());
    let form = browser.go(&for_another).await;
    let back = browser
        .send(
            &form,
            &[("login", "07000001"), ("password", "any")],
            &world.back(),
        )
        .await;
    problem(&browser.go(back.url.as_str()).await, "refused", 403);

    ask(&provider, serde_json::json!({ "codeSeconds": 1 })).await;
    let mut browser = Browser::new();
    let back = world
        .sign_in(&mut browser, "07000001", "/", &world.back())
        .await
        .url;
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    problem(&browser.go(back.as_str()).await, "refused", 403);
    assert_eq!(world.sessions().await, 1, "the first one's");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_turns_back_at_the_provider_is_told(pool: Pool) {
    let (world, provider) = with_provider(pool, "").await;
    let mut browser = Browser::new();
    let start = browser
        .go_until(&format!("{}/sign-in/oidc?next=/apply", world.url), &provider.url)
        .await
        .url;
    let state = start
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned();
    let denied = format!(
        "{}?error=access_denied&state={state}&iss={}",
        world.back(),
        provider.url
    );
    let seen = browser.go(&denied).await;
    problem(&seen, "refused", 403);
    assert!(seen.body.contains("/sign-in?next=/apply"), "the way on is kept");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_number_that_is_not_in_the_register_is_told_so(pool: Pool) {
    let (world, _provider) = with_provider(pool, "").await;
    let before = world.accounts().await;
    for (language, says) in [
        ("zh", "人员名册里没有学工号 S2020-9"),
        ("en", "Number S2020-9 is not in this site"),
    ] {
        let mut browser = Browser::speaking(language);
        let seen = world.sign_in(&mut browser, "s2020-9", "/", "nowhere").await;
        problem(&seen, "unknown-number", 403);
        assert!(seen.body.contains(says), "{}", seen.body);
    }
    let gone = world.person("07000003", "吴远").await;
    let disabled = world.person("07000004", "郑安").await;
    let left = "update person set left_at = now() where account_id = $1";
    sqlx::query(left).bind(gone.0).execute(&world.pool).await.unwrap();
    store::account::disable(&world.pool, world.site, disabled, now())
        .await
        .unwrap();
    for (number, what) in [("07000003", "left"), ("07000004", "disabled")] {
        let seen = world.sign_in(&mut Browser::new(), number, "/", "nowhere").await;
        problem(&seen, what, 403);
    }
    assert_eq!((world.accounts().await, world.sessions().await), (before + 2, 0));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_provider_that_does_not_answer_is_told(pool: Pool) {
    let mut world = World::new(pool).await;
    world.serve(&document("http://127.0.0.1:1", ""));
    for _ in 0..2 {
        let from = format!("{}/sign-in/oidc?next=/applications%3Fa%3Db", world.url);
        let seen = Browser::new().go(&from).await;
        problem(&seen, "unreachable", 502);
        assert!(seen.body.contains("暂时连不上统一身份认证"));
        assert!(seen.body.contains("/sign-in?next=/applications%3Fa%3Db"));
    }
    let seen = Browser::new().go(&format!("{}/sign-in/cas", world.url)).await;
    problem(&seen, "not-set", 404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_provider_that_falls_silent_on_the_way_is_told(pool: Pool) {
    let (world, provider) = with_provider(pool, "").await;
    let mut browser = Browser::new();
    let back = world
        .sign_in(&mut browser, "07000001", "/", &world.back())
        .await
        .url;
    drop(provider);
    problem(&browser.go(back.as_str()).await, "unreachable", 502);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_signs_out_there_is_signed_out_here(pool: Pool) {
    let (world, provider) = with_provider(pool, "").await;
    let (mut here, mut elsewhere) = (Browser::new(), Browser::new());
    for browser in [&mut here, &mut elsewhere] {
        world.sign_in(browser, "07000001", "/", "nowhere").await;
    }
    assert_eq!(world.sessions().await, 2);
    let sure = here.go(&format!("{}/session/end", provider.url)).await;
    here.send(&sure, &[("logout", "yes")], "nowhere").await;
    for _ in 0..50 {
        if world.sessions().await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(!world.me(&mut here).await.signed_in);
    assert!(
        world.me(&mut elsewhere).await.signed_in,
        "another browser's session stays"
    );
}

/// Neither an ID token nor anything that the provider did not sign ends a session.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_logout_token_is_the_providers(pool: Pool) {
    let (world, provider) = with_provider(pool, "").await;
    let mut browser = Browser::new();
    world.sign_in(&mut browser, "07000001", "/", "nowhere").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let made = async |claims: serde_json::Value| {
        let asked = client
            .post(format!("{}/test/logout-token", provider.url))
            .body(claims.to_string());
        asked.send().await.unwrap().text().await.unwrap()
    };
    let event = serde_json::json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    let good = made(serde_json::json!({ "events": event, "sid": "unknown" })).await;
    let (head, tail) = good.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", tail.chars().rev().collect::<String>());
    for (token, status) in [
        (good.clone(), 200),
        (forged, 400),
        (made(serde_json::json!({ "sid": "unknown" })).await, 400),
        (made(serde_json::json!({ "events": event })).await, 400),
        (
            made(serde_json::json!({ "events": event, "sid": "unknown", "nonce": "any" })).await,
            400,
        ),
        (
            made(serde_json::json!({ "events": event, "sid": "unknown", "aud": "another" })).await,
            400,
        ),
        (
            made(serde_json::json!({ "events": event, "sid": "unknown", "exp": 1 })).await,
            400,
        ),
        ("nothing".to_owned(), 400),
    ] {
        let sent = client
            .post(format!("{}/sign-in/oidc/logout", world.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("logout_token={token}"));
        assert_eq!(sent.send().await.unwrap().status(), status, "{token}");
    }
    assert_eq!(world.sessions().await, 1);
}
