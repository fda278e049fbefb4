//! Signing in at the site's own sign-in (统一身份认证), by OpenID Connect or CAS.
//!
//! The way there and back: an attempt is noted under the hash of a state that comes back in the address, and tied to the browser by a
//! cookie; whoever comes back with both uses it up. The provider or the CAS server then says a staff or student number, and the session is
//! of whoever has it in the register. Nobody is entered here: an unknown number is told so.

mod cas;
mod config;
mod oidc;

pub use config::{ConfigError, read};

use crate::language;
use crate::routes::Shared;
use app::backend::codes::RemoteAddress;
use app::backend::session::{self, Verified, own_path};
use app::backend::site_ways::SiteWays;
use app::backend::{Backend, cookie, now, secret, viewer};
use app::error::AppError;
use app::sign_in::{Problem, Ways};
use axum::extract::{Form, FromRef, FromRequestParts, Query, Request};
use axum::http::header::{HOST, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::{SignedDuration, Timestamp};
use pass::Text;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::rate::{Limit, Taken};
use store::session::Way;
use store::site::Site;
use store::site_sign_in::{self, Attempt, Destination, NewAttempt, Standing};

/// Attempts begun from one address. A whole campus may stand behind one, and signs in at eight o'clock.
const ADDRESS_HOUR: Limit = Limit {
    scope: "site-sign-in-address-hour",
    most: 6000,
    window: SignedDuration::from_hours(1),
};

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

/// Where a CAS server says that somebody signed out there. It is no page of this host, so where the request comes from says nothing; what it
/// has to know is the ticket.
pub fn single_logout() -> Router<Shared> {
    Router::new().route("/sign-in/cas/return", post(cas_ended))
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

/// What led to nobody, and where the person wanted to go.
struct Trouble {
    problem: Problem,
    number: String,
    next: String,
}

impl Trouble {
    fn new(problem: Problem, next: &str) -> Self {
        Self {
            problem,
            number: String::new(),
            next: next.to_owned(),
        }
    }
}

impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        tracing::error!(error = ?error, "the store failed");
        Self::new(Problem::Internal, "/")
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        Redirect::to(&self.problem.address(&self.number, &self.next)).into_response()
    }
}

/// Who asks, and at which site.
struct Asked {
    backend: Backend,
    site: Site,
    sign_ins: Arc<SignIns>,
    headers: HeaderMap,
    address: String,
    now: Timestamp,
}

impl FromRequestParts<Shared> for Asked {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, StatusCode> {
        let backend = Backend::from_ref(shared);
        let site = viewer::site_of(&backend.pool, &parts.headers)
            .await
            .map_err(|error| StatusCode::from_u16(error.status()).unwrap_or(StatusCode::NOT_FOUND))?;
        let address = parts.extensions.get::<RemoteAddress>();
        Ok(Self {
            backend,
            site,
            sign_ins: parts.extensions.get().cloned().unwrap_or_default(),
            headers: parts.headers.clone(),
            address: address.map(|address| address.0.clone()).unwrap_or_default(),
            now: now(),
        })
    }
}

impl Asked {
    fn oidc(&self) -> Result<&oidc::Oidc, Trouble> {
        let found = self.sign_ins.0.get(self.site.code.as_str());
        found
            .and_then(|site| site.oidc.as_ref())
            .ok_or_else(|| Trouble::new(Problem::NotSet, "/"))
    }

    fn cas(&self) -> Result<&cas::Cas, Trouble> {
        let found = self.sign_ins.0.get(self.site.code.as_str());
        found
            .and_then(|site| site.cas.as_ref())
            .ok_or_else(|| Trouble::new(Problem::NotSet, "/"))
    }

    /// An address of this site as the browser knows it. The host is one of the site's.
    fn here(&self, path: &str) -> String {
        let scheme = if self.backend.secure { "https" } else { "http" };
        let host = self.headers.get(HOST).and_then(|host| host.to_str().ok());
        format!("{scheme}://{}{path}", host.unwrap_or_default())
    }

    async fn limited(&self, next: &str) -> Result<(), Trouble> {
        let taken = store::rate::take(
            &self.backend.pool,
            self.site.id,
            &ADDRESS_HOUR,
            &self.address,
            self.now,
        )
        .await?;
        match taken {
            Taken::Ok => Ok(()),
            Taken::Spent { .. } => Err(Trouble::new(Problem::TooMany, next)),
        }
    }

