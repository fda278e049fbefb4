//! How long the lists of those who review take over a million applications, and deciding a thousand at once, through the server's own routes.
//!
//! `script/bench-lists` starts a private PostgreSQL and runs this. The data is made here, in the same proportions each time.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement says what it found, and has nobody to tell what is missing"
)]

use app::backend::issuer::Issuers;
use app::backend::presets::Preset;
use app::backend::{Assets, Backend, cookie, now, viewer};
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use leptos::prelude::LeptosOptions;
use pass::{Role, Text};
use server::files::Files;
use server::routes::{self, Shared};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::account::{self, Grant, NewAccount, Place};
use store::session::Lifetime;
use store::{AccountId, Pool, SiteId};
use tower::ServiceExt as _;

/// How many applications.
const APPLICATIONS: i32 = 1_000_000;
/// How many units share those of staff.
const UNITS: i32 = 200;
/// Requests of each sort.
const SAMPLES: usize = 200;
/// Decided in one act.
const BULK: usize = 1000;
/// How many such acts.
const ACTS: usize = 3;

struct World {
    pool: Pool,
    site: SiteId,
    router: axum::Router,
}

#[tokio::main]
async fn main() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let pool = store::open(&url, 4, None).await.unwrap();
    store::migrate(&pool).await.unwrap();
    let issuers = Issuers::new(&[7; 32]);
    let code: pass::SiteCode = "bench".parse().unwrap();
    let new = store::site::NewSite {
        code: &code,
        name: &Text::new("测量大学", "Measured University"),
        time_zone: "Asia/Shanghai",
        hosts: &["localhost"],
        demo: true,
    };
    let site = store::site::create(&pool, new, now()).await.unwrap();
    issuers.create(&pool, site, now()).await.unwrap();
    let shared = Shared {
        backend: Backend {
            pool: pool.clone(),
            issuers: Arc::new(issuers),
            assets: Arc::new(Assets::default()),
            secure: false,
            channels: app::backend::channels::Channels::default(),
        },
        files: Files(Arc::new(std::env::temp_dir().join("no-such-folder"))),
        shelf: server::shelf::Shelf::Database,
        leptos: LeptosOptions::builder().output_name("app").build(),
    };
    let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
    let world = World {
        router: routes::router(shared, true).layer(MockConnectInfo(peer)),
        pool,
        site,
    };
    let started = Instant::now();
    let (office, head) = world.make().await;
    println!(
        "{APPLICATIONS} applications made in {} s",
        started.elapsed().as_secs()
    );
    for (who, account) in [("office", office), ("head of a unit", head)] {
        let cookie = world.cookie(account).await;
        for (what, narrow) in [
            ("waiting", "narrow[shelf]=pending"),
            (
                "waiting, of a kind",
                "narrow[shelf]=pending&narrow[kind]=resident-once",
            ),
            (
                "waiting, of a community",
                "narrow[shelf]=pending&narrow[community]=小区7",
            ),
            (
                "waiting, a frequent name",
                "narrow[shelf]=pending&narrow[text]=张",
            ),
            ("waiting, a rare name", "narrow[shelf]=pending&narrow[text]=罕见"),
            ("waiting, a number", "narrow[shelf]=pending&narrow[text]=0700001"),
            ("decided", "narrow[shelf]=done"),
            ("decided, of a kind", "narrow[shelf]=done&narrow[kind]=work-staff"),
            ("decided, a rare name", "narrow[shelf]=done&narrow[text]=罕见"),
            ("all, rejected", "narrow[shelf]=all&narrow[state]=rejected"),
        ] {
            world.measure(who, what, narrow, &cookie).await;
        }
    }
    for _ in 0..ACTS {
        world.bulk(office).await;
    }
}

