//! What the tablet keeps in the browser's storage: its key and name, the gate bundle, the events and the log.
//!
//! | store | key | value |
//! |---|---|---|
//! | `tablet` | `key` | the private `CryptoKey`, not extractable |
//! | | `identity` | [`Identity`] as JSON |
//! | | `candidate` | the private key that is to be enrolled |
//! | | `candidate-public` | its public half, SEC 1 |
//! | `bundle` | `current` | the signed gate bundle |
//! | | `issuers` | the keys it was checked with, as JSON |
//! | `events` | number | the sealed event, as long as its line in the log |
//! | `log` | number | [`Entry`] as JSON, until it [may go](Entry::may_go) |
//! | `meta` | `end` | [`ChainEnd`] as JSON |
//! | | `acknowledged` | the highest number the server holds; the events above it wait |
//! | | `revoked` | true, once the server said so |
//!
//! Event, log line and chain end are one transaction: after a crash either all are there or none. Each write looks first, in its own
//! transaction, whether the storage is still this tablet's: what an earlier one has under way ends in an error, not in another's log.

use super::journal::{ChainEnd, Entry};
use super::wire;
use crate::browser::crypto::{self, KeyPair};
use crate::browser::storage::{Condition, Database, StorageError, Writing, number, whole};
use js_sys::Uint8Array;
use pass::admission::{self, AdmissionEvent};
use pass::{GateBundle, IssuerPublic, PublicKey, TabletId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;

const DATABASE: &str = "campus-pass-gate";
const STORES: &[&str] = &["tablet", "bundle", "events", "log", "meta"];

/// How many log lines are read at a time.
const PAGE: u32 = 5_000;

type Result<T, E = StorageError> = std::result::Result<T, E>;

/// Who this tablet is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its name in events and requests.
    pub tablet: TabletId,
    /// Its public key.
    pub key: PublicKey,
}

/// What was kept, as found at the start.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The bundle, checked anew.
    pub bundle: GateBundle,
    /// Where the chain ends.
    pub end: ChainEnd,
    /// The log, oldest first.
    pub entries: Vec<Entry>,
    /// The highest number the server holds.
    pub acknowledged: u64,
    /// Whether the server said that the tablet was revoked.
    pub revoked: bool,
}

/// A signed bundle that has been checked, and the keys it was checked with.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The bundle.
    pub bytes: &'a [u8],
    /// The keys.
    pub issuers: &'a [IssuerPublic],
}

/// The storage of the gate, of an enrolled tablet or not.
#[derive(Clone, Debug)]
pub struct Storage(Database);

/// An enrolled tablet.
#[derive(Clone, Debug)]
pub struct Tablet {
    database: Database,
    key: CryptoKey,
    /// Who it is.
    pub identity: Identity,
}

