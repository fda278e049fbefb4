//! Text messages, by a gateway that takes signed requests.
//!
//! `POST` to the address that is set, with a JSON object: `id`, `site`, `to`, `text`, and `kind`, which is `code` for a sign-in code.
//! Headers say who asks and prove it: `X-Campus-Key`, `X-Campus-Timestamp` (seconds), `X-Campus-Nonce`, and `X-Campus-Signature`, the
//! HMAC-SHA256 in hexadecimal over five lines: method, path with query, timestamp, nonce, SHA-256 of the body in hexadecimal.
//!
//! **Twice?** A message may be posted again when the gateway took it and its answer did not arrive, always with the same `id`. A gateway
//! that answers an `id` it has seen with 2xx and sends nothing makes every message arrive at most once; one that does not look at it may
//! send the second one.

use super::settings::Gateway;
use super::{Undelivered, answered, unanswered};
use app::backend::telling::Worded;
use app::backend::{now, secret};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::message::Due;
use store::site::Site;

/// The gateway.
pub struct Sms {
    client: Client,
    gateway: Gateway,
}

#[derive(Serialize)]
struct Body<'a> {
    id: String,
    site: &'a str,
    to: &'a str,
    text: &'a str,
    kind: &'a str,
}

impl Sms {
    /// Over this client.
    pub fn new(client: Client, gateway: Gateway) -> Sms {
        Sms { client, gateway }
    }

    /// Posts one message.
    ///
    /// # Errors
    /// Why the gateway did not take it.
    pub async fn send(&self, site: &Site, due: &Due, words: &Worded) -> Result<(), Undelivered> {
        let body = Body {
            id: due.id.to_string(),
            site: site.code.as_str(),
            to: &due.recipient,
            text: &words.body,
            kind: &due.kind,
        };
        let body = serde_json::to_vec(&body).map_err(|_| Undelivered::Never("unusable".to_owned()))?;
        // Each try is signed anew: a gateway refuses what is old, and a nonce it has seen.
        let timestamp = now().as_second().to_string();
        let nonce = secret::token();
        let url = &self.gateway.url;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let signature = signature(&self.gateway.secret, "POST", &path, &timestamp, &nonce, &body);
        let answer = self
            .client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("x-campus-key", &self.gateway.key_id)
            .header("x-campus-timestamp", timestamp)
            .header("x-campus-nonce", nonce)
            .header("x-campus-signature", signature)
            .body(body)
            .send()
            .await
            .map_err(|error| unanswered(&error))?;
        answered(answer.status())
    }
}

/// The signature over a request, in hexadecimal.
pub fn signature(
    secret: &[u8],
    method: &str,
    path: &str,
    timestamp: &str,
    nonce: &str,
    body: &[u8],
) -> String {
    let body = hex(&Sha256::digest(body));
    // A key of any length will do for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update([method, path, timestamp, nonce, &body].join("\n").as_bytes());
    hex(&mac.finalize().into_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// Made with: printf 'POST\n/sms?x=1\n1582000000\nabc\n%s' "$(printf '{}' | sha256sum | cut -d' ' -f1)" | openssl dgst -sha256 -hmac secret
    #[test]
    fn the_signature_is_what_others_make_of_the_same_lines() {
        assert_eq!(
            signature(b"secret", "POST", "/sms?x=1", "1582000000", "abc", b"{}"),
            "206162af51cd79fa96399f1fa5cdf8521c4e489b2df3a5b5c12c4a1a1bdcf81d"
        );
    }
}
