//! The files that a form names, given to its application.

use crate::{AccountId, ApplicationId, Result, SiteId, attachment};
use pass::{PassKind, Refusal, Takes, Value, ValueFault, Values};
use sqlx::PgConnection;
use uuid::Uuid;

/// Gives the files to the application; those that it has already stay its own. Refused, the caller's transaction has to end without
/// anything.
pub(super) async fn claim(
    connection: &mut PgConnection,
    site: SiteId,
    applicant: AccountId,
    application: ApplicationId,
    kind: &PassKind,
    given: &Values,
) -> Result<Result<(), Refusal>> {
    let mut faults = Vec::new();
    for field in &kind.fields {
        let (Takes::Attachment { max_megabytes, .. }, Some(Value::Files(files))) =
            (&field.takes, given.get(&field.key))
        else {
            continue;
        };
        let most = i32::from(*max_megabytes) << 20;
        let files: Vec<Uuid> = files.iter().filter_map(|id| id.parse().ok()).collect();
        if !attachment::claim(connection, site, applicant, application, &files, most).await? {
            faults.push((field.key.clone(), ValueFault::FileGone));
        }
    }
    Ok(if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Given { faults })
    })
}
