//! A site with somebody of every sort, another site beside it, and the server over both.

use app::backend::channels::{Channels, PushServices};
use app::backend::issuer::Issuers;
use app::backend::{Assets, Backend, now, viewer};
use app::error::AppError;
use app::sentences::url_part;
use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Method, Request, Response};
use jiff::SignedDuration;
use leptos::prelude::LeptosOptions;
use pass::household::HouseholdRow;
use pass::{Address, Field, KindNo, PassKind, Role, Text};
use serde::de::DeserializeOwned;
use server::files::Files;
use server::routes::{self, Shared};
use server::shelf::Shelf;
use std::net::SocketAddr;
use std::sync::Arc;
use store::account::{self, Grant, NewAccount, Place};
use store::session::Lifetime;
use store::{AccountId, ApplicationId, HouseholdId, Pool, SiteId};
use tower::ServiceExt as _;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    Nobody,
    Resident,
    Office,
    /// The head of a unit.
    Head,
    Guard,
    Administrator,
    /// Somebody with every role, but in one zone alone.
    Zoned,
    /// An administrator of another site in the same database.
    Stranger,
}

pub const CALLERS: [Caller; 8] = [
    Caller::Nobody,
    Caller::Resident,
    Caller::Office,
    Caller::Head,
    Caller::Guard,
    Caller::Administrator,
    Caller::Zoned,
    Caller::Stranger,
];

pub struct World {
    pub pool: Pool,
    pub site: SiteId,
    pub router: Router,
    channels: Channels,
    /// The accounts of the callers, in their order, without nobody.
    accounts: Vec<(Caller, SiteId, AccountId)>,
}

impl World {
    /// Where people can be told by every way.
    pub async fn new(pool: Pool) -> Self {
        let every = Channels {
            sms: true,
            mail: true,
            push: PushServices::read("push.example").unwrap(),
        };
        Self::with(pool, every, Shelf::Database).await
    }

    /// Where people can be told by these ways, and attachments go there.
    pub async fn with(pool: Pool, channels: Channels, shelf: Shelf) -> Self {
        let issuers = Issuers::new(&[7; 32]);
        let site = site(&pool, &issuers, "example", "localhost").await;
        let other = site_with_account(&pool, &issuers).await;
        let mut accounts = vec![(Caller::Stranger, other.0, other.1)];
        for (caller, role) in [
            (Caller::Resident, None),
            (Caller::Office, Some(Role::Office)),
            (Caller::Guard, Some(Role::Guard)),
            (Caller::Administrator, Some(Role::Administrator)),
        ] {
            accounts.push((caller, site, person(&pool, site, role).await));
        }
        let head = person(&pool, site, None).await;
        let unit = store::unit::create(&pool, site, "physics", &Text::new("物理学院", "Physics"), None)
            .await
            .unwrap();
        let grant = Grant {
            role: Role::UnitHead,
            at: Place::Unit(unit),
        };
        account::grant(&pool, site, head, grant, now()).await.unwrap();
        accounts.push((Caller::Head, site, head));
        let zoned = person(&pool, site, None).await;
        for role in Role::ALL {
            let at = Place::Zone(0);
            account::grant(&pool, site, zoned, Grant { role, at }, now())
                .await
                .unwrap();
        }
        accounts.push((Caller::Zoned, site, zoned));
        let router = router(&pool, channels.clone(), shelf);
        Self {
            pool,
            site,
            router,
            channels,
            accounts,
        }
    }

    /// A fresh session's cookie; nobody has none.
    pub async fn cookie(&self, caller: Caller) -> Option<String> {
        let (_, site, account) = self.accounts.iter().find(|(one, ..)| *one == caller)?;
        let token = app::backend::secret::token();
        let hour = SignedDuration::from_hours(1);
        let lifetime = Lifetime {
            idle: hour,
            most: hour,
        };
        store::session::begin(
            &self.pool,
            *site,
            *account,
            &viewer::hash_of(&token),
            lifetime,
            now(),
        )
        .await
        .unwrap();
        Some(format!("session={token}"))
    }

    /// The same, with attachments that go elsewhere.
    pub fn with_shelf(self, shelf: Shelf) -> Self {
        let router = router(&self.pool, self.channels.clone(), shelf);
        Self { router, ..self }
    }

    /// A caller's account.
    pub fn account(&self, caller: Caller) -> AccountId {
        let found = self.accounts.iter().find(|(one, ..)| *one == caller);
        found.unwrap().2
    }

    /// Confirms a household behind a door for a caller. The householder is 张三.
    pub async fn settle(&self, caller: Caller, door: &str) -> HouseholdId {
        let address = Address::new("新华村", "3栋", door);
        let row = HouseholdRow {
            address: address.clone(),
            householder: "张三".into(),
        };
        store::household::import(&self.pool, self.site, &[row], now())
            .await
            .unwrap();
        let household = store::household::by_address(&self.pool, self.site, &address)
            .await
            .unwrap()
            .unwrap()
            .id;
        let account = self.account(caller);
        let claim = store::claim::make(&self.pool, self.site, account, household, "张三", now())
            .await
            .unwrap();
        let by = self.account(Caller::Administrator);
        store::claim::confirm(&self.pool, self.site, claim, by, None, now())
            .await
            .unwrap()
            .unwrap();
        household
    }

