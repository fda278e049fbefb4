//! Signing in, and what keeps others from it.

use crate::world::{Caller, World, text};
use app::backend::{now, password};
use app::error::{AppError, Fault};
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use pass::Role;
use store::account::{self, Grant, NewAccount};
use store::{AccountId, Pool};
use tower::ServiceExt as _;

const PASSWORD: &str = "correct horse";
const WITH_PASSWORD: &str = "/api/v1/sign-in/with-password";
const WITH_CODE: &str = "/api/v1/sign-in/with-code";
const SEND_CODE: &str = "/api/v1/sign-in/send-code";

/// Somebody of the office who signs in with a password.
async fn officer(world: &World, login: &str) -> AccountId {
    let hash = password::hash(PASSWORD).unwrap();
    let new = NewAccount {
        login: Some(login),
        password_hash: Some(&hash),
        ..NewAccount::default()
    };
    let office = Grant::whole(Role::Office);
    account::create_with(&world.pool, world.site, new, office, now())
        .await
        .unwrap()
}

/// A form that somebody sends from a network address.
async fn post(
    world: &World,
    uri: &str,
    address: &str,
    form: &[(&str, &str)],
    cookie: &str,
) -> Response<Body> {
    let form: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", app::sentences::url_part(value)))
        .collect();
    let request = Request::post(uri)
        .header("host", "localhost")
        .header("accept", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", address)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", cookie)
        .body(Body::from(form.join("&")))
        .unwrap();
    world.router.clone().oneshot(request).await.unwrap()
}

async fn enter(world: &World, address: &str, login: &str, password: &str) -> Response<Body> {
    let form = [("login", login), ("password", password)];
    post(world, WITH_PASSWORD, address, &form, "").await
}

