//! Messages handed over to what stands for the other side: a gateway and push services that speak HTTP, a mail server that speaks as
//! much SMTP as a client needs. Each notes what it was given.

mod mail;
mod push;
mod sinks;
mod sms;

use app::backend::issuer::Issuers;
use app::backend::now;
use pass::{Channel, Language, News, Notice, Text};
use server::deliver::settings::TellingSettings;
use server::deliver::{Delivery, Outside};
use std::path::PathBuf;
use std::sync::Arc;
use store::message::Message;
use store::site::NewSite;
use store::{AccountId, Pool, SiteId};
use uuid::Uuid;

pub const PHONE: &str = "13800138000";
pub const SECRET: &str = "a secret of the gateway";

/// A site, and somebody with a telephone there.
pub struct World {
    pub pool: Pool,
    pub site: SiteId,
    pub account: AccountId,
}

impl World {
    pub async fn new(pool: Pool, demo: bool) -> World {
        let code = "real".parse().unwrap();
        let new = NewSite {
            code: &code,
            name: &Text::new("示范大学", "Example University"),
            time_zone: "Asia/Shanghai",
            hosts: &["pass.example.edu"],
            demo,
        };
        let site = store::site::create(&pool, new, now()).await.unwrap();
        let account = store::account::by_phone_or_create(&pool, site, PHONE, now())
            .await
            .unwrap()
            .id;
        World { pool, site, account }
    }

    /// Tells the person something new.
    pub async fn tell(&self) -> Uuid {
        let application = Uuid::new_v4();
        let notice = Notice {
            application,
            title: Text::new("居民出入证", "Resident's pass"),
            news: News::Lapsed,
        };
        let mut connection = self.pool.acquire().await.unwrap();
        store::message::tell(
            &mut connection,
            self.site,
            self.account,
            &notice,
            application,
            now(),
        )
        .await
        .unwrap();
        application
    }

    pub async fn choose(&self, channel: Channel) {
        store::contact::choose(&self.pool, self.site, self.account, &[channel], Language::Zh)
            .await
            .unwrap();
    }

    /// Every message, the oldest first.
    pub async fn messages(&self) -> Vec<Message> {
        let mut rows = store::message::list(&self.pool, self.site, None, 200)
            .await
            .unwrap()
            .rows;
        rows.reverse();
        rows
    }

    /// Where the only message stands, and what the last try met.
    pub async fn standing(&self) -> (&'static str, Option<String>) {
        let mut rows = self.messages().await;
        assert_eq!(rows.len(), 1);
        let row = rows.remove(0);
        (row.standing().as_str(), row.last_error)
    }
}

/// The way out with these settings.
pub fn delivery(settings: &TellingSettings) -> Delivery {
    let outside = Outside {
        secure: true,
        port: None,
    };
    Delivery::new(settings, Arc::new(Issuers::new(&[7; 32])), outside).unwrap()
}

/// Settings with a gateway at this address.
pub fn with_gateway(origin: &str) -> TellingSettings {
    TellingSettings {
        sms_url: Some(format!("{origin}/v1/sms?app=7")),
        sms_key_id: Some("campus".into()),
        sms_secret_file: Some(secret_file()),
        ..TellingSettings::default()
    }
}

/// A file with [`SECRET`]. The same for all tests, and written in one go.
fn secret_file() -> PathBuf {
    let path = std::env::temp_dir().join("campus-pass-test-secret");
    let fresh = path.with_extension(Uuid::new_v4().to_string());
    std::fs::write(&fresh, format!("{SECRET}\n")).unwrap();
    std::fs::rename(fresh, &path).unwrap();
    path
}
