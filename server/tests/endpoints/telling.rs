//! What people are told by, as the pages' functions have it: codes for mail addresses, browsers, and what administrators may see.

use crate::world::{Caller, World, text};
use app::account::telling::api::Telling;
use app::admin::messages::api::Messages;
use app::backend::channels::Channels;
use app::error::{AppError, Fault};
use app::sentences::url_part;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pass::Channel;
use serde::de::DeserializeOwned;
use store::Pool;
use store::message::Content;

async fn get<T: DeserializeOwned>(world: &World, path: &str, caller: Caller) -> T {
    let uri = format!("/api/v1/{path}");
    let response = world.send(Method::GET, &uri, caller, "", "localhost").await;
    let body = text(response).await;
    serde_json::from_str(&body).unwrap_or_else(|_| panic!("{body}"))
}

/// What came of a form.
async fn post(world: &World, path: &str, caller: Caller, form: &[(&str, &str)]) -> Result<(), AppError> {
    let uri = format!("/api/v1/{path}");
    let form: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", url_part(value)))
        .collect();
    let response = world
        .send(Method::POST, &uri, caller, &form.join("&"), "localhost")
        .await;
    let good = response.status().is_success();
    let body = text(response).await;
    if good {
        Ok(())
    } else {
        Err(serde_json::from_str(&body).unwrap_or_else(|_| panic!("{body}")))
    }
}

/// The newest message's text, as the database has it.
async fn newest(world: &World) -> String {
    let mut rows = store::message::list(&world.pool, world.site, None, 1)
        .await
        .unwrap()
        .rows;
    match rows.remove(0).content {
        Content::Written { body, .. } => body,
        notice @ Content::Notice(..) => panic!("{notice:?}"),
    }
}

fn six_digits(text: &str) -> String {
    let digits: Vec<&str> = text
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|part| part.len() == 6)
        .collect();
    digits[0].to_owned()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_mail_address_is_confirmed_by_the_code_sent_there(pool: Pool) {
    let world = World::new(pool).await;
    let me = Caller::Office;
    let telling = async || get::<Telling>(&world, "account/telling", me).await;
    assert_eq!(telling().await.chosen, [Channel::Mail]);
    let wrong = post(&world, "account/ask-mail", me, &[("mail", "nobody")]).await;
    assert_eq!(wrong, Err(AppError::invalid("mail", Fault::Malformed)));
    post(&world, "account/ask-mail", me, &[("mail", "Office@Example.edu")])
        .await
        .unwrap();
    assert_eq!(telling().await.new_mail.as_deref(), Some("Office@example.edu"));
    let code = six_digits(&newest(&world).await);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(
        post(&world, "account/confirm-mail", me, &[("code", wrong)]).await,
        Err(AppError::invalid("code", Fault::Wrong))
    );
    // Somebody else's code is of no use.
    assert_eq!(
        post(&world, "account/confirm-mail", Caller::Guard, &[("code", &code)]).await,
        Err(AppError::invalid("code", Fault::Expired))
    );
    post(&world, "account/confirm-mail", me, &[("code", &code)])
        .await
        .unwrap();
    let now = telling().await;
    assert_eq!(
        (now.mail.as_deref(), now.new_mail),
        (Some("Office@example.edu"), None)
    );

    // Nobody's mailbox is filled from here.
    for _ in 0..4 {
        post(&world, "account/ask-mail", me, &[("mail", "victim@example.edu")])
            .await
            .unwrap();
    }
    let more = post(&world, "account/ask-mail", me, &[("mail", "other@example.edu")]).await;
    assert!(matches!(more, Err(AppError::TooMany { .. })), "{more:?}");

    // An administrator sees that codes were sent, and not which.
    let sent: Messages = get(&world, "admin/messages", Caller::Administrator).await;
    assert_eq!(sent.rows.len(), 5);
    assert!(sent.rows.iter().all(|row| row.body.is_none()));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_browser_of_a_known_service_is_taken(pool: Pool) {
    let world = World::new(pool).await;
    let me = Caller::Office;
    let point = URL_SAFE_NO_PAD.encode([4; 65]);
    let auth = URL_SAFE_NO_PAD.encode([1; 16]);
    let subscribe = async |endpoint: &str, auth: &str| {
        let form = [("endpoint", endpoint), ("p256dh", &point), ("auth", auth)];
        post(&world, "account/subscribe", me, &form).await
    };
    for bad in ["https://10.0.0.1/x", "http://push.example/x", "push.example"] {
        assert_eq!(
            subscribe(bad, &auth).await,
            Err(AppError::invalid("endpoint", Fault::Malformed))
        );
    }
    assert_eq!(
        subscribe("https://push.example/1", "AQ").await,
        Err(AppError::invalid("auth", Fault::Malformed))
    );
    subscribe("https://push.example/1", &auth).await.unwrap();
    let telling: Telling = get(&world, "account/telling", me).await;
    assert_eq!(
        (telling.browsers, telling.chosen),
        (1, vec![Channel::Mail, Channel::Push])
    );
    let key = URL_SAFE_NO_PAD.decode(telling.push_key.unwrap()).unwrap();
    assert_eq!((key.len(), key[0]), (65, 4));
    let again: Telling = get(&world, "account/telling", Caller::Guard).await;
    assert_eq!(
        URL_SAFE_NO_PAD.decode(again.push_key.unwrap()).unwrap(),
        key,
        "one key for the site"
    );
    let form = [("endpoint", "https://push.example/1")];
    post(&world, "account/unsubscribe", me, &form).await.unwrap();
    let telling: Telling = get(&world, "account/telling", me).await;
    assert_eq!(telling.browsers, 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn where_no_text_message_leaves_nobody_waits_for_one(pool: Pool) {
    let world = World::with(pool, Channels::default(), server::shelf::Shelf::Database).await;
    let form = [("phone", "13800138000")];
    let channel = Channel::Sms;
    assert_eq!(
        post(&world, "sign-in/send-code", Caller::Nobody, &form).await,
        Err(AppError::CannotTell { channel })
    );
    let rows = store::message::list(&world.pool, world.site, None, 9)
        .await
        .unwrap();
    assert!(rows.rows.is_empty(), "nothing waits in vain");
    let messages: Messages = get(&world, "admin/messages", Caller::Administrator).await;
    assert_eq!(messages.missing, Channel::ALL);
    let attention: app::admin::start::api::Attention =
        get(&world, "admin/attention", Caller::Administrator).await;
    assert!(attention.no_sms);
    let channel = Channel::Mail;
    assert_eq!(
        post(
            &world,
            "account/ask-mail",
            Caller::Office,
            &[("mail", "a@example.edu")]
        )
        .await,
        Err(AppError::CannotTell { channel })
    );
    let telling: Telling = get(&world, "account/telling", Caller::Office).await;
    assert_eq!((telling.possible.as_slice(), telling.push_key), (&[][..], None));
}
