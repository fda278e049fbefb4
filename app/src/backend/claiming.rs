//! An applicant's claim to a household.

use super::{Backend, Viewer};
use crate::error::{AppError, Fault};
use jiff::Timestamp;
use pass::booking::MAX_NAME;
use store::{Conflict, HouseholdId};

/// What is claimed.
pub struct NewClaim {
    household: HouseholdId,
    householder: String,
}

/// Reads a claim's form.
///
/// # Errors
/// The first field's fault.
pub fn parse(household: &str, householder: &str) -> Result<NewClaim, AppError> {
    let fault = |field, fault| Err(AppError::invalid(field, fault));
    if household.trim().is_empty() {
        return fault("household", Fault::Missing);
    }
    let Ok(household) = household.trim().parse() else {
        return fault("household", Fault::Malformed);
    };
    let householder = pass::household::normalise(householder);
    if householder.is_empty() {
        return fault("householder", Fault::Missing);
    }
    if householder.chars().count() > usize::from(MAX_NAME) {
        return fault("householder", Fault::TooLong { max_chars: MAX_NAME });
    }
    if householder.chars().any(char::is_control) {
        return fault("householder", Fault::Malformed);
    }
    Ok(NewClaim {
        household,
        householder,
    })
}

/// Makes the claim. Sent twice it is one claim.
///
/// # Errors
/// `household` malformed when the site has none such; [`AppError::Changed`] when the person is bound already.
pub async fn make(
    backend: &Backend,
    viewer: &Viewer,
    claim: &NewClaim,
    now: Timestamp,
) -> Result<(), AppError> {
    let made = store::claim::make(
        &backend.pool,
        viewer.site_id(),
        viewer.id(),
        claim.household,
        &claim.householder,
        now,
    )
    .await;
    match made {
        Ok(_) => Ok(()),
        Err(error) => match error.conflict() {
            Some(Conflict::ClaimPending) => Ok(()),
            Some(Conflict::Unknown) => Err(AppError::invalid("household", Fault::Malformed)),
            _ => Err(error.into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_names_a_household_and_its_householder() {
        let id = "00000000-0000-0000-0000-000000000001";
        let fault = |household, householder| parse(household, householder).err();
        assert_eq!(fault(id, "张三"), None);
        assert_eq!(
            fault("", "张三"),
            Some(AppError::invalid("household", Fault::Missing))
        );
        assert_eq!(
            fault("3栋", "张三"),
            Some(AppError::invalid("household", Fault::Malformed))
        );
        assert_eq!(
            fault(id, " "),
            Some(AppError::invalid("householder", Fault::Missing))
        );
        let long = "张".repeat(41);
        assert_eq!(
            fault(id, &long),
            Some(AppError::invalid("householder", Fault::TooLong { max_chars: 40 }))
        );
    }
}
