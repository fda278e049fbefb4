//! What the server does by itself: sends what is in the outbox, ends applications that nobody decided in time, reminds, and forgets what is
//! over.
//!
//! Every copy of the server runs these. They share the work safely: a message is claimed by one copy at a time, and forgetting
//! twice is forgetting once. A copy that dies loses its claims after [`LEASE`], and another one takes over.

use crate::deliver::{Delivery, Undelivered};
use crate::shelf::Shelf;
use app::backend::channels::Channels;
use app::backend::{calendar, now};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use pass::Channel;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::site::Site;
use store::{Pool, message};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the outbox is looked at.
const SEND_EVERY: Duration = Duration::from_secs(1);
/// How often what is over is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(600);
/// How long a claimed message is this copy's: longer than handing one over may take, so that no two send it at once.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Messages claimed at a time, and handed over at the same time.
const BATCH: u16 = 20;
/// How long sent messages are kept: they hold telephone numbers and codes.
const KEEP_MESSAGES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long enrolment codes that nobody used are kept after they expired.
const KEEP_CODES: SignedDuration = SignedDuration::from_hours(24);
/// How long uploaded household files are kept: they hold names.
const KEEP_IMPORTS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long drafts are kept that nobody came back to: they hold what people say of themselves.
const KEEP_DRAFTS: SignedDuration = SignedDuration::from_hours(180 * 24);

/// How long attachments are kept that no application and no draft names: as long as somebody may still be filling in its form.
const KEEP_UNNAMED: SignedDuration = SignedDuration::from_hours(24);

/// The running jobs.
pub struct Jobs {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Jobs {
    /// Starts them. Each channel has a job of its own: a mail server that is slow keeps no sign-in code waiting.
    pub fn start(pool: Pool, delivery: &Arc<Delivery>, shelf: Shelf) -> Jobs {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for channel in Channel::ALL {
            let (pool, delivery, mut stopped) = (pool.clone(), delivery.clone(), stopped.clone());
            tasks.spawn(async move {
                while goes_on(&mut stopped, SEND_EVERY).await {
                    if let Err(error) = send_by(channel, &pool, &delivery, now()).await {
                        tracing::error!(%error, %channel, "the outbox could not be looked at");
                    }
                }
            });
        }
        tasks.spawn(tidy(pool, shelf, stopped));
        Jobs { stop, tasks }
    }

    /// Lets what is being done end, and stops.
    pub async fn stop(mut self) {
        // Nobody listens any more only when the tasks are over already.
        let _ = self.stop.send(true);
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a background job ended in a fault");
            }
        }
    }
}

/// Waits for the next turn. False when there is none.
async fn goes_on(stopped: &mut watch::Receiver<bool>, wait: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(wait) => true,
        _ = stopped.changed() => false,
    }
}

/// Sees to deadlines, ends what nobody decided in time, and forgets what is over: at once and then every few minutes. What failed is done again soon.
async fn tidy(pool: Pool, shelf: Shelf, mut stopped: watch::Receiver<bool>) {
    loop {
        let now = now();
        if let Err(error) = overdue(&pool, now).await {
            tracing::error!(%error, "deadlines that went by could not be seen to");
        }
        if let Err(error) = lapse(&pool, now).await {
            tracing::error!(%error, "what nobody decided in time could not be ended");
        }
        if let Err(error) = sweep(&pool, &shelf, now).await {
            tracing::error!(%error, "attachments that nobody names could not be forgotten");
        }
        let wait = match forget(&pool, now).await {
            Ok(()) => FORGET_EVERY,
            Err(error) => {
                tracing::error!(%error, "what is over could not be forgotten");
                SEND_EVERY
            }
        };
        if !goes_on(&mut stopped, wait).await {
            return;
        }
    }
}

/// Says in the log which sites have no way to send text messages: nobody can sign in by phone there.
///
/// # Errors
/// The store's.
pub async fn warn_of_silence(pool: &Pool, channels: &Channels) -> store::Result<()> {
    for site in store::site::all(pool).await? {
        if !channels.reach(&site, Channel::Sms) {
            tracing::warn!(
                site = %site.code,
                "no gateway for text messages is set (CAMPUS_SMS_URL): nobody can sign in by phone"
            );
        }
    }
    Ok(())
}

/// Sends what is due, of every site and by every channel.
///
/// # Errors
/// The store's.
pub async fn send_all(pool: &Pool, delivery: &Delivery, now: Timestamp) -> store::Result<()> {
    for channel in Channel::ALL {
        send_by(channel, pool, delivery, now).await?;
    }
    Ok(())
}

/// Sends what is due by one channel, of every site; no site waits for another.
async fn send_by(channel: Channel, pool: &Pool, delivery: &Delivery, now: Timestamp) -> store::Result<()> {
    let sites = store::site::all(pool).await?;
    let sent = sites
        .iter()
        .map(|site| send_for(site, channel, pool, delivery, now));
    join_all(sent).await.into_iter().collect()
}

async fn send_for(
    site: &Site,
    channel: Channel,
    pool: &Pool,
    delivery: &Delivery,
    now: Timestamp,
) -> store::Result<()> {
    message::expire(pool, site.id, now).await?;
    let begun = Instant::now();
    // Handing over takes its time: a claim, and a wait before the next try, begin when they begin.
    let clock = || now + SignedDuration::try_from(begun.elapsed()).unwrap_or_default();
    loop {
        let due = message::claim_due(pool, site.id, channel, BATCH, LEASE, clock()).await?;
        let handed = due.iter().map(|one| async {
            match delivery.deliver(pool, site, one).await {
                Ok(()) => message::sent(pool, site.id, one, clock()).await,
                Err(Undelivered::Again(error)) => message::failed(pool, site.id, one, &error, clock()).await,
                Err(Undelivered::Never(error)) => {
                    message::given_up(pool, site.id, one, &error, clock()).await
                }
            }
        });
        for noted in join_all(handed).await {
            noted?;
        }
        if due.len() < usize::from(BATCH) {
            return Ok(());
        }
    }
}

/// Does what the deadlines that went by say: reminds who decides, and calls in others.
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

/// Forgets attachments that no application names, of every site. What cannot be taken away now is tried again the next time.
///
/// # Errors
/// The store's.
pub async fn sweep(pool: &Pool, shelf: &Shelf, now: Timestamp) -> store::Result<()> {
    for site in store::site::all(pool).await? {
        loop {
            let condemned = store::attachment::condemn(pool, site.id, now - KEEP_UNNAMED, BATCH, now).await?;
            let mut left = condemned.len() == usize::from(BATCH);
            for one in &condemned {
                match shelf.remove(site.id, one).await {
                    Ok(()) => store::attachment::forget(pool, site.id, one.id).await?,
                    Err(error) => {
                        tracing::warn!(site = %site.code, %error, "an attachment stays for now");
                        left = false;
                    }
                }
            }
            if !left {
                break;
            }
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
        store::site_sign_in::purge(pool, site.id, now).await?;
        store::rate::purge(pool, site.id, now).await?;
        store::tablet::purge_codes(pool, site.id, now - KEEP_CODES).await?;
        message::purge(pool, site.id, now - KEEP_MESSAGES).await?;
        store::register_import::purge(pool, site.id, now - KEEP_IMPORTS).await?;
        store::draft::purge(pool, site.id, now - KEEP_DRAFTS).await?;
    }
    Ok(())
}
