//! The household register and its imports.

use super::Administrator;
use crate::admin::households::api::{Counts, Import, Register, Standing};
use crate::backend::import;
use crate::error::AppError;
use pass::household::{Address, HouseholdRow};
use store::HouseholdImportId;
use store::household::{Change, Household, Imported};
use store::household_import::{Applied, NewImport, Report};
use uuid::Uuid;

/// Households on a page.
const PAGE: u16 = 50;
/// Faults and changes shown on the page; the report has all of them.
const SHOWN: usize = 100;

impl Administrator {
    /// A page of the register.
    ///
    /// # Errors
    /// The store's.
    pub async fn households(&self, text: &str, after: Option<&Address>) -> Result<Register, AppError> {
        let text = pass::household::normalise(text);
        let mut rows = store::household::search(self.pool(), self.site(), &text, after, PAGE + 1).await?;
        let more = rows.len() > usize::from(PAGE);
        rows.truncate(usize::from(PAGE));
        let row = |Household {
                       address, householder, ..
                   }| HouseholdRow { address, householder };
        let count = store::household::count(self.pool(), self.site()).await?;
        Ok(Register {
            rows: rows.into_iter().map(row).collect(),
            more,
            count,
        })
    }

    /// Reads an uploaded file and keeps it with what is wrong with it. The register is not touched. The same `id` again changes
    /// nothing, so that a form may be sent twice.
    ///
    /// # Errors
    /// `file` when it cannot be read at all.
    pub async fn keep_import(&self, id: Uuid, file_name: &str, bytes: Vec<u8>) -> Result<(), AppError> {
        // Reading a large spreadsheet takes a while; it must not hold up the other requests of this thread.
        let checked = tokio::task::spawn_blocking(move || import::check(&bytes))
            .await
            .map_err(|_| AppError::Internal)?
            .map_err(|fault| AppError::invalid("file", fault))?;
        let report = Report {
            header: checked.header,
            faults: checked.faults,
        };
        let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(80).collect();
        let new = NewImport {
            id: HouseholdImportId(id),
            file_name: &file_name,
            by: self.viewer.id(),
            report: &report,
            rows: if report.is_good() { &checked.rows } else { &[] },
        };
        Ok(store::household_import::keep(self.pool(), self.site(), new, self.now).await?)
    }

    /// An uploaded file with what is wrong with it.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn kept_import(&self, id: Uuid) -> Result<store::household_import::HouseholdImport, AppError> {
        let found = store::household_import::get(self.pool(), self.site(), HouseholdImportId(id)).await?;
        found.ok_or(AppError::NotFound)
    }

    /// An uploaded file as it stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn import(&self, id: Uuid) -> Result<Import, AppError> {
        let mut kept = self.kept_import(id).await?;
        let standing = if let Some((at, done)) = kept.applied {
            Standing::Applied {
                at: self.local(at),
                counts: counts(done),
            }
        } else if kept.report.is_good() {
            let (would, changes) =
                store::household::compare(self.pool(), self.site(), &kept.rows, SHOWN as u16).await?;
            let pair = |Change { before, after }| (before, after);
            Standing::Good {
                counts: counts(would),
                changes: changes.into_iter().map(pair).collect(),
            }
        } else {
            let count = kept.report.faults.len();
            kept.report.faults.truncate(SHOWN);
            Standing::Faulty {
                header: kept.report.header,
                faults: kept.report.faults,
                count,
            }
        };
        Ok(Import {
            id,
            file_name: kept.file_name,
            at: self.local(kept.created_at),
            standing,
        })
    }

    /// Takes an uploaded file over, once.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Changed`] when it has faults.
    pub async fn apply_import(&self, id: Uuid) -> Result<(), AppError> {
        let (id, by) = (HouseholdImportId(id), self.viewer.id());
        match store::household_import::apply(self.pool(), self.site(), id, by, self.now).await? {
            Some(Applied::Done(_)) => Ok(()),
            Some(Applied::Faulty) => Err(AppError::Changed),
            None => Err(AppError::NotFound),
        }
    }

    /// Forgets an uploaded file.
    ///
    /// # Errors
    /// The store's.
    pub async fn discard_import(&self, id: Uuid) -> Result<(), AppError> {
        store::household_import::discard(self.pool(), self.site(), HouseholdImportId(id)).await?;
        Ok(())
    }
}

fn counts(
    Imported {
        created,
        updated,
        unchanged,
    }: Imported,
) -> Counts {
    Counts {
        created,
        updated,
        unchanged,
    }
}
