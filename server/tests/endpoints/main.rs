//! Every address of the server, who may call it, and proof that nobody else may. A new endpoint that is not listed here
//! makes this fail.

#![expect(clippy::unwrap_used, reason = "what the test builds on must be there")]

mod addresses;
mod attachments;
mod bucket;
mod drafts;
mod kinds;
mod matching;
mod own_list;
mod renewal;
mod sign_in;
mod slots;
mod telling;
mod world;

use addresses::{ROUTES, Routed};
use app::error::AppError;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use server::routes;
use std::collections::BTreeSet;
use store::Pool;
use tower::ServiceExt as _;
use world::{CALLERS, Caller, World, text};

/// Who may call.
#[derive(Clone, Copy, Debug)]
enum May {
    Anyone,
    SignedIn,
    Office,
    /// Whoever decides any step.
    Reviewer,
    Administrator,
}

impl May {
    fn lets(self, caller: Caller) -> bool {
        match self {
            May::Anyone => true,
            May::SignedIn => !matches!(caller, Caller::Nobody | Caller::Stranger),
            May::Office => caller == Caller::Office,
            May::Reviewer => matches!(caller, Caller::Office | Caller::Head),
            May::Administrator => caller == Caller::Administrator,
        }
    }
}

const ID: &str = "00000000-0000-4000-8000-000000000000";

