//! What administrators read: directions, roles, what is wrong with an event.

use super::pick;
use crate::language::t;
use pass::household::Address;
use pass::{Direction, Role};

/// Which way people pass.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => t("进", "In"),
        Direction::Out => t("出", "Out"),
        Direction::Both => t("双向", "Both"),
    }
}

/// Why something that a tablet sent is in quarantine, or why a gate did not open.
pub fn event_fault(code: &str) -> &'static str {
    match code {
        "broken-chain" => t("记录前后不连", "does not follow the event before it"),
        "number-taken" => t("序号重复", "another event has this number"),
        "id-taken" => t("编号重复", "another event has this id"),
        "other-number" => t("序号不符", "another number on the envelope"),
        "tablet-revoked" => t("终端已停用", "the tablet was revoked"),
        other => super::gate::refusal_code(other),
    }
}

/// A duty.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Office => t("社区办", "Community office"),
        Role::SecurityOffice => t("保卫处", "Security office"),
        Role::UnitHead => t("单位负责人", "Head of a unit"),
        Role::UnitDeputy => t("单位副职", "Deputy head of a unit"),
        Role::CollegeAdministrator => t("学院管理人员", "College administrator"),
        Role::StudentAffairs => t("学工部", "Student affairs"),
        Role::GraduateAffairs => t("研工部", "Postgraduate affairs"),
        Role::Clerk => t("窗口", "Counter clerk"),
        Role::Guard => t("门岗", "Guard"),
        Role::Administrator => t("管理员", "Administrator"),
    }
}

/// An address on one line.
pub fn address(address: &Address) -> String {
    format!("{} {} {}", address.community, address.building, address.door)
}

/// How many households there are.
pub fn household_count(count: u64) -> String {
    pick(format!("共登记 {count} 户"), format!("{count} households in all"))
}
