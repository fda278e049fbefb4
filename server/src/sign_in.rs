//! Signing in at the site's own sign-in (统一身份认证), by OpenID Connect or CAS.
//!
//! The way there and back: an attempt is noted under the hash of a state that comes back in the address, and tied to the browser by a
//! cookie; whoever comes back with both uses it up. The provider or the CAS server then says a staff or student number, and the session is
//! of whoever has it in the register. Nobody is entered here: an unknown number is told so.

mod asked;
mod cas;
mod config;
mod oidc;

pub use config::{ConfigError, read};

use crate::routes::Shared;
use app::backend::secret;
use app::backend::session::{Verified, own_path};
use app::backend::site_ways::SiteWays;
use app::sign_in::{Problem, Ways};
use asked::{Asked, Trouble};
use axum::extract::{Form, Query, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::session::Way;
use store::site_sign_in::{self, Destination};

/// The longest ticket that CAS servers give, in bytes (§3.1.1 asks for 256 to be taken).
const LONGEST_TICKET: usize = 512;

/// The sign-ins of every site, by its code.
#[derive(Default)]
pub struct SignIns(BTreeMap<String, SiteSignIn>);

/// One site's.
struct SiteSignIn {
    oidc: Option<oidc::Oidc>,
    cas: Option<cas::Cas>,
}

impl SignIns {
    /// The codes of the sites that have one.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What the sign-in page offers.
    pub fn ways(&self) -> SiteWays {
        let ways = self.0.iter().map(|(code, site)| {
            let ways = Ways {
                oidc: site.oidc.as_ref().map(|oidc| oidc.config.label.clone()),
                cas: site.cas.as_ref().map(|cas| cas.config.label.clone()),
            };
            (code.clone(), ways)
        });
        SiteWays(Arc::new(ways.collect()))
    }
}

/// Why another server's answer leads to nobody; for the log.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It does not answer, or nothing that can be read.
    #[error("{0}")]
    Unreachable(String),
    /// It does not vouch for anybody, or what it says does not hold.
    #[error("{0}")]
    Refused(String),
}

/// The server with these sign-ins.
pub fn with(router: Router, sign_ins: SignIns) -> Router {
    router
        .layer(Extension(sign_ins.ways()))
        .layer(Extension(Arc::new(sign_ins)))
}

/// The addresses of the way there and back.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/sign-in/oidc", get(oidc_begin))
        .route("/sign-in/oidc/return", get(oidc_return))
        .route("/sign-in/oidc/end", get(oidc_end))
        .route("/sign-in/cas", get(cas_begin))
        .route("/sign-in/cas/return", get(cas_return))
        .route("/sign-in/cas/end", get(cas_end))
}

/// Where the CAS server or the provider says that somebody signed out there. It is no page of this host, so where the request comes from says
/// nothing; what it has to know is the ticket, or how to sign as the provider.
pub fn single_logout() -> Router<Shared> {
    Router::new()
        .route("/sign-in/cas/return", post(cas_ended))
        .route("/sign-in/oidc/logout", post(oidc_ended))
}

/// The page that says what went wrong has the status that fits.
pub async fn problem_status(request: Request, next: Next) -> Response {
    let of_problem = request.uri().path() == app::sign_in::PROBLEM_PATH;
    let what = Query::<BTreeMap<String, String>>::try_from_uri(request.uri())
        .ok()
        .and_then(|Query(query)| query.get("what").cloned());
    let mut response = next.run(request).await;
    if of_problem && response.status() == StatusCode::OK {
        let problem = Problem::parse(what.as_deref().unwrap_or_default());
        *response.status_mut() = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::FORBIDDEN);
    }
    response
}

/// Where somebody wants to go.
#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

async fn oidc_begin(asked: Asked, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let oidc = asked.oidc()?;
    let next = own_path(wanted.next.as_deref());
    asked.limited(next).await?;
    let state = secret::token();
    let start = oidc
        .start(&asked.here("/sign-in/oidc/return"), &state, asked.now)
        .await
        .map_err(|fault| {
            tracing::warn!(site = %asked.site.code.as_str(), %fault, "nobody can be sent to the provider");
            Trouble::new(Problem::Unreachable, next)
        })?;
    let destination = Destination::Oidc {
        nonce: &start.nonce,
        verifier: &start.verifier,
    };
    asked.set_out(&state, destination, next, start.url.as_str()).await
}

