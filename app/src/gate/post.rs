//! What an enrolled tablet works with: its storage, its log in memory, how far its uploads have come.

use super::journal::{Entry, Journal};
use super::sync::Progress;
use super::tablet::{Kept, Tablet};
use crate::browser::storage::StorageError;
use async_lock::Mutex;
use jiff::{SignedDuration, Timestamp};
use pass::GateBundle;
use std::cell::{Cell, RefCell};

/// How often old entries are forgotten.
const TIDY_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// What an enrolled tablet works with.
pub struct Post {
    /// Its key, its name, its storage.
    pub tablet: Tablet,
    /// The log in memory.
    pub journal: RefCell<Journal>,
    /// How far uploads have come.
    pub progress: Cell<Progress>,
    /// Held from judging to storing.
    pub turn: Mutex<()>,
    tidied_at: Cell<Option<Timestamp>>,
}

/// A post as it is taken, and what else was kept.
pub struct Taken {
    /// The post.
    pub post: Post,
    /// What is decided by.
    pub bundle: GateBundle,
    /// How many events wait to be uploaded.
    pub waiting: u64,
    /// Whether the server said that the tablet was revoked.
    pub revoked: bool,
}

impl Post {
    /// Reads what the tablet kept.
    ///
    /// # Errors
    /// When it cannot be read, or a part of it is gone.
    pub async fn take(tablet: Tablet) -> Result<Taken, StorageError> {
        let Kept {
            bundle,
            end,
            entries,
            acknowledged,
            revoked,
        } = tablet.kept().await?;
        let waiting = tablet.events_after(acknowledged).await?;
        // The browser has dropped events that the server never got: not to be glossed over.
        if waiting < end.seq.saturating_sub(acknowledged) {
            return Err(StorageError("Incomplete".to_owned()));
        }
        let journal = RefCell::new(Journal::new(tablet.identity.tablet, end, entries));
        let post = Self {
            tablet,
            journal,
            progress: Cell::new(Progress::new(acknowledged)),
            turn: Mutex::new(()),
            tidied_at: Cell::new(None),
        };
        Ok(Taken {
            post,
            bundle,
            waiting,
            revoked,
        })
    }

    /// Takes in an event that is signed and stored with its log line. Returns once it is on the disk.
    ///
    /// # Errors
    /// What the browser says; then nothing was stored.
    pub async fn append(&self, entry: Entry) -> Result<(), StorageError> {
        let end = self.journal.borrow().end();
        let end = self.tablet.append(&entry, end).await?;
        self.journal.borrow_mut().take(entry, end);
        Ok(())
    }

    /// Forgets old entries, now and then. To be called when the server has just been heard: `now` is right then.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn tidy(&self, now: Timestamp) -> Result<(), StorageError> {
        let is_due = |at: Timestamp| now.duration_since(at).abs() >= TIDY_EVERY;
        if !self.tidied_at.get().is_none_or(is_due) {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        let acknowledged = self.progress.get().acknowledged();
        let seqs = self.journal.borrow().may_go(acknowledged, now);
        if !seqs.is_empty() {
            self.tablet.forget(&seqs).await?;
            self.journal.borrow_mut().forget(&seqs);
        }
        self.tidied_at.set(Some(now));
        Ok(())
    }
}
