//! Tablets, their codes, and what needs attention.

use super::{Administrator, one_line};
use crate::admin::start::api::{Attention, Silent, WaitingImport};
use crate::admin::tablets::api::{EnrolmentCode, Tablet, Tablets};
use crate::backend::{enrolment, viewer};
use crate::error::AppError;
use jiff::{SignedDuration, Timestamp};
use pass::Channel;

/// A tablet in use talks to the server whenever it has a network; after so long without a word somebody should look.
const SILENT_AFTER: SignedDuration = SignedDuration::from_hours(12);

fn is_silent(tablet: &store::tablet::Tablet, now: Timestamp) -> bool {
    tablet.revoked_at.is_none() && now.duration_since(tablet.last_seen_at) > SILENT_AFTER
}

impl Administrator {
    /// The tablets, those in use first, and the checkpoints where another could stand.
    ///
    /// # Errors
    /// The store's.
    pub async fn tablets(&self) -> Result<Tablets, AppError> {
        let checkpoints = store::checkpoint::list(self.pool(), self.site()).await?;
        let mut tablets = store::tablet::list(self.pool(), self.site()).await?;
        tablets.sort_by_key(|tablet| tablet.revoked_at.is_some());
        let place = |id| checkpoints.iter().find(|checkpoint| checkpoint.id == id);
        let tablets = tablets.iter().map(|tablet| Tablet {
            id: tablet.public.id.to_string(),
            checkpoint: place(tablet.checkpoint)
                .map(|found| found.name.clone())
                .unwrap_or_default(),
            name: tablet.name.clone(),
            enrolled: self.local(tablet.enrolled_at),
            last_seen: self.local(tablet.last_seen_at),
            silent: is_silent(tablet, self.now),
            acknowledged: tablet.acknowledged,
            revoked: tablet.revoked_at.map(|at| self.local(at)),
        });
        let open = checkpoints
            .iter()
            .filter(|checkpoint| checkpoint.closed_at.is_none());
        Ok(Tablets {
            tablets: tablets.collect(),
            checkpoints: open
                .map(|checkpoint| (checkpoint.id.to_string(), checkpoint.name.clone()))
                .collect(),
        })
    }

    /// Makes a one-time code for a tablet at a checkpoint.
    ///
    /// # Errors
    /// `name` invalid; [`AppError::NotFound`] when no open checkpoint has this id.
    pub async fn enrolment_code(&self, checkpoint: &str, name: &str) -> Result<EnrolmentCode, AppError> {
        let name = one_line("name", name, 24)?;
        let id = checkpoint.parse().map_err(|_| AppError::NotFound)?;
        let found = store::checkpoint::get(self.pool(), self.site(), id).await?;
        found
            .filter(|checkpoint| checkpoint.closed_at.is_none())
            .ok_or(AppError::NotFound)?;
        let code = enrolment::new_code();
        let code_hash = enrolment::hash(&code);
        let by = self.viewer.id();
        let new = store::tablet::NewCode {
            code_hash: &code_hash,
            checkpoint: id,
            name: &name,
            by,
        };
        let until = store::tablet::create_code(self.pool(), self.site(), new, self.now).await?;
        let address = format!("{}/gate/enrol", viewer::origin(self.backend.secure)?);
        Ok(EnrolmentCode {
            code,
            name,
            address,
            until: self.local(until),
        })
    }

    /// Trusts a tablet no more.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the id is none.
    pub async fn revoke_tablet(&self, id: &str) -> Result<(), AppError> {
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        store::tablet::revoke(self.pool(), self.site(), id, self.viewer.id(), self.now).await?;
        Ok(())
    }

    /// What needs attention.
    ///
    /// # Errors
    /// The store's.
    pub async fn attention(&self) -> Result<Attention, AppError> {
        let (pool, site) = (self.pool(), self.site());
        let mut tablets = store::tablet::list(pool, site).await?;
        tablets.retain(|tablet| tablet.revoked_at.is_none());
        let checkpoints = store::checkpoint::list(pool, site).await?;
        let bare = checkpoints
            .iter()
            .filter(|checkpoint| checkpoint.closed_at.is_none())
            .filter(|checkpoint| !tablets.iter().any(|tablet| tablet.checkpoint == checkpoint.id));
        let silent = tablets.iter().filter(|tablet| is_silent(tablet, self.now));
        let imports = store::register_import::waiting(pool, site, 5).await?.into_iter();
        Ok(Attention {
            silent: silent
                .map(|tablet| Silent {
                    name: tablet.name.clone(),
                    last_seen: self.local(tablet.last_seen_at),
                })
                .collect(),
            quarantined: store::admission::quarantine(pool, site, 200).await?.len(),
            double_uses: store::admission::double_uses(pool, site, 200).await?.len(),
            imports: imports
                .map(|import| WaitingImport {
                    id: import.id.to_string(),
                    register: import.register,
                    file_name: import.file_name,
                    at: self.local(import.created_at),
                })
                .collect(),
            households: store::household::count(pool, site).await?,
            people: store::person::count(pool, site).await?,
            bare: bare.count(),
            tablets: tablets.len(),
            failed_messages: store::message::failed_count(pool, site).await?,
            no_sms: self.missing_channels().contains(&Channel::Sms),
        })
    }
}
