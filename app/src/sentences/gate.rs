//! The gate: why it stays shut and what the guard does next, what a tablet cannot promise, how things stand with the server.

mod checks;
mod standing;
mod used;

pub use checks::{checks, document, to_check};
pub use standing::standing;
pub use used::half_taken;

use super::{instant, pick};
use crate::browser::camera::CameraFault;
use crate::gate::desk::{BY_GUARD, Tone};
use crate::gate::wire::Trouble;
use crate::language::{language, say, t};
use jiff::Timestamp;
use jiff::civil::DateTime;
use pass::admission::What;
use pass::{Caution, GateBundle, GateRefusal, Text, ZoneSet};

/// A reason, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What is the matter.
    pub reason: String,
    /// What the guard does.
    pub next: String,
}

impl Advice {
    fn new(reason: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            next: next.into(),
        }
    }
}

/// The one word of a verdict, read at two metres.
pub fn verdict_word(tone: Tone) -> &'static str {
    match tone {
        Tone::Admit => t("放行", "ADMIT"),
        Tone::Refuse => t("禁止通行", "STOP"),
        Tone::Caution => t("请核对", "CHECK"),
    }
}

/// Why the gate stays shut.
pub fn gate_refusal(why: &GateRefusal, gate: &GateBundle) -> Advice {
    let at = |at: Timestamp| instant(site_time(gate, at));
    let to_office = t("请联系社区办。", "Send them to the community office.");
    let anew = t(
        "请对方打开自己手机上的通行证，重新出示。",
        "Ask them to open the pass on their own phone and show it again.",
    );
    match why {
        GateRefusal::NotAPass => Advice::new(
            t("这不是通行证二维码。", "This code is not a pass."),
            t(
                "请对方打开通行证，出示通行证二维码。",
                "Ask them to open their pass and show its code.",
            ),
        ),
        GateRefusal::BadDigits
        | GateRefusal::Malformed
        | GateRefusal::TooLong
        | GateRefusal::TrailingBytes => Advice::new(
            t("二维码内容不完整或已损坏。", "The code is damaged or incomplete."),
            anew,
        ),
        GateRefusal::WrongAlgorithm
        | GateRefusal::UnexpectedHeader
        | GateRefusal::NotCanonical
        | GateRefusal::HighS
        | GateRefusal::UnexpectedClaim
        | GateRefusal::BadValidity
        | GateRefusal::BadSignature => Advice::new(
            t(
                "签名无效：这张通行证是伪造的或被改动过。",
                "The signature is not valid: the pass is forged or altered.",
            ),
            t(
                "不要放行，请报告值班负责人。",
                "Do not let them in; tell your supervisor.",
            ),
        ),
        GateRefusal::UnknownKey { claimed_site, .. } => Advice::new(
            match claimed_site {
                Some(site) => pick(
                    format!("签发方未知，自称单位“{}”。", site.as_str()),
                    format!(
                        "Signed by nobody this tablet knows; it claims to be of “{}”.",
                        site.as_str()
                    ),
                ),
                None => t("签发方未知。", "Signed by nobody this tablet knows.").to_owned(),
            },
            t(
                "不要放行；如本终端久未联网，请先联网更新。",
                "Do not let them in. If this tablet has long been offline, connect it first.",
            ),
        ),
        GateRefusal::OtherSite { site } => Advice::new(
            pick(
                format!("这是其他单位（{}）的通行证。", site.as_str()),
                format!("This pass is for another site ({}).", site.as_str()),
            ),
            t(
                "在这里不能使用。请对方出示本单位的通行证。",
                "It is of no use here. Ask for a pass of this site.",
            ),
        ),
        GateRefusal::UnknownKind { .. } => Advice::new(
            t(
                "本终端还不认识这种通行证。",
                "This tablet does not know this kind of pass yet.",
            ),
            t("请将终端联网更新后再试。", "Connect the tablet, then try again."),
        ),
        GateRefusal::NotYet { valid_from } => Advice::new(
            pick(
                format!("还没有生效，{} 起有效。", at(*valid_from)),
                format!("Not valid yet: from {} on.", at(*valid_from)),
            ),
            t("请对方在有效期内再来。", "Ask them to come back then."),
        ),
        GateRefusal::Expired { valid_until } => Advice::new(
            pick(
                format!("已于 {} 过期。", at(*valid_until)),
                format!("Expired at {}.", at(*valid_until)),
            ),
            t("请对方重新申请。", "They need to apply anew."),
        ),
        GateRefusal::WrongZone { zones } => Advice::new(
            pick(
                format!("不能进入本校区，只能进入：{}。", zone_names(gate, *zones)),
                format!("Not for this zone; it opens: {}.", zone_names(gate, *zones)),
            ),
            t("请对方前往相应校区的门岗。", "Send them to a gate of that zone."),
        ),
        GateRefusal::Revoked => Advice::new(t("通行证已被撤销。", "The pass has been revoked."), to_office),
        GateRefusal::Unlisted => Advice::new(
            t(
                "通行证号不在有效范围内。",
                "The pass number is not among those in force.",
            ),
            to_office,
        ),
        GateRefusal::HolderSignatureMissing => Advice::new(
            t(
                "这是手机通行证的截图或复印件。",
                "This is a copy of a phone's pass.",
            ),
            anew,
        ),
        GateRefusal::HolderSignatureUnexpected | GateRefusal::HolderSignatureBad => Advice::new(
            t(
                "出示的手机与通行证不符。",
                "The pass does not belong to this phone.",
            ),
            anew,
        ),
        GateRefusal::Stale { at: signed, now } => Advice::new(
            pick(
                format!(
                    "二维码生成于 {}，已经失效（本机时间 {}）。",
                    seconds(gate, *signed),
                    seconds(gate, *now)
                ),
                format!(
                    "The code was made at {} and is out of date (this tablet: {}).",
                    seconds(gate, *signed),
                    seconds(gate, *now)
                ),
            ),
            t(
                "请对方出示实时二维码，不能用截图；并检查手机时间。",
                "Ask for the live code, not a picture, and check the phone's clock.",
            ),
        ),
        GateRefusal::AlreadyUsed {
            uses,
            at: used,
            checkpoint,
        } => used::already(*uses, &at(*used), checkpoint),
        GateRefusal::HalfUsed {
            way,
            at: used,
            checkpoint,
        } => used::half(*way, &at(*used), checkpoint),
        GateRefusal::UsedElsewhere { uses } => used::elsewhere(*uses),
        GateRefusal::NumberOnly {
            number,
            used,
            last_use,
        } => {
            let known = match last_use {
                Some(last) => pick(
                    format!("，最近一次于 {} 在{}通行", at(last.at), say(&last.checkpoint)),
                    format!("; last passed at {} at {}", at(last.at), say(&last.checkpoint)),
                ),
                None if *used => t("，已经使用过", "; it has been used").to_owned(),
                None => t(
                    "，本终端没有它的通行记录",
                    "; nobody passed with it at this tablet",
                )
                .to_owned(),
            };
            Advice::new(
                pick(
                    format!("通行证号 {number}{known}。"),
                    format!("Pass number {number}{known}."),
                ),
                t(
                    "仅凭号码不能放行：请扫描二维码，或向社区办核实。",
                    "A number alone admits nobody: scan the code, or ask the community office.",
                ),
            )
        }
    }
}

