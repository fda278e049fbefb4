//! Why somebody is not signed in, and why two accounts are not joined.

use super::pick;
use crate::language::t;
use crate::sign_in::Problem;
use pass::joining::CannotJoin;

/// What happened at the site's own sign-in, and what to do next.
pub fn sign_in_problem(problem: Problem, number: &str) -> String {
    match problem {
        Problem::UnknownNumber => pick(
            format!("本单位的人员名册里没有学工号 {number}。请联系所在部门或系统管理员，登记后再登录。"),
            format!(
                "Number {number} is not in this site's register. Ask your unit or the administrator to enter you, then sign in again."
            ),
        ),
        Problem::Left => pick(
            format!("人员名册上，学工号 {number} 已离开本单位，不能用统一身份认证登录。如有出入，请联系系统管理员；住户可以用手机号登录。"),
            format!(
                "The register says that number {number} has left this site. If that is wrong, ask the administrator; residents can sign in by phone."
            ),
        ),
        Problem::Disabled => t(
            "您的账号已停用。如有疑问，请联系系统管理员。",
            "Your account is disabled. Ask the administrator if you think it should not be.",
        )
        .to_owned(),
        Problem::NoNumber => t(
            "统一身份认证没有告知您的学工号，无法登录。请把这句话转告系统管理员。",
            "The site's sign-in did not say what your number is. Please tell the administrator so.",
        )
        .to_owned(),
        Problem::Over => t(
            "这次登录已失效：用时超过 10 分钟，已经用过一次，或是在另一个浏览器里开始的。请重新登录。",
            "This sign-in is over: it took more than 10 minutes, was used before, or began in another browser. Please sign in again.",
        )
        .to_owned(),
        Problem::Refused => t(
            "统一身份认证没有确认您的身份，或者您取消了登录。请重新登录；如果一直这样，请联系系统管理员。",
            "The site's sign-in did not confirm who you are, or you cancelled it. Please sign in again; if it stays so, ask the administrator.",
        )
        .to_owned(),
        Problem::Unreachable => t(
            "暂时连不上统一身份认证。请稍后再试，或改用其他方式登录。",
            "The site's sign-in does not answer. Try again in a while, or sign in another way.",
        )
        .to_owned(),
        Problem::NotSet => t(
            "本单位没有启用这种登录方式，请改用其他方式。",
            "This site does not have this way of signing in. Please choose another.",
        )
        .to_owned(),
        Problem::TooMany => t(
            "登录太频繁，请过一会儿再试。",
            "Too many are signing in from your network. Try again in a while.",
        )
        .to_owned(),
        Problem::Internal => t(
            "服务器出错了，我们已记录。请稍后再试。",
            "Something is broken on our side; it has been noted. Please try again later.",
        )
        .to_owned(),
    }
}

/// Why a telephone is not bound, and what to do next.
pub fn cannot_join(why: CannotJoin) -> &'static str {
    match why {
        CannotJoin::AnotherOfTheSite => t(
            "这个手机号属于本单位的另一个账号，不能绑定。请换一个手机号，或联系系统管理员。",
            "This number belongs to another account of the site's people. Use another one, or ask the administrator.",
        ),
        CannotJoin::Disabled => t(
            "这个手机号的账号已停用，不能绑定。请联系系统管理员。",
            "This number's account is disabled. Ask the administrator.",
        ),
        CannotJoin::TwoHouseholds => t(
            "您的账号和这个手机号各有一个住户（已绑定或待确认），无法合并。请先撤回一项，或请社区办解除一项绑定，再来绑定。",
            "Your account and this number each have a household, bound or waiting to be. Withdraw one, or have the office release one, then bind the number.",
        ),
        CannotJoin::DecidedForEachOther => t(
            "您审批过这个手机号的申请或住户，或者是它的接待人，合并后会变成自己审批自己，因此不能绑定。请换一个手机号。",
            "You decided about this number's applications or household, or host it; joined, you would decide your own. Use another number.",
        ),
    }
}

/// The telephone that is bound, of which the last digits are shown.
pub fn bound_phone(ends_in: &str) -> String {
    pick(
        format!("已绑定尾号 {ends_in} 的手机号。绑定新的会取代它。"),
        format!("A phone that ends in {ends_in} is bound. Binding another takes its place."),
    )
}
