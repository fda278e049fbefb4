//! Zones and checkpoints.

use super::{Administrator, name};
use crate::admin::checkpoints::api::{Checkpoint, Zone};
use crate::error::AppError;
use pass::Direction;
use store::checkpoint::NewCheckpoint;

impl Administrator {
    /// The zones with their checkpoints, the open ones first.
    ///
    /// # Errors
    /// The store's.
    pub async fn places(&self) -> Result<Vec<Zone>, AppError> {
        let zones = store::checkpoint::zones(self.pool(), self.site()).await?;
        let mut checkpoints = store::checkpoint::list(self.pool(), self.site()).await?;
        checkpoints.sort_by_key(|checkpoint| checkpoint.closed_at.is_some());
        let tablets = store::tablet::list(self.pool(), self.site()).await?;
        let shown = |checkpoint: &store::checkpoint::Checkpoint| Checkpoint {
            id: checkpoint.id.to_string(),
            name: checkpoint.name.clone(),
            direction: checkpoint.direction,
            tablets: tablets
                .iter()
                .filter(|tablet| tablet.checkpoint == checkpoint.id && tablet.revoked_at.is_none())
                .map(|tablet| tablet.name.clone())
                .collect(),
            closed: checkpoint.closed_at.is_some(),
        };
        let zones = zones.into_iter().map(|zone| Zone {
            checkpoints: checkpoints
                .iter()
                .filter(|checkpoint| checkpoint.zone == zone.no)
                .map(shown)
                .collect(),
            no: zone.no,
            name: zone.name,
        });
        Ok(zones.collect())
    }

    /// Makes a zone, with the lowest number that is free.
    ///
    /// # Errors
    /// A name invalid; [`AppError::Changed`] when every number is in use.
    pub async fn add_zone(&self, zh: &str, en: &str) -> Result<(), AppError> {
        let name = name(zh, en)?;
        let zones = store::checkpoint::zones(self.pool(), self.site()).await?;
        let free = (0..32)
            .find(|no| !zones.iter().any(|zone| zone.no == *no))
            .ok_or(AppError::Changed)?;
        Ok(store::checkpoint::create_zone(self.pool(), self.site(), free, &name).await?)
    }

    /// Gives a zone another name.
    ///
    /// # Errors
    /// A name invalid; [`AppError::NotFound`].
    pub async fn rename_zone(&self, no: u8, zh: &str, en: &str) -> Result<(), AppError> {
        let name = name(zh, en)?;
        let renamed = store::checkpoint::rename_zone(self.pool(), self.site(), no, &name).await?;
        renamed.then_some(()).ok_or(AppError::NotFound)
    }

    /// Makes a checkpoint.
    ///
    /// # Errors
    /// A name invalid; [`AppError::Changed`] when there is no such zone.
    pub async fn add_checkpoint(
        &self,
        zone: u8,
        zh: &str,
        en: &str,
        direction: Direction,
    ) -> Result<(), AppError> {
        let name = name(zh, en)?;
        let new = NewCheckpoint {
            zone,
            name: &name,
            direction,
        };
        store::checkpoint::create(self.pool(), self.site(), new, self.now).await?;
        Ok(())
    }

    /// Gives a checkpoint another name.
    ///
    /// # Errors
    /// A name invalid; [`AppError::NotFound`].
    pub async fn rename_checkpoint(&self, id: &str, zh: &str, en: &str) -> Result<(), AppError> {
        let name = name(zh, en)?;
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        let renamed = store::checkpoint::rename(self.pool(), self.site(), id, &name).await?;
        renamed.then_some(()).ok_or(AppError::NotFound)
    }

    /// Gives a checkpoint up.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the id is none.
    pub async fn close_checkpoint(&self, id: &str) -> Result<(), AppError> {
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        store::checkpoint::close(self.pool(), self.site(), id, self.now).await?;
        Ok(())
    }
}
