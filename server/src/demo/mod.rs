//! The demonstration: an invented university with a week behind it, and a small second site beside it in the same database.
//!
//! Every step looks whether its work is there already, so making the demonstration again changes nothing, and one that was
//! interrupted is completed. Names, times and choices follow from a fixed seed, relative to today; keys are random, as always.

mod admissions;
mod applications;
mod campus;
mod chance;
mod kinds;
mod people;
mod plan;
mod register;
mod second;
mod tablet;
mod work;

pub use people::{STAFF, Staff, VISITOR_PHONE};
pub use register::{LOGINS, Login};
pub use second::STAFF as SECOND;

use app::backend::issuing::Signer;
use app::backend::{Backend, calendar};
use chance::Chance;
use jiff::{SignedDuration, Timestamp};
use pass::{KindNo, PassKind, SiteCode, SiteZone, Text};
use store::site::NewSite;
use store::{Pool, SiteId};

/// What can stop the demonstration from being made.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The first site's code.
const CODE: &str = "yunling";
/// Where everything about chance begins.
const SEED: u64 = 20_200_217;

/// What the steps work with.
pub(crate) struct Making<'a> {
    /// The database and the keys.
    pub backend: &'a Backend,
    /// The site that is being made.
    pub site: store::site::Site,
    /// Signs for it.
    pub signer: Signer,
    /// Its calendar.
    pub zone: SiteZone,
    /// The present.
    pub now: Timestamp,
}

/// Makes both sites, as far as they are not there.
///
/// # Errors
/// The database's, or a document of ours that is no pass kind.
pub async fn make(backend: &Backend, now: Timestamp) -> Result<(), Failure> {
    let name = Text::new("云岭大学", "Yunling University");
    let hosts = ["localhost", "127.0.0.1", "[::1]"];
    let making = Making::begin(backend, CODE, &name, &hosts, now).await?;
    let mut chance = Chance::new(SEED);
    making.places().await?;
    let kinds = making.kinds(&kinds::first()?).await?;
    making.kinds(&kinds::others()?).await?;
    let rows = campus::households(&mut chance);
    store::household::import(making.pool(), making.site.id, &rows, now).await?;
    let people = making.people(&mut chance, &rows).await?;
    making.register().await?;
    making.applications(&mut chance, &people, &kinds).await?;
    making.visitors_pass(&people, &kinds).await?;
    making.work().await?;
    making.admissions(&mut chance, &people).await?;
    second::make(backend, now).await
}

impl<'a> Making<'a> {
    /// The site of that code, made now if it is not there, with a key that signs.
    pub(crate) async fn begin(
        backend: &'a Backend,
        code: &str,
        name: &Text,
        hosts: &[&str],
        now: Timestamp,
    ) -> Result<Making<'a>, Failure> {
        let pool = &backend.pool;
        let code: SiteCode = code.parse()?;
        let there = store::site::all(pool)
            .await?
            .into_iter()
            .find(|site| site.code == code);
        let id = match there {
            Some(site) => site.id,
            None => {
                let new = NewSite {
                    code: &code,
                    name,
                    time_zone: "Asia/Shanghai",
                    demo: true,
                    hosts,
                };
                store::site::create(pool, new, now).await?
            }
        };
        let site = store::site::get(pool, id).await?.ok_or("the site has gone")?;
        if store::issuer_key::active(pool, id).await?.is_none() {
            backend.issuers.create(pool, id, now).await?;
        }
        let zone = calendar::zone_of(&site)?;
        let signer = Signer::of(backend, &site).await?;
        Ok(Making {
            backend,
            site,
            signer,
            zone,
            now,
        })
    }

    pub(crate) fn pool(&self) -> &'a Pool {
        &self.backend.pool
    }

    pub(crate) fn id(&self) -> SiteId {
        self.site.id
    }

    /// Zones and gates.
    async fn places(&self) -> Result<(), Failure> {
        if store::checkpoint::zones(self.pool(), self.id()).await?.is_empty() {
            for (no, zh, en) in campus::ZONES {
                store::checkpoint::create_zone(self.pool(), self.id(), *no, &Text::new(zh, en)).await?;
            }
        }
        if store::checkpoint::list(self.pool(), self.id()).await?.is_empty() {
            for (at, gate) in campus::GATES.iter().enumerate() {
                let name = Text::new(gate.zh, gate.en);
                let new = store::checkpoint::NewCheckpoint {
                    zone: gate.zone,
                    name: &name,
                    direction: gate.direction,
                };
                // Lists are in order of age.
                let made_at = self.now + SignedDuration::from_millis(i64::try_from(at).unwrap_or(0));
                store::checkpoint::create(self.pool(), self.id(), new, made_at).await?;
            }
        }
        Ok(())
    }

    /// Publishes the kinds that are not; returns their numbers in the same order.
    pub(crate) async fn kinds(&self, kinds: &[PassKind]) -> Result<Vec<KindNo>, Failure> {
        let mut numbers = Vec::new();
        for kind in kinds {
            let newest = store::pass_kind::newest(self.pool(), self.id(), &kind.key).await?;
            numbers.push(match newest {
                Some(published) => published.no,
                None => store::pass_kind::publish(self.pool(), self.id(), kind, None, self.now).await?,
            });
        }
        Ok(numbers)
    }
}
