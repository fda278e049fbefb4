//! OpenID Connect: the code flow with PKCE against a provider that describes itself (discovery).
//!
//! Checked of an ID token: issuer, audience (this client alone), authorised party, expiry, nonce, and the signature by one of the
//! provider's keys with an asymmetric algorithm. Of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6) the same, and that it is one. The code is bound to this server by PKCE, and by its secret where it has one.

use super::Fault;
use super::config::OidcConfig;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm as Alg};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, TokenResponse as _,
};
use reqwest::{Client, Url};
use serde_json::Value;
use std::sync::Arc;
use store::site_sign_in::Attempt;
use tokio::sync::Mutex;

/// How long what the provider said about itself is believed before it is asked again.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How long it is believed when the provider does not answer.
const STALE: SignedDuration = SignedDuration::from_hours(24);
/// How long a provider that did not answer is not asked again, so that those who wait do not wait one after the other.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// The algorithms that are believed: none with a shared secret, and never none at all.
const ALGORITHMS: [Alg; 10] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EcdsaP521Sha512,
    Alg::EdDsa,
];

/// A site's OpenID provider.
pub struct Oidc {
    /// Its settings.
    pub config: OidcConfig,
    issuer: IssuerUrl,
    network: Client,
    known: Mutex<Known>,
}

/// What is known of the provider.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<ProviderMetadataWithLogout>, Timestamp)>,
    failed_at: Option<Timestamp>,
}

/// Somebody is sent to the provider.
pub struct Start {
    /// Where to.
    pub url: Url,
    /// What the ID token has to repeat.
    pub nonce: String,
    /// The PKCE verifier.
    pub verifier: String,
}

/// What the provider said of somebody.
pub struct Said {
    /// Their number, where it said one.
    pub number: Option<String>,
    /// Its own session's name, by which it ends this one.
    pub session: Option<String>,
}

