//! Pass kinds published from a folder: all or none, and what says the same changes nothing.

use app::backend::now;
use app::backend::presets::Preset;
use pass::{SiteCode, Text};
use server::settings::{PublishKinds, PublishPreset, Settings};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::path::{Path, PathBuf};
use store::{Pool, SiteId};

const GOOD: &str = include_str!("../../../app/kinds/cqu/resident-once.toml");

/// A site with two zones.
async fn site(pool: &Pool) -> SiteId {
    let (code, name): (SiteCode, Text) = ("example".parse().unwrap(), Text::new("示范大学", "Example"));
    let new = store::site::NewSite {
        code: &code,
        name: &name,
        time_zone: "Asia/Shanghai",
        hosts: &["pass.example.edu"],
        demo: false,
    };
    let site = store::site::create(pool, new, now()).await.unwrap();
    for zone in [0, 1] {
        store::checkpoint::create_zone(pool, site, zone, &Text::new("校区", "Zone"))
            .await
            .unwrap();
    }
    site
}

fn folder(documents: &[(&str, &str)]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("campus-kinds-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    for (name, text) in documents {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder
}

async fn publish(options: &PgConnectOptions, folder: &Path) -> Result<(), String> {
    let asked = PublishKinds {
        site: "example".into(),
        folder: folder.to_owned(),
    };
    let done = server::kinds::publish(&settings(options), &asked).await;
    std::fs::remove_dir_all(folder).unwrap();
    done.map_err(|error| error.to_string())
}

/// Where the database is that these options lead to.
fn settings(options: &PgConnectOptions) -> Settings {
    Settings {
        database_url: options.to_url_lossy().to_string(),
        seal_key_file: PathBuf::new(),
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_preset_is_one_command(pools: PgPoolOptions, options: PgConnectOptions) {
    let pool = pools.connect_with(options.clone()).await.unwrap();
    let site = site(&pool).await;
    for preset in Preset::ALL {
        let asked = PublishPreset {
            site: "example".into(),
            preset,
        };
        for _ in 0..2 {
            server::kinds::publish_preset(&settings(&options), &asked)
                .await
                .unwrap();
        }
    }
    let versions = versions(&pool, site).await;
    let documents: usize = Preset::ALL.iter().map(|preset| preset.documents().len()).sum();
    // One document is in two presets, word for word.
    assert_eq!(versions.len(), documents - 1);
    assert!(
        versions.iter().all(|(_, version)| *version == 1),
        "twice changes nothing"
    );
}

/// Every version there is: key and version.
async fn versions(pool: &Pool, site: SiteId) -> Vec<(String, u32)> {
    let all = store::pass_kind::all(pool, site).await.unwrap();
    all.into_iter()
        .map(|one| (one.kind.key.to_string(), one.kind.version))
        .collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_has_changed_becomes_the_next_version(pools: PgPoolOptions, options: PgConnectOptions) {
    let pool = pools.connect_with(options.clone()).await.unwrap();
    let site = site(&pool).await;
    let once = |version| ("resident-once".to_owned(), version);
    publish(&options, &folder(&[("a.toml", GOOD)])).await.unwrap();
    assert_eq!(versions(&pool, site).await, [once(1)]);
    publish(&options, &folder(&[("a.toml", GOOD)])).await.unwrap();
    assert_eq!(versions(&pool, site).await, [once(1)]);
    let longer = GOOD.replace("latest_days = 6", "latest_days = 9");
    publish(&options, &folder(&[("a.toml", &longer)])).await.unwrap();
    assert_eq!(versions(&pool, site).await, [once(1), once(2)]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_fault_and_nothing_is_published(pools: PgPoolOptions, options: PgConnectOptions) {
    let pool = pools.connect_with(options.clone()).await.unwrap();
    let site = site(&pool).await;
    let other = GOOD.replace("key = \"resident-once\"", "key = \"other\"");
    for (from, to, says) in [
        (
            "role = \"office\"",
            "role = \"dean\"",
            "b.toml:18: unknown variant `dean`",
        ),
        (
            "zones = [0, 1]",
            "zones = [0, 7]",
            "zones: The site has no zone 7.",
        ),
        (
            "longest_days = 1",
            "longest_days = 0",
            "window.longest_days: Not less than 1.",
        ),
    ] {
        let wrong = other.replace(from, to);
        let told = publish(&options, &folder(&[("a.toml", GOOD), ("b.toml", &wrong)]))
            .await
            .unwrap_err();
        assert!(told.contains(says), "{told}");
        assert_eq!(versions(&pool, site).await, []);
    }
    let nowhere = publish(&options, &folder(&[])).await.unwrap_err();
    assert!(nowhere.contains("no .toml document"), "{nowhere}");
}
