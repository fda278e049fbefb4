//! A site with a gate, the server over it, and tablets that sign as real ones do.

use app::backend::channels::Channels;
use app::backend::issuer::Issuers;
use app::backend::{Assets, Backend, enrolment};
use app::gate::wire::{self, Acknowledged, Enrol, Enrolled, Failure, Sent, Trouble, Upload};
use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::LeptosOptions;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use pass::admission::{self, AdmissionEvent, What};
use pass::{
    Check, CheckpointId, Direction, EventId, GateBundle, Hash, IssuerPublic, PassNumber, PublicKey, TabletId,
    Text,
};
use server::files::Files;
use server::routes::{self, Shared};
use std::net::SocketAddr;
use std::sync::Arc;
use store::account::{self, NewAccount};
use store::checkpoint::{self, NewCheckpoint};
use store::site::{self, NewSite};
use store::tablet::{self, NewCode};
use store::{AccountId, Pool, SiteId};
use tower::ServiceExt as _;

/// The master key of the tests, as its file has it.
pub const SEAL_KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";

/// The build whose files the server serves.
pub const BUILD: &str = "0a1b2c3d4e5f6071";

/// A site with one gate, and the server in this process.
pub struct World {
    pub pool: Pool,
    pub site: SiteId,
    pub checkpoint: CheckpointId,
    pub administrator: AccountId,
    router: Router,
}

/// What the server answered.
pub struct Answered {
    pub status: StatusCode,
    pub server_time: Option<i64>,
    pub body: Vec<u8>,
}

impl Answered {
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", String::from_utf8_lossy(&self.body)))
    }

    pub fn trouble(&self) -> Trouble {
        self.json::<Failure>().error
    }
}

pub fn now() -> Timestamp {
    app::backend::now()
}

impl World {
    pub async fn new(pool: Pool) -> Self {
        Self::at(pool, "example", "localhost").await
    }

    /// Another site may share the database; it has its own host name.
    pub async fn at(pool: Pool, code: &str, host: &str) -> Self {
        let name = Text::new("示范大学", "Example University");
        let new = NewSite {
            code: &code.parse().unwrap(),
            name: &name,
            time_zone: "Asia/Shanghai",
            hosts: &[host],
            demo: true,
        };
        let site = site::create(&pool, new, now()).await.unwrap();
        let issuers = Issuers::new(&[7; 32]);
        issuers.create(&pool, site, now()).await.unwrap();
        checkpoint::create_zone(&pool, site, 0, &Text::new("A区", "Zone A"))
            .await
            .unwrap();
        let gate = NewCheckpoint {
            zone: 0,
            name: &Text::new("东门", "East gate"),
            direction: Direction::In,
        };
        let checkpoint = checkpoint::create(&pool, site, gate, now()).await.unwrap();
        let person = NewAccount {
            display_name: "管理员",
            login: Some("administrator"),
            ..NewAccount::default()
        };
        let administrator = account::create(&pool, site, person, now()).await.unwrap();
        let shared = Shared {
            backend: Backend {
                pool: pool.clone(),
                issuers: Arc::new(issuers),
                assets: Arc::new(Assets([("build".to_owned(), BUILD.to_owned())].into())),
                secure: false,
                channels: Channels::default(),
            },
            files: Files(Arc::new(std::env::temp_dir())),
            shelf: server::shelf::Shelf::Database,
            leptos: LeptosOptions::builder().output_name("app").build(),
        };
        let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
        let router = routes::router(shared, false).layer(MockConnectInfo(peer));
        Self {
            pool,
            site,
            checkpoint,
            administrator,
            router,
        }
    }

    /// A fresh enrolment code, made `ago`.
    pub async fn code(&self, ago: SignedDuration) -> String {
        let code = enrolment::new_code();
        let hash = enrolment::hash(&code);
        let new = NewCode {
            code_hash: &hash,
            checkpoint: self.checkpoint,
            name: "东门1号",
            by: self.administrator,
        };
        tablet::create_code(&self.pool, self.site, new, now() - ago)
            .await
            .unwrap();
        code
    }

