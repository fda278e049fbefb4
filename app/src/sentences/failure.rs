//! What went wrong between a page and the server.

use super::{application, pick};
use crate::error::{AppError, Fault};
use crate::language::t;
use pass::Channel;
use pass::site::Text;

/// What happened, and what to do next.
pub fn error(error: &AppError) -> String {
    match error {
        AppError::Refused(refusal) => application::refusal(refusal),
        AppError::SignInNeeded => t("请先登录。", "Please sign in first.").to_owned(),
        AppError::NotAllowed => {
            t("您的账号没有这项权限。如需使用，请联系管理员。", "Your account may not do this. Ask an administrator if you need to.").to_owned()
        }
        AppError::NotFound => {
            t("没有找到。它可能已被删除，或不属于您。", "Not found. It may be gone, or not yours to see.").to_owned()
        }
        AppError::TooMany { wait_seconds } => pick(
            format!("操作太频繁，请在{}后再试。", wait(*wait_seconds)),
            format!("Too many tries. Try again in {}.", wait(*wait_seconds)),
        ),
        AppError::Invalid { fault: what, .. } => fault(what),
        AppError::SentBefore { .. } => t(
            "这份表格已经提交成功过一次，内容是修改前的；刚才的修改没有提交。如果要另外再申请一次，请再次点击提交。",
            "This form was sent before, as it was then; what you changed since has not been sent. To apply once more as it is now, press the button again.",
        )
        .to_owned(),
        AppError::CannotTell { channel: Channel::Sms } => t(
            "本单位尚未开通短信，现在不能用手机号登录。请用账号密码登录，或联系管理员。",
            "This site cannot send text messages yet, so nobody can sign in by phone. Sign in with a password, or ask an administrator.",
        )
        .to_owned(),
        AppError::CannotTell { .. } => t(
            "本单位尚未开通这种通知方式，请选用其他方式，或联系管理员。",
            "This site cannot send this way yet. Choose another, or ask an administrator.",
        )
        .to_owned(),
        AppError::Changed => {
            t("别人刚刚处理过这一项，请刷新后再看。", "Somebody else has just dealt with this. Load the page again to see it.").to_owned()
        }
        AppError::Unreachable => t(
            "网络不通，没有收到服务器的答复。您填写的内容还在，请重试；重试不会重复提交。",
            "The server could not be reached. What you typed is still here: try again, it will not be applied twice.",
        )
        .to_owned(),
        AppError::Outdated => t("页面已更新，请重新加载。", "There is a newer version of this page. Load it again.").to_owned(),
        AppError::Internal => t(
            "服务器出错了，我们已记录。请稍后再试。",
            "Something is broken on our side; it has been noted. Please try again later.",
        )
        .to_owned(),
    }
}

/// A time to wait, rounded up to what a person counts in.
fn wait(seconds: u64) -> String {
    match seconds {
        0..=90 => pick(
            format!(" {} 秒", seconds.max(1)),
            format!("{} seconds", seconds.max(1)),
        ),
        91..=5400 => pick(
            format!(" {} 分钟", seconds.div_ceil(60)),
            format!("{} minutes", seconds.div_ceil(60)),
        ),
        _ => pick(
            format!(" {} 小时", seconds.div_ceil(3600)),
            format!("{} hours", seconds.div_ceil(3600)),
        ),
    }
}

/// What is wrong with one input.
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Missing => t("此项必填。", "This is needed.").to_owned(),
        Fault::TooLong { max_chars } => pick(
            format!("最多 {max_chars} 个字。"),
            format!("At most {max_chars} characters."),
        ),
        Fault::TooShort { min_chars } => pick(
            format!("至少 {min_chars} 个字符。"),
            format!("At least {min_chars} characters."),
        ),
        Fault::Malformed => t(
            "格式不正确，请检查。",
            "This is not of the right form. Please check it.",
        )
        .to_owned(),
        Fault::Taken => t("已被使用，请换一个。", "This is in use already. Choose another.").to_owned(),
        Fault::Wrong => t(
            "不正确，请核对后重试。",
            "This is not right. Check it and try again.",
        )
        .to_owned(),
        Fault::Expired => t("已失效，请重新获取。", "This has expired. Ask for a new one.").to_owned(),
        Fault::UnknownFile => t(
            "无法识别这个文件。请上传 CSV 或 XLSX 表格。",
            "This file cannot be read. Choose a CSV or XLSX table.",
        )
        .to_owned(),
        Fault::EmptyFile => t(
            "文件里没有数据。请检查是否选错了文件。",
            "There is nothing in this file. Is it the right one?",
        )
        .to_owned(),
        Fault::UnreadableText => t(
            "无法识别文件的文字编码。请另存为 UTF-8 或 GBK 编码的 CSV，或 XLSX。",
            "The text in this file cannot be read. Save it as CSV in UTF-8 or GBK, or as XLSX.",
        )
        .to_owned(),
        Fault::TooManyLines { max } => pick(
            format!("行数太多，一次最多 {max} 行。请分几次导入。"),
            format!("Too many lines: {max} at a time at most. Import them in parts."),
        ),
        Fault::TooManyChosen { max } => pick(
            format!("一次最多处理 {max} 项，请分几次处理。"),
            format!("At most {max} at a time. Deal with them in parts."),
        ),
        Fault::TooMuchInside => t(
            "文件展开后过大，不是正常的登记表。请另存为 CSV 再上传。",
            "Unpacked, this file is far larger than any register. Save it as CSV and try again.",
        )
        .to_owned(),
        Fault::Attachment(fault) => super::attachment_fault(*fault),
        Fault::TooLarge { max_bytes } => {
            let megabytes = max_bytes / (1024 * 1024);
            pick(
                format!("文件太大，最多 {megabytes} MB。"),
                format!("The file is too large: {megabytes} MB at most."),
            )
        }
    }
}

/// The text message with a sign-in code, in both languages: nobody knows yet which one its reader speaks.
pub fn code_message(site: &Text, code: &str) -> String {
    let (zh, en) = (&site.zh, &site.en);
    format!(
        "【{zh}】验证码 {code}，5 分钟内有效，请勿告诉他人。{en}: your code is {code}, good for 5 minutes."
    )
}
