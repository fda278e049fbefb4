use crate::world::{Tablet, World, now};
use app::gate::wire::Trouble;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use p256::ecdsa::SigningKey;
use pass::GateBundle;
use store::Pool;

fn key(n: u8) -> SigningKey {
    SigningKey::from_slice(&[n; 32]).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_code_enrols_one_tablet(pool: Pool) {
    let world = World::new(pool).await;
    let code = world.code(SignedDuration::ZERO).await;
    let wrong = world.enrol("0000-0000", &key(1)).await;
    assert_eq!(
        (wrong.status, wrong.trouble()),
        (StatusCode::BAD_REQUEST, Trouble::WrongCode)
    );
    assert!(wrong.server_time.is_some());

    // However it is typed.
    let good = world.enrol(&code.to_lowercase().replace('-', " "), &key(1)).await;
    assert_eq!(good.status, StatusCode::OK);
    let tablet = Tablet::new(key(1), &good.json());
    assert_eq!(tablet.bundle.site.as_str(), "example");
    assert_eq!(tablet.bundle.checkpoint.name.zh, "东门");

    let again = world.enrol(&code, &key(2)).await;
    assert_eq!(again.trouble(), Trouble::WrongCode);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_lost_answer_is_given_again(pool: Pool) {
    let world = World::new(pool.clone()).await;
    let code = world.code(SignedDuration::ZERO).await;
    let first = Tablet::new(key(1), &world.enrol(&code, &key(1)).await.json());
    let again = world.enrol(&code, &key(1)).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(Tablet::new(key(1), &again.json()).id, first.id);
    let tablets = store::tablet::list(&pool, world.site).await.unwrap();
    assert_eq!(tablets.len(), 1, "one code, one tablet");

    store::tablet::revoke(&pool, world.site, first.id, world.administrator, now())
        .await
        .unwrap();
    assert_eq!(world.enrol(&code, &key(1)).await.trouble(), Trouble::WrongCode);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_two_at_once_one_enrols(pool: Pool) {
    let world = World::new(pool).await;
    for round in 0..5 {
        let code = world.code(SignedDuration::ZERO).await;
        let (one, two) = (key(10 + round), key(100 + round));
        let (one, two) = tokio::join!(world.enrol(&code, &one), world.enrol(&code, &two));
        let good = [&one, &two]
            .iter()
            .filter(|answer| answer.status == StatusCode::OK)
            .count();
        assert_eq!(good, 1);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_old_code_says_so_and_a_key_enrols_once(pool: Pool) {
    let world = World::new(pool).await;
    let old = world.code(SignedDuration::from_mins(16)).await;
    assert_eq!(world.enrol(&old, &key(1)).await.trouble(), Trouble::ExpiredCode);

    world.tablet(1).await;
    let code = world.code(SignedDuration::ZERO).await;
    assert_eq!(world.enrol(&code, &key(1)).await.trouble(), Trouble::BadKey);
    // The code was not used up by that.
    assert_eq!(world.enrol(&code, &key(2)).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn tries_are_limited(pool: Pool) {
    let world = World::new(pool).await;
    for _ in 0..60 {
        assert_eq!(
            world.enrol("0000-0000", &key(1)).await.trouble(),
            Trouble::WrongCode
        );
    }
    let code = world.code(SignedDuration::ZERO).await;
    let spent = world.enrol(&code, &key(1)).await;
    assert_eq!(
        (spent.status, spent.trouble()),
        (StatusCode::TOO_MANY_REQUESTS, Trouble::TooMany)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_enrolment_is_refused(pool: Pool) {
    let world = World::new(pool).await;
    for body in ["", "{}", "[]", r#"{"code":"x"}"#, "\u{0}"] {
        let request = Request::post("/api/gate/v1/enrol").header("host", "localhost");
        let answer = world.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.trouble(), Trouble::Malformed, "{body:?}");
    }
    let code = world.code(SignedDuration::ZERO).await;
    for point in ["", "AAAA", "!"] {
        let body = format!(r#"{{"code":"{code}","public_key":"{point}"}}"#);
        let request = Request::post("/api/gate/v1/enrol").header("host", "localhost");
        let answer = world.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.trouble(), Trouble::BadKey, "{point:?}");
    }
    let request = Request::post("/api/gate/v1/enrol").header("host", "nowhere.example");
    let body = crate::world::enrol_body(&code, &key(1));
    let answer = world.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(
        (answer.status, answer.trouble()),
        (StatusCode::NOT_FOUND, Trouble::NoSite)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_bundle_comes_when_there_is_a_newer_one(pool: Pool) {
    let world = World::new(pool.clone()).await;
    let tablet = world.tablet(1).await;
    let path = format!("/api/gate/v1/bundle?version={}", tablet.bundle.version);
    let same = world.call(&tablet, "GET", &path, vec![], now()).await;
    assert_eq!(same.status, StatusCode::NO_CONTENT);
    assert!(same.server_time.is_some());

    let name = pass::Text::new("B区", "Zone B");
    store::checkpoint::create_zone(&pool, world.site, 1, &name)
        .await
        .unwrap();
    let newer = world.call(&tablet, "GET", &path, vec![], now()).await;
    assert_eq!(newer.status, StatusCode::OK);
    let bundle = GateBundle::open(&newer.body, &tablet.issuers).unwrap();
    assert!(tablet.bundle.gives_way_to(&bundle));
    assert_eq!(bundle.zones.len(), 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_tablet_of_one_site_is_unknown_at_another(pool: Pool) {
    let world = World::new(pool.clone()).await;
    let other = World::at(pool, "other", "other.localhost").await;
    let tablet = world.tablet(1).await;
    let path = "/api/gate/v1/bundle?version=0";
    let request = Request::get(path)
        .header("host", "other.localhost")
        .header("authorization", tablet.authorization("GET", path, b"", now()));
    let answer = other.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.trouble(), Trouble::UnknownTablet);
    // A code of one site is no code of the other.
    let code = world.code(SignedDuration::ZERO).await;
    let request = Request::post("/api/gate/v1/enrol").header("host", "other.localhost");
    let body = crate::world::enrol_body(&code, &key(9));
    assert_eq!(
        other
            .send(request.body(Body::from(body)).unwrap())
            .await
            .trouble(),
        Trouble::WrongCode
    );
}