/// Why the gate stayed shut, by the code in an event: short, for the log.
pub fn refusal_code(code: &str) -> &'static str {
    match code {
        "not-a-pass" => t("不是通行证", "not a pass"),
        "bad-digits" | "malformed" | "too-long" | "trailing-bytes" => t("二维码损坏", "damaged code"),
        "wrong-algorithm" | "unexpected-header" | "not-canonical" | "high-s" | "unexpected-claim"
        | "bad-validity" | "bad-signature" => t("签名无效", "signature not valid"),
        "unknown-key" => t("签发方未知", "unknown issuer"),
        "other-site" => t("其他单位", "another site"),
        "unknown-kind" => t("类型未知", "unknown kind"),
        "not-yet" => t("未生效", "not valid yet"),
        "expired" => t("已过期", "expired"),
        "wrong-zone" => t("校区不符", "another zone"),
        "revoked" => t("已撤销", "revoked"),
        "unlisted" => t("不在有效范围", "not in force"),
        "holder-signature-missing" => t("截图或复印件", "a copy"),
        "holder-signature-unexpected" | "holder-signature-bad" => t("手机不符", "another phone"),
        "stale" => t("二维码已失效", "code out of date"),
        "already-used" => t("重复使用", "used already"),
        "half-used" => t("此方向已使用", "this half used already"),
        "used-elsewhere" => t("已在他处使用", "used elsewhere"),
        "number-only" => t("仅输入号码", "number only"),
        BY_GUARD => t("门卫不放行", "by the guard"),
        _ => t("其他原因", "another reason"),
    }
}

/// What happened, in a word.
pub fn what(what: &What) -> &'static str {
    match what {
        What::Admitted => t("放行", "Admitted"),
        What::Refused { .. } => t("拒绝", "Refused"),
        What::Overridden { .. } => t("特批放行", "Overridden"),
        What::Voided { .. } => t("撤销记录", "Voided"),
    }
}

