//! What happened at the gates, as administrators read it.

use super::Administrator;
use crate::admin::admissions::api::{AdmissionQuery, Admissions, Quarantined, Row};
use crate::error::AppError;
use pass::{KindNo, PassNumber, Text};
use std::collections::HashMap;
use store::admission::{Admission, Filter};
use store::checkpoint::Checkpoint;

/// Admissions on a page.
pub const PAGE: u16 = 50;

impl Administrator {
    /// Admissions, the latest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn admissions(&self, query: &AdmissionQuery) -> Result<Admissions, AppError> {
        let filter = Filter {
            from: query.from.map(|day| self.zone.start_of(day)),
            until: query.until.map(|day| self.zone.days(day, day).1),
            checkpoint: query.checkpoint.as_ref().and_then(|id| id.parse().ok()),
            number: query.number.map(PassNumber),
            what: query.what.as_deref(),
        };
        let after = query.after.as_ref().and_then(|after| after.parse().ok());
        let page = store::admission::list(self.pool(), self.site(), &filter, after, PAGE).await?;
        let checkpoints = store::checkpoint::list(self.pool(), self.site()).await?;
        let kinds = store::pass_kind::all(self.pool(), self.site()).await?;
        let kinds = kinds
            .into_iter()
            .map(|published| (published.no, published.kind.title))
            .collect();
        let double_uses = store::admission::double_uses(self.pool(), self.site(), 200).await?;
        Ok(Admissions {
            rows: page
                .rows
                .into_iter()
                .map(|row| self.shown(row, &checkpoints, &kinds))
                .collect(),
            next: page.next.map(|cursor| cursor.to_string()),
            checkpoints: checkpoints
                .into_iter()
                .map(|one| (one.id.to_string(), one.name))
                .collect(),
            double_uses: double_uses.into_iter().map(|case| case.number.0).collect(),
        })
    }

    fn shown(&self, row: Admission, checkpoints: &[Checkpoint], kinds: &HashMap<KindNo, Text>) -> Row {
        let place = checkpoints
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
            kind: row.kind.and_then(|kind| kinds.get(&kind).cloned()),
            name: row.name,
            what: row.what,
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