/// What makes a token one that ends a session.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The client as discovery leaves it.
type Ready = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Oidc {
    /// The provider of these settings. Nothing is asked yet.
    ///
    /// # Errors
    /// When the issuer is no address.
    pub fn new(config: OidcConfig, network: Client) -> Result<Self, String> {
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|error| format!("issuer: {error}"))?;
        Ok(Self {
            config,
            issuer,
            network,
            known: Mutex::default(),
        })
    }

    /// Where to send somebody who comes back to `back` with this state.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn start(&self, back: &str, state: &str, now: Timestamp) -> Result<Start, Fault> {
        let metadata = self.metadata(now).await?;
        let client = self.client(&metadata, back)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.config.scopes.iter().cloned().map(Scope::new);
        let state = CsrfToken::new(state.to_owned());
        let (url, _, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || state,
                Nonce::new_random,
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Start {
            url,
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Whether the answer came from this provider, where it says who it is (RFC 9207).
    pub fn is(&self, issuer: &str) -> bool {
        self.issuer.as_str() == issuer
    }

    /// Whoever the code was given to.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn redeem(
        &self,
        code: String,
        attempt: &Attempt,
        back: &str,
        now: Timestamp,
    ) -> Result<Said, Fault> {
        let metadata = self.metadata(now).await?;
        let answer = self
            .client(&metadata, back)?
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Fault::Unreachable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request_async(&self.network)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(answer) => {
                    Fault::Refused(format!("the code is refused: {}", answer.error()))
                }
                other => Fault::Unreachable(format!("the code cannot be redeemed: {other}")),
            })?;
        let token = answer
            .id_token()
            .ok_or_else(|| Fault::Refused("there is no ID token".to_owned()))?;
        let nonce = Some(attempt.nonce.as_str());
        let (subject, claims) = self.believed(token, nonce, &metadata, now).await?;
        let number = match number_in(&claims, &self.config.number_claim) {
            Some(number) => Some(number),
            None => {
                self.number_of_user(&metadata, answer.access_token().secret(), &subject)
                    .await?
            }
        };
        Ok(Said {
            number,
            session: session_in(&claims),
        })
    }

    /// The session of the provider's that a logout token ends.
    ///
    /// # Errors
    /// [`Fault`]; also when it names none.
    pub async fn ended_session(&self, token: &str, now: Timestamp) -> Result<String, Fault> {
        let token: CoreIdToken = token
            .parse()
            .map_err(|error| Fault::Refused(format!("the logout token cannot be read: {error}")))?;
        let metadata = self.metadata(now).await?;
        let (_, claims) = self.believed(&token, None, &metadata, now).await?;
        if claims
            .get("events")
            .and_then(|events| events.get(LOGOUT))
            .is_none()
        {
            return Err(Fault::Refused("this is no logout token".to_owned()));
        }
        session_in(&claims).ok_or_else(|| Fault::Refused("the logout token names no session".to_owned()))
    }

    /// The subject and the claims of a token that holds; the provider may have made new keys meanwhile.
    async fn believed(
        &self,
        token: &CoreIdToken,
        nonce: Option<&str>,
        metadata: &ProviderMetadataWithLogout,
        now: Timestamp,
    ) -> Result<(String, Value), Fault> {
        let believed = match self.believe(token, nonce, metadata) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let metadata = self.discover(now).await?;
                self.believe(token, nonce, &metadata)
            }
            believed => believed,
        };
        let subject =
            believed.map_err(|error| Fault::Refused(format!("the token does not hold: {error}")))?;
        Ok((subject, payload_of(token)?))
    }

    /// Where somebody signs out at the provider, and is led back from; `None` when it has no such place or does not answer.
    pub async fn logout(&self, back: &str, now: Timestamp) -> Option<Url> {
        let metadata = self.metadata(now).await.ok()?;
        let place = metadata.additional_metadata().end_session_endpoint.clone()?;
        let back = PostLogoutRedirectUrl::new(back.to_owned()).ok()?;
        Some(
            LogoutRequest::from(place)
                .set_client_id(ClientId::new(self.config.client_id.clone()))
                .set_post_logout_redirect_uri(back)
                .http_get_url(),
        )
    }

    /// The subject of a token that holds by these keys. `nonce` is what an ID token repeats; a logout token has none.
    fn believe(
        &self,
        token: &CoreIdToken,
        nonce: Option<&str>,
        metadata: &ProviderMetadataWithLogout,
    ) -> Result<String, ClaimsVerificationError> {
        let client = CoreClient::from_provider_metadata(metadata.clone(), self.client_id(), self.secret());
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let claims = match nonce {
            Some(nonce) => token.claims(&verifier, &Nonce::new(nonce.to_owned()))?,
            None => {
                let none =
                    |nonce: Option<&Nonce>| nonce.map_or(Ok(()), |_| Err("there is a nonce".to_owned()));
                token.claims(&verifier.allow_all_jose_types(), none)?
            }
        };
        match claims.authorized_party() {
            Some(party) if party.as_str() != self.config.client_id => Err(
                ClaimsVerificationError::InvalidAudience("another client is the authorised party".to_owned()),
            ),
            _ => Ok(claims.subject().to_string()),
        }
    }

    /// The number as the provider's UserInfo endpoint says it, where it has one (OpenID Connect Core §5.3).
    async fn number_of_user(
        &self,
        metadata: &ProviderMetadataWithLogout,
        access: &str,
        subject: &str,
    ) -> Result<Option<String>, Fault> {
        let Some(place) = metadata.userinfo_endpoint() else {
            return Ok(None);
        };
        let unreachable = |error: reqwest::Error| Fault::Unreachable(error.without_url().to_string());
        let answer = self
            .network
            .get(place.url().clone())
            .bearer_auth(access)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(unreachable)?;
        let claims: Value = serde_json::from_slice(&answer.bytes().await.map_err(unreachable)?)
            .map_err(|error| Fault::Unreachable(format!("the user's claims cannot be read: {error}")))?;
        // Somebody else's claims would be somebody else's number (§5.3.2).
        if claims.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(Fault::Refused(
                "the user's claims are of another subject".to_owned(),
            ));
        }
        Ok(number_in(&claims, &self.config.number_claim))
    }

    fn client(&self, metadata: &ProviderMetadataWithLogout, back: &str) -> Result<Ready, Fault> {
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| Fault::Refused(error.to_string()))?;
        let named: Vec<String> = metadata
            .token_endpoint_auth_methods_supported()
            .into_iter()
            .flatten()
            .filter_map(|method| serde_json::to_value(method).ok()?.as_str().map(str::to_owned))
            .collect();
        // A provider that names none means basic.
        let basic = named.is_empty() || named.iter().any(|method| method == "client_secret_basic");
        let how = if basic {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        };
        Ok(
            CoreClient::from_provider_metadata(metadata.clone(), self.client_id(), self.secret())
                .set_auth_type(how)
                .set_redirect_uri(back),
        )
    }

    fn client_id(&self) -> ClientId {
        ClientId::new(self.config.client_id.clone())
    }

    fn secret(&self) -> Option<ClientSecret> {
        self.config.secret.clone().map(ClientSecret::new)
    }

    /// What the provider says about itself, asked anew once in a while.
    async fn metadata(&self, now: Timestamp) -> Result<Arc<ProviderMetadataWithLogout>, Fault> {
        let mut known = self.known.lock().await;
        let age = known.metadata.as_ref().map(|(_, at)| now.duration_since(*at));
        if let (Some((metadata, _)), Some(age)) = (&known.metadata, age)
            && age < FRESH
        {
            return Ok(metadata.clone());
        }
        let old = |known: &Known| match (&known.metadata, age) {
            (Some((metadata, _)), Some(age)) if age < STALE => Some(metadata.clone()),
            _ => None,
        };
        let failed = known.failed_at.map(|at| now.duration_since(at));
        if failed.is_some_and(|since| since < PAUSE) {
            return old(&known)
                .ok_or_else(|| Fault::Unreachable("the provider did not answer a moment ago".to_owned()));
        }
        match self.ask().await {
            Ok(metadata) => {
                *known = Known {
                    metadata: Some((metadata.clone(), now)),
                    failed_at: None,
                };
                Ok(metadata)
            }
            Err(fault) => {
                known.failed_at = Some(now);
                old(&known).ok_or(fault)
            }
        }
    }

    /// What the provider says about itself now.
    async fn discover(&self, now: Timestamp) -> Result<Arc<ProviderMetadataWithLogout>, Fault> {
        let metadata = self.ask().await?;
        *self.known.lock().await = Known {
            metadata: Some((metadata.clone(), now)),
            failed_at: None,
        };
        Ok(metadata)
    }

    async fn ask(&self) -> Result<Arc<ProviderMetadataWithLogout>, Fault> {
        ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &self.network)
            .await
            .map(Arc::new)
            .map_err(|error| Fault::Unreachable(format!("discovery: {error}")))
    }
}

/// The claims of a token that was verified, with those that the library does not know.
fn payload_of(token: &CoreIdToken) -> Result<Value, Fault> {
    let unreadable = || Fault::Refused("the ID token cannot be read".to_owned());
    let text = token.to_string();
    let payload = text.split('.').nth(1).ok_or_else(unreadable)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| unreadable())?;
    serde_json::from_slice(&bytes).map_err(|_| unreadable())
}

/// The name of the provider's session among claims.
fn session_in(claims: &Value) -> Option<String> {
    claims.get("sid").and_then(Value::as_str).map(str::to_owned)
}

/// A number among claims; registers keep it as a text, some providers as a number.
fn number_in(claims: &Value, name: &str) -> Option<String> {
    match claims.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_is_a_text_or_a_number() {
        let claims = json!({ "sub": "07000001", "no": 7000001, "list": ["1"], "empty": " ", "null": null });
        for (name, number) in [
            ("sub", Some("07000001")),
            ("no", Some("7000001")),
            ("list", None),
            ("empty", None),
            ("null", None),
            ("nothing", None),
        ] {
            assert_eq!(number_in(&claims, name).as_deref(), number, "{name}");
        }
    }
}