    pub async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let server_time = response
            .headers()
            .get(wire::SERVER_TIME)
            .map(|time| time.to_str().unwrap().parse().unwrap());
        let body = axum::body::to_bytes(response.into_body(), 1 << 22)
            .await
            .unwrap()
            .to_vec();
        Answered {
            status,
            server_time,
            body,
        }
    }

    pub async fn enrol(&self, code: &str, key: &SigningKey) -> Answered {
        let body = enrol_body(code, key);
        let request = Request::post("/api/gate/v1/enrol").header("host", "localhost");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// An enrolled tablet.
    pub async fn tablet(&self, n: u8) -> Tablet {
        let key = SigningKey::from_slice(&[n; 32]).unwrap();
        let code = self.code(SignedDuration::ZERO).await;
        let answer = self.enrol(&code, &key).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        Tablet::new(key, &answer.json())
    }

    /// A signed request.
    pub async fn call(
        &self,
        tablet: &Tablet,
        method: &str,
        path: &str,
        body: Vec<u8>,
        at: Timestamp,
    ) -> Answered {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("authorization", tablet.authorization(method, path, &body, at));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn upload(&self, tablet: &Tablet, events: &[(u64, Vec<u8>)]) -> Answered {
        self.call(tablet, "POST", "/api/gate/v1/events", upload_body(events), now())
            .await
    }

    /// Everything the site knows to have happened.
    pub async fn admissions(&self) -> Vec<store::admission::Admission> {
        let (mut all, mut after) = (vec![], None);
        loop {
            let page = store::admission::list(&self.pool, self.site, &Default::default(), after, 200)
                .await
                .unwrap();
            all.extend(page.rows);
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    }
}

pub fn enrol_body(code: &str, key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_sec1_point(false);
    let asked = Enrol {
        code: code.to_owned(),
        public_key: wire::to_text(point.as_bytes()),
    };
    serde_json::to_vec(&asked).unwrap()
}

pub fn upload_body(events: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let events = events
        .iter()
        .map(|(seq, bytes)| Sent {
            seq: *seq,
            sealed: wire::to_text(bytes),
        })
        .collect();
    serde_json::to_vec(&Upload { events }).unwrap()
}

/// A tablet, as far as the server can tell.
pub struct Tablet {
    pub id: TabletId,
    pub key: SigningKey,
    pub bundle: GateBundle,
    pub issuers: Vec<IssuerPublic>,
    /// What the guard confirms of whoever comes next.
    pub checks: Vec<Check>,
    seq: u64,
    end: Hash,
}

impl Tablet {
    pub fn new(key: SigningKey, enrolled: &Enrolled) -> Self {
        let issuer =
            |text: &String| IssuerPublic::new(PublicKey::from_sec1(&wire::from_text(text).unwrap()).unwrap());
        let issuers: Vec<IssuerPublic> = enrolled.issuers.iter().map(issuer).collect();
        let bundle = GateBundle::open(&wire::from_text(&enrolled.bundle).unwrap(), &issuers).unwrap();
        let id = enrolled.tablet;
        Self {
            id,
            key,
            bundle,
            issuers,
            checks: vec![],
            seq: 0,
            end: admission::chain_start(id),
        }
    }

    pub fn authorization(&self, method: &str, path: &str, body: &[u8], at: Timestamp) -> String {
        let signature: Signature = self
            .key
            .sign(&wire::to_be_signed(method, path, body, self.id, at));
        wire::Signed {
            tablet: self.id,
            at,
            signature: signature.to_bytes().to_vec(),
        }
        .header()
    }

    /// The next event, sealed.
    pub fn event(&mut self, what: What, number: u32) -> (u64, Vec<u8>) {
        let at = Timestamp::from_millisecond(now().as_millisecond()).unwrap();
        self.event_at(what, number, at)
    }

    /// The next event, of any instant.
    pub fn event_at(&mut self, what: What, number: u32, at: Timestamp) -> (u64, Vec<u8>) {
        self.seq += 1;
        let mut id = self.id.0;
        id[8..].copy_from_slice(&self.seq.to_be_bytes());
        let event = AdmissionEvent {
            id: EventId(id),
            tablet: self.id,
            seq: self.seq,
            at,
            checkpoint: self.bundle.checkpoint.id,
            direction: Direction::In,
            number: Some(PassNumber(number)),
            kind_no: None,
            what,
            name: "张*".to_owned(),
            previous: self.end,
            checks: self.checks.clone(),
        };
        let signature: Signature = self.key.sign(&admission::to_be_signed(&event));
        let sealed = admission::seal(&event, &signature.to_bytes().into()).unwrap();
        self.end = admission::hash(&sealed);
        (self.seq, sealed)
    }

    pub fn events(&mut self, count: u32) -> Vec<(u64, Vec<u8>)> {
        (0..count)
            .map(|number| self.event(What::Admitted, number + 1))
            .collect()
    }
}

pub fn acknowledged(answer: &Answered) -> Acknowledged {
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json()
}
