//! Notices in browsers (Web Push): encrypted for the browser (RFC 8291), handed to its push service (RFC 8030), which knows the site
//! by a key (RFC 8292).
//!
//! **Twice?** A notice may be handed over again when the push service took it and its answer did not arrive. Its topic is the message's
//! name, so that a push service that still holds the first one replaces it, and the browser shows both under one tag, which is one notice.

use super::{Undelivered, answered, unanswered};
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use app::backend::channels::{PushServices, origin_of};
use app::backend::issuer::Issuers;
use app::backend::telling::Worded;
use app::backend::{now, secret};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::{PublicKey, SecretKey};
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING};
use reqwest::{Client, StatusCode};
use serde_json::json;
use sha2::Sha256;
use std::sync::Arc;
use store::Pool;
use store::message::Due;
use store::push::{PushKey, Subscription};
use store::site::Site;

/// How long a push service keeps a notice for a browser that is off, in seconds.
const KEPT: &str = "86400";
/// How long a proof of the site's key counts, in seconds; RFC 8292 allows a day.
const PROOF: i64 = 12 * 3600;
/// The longest text of a notice, in characters: a push service takes 4096 bytes in all.
const LONGEST: usize = 300;
/// The one record's size that is announced; a push service's whole message is smaller.
const RECORD: u32 = 4096;

/// The push services.
pub struct Push {
    client: Client,
    services: PushServices,
    issuers: Arc<Issuers>,
}

impl Push {
    /// Over this client, to these services.
    pub fn new(client: Client, services: PushServices, issuers: Arc<Issuers>) -> Push {
        Push {
            client,
            services,
            issuers,
        }
    }

    /// The services that may be called.
    pub fn services(&self) -> &PushServices {
        &self.services
    }

    /// Hands one notice over. A subscription that its service does not know any more is forgotten. `contact` is where the site is
    /// reached, for the push service's operator.
    ///
    /// # Errors
    /// Why the service did not take it.
    pub async fn send(
        &self,
        pool: &Pool,
        site: &Site,
        due: &Due,
        words: &Worded,
        contact: &str,
    ) -> Result<(), Undelivered> {
        let never = |word: &str| Undelivered::Never(word.to_owned());
        let again = |word: &str| Undelivered::Again(word.to_owned());
        if self.services.is_empty() {
            return Err(again("no-push"));
        }
        let id = due.recipient.parse().map_err(|_| never("unusable"))?;
        let stored = |error: store::Error| {
            tracing::error!(%error, "a browser's subscription could not be read");
            again("unreachable")
        };
        let subscription = store::push::get(pool, site.id, id).await.map_err(stored)?;
        let subscription = subscription.ok_or_else(|| never("gone"))?;
        // The list may have been shorter when it was taken.
        if !self.services.may_call(&subscription.endpoint) {
            return Err(never("not-allowed"));
        }
        let key = store::push::key(pool, site.id).await.map_err(stored)?;
        let key = key.ok_or_else(|| never("gone"))?;
        let scalar = self
            .issuers
            .open_push_key(site.id, &key)
            .map_err(|_| again("no-key"))?;
        let plain = json!({
            "title": words.heading.as_deref().unwrap_or_default(),
            "body": words.body.chars().take(LONGEST).collect::<String>(),
            "tag": due.id,
            "path": words.path.as_deref().unwrap_or("/"),
        });
        let body = encrypted(&subscription, plain.to_string().as_bytes()).ok_or_else(|| never("unusable"))?;
        let proof = proof(&key, &scalar, &subscription.endpoint, contact, now().as_second());
        let proof = proof.ok_or_else(|| never("unusable"))?;
        let answer = self
            .client
            .post(&subscription.endpoint)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", KEPT)
            .header("urgency", "normal")
            .header("topic", URL_SAFE_NO_PAD.encode(due.id.0.as_bytes()))
            .header(AUTHORIZATION, proof)
            .body(body)
            .send()
            .await
            .map_err(|error| unanswered(&error))?;
        if matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::GONE) {
            store::push::forget(pool, site.id, id).await.map_err(stored)?;
            return Err(never("gone"));
        }
        answered(answer.status())
    }
}

/// The message for one browser: RFC 8291 with a fresh key and a fresh salt.
fn encrypted(subscription: &Subscription, plain: &[u8]) -> Option<Vec<u8>> {
    let key = loop {
        // A random scalar is out of range once in 2^32 draws; then another is drawn.
        if let Ok(key) = SecretKey::from_slice(&secret::random::<32>()) {
            break key;
        }
    };
    encrypted_with(subscription, plain, &key, &secret::random())
}

/// RFC 8291 §3.4 and RFC 8188 §2: the keys are derived from what both sides' keys share and the browser's secret, and the one record
/// follows its header.
fn encrypted_with(
    subscription: &Subscription,
    plain: &[u8],
    key: &SecretKey,
    salt: &[u8; 16],
) -> Option<Vec<u8>> {
    let browser = PublicKey::from_sec1_bytes(&subscription.p256dh).ok()?;
    let own = key.public_key().to_sec1_point(false);
    let own = own.as_bytes();
    let shared = p256::ecdh::diffie_hellman(key.to_nonzero_scalar(), browser.as_affine());
    let info = [b"WebPush: info\0".as_slice(), &subscription.p256dh, own].concat();
    let mut material = [0; 32];
    Hkdf::<Sha256>::new(Some(&subscription.auth), shared.raw_secret_bytes())
        .expand(&info, &mut material)
        .ok()?;
    let derived = Hkdf::<Sha256>::new(Some(salt), &material);
    let (mut content_key, mut nonce) = ([0; 16], [0; 12]);
    derived
        .expand(b"Content-Encoding: aes128gcm\0", &mut content_key)
        .ok()?;
    derived.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    // The last record ends with a 2 (RFC 8188 §2).
    let record = [plain, &[2]].concat();
    let cipher = Aes128Gcm::new(&content_key.into());
    let sealed = cipher.encrypt(&Nonce::from(nonce), record.as_slice()).ok()?;
    let length = u8::try_from(own.len()).ok()?;
    Some([salt.as_slice(), &RECORD.to_be_bytes(), &[length], own, &sealed].concat())
}

/// The proof that the site sends this: a JWT by its key for this push service (RFC 8292 §2 and §3).
fn proof(key: &PushKey, scalar: &[u8; 32], endpoint: &str, contact: &str, now: i64) -> Option<String> {
    let claims = json!({ "aud": origin_of(endpoint)?, "exp": now + PROOF, "sub": contact });
    let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signing = SigningKey::from_slice(scalar).ok()?;
    let signature: Signature = signing.sign(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
    let public = URL_SAFE_NO_PAD.encode(key.public);
    Some(format!("vapid t={signed}.{signature}, k={public}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8291, appendix A.
    #[test]
    fn encrypts_as_the_standard_does() {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let subscription = Subscription {
            endpoint: String::new(),
            p256dh: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            )
            .try_into()
            .unwrap(),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap(),
        };
        let key = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let plain = b"When I grow up, I want to be a watermelon";
        let message = encrypted_with(&subscription, plain, &key, &salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(message),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }
}
