//! Lists in pages. A page begins after the last row of the one before, not at a count, so that it stays quick however far one reads
//! and rows that arrive meanwhile shift nothing.

use crate::{Pool, Result};
use jiff::Timestamp;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The longest page, in rows.
pub const LONGEST: u16 = 200;

/// Where a page ended: its last row's instant and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// What the list is ordered by.
    pub at: Timestamp,
    /// Breaks ties.
    pub id: Uuid,
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct CursorError;

/// As one opaque word, which is what pages carry.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.at.as_microsecond(), self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Cursor, CursorError> {
        let (at, id) = text.split_once('_').ok_or(CursorError)?;
        let at = at
            .parse()
            .ok()
            .and_then(|at| Timestamp::from_microsecond(at).ok())
            .ok_or(CursorError)?;
        Ok(Cursor {
            at,
            id: id.parse().map_err(|_| CursorError)?,
        })
    }
}

/// Some rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// In the list's order.
    pub rows: Vec<T>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<Cursor>,
}

/// How many rows to ask the database for: one more than the page has, to know whether there is another.
pub(crate) fn ask(limit: u16) -> i64 {
    i64::from(limit.clamp(1, LONGEST)) + 1
}

/// The page of at most `limit` rows out of what was found with [`ask`].
pub(crate) fn page<T>(mut rows: Vec<T>, limit: u16, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
    let most = usize::from(limit.clamp(1, LONGEST));
    let more = rows.len() > most;
    rows.truncate(most);
    let next = if more { rows.last().map(cursor) } else { None };
    Page { rows, next }
}

/// A cursor's parts as a query takes them.
pub(crate) fn parts(after: Option<Cursor>) -> (Option<jiff_sqlx::Timestamp>, Option<Uuid>) {
    (
        after.map(|cursor| cursor.at.into()),
        after.map(|cursor| cursor.id),
    )
}

/// A read-only transaction whose queries are planned for the filters they are given. Filters that may be absent make one statement serve
/// many questions, and a plan for all of them at once would serve none well.
pub(crate) async fn reading(pool: &Pool) -> Result<sqlx::PgTransaction<'static>> {
    Ok(pool
        .begin_with("begin read only; set local plan_cache_mode = force_custom_plan")
        .await?)
}
