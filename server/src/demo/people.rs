//! Staff with passwords, residents with telephones.

use super::chance::Chance;
use super::{Failure, Making, campus};
use app::backend::password;
use jiff::SignedDuration;
use pass::Role;
use pass::household::HouseholdRow;
use store::account::{Grant, NewAccount};
use store::household::Household;
use store::{AccountId, Conflict};

/// The resident that visitors of the demonstration try.
pub const VISITOR_PHONE: &str = "13800138000";

/// How many households have a telephone. Theirs are 13800138000 and the numbers after it, which belong to nobody.
const BOUND: usize = 150;
/// Telephones after those whose claim waits for the office.
const PENDING: usize = 7;
/// Every how many doors one is bound.
const STRIDE: usize = 4;

/// A login of the demonstration.
pub struct Staff {
    /// What is typed.
    pub login: &'static str,
    /// The password, which everybody may know.
    pub password: &'static str,
    /// The name people see.
    pub name: &'static str,
    /// What they may do.
    pub role: Role,
}

/// Staff of the first site; the first of each role is the one that is announced.
pub const STAFF: &[Staff] = &[
    Staff {
        login: "office",
        password: "office-demo",
        name: "社区办 沈清和",
        role: Role::Office,
    },
    Staff {
        login: "guard",
        password: "guard-demo",
        name: "门岗 高川",
        role: Role::Guard,
    },
    Staff {
        login: "admin",
        password: "admin-demo",
        name: "管理员 苏明远",
        role: Role::Administrator,
    },
    Staff {
        login: "office2",
        password: "office2-demo",
        name: "社区办 蒋知夏",
        role: Role::Office,
    },
    Staff {
        login: "guard2",
        password: "guard2-demo",
        name: "门岗 卢越",
        role: Role::Guard,
    },
];

/// A resident whom the office has confirmed.
pub struct Resident {
    /// Their account.
    pub account: AccountId,
    /// Their household.
    pub household: Household,
}

/// Who lives and works here.
pub struct People {
    /// Residents with a telephone; the first is the visitors' one.
    pub residents: Vec<Resident>,
    /// The two who decide for the office.
    pub office: Vec<AccountId>,
    /// The administrator.
    pub administrator: AccountId,
}

/// The number of a resident.
pub fn phone(at: usize) -> String {
    format!("13800138{at:03}")
}

impl Making<'_> {
    /// Accounts, roles, and telephones bound to households.
    pub(crate) async fn people(&self, chance: &mut Chance, rows: &[HouseholdRow]) -> Result<People, Failure> {
        let of_role = |role: Role| STAFF.iter().filter(move |staff| staff.role == role);
        let mut office = Vec::new();
        for staff in of_role(Role::Office) {
            office.push(self.staff(staff).await?);
        }
        for staff in of_role(Role::Guard) {
            self.staff(staff).await?;
        }
        let mut administrator = None;
        for staff in of_role(Role::Administrator) {
            administrator = Some(self.staff(staff).await?);
        }
        let first_office = *office.first().ok_or("the demonstration has an office")?;
        let residents = self.residents(chance, rows, first_office).await?;
        let administrator = administrator.ok_or("the demonstration has an administrator")?;
        Ok(People {
            residents,
            office,
            administrator,
        })
    }

    /// An account with a password and a role in the whole site.
    pub(crate) async fn staff(&self, staff: &Staff) -> Result<AccountId, Failure> {
        let there = store::account::by_login(self.pool(), self.id(), staff.login).await?;
        let id = match there {
            Some((account, _)) => account.id,
            None => {
                let hash = password::hash(staff.password)?;
                let new = NewAccount {
                    display_name: staff.name,
                    login: Some(staff.login),
                    password_hash: Some(&hash),
                    phone: None,
                };
                store::account::create(self.pool(), self.id(), new, self.now).await?
            }
        };
        store::account::grant(self.pool(), self.id(), id, Grant::whole(staff.role), self.now).await?;
        Ok(id)
    }

    async fn residents(
        &self,
        chance: &mut Chance,
        rows: &[HouseholdRow],
        office: AccountId,
    ) -> Result<Vec<Resident>, Failure> {
        let mut residents = Vec::new();
        let mut doors = rows.iter().step_by(STRIDE);
        for (at, row) in doors.by_ref().take(BOUND).enumerate() {
            let claimed_at = self.now - SignedDuration::from_hours(24 * 9 + chance.between(0, 24 * 30));
            let (account, household) = self.claim(at, row, &row.householder, claimed_at).await?;
            if let Some(claim) = store::claim::latest(self.pool(), self.id(), account).await?
                && claim.state == store::claim::ClaimState::Pending
            {
                let confirmed_at = claimed_at + SignedDuration::from_mins(chance.between(5, 300));
                store::claim::confirm(self.pool(), self.id(), claim.id, office, None, confirmed_at).await?;
            }
            residents.push(Resident { account, household });
        }
        let free = rows.iter().skip(1).step_by(STRIDE * 20);
        for (at, row) in free.take(PENDING).enumerate() {
            // Most type the name as it is registered; the office looks twice at the others.
            let name = if at % 3 == 2 {
                campus::name(chance)
            } else {
                row.householder.clone()
            };
            let claimed_at = self.now - SignedDuration::from_mins(chance.between(20, 30 * 60));
            self.claim(BOUND + at, row, &name, claimed_at).await?;
        }
        Ok(residents)
    }

    /// A telephone's account and its claim to a household, which waits for the office.
    async fn claim(
        &self,
        at: usize,
        row: &HouseholdRow,
        householder: &str,
        claimed_at: jiff::Timestamp,
    ) -> Result<(AccountId, Household), Failure> {
        let household = store::household::by_address(self.pool(), self.id(), &row.address)
            .await?
            .ok_or("a household that was imported is not there")?;
        let account = store::account::by_phone_or_create(self.pool(), self.id(), &phone(at), claimed_at)
            .await?
            .id;
        if store::claim::latest(self.pool(), self.id(), account)
            .await?
            .is_none()
        {
            let made = store::claim::make(
                self.pool(),
                self.id(),
                account,
                household.id,
                householder,
                claimed_at,
            )
            .await;
            match made {
                Ok(_) => {}
                Err(error) if error.conflict() == Some(Conflict::ClaimPending) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok((account, household))
    }
}