    /// The notice's pass for many entries, as its next version.
    pub async fn resident_many(&self) -> PassKind {
        let text = include_str!("../../../app/kinds/cqu/resident-many.toml");
        let kind = app::backend::kind_document::read(text, 1).unwrap();
        let newest = store::pass_kind::newest(&self.pool, self.site, &kind.key)
            .await
            .unwrap();
        PassKind {
            version: newest.map_or(1, |newest| newest.kind.version + 1),
            ..kind
        }
    }

    /// Publishes a kind that agrees by itself, with these fields of its own.
    pub async fn publish(&self, fields: Vec<Field>) -> KindNo {
        let mut kind = self.resident_many().await;
        (kind.fields, kind.steps, kind.quota) = (fields, pass::Flow::default(), None);
        store::pass_kind::publish(&self.pool, self.site, &kind, None, now())
            .await
            .unwrap()
    }

    /// Hands in a form for today and answers what the server says; `more` are the kind's own fields, as a form sends them.
    pub async fn submit(
        &self,
        caller: Caller,
        kind: KindNo,
        reason: &str,
        more: &[(&str, &str)],
    ) -> Result<ApplicationId, AppError> {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let (id, today) = (uuid::Uuid::new_v4(), zone.to_datetime(now()).date());
        let mut form = format!(
            "kind={}&request_id={id}&whose%5Bholder%5D={}&first_day={today}&last_day={today}&reason={}",
            kind.0,
            url_part("张三"),
            url_part(reason)
        );
        for (key, value) in more {
            form.push_str(&format!("&given%5B{key}%5D={}", url_part(value)));
        }
        let uri = "/api/v1/apply/submit";
        let answer = text(self.send(Method::POST, uri, caller, &form, "localhost").await).await;
        match serde_json::from_str::<uuid::Uuid>(&answer) {
            Ok(id) => Ok(ApplicationId(id)),
            Err(_) => Err(serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer}"))),
        }
    }

    /// What a server function answers to somebody who asks.
    pub async fn get<T: DeserializeOwned>(&self, caller: Caller, function: &str) -> Result<T, AppError> {
        self.answered(Method::GET, caller, function, "").await
    }

    /// What a server function answers to somebody's form.
    pub async fn post<T: DeserializeOwned>(
        &self,
        caller: Caller,
        function: &str,
        form: &str,
    ) -> Result<T, AppError> {
        self.answered(Method::POST, caller, function, form).await
    }

    async fn answered<T: DeserializeOwned>(
        &self,
        method: Method,
        caller: Caller,
        function: &str,
        form: &str,
    ) -> Result<T, AppError> {
        let uri = format!("/api/v1/{function}");
        let answer = self.send(method, &uri, caller, form, "localhost").await;
        let (status, answer) = (answer.status(), text(answer).await);
        // Where an address leads on (303), its answer is there too.
        if status.is_client_error() || status.is_server_error() {
            Err(serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{uri}: {answer}")))
        } else {
            Ok(serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{uri}: {answer}")))
        }
    }

    pub async fn send(
        &self,
        method: Method,
        uri: &str,
        caller: Caller,
        body: &str,
        host: &str,
    ) -> Response<Body> {
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", host)
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", body.len());
        if let Some(cookie) = self.cookie(caller).await {
            request = request.header("cookie", cookie);
        }
        self.router
            .clone()
            .oneshot(request.body(Body::from(body.to_owned())).unwrap())
            .await
            .unwrap()
    }
}

/// The server over a database.
fn router(pool: &Pool, channels: Channels, shelf: Shelf) -> Router {
    let backend = Backend {
        pool: pool.clone(),
        issuers: Arc::new(Issuers::new(&[7; 32])),
        assets: Arc::new(Assets::default()),
        secure: false,
        channels,
    };
    let shared = Shared {
        backend,
        files: Files(Arc::new(std::env::temp_dir().join("no-such-folder"))),
        shelf,
        leptos: LeptosOptions::builder().output_name("app").build(),
    };
    let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
    routes::router(shared, true).layer(MockConnectInfo(peer))
}

async fn site(pool: &Pool, issuers: &Issuers, code: &str, host: &str) -> SiteId {
    let name = Text::new("示范大学", "Example University");
    let code = code.parse().unwrap();
    let new = store::site::NewSite {
        code: &code,
        name: &name,
        time_zone: "Asia/Shanghai",
        hosts: &[host],
        demo: false,
    };
    let site = store::site::create(pool, new, now()).await.unwrap();
    issuers.create(pool, site, now()).await.unwrap();
    store::checkpoint::create_zone(pool, site, 0, &Text::new("A 区", "A"))
        .await
        .unwrap();
    site
}

async fn site_with_account(pool: &Pool, issuers: &Issuers) -> (SiteId, AccountId) {
    let other = site(pool, issuers, "other", "other.example").await;
    (other, person(pool, other, Some(Role::Administrator)).await)
}

async fn person(pool: &Pool, site: SiteId, role: Option<Role>) -> AccountId {
    let id = account::create(pool, site, NewAccount::default(), now())
        .await
        .unwrap();
    if let Some(role) = role {
        account::grant(pool, site, id, Grant::whole(role), now())
            .await
            .unwrap();
    }
    id
}

pub async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}
