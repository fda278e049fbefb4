//! What happened at the gates, as administrators read it.

use super::Administrator;
use crate::admin::admissions::api::{AdmissionQuery, Admissions, Quarantined, Row};
use crate::error::AppError;
use pass::{KindNo, PassNumber, Text};
use std::collections::HashMap;
use store::admission::{Admission, Filter};
use store::checkpoint::Checkpoint;
use store::page::LONGEST;

/// Admissions on a page.
pub const PAGE: u16 = 50;

/// What rows name by number.
struct Names {
    checkpoints: Vec<Checkpoint>,
    kinds: HashMap<KindNo, Text>,
}

impl Administrator {
    /// Admissions, the latest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn admissions(&self, query: &AdmissionQuery) -> Result<Admissions, AppError> {
        let after = query.after.as_ref().and_then(|after| after.parse().ok());
        let filter = self.filter(query);
        let page = store::admission::list(self.pool(), self.site(), &filter, after, PAGE).await?;
        let names = self.names().await?;
        let double_uses = store::admission::double_uses(self.pool(), self.site(), 200).await?;
        Ok(Admissions {
            rows: page.rows.into_iter().map(|row| self.shown(row, &names)).collect(),
            next: page.next.map(|cursor| cursor.to_string()),
            checkpoints: names
                .checkpoints
                .into_iter()
                .map(|one| (one.id.to_string(), one.name))
                .collect(),
            double_uses: double_uses.into_iter().map(|case| case.number.0).collect(),
        })
    }

    /// Hands over every admission that the query asks for, the latest first, wherever its page begins; but no more than `most`. Says
    /// whether there are more.
    ///
    /// # Errors
    /// The store's, and what `take` answers.
    pub(super) async fn every_admission(
        &self,
        query: &AdmissionQuery,
        most: usize,
        mut take: impl FnMut(&Row) -> Result<(), AppError>,
    ) -> Result<bool, AppError> {
        let filter = self.filter(query);
        let names = self.names().await?;
        let (mut after, mut left) = (None, most);
        loop {
            let ask = u16::try_from(left).unwrap_or(LONGEST).min(LONGEST);
            let page = store::admission::list(self.pool(), self.site(), &filter, after, ask).await?;
            left = left.saturating_sub(page.rows.len());
            for row in page.rows {
                take(&self.shown(row, &names))?;
            }
            after = page.next;
            if after.is_none() || left == 0 {
                return Ok(after.is_some());
            }
        }
    }

    fn filter<'a>(&self, query: &'a AdmissionQuery) -> Filter<'a> {
        Filter {
            from: query.from.map(|day| self.zone.start_of(day)),
            until: query.until.map(|day| self.zone.days(day, day).1),
            checkpoint: query.checkpoint.as_ref().and_then(|id| id.parse().ok()),
            number: query.number.map(PassNumber),
            what: query.what.as_deref(),
        }
    }

    async fn names(&self) -> Result<Names, AppError> {
        let kinds = store::pass_kind::all(self.pool(), self.site()).await?;
        Ok(Names {
            checkpoints: store::checkpoint::list(self.pool(), self.site()).await?,
            kinds: kinds
                .into_iter()
                .map(|published| (published.no, published.kind.title))
                .collect(),
        })
    }

    fn shown(&self, row: Admission, names: &Names) -> Row {
        let place = names
            .checkpoints
            .iter()
            .find(|checkpoint| checkpoint.id == row.checkpoint);
        Row {
            at: self.local(row.at),
            received: self.local(row.received_at),
            checkpoint: place.map(|found| found.name.clone()).unwrap_or_default(),
            tablet: row.tablet_name,
            seq: row.seq,
            direction: row.direction,
            number: row.number.map(|number| number.0),
            kind: row.kind.and_then(|kind| names.kinds.get(&kind).cloned()),
            name: row.name,
            what: row.what,
            checks: row.checks,
            voided: row.voided,
            double_use: row.double_use && row.redeems,
        }
    }

    /// What tablets sent that is no fact, the latest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn quarantine(&self) -> Result<Vec<Quarantined>, AppError> {
        let tablets = store::tablet::list(self.pool(), self.site()).await?;
        let rows = store::admission::quarantine(self.pool(), self.site(), 200).await?;
        let name = |id| {
            tablets
                .iter()
                .find(|tablet| tablet.public.id == id)
                .map(|tablet| tablet.name.clone())
        };
        let shown = rows.into_iter().map(|row| Quarantined {
            tablet: name(row.tablet).unwrap_or_default(),
            seq: row.seq,
            reason: row.reason,
            received: self.local(row.received_at),
            length: row.bytes.len(),
        });
        Ok(shown.collect())
    }
}