impl World {
    /// Accounts, units, kinds, and the applications with their tasks; the office and the head of one unit.
    async fn make(&self) -> (AccountId, AccountId) {
        let (pool, site) = (&self.pool, self.site);
        store::checkpoint::create_zone(pool, site, 0, &Text::new("A", "A"))
            .await
            .unwrap();
        store::checkpoint::create_zone(pool, site, 1, &Text::new("B", "B"))
            .await
            .unwrap();
        let officer = async |login: &str, role, at| {
            let new = NewAccount {
                display_name: login,
                login: Some(login),
                ..NewAccount::default()
            };
            account::create_with(pool, site, new, Grant { role, at }, now())
                .await
                .unwrap()
        };
        let office = officer("office", Role::Office, Place::Site).await;
        let mut head = None;
        for unit in 0..UNITS {
            let code = format!("u{unit}");
            let id = store::unit::create(pool, site, &code, &Text::new(&code, &code), None)
                .await
                .unwrap();
            let there = officer(&format!("head-{unit}"), Role::UnitHead, Place::Unit(id)).await;
            head.get_or_insert(there);
        }
        for (_, text) in Preset::Cqu.documents() {
            let kind = app::backend::kind_document::read(text, 1).unwrap();
            store::pass_kind::publish(pool, site, &kind, None, now())
                .await
                .unwrap();
        }
        for statement in [
            "insert into account (site_id, account_id, display_name, created_at)
             select $1, gen_random_uuid(), 'applicant ' || n, now() from generate_series(1, 20000) n",
            "insert into household (site_id, household_id, community, building, door, householder, created_at, updated_at)
             select $1, gen_random_uuid(), '小区' || (n / 10) % 30, (n / 300) % 40 || '栋', n::text, '张三', now(), now()
             from generate_series(1, 20000) n",
        ] {
            sqlx::query(statement).bind(site.0).execute(pool).await.unwrap();
        }
        // Else it believes these tables to be empty, and reads them once for each application.
        sqlx::query("analyze").execute(pool).await.unwrap();
        // Seven of ten are households', with the office; three are staff's, with the heads of their units. Four of ten wait.
        sqlx::query(
            "with a as (select account_id, row_number() over () - 1 as n from account where site_id = $1 and login is null),
             h as (select *, row_number() over () - 1 as n from household where site_id = $1),
             u as (select unit_id, row_number() over () - 1 as n from unit where site_id = $1),
             k as (select kind_no, key from pass_kind where site_id = $1)
             insert into application (site_id, application_id, applicant_id, request_id, household_id, kind_no, kind_key,
                 community, building, door, holder, first_day, last_day, reason, state, created_at, decided_at, standing, number, unit_id)
             select $1, gen_random_uuid(), a.account_id, gen_random_uuid(),
                 case when s.house then h.household_id end, k.kind_no, k.key,
                 case when s.house then h.community end, case when s.house then h.building end, case when s.house then h.door end,
                 case when s.n % 50000 in (3, 7) then '罕见' else (array['张','李','王','刘','陈','杨','赵','黄','周','吴'])[1 + s.n % 10] || s.n end,
                 current_date + 3, current_date + 3, '上班',
                 case when s.n % 10 < 4 then 'in_review' when s.n % 10 < 9 then 'completed' else 'rejected' end,
                 now() - make_interval(secs => s.n), case when s.n % 10 >= 4 then now() - make_interval(secs => s.n - 100) end,
                 case when s.house then 'household' else 'staff' end,
                 case when not s.house then '07' || lpad(s.n::text, 8, '0') end,
                 case when not s.house then u.unit_id end
             from (select n, n % 100 < 70 as house from generate_series(1, $2) n) s
             join a on a.n = s.n % 20000 join h on h.n = s.n % 20000 join u on u.n = (s.n / 100) % $3
             join k on k.key = case when s.house then (case when s.n % 3 = 0 then 'resident-many' else 'resident-once' end) else 'work-staff' end",
        )
        .bind(site.0)
        .bind(APPLICATIONS)
        .bind(UNITS)
        .execute(pool)
        .await
        .unwrap();
        sqlx::query(
            "insert into task (site_id, application_id, visit, seat, step, inbox, role, unit_id, applicant_id, kind_key, community,
                 opened_at, closed_at, act, closed_by, closed_for)
             select site_id, application_id, 1, 0, case when unit_id is null then 'office' else 'head' end,
                 case when unit_id is null then 'office@site' else 'unit_head@unit-' || unit_id end,
                 case when unit_id is null then 'office' else 'unit_head' end, unit_id, applicant_id, kind_key, community, created_at,
                 decided_at, case when state = 'completed' then 'agree' when state = 'rejected' then 'refuse' end,
                 case when decided_at is not null then $2 end, case when decided_at is not null then $2 end
             from application where site_id = $1",
        )
        .bind(site.0)
        .bind(office.0)
        .execute(pool)
        .await
        .unwrap();
        sqlx::query("analyze").execute(pool).await.unwrap();
        (office, head.unwrap())
    }

    async fn cookie(&self, account: AccountId) -> String {
        let token = app::backend::secret::token();
        let day = SignedDuration::from_hours(24);
        let lifetime = Lifetime { idle: day, most: day };
        let hash = viewer::hash_of(&token);
        store::session::begin(&self.pool, self.site, account, &hash, lifetime, now())
            .await
            .unwrap();
        format!("{}={token}", cookie::session_name(false))
    }

    async fn ask(
        &self,
        method: Method,
        uri: &str,
        cookie: &str,
        body: String,
    ) -> (StatusCode, Vec<u8>, Duration) {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "localhost")
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let started = Instant::now();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap()
            .to_vec();
        (status, body, started.elapsed())
    }

    /// A list read page by page.
    async fn measure(&self, who: &str, what: &str, narrow: &str, cookie: &str) {
        let mut times = Vec::new();
        let mut after = String::new();
        let mut rows = 0;
        for _ in 0..SAMPLES {
            let mut full = String::new();
            for part in ["shelf", "kind", "community", "state", "text"] {
                let name = format!("narrow[{part}]=");
                let given = narrow.split('&').find(|given| given.starts_with(&name));
                full.push_str(given.unwrap_or(&name));
                full.push('&');
            }
            full.push_str(&format!("narrow[after]={after}"));
            let uri = format!("/api/v1/review/list?{}", encoded(&full));
            let (status, body, time) = self.ask(Method::GET, &uri, cookie, String::new()).await;
            assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
            times.push(time);
            let board: app::review::facts::Board = serde_json::from_slice(&body).unwrap();
            rows += board.rows.len();
            after = board.next.unwrap_or_default();
        }
        times.sort_unstable();
        let at =
            |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
        println!(
            "{who:<15} {what:<26} p50 {:6.1} ms   p95 {:6.1} ms   max {:6.1} ms   {rows} rows",
            at(50),
            at(95),
            at(100)
        );
    }

    /// A thousand agreed to in one act.
    async fn bulk(&self, office: AccountId) {
        let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
            "select application_id from task where site_id = $1 and inbox = 'office@site' and closed_at is null
             order by opened_at desc limit $2",
        )
        .bind(self.site.0)
        .bind(i64::try_from(BULK).unwrap())
        .fetch_all(&self.pool)
        .await
        .unwrap();
        // Whoever applied is bound to the household, as the rule asks.
        sqlx::query(
            "insert into household_claim (site_id, claim_id, account_id, household_id, householder, state, created_at, decided_at, decided_by)
             select distinct on (applicant_id) site_id, gen_random_uuid(), applicant_id, household_id, '张三', 'confirmed', now(), now(), $2::uuid
             from application where site_id = $1 and application_id = any ($3) order by applicant_id
             on conflict do nothing",
        )
        .bind(self.site.0)
        .bind(office.0)
        .bind(&ids)
        .execute(&self.pool)
        .await
        .unwrap();
        let cookie = self.cookie(office).await;
        let form: Vec<String> = ids
            .iter()
            .enumerate()
            .map(|(n, id)| format!("ids[{n}]={id}"))
            .collect();
        let form = encoded(&format!("{}&verb=agree&opinion=", form.join("&")));
        let (status, body, time) = self
            .ask(Method::POST, "/api/v1/review/decide", &cookie, form)
            .await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        let decided: Vec<app::review::facts::Decided> = serde_json::from_slice(&body).unwrap();
        let through = decided.iter().filter(|one| one.outcome.went_through()).count();
        println!(
            "{through} of {} agreed to in one act: {:.2} s",
            decided.len(),
            time.as_secs_f64()
        );
    }
}

/// What stands in an address, with what may not stand there written so that it may.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'=' | b'&' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
