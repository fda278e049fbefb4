//! A site that listens on a port of its own, with people in its register.

use app::backend::channels::Channels;
use app::backend::issuer::Issuers;
use app::backend::{Assets, Backend, now};
use leptos::prelude::LeptosOptions;
use pass::Text;
use pass::person::PersonKind;
use server::files::Files;
use server::routes::{self, Shared};
use server::shelf::Shelf;
use server::sign_in::{self, SignIns};
use std::net::SocketAddr;
use std::sync::Arc;
use store::person::NewPerson;
use store::{AccountId, Pool, SiteId, UnitId};
use tokio::net::TcpListener;

pub struct World {
    pub pool: Pool,
    pub site: SiteId,
    unit: UnitId,
    listener: Option<TcpListener>,
    /// Where the site is, without a slash at the end.
    pub url: String,
}

impl World {
    /// The site, which listens but does not answer yet.
    pub async fn new(pool: Pool) -> Self {
        let issuers = Issuers::new(&[7; 32]);
        let code = "example".parse().unwrap();
        let new = store::site::NewSite {
            code: &code,
            name: &Text::new("示范大学", "Example University"),
            time_zone: "Asia/Shanghai",
            hosts: &["localhost"],
            demo: false,
        };
        let site = store::site::create(&pool, new, now()).await.unwrap();
        issuers.create(&pool, site, now()).await.unwrap();
        let name = Text::new("计算机学院", "Computing");
        let unit = store::unit::create(&pool, site, "CS", &name, None).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let world = Self {
            pool,
            site,
            unit,
            listener: Some(listener),
            url,
        };
        world.person("07000001", "李明").await;
        world.person("E-07000001", "周工").await;
        world
    }

    /// Enters somebody.
    pub async fn person(&self, number: &str, name: &str) -> AccountId {
        let new = NewPerson {
            number,
            name,
            kind: PersonKind::Staff,
            unit: self.unit,
            phone: None,
            mail: None,
        };
        store::person::create(&self.pool, self.site, new, now())
            .await
            .unwrap()
    }

    /// Answers from now on, with the sign-ins of this document.
    pub fn serve(&mut self, document: &str) {
        let sign_ins = read(document, self.url.rsplit(':').next().unwrap());
        let shared = Shared {
            backend: Backend {
                pool: self.pool.clone(),
                issuers: Arc::new(Issuers::new(&[7; 32])),
                assets: Arc::new(Assets::default()),
                secure: false,
                channels: Channels {
                    sms: true,
                    ..Channels::default()
                },
            },
            files: Files(Arc::new(std::env::temp_dir().join("no-such-folder"))),
            shelf: Shelf::Database,
            leptos: LeptosOptions::builder().output_name("app").build(),
        };
        let router = sign_in::with(routes::router(shared, false), sign_ins);
        let listener = self.listener.take().unwrap();
        tokio::spawn(async move {
            axum::serve(
                listener,
                router.into_make_service_with_connect_info::<SocketAddr>(),
            )
            .await
            .unwrap();
        });
    }

    /// How many accounts there are.
    pub async fn accounts(&self) -> i64 {
        sqlx::query_scalar("select count(*) from account")
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// How many sessions there are.
    pub async fn sessions(&self) -> i64 {
        sqlx::query_scalar("select count(*) from session")
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}

fn read(document: &str, port: &str) -> SignIns {
    let folder = std::env::temp_dir().join(format!("campus-site-sign-in-{}-{port}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("secret"), "campus-pass-secret\n").unwrap();
    let file = folder.join("sign-in.toml");
    std::fs::write(
        &file,
        document.replace("SECRET", folder.join("secret").to_str().unwrap()),
    )
    .unwrap();
    let read = sign_in::read(&file).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    read
}
