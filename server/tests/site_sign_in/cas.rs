use crate::browser::{Browser, Seen};
use crate::providers::{self, Running};
use crate::world::World;
use std::sync::LazyLock;
use std::time::Duration;
use store::Pool;

/// One for all tests: it begins slowly, and nothing in it belongs to one of them.
static CAS: LazyLock<Running> = LazyLock::new(|| providers::cas("^http://localhost(:[0-9]+)?/"));

async fn with_cas(pool: Pool, more: &str) -> World {
    let mut world = World::new(pool).await;
    world.serve(&format!("[example.cas]\nurl = '{}'\n{more}", CAS.url));
    world
}

impl World {
    fn cas_back(&self) -> String {
        format!("{}/sign-in/cas/return", self.url)
    }

    async fn sign_in_by_cas(&self, browser: &mut Browser, number: &str, stop: &str) -> Seen {
        let form = browser.go(&format!("{}/sign-in/cas?next=/apply", self.url)).await;
        assert_eq!(form.status, 200, "{form:?}");
        browser
            .send(&form, &[("username", number), ("password", "number")], stop)
            .await
    }

    async fn name(&self, browser: &mut Browser) -> Option<String> {
        let seen = browser.go(&format!("{}/api/v1/me", self.url)).await;
        let me: app::home::Me = serde_json::from_str(&seen.body).unwrap();
        me.signed_in.then_some(me.name)
    }

    /// The path back of a new attempt in this browser, with this ticket.
    async fn fresh_way_with(&self, browser: &mut Browser, ticket: &str) -> String {
        let login = browser
            .go_until(&format!("{}/sign-in/cas", self.url), &CAS.url)
            .await
            .url;
        let service = login
            .query_pairs()
            .find(|(name, _)| name == "service")
            .unwrap()
            .1
            .into_owned();
        format!("{service}&ticket={ticket}")
    }
}

fn ticket_of(back: &reqwest::Url) -> String {
    let ticket = back.query_pairs().find(|(name, _)| name == "ticket");
    ticket.map(|(_, ticket)| ticket.into_owned()).unwrap()
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
async fn somebody_of_the_register_signs_in_and_goes_on(pool: Pool) {
    let world = with_cas(pool, "").await;
    let mut browser = Browser::new();
    let seen = world.sign_in_by_cas(&mut browser, "07000001", "nowhere").await;
    assert_eq!(
        (seen.status, seen.url.as_str()),
        (200, format!("{}/apply", world.url).as_str())
    );
    assert_eq!(world.name(&mut browser).await.as_deref(), Some("李明"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_number_may_be_an_attribute(pool: Pool) {
    let world = with_cas(pool, "number_attribute = 'employeeNumber'").await;
    let mut browser = Browser::new();
    world.sign_in_by_cas(&mut browser, "07000001", "nowhere").await;
    assert_eq!(world.name(&mut browser).await.as_deref(), Some("周工"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_unknown_number_is_told_so(pool: Pool) {
    let world = with_cas(pool, "").await;
    let before = world.accounts().await;
    let seen = world.sign_in_by_cas(&mut Browser::new(), "99", "nowhere").await;
    problem(&seen, "unknown-number", 403);
    assert!(seen.body.contains("没有学工号 99"));
    assert_eq!((world.accounts().await, world.sessions().await), (before, 0));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_ticket_is_good_once_for_the_way_it_was_given_for(pool: Pool) {
    let world = with_cas(pool, "").await;
    let mut browser = Browser::new();
    let back = world
        .sign_in_by_cas(&mut browser, "07000001", &world.cas_back())
        .await
        .url;
    let mut other = Browser::new();
    problem(&other.go(back.as_str()).await, "over", 400);

    // In another's way, it is for another service: the CAS server says so.
    let stolen = world.fresh_way_with(&mut other, &ticket_of(&back)).await;
    problem(&other.go(&stolen).await, "refused", 403);
    assert_eq!(world.sessions().await, 0);

    let mut browser = Browser::new();
    let back = world
        .sign_in_by_cas(&mut browser, "07000001", &world.cas_back())
        .await
        .url;
    assert_eq!(browser.go(back.as_str()).await.url.path(), "/apply");
    problem(&browser.go(back.as_str()).await, "over", 400);
    let again = world.fresh_way_with(&mut browser, &ticket_of(&back)).await;
    problem(&browser.go(&again).await, "over", 400);
    // Were it forgotten here, the CAS server would still know.
    sqlx::query("delete from spent_ticket")
        .execute(&world.pool)
        .await
        .unwrap();
    let again = world.fresh_way_with(&mut browser, &ticket_of(&back)).await;
    problem(&browser.go(&again).await, "refused", 403);
    let none = world.fresh_way_with(&mut browser, "").await;
    problem(&browser.go(&none).await, "refused", 403);
    assert_eq!(world.sessions().await, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_signs_out_there_is_signed_out_here(pool: Pool) {
    let world = with_cas(pool, "").await;
    let (mut here, mut elsewhere) = (Browser::new(), Browser::new());
    for browser in [&mut here, &mut elsewhere] {
        world.sign_in_by_cas(browser, "07000001", "nowhere").await;
    }
    assert_eq!(world.sessions().await, 2);
    here.go(&format!("{}/logout", CAS.url)).await;
    for _ in 0..50 {
        if world.sessions().await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(world.name(&mut here).await, None);
    assert!(
        world.name(&mut elsewhere).await.is_some(),
        "another browser's session stays"
    );
}

/// A CAS server is another host; its word is taken all the same, for a ticket that it knows, and nothing else is.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_logout_request_comes_from_anywhere_and_knows_the_ticket(pool: Pool) {
    let world = with_cas(pool, "").await;
    let mut browser = Browser::new();
    let back = world
        .sign_in_by_cas(&mut browser, "07000001", &world.cas_back())
        .await
        .url;
    browser.go(back.as_str()).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = async |path: &str, ticket: &str| {
        let request = format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><samlp:SessionIndex>{ticket}</samlp:SessionIndex></samlp:LogoutRequest>"
        );
        let sent = client
            .post(format!("{}{path}", world.url))
            .header("origin", &CAS.url)
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("logoutRequest={}", app::sentences::url_part(&request)));
        sent.send().await.unwrap().status().as_u16()
    };
    assert_eq!(post("/sign-in/cas/return", "ST-unknown").await, 200);
    assert_eq!(post("/sign-in/cas/return", "").await, 400);
    assert_eq!(post("/sign-in/cas", "ST-1").await, 403);
    assert_eq!(post("/sign-in/oidc/return", "ST-1").await, 403);
    assert_eq!(world.sessions().await, 1);
    assert_eq!(
        post("/sign-in/cas/return?state=any", &ticket_of(&back)).await,
        200
    );
    assert_eq!(world.sessions().await, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_cas_server_that_does_not_answer_is_told(pool: Pool) {
    let mut world = World::new(pool).await;
    world.serve("[example.cas]\nurl = 'http://127.0.0.1:1/cas'");
    let mut browser = Browser::new();
    let login = browser
        .go_until(&format!("{}/sign-in/cas", world.url), "http://127.0.0.1:1/")
        .await
        .url;
    let service = login
        .query_pairs()
        .find(|(name, _)| name == "service")
        .unwrap()
        .1
        .into_owned();
    problem(
        &browser.go(&format!("{service}&ticket=ST-1")).await,
        "unreachable",
        502,
    );
}