    /// This browser's token: the one that it has, so that two pages may be on their way at once.
    fn browser(&self) -> Option<&str> {
        let token = cookie::read(&self.headers, cookie::browser_name(self.backend.secure))?;
        (token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(token)
    }

    /// Notes that this browser sets out, and leads on.
    async fn set_out(
        &self,
        state: &str,
        destination: Destination<'_>,
        next: &str,
        to: &str,
    ) -> Result<Response, Trouble> {
        let browser = self.browser().map_or_else(secret::token, str::to_owned);
        let attempt = NewAttempt {
            state_hash: &state_hash(state),
            browser_hash: &browser_hash(&browser),
            destination,
            next,
        };
        site_sign_in::set_out(&self.backend.pool, self.site.id, attempt, self.now).await?;
        let seconds = u32::try_from(site_sign_in::LIFETIME.as_secs()).unwrap_or(600);
        let cookie = cookie::browser(&browser, seconds, self.backend.secure);
        Ok(leading_to(to, &cookie))
    }

    /// The attempt that this browser comes back from.
    async fn come_back(&self, way: Way, state: Option<&str>) -> Result<Attempt, Trouble> {
        let over = || Trouble::new(Problem::Over, "/");
        let (state, browser) = state.zip(self.browser()).ok_or_else(over)?;
        site_sign_in::come_back(
            &self.backend.pool,
            self.site.id,
            way,
            &state_hash(state),
            &browser_hash(browser),
            self.now,
        )
        .await?
        .ok_or_else(over)
    }

    /// A session for whoever has this number, and on to where they wanted to go.
    async fn finish(
        &self,
        said: Result<Option<String>, Fault>,
        verified: impl FnOnce(store::AccountId) -> Verified,
        next: &str,
    ) -> Result<Response, Trouble> {
        let said = said.map_err(|fault| {
            tracing::warn!(site = %self.site.code.as_str(), %fault, "a sign-in led to nobody");
            let problem = match fault {
                Fault::Unreachable(_) => Problem::Unreachable,
                Fault::Refused(_) => Problem::Refused,
            };
            Trouble::new(problem, next)
        })?;
        let number = said
            .as_deref()
            .and_then(pass::person::person_number)
            .ok_or_else(|| Trouble::new(Problem::NoNumber, next))?;
        let trouble = |problem| Trouble {
            problem,
            number: number.clone(),
            next: next.to_owned(),
        };
        let account = match site_sign_in::whose(&self.backend.pool, self.site.id, &number).await? {
            Standing::Known(account) => account,
            Standing::Unknown => return Err(trouble(Problem::UnknownNumber)),
            Standing::Left => return Err(trouble(Problem::Left)),
            Standing::Disabled => return Err(trouble(Problem::Disabled)),
        };
        let token = session::open(&self.backend, self.site.id, &verified(account), self.now)
            .await
            .map_err(|error| match error {
                AppError::NotAllowed => trouble(Problem::Disabled),
                _ => trouble(Problem::Internal),
            })?;
        Ok(leading_to(next, &cookie::session(&token, self.backend.secure)))
    }

    /// A page that leads out to the site's sign-in, where the person signs out too. A form may lead to this host alone (`form-action`), and
    /// whoever signs out sent one; so a page stands in between.
    fn out(&self, to: Option<&str>) -> Response {
        let Some(to) = to else {
            return Redirect::to("/").into_response();
        };
        let language = language::of(&self.headers);
        let say = |zh: &str, en: &str| Text::new(zh, en).get(language).to_owned();
        let to = to
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;");
        let (title, on) = (
            say("正在退出统一身份认证", "Signing out"),
            say(
                "您已退出本系统。如果页面没有自动跳转，请点这里退出统一身份认证。",
                "You are signed out here. If nothing happens, follow this link to sign out at the site's sign-in.",
            ),
        );
        let (tag, style) = (
            app::language::tag(language),
            self.backend.assets.address("main.css"),
        );
        Html(format!(
            r#"<!DOCTYPE html>
<html lang="{tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={to}">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
</head>
<body><main id="main"><h1>{title}</h1><p><a href="{to}">{on}</a></p></main></body>
</html>
"#
        ))
        .into_response()
    }
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
    let said = match from {
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
    asked.finish(said, Verified::by_oidc, &attempt.next).await
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

fn state_hash(state: &str) -> [u8; 32] {
    secret::hash("sign-in-state", &[state])
}

fn browser_hash(token: &str) -> [u8; 32] {
    secret::hash("sign-in-browser", &[token])
}

fn ticket_hash(ticket: &str) -> [u8; 32] {
    secret::hash("cas-ticket", &[ticket])
}

fn leading_to(to: &str, cookie: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
