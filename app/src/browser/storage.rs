//! IndexedDB: what survives a restart of the browser and an empty battery.
//!
//! `web-sys` alone, because what matters most here is in none of the wrappers: writes are transactions of *strict durability*
//! (Indexed Database API 3.0 §2.7.1), which report success only once the data has been flushed to the disk.

use super::js;
use js_sys::{Array, Function, Promise};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
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

/// A database. Its connection is opened when it is needed, and anew when the browser has closed it: some do so when a tablet
/// wakes up, or after clearing a cache.
#[derive(Clone, Debug)]
pub struct Database(Rc<Connection>);

#[derive(Debug)]
struct Connection {
    name: &'static str,
    version: u32,
    stores: &'static [&'static str],
    open: RefCell<Option<IdbDatabase>>,
}

/// A write transaction that is being filled. Nothing of it is there before all of it is.
#[derive(Debug)]
pub struct Writing(IdbTransaction);

/// What must hold inside a write transaction, or nothing is written.
#[derive(Clone, Copy)]
pub struct Condition<'a> {
    /// The store to look into; it must be among the transaction's.
    pub store: &'a str,
    /// The key of the value to look at.
    pub key: &'a str,
    /// Whether this value, `undefined` where there is none, is as it should be.
    pub holds: &'a dyn Fn(&JsValue) -> bool,
}

impl StorageError {
    /// The condition of a write did not hold.
    pub fn condition() -> Self {
        Self("ConditionError".to_owned())
    }

    /// Whether the connection is gone and another one may work. Nothing was written then.
    fn is_lost_connection(&self) -> bool {
        matches!(self.0.as_str(), "InvalidStateError" | "UnknownError")
    }
}

impl Connection {
    async fn get(self: &Rc<Self>) -> Result<IdbDatabase> {
        if let Some(open) = self.open.borrow().clone() {
            return Ok(open);
        }
        let window = web_sys::window().ok_or_else(|| StorageError("no window".to_owned()))?;
        let factory = window
            .indexed_db()?
            .ok_or_else(|| StorageError("no storage".to_owned()))?;
        let opening = factory.open_with_u32(self.name, self.version)?;
        let (request, stores) = (opening.clone(), self.stores);
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
        let opened: IdbDatabase = finished(&opening).await?.unchecked_into();
        let here = Rc::downgrade(self);
        let closed = Closure::<dyn FnMut()>::new(move || {
            if let Some(here) = here.upgrade() {
                here.open.take();
            }
        });
        // Lives as long as the connection, of which there are few.
        opened.set_onclose(Some(closed.into_js_value().unchecked_ref::<Function>()));
        self.open.replace(Some(opened.clone()));
        Ok(opened)
    }
}

impl Database {
    /// Opens the database, making its object stores the first time.
    ///
    /// # Errors
    /// What the browser says: a private window or a full disk.
    pub async fn open(name: &'static str, version: u32, stores: &'static [&'static str]) -> Result<Self> {
        let connection = Rc::new(Connection {
            name,
            version,
            stores,
            open: RefCell::default(),
        });
        connection.get().await?;
        Ok(Self(connection))
    }

    /// Does some work, and once more over a fresh connection when the one at hand is gone.
    async fn connected<T>(&self, work: impl AsyncFn(&IdbDatabase) -> Result<T>) -> Result<T> {
        let connection = self.0.get().await?;
        match work(&connection).await {
            Err(error) if error.is_lost_connection() => {
                connection.close();
                self.0.open.take();
                work(&self.0.get().await?).await
            }
            done => done,
        }
    }

    /// The value of a key.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn get(&self, store: &str, key: &JsValue) -> Result<Option<JsValue>> {
        self.connected(async |database| {
            let value = finished(&reading(database, store)?.get(key)?).await?;
            Ok((!value.is_undefined()).then_some(value))
        })
        .await
    }

    /// Up to `limit` entries with numeric keys from `first` on, in their order.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn from(&self, store: &str, first: u64, limit: u32) -> Result<Vec<(u64, JsValue)>> {
        self.connected(async |database| {
            let range = IdbKeyRange::lower_bound(&number(first))?;
            let reading = reading(database, store)?;
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
        })
        .await
    }

    /// How many entries a store has with numeric keys from `first` on.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn count_from(&self, store: &str, first: u64) -> Result<u64> {
        self.connected(async |database| {
            let range = IdbKeyRange::lower_bound(&number(first))?;
            let count = finished(&reading(database, store)?.count_with_key(&range)?).await?;
            Ok(whole(&count).unwrap_or(0))
        })
        .await
    }

    /// Writes, all or nothing, and returns once it is on the disk. `fill` may be called twice: when the first transaction was
    /// lost with its connection, before anything of it was written.
    ///
    /// # Errors
    /// What the browser says, for instance `ConstraintError` or `QuotaExceededError`, or [`StorageError::condition`]; then
    /// nothing was written.
    pub async fn write(
        &self,
        stores: &[&str],
        only: Option<Condition<'_>>,
        fill: impl Fn(&Writing) -> Result<()>,
    ) -> Result<()> {
        let names: Array = stores.iter().map(|store| JsValue::from_str(store)).collect();
        let strict = js::object(&[("durability", &"strict".into())]);
        self.connected(async |database| {
            let database: &DurableDatabase = database.unchecked_ref();
            let writing = Writing(database.transaction_with(&names, "readwrite", &strict)?);
            let done = Promise::new(&mut |resolve, reject| {
                writing.0.set_oncomplete(Some(&resolve));
                writing.0.set_onabort(Some(&reject));
                writing.0.set_onerror(Some(&reject));
            });
            let filled = match only {
                Some(condition) => match writing.meets(condition).await {
                    Ok(true) => fill(&writing),
                    Ok(false) => Err(StorageError::condition()),
                    Err(error) => Err(error),
                },
                None => fill(&writing),
            };
            if let Err(error) = filled {
                // What cannot be aborted any more has been aborted by the browser.
                let _ = writing.0.abort();
                let _ = js::settle(done).await;
                return Err(error);
            }
            js::settle(done).await?;
            Ok(())
        })
        .await
    }
}

fn reading(database: &IdbDatabase, store: &str) -> Result<IdbObjectStore> {
    Ok(database.transaction_with_str(store)?.object_store(store)?)
}

impl Writing {
    /// The transaction stays open over this: its answer is awaited in the very turn in which the browser gives it (Indexed
    /// Database API 3.0 §5.9), and what is asked for next is asked for in that turn.
    async fn meets(&self, condition: Condition<'_>) -> Result<bool> {
        let asked = self.0.object_store(condition.store)?.get(&condition.key.into())?;
        Ok((condition.holds)(&finished(&asked).await?))
    }

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

    /// Removes the entry of a key, where there is one.
    ///
    /// # Errors
    /// What the browser says.
    pub fn remove(&self, store: &str, key: &JsValue) -> Result<()> {
        self.0.object_store(store)?.delete(key)?;
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

/// A whole number out of the storage.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "keys and counts are small whole numbers"
)]
pub fn whole(value: &JsValue) -> Option<u64> {
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