/// Every server function: its address, who may, and arguments that it understands.
const FUNCTIONS: &[(&str, May, &str)] = &[
    ("account/ask-mail", May::SignedIn, "mail=a@example.edu"),
    (
        "account/change-password",
        May::SignedIn,
        "old=none&new=correct horse&again=correct horse",
    ),
    ("account/choose-telling", May::SignedIn, "sms=true&language=zh"),
    ("account/confirm-mail", May::SignedIn, "code=123456"),
    ("account/forget-mail", May::SignedIn, ""),
    (
        "account/subscribe",
        May::SignedIn,
        "endpoint=https://push.example/1&p256dh=x&auth=x",
    ),
    ("account/telling", May::SignedIn, ""),
    (
        "account/unsubscribe",
        May::SignedIn,
        "endpoint=https://push.example/1",
    ),
    (
        "account/bind-phone",
        May::SignedIn,
        "phone=13800138000&code=000000",
    ),
    ("account/mine", May::SignedIn, ""),
    ("account/send-bind-code", May::SignedIn, "phone=13800138000"),
    (
        "admin/add-checkpoint",
        May::Administrator,
        "zone=0&name_zh=西门&name_en=West&direction=in",
    ),
    (
        "admin/add-person",
        May::Administrator,
        "name=新人&login=newcomer&role=guard",
    ),
    (
        "admin/add-unit",
        May::Administrator,
        "code=U1&name_zh=新系&name_en=&parent=",
    ),
    ("admin/add-zone", May::Administrator, "name_zh=新区&name_en=New"),
    ("admin/admissions", May::Administrator, ""),
    ("admin/apply-import", May::Administrator, "id=ID"),
    ("admin/attention", May::Administrator, ""),
    ("admin/check-kind", May::Administrator, "key=&text=nothing"),
    ("admin/close-checkpoint", May::Administrator, "id=ID"),
    ("admin/close-unit", May::Administrator, "id=ID"),
    ("admin/disable-person", May::Administrator, "id=ID"),
    ("admin/discard-import", May::Administrator, "id=ID"),
    (
        "admin/edit-person",
        May::Administrator,
        "id=ID&entry[name]=新人&entry[kind]=staff&entry[unit]=ID&entry[phone]=&entry[mail]=",
    ),
    ("admin/enable-person", May::Administrator, "id=ID"),
    (
        "admin/enter-person",
        May::Administrator,
        "number=0701&entry[name]=新人&entry[kind]=staff&entry[unit]=ID&entry[phone]=&entry[mail]=",
    ),
    (
        "admin/enrolment-code",
        May::Administrator,
        "checkpoint=ID&name=T1",
    ),
    ("admin/fresh-password", May::Administrator, "id=ID"),
    ("admin/give-login", May::Administrator, "id=ID&login=newlogin"),
    ("admin/grant-role", May::Administrator, "id=ID&role=guard&at=site"),
    ("admin/households", May::Administrator, "text="),
    ("admin/import", May::Administrator, "id=ID"),
    ("admin/kind-beginning", May::Administrator, "key=&copy=&preset="),
    ("admin/kind-history", May::Administrator, "key=none"),
    ("admin/kinds", May::Administrator, ""),
    ("admin/leave-person", May::Administrator, "id=ID"),
    ("admin/messages", May::Administrator, ""),
    ("admin/move-unit", May::Administrator, "id=ID&parent="),
    ("admin/offer-kind", May::Administrator, "key=none&version=1"),
    (
        "admin/people",
        May::Administrator,
        "query[who]=roles&query[text]=x",
    ),
    ("admin/person", May::Administrator, "id=ID"),
    ("admin/places", May::Administrator, ""),
    (
        "admin/publish-kind",
        May::Administrator,
        "key=&from=0&text=nothing",
    ),
    ("admin/quarantine", May::Administrator, ""),
    (
        "admin/rename-checkpoint",
        May::Administrator,
        "id=ID&name_zh=西门&name_en=",
    ),
    (
        "admin/rename-zone",
        May::Administrator,
        "no=9&name_zh=新区&name_en=",
    ),
    ("admin/retire-kind", May::Administrator, "key=none&version=1"),
    (
        "admin/rename-unit",
        May::Administrator,
        "id=ID&name_zh=新系&name_en=",
    ),
    ("admin/reopen-unit", May::Administrator, "id=ID"),
    ("admin/return-person", May::Administrator, "id=ID"),
    (
        "admin/revoke-role",
        May::Administrator,
        "id=ID&role=guard&at=site",
    ),
    ("admin/revoke-tablet", May::Administrator, "id=ID"),
    ("admin/tablets", May::Administrator, ""),
    ("admin/try-messages-again", May::Administrator, ""),
    ("admin/unit", May::Administrator, "id=ID&number=0701"),
    ("admin/units", May::Administrator, ""),
    ("applications/detail", May::SignedIn, "id=ID"),
    ("applications/discard-draft", May::SignedIn, "id=ID"),
    ("applications/list", May::SignedIn, ""),
    (
        "applications/move",
        May::SignedIn,
        "id=ID&moves=0&first_day=2020-02-17&slot=08:00-09:00",
    ),
    ("applications/moving", May::SignedIn, "id=ID"),
    (
        "applications/renew",
        May::SignedIn,
        "ids[0]=ID&requests[0]=ID&first_day=2020-02-17&last_day=2020-02-17",
    ),
    ("applications/renewal", May::SignedIn, "ids[0]=ID"),
    ("applications/withdraw", May::SignedIn, "id=ID"),
    ("apply/claim", May::SignedIn, "household=ID&householder=张三"),
    ("apply/correction", May::SignedIn, "id=ID"),
    ("apply/form", May::SignedIn, "kind=resident-once"),
    (
        "apply/keep-draft",
        May::SignedIn,
        "kind=1&request_id=ID&content[reason]=x&content[whose][holder]=y&content[given][note]=z&by[tab]=ID&by[base]=3&by[over]=false",
    ),
    ("apply/offered", May::SignedIn, ""),
    ("apply/places", May::SignedIn, ""),
    (
        "apply/save-draft",
        May::SignedIn,
        "kind=1&request_id=ID&whose[holder]=&first_day=&last_day=&reason=",
    ),
    (
        "apply/submit",
        May::SignedIn,
        "kind=1&request_id=ID&whose[holder]=&first_day=&last_day=&reason=",
    ),
    ("apply/withdraw-claim", May::SignedIn, ""),
    // Only where the site is a demonstration, which this one is not: nobody learns anything.
    ("demo/messages", May::Anyone, ""),
    ("me", May::Anyone, ""),
    ("passes/code", May::SignedIn, "number=1"),
    ("passes/showable", May::SignedIn, ""),
    ("review/claims", May::Office, "state=pending"),
    ("review/decide", May::Reviewer, "ids[0]=ID&verb=agree&opinion="),
    ("review/decide-claim", May::Office, "id=ID&verb=confirm&opinion="),
    ("review/detail", May::Reviewer, "id=ID"),
    ("review/end-standin", May::Reviewer, "id=ID"),
    (
        "review/list",
        May::Reviewer,
        "narrow[shelf]=pending&narrow[kind]=&narrow[community]=&narrow[state]=&narrow[text]=&narrow[after]=",
    ),
    (
        "review/matching",
        May::Reviewer,
        "narrow[shelf]=pending&narrow[kind]=&narrow[community]=&narrow[state]=&narrow[text]=&narrow[after]=",
    ),
    (
        "review/name-standin",
        May::Reviewer,
        "id=ID&who=nobody&first_day=2020-01-01&last_day=2020-01-01",
    ),
    ("review/standins", May::Reviewer, ""),
    ("sign-in/out", May::Anyone, ""),
    ("sign-in/send-code", May::Anyone, "phone=13800138000"),
    ("sign-in/ways", May::Anyone, ""),
    ("sign-in/with-code", May::Anyone, "phone=13800138000&code=000000"),
    (
        "sign-in/with-password",
        May::Anyone,
        "login=nobody&password=nothing",
    ),
];

