use super::sinks::{Answer, Asked, Http};
use super::{PHONE, SECRET, World, delivery, with_gateway};
use app::backend::now;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use serde_json::Value;
use server::jobs::send_all;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Pool;
use uuid::Uuid;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a gateway does with a request: it makes the signature itself.
fn is_signed(asked: &Asked) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    let body = hex(&Sha256::digest(&asked.body));
    let lines = format!(
        "POST\n{}\n{}\n{}\n{body}",
        asked.uri.path_and_query().unwrap(),
        asked.header("x-campus-timestamp"),
        asked.header("x-campus-nonce"),
    );
    mac.update(lines.as_bytes());
    hex(&mac.finalize().into_bytes()) == asked.header("x-campus-signature")
        && asked.header("x-campus-key") == "campus"
}

fn body(asked: &Asked) -> Value {
    serde_json::from_slice(&asked.body).unwrap()
}

fn id(asked: &Asked) -> Uuid {
    body(asked)["id"].as_str().unwrap().parse().unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_gateway_is_asked_with_a_signature_and_the_messages_name(pool: Pool) {
    let world = World::new(pool, false).await;
    let gateway = Http::start(&[]).await;
    let application = world.tell().await;
    let delivery = delivery(&with_gateway(&gateway.origin));
    send_all(&world.pool, &delivery, now()).await.unwrap();
    send_all(&world.pool, &delivery, now() + SignedDuration::from_hours(1))
        .await
        .unwrap();
    let asked = gateway.asked();
    assert_eq!(asked.len(), 1, "handed over once");
    assert!(is_signed(&asked[0]), "{asked:?}");
    assert_eq!(asked[0].uri, "/v1/sms?app=7");
    let seconds: i64 = asked[0].header("x-campus-timestamp").parse().unwrap();
    assert!((now().as_second() - seconds).abs() < 60);
    let body = body(&asked[0]);
    assert_eq!(id(&asked[0]), world.messages().await[0].id.0);
    assert_eq!((&body["site"], &body["to"]), (&"real".into(), &PHONE.into()));
    assert_eq!(body["kind"], "lapsed");
    let text = body["text"].as_str().unwrap();
    assert!(
        text.starts_with("【示范大学】您申请的“居民出入证”逾期未审"),
        "{text}"
    );
    assert!(text.ends_with(&format!("https://pass.example.edu/applications/{application}")));
    assert_eq!(world.standing().await, ("sent", None));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_may_go_better_is_tried_again_and_what_may_not_is_given_up(pool: Pool) {
    let world = World::new(pool, false).await;
    let answers = [503, 429, 408, 400].map(Answer::Status);
    let gateway = Http::start(&answers).await;
    let delivery = delivery(&with_gateway(&gateway.origin));
    world.tell().await;
    let mut clock = now();
    for (code, wait) in [(503, 5), (429, 10), (408, 20)] {
        send_all(&world.pool, &delivery, clock).await.unwrap();
        assert_eq!(
            world.standing().await,
            ("waiting", Some(format!("answered {code}")))
        );
        // A second is for what the calls themselves take.
        send_all(
            &world.pool,
            &delivery,
            clock + SignedDuration::from_secs(wait - 1),
        )
        .await
        .unwrap();
        clock += SignedDuration::from_secs(wait + 1);
    }
    assert_eq!(gateway.asked().len(), 3, "no sooner than the wait is over");
    send_all(&world.pool, &delivery, clock).await.unwrap();
    assert_eq!(world.standing().await, ("failed", Some("answered 400".into())));
    let names: BTreeSet<Uuid> = gateway.asked().iter().map(id).collect();
    let nonces: BTreeSet<String> = gateway
        .asked()
        .iter()
        .map(|one| one.header("x-campus-nonce").to_owned())
        .collect();
    assert_eq!(
        (names.len(), nonces.len()),
        (1, 4),
        "one message, each try signed anew"
    );
    assert!(gateway.asked().iter().all(is_signed));

    // The operator tries again, and now it is taken.
    assert_eq!(
        store::message::try_again(&world.pool, world.site, None, clock)
            .await
            .unwrap(),
        1
    );
    send_all(&world.pool, &delivery, clock).await.unwrap();
    assert_eq!(world.standing().await, ("sent", None));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_gateway_that_is_not_there_is_waited_for(pool: Pool) {
    let world = World::new(pool, false).await;
    world.tell().await;
    // Nobody listens on this port of this machine.
    let delivery = delivery(&with_gateway("http://127.0.0.1:1"));
    send_all(&world.pool, &delivery, now()).await.unwrap();
    assert_eq!(world.standing().await, ("waiting", Some("unreachable".into())));
}

/// A job that is killed after the gateway took the message and before that was noted: the message is handed over again, under the
/// same name, but not while the claim lasts.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_killed_job_leaves_nothing_unsent_and_its_message_keeps_its_name(pool: Pool) {
    let world = World::new(pool, false).await;
    let gateway = Http::start(&[Answer::Silence]).await;
    let delivery = Arc::new(delivery(&with_gateway(&gateway.origin)));
    world.tell().await;
    let begun = now();
    let job = {
        let (pool, delivery) = (world.pool.clone(), delivery.clone());
        tokio::spawn(async move { send_all(&pool, &delivery, begun).await })
    };
    gateway.until(1).await;
    job.abort();
    assert!(job.await.unwrap_err().is_cancelled());
    assert_eq!(world.standing().await, ("waiting", None));

    let after = |seconds| begun + SignedDuration::from_secs(seconds);
    send_all(&world.pool, &delivery, after(59)).await.unwrap();
    assert_eq!(gateway.asked().len(), 1, "still claimed");
    send_all(&world.pool, &delivery, after(61)).await.unwrap();
    let asked = gateway.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(id(&asked[0]), id(&asked[1]), "one message");
    assert_eq!(world.standing().await, ("sent", None));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_servers_at_once_hand_each_message_over_once(pool: Pool) {
    let world = World::new(pool, false).await;
    let gateway = Http::start(&[]).await;
    let settings = with_gateway(&gateway.origin);
    let (one, other) = (delivery(&settings), delivery(&settings));
    for _ in 0..50 {
        world.tell().await;
    }
    let (first, second) = tokio::join!(
        send_all(&world.pool, &one, now()),
        send_all(&world.pool, &other, now())
    );
    first.and(second).unwrap();
    let asked = gateway.asked();
    let names: BTreeSet<Uuid> = asked.iter().map(id).collect();
    assert_eq!((asked.len(), names.len()), (50, 50));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_demonstrations_messages_leave_for_nowhere(pool: Pool) {
    let world = World::new(pool, true).await;
    let gateway = Http::start(&[]).await;
    world.tell().await;
    send_all(&world.pool, &delivery(&with_gateway(&gateway.origin)), now())
        .await
        .unwrap();
    assert_eq!(world.standing().await, ("sent", None));
    assert_eq!(gateway.asked().len(), 0);
}
