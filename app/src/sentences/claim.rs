//! Household claims: where they stand.

use crate::language::t;
use crate::review::facts::ClaimState;

/// A claim's state, as the office reads it.
pub fn claim_state(state: ClaimState) -> &'static str {
    match state {
        ClaimState::Pending => t("待确认", "To confirm"),
        ClaimState::Confirmed => t("已绑定", "Bound"),
        ClaimState::Refused => t("未确认", "Refused"),
        ClaimState::Released => t("已解除", "Released"),
    }
}
