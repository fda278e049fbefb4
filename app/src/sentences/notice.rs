//! What is sent to people, in the language of their account: there is no page that speaks when it is put into words.

use jiff::civil::Date;
use pass::site::{Language, Text};
use pass::{News, Notice};

/// How much of somebody's opinion is sent, in characters; the whole of it stands where the notice leads.
const OPINION: usize = 60;

/// A notice in words: a heading, and the one or two sentences under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// A mail's subject, the title of what a browser shows.
    pub heading: String,
    /// What there is to say.
    pub body: String,
}

/// A notice in words, without its link.
pub fn words(notice: &Notice, language: Language) -> Words {
    let title = notice.title.get(language);
    let pick = |zh: (String, String), en: (String, String)| {
        let (heading, body) = match language {
            Language::Zh => zh,
            Language::En => en,
        };
        Words { heading, body }
    };
    match &notice.news {
        News::Agreed { number } => {
            let (zh, en) = number.map_or_else(Default::default, |number| {
                (
                    format!("，通行证号 {}", number.0),
                    format!(", pass number {}", number.0),
                )
            });
            pick(
                ("申请已通过".into(), format!("您申请的“{title}”已通过{zh}。")),
                (
                    "Your application was agreed to".into(),
                    format!("Your “{title}” was agreed to{en}."),
                ),
            )
        }
        News::Refused { opinion } => pick(
            (
                "申请未通过".into(),
                format!("您申请的“{title}”未通过。{}", said(opinion, Language::Zh)),
            ),
            (
                "Your application was refused".into(),
                format!("Your “{title}” was refused.{}", said(opinion, Language::En)),
            ),
        ),
        News::SentBack { opinion } => pick(
            (
                "申请需要修改".into(),
                format!(
                    "您申请的“{title}”被退回，请修改后重新提交。{}",
                    said(opinion, Language::Zh)
                ),
            ),
            (
                "Your application needs mending".into(),
                format!(
                    "Your “{title}” was sent back. Mend it and hand it in again.{}",
                    said(opinion, Language::En)
                ),
            ),
        ),
        News::Terminated { opinion } => pick(
            (
                "申请已终止".into(),
                format!(
                    "您申请的“{title}”已终止，通行证不能再使用。{}",
                    said(opinion, Language::Zh)
                ),
            ),
            (
                "Your application was ended".into(),
                format!(
                    "Your “{title}” was ended; its pass opens no gate any more.{}",
                    said(opinion, Language::En)
                ),
            ),
        ),
        News::Lapsed => pick(
            (
                "申请逾期未审".into(),
                format!("您申请的“{title}”逾期未审，已自动终止，不占用名额。如仍需要请重新申请。"),
            ),
            (
                "Nobody decided in time".into(),
                format!(
                    "Nobody decided about your “{title}” in time, so it has ended and takes none of your quota. Apply again if you still need it."
                ),
            ),
        ),
        News::GuestPass {
            first_day, last_day, ..
        } => {
            let (zh, en) = days(*first_day, *last_day);
            pick(
                (
                    "您的通行码".into(),
                    format!("您的“{title}”已办好，{zh}有效。请用本手机号登录打开通行码："),
                ),
                (
                    "Your code".into(),
                    format!(
                        "Your “{title}” is ready, good {en}. Sign in with this phone number to open your code:"
                    ),
                ),
            )
        }
        News::GuestMoved {
            first_day, last_day, ..
        } => {
            let (zh, en) = days(*first_day, *last_day);
            pick(
                (
                    "通行日期有变".into(),
                    format!("您的“{title}”已改为{zh}有效，原来的通行码作废。请用本手机号登录打开新码："),
                ),
                (
                    "Your pass has moved".into(),
                    format!(
                        "Your “{title}” is good {en} now; the code you had is void. Sign in with this phone number to open the new one:"
                    ),
                ),
            )
        }
        News::GuestOver {
            first_day, last_day, ..
        } => {
            let (zh, en) = days(*first_day, *last_day);
            pick(
                (
                    "通行证已取消".into(),
                    format!("您的“{title}”（{zh}）已取消，通行码不能再使用。如有疑问请联系接待人。"),
                ),
                (
                    "Your pass was cancelled".into(),
                    format!(
                        "Your “{title}” ({en}) was cancelled; its code opens no gate any more. Ask your host if in doubt."
                    ),
                ),
            )
        }
        News::TaskWaiting { applicant } => pick(
            (
                "有申请待审核".into(),
                format!("{applicant} 申请“{title}”，等待您审核。"),
            ),
            (
                "An application waits for you".into(),
                format!("{applicant} applied for “{title}”. It waits for your decision."),
            ),
        ),
        News::TaskDue { applicant } => pick(
            (
                "申请即将逾期".into(),
                format!("{applicant} 申请的“{title}”仍未审核，请尽快处理。"),
            ),
            (
                "An application still waits".into(),
                format!("{applicant}’s “{title}” still waits for your decision. Please deal with it soon."),
            ),
        ),
        News::HostAsked { applicant } => pick(
            (
                "有访客请您确认".into(),
                format!("{applicant} 申请“{title}”，填写您为被访人，请确认。"),
            ),
            (
                "A visitor asks you to confirm".into(),
                format!("{applicant} applied for “{title}” and names you as host. Please confirm."),
            ),
        ),
    }
}

