//! The gate on duty: judges what is shown, stores what happened, tells the guard.
//!
//! Order is everything here. Codes are judged one after the other, each with the log as the one before left it; an admission is
//! told only once it is on the disk.

use super::clock::{Clock, Reading};
use super::desk::{self, Asked, Next, Screen, Told, Tone};
use super::journal::{About, Entry};
use super::post::{Post, Taken};
use super::sight::Sight;
use super::sync::{Standing, Sync};
use super::tablet::{Storage, Tablet};
use crate::browser::keep::{self, Shelf};
use crate::browser::storage::StorageError;
use crate::browser::{self, crypto, device};
use async_lock::Mutex;
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pass::{Caution, Check, EventId, GateBundle, GateRefusal, Seen, Text, Uses, Verdict, What};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// The lock by which one tab has the gate.
const LOCK: &str = "campus-pass-gate";

/// Where the difference of the clocks is kept over a restart.
const CLOCK: &str = "gate-clock";

/// Says that this browser is a tablet, to the page for when there is no network (`public/offline.js`).
const IS_TABLET: &str = "gate-tablet";

/// How far the gate has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the storage.
    Starting,
    /// Another tab has the gate.
    OtherTab,
    /// This browser is no tablet yet.
    NotEnrolled,
    /// On duty.
    Ready,
    /// The server said that the tablet was revoked.
    Revoked,
    /// The storage cannot be used. What the browser said.
    Broken(String),
}

/// The gate on duty. A handle: copies are the same gate.
#[derive(Clone, Copy)]
pub struct Duty {
    /// How far it has come.
    pub stage: RwSignal<Stage>,
    /// What the guard sees.
    pub screen: RwSignal<Screen>,
    /// How things stand with the server.
    pub sync: RwSignal<Sync>,
    /// What is decided by.
    pub bundle: RwSignal<Option<Arc<GateBundle>>>,
    /// Rises with every event in the log.
    pub changes: RwSignal<u32>,
    /// Whether the browser promised to keep the storage.
    pub persisted: RwSignal<Option<bool>>,
    post: StoredValue<Option<Rc<Post>>, LocalStorage>,
    clock: StoredValue<Rc<Cell<Clock>>, LocalStorage>,
    sight: StoredValue<Rc<RefCell<Sight>>, LocalStorage>,
    /// Held while the server is called as one tablet: nobody becomes another one in the middle of that.
    line: StoredValue<Rc<Mutex<()>>, LocalStorage>,
    /// Rises with every screen, so that a timer knows its own.
    shown: StoredValue<u64>,
}

impl Duty {
    /// Begins: reads the storage, then keeps in touch with the server for as long as the page lives.
    pub fn begin() -> Self {
        let clock = keep::read(Shelf::Device, CLOCK);
        let clock = clock.map_or_else(Clock::default, |text| Clock::from_text(&text));
        let duty = Self {
            stage: RwSignal::new(Stage::Starting),
            screen: RwSignal::new(Screen::Looking),
            sync: RwSignal::new(Sync::default()),
            bundle: RwSignal::new(None),
            changes: RwSignal::new(0),
            persisted: RwSignal::new(None),
            post: StoredValue::new_local(None),
            clock: StoredValue::new_local(Rc::new(Cell::new(clock))),
            sight: StoredValue::new_local(Rc::default()),
            line: StoredValue::new_local(Rc::default()),
            shown: StoredValue::new(0),
        };
        spawn_local(async move {
            let mut tries = 0;
            while !device::hold_lock(LOCK).await {
                // A page that is being loaded anew has the lock for a moment longer.
                let wait = if tries < 5 { 100 } else { 2_000 };
                if tries == 5 {
                    duty.stage.set(Stage::OtherTab);
                }
                tries += 1;
                browser::sleep(core::time::Duration::from_millis(wait)).await;
            }
            duty.stage.set(Stage::Starting);
            duty.check_clock();
            if let Err(error) = duty.start().await {
                duty.stage.set(Stage::Broken(error.0));
            }
            super::upload::keep_in_touch(duty).await;
        });
        duty
    }

    async fn start(self) -> Result<(), StorageError> {
        match Storage::open().await?.tablet().await? {
            Some(tablet) => self.take_post(tablet).await,
            None => {
                self.stage.set(Stage::NotEnrolled);
                Ok(())
            }
        }
    }

    /// Goes on duty as this tablet.
    ///
    /// # Errors
    /// When its storage cannot be read.
    pub async fn take_post(self, tablet: Tablet) -> Result<(), StorageError> {
        let Taken {
            post,
            bundle,
            waiting,
            revoked,
        } = Post::take(tablet).await?;
        self.bundle.set(Some(Arc::new(bundle)));
        self.sync.update(|sync| {
            *sync = Sync {
                waiting,
                clock: sync.clock,
                ..Sync::default()
            };
        });
        self.post.set_value(Some(Rc::new(post)));
        self.screen.set(Screen::Looking);
        self.stage
            .set(if revoked { Stage::Revoked } else { Stage::Ready });
        keep::write(Shelf::Device, IS_TABLET, "1");
        self.persisted.set(device::persist_storage().await);
        Ok(())
    }