/// The session cookie that an answer sets.
fn cookie_of(response: &Response<Body>) -> String {
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn error_of(response: Response<Body>) -> AppError {
    let body = text(response).await;
    serde_json::from_str(&body).unwrap_or_else(|_| panic!("{body}"))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(pool: Pool) {
    let world = World::new(pool).await;
    officer(&world, "somebody").await;
    // However the login is typed.
    let response = enter(&world, "192.0.2.1", " SomeBody ", PASSWORD).await;
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_has_a_duty_is_signed_in_for_less_long(pool: Pool) {
    let world = World::new(pool).await;
    officer(&world, "somebody").await;
    enter(&world, "192.0.2.1", "somebody", PASSWORD).await;
    let staff: (i32, f64) =
        sqlx::query_as("select idle_seconds, extract(epoch from ends_at - created_at)::float8 from session")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert_eq!(staff, (12 * 3600, 7.0 * 24.0 * 3600.0));
}

/// What is answered tells nobody which numbers and which logins there are.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_answer_is_the_same_for_known_and_unknown(pool: Pool) {
    let world = World::new(pool).await;
    officer(&world, "somebody").await;
    let (known, unknown) = ("13800138000", "13800138999");
    account::by_phone_or_create(&world.pool, world.site, known, now())
        .await
        .unwrap();
    let answer = async |uri: &str, form: &[(&str, &str)]| {
        let response = post(&world, uri, "192.0.2.1", form, "").await;
        (response.status(), text(response).await)
    };
    let mut answers = Vec::new();
    for phone in [known, unknown] {
        answers.push([
            answer(SEND_CODE, &[("phone", phone)]).await,
            answer(SEND_CODE, &[("phone", phone)]).await,
            answer(WITH_CODE, &[("phone", phone), ("code", "not it")]).await,
        ]);
    }
    assert_eq!(answers[0][0].0, StatusCode::OK);
    assert_eq!(answers[0][1].0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answers[0][2].0, StatusCode::UNPROCESSABLE_ENTITY);
    for (one, other) in answers[0].iter().zip(&answers[1]) {
        assert_eq!(one.0, other.0);
        let waits = |text: &str| text.contains("wait_seconds");
        assert!(
            one.1 == other.1 || waits(&one.1) && waits(&other.1),
            "{one:?} {other:?}"
        );
    }
    let logins = [
        answer(WITH_PASSWORD, &[("login", "somebody"), ("password", "x")]).await,
        answer(WITH_PASSWORD, &[("login", "nobody"), ("password", "x")]).await,
    ];
    assert_eq!(logins[0], logins[1]);
    assert_eq!(logins[0].0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_number_is_tried_so_often_in_a_day_whoever_tries(pool: Pool) {
    let world = World::new(pool).await;
    for n in 0..31 {
        let form = [("phone", "13800138000"), ("code", "１２３ ４５６")];
        let response = post(&world, WITH_CODE, &format!("192.0.2.{n}"), &form, "").await;
        let expected = if n < 30 {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::TOO_MANY_REQUESTS
        };
        assert_eq!(response.status(), expected, "{n}");
    }
    let form = [("phone", "13800138001"), ("code", "123456")];
    let other = post(&world, WITH_CODE, "192.0.2.1", &form, "").await;
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_stranger_who_guesses_keeps_himself_out_and_not_the_owner(pool: Pool) {
    let world = World::new(pool).await;
    officer(&world, "somebody").await;
    let (stranger, owner) = ("192.0.2.1", "192.0.2.2");
    let status = async |address, word| enter(&world, address, "somebody", word).await.status();
    for _ in 0..9 {
        assert_eq!(status(stranger, "guess").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // A right one does not count: the tenth wrong one is still looked at.
    assert_eq!(status(stranger, PASSWORD).await, StatusCode::OK);
    assert_eq!(status(stranger, "guess").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status(stranger, "guess").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(status(stranger, PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..12 {
        assert_eq!(status(owner, PASSWORD).await, StatusCode::OK);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_nobody_types_is_refused_and_breaks_nothing(pool: Pool) {
    let world = World::new(pool).await;
    let error = error_of(enter(&world, "192.0.2.1", "a\0", "x").await).await;
    assert_eq!(error, AppError::invalid("login", Fault::Malformed));
    let error = error_of(enter(&world, "192.0.2.1", &"a".repeat(65), "x").await).await;
    assert_eq!(
        error,
        AppError::invalid("login", Fault::TooLong { max_chars: 64 })
    );
    for (uri, caller) in [
        ("admin/households?text=%00", Caller::Administrator),
        ("admin/admissions?query%5Bwhat%5D=a%00", Caller::Administrator),
        (
            "review/list?narrow[shelf]=done&narrow[kind]=&narrow[community]=a%00&narrow[state]=&narrow[text]=%00&narrow[after]=",
            Caller::Office,
        ),
    ] {
        let uri = format!("/api/v1/{}", uri.replace('[', "%5B").replace(']', "%5D"));
        let response = world.send(Method::GET, &uri, caller, "", "localhost").await;
        assert_eq!(response.status(), StatusCode::CONFLICT, "{uri}");
        let error = error_of(response).await;
        assert_eq!(error, AppError::Refused(pass::Refusal::ControlCharacter), "{uri}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_leads_to_paths_of_this_site_alone(pool: Pool) {
    let world = World::new(pool).await;
    officer(&world, "somebody").await;
    for (back, leads_to) in [
        ("/apply", "/apply"),
        ("/\t/evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/中文", "/"),
        ("/a\0", "/"),
    ] {
        let uri = format!("/language/en?back={}", app::sentences::url_part(back));
        let response = world
            .send(Method::GET, &uri, Caller::Nobody, "", "localhost")
            .await;
        assert_eq!(response.headers()["location"], leads_to, "{back:?}");
        let form = [("login", "somebody"), ("password", PASSWORD), ("next", back)];
        let response = post(&world, WITH_PASSWORD, "192.0.2.1", &form, "").await;
        assert_eq!(response.headers()["location"], leads_to, "{back:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_changes_ones_own_password_knowing_the_old_one(pool: Pool) {
    let world = World::new(pool).await;
    officer(&world, "somebody").await;
    let here = cookie_of(&enter(&world, "192.0.2.1", "somebody", PASSWORD).await);
    let elsewhere = cookie_of(&enter(&world, "192.0.2.2", "somebody", PASSWORD).await);
    let change = async |old, new, again| {
        let form = [("old", old), ("new", new), ("again", again)];
        let uri = "/api/v1/account/change-password";
        post(&world, uri, "192.0.2.1", &form, &here).await
    };
    let new = "battery staple";
    for (old, new, again, field, fault) in [
        ("wrong", new, new, "old", Fault::Wrong),
        (
            PASSWORD,
            "short",
            "short",
            "new",
            Fault::TooShort { min_chars: 10 },
        ),
        (PASSWORD, new, "battery stable", "again", Fault::Wrong),
    ] {
        let error = error_of(change(old, new, again).await).await;
        assert_eq!(error, AppError::invalid(field, fault));
    }
    assert_eq!(change(PASSWORD, new, new).await.status(), StatusCode::OK);
    let signed_in = async |cookie: &str| {
        let request = Request::get("/api/v1/me")
            .header("host", "localhost")
            .header("cookie", cookie);
        let request = request.body(Body::empty()).unwrap();
        let body = text(world.router.clone().oneshot(request).await.unwrap()).await;
        serde_json::from_str::<app::home::Me>(&body).unwrap().signed_in
    };
    assert!(signed_in(&here).await && !signed_in(&elsewhere).await);
    let status = async |word| enter(&world, "192.0.2.3", "somebody", word).await.status();
    assert_eq!(status(PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status(new).await, StatusCode::OK);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_disabled_account_is_enabled_again(pool: Pool) {
    let world = World::new(pool).await;
    let id = officer(&world, "somebody").await;
    let status = async || enter(&world, "192.0.2.1", "somebody", PASSWORD).await.status();
    let act = async |what: &str| {
        let uri = format!("/api/v1/admin/{what}-person");
        let form = format!("id={}", id.0);
        world
            .send(Method::POST, &uri, Caller::Administrator, &form, "localhost")
            .await
            .status()
    };
    assert_eq!(act("disable").await, StatusCode::OK);
    assert_eq!(status().await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(act("enable").await, StatusCode::OK);
    assert_eq!(status().await, StatusCode::OK);
    assert_eq!(act("enable").await, StatusCode::NOT_FOUND, "it is");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_office_is_the_whole_sites(pool: Pool) {
    let world = World::new(pool).await;
    let id = officer(&world, "somebody").await;
    let grant = async |role: &str| {
        let form = format!("id={}&role={role}&at=zone-0", id.0);
        let uri = "/api/v1/admin/grant-role";
        world
            .send(Method::POST, uri, Caller::Administrator, &form, "localhost")
            .await
    };
    for role in ["office", "administrator"] {
        let error = error_of(grant(role).await).await;
        assert_eq!(error, AppError::invalid("at", Fault::Malformed), "{role}");
    }
    assert_eq!(grant("guard").await.status(), StatusCode::OK);
}
