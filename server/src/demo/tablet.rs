//! A tablet that exists only while the demonstration is made: its key is random and forgotten afterwards.

use super::{Failure, Making};
use app::backend::secret;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use pass::admission::{self, chain_start};
use pass::{
    AdmissionEvent, Check, EventId, Hash, KindNo, PassNumber, PublicKey, TabletId, TabletPublic, What,
};
use store::AccountId;
use store::admission::Received;
use store::checkpoint::Checkpoint;
use store::tablet::NewCode;

/// How often a tablet uploads.
const EVERY: SignedDuration = SignedDuration::from_hours(12);

/// The tablet, its key, and what it has noted.
pub(crate) struct DemoTablet {
    public: TabletPublic,
    key: SigningKey,
    checkpoint: Checkpoint,
    previous: Hash,
    /// When, and the sealed event; the first one has number 1.
    log: Vec<(Timestamp, Vec<u8>)>,
}

impl DemoTablet {
    /// Enrols with a code of the administrator, as a real one does.
    pub(crate) async fn enrol(
        making: &Making<'_>,
        checkpoint: &Checkpoint,
        name: &str,
        administrator: AccountId,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let key = loop {
            // A random scalar is out of range once in 2^32 draws; then another is drawn.
            if let Ok(key) = SigningKey::from_slice(&secret::random::<32>()) {
                break key;
            }
        };
        let public = PublicKey::from_sec1(key.verifying_key().to_sec1_point(false).as_bytes())?;
        let code_hash = secret::random::<32>();
        let new = NewCode {
            code_hash: &code_hash,
            checkpoint: checkpoint.id,
            name,
            by: administrator,
        };
        store::tablet::create_code(making.pool(), making.id(), new, now).await?;
        let enrolled = store::tablet::enrol(making.pool(), making.id(), &code_hash, &public, now)
            .await?
            .ok_or("a fresh enrolment code was not taken")?;
        Ok(Self {
            previous: chain_start(enrolled.public.id),
            public: enrolled.public,
            key,
            checkpoint: checkpoint.clone(),
            log: Vec::new(),
        })
    }

    /// The tablet's name.
    pub(crate) fn id(&self) -> TabletId {
        self.public.id
    }

    /// Notes an event in the log.
    pub(crate) fn note(
        &mut self,
        at: Timestamp,
        pass: Option<(PassNumber, KindNo, &str)>,
        what: What,
        checks: Vec<Check>,
    ) -> Result<EventId, Failure> {
        let event = AdmissionEvent {
            id: EventId(secret::random::<16>()),
            tablet: self.public.id,
            seq: self.log.len() as u64 + 1,
            at: Timestamp::from_millisecond(at.as_millisecond())?,
            checkpoint: self.checkpoint.id,
            direction: self.checkpoint.direction,
            number: pass.map(|(number, ..)| number),
            kind_no: pass.map(|(_, kind, _)| kind),
            what,
            name: pass.map(|(.., name)| name.to_owned()).unwrap_or_default(),
            previous: self.previous,
            checks,
        };
        let signature: Signature = self.key.sign(&admission::to_be_signed(&event));
        let bytes = admission::seal(&event, &signature.to_bytes().into())?;
        self.previous = admission::hash(&bytes);
        self.log.push((event.at, bytes));
        Ok(event.id)
    }

    /// Uploads the log as a tablet does, twice a day.
    pub(crate) async fn upload(&self, making: &Making<'_>) -> Result<(), Failure> {
        let mut from = 0;
        while let Some((first_at, _)) = self.log.get(from) {
            let until = *first_at + EVERY;
            let count = self
                .log
                .iter()
                .skip(from)
                .take_while(|(at, _)| *at < until)
                .count();
            let batch: Vec<_> = (from..from + count).filter_map(|at| self.received(at)).collect();
            let arrived_at =
                self.log.get(from + count - 1).map_or(until, |(at, _)| *at) + SignedDuration::from_secs(20);
            let arrived_at = arrived_at.min(making.now);
            store::admission::upload(making.pool(), making.id(), self.id(), &batch, arrived_at).await?;
            from += count;
        }
        Ok(())
    }

    /// Uploads an event of which a bit was lost.
    pub(crate) async fn upload_damaged(&mut self, making: &Making<'_>, at: Timestamp) -> Result<(), Failure> {
        self.note(
            at,
            None,
            What::Refused {
                code: "not-a-pass".into(),
            },
            vec![],
        )?;
        if let Some(last) = self.log.last_mut().and_then(|(_, bytes)| bytes.last_mut()) {
            *last ^= 1;
        }
        let damaged: Vec<_> = self.received(self.log.len() - 1).into_iter().collect();
        store::admission::upload(making.pool(), making.id(), self.id(), &damaged, at).await?;
        Ok(())
    }

    fn received(&self, at: usize) -> Option<Received<'_>> {
        let (_, bytes) = self.log.get(at)?;
        Some(Received {
            seq: at as u64 + 1,
            bytes,
            event: admission::open(bytes, &self.public).map_err(|fault| fault.code().into()),
        })
    }
}
