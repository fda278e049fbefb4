//! The list of an applicant's own applications, a page of it and all of it as a file.

use super::applying::{Applicant, kinds};
use super::table::Table;
use super::{calendar, flowing};
use crate::applications::columns::Column;
use crate::applications::facts::{List, Row};
use crate::applications::wanted::Wanted;
use crate::error::AppError;
use jiff::civil::Date;
use pass::kind::{PassKind, Subject};
use std::collections::HashMap;
use store::application::{Application, Own};
use store::page::LONGEST;

/// How many applications a page shows.
const PAGE: u16 = 20;

/// The most of one file: more than anybody applies for in a life, and a bound all the same.
pub const MOST_OWN: usize = 20_000;

impl Applicant {
    /// The applicant's own applications, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self, wanted: &Wanted) -> Result<List, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let span = self.span(wanted);
        let after = wanted.after.as_deref().and_then(|after| after.parse().ok());
        let own = self.narrowed(wanted, span);
        let page = store::application::mine(pool, site, self.viewer.id(), &own, after, PAGE).await?;
        let kinds = kinds(&self.backend, site).await?;
        let drafts = match wanted.after {
            None => self.drafts(wanted.state, span).await?,
            Some(_) => Vec::new(),
        };
        Ok(List {
            drafts,
            rows: page.rows.iter().map(|one| self.row(one, &kinds)).collect(),
            renewable: self.renewable(&page.rows).await?,
            next: page.next.map(|next| next.to_string()),
            span,
            today: self.today(),
        })
    }

    /// All of them that are asked for, whatever page is shown, and whether there are more than [`MOST_OWN`]: then the newest are in it.
    ///
    /// # Errors
    /// The store's.
    pub async fn own_table(&self, wanted: &Wanted, columns: &[Column]) -> Result<(Vec<u8>, bool), AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let span = self.span(wanted);
        let own = self.narrowed(wanted, span);
        let kinds = kinds(&self.backend, site).await?;
        let mut table = Table::new(columns.iter().map(|column| (column.name)()))?;
        for draft in self.drafts(wanted.state, span).await? {
            table.add(columns.iter().map(|column| draft.cell(column)))?;
        }
        let (mut after, mut left) = (None, MOST_OWN);
        loop {
            let ask = u16::try_from(left).unwrap_or(LONGEST).min(LONGEST);
            let page = store::application::mine(pool, site, self.viewer.id(), &own, after, ask).await?;
            left = left.saturating_sub(page.rows.len());
            for one in &page.rows {
                let row = self.row(one, &kinds);
                table.add(columns.iter().map(|column| (column.cell)(&row)))?;
            }
            after = page.next;
            if after.is_none() || left == 0 {
                return Ok((table.finish()?, after.is_some()));
            }
        }
    }

    /// The days of the range that is asked for.
    fn span(&self, wanted: &Wanted) -> Option<(Date, Date)> {
        let range = wanted.range?;
        Some(range.around(wanted.on.unwrap_or_else(|| self.today())))
    }

    fn narrowed(&self, wanted: &Wanted, span: Option<(Date, Date)>) -> Own {
        let instants = span.map(|(first, last)| self.zone.days(first, last));
        Own {
            state: wanted.state,
            from: instants.map(|(from, _)| from),
            until: instants.map(|(_, until)| until),
        }
    }

    pub(super) fn row(&self, one: &Application, kinds: &HashMap<u16, PassKind>) -> Row {
        let kind = kinds.get(&one.kind.0);
        let subject = kind.map_or(Subject::Oneself, |kind| kind.subject);
        Row {
            id: one.id.0,
            kind: kind.map(|kind| kind.title.clone()).unwrap_or_default(),
            first_day: one.first_day,
            last_day: one.last_day,
            state: one.state,
            created_at: calendar::local(&self.zone, one.created_at),
            number: one.pass_number.map(|number| number.0),
            used: one.redeemed_at.is_some(),
            spent: one.spent,
            over: one.last_day < self.today(),
            phone: self.phone(),
            about: flowing::about(one, subject),
            reason: one.reason.clone(),
        }
    }
}