/// Values as a query has them.
fn encoded(arguments: &str) -> String {
    let arguments = arguments.replace("=ID", &format!("={ID}"));
    arguments
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            format!(
                "{}={}",
                name.replace('[', "%5B").replace(']', "%5D"),
                app::sentences::url_part(value)
            )
        })
        .collect::<Vec<_>>()
        .join("&")
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_server_function_answers_those_it_may_and_nobody_else(pool: Pool) {
    let world = World::new(pool).await;
    let listed: BTreeSet<String> = FUNCTIONS
        .iter()
        .map(|(path, ..)| format!("/api/v1/{path}"))
        .collect();
    let there: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .collect();
    assert_eq!(listed, there, "the table of endpoints and the endpoints differ");
    for (uri, method) in leptos::server_fn::axum::server_fn_paths() {
        let (path, may, arguments) = FUNCTIONS
            .iter()
            .find(|(path, ..)| format!("/api/v1/{path}") == uri)
            .unwrap();
        for caller in CALLERS {
            let arguments = encoded(arguments);
            let response = if method == Method::GET {
                world
                    .send(
                        method.clone(),
                        &format!("{uri}?{arguments}"),
                        caller,
                        "",
                        "localhost",
                    )
                    .await
            } else {
                world
                    .send(method.clone(), uri, caller, &arguments, "localhost")
                    .await
            };
            let status = response.status();
            let kept = response.headers()["cache-control"].clone();
            let body = text(response).await;
            let error = serde_json::from_str::<AppError>(&body).ok();
            assert_eq!(kept, "no-store", "{path} as {caller:?}");
            let fits = error.as_ref().map_or(200, AppError::status);
            assert_eq!(status, fits, "{path} as {caller:?}: {body}");
            assert_ne!(
                error,
                Some(AppError::Outdated),
                "{path}: the arguments in the table are not understood"
            );
            assert_ne!(error, Some(AppError::Internal), "{path} as {caller:?}: {body}");
            let refused = match error {
                Some(AppError::SignInNeeded) => {
                    assert!(
                        matches!(caller, Caller::Nobody | Caller::Stranger),
                        "{path} as {caller:?}"
                    );
                    true
                }
                Some(AppError::NotAllowed) => true,
                _ => false,
            };
            assert_eq!(!refused, may.lets(caller), "{path} as {caller:?}: {body}");
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_other_address_answers_those_it_may(pool: Pool) {
    let world = World::new(pool).await;
    let mut there = BTreeSet::new();
    for file in std::fs::read_dir("src").unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            let source = std::fs::read_to_string(path).unwrap();
            there.extend(
                source
                    .split(".route(\"")
                    .skip(1)
                    .map(|rest| rest.split('"').next().unwrap().to_owned()),
            );
        }
    }
    let listed: BTreeSet<String> = ROUTES.iter().map(|(route, ..)| (*route).to_owned()).collect();
    assert_eq!(listed, there, "the table of routes and the routes differ");
    for (_, uri, who) in ROUTES {
        for caller in CALLERS {
            let method = if matches!(who, Routed::AdministratorPost)
                || uri.ends_with("enrol") && *who == Routed::Tablet
                || uri.ends_with("events")
            {
                Method::POST
            } else {
                Method::GET
            };
            let status = world.send(method, uri, caller, "", "localhost").await.status();
            let shut = matches!(
                status,
                StatusCode::UNAUTHORIZED
                    | StatusCode::FORBIDDEN
                    | StatusCode::BAD_REQUEST
                    | StatusCode::UNPROCESSABLE_ENTITY
            );
            let to_sign_in = status == StatusCode::SEE_OTHER;
            match who {
                Routed::Open => assert!(!shut, "{uri} as {caller:?}: {status}"),
                Routed::Tablet => assert!(shut, "{uri} as {caller:?}: {status}"),
                Routed::SignedIn => {
                    let in_person = May::SignedIn.lets(caller);
                    assert_eq!(!shut && !to_sign_in, in_person, "{uri} as {caller:?}: {status}");
                }
                Routed::Administrator if caller == Caller::Administrator => {
                    assert!(!shut && !to_sign_in, "{uri} as {caller:?}: {status}");
                }
                Routed::AdministratorPost if caller == Caller::Administrator => {
                    assert!(to_sign_in, "{uri}: {status}");
                }
                Routed::Administrator | Routed::AdministratorPost => {
                    assert!(shut || to_sign_in, "{uri} as {caller:?}: {status}");
                }
            }
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_session_of_one_site_is_nobody_at_the_other(pool: Pool) {
    let world = World::new(pool).await;
    for (caller, host, signed_in) in [
        (Caller::Administrator, "localhost", true),
        (Caller::Administrator, "other.example", false),
        (Caller::Stranger, "other.example", true),
        (Caller::Stranger, "localhost", false),
    ] {
        let body = text(world.send(Method::GET, "/api/v1/me", caller, "", host).await).await;
        let me: app::home::Me = serde_json::from_str(&body).unwrap();
        assert_eq!(me.signed_in, signed_in, "{caller:?} at {host}");
    }
    let response = world
        .send(
            Method::GET,
            "/api/v1/me",
            Caller::Administrator,
            "",
            "elsewhere.example",
        )
        .await;
    assert_eq!(
        serde_json::from_str::<AppError>(&text(response).await).ok(),
        Some(AppError::NotFound)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn changes_from_other_sites_and_oversized_bodies_are_refused(pool: Pool) {
    let world = World::new(pool).await;
    let cookie = world.cookie(Caller::Administrator).await.unwrap();
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "null"),
    ] {
        for uri in ["/api/v1/admin/add-zone", "/admin/households/upload"] {
            let request = Request::post(uri)
                .header("host", "localhost")
                .header("cookie", &cookie)
                .header(name, value)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from("name_zh=x&name_en=x"))
                .unwrap();
            let status = world.router.clone().oneshot(request).await.unwrap().status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{uri} with {name}: {value}");
        }
    }
    assert_eq!(
        store::checkpoint::zones(&world.pool, world.site)
            .await
            .unwrap()
            .len(),
        1
    );
    let long = format!("name_zh={}", "x".repeat(routes::MAX_BODY_BYTES));
    let response = world
        .send(
            Method::POST,
            "/api/v1/admin/add-zone",
            Caller::Administrator,
            &long,
            "localhost",
        )
        .await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_page_carries_a_strict_policy(pool: Pool) {
    let world = World::new(pool).await;
    let pages = leptos_axum::generate_route_list(app::App);
    assert!(pages.len() > 10);
    let shells = ["/gate", "/passes/1", "/no-such-page"].map(str::to_owned);
    let pages = pages
        .iter()
        .map(|page| page.path().replace("{id}", ID).replace("{kind}", "resident-once"))
        .chain(shells);
    for page in pages {
        let response = world
            .send(Method::GET, &page, Caller::Administrator, "", "localhost")
            .await;
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.starts_with("default-src 'none'"), "{page}: {policy}");
        assert!(!policy.contains("'unsafe-"), "{page}: {policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{page}");
        // Shells carry nothing of anybody, and may be asked about again; whatever is rendered for somebody is kept nowhere.
        let kept = if page == "/gate" || page == "/passes/1" {
            "no-cache"
        } else {
            "no-store"
        };
        assert_eq!(response.headers()["cache-control"], kept, "{page}");
        let body = text(response).await;
        assert!(
            !body.contains(" style=\"") && !body.contains(" onclick="),
            "{page} has an inline style or script"
        );
    }
}
