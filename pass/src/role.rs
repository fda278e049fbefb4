//! Who may do what besides applying, which everybody may.

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::{kind::Standing, person::PersonKind};

/// A duty granted to an account, at a whole site, in one zone or in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The community office (社区办): confirms households and reviews residents' applications.
    Office,
    /// The security office (保卫处).
    SecurityOffice,
    /// Heads a unit (单位主要负责人).
    UnitHead,
    /// Stands in for the head of a unit, at any time (单位副职): decides what the head may decide.
    UnitDeputy,
    /// Runs the business of a college (学院管理人员).
    CollegeAdministrator,
    /// Student affairs (学工部), in the whole site or for one college.
    StudentAffairs,
    /// Postgraduates' affairs (研工部), in the whole site or for one college.
    GraduateAffairs,
    /// Serves people without a phone at a counter.
    Clerk,
    /// Stands at a checkpoint with a tablet.
    Guard,
    /// Sets up people, households, pass kinds, checkpoints, tablets and keys.
    Administrator,
}

/// Where a role may be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// In the whole site.
    Site,
    /// In one zone.
    Zone,
    /// In one unit.
    Unit,
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 10] = [
        Self::Office,
        Self::SecurityOffice,
        Self::UnitHead,
        Self::UnitDeputy,
        Self::CollegeAdministrator,
        Self::StudentAffairs,
        Self::GraduateAffairs,
        Self::Clerk,
        Self::Guard,
        Self::Administrator,
    ];

    /// The name in the database and in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::SecurityOffice => "security_office",
            Self::UnitHead => "unit_head",
            Self::UnitDeputy => "unit_deputy",
            Self::CollegeAdministrator => "college_administrator",
            Self::StudentAffairs => "student_affairs",
            Self::GraduateAffairs => "graduate_affairs",
            Self::Clerk => "clerk",
            Self::Guard => "guard",
            Self::Administrator => "administrator",
        }
    }

    /// Where it may be granted. Offices and administrators decide about people and rules of the whole site; what a guard or a clerk
    /// does lies in a zone; what heads decide, in a unit.
    pub fn reaches(self) -> &'static [Reach] {
        match self {
            Self::Office | Self::SecurityOffice | Self::Administrator => &[Reach::Site],
            Self::UnitHead | Self::UnitDeputy | Self::CollegeAdministrator => &[Reach::Unit],
            Self::StudentAffairs | Self::GraduateAffairs => &[Reach::Site, Reach::Unit],
            Self::Clerk | Self::Guard => &[Reach::Site, Reach::Zone],
        }
    }

    /// Whether it may be granted there.
    pub fn reaches_to(self, reach: Reach) -> bool {
        self.reaches().contains(&reach)
    }

    /// The roles whose holders sit in a seat of this role: itself, and for a head the deputies.
    pub fn holders(self) -> &'static [Role] {
        match self {
            Self::Office => &[Self::Office],
            Self::SecurityOffice => &[Self::SecurityOffice],
            Self::UnitHead => &[Self::UnitHead, Self::UnitDeputy],
            Self::UnitDeputy => &[Self::UnitDeputy],
            Self::CollegeAdministrator => &[Self::CollegeAdministrator],
            Self::StudentAffairs => &[Self::StudentAffairs],
            Self::GraduateAffairs => &[Self::GraduateAffairs],
            Self::Clerk => &[Self::Clerk],
            Self::Guard => &[Self::Guard],
            Self::Administrator => &[Self::Administrator],
        }
    }

    /// Whether it can be a seat of an approval flow: those who look after people, not those who stand at gates, nor those who set the rules.
    pub fn decides(self) -> bool {
        !matches!(
            self,
            Self::Guard | Self::Clerk | Self::UnitDeputy | Self::Administrator
        )
    }

    /// Whether whoever has it in the whole site sees all applications made in a standing (查询统计), and may end them.
    pub fn oversees(self, standing: Standing) -> bool {
        match self {
            Self::SecurityOffice => true,
            Self::Office => standing == Standing::Household,
            Self::StudentAffairs => standing == Standing::Person(PersonKind::Student),
            Self::GraduateAffairs => standing == Standing::Person(PersonKind::Postgraduate),
            _ => false,
        }
    }

    /// The role of that name.
    ///
    /// # Errors
    /// The name itself, when no role has it.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or_else(|| name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_holders() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
            assert!(role.holders().contains(&role));
            assert!(!role.reaches().is_empty());
            // A deputy's grant lies where the head's lies, or it would be looked for in vain.
            for holder in role.holders() {
                assert_eq!(holder.reaches(), role.reaches());
            }
        }
        assert!(Role::parse("rector").is_err());
    }
}
