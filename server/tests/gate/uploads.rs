use crate::world::{World, acknowledged, now, upload_body};
use app::gate::wire::{TOLERANCE, Trouble};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use pass::{Check, What};
use store::Pool;

const PATH: &str = "/api/gate/v1/events";

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_same_upload_again_changes_nothing(pool: Pool) {
    let world = World::new(pool).await;
    let mut tablet = world.tablet(1).await;
    let events = tablet.events(5);
    for _ in 0..3 {
        let answer = acknowledged(&world.upload(&tablet, &events).await);
        assert_eq!(
            (answer.acknowledged, answer.quarantined, answer.revoked),
            (5, 0, false)
        );
    }
    assert_eq!(world.admissions().await.len(), 5);
    // The part that is new is taken, whatever comes with it again.
    let more = [events, tablet.events(2)].concat();
    assert_eq!(
        acknowledged(&world.upload(&tablet, &more[3..]).await).acknowledged,
        7
    );
    assert_eq!(world.admissions().await.len(), 7);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn events_from_before_there_were_checks_are_facts_beside_those_with_some(pool: Pool) {
    let world = World::new(pool).await;
    let mut tablet = world.tablet(1).await;
    let mut events = tablet.events(1);
    tablet.checks = vec![Check::Document, Check::HostCalled];
    events.extend(tablet.events(1));
    let answer = acknowledged(&world.upload(&tablet, &events).await);
    assert_eq!((answer.acknowledged, answer.quarantined), (2, 0));
    let mut stored = world.admissions().await;
    stored.sort_by_key(|row| row.seq);
    let checks: Vec<_> = stored.into_iter().map(|row| row.checks).collect();
    assert_eq!(checks, [vec![], tablet.checks]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_gap_is_not_acknowledged_over(pool: Pool) {
    let world = World::new(pool).await;
    let mut tablet = world.tablet(1).await;
    let events = tablet.events(5);
    assert_eq!(
        acknowledged(&world.upload(&tablet, &events[3..]).await).acknowledged,
        0
    );
    assert_eq!(
        acknowledged(&world.upload(&tablet, &events[..2]).await).acknowledged,
        2
    );
    assert_eq!(
        acknowledged(&world.upload(&tablet, &events[2..3]).await).acknowledged,
        5
    );
    assert_eq!(world.admissions().await.len(), 5);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_fact_is_put_aside_and_counts(pool: Pool) {
    let world = World::new(pool.clone()).await;
    let mut tablet = world.tablet(1).await;
    let mut stranger = world.tablet(2).await;
    let mut events = tablet.events(3);
    let good = events.clone();
    // Another tablet's event, a changed byte, and rubbish, under numbers of this tablet.
    events.push((4, stranger.event(What::Admitted, 1).1));
    events.push((5, good[0].1.iter().map(|byte| byte ^ 1).collect()));
    events.push((6, vec![]));
    let answer = acknowledged(&world.upload(&tablet, &events).await);
    assert_eq!((answer.acknowledged, answer.quarantined), (6, 3));
    assert_eq!(world.admissions().await.len(), 3);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bad_event_does_not_hold_up_the_others(pool: Pool) {
    let world = World::new(pool).await;
    let mut tablet = world.tablet(1).await;
    let good = tablet.event(What::Admitted, 1);
    // Signed well, and yet nothing a database could hold.
    let with_nul = tablet.event(
        What::Refused {
            code: "a\0b".to_owned(),
        },
        2,
    );
    let before_all_calendars = tablet.event_at(What::Admitted, 3, jiff::Timestamp::MIN);
    let after_them = tablet.event(What::Admitted, 4);
    let over_long = (5, vec![7; 5_000]);
    let sent = [good, with_nul, before_all_calendars, after_them, over_long];
    let answer = acknowledged(&world.upload(&tablet, &sent).await);
    assert_eq!((answer.acknowledged, answer.quarantined), (5, 3));
    let stored: Vec<u64> = world.admissions().await.iter().map(|one| one.seq).collect();
    assert_eq!(stored.len(), 2);
    assert!(stored.contains(&1) && stored.contains(&4), "{stored:?}");

    // Not even base64.
    let body = br#"{"events":[{"seq":6,"sealed":"!"}]}"#.to_vec();
    let answer = acknowledged(&world.call(&tablet, "POST", PATH, body, now()).await);
    assert_eq!((answer.acknowledged, answer.quarantined), (6, 1));
    for body in [
        r#"{"events":[{"seq":0,"sealed":"AAAA"}]}"#,
        r#"{"events":[{"seq":18446744073709551615,"sealed":"AAAA"}]}"#,
    ] {
        let answer = world.call(&tablet, "POST", PATH, body.into(), now()).await;
        assert_eq!(answer.trouble(), Trouble::Malformed, "{body}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_the_tablet_itself_may_upload(pool: Pool) {
    let world = World::new(pool).await;
    let mut tablet = world.tablet(1).await;
    let stranger = world.tablet(2).await;
    let body = upload_body(&tablet.events(1));

    let unsigned = Request::post(PATH)
        .header("host", "localhost")
        .body(Body::from(body.clone()))
        .unwrap();
    let unsigned = world.send(unsigned).await;
    assert_eq!(
        (unsigned.status, unsigned.trouble()),
        (StatusCode::UNAUTHORIZED, Trouble::Unsigned)
    );

    // One tablet's name with another's signature; a signature for another body, path or method.
    let mut pretender = world.tablet(3).await;
    pretender.id = tablet.id;
    let other_body = tablet.authorization("POST", PATH, b"{}", now());
    let other_path = tablet.authorization("POST", "/api/gate/v1/bundle", &body, now());
    let other_method = tablet.authorization("GET", PATH, &body, now());
    for header in [
        pretender.authorization("POST", PATH, &body, now()),
        other_body,
        other_path,
        other_method,
    ] {
        let request = Request::post(PATH)
            .header("host", "localhost")
            .header("authorization", header);
        let answer = world.send(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(answer.trouble(), Trouble::Unsigned);
    }
    assert!(world.admissions().await.is_empty());

    // Signed well by another tablet: put aside under that tablet's name.
    let answer = acknowledged(&world.call(&stranger, "POST", PATH, body, now()).await);
    assert_eq!(answer.quarantined, 1);
    assert!(world.admissions().await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_wrong_clock_is_told_the_time(pool: Pool) {
    let world = World::new(pool).await;
    let tablet = world.tablet(1).await;
    let path = "/api/gate/v1/bundle?version=0";
    for wrong in [
        TOLERANCE + SignedDuration::from_secs(30),
        -TOLERANCE - SignedDuration::from_secs(30),
    ] {
        let answer = world.call(&tablet, "GET", path, vec![], now() + wrong).await;
        assert_eq!(
            (answer.status, answer.trouble()),
            (StatusCode::UNAUTHORIZED, Trouble::Clock)
        );
        let off = answer.server_time.unwrap() - now().as_millisecond();
        assert!(off.abs() < 5_000, "{off}");
    }
    let within = TOLERANCE - SignedDuration::from_secs(30);
    for right in [within, -within] {
        assert_eq!(
            world
                .call(&tablet, "GET", path, vec![], now() + right)
                .await
                .status,
            StatusCode::OK
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_revoked_tablet_is_told_and_loses_nothing(pool: Pool) {
    let world = World::new(pool.clone()).await;
    let mut tablet = world.tablet(1).await;
    let before = tablet.events(1);
    acknowledged(&world.upload(&tablet, &before).await);
    assert!(
        store::tablet::revoke(&pool, world.site, tablet.id, world.administrator, now())
            .await
            .unwrap()
    );

    let bundle = world
        .call(&tablet, "GET", "/api/gate/v1/bundle?version=0", vec![], now())
        .await;
    assert_eq!(
        (bundle.status, bundle.trouble()),
        (StatusCode::FORBIDDEN, Trouble::Revoked)
    );
    let late = tablet.events(2);
    let answer = acknowledged(&world.upload(&tablet, &late).await);
    assert_eq!(
        (answer.acknowledged, answer.quarantined, answer.revoked),
        (3, 2, true)
    );
    assert_eq!(world.admissions().await.len(), 1);
}
