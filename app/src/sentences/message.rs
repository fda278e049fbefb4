//! Messages as an operator reads them: by which way, where they stand, what went wrong.

use super::pick;
use crate::browser::push::Trouble;
use crate::language::t;
use pass::Channel;

/// A way of telling somebody.
pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => t("短信", "Text message"),
        Channel::Mail => t("邮件", "Mail"),
        Channel::Push => t("浏览器通知", "Browser notice"),
    }
}

/// Where a message stands.
pub fn standing(name: &str) -> &'static str {
    match name {
        "sent" => t("已发送", "Sent"),
        "failed" => t("发送失败", "Failed"),
        _ => t("等待发送", "Waiting"),
    }
}

/// Why a message was not sent: a word, and what the other side said.
pub fn trouble(error: &str) -> String {
    let (word, detail) = error.split_once(' ').unwrap_or((error, ""));
    let what = match word {
        "no-gateway" => t("没有设置短信网关", "no gateway for text messages is set"),
        "no-mail-server" => t("没有设置邮件服务器", "no mail server is set"),
        "no-push" => t("没有启用浏览器通知", "browser notices are not in use"),
        "unreachable" => t("无法连接", "could not be reached"),
        "timeout" => t("没有及时答复", "gave no answer in time"),
        "answered" => t("对方答复", "the other side answered"),
        "unusable" => t("地址不可用", "the address cannot be used"),
        "gone" => t("该浏览器已不再接收通知", "this browser takes no notices any more"),
        "not-allowed" => t(
            "该推送服务不在允许之列",
            "its push service is not among those allowed",
        ),
        "no-key" => t(
            "推送密钥打不开，请检查主密钥文件",
            "the push key does not open: check the master key's file",
        ),
        "expired" => t("已过期，不再发送", "expired before it could be sent"),
        _ => return error.to_owned(),
    };
    if detail.is_empty() {
        what.to_owned()
    } else {
        pick(format!("{what}：{detail}"), format!("{what}: {detail}"))
    }
}

/// What the operator learns where a way is not set up.
pub fn not_set_up(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => t(
            "没有设置短信网关：居民不能用手机号登录，短信通知发不出去。设置方法见运行手册。",
            "No gateway for text messages is set: residents cannot sign in by phone, and no text message is sent. The operating manual says how to set one.",
        ),
        Channel::Mail => t(
            "没有设置邮件服务器，邮件通知发不出去。",
            "No mail server is set: no mail is sent.",
        ),
        Channel::Push => t("没有启用浏览器通知。", "Browser notices are not in use."),
    }
}

/// How many messages an operator lets be tried again.
pub fn tried_again(count: u64) -> String {
    pick(
        format!("{count} 条消息将重新发送。"),
        if count == 1 {
            "One message is sent again.".to_owned()
        } else {
            format!("{count} messages are sent again.")
        },
    )
}

/// How many browsers show somebody's notices.
pub fn browser_count(count: usize) -> String {
    pick(
        format!("{count} 个浏览器"),
        if count == 1 {
            "one browser".to_owned()
        } else {
            format!("{count} browsers")
        },
    )
}

/// Where the code went that proves a mail address.
pub fn code_sent_to(mail: &str) -> String {
    pick(
        format!("验证码已发到 {mail}，请查收并填写。"),
        format!("A code was sent to {mail}. Type it here."),
    )
}

/// Why this browser shows no notices, and what to do.
pub fn push_trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unsupported => t(
            "这个浏览器不支持通知。iPhone 请先把本站添加到主屏幕，再从主屏幕打开；其他设备请换用 Chrome、Edge 或 Firefox。",
            "This browser cannot show notices. On an iPhone, add this site to the Home Screen and open it there; elsewhere use Chrome, Edge or Firefox.",
        ),
        Trouble::Denied => t(
            "浏览器没有允许本站发送通知。请在浏览器的网站设置里允许通知，然后重试。",
            "The browser does not let this site show notices. Allow them in its settings for this site, then try again.",
        ),
        Trouble::Failed => t(
            "浏览器的推送服务连接不上，请稍后再试，或选用短信、邮件。",
            "The browser's push service could not be reached. Try again later, or choose text messages or mail.",
        ),
    }
}
