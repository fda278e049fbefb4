use crate::backend;
use app::backend::{now, viewer};
use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Request, Response, StatusCode};
use jiff::SignedDuration;
use leptos::prelude::LeptosOptions;
use pass::{Role, Text};
use server::files::Files;
use server::routes::{self, Shared};
use std::net::SocketAddr;
use std::sync::Arc;
use store::account::{Grant, NewAccount};
use store::session::Lifetime;
use store::site::NewSite;
use store::{Pool, SiteId};
use tower::ServiceExt as _;

const GOOD: &str = "小区,楼栋,门牌号,户主\n云麓苑,1栋,101,陈书言\n云麓苑,1栋,102,林清和\n";

/// A site, its administrator's session, and the server.
struct World {
    pool: Pool,
    site: SiteId,
    cookie: String,
    router: Router,
}

impl World {
    async fn new(pool: Pool) -> Self {
        let name = Text::new("示范大学", "Example University");
        let code = "example".parse().unwrap();
        let hosts = &["localhost"];
        let new = NewSite {
            code: &code,
            name: &name,
            time_zone: "Asia/Shanghai",
            hosts,
            demo: false,
        };
        let site = store::site::create(&pool, new, now()).await.unwrap();
        let account = store::account::create(&pool, site, NewAccount::default(), now())
            .await
            .unwrap();
        let grant = Grant::whole(Role::Administrator);
        store::account::grant(&pool, site, account, grant, now())
            .await
            .unwrap();
        let hour = SignedDuration::from_hours(1);
        let lifetime = Lifetime {
            idle: hour,
            most: hour,
        };
        store::session::begin(&pool, site, account, &viewer::hash_of("token"), lifetime, now())
            .await
            .unwrap();
        let shared = Shared {
            backend: backend(&pool),
            files: Files(Arc::new(std::env::temp_dir().join("no-such-folder"))),
            shelf: server::shelf::Shelf::Database,
            leptos: LeptosOptions::builder().output_name("app").build(),
        };
        let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
        let router = routes::router(shared, false).layer(MockConnectInfo(peer));
        Self {
            pool,
            site,
            cookie: "session=token".to_owned(),
            router,
        }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Uploads a file as the form does; returns where it leads.
    async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat();
        let request = Request::post("/admin/households/upload")
            .header("host", "localhost")
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=x");
        let response = self.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{name}");
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn apply(&self, id: &str) -> StatusCode {
        let request = Request::post("/api/v1/admin/apply-import")
            .header("host", "localhost")
            .header("cookie", &self.cookie)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(format!("id={id}"))).unwrap())
            .await
            .status()
    }

    async fn get(&self, path: &str) -> String {
        let request = Request::get(path)
            .header("host", "localhost")
            .header("cookie", &self.cookie);
        let response = self.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    async fn count(&self) -> u64 {
        store::household::count(&self.pool, self.site).await.unwrap()
    }
}

fn id_of(page: &str) -> &str {
    page.strip_prefix("/admin/households/imports/").unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_good_file_is_taken_over_at_a_word_and_once(pool: Pool) {
    let world = World::new(pool).await;
    let (gbk, ..) = encoding_rs::GBK.encode(GOOD);
    let page = world.upload("住户.csv", &gbk).await;
    assert_eq!(world.count().await, 0, "nothing before the word");
    let shown = world.get(&page).await;
    assert!(shown.contains("将新增") && shown.contains("住户.csv"), "{shown}");
    for _ in 0..2 {
        assert_eq!(world.apply(id_of(&page)).await, StatusCode::OK);
        assert_eq!(world.count().await, 2);
    }
    assert!(world.get(&page).await.contains("已导入"));
    // The same file again changes nothing; another householder is shown before it is taken over.
    let again = world
        .upload("住户.csv", GOOD.replace("林清和", "何川").as_bytes())
        .await;
    let shown = world.get(&again).await;
    assert!(shown.contains("林清和") && shown.contains("何川"), "{shown}");
    assert_eq!(world.apply(id_of(&again)).await, StatusCode::OK);
    assert_eq!(world.count().await, 2);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_faulty_line_keeps_the_whole_file_out(pool: Pool) {
    let world = World::new(pool).await;
    let page = world
        .upload(
            "a.csv",
            format!("{GOOD}云麓苑,,103,何川\n云麓苑,1栋,101,何川\n").as_bytes(),
        )
        .await;
    let shown = world.get(&page).await;
    assert!(
        shown.contains("没有填写") && shown.contains("住址与第 2 行重复"),
        "{shown}"
    );
    assert_ne!(world.apply(id_of(&page)).await, StatusCode::OK);
    assert_eq!(world.count().await, 0);
    let report = world.get(&format!("{page}/report.csv")).await;
    assert_eq!(
        report,
        "\u{feff}行号,列,问题\r\n4,楼栋,没有填写\r\n5,门牌号,住址与第 2 行重复\r\n"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_no_table_leads_back_with_its_fault(pool: Pool) {
    let world = World::new(pool).await;
    let large = vec![b'a'; app::backend::import::MAX_BYTES + 1];
    for (name, bytes, fault) in [
        ("empty.csv", b"".as_slice(), "文件里没有数据"),
        ("scan.pdf", b"%PDF-1.7".as_slice(), "无法识别这个文件"),
        ("large.csv", &large, "文件太大，最多 4 MB"),
    ] {
        let page = world.upload(name, bytes).await;
        assert!(page.starts_with("/admin/households/import?fault="), "{page}");
        let shown = world.get(&page).await;
        assert!(
            shown.contains(fault) && shown.contains("没有导入任何内容"),
            "{name}: {shown}"
        );
    }
    let template = world.get("/admin/households/template.csv").await;
    let page = world.upload("template.csv", template.as_bytes()).await;
    assert!(world.get(&page).await.contains("文件没有问题"));
}