impl Storage {
    /// Opens it.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn open() -> Result<Self> {
        Database::open(DATABASE, 1, STORES).await.map(Self)
    }

    /// The tablet, when this browser has been enrolled.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn tablet(&self) -> Result<Option<Tablet>> {
        let key = self.0.get("tablet", &"key".into()).await?;
        let identity = read::<Identity>(&self.0, "tablet", "identity").await?;
        Ok(key.zip(identity).map(|(key, identity)| Tablet {
            database: self.0.clone(),
            key: key.unchecked_into(),
            identity,
        }))
    }

    /// How many events the server has not acknowledged, whether or not this browser can still say whose they are.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn waiting(&self) -> Result<u64> {
        self.0
            .count_from("events", acknowledged(&self.0).await?.saturating_add(1))
            .await
    }

    /// The key pair that is to be enrolled. It stays the same until that has worked: an enrolment whose answer was lost is asked
    /// for again with the same key, and the server gives the same answer.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn candidate(&self) -> Result<KeyPair> {
        let private = self.0.get("tablet", &"candidate".into()).await?;
        let public = self.0.get("tablet", &"candidate-public".into()).await?;
        if let Some((private, public)) = private.zip(public) {
            return Ok(KeyPair {
                private: private.unchecked_into(),
                public: Uint8Array::new(&public).to_vec(),
            });
        }
        let pair = crypto::generate_key().await?;
        self.0
            .write(&["tablet"], None, |writing| {
                writing.put("tablet", &"candidate".into(), &pair.private)?;
                let public = Uint8Array::from(pair.public.as_slice());
                writing.put("tablet", &"candidate-public".into(), &public)
            })
            .await?;
        Ok(pair)
    }

    /// Makes way for another key pair: this one belongs to a tablet already.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn forget_candidate(&self) -> Result<()> {
        self.0
            .write(&["tablet"], None, |writing| {
                writing.remove("tablet", &"candidate".into())?;
                writing.remove("tablet", &"candidate-public".into())
            })
            .await
    }

    /// Becomes the tablet that the server enrolled, in place of whatever was there. The caller has seen to it that nothing waits
    /// to be uploaded, or that a person gave it up.
    ///
    /// # Errors
    /// What the browser says; then nothing has changed.
    pub async fn become_tablet(
        &self,
        identity: Identity,
        key: CryptoKey,
        bundle: Checked<'_>,
    ) -> Result<Tablet> {
        let issuers = json(&bundle.issuers)?;
        let end = json(&ChainEnd::start(identity.tablet))?;
        let named = json(&identity)?;
        self.0
            .write(STORES, None, |writing| {
                for store in STORES {
                    writing.clear(store)?;
                }
                writing.put("tablet", &"key".into(), &key)?;
                writing.put("tablet", &"identity".into(), &named)?;
                writing.put("bundle", &"current".into(), &Uint8Array::from(bundle.bytes))?;
                writing.put("bundle", &"issuers".into(), &issuers)?;
                writing.put("meta", &"acknowledged".into(), &number(0))?;
                writing.put("meta", &"end".into(), &end)
            })
            .await?;
        Ok(Tablet {
            database: self.0.clone(),
            key,
            identity,
        })
    }
}

impl Tablet {
    /// Everything that was kept.
    ///
    /// # Errors
    /// What the browser says, or `Incomplete` when parts are missing: the tablet must be enrolled anew.
    pub async fn kept(&self) -> Result<Kept> {
        let bundle = self.database.get("bundle", &"current".into()).await?;
        let end = read::<ChainEnd>(&self.database, "meta", "end").await?;
        let issuers = read::<Vec<IssuerPublic>>(&self.database, "bundle", "issuers")
            .await?
            .unwrap_or_default();
        let bundle =
            bundle.and_then(|bytes| GateBundle::open(&Uint8Array::new(&bytes).to_vec(), &issuers).ok());
        let (Some(bundle), Some(end)) = (bundle, end) else {
            return Err(incomplete());
        };
        let revoked = self.database.get("meta", &"revoked".into()).await?.is_some();
        Ok(Kept {
            bundle,
            end,
            entries: self.entries().await?,
            acknowledged: self.acknowledged().await?,
            revoked,
        })
    }

    /// The whole log. A line that cannot be read may be a use of a pass: going on without it would let somebody in twice.
    async fn entries(&self) -> Result<Vec<Entry>> {
        let (mut entries, mut next) = (vec![], 0);
        loop {
            let lines = self.database.from("log", next, PAGE).await?;
            let Some((last, _)) = lines.last() else {
                return Ok(entries);
            };
            next = last + 1;
            for (_, line) in &lines {
                entries.push(parse(line).ok_or_else(incomplete)?);
            }
        }
    }

    /// Writes, as long as the storage is still this tablet's.
    async fn write(&self, stores: &[&str], fill: impl Fn(&Writing) -> Result<()>) -> Result<()> {
        let stores = [stores, &["tablet"]].concat();
        let is_mine = |kept: &JsValue| parse::<Identity>(kept).as_ref() == Some(&self.identity);
        let only = Condition {
            store: "tablet",
            key: "identity",
            holds: &is_mine,
        };
        self.database.write(&stores, Some(only), fill).await
    }

    /// Signs an event and stores it with its log line. Returns once it is on the disk, with the new end of the chain.
    ///
    /// # Errors
    /// What the browser says; then nothing was stored.
    pub async fn append(&self, entry: &Entry, end: ChainEnd) -> Result<ChainEnd> {
        let sealed = self.seal(&entry.event).await?;
        let end = end.after(&sealed);
        let (line, kept_end) = (json(entry)?, json(&end)?);
        let key = number(entry.event.seq);
        self.write(&["events", "log", "meta"], |writing| {
            writing.add("events", &key, &Uint8Array::from(sealed.as_slice()))?;
            writing.put("log", &key, &line)?;
            writing.put("meta", &"end".into(), &kept_end)
        })
        .await?;
        Ok(end)
    }

