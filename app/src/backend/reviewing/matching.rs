//! All that fit the filters, to be decided at once.

use super::{MOST_AT_ONCE, Reviewer, given};
use crate::error::AppError;
use crate::review::facts::{Matching, Narrow};
use pass::kind::KindKey;
use store::task::Filter;

impl Reviewer {
    /// What waits and fits the filters, whatever page is shown; nobody's own among it.
    ///
    /// # Errors
    /// The store's.
    pub async fn matching(&self, narrow: &Narrow) -> Result<Matching, AppError> {
        let (pool, site) = (&self.backend.pool, self.viewer.site_id());
        let kind: Option<KindKey> = given(&narrow.kind).and_then(|key| key.parse().ok());
        let filter = Filter {
            kind: kind.as_ref(),
            community: given(&narrow.community),
            text: given(&narrow.text),
        };
        let (inboxes, own) = (self.inboxes(), self.viewer.id());
        let (ids, all) = store::task::matching(pool, site, &inboxes, &filter, own, MOST_AT_ONCE).await?;
        Ok(Matching {
            ids: ids.into_iter().map(|id| id.0).collect(),
            all,
        })
    }
}
