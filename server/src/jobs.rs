//! What the server does by itself: sends what is in the outbox, ends applications that nobody decided in time, and forgets what is
//! over.
//!
//! Every copy of the server runs these. They share the work safely: a message is claimed by one copy at a time, and forgetting
//! twice is forgetting once. A copy that dies loses its claims after [`LEASE`], and another one takes over.
//!
//! No gateway for real text messages is built in yet. A demonstration's messages are shown on its page and count as sent; at
//! any other site they wait in the outbox, and the log says so.

use app::backend::{calendar, now};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::site::Site;
use store::{Pool, message};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often the outbox is looked at.
const SEND_EVERY: Duration = Duration::from_secs(1);
/// How often what is over is forgotten.
const FORGET_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// How long a claimed message is this copy's.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Messages claimed at a time.
const BATCH: u16 = 50;
/// How long sent messages are kept: they hold telephone numbers and codes.
const KEEP_MESSAGES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long enrolment codes that nobody used are kept after they expired.
const KEEP_CODES: SignedDuration = SignedDuration::from_hours(24);
/// How long uploaded household files are kept: they hold names.
const KEEP_IMPORTS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The running jobs.
pub struct Jobs {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Jobs {
    /// Starts them.
    pub fn start(pool: Pool) -> Jobs {
        let (stop, stopped) = watch::channel(false);
        Jobs {
            stop,
            task: tokio::spawn(run(pool, stopped)),
        }
    }

    /// Lets what is being done end, and stops.
    pub async fn stop(self) {
        // Nobody listens any more only when the task is over already.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the background jobs ended in a fault");
        }
    }
}

async fn run(pool: Pool, mut stopped: watch::Receiver<bool>) {
    let mut forget_at = Timestamp::UNIX_EPOCH;
    loop {
        let now = now();
        if let Err(error) = send_all(&pool, now).await {
            tracing::error!(%error, "the outbox could not be looked at");
        }
        if now >= forget_at {
            if let Err(error) = overdue(&pool, now).await {
                tracing::error!(%error, "deadlines that went by could not be seen to");
            }
            if let Err(error) = lapse(&pool, now).await {
                tracing::error!(%error, "what nobody decided in time could not be ended");
            }
            match forget(&pool, now).await {
                Ok(()) => forget_at = now + FORGET_EVERY,
                Err(error) => tracing::error!(%error, "what is over could not be forgotten"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(SEND_EVERY) => {}
            _ = stopped.changed() => return,
        }
    }
}

/// Sends what is due, of every site.
///
/// # Errors
/// The store's.
pub async fn send_all(pool: &Pool, now: Timestamp) -> store::Result<()> {
    for site in store::site::all(pool).await? {
        loop {
            let due = message::claim_due(pool, site.id, BATCH, LEASE, now).await?;
            for one in &due {
                match deliver(&site) {
                    Ok(()) => message::sent(pool, site.id, one, now).await?,
                    Err(error) => message::failed(pool, site.id, one, error, now).await?,
                };
            }
            if due.len() < usize::from(BATCH) {
                break;
            }
        }
    }
    Ok(())
}

/// Hands a message over.
fn deliver(site: &Site) -> Result<(), &'static str> {
    if site.demo {
        // Its page of messages is where it is delivered.
        return Ok(());
    }
    tracing::warn!(site = %site.code, "no gateway for text messages is set: a message waits");
    Err("no gateway for text messages is set")
}

/// Does what the deadlines that went by say.
///
/// # Errors
/// The store's.
pub async fn overdue(pool: &Pool, now: Timestamp) -> store::Result<()> {
    for site in store::site::all(pool).await? {
        let overdue = store::task::overdue(pool, site.id, now).await?;
        if !overdue.is_empty() {
            let escalated = overdue.iter().filter(|one| one.escalated).count();
            tracing::info!(site = %site.code, overdue = overdue.len(), escalated, "steps are overdue");
        }
    }
    Ok(())
}

/// Ends the applications in review whose last day is over at their site.
///
/// # Errors
/// The store's.
pub async fn lapse(pool: &Pool, now: Timestamp) -> store::Result<()> {
    for site in store::site::all(pool).await? {
        // A site whose time zone is unknown keeps the others from nothing; the log has said so.
        let Ok(zone) = calendar::zone_of(&site) else {
            continue;
        };
        let lapsed = store::application::lapse(pool, site.id, zone.day_of(now), now).await?;
        if lapsed > 0 {
            tracing::info!(site = %site.code, lapsed, "applications ended that nobody decided in time");
        }
    }
    Ok(())
}

/// Forgets what is over, of every site.
///
/// # Errors
/// The store's.
pub async fn forget(pool: &Pool, now: Timestamp) -> store::Result<()> {
    for site in store::site::all(pool).await? {
        store::session::purge(pool, site.id, now).await?;
        store::sign_in::purge(pool, site.id, now).await?;
        store::rate::purge(pool, site.id, now).await?;
        store::tablet::purge_codes(pool, site.id, now - KEEP_CODES).await?;
        message::purge(pool, site.id, now - KEEP_MESSAGES).await?;
        store::register_import::purge(pool, site.id, now - KEEP_IMPORTS).await?;
    }
    Ok(())
}
