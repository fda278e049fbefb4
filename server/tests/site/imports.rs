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
use store::{AccountId, Pool, SiteId};
use tower::ServiceExt as _;

const GOOD: &str = "小区,楼栋,门牌号,户主\n云麓苑,1栋,101,陈书言\n云麓苑,1栋,102,林清和\n";

/// A site, its administrator's session, and the server.
pub struct World {
    pub pool: Pool,
    pub site: SiteId,
    pub account: AccountId,
    cookie: String,
    router: Router,
}

impl World {
    pub async fn new(pool: Pool) -> Self {
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
            account,
            cookie: "session=token".to_owned(),
            router,
        }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Uploads a file of households as the form does; returns where it leads.
    async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        self.upload_to("households", name, bytes).await
    }

    async fn upload_to(&self, register: &str, name: &str, bytes: &[u8]) -> String {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat();
        let request = Request::post(format!("/admin/{register}/upload"))
            .header("host", "localhost")
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=x");
        let response = self.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{name}");
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn apply(&self, id: &str) -> StatusCode {
        self.post("admin/apply-import", &format!("id={id}")).await
    }

    /// Calls a server function.
    pub async fn post(&self, function: &str, arguments: &str) -> StatusCode {
        let request = Request::post(format!("/api/v1/{function}"))
            .header("host", "localhost")
            .header("cookie", &self.cookie)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(arguments.to_owned())).unwrap())
            .await
            .status()
    }

    pub async fn get(&self, path: &str) -> String {
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
    page.rsplit_once("/imports/").unwrap().1
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

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn units_people_and_their_heads_come_from_files_and_go_back_as_one(pool: Pool) {
    let world = World::new(pool).await;
    let units =
        "单位代码,单位名称,上级单位代码,负责人学工号\n200,学院,,\n201,计算机学院,200,07201001、07201002\n";
    let page = world.upload_to("units", "单位.csv", units.as_bytes()).await;
    let shown = world.get(&page).await;
    assert!(shown.contains("略过") && shown.contains("07201002"), "{shown}");
    assert_eq!(world.apply(id_of(&page)).await, StatusCode::OK);

    let people = "学工号,姓名,人员类别,所在单位,职务\n07201001,陈书言,教职工,计算机学院,负责人\n07201002,林清和,教职工,201,\n";
    let wrong =
        format!("{people}07201003,何川,校友,201,\n07201001,何川,教职工,999,\n07201004,何川,教职工,999,\n");
    let page = world.upload_to("people", "人员.csv", wrong.as_bytes()).await;
    assert_ne!(world.apply(id_of(&page)).await, StatusCode::OK);
    assert_eq!(
        world.get(&format!("{page}/report.csv")).await,
        "\u{feff}行号,列,问题\r\n4,人员类别,请填教职工、本科生、研究生、离退休或外聘\r\n\
         5,学工号,学工号与第 2 行重复\r\n6,所在单位,没有这个单位，或已停用；请先导入单位\r\n"
    );
    let (gbk, ..) = encoding_rs::GBK.encode(people);
    let page = world.upload_to("people", "人员.csv", &gbk).await;
    assert_eq!(world.apply(id_of(&page)).await, StatusCode::OK);
    let heads = async || {
        let holders = store::unit::holders(&world.pool, world.site, None).await.unwrap();
        let mut heads: Vec<_> = holders.into_iter().filter_map(|holder| holder.number).collect();
        heads.sort();
        heads
    };
    assert_eq!(heads().await, ["07201001"]);
    // The units' file once more, now that its heads are there.
    let page = world.upload_to("units", "单位.csv", units.as_bytes()).await;
    assert!(world.get(&page).await.contains("陈书言 林清和"));
    assert_eq!(world.apply(id_of(&page)).await, StatusCode::OK);
    assert_eq!(heads().await, ["07201001", "07201002"]);

    // What is taken away may be brought back, and changes nothing.
    let table = world.get("/admin/people/export.csv").await;
    assert!(
        table.contains("07201002,林清和,教职工,201,,,负责人,在校"),
        "{table}"
    );
    let page = world.upload_to("people", "people.csv", table.as_bytes()).await;
    let id = id_of(&page).parse().unwrap();
    let kept = store::register_import::get(&world.pool, world.site, id)
        .await
        .unwrap()
        .unwrap();
    let outlook = store::register_import::outlook(&world.pool, world.site, &kept.rows)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((outlook.counts.unchanged, outlook.changes), (2, vec![]));
    let one = world.get("/admin/people/export.csv?text=%E9%99%88").await;
    assert_eq!(one.lines().count(), 2, "{one}");

    let circle = "单位代码,单位名称,上级单位代码\n200,学院,201\n";
    let page = world.upload_to("units", "环.csv", circle.as_bytes()).await;
    assert!(world.get(&page).await.contains("上下级关系成环"));
    for register in ["units", "people"] {
        let template = world.get(&format!("/admin/{register}/template.csv")).await;
        let page = world.upload_to(register, "模板.csv", template.as_bytes()).await;
        // The example's unit is nowhere, which only its own register may know.
        let good = world.get(&page).await.contains("文件没有问题");
        assert_eq!(good, register == "units");
    }
}