    /// Held while the server is called as one tablet, and while this browser becomes another one.
    pub fn line(self) -> Rc<Mutex<()>> {
        self.line.try_get_value().unwrap_or_default()
    }

    /// What the tablet works with, once it is on duty.
    pub fn post(self) -> Option<Rc<Post>> {
        self.post.try_get_value().flatten()
    }

    /// The time, as right as it is known here.
    pub fn now(self) -> Timestamp {
        self.clock.with_value(|clock| clock.get().now(reading()))
    }

    /// The server's clock less the tablet's was measured.
    pub fn clock_measured(self, skew: SignedDuration) {
        self.clock.with_value(|clock| {
            let mut set = clock.get();
            set.measured(skew, reading());
            clock.set(set);
            if let Some(text) = set.to_text() {
                keep::write(Shelf::Device, CLOCK, &text);
            }
        });
        self.check_clock();
    }

    /// Looks how far the tablet's clock is off, as far as it is known.
    pub fn check_clock(self) {
        let difference = self.clock.with_value(|clock| clock.get().difference(reading()));
        self.sync.update(|sync| sync.clock = difference);
    }

    /// The camera read a code.
    pub fn saw(self, text: String) {
        let now = browser::now();
        let yields = self.screen.with_untracked(Screen::yields);
        let is_new = self.sight.with_value(|sight| {
            let mut sight = sight.borrow_mut();
            if yields {
                sight.see(&text, now)
            } else {
                sight.hold(&text, now);
                false
            }
        });
        if is_new {
            spawn_local(self.judge(text));
        }
    }

    /// A hardware scanner or the guard typed a line.
    pub fn typed(self, text: String) {
        if self.screen.with_untracked(Screen::yields) {
            spawn_local(self.judge(text));
        }
    }

    async fn judge(self, text: String) {
        let Some((post, bundle)) = self.post().zip(self.bundle.get_untracked()) else {
            return;
        };
        let _turn = post.turn.lock().await;
        if self.stage.get_untracked() != Stage::Ready || !self.screen.with_untracked(Screen::yields) {
            return;
        }
        let now = self.now();
        let verdict = pass::verify(&text, &bundle, post.journal.borrow().redemptions(), now);
        match desk::next(verdict, None) {
            Next::Ask(seen, cautions) => self.ask(text, now, seen, cautions),
            Next::Store(what, told, checks) => self.carry_out(&post, &bundle, what, told, &checks).await,
        }
    }

    fn ask(self, text: String, shown_at: Timestamp, seen: Seen, cautions: Vec<Caution>) {
        self.show(Screen::Asking(Asked {
            number: self.shown.get_value() + 1,
            since: browser::steady(),
            text,
            shown_at,
            seen,
            cautions,
        }));
    }

    /// The question on the screen, by its number.
    pub fn question(self) -> Option<u64> {
        self.screen.with_untracked(|screen| match screen {
            Screen::Asking(asked) => Some(asked.number),
            _ => None,
        })
    }

    /// The guard answers the question of this number, if it is the one on the screen and could be seen.
    pub async fn decide(self, agreed: bool, question: u64) {
        let answered_at = browser::steady();
        let Some((post, bundle)) = self.post().zip(self.bundle.get_untracked()) else {
            return;
        };
        let _turn = post.turn.lock().await;
        let Screen::Asking(asked) = self.screen.get_untracked() else {
            return;
        };
        if !asked.takes(question, answered_at) {
            return;
        }
        // Judged anew as of when it was shown: the log may know more by now.
        let verdict: Verdict = pass::verify(
            &asked.text,
            &bundle,
            post.journal.borrow().redemptions(),
            asked.shown_at,
        );
        let agreed = asked.answers(&verdict, agreed);
        match desk::next(verdict, agreed) {
            Next::Ask(seen, cautions) => self.ask(asked.text, asked.shown_at, seen, cautions),
            Next::Store(what, told, checks) => self.carry_out(&post, &bundle, what, told, &checks).await,
        }
    }