    async fn seal(&self, event: &AdmissionEvent) -> Result<Vec<u8>> {
        let signature = crypto::sign(&self.key, &admission::to_be_signed(event)).await?;
        admission::seal(event, &signature).map_err(|_| StorageError("BadSignature".to_owned()))
    }

    /// The `authorization` header of a request.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn authorization(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        at: jiff::Timestamp,
    ) -> Result<String> {
        let tablet = self.identity.tablet;
        let message = wire::to_be_signed(method, path, body, tablet, at);
        let signature = crypto::sign(&self.key, &message).await?.to_vec();
        Ok(wire::Signed {
            tablet,
            at,
            signature,
        }
        .header())
    }

    /// The highest number that the server said it holds.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn acknowledged(&self) -> Result<u64> {
        acknowledged(&self.database).await
    }

    /// How many events there are after this number.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn events_after(&self, seq: u64) -> Result<u64> {
        self.database.count_from("events", seq.saturating_add(1)).await
    }

    /// The oldest events from this number on, with their numbers.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn to_upload(&self, first: u64, most: u32) -> Result<Vec<(u64, Vec<u8>)>> {
        let events = self.database.from("events", first, most).await?;
        Ok(events
            .iter()
            .map(|(seq, bytes)| (*seq, Uint8Array::new(bytes).to_vec()))
            .collect())
    }

    /// Notes up to which number the server has everything. Nothing is deleted yet: see [`forget`](Self::forget).
    ///
    /// # Errors
    /// What the browser says.
    pub async fn note_acknowledged(&self, seq: u64) -> Result<()> {
        self.write(&["meta"], |writing| {
            writing.put("meta", &"acknowledged".into(), &number(seq))
        })
        .await
    }

    /// Notes that the tablet was revoked.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn note_revoked(&self) -> Result<()> {
        self.write(&["meta"], |writing| {
            writing.put("meta", &"revoked".into(), &JsValue::TRUE)
        })
        .await
    }

    /// Keeps a bundle that has been checked.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn keep_bundle(&self, bundle: Checked<'_>) -> Result<()> {
        let issuers = json(&bundle.issuers)?;
        self.write(&["bundle"], |writing| {
            writing.put("bundle", &"current".into(), &Uint8Array::from(bundle.bytes))?;
            writing.put("bundle", &"issuers".into(), &issuers)
        })
        .await
    }

    /// Forgets log lines and their events. All of them are acknowledged.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn forget(&self, seqs: &[u64]) -> Result<()> {
        self.write(&["log", "events"], |writing| {
            seqs.iter().try_for_each(|&seq| {
                writing.remove("log", &number(seq))?;
                writing.remove("events", &number(seq))
            })
        })
        .await
    }
}

/// The issuers of an enrolment's answer.
pub fn issuers(texts: &[String]) -> Option<Vec<IssuerPublic>> {
    let issuer = |text: &String| {
        PublicKey::from_sec1(&wire::from_text(text)?)
            .ok()
            .map(IssuerPublic::new)
    };
    texts.iter().map(issuer).collect()
}

fn incomplete() -> StorageError {
    StorageError("Incomplete".to_owned())
}

async fn acknowledged(database: &Database) -> Result<u64> {
    let kept = database.get("meta", &"acknowledged".into()).await?;
    Ok(kept.as_ref().and_then(whole).unwrap_or(0))
}

fn json(value: &impl Serialize) -> Result<JsValue> {
    let text = serde_json::to_string(value).map_err(|error| StorageError(error.to_string()))?;
    Ok(JsValue::from_str(&text))
}

fn parse<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    serde_json::from_str(&value.as_string()?).ok()
}

async fn read<T: DeserializeOwned>(database: &Database, store: &str, key: &str) -> Result<Option<T>> {
    let value = database.get(store, &key.into()).await?;
    Ok(value.as_ref().and_then(parse))
}
