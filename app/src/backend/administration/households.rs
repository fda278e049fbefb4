//! The household register.

use super::Administrator;
use crate::admin::households::api::Register;
use crate::error::AppError;
use pass::household::{Address, HouseholdRow};
use store::household::Household;

/// Households on a page.
const PAGE: u16 = 50;

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
}