    /// Stores and tells: who is let in is stored first, who is turned away is told first.
    async fn carry_out(self, post: &Post, bundle: &GateBundle, what: What, told: Told, checks: &[Check]) {
        let is_admitted = matches!(told, Told::Admitted(_));
        if !is_admitted {
            self.show(Screen::Telling(told.clone()));
        }
        let (about, title, valid_until) = match &told {
            Told::Admitted(seen) => (
                About::seen(seen),
                Some(seen.title.clone()),
                (seen.uses != Uses::Many).then_some(seen.valid_until),
            ),
            Told::ByGuard(seen) | Told::Refused(_, Some(seen)) => {
                (About::seen(seen), Some(seen.title.clone()), None)
            }
            Told::Refused(GateRefusal::NumberOnly { number, .. }, None) => (
                About {
                    number: Some(*number),
                    ..About::default()
                },
                None,
                None,
            ),
            Told::Refused(..) | Told::NotStored(_) => (About::default(), None, None),
        };
        let about = About { checks, ..about };
        let stored = self.store(post, bundle, what, about, title, valid_until).await;
        match stored {
            Ok(()) if is_admitted => self.show(Screen::Telling(told)),
            Ok(()) => {}
            Err(error) => self.show(Screen::Telling(Told::NotStored(error.0))),
        }
    }

    async fn store(
        self,
        post: &Post,
        bundle: &GateBundle,
        what: What,
        about: About<'_>,
        title: Option<Text>,
        valid_until: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        let id = EventId(version_4(crypto::random()?));
        let event = post
            .journal
            .borrow()
            .next(id, what, about, &bundle.checkpoint, self.now());
        let entry = Entry {
            event,
            checkpoint: bundle.checkpoint.name.clone(),
            title,
            valid_until,
        };
        post.append(entry).await?;
        self.sync.update(|sync| sync.waiting += 1);
        self.changes.update(|changes| *changes += 1);
        super::upload::hurry();
        Ok(())
    }

    /// Takes an admission back that was a mistake. False when there is none to take back.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn void(self, mistaken: EventId) -> Result<bool, StorageError> {
        let Some((post, bundle)) = self.post().zip(self.bundle.get_untracked()) else {
            return Ok(false);
        };
        let _turn = post.turn.lock().await;
        let found = {
            let journal = post.journal.borrow();
            let entry = journal
                .entries()
                .iter()
                .find(|entry| entry.event.id == mistaken)
                .cloned();
            entry.filter(|_| journal.may_be_voided(mistaken))
        };
        let Some(Entry {
            event,
            title,
            valid_until,
            ..
        }) = found
        else {
            return Ok(false);
        };
        let about = About {
            number: event.number,
            kind_no: event.kind_no,
            name: &event.name,
            checks: &[],
        };
        self.store(
            &post,
            &bundle,
            What::Voided { event: mistaken },
            about,
            title,
            valid_until,
        )
        .await?;
        Ok(true)
    }

    /// The log, newest first, each with whether it may be taken back.
    pub fn log(self) -> Vec<(Entry, bool)> {
        self.changes.track();
        let Some(post) = self.post() else { return vec![] };
        let journal = post.journal.borrow();
        let voided = journal.voided();
        let line = |entry: &Entry| {
            let may_go = entry.event.what.lets_pass() && !voided.contains(&entry.event.id);
            (entry.clone(), may_go)
        };
        journal.entries().iter().rev().map(line).collect()
    }

    /// The camera's picture again.
    pub fn look(self) {
        self.show(Screen::Looking);
    }

    /// Shows a screen, sounds it, and takes it away again after its time.
    fn show(self, screen: Screen) {
        if let Some(tone) = screen.tone() {
            signal(tone);
        }
        let lasts = screen.lasts();
        let is_asking = matches!(screen, Screen::Asking(_));
        let mine = self.shown.get_value() + 1;
        self.shown.set_value(mine);
        self.screen.set(screen);
        if let Some(lasts) = lasts {
            spawn_local(async move {
                browser::sleep(lasts).await;
                if self.shown.try_get_value() != Some(mine) {
                    return;
                }
                if is_asking {
                    self.decide(false, mine).await;
                } else {
                    self.look();
                }
            });
        }
    }

    /// How things stand with the server.
    pub fn standing(self) -> Standing {
        self.sync.with(Sync::standing)
    }
}

/// Sound and shake, each of its own kind, so that a guard who looks elsewhere knows.
fn signal(tone: Tone) {
    match tone {
        Tone::Admit => {
            device::sound(&[(880.0, 0.0, 0.12), (1320.0, 0.12, 0.18)]);
            device::vibrate(&[80]);
        }
        Tone::Refuse => {
            device::sound(&[(220.0, 0.0, 0.3), (180.0, 0.35, 0.5)]);
            device::vibrate(&[300, 100, 300]);
        }
        Tone::Caution => {
            device::sound(&[(600.0, 0.0, 0.12), (600.0, 0.2, 0.12), (600.0, 0.4, 0.12)]);
            device::vibrate(&[120, 80, 120, 80, 120]);
        }
    }
}

fn reading() -> Reading {
    Reading {
        device: browser::now(),
        steady: browser::steady(),
    }
}

/// Random bytes as a UUID of version 4 (RFC 9562 §5.4).
fn version_4(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}
