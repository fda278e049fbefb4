use super::sinks::{Answer, Asked, Http};
use super::{World, delivery};
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use app::backend::issuer::Issuers;
use app::backend::now;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::{PublicKey, SecretKey};
use pass::Channel;
use serde_json::Value;
use server::deliver::settings::TellingSettings;
use server::jobs::send_all;
use sha2::Sha256;
use store::Pool;
use store::push::Subscription;

const AUTH: [u8; 16] = [9; 16];

/// The browser's key.
fn browser() -> SecretKey {
    SecretKey::from_slice(&[5; 32]).unwrap()
}

/// Somebody whose browser shows their notices, and nothing else does.
async fn watcher(pool: Pool, service: &str) -> World {
    let world = World::new(pool, false).await;
    let point = browser().public_key().to_sec1_point(false);
    let subscription = Subscription {
        endpoint: format!("{service}/send/abc?x=1"),
        p256dh: point.as_bytes().try_into().unwrap(),
        auth: AUTH,
    };
    store::push::subscribe(&world.pool, world.site, world.account, &subscription, now())
        .await
        .unwrap();
    let key = Issuers::new(&[7; 32]).fresh_push_key(world.site).unwrap();
    store::push::keep_key(&world.pool, world.site, &key, now())
        .await
        .unwrap();
    world.choose(Channel::Push).await;
    world
}

fn with_service(services: &str) -> TellingSettings {
    TellingSettings {
        push_services: services.to_owned(),
        ..TellingSettings::default()
    }
}

/// What the browser does with what its push service hands it (RFC 8291 §3.4, RFC 8188 §2).
fn opened(body: &[u8]) -> Value {
    let (salt, rest) = body.split_at(16);
    let (size, rest) = rest.split_at(4);
    assert!(u32::from_be_bytes(size.try_into().unwrap()) as usize >= rest.len());
    assert!(body.len() <= 4096);
    assert_eq!(rest[0], 65);
    let (sender, sealed) = rest[1..].split_at(65);
    let key = browser();
    let own = key.public_key().to_sec1_point(false);
    let theirs = PublicKey::from_sec1_bytes(sender).unwrap();
    let shared = p256::ecdh::diffie_hellman(key.to_nonzero_scalar(), theirs.as_affine());
    let derive = |salt: &[u8], from: &[u8], info: &[u8], length: usize| {
        let mut bytes = vec![0; length];
        Hkdf::<Sha256>::new(Some(salt), from)
            .expand(info, &mut bytes)
            .unwrap();
        bytes
    };
    let info = [b"WebPush: info\0".as_slice(), own.as_bytes(), sender].concat();
    let material = derive(&AUTH, shared.raw_secret_bytes(), &info, 32);
    let content_key: [u8; 16] = derive(salt, &material, b"Content-Encoding: aes128gcm\0", 16)
        .try_into()
        .unwrap();
    let nonce: [u8; 12] = derive(salt, &material, b"Content-Encoding: nonce\0", 12)
        .try_into()
        .unwrap();
    let plain = Aes128Gcm::new(&content_key.into())
        .decrypt(&Nonce::from(nonce), sealed)
        .unwrap();
    let (end, plain) = plain.split_last().unwrap();
    assert_eq!(*end, 2);
    serde_json::from_slice(plain).unwrap()
}

/// What a push service does with the proof of who sends (RFC 8292): the claims, once the signature holds.
fn proved(asked: &Asked, public: &[u8]) -> Value {
    let proof = asked.header("authorization").strip_prefix("vapid ").unwrap();
    let (token, key) = proof.split_once(", ").unwrap();
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    assert_eq!(bytes(key.strip_prefix("k=").unwrap()), public);
    let (signed, signature) = token.strip_prefix("t=").unwrap().rsplit_once('.').unwrap();
    let signature = Signature::from_slice(&bytes(signature)).unwrap();
    VerifyingKey::from_sec1_bytes(public)
        .unwrap()
        .verify(signed.as_bytes(), &signature)
        .unwrap();
    let (head, claims) = signed.split_once('.').unwrap();
    let head: Value = serde_json::from_slice(&bytes(head)).unwrap();
    assert_eq!(head["alg"], "ES256");
    serde_json::from_slice(&bytes(claims)).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_notice_reaches_the_browser_and_nobody_between_reads_it(pool: Pool) {
    let service = Http::start(&[Answer::Status(201)]).await;
    let world = watcher(pool, &service.origin).await;
    let application = world.tell().await;
    send_all(&world.pool, &delivery(&with_service(&service.origin)), now())
        .await
        .unwrap();
    assert_eq!(world.standing().await, ("sent", None));
    let asked = service.asked().remove(0);
    assert_eq!(asked.uri, "/send/abc?x=1");
    assert_eq!(asked.header("content-encoding"), "aes128gcm");
    assert_eq!(asked.header("ttl"), "86400");
    let id = world.messages().await[0].id;
    assert_eq!(asked.header("topic"), URL_SAFE_NO_PAD.encode(id.0.as_bytes()));
    let shown = opened(&asked.body);
    assert_eq!(shown["title"], "申请逾期未审");
    assert!(shown["body"].as_str().unwrap().contains("居民出入证"));
    assert_eq!(shown["path"], format!("/applications/{application}"));
    assert_eq!(shown["tag"], id.to_string());
    let key = store::push::key(&world.pool, world.site).await.unwrap().unwrap();
    let claims = proved(&asked, &key.public);
    assert_eq!(claims["aud"], service.origin);
    assert_eq!(claims["sub"], "https://pass.example.edu");
    let left = claims["exp"].as_i64().unwrap() - now().as_second();
    assert!((0..=86_400).contains(&left), "{left}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_browser_that_is_gone_is_forgotten(pool: Pool) {
    let service = Http::start(&[Answer::Status(410)]).await;
    let world = watcher(pool, &service.origin).await;
    world.tell().await;
    let delivery = delivery(&with_service(&service.origin));
    send_all(&world.pool, &delivery, now()).await.unwrap();
    assert_eq!(world.standing().await, ("failed", Some("gone".into())));
    let contact = store::contact::get(&world.pool, world.site, world.account).await;
    assert_eq!(contact.unwrap().unwrap().subscriptions, []);
    // Tried again, it stays unsent, and the service is left alone.
    store::message::try_again(&world.pool, world.site, None, now())
        .await
        .unwrap();
    send_all(&world.pool, &delivery, now()).await.unwrap();
    assert_eq!(world.standing().await, ("failed", Some("gone".into())));
    assert_eq!(service.asked().len(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn only_services_of_the_list_are_called(pool: Pool) {
    let service = Http::start(&[]).await;
    let world = watcher(pool, &service.origin).await;
    world.tell().await;
    send_all(&world.pool, &delivery(&with_service("push.example")), now())
        .await
        .unwrap();
    assert_eq!(world.standing().await, ("failed", Some("not-allowed".into())));
    assert_eq!(service.asked().len(), 0);
}
