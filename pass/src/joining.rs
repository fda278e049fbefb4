//! When two accounts are one person's: whether the account of a telephone may be taken into somebody's own.

use serde::{Deserialize, Serialize};

/// What is known of the two accounts: the one that stays, and the telephone's, which would be taken into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// The telephone's is itself somebody of the register, signs in with a password, or has a role.
    pub another_of_the_site: bool,
    /// The telephone's may not sign in.
    pub disabled: bool,
    /// Each has a household, or waits for one to be confirmed.
    pub two_households: bool,
    /// One of them decided what the other asked for: joined, somebody would have decided their own.
    pub decided_for_each_other: bool,
}

/// Why the two are not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CannotJoin {
    /// The telephone's account is another one of the site's people.
    AnotherOfTheSite,
    /// The telephone's account may not sign in.
    Disabled,
    /// Both have a household, and a person has one.
    TwoHouseholds,
    /// One decided what the other asked for.
    DecidedForEachOther,
}

/// Whether the two may be joined.
///
/// # Errors
/// Why not.
pub fn check(accounts: &Accounts) -> Result<(), CannotJoin> {
    for (holds, why) in [
        (accounts.another_of_the_site, CannotJoin::AnotherOfTheSite),
        (accounts.disabled, CannotJoin::Disabled),
        (accounts.two_households, CannotJoin::TwoHouseholds),
        (accounts.decided_for_each_other, CannotJoin::DecidedForEachOther),
    ] {
        if holds {
            return Err(why);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_accounts_are_joined_unless_something_speaks_against_it() {
        let nothing = Accounts::default();
        for (accounts, answer) in [
            (nothing, Ok(())),
            (
                Accounts {
                    another_of_the_site: true,
                    two_households: true,
                    ..nothing
                },
                Err(CannotJoin::AnotherOfTheSite),
            ),
            (
                Accounts {
                    disabled: true,
                    ..nothing
                },
                Err(CannotJoin::Disabled),
            ),
            (
                Accounts {
                    two_households: true,
                    ..nothing
                },
                Err(CannotJoin::TwoHouseholds),
            ),
            (
                Accounts {
                    decided_for_each_other: true,
                    ..nothing
                },
                Err(CannotJoin::DecidedForEachOther),
            ),
        ] {
            assert_eq!(check(&accounts), answer, "{accounts:?}");
        }
    }
}
