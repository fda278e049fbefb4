//! What people are told about applications, and by which ways: facts, no prose.

use alloc::{format, string::String};
use core::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    application::Act,
    id::PassNumber,
    site::{CodeError, Text},
};

/// A way of telling somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message to the telephone.
    Sms,
    /// A mail.
    Mail,
    /// A notice that a browser shows (Web Push).
    Push,
}

impl Channel {
    /// Every way there is.
    pub const ALL: [Channel; 3] = [Channel::Sms, Channel::Mail, Channel::Push];

    /// The name in the database and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::Mail => "mail",
            Channel::Push => "push",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Channel {
    type Err = CodeError;

    fn from_str(name: &str) -> Result<Channel, CodeError> {
        Channel::ALL
            .into_iter()
            .find(|channel| channel.as_str() == name)
            .ok_or(CodeError)
    }
}

/// What somebody is told about one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The application's name.
    pub application: Uuid,
    /// The title of its pass kind.
    pub title: Text,
    /// What there is to say.
    pub news: News,
}

/// What there is to say about an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum News {
    /// To the applicant: there is a pass.
    Agreed {
        /// Its number.
        number: Option<PassNumber>,
    },
    /// To the applicant: it was refused.
    Refused {
        /// What was said about it.
        opinion: Option<String>,
    },
    /// To the applicant: something is to be mended.
    SentBack {
        /// What was said about it.
        opinion: Option<String>,
    },
    /// To the applicant: it was ended, and its pass with it.
    Terminated {
        /// What was said about it.
        opinion: Option<String>,
    },
    /// To the applicant: nobody decided in time.
    Lapsed,
    /// To a guest: a pass opens the gate for them.
    GuestPass {
        /// Its number.
        number: PassNumber,
        /// The first day.
        first_day: Date,
        /// The last day.
        last_day: Date,
    },
    /// To a guest: the days of their pass are others now.
    GuestMoved {
        /// Its number.
        number: PassNumber,
        /// The first day.
        first_day: Date,
        /// The last day.
        last_day: Date,
    },
    /// To a guest: their pass opens no gate any more.
    GuestOver {
        /// Its number.
        number: PassNumber,
        /// The first day.
        first_day: Date,
        /// The last day.
        last_day: Date,
    },
    /// To whoever decides: one more waits.
    TaskWaiting {
        /// Who applied.
        applicant: String,
    },
    /// To whoever decides: it waits for long already.
    TaskDue {
        /// Who applied.
        applicant: String,
    },
    /// To the host: somebody says that they visit them.
    HostAsked {
        /// Who applied.
        applicant: String,
    },
}

impl News {
    /// What the applicant is told when somebody has done this; nothing of what they did themselves.
    pub fn of(act: Act, opinion: Option<&str>, number: Option<PassNumber>) -> Option<News> {
        let opinion = opinion
            .map(str::trim)
            .filter(|opinion| !opinion.is_empty())
            .map(String::from);
        match act {
            Act::Agree => Some(News::Agreed { number }),
            Act::Refuse => Some(News::Refused { opinion }),
            Act::SendBack => Some(News::SentBack { opinion }),
            Act::Terminate => Some(News::Terminated { opinion }),
            Act::Lapse => Some(News::Lapsed),
            Act::Submit | Act::Resubmit | Act::PassOn | Act::Withdraw | Act::Move => None,
        }
    }

    /// Its name: one cause tells a person each of these once.
    pub fn kind(&self) -> &'static str {
        match self {
            News::Agreed { .. } => "agreed",
            News::Refused { .. } => "refused",
            News::SentBack { .. } => "sent_back",
            News::Terminated { .. } => "terminated",
            News::Lapsed => "lapsed",
            News::GuestPass { .. } => "guest_pass",
            News::GuestMoved { .. } => "guest_moved",
            News::GuestOver { .. } => "guest_over",
            News::TaskWaiting { .. } => "task_waiting",
            News::TaskDue { .. } => "task_due",
            News::HostAsked { .. } => "host_asked",
        }
    }
}

impl Notice {
    /// Where it leads, as a path of the site: the applicant to the application, a guest to the pass, whoever decides to where one decides.
    pub fn path(&self) -> String {
        let place = match self.news {
            News::GuestPass { number, .. }
            | News::GuestMoved { number, .. }
            | News::GuestOver { number, .. } => {
                return format!("/passes/{}", number.0);
            }
            News::TaskWaiting { .. } | News::TaskDue { .. } | News::HostAsked { .. } => "review",
            _ => "applications",
        };
        format!("/{place}/{}", self.application)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applicants_are_told_what_others_did_that_ends_something() {
        for act in [Act::Submit, Act::Resubmit, Act::PassOn, Act::Withdraw, Act::Move] {
            assert_eq!(News::of(act, Some("x"), None), None);
        }
        let opinion = Some("写明事由".into());
        assert_eq!(
            News::of(Act::Refuse, Some(" 写明事由 "), None),
            Some(News::Refused { opinion })
        );
        assert_eq!(
            News::of(Act::Terminate, Some("  "), None),
            Some(News::Terminated { opinion: None })
        );
    }

    #[test]
    fn the_written_form_names_the_kind() {
        let notice = |news| Notice {
            application: Uuid::nil(),
            title: Text::new("居民出入证", "Resident's pass"),
            news,
        };
        let applicant = || String::from("张*");
        for news in [
            News::Agreed {
                number: Some(PassNumber(7)),
            },
            News::SentBack { opinion: None },
            News::GuestPass {
                number: PassNumber(7),
                first_day: jiff::civil::date(2020, 2, 17),
                last_day: jiff::civil::date(2020, 2, 18),
            },
            News::Lapsed,
            News::TaskWaiting {
                applicant: applicant(),
            },
            News::TaskDue {
                applicant: applicant(),
            },
            News::HostAsked {
                applicant: applicant(),
            },
        ] {
            let written = serde_json::to_value(notice(news.clone())).unwrap();
            assert_eq!(written["news"]["is"], news.kind());
            assert_eq!(serde_json::from_value::<Notice>(written).unwrap(), notice(news));
        }
        let over = News::GuestOver {
            number: PassNumber(7),
            first_day: jiff::civil::date(2020, 2, 17),
            last_day: jiff::civil::date(2020, 2, 18),
        };
        assert_eq!(notice(over).path(), "/passes/7");
        assert!(notice(News::Lapsed).path().starts_with("/applications/0000"));
    }
}
