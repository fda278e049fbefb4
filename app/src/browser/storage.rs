//! IndexedDB: what survives a restart of the browser and an empty battery.
//!
//! `web-sys` alone, because what matters most here is in none of the wrappers: writes are transactions of *strict durability*
//! (Indexed Database API 3.0 §2.7.1), which report success only once the data has been flushed to the disk.

use super::js;
use js_sys::{Array, Promise};
use std::fmt;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

/// What the browser said when something could not be stored or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageError(pub String);

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "browser storage: {}", self.0)
    }
}

impl From<JsValue> for StorageError {
    fn from(error: JsValue) -> Self {
        // A failed request rejects with its event; the reason is at its target.
        let cause = js::get(&error, "target").and_then(|target| js::get(&target, "error"));
        Self(js::thrown(cause.as_ref().unwrap_or(&error)))
    }
}

type Result<T, E = StorageError> = std::result::Result<T, E>;

#[wasm_bindgen]
extern "C" {
    /// A database whose transactions may be told how durable to be.
    #[wasm_bindgen(extends = IdbDatabase)]
    type DurableDatabase;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn transaction_with(
        this: &DurableDatabase,
        stores: &JsValue,
        mode: &str,
        options: &JsValue,
    ) -> std::result::Result<IdbTransaction, JsValue>;
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Database(IdbDatabase);

/// A write transaction that is being filled. Nothing of it is there before all of it is.
#[derive(Debug)]
pub struct Writing(IdbTransaction);

impl Database {
    /// Opens the database, making its object stores the first time.
    ///
    /// # Errors
    /// What the browser says: a private window or a full disk.
    pub async fn open(name: &str, version: u32, stores: &'static [&'static str]) -> Result<Self> {
        let window = web_sys::window().ok_or_else(|| StorageError("no window".to_owned()))?;
        let factory = window
            .indexed_db()?
            .ok_or_else(|| StorageError("no storage".to_owned()))?;
        let opening = factory.open_with_u32(name, version)?;
        let request = opening.clone();
        let upgrade = Closure::once(move || {
            let made: Option<IdbDatabase> = request.result().ok().and_then(|made| made.dyn_into().ok());
            for store in stores {
                if let Some(database) = &made
                    && let Err(error) = database.create_object_store(store)
                {
                    web_sys::console::error_1(&error);
                }
            }
        });
        opening.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let opened = finished(&opening).await?;
        Ok(Self(opened.unchecked_into()))
    }

    /// The value of a key.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn get(&self, store: &str, key: &JsValue) -> Result<Option<JsValue>> {
        let value = finished(&self.reading(store)?.get(key)?).await?;
        Ok((!value.is_undefined()).then_some(value))
    }

    /// Up to `limit` entries with numeric keys from `first` on, in their order.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn from(&self, store: &str, first: u64, limit: u32) -> Result<Vec<(u64, JsValue)>> {
        let range = IdbKeyRange::lower_bound(&number(first))?;
        let reading = self.reading(store)?;
        let keys = reading.get_all_keys_with_key_and_limit(&range, limit)?;
        let values = reading.get_all_with_key_and_limit(&range, limit)?;
        let values: Array = finished(&values).await?.unchecked_into();
        // The requests of one transaction end in their order.
        let keys: Array = keys.result()?.unchecked_into();
        Ok(keys
            .iter()
            .filter_map(|key| whole(&key))
            .zip(values.iter())
            .collect())
    }

    /// How many entries a store has.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn count(&self, store: &str) -> Result<u64> {
        let count = finished(&self.reading(store)?.count()?).await?;
        Ok(whole(&count).unwrap_or(0))
    }

    /// Writes, all or nothing, and returns once it is on the disk.
    ///
    /// # Errors
    /// What the browser says, for instance `ConstraintError` or `QuotaExceededError`; then nothing was written.
    pub async fn write(&self, stores: &[&str], fill: impl FnOnce(&Writing) -> Result<()>) -> Result<()> {
        let names: Array = stores.iter().map(|store| JsValue::from_str(store)).collect();
        let strict = js::object(&[("durability", &"strict".into())]);
        let database: &DurableDatabase = self.0.unchecked_ref();
        let writing = Writing(database.transaction_with(&names, "readwrite", &strict)?);
        let done = Promise::new(&mut |resolve, reject| {
            writing.0.set_oncomplete(Some(&resolve));
            writing.0.set_onabort(Some(&reject));
            writing.0.set_onerror(Some(&reject));
        });
        if let Err(error) = fill(&writing) {
            // What cannot be aborted any more has been aborted by the browser.
            let _ = writing.0.abort();
            return Err(error);
        }
        js::settle(done).await?;
        Ok(())
    }

    fn reading(&self, store: &str) -> Result<IdbObjectStore> {
        Ok(self.0.transaction_with_str(store)?.object_store(store)?)
    }
}

impl Writing {
    /// Puts a value, over what was there.
    ///
    /// # Errors
    /// What the browser says.
    pub fn put(&self, store: &str, key: &JsValue, value: &JsValue) -> Result<()> {
        self.0.object_store(store)?.put_with_key(value, key)?;
        Ok(())
    }

    /// Adds a value under a key that must be free: otherwise the whole transaction fails.
    ///
    /// # Errors
    /// What the browser says.
    pub fn add(&self, store: &str, key: &JsValue, value: &JsValue) -> Result<()> {
        self.0.object_store(store)?.add_with_key(value, key)?;
        Ok(())
    }

    /// Removes the entry of a numeric key.
    ///
    /// # Errors
    /// What the browser says.
    pub fn delete(&self, store: &str, key: u64) -> Result<()> {
        self.0.object_store(store)?.delete(&number(key))?;
        Ok(())
    }

    /// Removes every entry whose numeric key is `last` or less.
    ///
    /// # Errors
    /// What the browser says.
    pub fn delete_through(&self, store: &str, last: u64) -> Result<()> {
        let range = IdbKeyRange::upper_bound(&number(last))?;
        self.0.object_store(store)?.delete(&range)?;
        Ok(())
    }

    /// Removes everything in a store.
    ///
    /// # Errors
    /// What the browser says.
    pub fn clear(&self, store: &str) -> Result<()> {
        self.0.object_store(store)?.clear()?;
        Ok(())
    }
}

/// A whole number as a key. Exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "no tablet counts to 2^53")]
pub fn number(value: u64) -> JsValue {
    JsValue::from_f64(value as f64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "keys and counts are small whole numbers"
)]
fn whole(value: &JsValue) -> Option<u64> {
    value.as_f64().map(|value| value as u64)
}

/// The result of a request, once it has one.
async fn finished(request: &IdbRequest) -> Result<JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        if let Some(opening) = request.dyn_ref::<IdbOpenDbRequest>() {
            opening.set_onblocked(Some(&reject));
        }
    });
    js::settle(done).await?;
    Ok(request.result()?)
}