/// The days of a pass, in either language.
fn days(first: Date, last: Date) -> (String, String) {
    if first == last {
        (first.to_string(), format!("on {first}"))
    } else {
        (format!("{first} 至 {last}"), format!("from {first} to {last}"))
    }
}

/// What somebody said, cut to what a message carries.
fn said(opinion: &Option<String>, language: Language) -> String {
    let Some(opinion) = opinion else {
        return String::new();
    };
    let line = opinion.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(OPINION).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    match language {
        Language::Zh => format!("意见：{short}"),
        Language::En => format!(" They say: {short}"),
    }
}

/// A notice as a text message: as gateways want it, the sender first.
pub fn sms(site: &Text, notice: &Notice, language: Language, link: &str) -> String {
    let body = words(notice, language).body;
    match language {
        Language::Zh => format!("【{}】{body} {link}", site.zh),
        Language::En => format!("[{}] {body} {link}", site.en),
    }
}

/// A notice as a mail's subject and text. `account` is where one changes how one is told.
pub fn mail(site: &Text, notice: &Notice, language: Language, link: &str, account: &str) -> Words {
    let Words { heading, body } = words(notice, language);
    let site = site.get(language);
    let (open, change) = match language {
        Language::Zh => ("查看：", "更改通知方式："),
        Language::En => ("See it: ", "Change how you are told: "),
    };
    Words {
        heading: format!("{site} · {heading}"),
        body: format!("{body}\n\n{open}{link}\n\n--\n{change}{account}\n"),
    }
}

/// The mail with the code that proves an address, in both languages as sign-in codes are.
pub fn mail_code(site: &Text, code: &str) -> Words {
    let (zh, en) = (&site.zh, &site.en);
    Words {
        heading: format!("{zh} · 邮箱验证码 · Your code"),
        body: format!(
            "验证码 {code}，30 分钟内有效，请勿告诉他人。如果不是您本人操作，请忽略这封邮件。\n\n\
             {en}: your code is {code}, good for 30 minutes. If you did not ask for it, ignore this mail.\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::PassNumber;

    fn notice(news: News) -> Notice {
        Notice {
            application: uuid::Uuid::nil(),
            title: Text::new("居民出入证", "Resident's pass"),
            news,
        }
    }

    #[test]
    fn a_notice_is_worded_in_the_language_of_its_reader() {
        let agreed = notice(News::Agreed {
            number: Some(PassNumber(7)),
        });
        let site = Text::new("示范大学", "Example University");
        assert_eq!(
            sms(&site, &agreed, Language::Zh, "https://x/1"),
            "【示范大学】您申请的“居民出入证”已通过，通行证号 7。 https://x/1"
        );
        assert_eq!(
            sms(&site, &agreed, Language::En, "https://x/1"),
            "[Example University] Your “Resident's pass” was agreed to, pass number 7. https://x/1"
        );
        let mail = mail(
            &site,
            &notice(News::Lapsed),
            Language::En,
            "https://x/1",
            "https://x/account",
        );
        assert_eq!(mail.heading, "Example University · Nobody decided in time");
        assert!(mail.body.contains("https://x/1\n") && mail.body.contains("https://x/account\n"));
    }

    #[test]
    fn a_guest_is_told_the_site_the_kind_the_days_and_where_the_code_is() {
        let (number, day) = (PassNumber(7), jiff::civil::date(2020, 2, 17));
        let site = Text::new("示范大学", "Example University");
        let one = notice(News::GuestPass {
            number,
            first_day: day,
            last_day: day,
        });
        assert_eq!(
            sms(&site, &one, Language::Zh, "https://x/passes/7"),
            "【示范大学】您的“居民出入证”已办好，2020-02-17有效。请用本手机号登录打开通行码： https://x/passes/7"
        );
        let over = notice(News::GuestOver {
            number,
            first_day: day,
            last_day: jiff::civil::date(2020, 2, 18),
        });
        let over = sms(&site, &over, Language::En, "https://x/passes/7");
        assert!(
            over.contains("from 2020-02-17 to 2020-02-18") && over.contains("cancelled"),
            "{over}"
        );
    }

    #[test]
    fn a_long_opinion_is_cut_and_stays_on_one_line() {
        let refused = |opinion: &str| {
            let opinion = Some(opinion.to_owned());
            words(&notice(News::Refused { opinion }), Language::Zh).body
        };
        assert!(refused("请补\n材料").ends_with("意见：请补 材料"));
        let long = refused(&"长".repeat(61));
        assert!(long.ends_with(&format!("意见：{}…", "长".repeat(60))), "{long}");
    }
}