/// What a good verdict cannot promise.
pub fn caution(caution: &Caution, gate: &GateBundle) -> Advice {
    match caution {
        Caution::ClockBehind { .. } => Advice::new(
            t(
                "本机时间比服务器慢，已按服务器时间核验。",
                "This tablet's clock is behind the server's; the server's time was used.",
            ),
            t(
                "请核对证件，并校准本机时间。",
                "Check their document, and set the tablet's clock.",
            ),
        ),
        Caution::OldBundle { issued_at } => {
            let since = instant(site_time(gate, *issued_at));
            Advice::new(
                pick(
                    format!("本终端自 {since} 起没有更新，不知道它是否已在其他门岗使用。"),
                    format!("Not updated since {since}: it may have been used at another gate."),
                ),
                t(
                    "请核对证件和当日登记后再决定。",
                    "Check their document and the day's register, then decide.",
                ),
            )
        }
    }
}

/// Why enrolling failed, and what to do.
pub fn enrol_trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::WrongCode => t(
            "登记码不对或已被使用。请核对，或请管理员重新生成。",
            "This code is wrong or was used. Check it, or ask the administrator for a new one.",
        ),
        Trouble::ExpiredCode => t(
            "登记码已过期。请管理员重新生成。",
            "This code has expired. Ask the administrator for a new one.",
        ),
        Trouble::TooMany => t(
            "尝试次数太多，请一小时后再试。",
            "Too many tries. Try again in an hour.",
        ),
        Trouble::NoSite => t(
            "这个网址没有对应的单位。请核对网址。",
            "No site has this address. Check the address.",
        ),
        Trouble::Clock => t(
            "本机时间与服务器相差太多，请先校准时间。",
            "This tablet's clock is too far off. Set it first.",
        ),
        Trouble::Revoked => t(
            "本终端已被停用，请重新登记。",
            "This tablet was revoked. Enrol it anew.",
        ),
        Trouble::BadKey | Trouble::Unsigned | Trouble::UnknownTablet | Trouble::Malformed => t(
            "服务器没有接受，请刷新页面后再试。",
            "The server did not accept it. Load the page again and retry.",
        ),
        Trouble::Internal => t(
            "服务器出错了，请稍后再试。",
            "Something is broken on the server. Try again later.",
        ),
    }
}

/// Why there is no picture, and what to press.
pub fn camera_fault(fault: &CameraFault) -> Advice {
    match fault {
        CameraFault::Insecure => Advice::new(
            t(
                "浏览器只在安全连接（https）下提供摄像头。",
                "The browser gives the camera only on a secure connection (https).",
            ),
            t(
                "请用 https 开头的网址打开本页。",
                "Open this page with an address that begins with https.",
            ),
        ),
        CameraFault::Denied => Advice::new(
            t("没有使用摄像头的权限。", "The camera is not allowed."),
            t(
                "Chrome / Edge：点地址栏左侧的图标 → 摄像头 → 允许。Safari：“设置 → Safari → 摄像头 → 允许”。然后按“重试”。",
                "Chrome / Edge: press the icon left of the address → Camera → Allow. Safari: Settings → Safari → Camera → Allow. Then press Try again.",
            ),
        ),
        CameraFault::Missing => Advice::new(
            t("没有找到摄像头。", "No camera was found."),
            t(
                "请接上摄像头后按“重试”，或使用扫码枪。",
                "Connect one and press Try again, or use a hardware scanner.",
            ),
        ),
        CameraFault::InUse => Advice::new(
            t("摄像头正被其他程序使用。", "Another program is using the camera."),
            t(
                "请关闭其他使用摄像头的程序，然后按“重试”。",
                "Close it, then press Try again.",
            ),
        ),
        CameraFault::Lost => Advice::new(
            t("摄像头断开了。", "The camera was disconnected."),
            t("请检查连接后按“重试”。", "Check the cable and press Try again."),
        ),
        CameraFault::Other(name) => Advice::new(
            pick(
                format!("摄像头打不开（{name}）。"),
                format!("The camera does not start ({name})."),
            ),
            t(
                "请按“重试”；仍不行请重启平板，或使用扫码枪。",
                "Press Try again. If that fails restart the tablet, or use a hardware scanner.",
            ),
        ),
    }
}

/// An instant on the site's clocks.
pub fn site_time(gate: &GateBundle, at: Timestamp) -> DateTime {
    gate.zone.time_zone().to_datetime(at)
}

/// Hours and minutes.
pub fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn seconds(gate: &GateBundle, at: Timestamp) -> String {
    let at = site_time(gate, at);
    format!("{}:{:02}", clock(at), at.second())
}

fn zone_names(gate: &GateBundle, zones: ZoneSet) -> String {
    let names: Vec<&str> = gate
        .zone_names(zones)
        .map(|name: &Text| name.get(language()))
        .collect();
    names.join(t("、", ", "))
}