/// What an OpenID provider sends somebody back with.
#[derive(Deserialize)]
struct FromProvider {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

async fn oidc_return(asked: Asked, Query(from): Query<FromProvider>) -> Result<Response, Trouble> {
    let oidc = asked.oidc()?;
    let attempt = asked.come_back(Way::Oidc, from.state.as_deref()).await?;
    let answer = match from {
        FromProvider { iss: Some(iss), .. } if !oidc.is(&iss) => Err(Fault::Refused(format!(
            "the answer comes from another provider: {iss}"
        ))),
        FromProvider {
            error: None,
            code: Some(code),
            ..
        } => {
            let back = asked.here("/sign-in/oidc/return");
            oidc.redeem(code, &attempt, &back, asked.now).await
        }
        FromProvider { error, .. } => {
            let error = error.unwrap_or_else(|| "there is no code".to_owned());
            Err(Fault::Refused(format!("the provider says: {error}")))
        }
    };
    let (said, session) = match answer {
        Ok(said) => (Ok(said.number), said.session),
        Err(fault) => (Err(fault), None),
    };
    let verified = |account| Verified::by_oidc(account, session.as_deref().map(provider_session_hash));
    asked.finish(said, verified, &attempt.next).await
}

/// A provider's word that somebody signed out there (OpenID Connect Back-Channel Logout 1.0 §2.5).
#[derive(Deserialize)]
struct Logout {
    logout_token: String,
}

async fn oidc_ended(asked: Asked, Form(logout): Form<Logout>) -> Result<StatusCode, Trouble> {
    match asked.oidc()?.ended_session(&logout.logout_token, asked.now).await {
        Ok(session) => {
            let hash = provider_session_hash(&session);
            store::session::end_by(&asked.backend.pool, asked.site.id, &hash).await?;
            Ok(StatusCode::OK)
        }
        Err(fault) => {
            tracing::warn!(site = %asked.site.code.as_str(), %fault, "a logout token ends nothing");
            Ok(StatusCode::BAD_REQUEST)
        }
    }
}

async fn oidc_end(asked: Asked) -> Result<Response, Trouble> {
    let to = asked.oidc()?.logout(&asked.here("/"), asked.now).await;
    Ok(asked.out(to.as_ref().map(reqwest::Url::as_str)))
}

async fn cas_begin(asked: Asked, Query(wanted): Query<Wanted>) -> Result<Response, Trouble> {
    let cas = asked.cas()?;
    let next = own_path(wanted.next.as_deref());
    asked.limited(next).await?;
    let state = secret::token();
    let to = cas.login(&asked.here(&cas_service(&state)));
    asked.set_out(&state, Destination::Cas, next, to.as_str()).await
}

/// What a CAS server sends somebody back with.
#[derive(Deserialize)]
struct FromCas {
    state: Option<String>,
    ticket: Option<String>,
}

async fn cas_return(asked: Asked, Query(from): Query<FromCas>) -> Result<Response, Trouble> {
    let cas = asked.cas()?;
    let attempt = asked.come_back(Way::Cas, from.state.as_deref()).await?;
    let (state, ticket) = (from.state.unwrap_or_default(), from.ticket.unwrap_or_default());
    if ticket.is_empty() || ticket.len() > LONGEST_TICKET {
        return Err(Trouble::new(Problem::Refused, &attempt.next));
    }
    let hash = ticket_hash(&ticket);
    if !site_sign_in::spend_ticket(&asked.backend.pool, asked.site.id, &hash, asked.now).await? {
        return Err(Trouble::new(Problem::Over, &attempt.next));
    }
    let said = cas.validate(&asked.here(&cas_service(&state)), &ticket).await;
    let verified = |account| Verified::by_cas(account, hash);
    asked.finish(said, verified, &attempt.next).await
}

/// A CAS server's word that somebody signed out there (§2.3.3).
#[derive(Deserialize)]
struct Ended {
    #[serde(rename = "logoutRequest")]
    request: String,
}

async fn cas_ended(asked: Asked, Form(ended): Form<Ended>) -> Result<StatusCode, Trouble> {
    asked.cas()?;
    let Some(ticket) = cas::ended_ticket(&ended.request) else {
        return Ok(StatusCode::BAD_REQUEST);
    };
    // The answer is the same for tickets that nobody knows.
    store::session::end_by(&asked.backend.pool, asked.site.id, &ticket_hash(&ticket)).await?;
    Ok(StatusCode::OK)
}

async fn cas_end(asked: Asked) -> Result<Response, Trouble> {
    let to = asked.cas()?.logout(&asked.here("/"));
    Ok(asked.out(Some(to.as_str())))
}

/// The path that a ticket is for: each attempt's own, so that no other attempt's ticket fits.
fn cas_service(state: &str) -> String {
    format!("/sign-in/cas/return?state={state}")
}

fn provider_session_hash(session: &str) -> [u8; 32] {
    secret::hash("oidc-session", &[session])
}

fn ticket_hash(ticket: &str) -> [u8; 32] {
    secret::hash("cas-ticket", &[ticket])
}
