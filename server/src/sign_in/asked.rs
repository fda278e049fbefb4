//! Who asks to sign in at the site's own sign-in: the way there, the way back, and what is said when it leads to nobody.

use super::{Fault, SignIns, cas, oidc};
use crate::language;
use crate::routes::Shared;
use app::backend::codes::RemoteAddress;
use app::backend::session::{self, Verified};
use app::backend::{Backend, cookie, now, secret, viewer};
use app::error::AppError;
use app::sign_in::Problem;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{HOST, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use pass::Text;
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

/// What led to nobody, and where the person wanted to go.
pub struct Trouble {
    problem: Problem,
    number: String,
    next: String,
}

impl Trouble {
    /// It, of no number.
    pub fn new(problem: Problem, next: &str) -> Self {
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
pub struct Asked {
    /// With the store.
    pub backend: Backend,
    /// The site that is asked.
    pub site: Site,
    sign_ins: Arc<SignIns>,
    headers: HeaderMap,
    address: String,
    /// When.
    pub now: Timestamp,
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
    /// The site's provider.
    pub fn oidc(&self) -> Result<&oidc::Oidc, Trouble> {
        let found = self.sign_ins.0.get(self.site.code.as_str());
        found
            .and_then(|site| site.oidc.as_ref())
            .ok_or_else(|| Trouble::new(Problem::NotSet, "/"))
    }

    /// The site's CAS server.
    pub fn cas(&self) -> Result<&cas::Cas, Trouble> {
        let found = self.sign_ins.0.get(self.site.code.as_str());
        found
            .and_then(|site| site.cas.as_ref())
            .ok_or_else(|| Trouble::new(Problem::NotSet, "/"))
    }

    /// An address of this site as the browser knows it. The host is one of the site's.
    pub fn here(&self, path: &str) -> String {
        let scheme = if self.backend.secure { "https" } else { "http" };
        let host = self.headers.get(HOST).and_then(|host| host.to_str().ok());
        format!("{scheme}://{}{path}", host.unwrap_or_default())
    }

    /// Counts one attempt.
    pub async fn limited(&self, next: &str) -> Result<(), Trouble> {
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
    pub async fn set_out(
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
    pub async fn come_back(&self, way: Way, state: Option<&str>) -> Result<Attempt, Trouble> {
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
    pub async fn finish(
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
    pub fn out(&self, to: Option<&str>) -> Response {
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

fn state_hash(state: &str) -> [u8; 32] {
    secret::hash("sign-in-state", &[state])
}

fn browser_hash(token: &str) -> [u8; 32] {
    secret::hash("sign-in-browser", &[token])
}

fn leading_to(to: &str, cookie: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
