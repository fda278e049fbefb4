//! What keeps a pass kind's document from being published, in words.

use super::pick;
use crate::language::t;
use pass::flow::FlowFault;
use pass::kind::KindFaultWhy;

/// Why a part of a kind cannot stand, and what to write instead.
pub fn kind_fault(why: &KindFaultWhy) -> String {
    match why {
        KindFaultWhy::Empty => t("不能为空。", "It may not be empty.").to_owned(),
        KindFaultWhy::Longer { max } => {
            pick(format!("最多 {max} 个字。"), format!("At most {max} characters."))
        }
        KindFaultWhy::Below { min } => pick(format!("不能小于 {min}。"), format!("Not less than {min}.")),
        KindFaultWhy::Above { max } => pick(format!("不能大于 {max}。"), format!("Not more than {max}.")),
        KindFaultWhy::Repeated => t(
            "有重复，或名称已被系统使用。",
            "It is there twice, or the name is taken by the product.",
        )
        .to_owned(),
        KindFaultWhy::NoSuchZone { zone } => pick(
            format!("本单位没有编号为 {zone} 的校区。"),
            format!("The site has no zone {zone}."),
        ),
        KindFaultWhy::Step(fault) => flow_fault(fault),
        KindFaultWhy::NoHousehold => t(
            "只有 applicant = \"household\" 的通行证才能申请给家庭成员。",
            "Only a household has members: let applicant be \"household\".",
        )
        .to_owned(),
        KindFaultWhy::FileNotRenewable => t(
            "可续期的类型不能有必填的附件：附件属于原申请，续期时无法沿用。",
            "A kind that may be renewed cannot require files: they belong to the application they were given with.",
        )
        .to_owned(),
        KindFaultWhy::NoHostApplicant => t(
            "由申请人接待时，申请人须为校内人员：applicant 写成人员类别的列表。",
            "Whoever hosts belongs to the site: let applicant be a list of person kinds.",
        )
        .to_owned(),
        KindFaultWhy::HostNotFirst => t(
            "由申请人填写接待人时，第一步必须是 seats = [{ person = \"host\" }]，且不带条件。",
            "A named host confirms first: let the first step have seats = [{ person = \"host\" }] and no condition.",
        )
        .to_owned(),
        KindFaultWhy::ChecksUnasked => t(
            "有核对项（checks）时须由门卫确认：写成 confirm = true，或删去 checks。",
            "Checks need the guard to confirm them: let confirm be true, or leave checks out.",
        )
        .to_owned(),
        KindFaultWhy::DocumentApart => t(
            "要查验证件，请写在这种通行证的 document 中，不写在 checks 里。",
            "The document goes into the kind's document, not among its checks.",
        )
        .to_owned(),
        KindFaultWhy::NotYet => t("本版本尚不支持。", "This version does not do that yet.").to_owned(),
    }
}

