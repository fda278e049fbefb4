//! What the tablet keeps in the browser's storage: its key and name, the gate bundle, the events and the log.
//!
//! | store | key | value |
//! |---|---|---|
//! | `tablet` | `key` | the private `CryptoKey`, not extractable |
//! | | `identity` | [`Identity`] as JSON |
//! | `bundle` | `current` | the signed gate bundle |
//! | | `issuers` | the keys it was checked with, as JSON |
//! | `events` | number | a sealed event that the server has not acknowledged |
//! | `log` | number | [`Entry`] as JSON, until its pass is over |
//! | `meta` | `end` | [`ChainEnd`] as JSON |
//! | | `acknowledged` | the highest number the server holds |
//! | | `revoked` | true, once the server said so |
//!
//! Event, log line and chain end are one transaction: after a crash either all are there or none.

use super::journal::{ChainEnd, Entry};
use super::wire;
use crate::browser::crypto;
use crate::browser::storage::{Database, StorageError, number};
use js_sys::Uint8Array;
use pass::admission::{self, AdmissionEvent};
use pass::{GateBundle, IssuerPublic, PublicKey, TabletId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;

const DATABASE: &str = "campus-pass-gate";
const STORES: &[&str] = &["tablet", "bundle", "events", "log", "meta"];

/// The most log lines read at the start.
const MOST_ENTRIES: u32 = 100_000;

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

    /// Becomes the tablet that the server enrolled, in place of whatever was there.
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
            .write(STORES, |writing| {
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
        let acknowledged = self.database.get("meta", &"acknowledged".into()).await?;
        let lines = self.database.from("log", 0, MOST_ENTRIES).await?;
        let entries = lines.iter().filter_map(|(_, line)| parse(line)).collect();
        let issuers = read::<Vec<IssuerPublic>>(&self.database, "bundle", "issuers")
            .await?
            .unwrap_or_default();
        let bundle =
            bundle.and_then(|bytes| GateBundle::open(&Uint8Array::new(&bytes).to_vec(), &issuers).ok());
        let (Some(bundle), Some(end)) = (bundle, end) else {
            return Err(StorageError("Incomplete".to_owned()));
        };
        let acknowledged = acknowledged.and_then(|value| value.as_f64()).unwrap_or(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small whole number"
        )]
        let acknowledged = acknowledged as u64;
        let revoked = self.database.get("meta", &"revoked".into()).await?.is_some();
        Ok(Kept {
            bundle,
            end,
            entries,
            acknowledged,
            revoked,
        })
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
        self.database
            .write(&["events", "log", "meta"], |writing| {
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

    /// How many events the server has not acknowledged.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn waiting(&self) -> Result<u64> {
        self.database.count("events").await
    }

    /// The oldest events, with their numbers, that the server has not acknowledged.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn to_upload(&self, most: u32) -> Result<Vec<(u64, Vec<u8>)>> {
        let events = self.database.from("events", 0, most).await?;
        Ok(events
            .iter()
            .map(|(seq, bytes)| (*seq, Uint8Array::new(bytes).to_vec()))
            .collect())
    }

    /// Deletes what the server acknowledged. The log keeps its lines.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn acknowledged(&self, seq: u64) -> Result<()> {
        self.database
            .write(&["events", "meta"], |writing| {
                writing.delete_through("events", seq)?;
                writing.put("meta", &"acknowledged".into(), &number(seq))
            })
            .await
    }

    /// Notes that the tablet was revoked.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn note_revoked(&self) -> Result<()> {
        self.database
            .write(&["meta"], |writing| {
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
        self.database
            .write(&["bundle"], |writing| {
                writing.put("bundle", &"current".into(), &Uint8Array::from(bundle.bytes))?;
                writing.put("bundle", &"issuers".into(), &issuers)
            })
            .await
    }

    /// Forgets log lines.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn forget(&self, seqs: &[u64]) -> Result<()> {
        self.database
            .write(&["log"], |writing| {
                seqs.iter().try_for_each(|&seq| writing.delete("log", seq))
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
