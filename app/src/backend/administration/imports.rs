//! Files that are taken over into a register.

use super::Administrator;
use crate::admin::imports::api::{Change, Counts, Import, Standing};
use crate::backend::import;
use crate::error::AppError;
use pass::table::{LineFault, Register, Rows};
use store::ImportId;
use store::register_import::{self, Applied, Imported, NewImport, Outlook, RegisterImport, Report};
use uuid::Uuid;

/// Faults and changes shown on the page; the report has all faults.
const SHOWN: usize = 100;

impl Administrator {
    /// Reads an uploaded file and keeps it with what is wrong with it. The register is not touched. The same `id` again changes
    /// nothing, so that a form may be sent twice.
    ///
    /// # Errors
    /// `file` when it cannot be read at all.
    pub async fn keep_import(
        &self,
        register: Register,
        id: Uuid,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<(), AppError> {
        // Reading a large spreadsheet takes a while; it must not hold up the other requests of this thread.
        let checked = tokio::task::spawn_blocking(move || import::check(register, &bytes))
            .await
            .map_err(|_| AppError::Internal)?
            .map_err(|fault| AppError::invalid("file", fault))?;
        let mut report = Report {
            header: checked.header,
            faults: checked.faults,
        };
        if report.header.is_empty() {
            // What only the register knows is reported together with what the file itself shows.
            let more = register_import::faults(self.pool(), self.site(), &checked.rows).await?;
            report.faults.extend(more);
            report.faults.sort_by_key(|fault| fault.line);
        }
        let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(80).collect();
        let none = Rows::none(register);
        let new = NewImport {
            id: ImportId(id),
            file_name: &file_name,
            by: self.viewer.id(),
            report: &report,
            rows: if report.is_good() { &checked.rows } else { &none },
        };
        Ok(register_import::keep(self.pool(), self.site(), new, self.now).await?)
    }

    /// An uploaded file with what is wrong with it.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn kept_import(&self, id: Uuid) -> Result<RegisterImport, AppError> {
        let mut found = register_import::get(self.pool(), self.site(), ImportId(id))
            .await?
            .ok_or(AppError::NotFound)?;
        if found.applied.is_none() && found.report.is_good() {
            // It was good when it was uploaded; the register may have changed since.
            found.report.faults = register_import::faults(self.pool(), self.site(), &found.rows).await?;
        }
        Ok(found)
    }

    /// An uploaded file as it stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn import(&self, id: Uuid) -> Result<Import, AppError> {
        let kept = self.kept_import(id).await?;
        let register = kept.rows.register();
        let standing = if let Some((at, done)) = kept.applied {
            Standing::Applied {
                at: self.local(at),
                counts: counts(done),
            }
        } else if kept.report.is_good() {
            match register_import::outlook(self.pool(), self.site(), &kept.rows).await? {
                Ok(outlook) => good(outlook),
                Err(faults) => faulty(Report {
                    header: Vec::new(),
                    faults,
                }),
            }
        } else {
            faulty(kept.report)
        };
        Ok(Import {
            id,
            register,
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
        let (id, by) = (ImportId(id), self.viewer.id());
        match register_import::apply(self.pool(), self.site(), id, by, self.now).await? {
            Some(Applied::Done(_)) => Ok(()),
            Some(Applied::Faulty) => Err(AppError::Changed),
            None => Err(AppError::NotFound),
        }
    }

    /// Forgets an uploaded file. Returns what it was for.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn discard_import(&self, id: Uuid) -> Result<Register, AppError> {
        let register = self.kept_import(id).await?.rows.register();
        register_import::discard(self.pool(), self.site(), ImportId(id)).await?;
        Ok(register)
    }
}

fn faulty(report: Report) -> Standing {
    let count = report.faults.len();
    let faults: Vec<LineFault> = report.faults.into_iter().take(SHOWN).collect();
    Standing::Faulty {
        header: report.header,
        faults,
        count,
    }
}

fn good(outlook: Outlook) -> Standing {
    let count = outlook.changes.len();
    let changes = outlook.changes.into_iter().take(SHOWN).map(|change| Change {
        of: change.of,
        column: change.column,
        before: change.before,
        after: change.after,
    });
    let passed_over = outlook.passed_over.into_iter().take(SHOWN);
    Standing::Good {
        counts: counts(outlook.counts),
        changes: changes.collect(),
        count,
        passed_over: passed_over.map(|one| (one.line, one.column, one.text)).collect(),
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