fn flow_fault(fault: &FlowFault) -> String {
    match fault {
        FlowFault::SameKey => t("前面已有同名步骤。", "An earlier step has this name.").to_owned(),
        FlowFault::NoSeat => t(
            "没有审批人：请在 seats 中写明角色。",
            "Nobody decides: name a role in seats.",
        )
        .to_owned(),
        FlowFault::SameSeat => t("审批人重复。", "The same seat twice.").to_owned(),
        FlowFault::ManySeats => pick(
            format!("审批人过多，最多 {} 个。", pass::Flow::MAX_SEATS),
            format!("Too many seats; at most {}.", pass::Flow::MAX_SEATS),
        ),
        FlowFault::IdleRole => t(
            "这个角色不参与审批（门岗、窗口、管理员、单位副职）。",
            "This role decides nothing (guard, clerk, administrator, unit_deputy).",
        )
        .to_owned(),
        FlowFault::RoleElsewhere => t(
            "角色与范围不符：单位负责人须写 of = \"applicant_unit\" 或 \"host_unit\"，社区办、保卫处不写 of。",
            "The role is not granted there: heads need of = \"applicant_unit\" or \"host_unit\"; offices take no of.",
        )
        .to_owned(),
        FlowFault::NoPersonField => t(
            "person 须为 \"host\"，或表单中一个必填的 person 字段。",
            "person is \"host\", or a required field of kind person.",
        )
        .to_owned(),
        FlowFault::PickWithoutChoice => t(
            "pick 只用于恰有一个角色审批人的步骤。",
            "pick is for a step with one seat, a role's.",
        )
        .to_owned(),
        FlowFault::NoHost => t("这种通行证没有接待人（host）。", "This kind has no host.").to_owned(),
        FlowFault::NoUnit => t(
            "申请人没有所在单位：applicant 须为人员类别的列表。",
            "The applicants have no unit: let applicant be a list of person kinds.",
        )
        .to_owned(),
        FlowFault::NoSuchStep { step } => pick(
            format!("没有名为“{step}”的步骤。"),
            format!("There is no step \"{step}\"."),
        ),
        FlowFault::SameNext => t("下一步重复。", "The same next step twice.").to_owned(),
        FlowFault::ChoiceInParallel => t(
            "多人会签的步骤只能有一个下一步。",
            "A step that several must agree to can go on in one way only.",
        )
        .to_owned(),
        FlowFault::Unreachable => t("没有任何路径到达这一步。", "No way leads to this step.").to_owned(),
        FlowFault::NoWayOut => t(
            "从这一步无法走到结束：请在某个 next 中写上 \"end\"。",
            "From this step no way leads to the end: let some next be \"end\".",
        )
        .to_owned(),
        FlowFault::NoSuchField { field } => pick(
            format!("表单没有名为“{field}”的字段。"),
            format!("The form has no field \"{field}\"."),
        ),
        FlowFault::ConditionDoesNotFit => t(
            "条件与字段类型不符：is 用于选项，at_least 和 at_most 用于数字。",
            "The condition does not fit the field: is asks of choices, at_least and at_most of numbers.",
        )
        .to_owned(),
        FlowFault::Title => pick(
            format!("步骤名称须有中英文，最多 {} 个字。", pass::Step::MAX_TITLE),
            format!(
                "A step's title is needed in both languages, at most {} characters.",
                pass::Step::MAX_TITLE
            ),
        ),
        FlowFault::DeadlineHours => pick(
            format!("期限为 1 至 {} 小时。", pass::flow::Deadline::MAX_HOURS),
            format!("A deadline has 1 to {} hours.", pass::flow::Deadline::MAX_HOURS),
        ),
    }
}

/// Why a version may not change its kind's key.
pub fn other_key(key: &str) -> String {
    pick(
        format!("key 不能更改，须为“{key}”。要另建一种通行证，请用“复制为新类型”。"),
        format!("The key cannot change: let it be \"{key}\". For another kind, make a copy as a new kind."),
    )
}

/// Why a text is no document of a kind: `message` is what the reader of TOML says, which is English. The commonest are said in the
/// page's language; the others are handed on behind what they are about.
pub fn form_fault(message: &str) -> String {
    let english = message.lines().next().unwrap_or(message).to_owned();
    pick(form_fault_zh(message), english)
}

fn form_fault_zh(message: &str) -> String {
    let message = message.lines().next().unwrap_or(message);
    let expected = message.split_once(", expected ").map(|(_, rest)| {
        rest.trim_start_matches("one of ")
            .replace(", ", "、")
            .replace(" or ", " 或 ")
    });
    let only = |what: &str| match &expected {
        Some(these) => format!("{what}可以写：{these}。"),
        None => what.to_owned(),
    };
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        only(&format!("没有“{quoted}”这一项。"))
    } else if message.starts_with("unknown variant") {
        only(&format!("“{quoted}”不是可用的值。"))
    } else if message.starts_with("missing field") {
        format!("缺少“{quoted}”。")
    } else if message.starts_with("duplicate") {
        "同一项写了两次。".to_owned()
    } else if let Some(rest) = message.strip_prefix("invalid type: ") {
        format!("值的类型不对：{rest}。")
    } else if message.starts_with("zones are") {
        "zones 为 0 至 31 的校区编号列表，或 \"all\"。".to_owned()
    } else if message.starts_with("applicant is") {
        "applicant 为 \"household\"、\"anybody\"，或人员类别的列表（staff、student、postgraduate、retired、contractor）。".to_owned()
    } else if message.starts_with("a seat has") {
        "审批人写 role（可加 of），或写 person，二者取一。".to_owned()
    } else if message.starts_with("a condition has") {
        "条件须恰好写 is、at_least、at_most、given 中的一个。".to_owned()
    } else {
        format!("书写格式不正确：{message}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reader_of_toml_says_is_said_in_chinese() {
        #[track_caller]
        fn check(message: &str, said: &str) {
            assert_eq!(form_fault(message), said);
        }
        check(
            "unknown field `aplicant`, expected one of `key`, `applicant`",
            "没有“aplicant”这一项。可以写：`key`、`applicant`。",
        );
        check(
            "unknown variant `twice`, expected `once` or `many`",
            "“twice”不是可用的值。可以写：`once` 或 `many`。",
        );
        check("missing field `title`", "缺少“title”。");
        check("duplicate key", "同一项写了两次。");
        check("unclosed table", "书写格式不正确：unclosed table");
    }
}
