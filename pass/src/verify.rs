//! Whether a code opens the gate.

use alloc::{string::String, vec, vec::Vec};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    bundle::{Direction, GateBundle, KindRule},
    credential::{self, Claims, Medium},
    id::PassNumber,
    kind::{Check, Document, KindNo, Uses},
    presentation::{Input, Presentation},
    redemption::{Redemption, Redemptions},
    refusal::{GateRefusal, LastUse},
    site::Text,
    status::Status,
};

/// After so long without a new bundle, a tablet says that it can't know of a use elsewhere.
pub const QUIET: SignedDuration = SignedDuration::from_hours(12);

/// What the guard is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The pass is good.
    Admit(Seen),
    /// The pass is good as far as the tablet knows, and these are the limits of that.
    Caution(Seen, Vec<Caution>),
    /// The gate stays shut.
    Refuse {
        /// Why.
        why: GateRefusal,
        /// What a genuine pass of this site says; none of anything else.
        seen: Option<Seen>,
    },
}

/// What the guard sees of a genuine pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its number.
    pub number: PassNumber,
    /// Its kind's number.
    pub kind_no: KindNo,
    /// Its kind's title.
    pub title: Text,
    /// The masked name.
    pub name: String,
    /// From when it is valid.
    pub valid_from: Timestamp,
    /// The first instant at which it no longer is.
    pub valid_until: Timestamp,
    /// How often it admits.
    pub uses: Uses,
    /// The document the guard must see.
    pub document: Document,
    /// Paper or phone.
    pub medium: Medium,
    /// Whether the guard confirms each person with a tap.
    pub confirm: bool,
    /// What the guard checks besides the document.
    pub checks: Vec<Check>,
    /// Entries with it at this tablet on this site-local day.
    pub times_today: u32,
}

impl Seen {
    /// Everything that the guard checks before the gate opens, in the order in which it is shown and recorded.
    pub fn to_check(&self) -> Vec<Check> {
        Check::all(self.document, &self.checks)
    }
}

/// What a good verdict can't promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "caution")]
pub enum Caution {
    /// The tablet's clock is behind the server's time in the bundle; that time was used.
    ClockBehind {
        /// The server's time, which is past.
        issued_at: Timestamp,
    },
    /// For one entry or a pair, and the bundle is older than [`QUIET`]: it may have been used at another gate.
    OldBundle {
        /// How old the bundle is.
        issued_at: Timestamp,
    },
}

/// Decides on a code's text, or on a typed pass number.
///
/// `prior` are the passages at this tablet, `now` is its clock. The checks and their order are those of
/// `FORMAT.md`; the first that fails is the reason.
///
/// `now` earlier than the bundle means a clock that was set back. The bundle's time is then the one that
/// counts, so that no pass lives longer for it, and a good verdict comes with a caution.
pub fn verify(text: &str, gate: &GateBundle, prior: &Redemptions, now: Timestamp) -> Verdict {
    match Input::from_text(text) {
        Ok(Input::Presented(shown)) => verify_presentation(&shown, gate, prior, now),
        Ok(Input::TypedNumber(number)) => Verdict::Refuse {
            why: typed(number, gate, prior),
            seen: None,
        },
        Err(why) => Verdict::Refuse { why, seen: None },
    }
}

/// Decides on a code that has been read already.
pub fn verify_presentation(
    shown: &Presentation,
    gate: &GateBundle,
    prior: &Redemptions,
    now: Timestamp,
) -> Verdict {
    let (claims, rule) = match genuine(shown, gate) {
        Ok(found) => found,
        Err(why) => return Verdict::Refuse { why, seen: None },
    };
    let at = now.max(gate.issued_at);
    let seen = see(&claims, rule, gate, prior, at);
    if let Err(why) = check(shown, &claims, rule, gate, at).and_then(|()| check_use(&seen, gate, prior)) {
        return Verdict::Refuse {
            why,
            seen: Some(seen),
        };
    }
    let cautions = cautions(&seen, gate, now);
    if cautions.is_empty() {
        Verdict::Admit(seen)
    } else {
        Verdict::Caution(seen, cautions)
    }
}

/// The caution about a clock that was set back, which also belongs beside a refusal.
pub fn clock_behind(gate: &GateBundle, now: Timestamp) -> Option<Caution> {
    (now < gate.issued_at).then_some(Caution::ClockBehind {
        issued_at: gate.issued_at,
    })
}

/// What a tablet can say to a number alone. It never admits: a number proves nothing.
fn typed(number: PassNumber, gate: &GateBundle, prior: &Redemptions) -> GateRefusal {
    let used = match gate.status.get(number) {
        Some(Status::Revoked) => return GateRefusal::Revoked,
        None | Some(Status::Reserved) => return GateRefusal::Unlisted,
        Some(status) => status == Status::Used,
    };
    let last = prior.of(number).last();
    let last_use = last.map(|entry| LastUse {
        at: entry.at,
        checkpoint: entry.checkpoint.clone(),
    });
    GateRefusal::NumberOnly {
        number,
        used,
        last_use,
    }
}

/// The claims of a genuine pass of this site, and its kind's rule.
fn genuine<'g>(shown: &Presentation, gate: &'g GateBundle) -> Result<(Claims, &'g KindRule), GateRefusal> {
    let claims = credential::open(shown.credential().as_bytes(), &gate.issuers).map_err(|why| match why {
        // The more likely truth, and what the guard can act on: a pass of the neighbours.
        GateRefusal::UnknownKey {
            claimed_site: Some(site),
            ..
        } if site != gate.site => GateRefusal::OtherSite { site },
        why => why,
    })?;
    if claims.site != gate.site {
        return Err(GateRefusal::OtherSite { site: claims.site });
    }
    match gate.kind(claims.kind) {
        Some(rule) => Ok((claims, rule)),
        None => Err(GateRefusal::UnknownKind { kind: claims.kind }),
    }
}

/// What the guard sees, with the kind's rule narrowing the claims.
fn see(claims: &Claims, rule: &KindRule, gate: &GateBundle, prior: &Redemptions, at: Timestamp) -> Seen {
    let today = gate.zone.day_of(at);
    let entries = prior.of(claims.number);
    let times = entries
        .iter()
        .filter(|entry| entry.direction != Direction::Out && gate.zone.day_of(entry.at) == today)
        .count();
    Seen {
        number: claims.number,
        kind_no: claims.kind,
        title: rule.title.clone(),
        name: claims.name.clone(),
        valid_from: claims.valid_from,
        valid_until: claims.valid_until,
        uses: claims.uses.stricter(rule.uses),
        document: if rule.document == Document::None {
            claims.document
        } else {
            rule.document
        },
        medium: claims.medium,
        // What is to be checked is never passed over, whatever a bundle says.
        confirm: rule.confirm || !rule.checks.is_empty(),
        checks: rule.checks.clone(),
        times_today: u32::try_from(times).unwrap_or(u32::MAX),
    }
}

/// Time, zone, status, and the holder's proof.
fn check(
    shown: &Presentation,
    claims: &Claims,
    rule: &KindRule,
    gate: &GateBundle,
    at: Timestamp,
) -> Result<(), GateRefusal> {
    if at < claims.valid_from {
        return Err(GateRefusal::NotYet {
            valid_from: claims.valid_from,
        });
    }
    if at >= claims.valid_until {
        return Err(GateRefusal::Expired {
            valid_until: claims.valid_until,
        });
    }
    let zones = claims.zones.and(rule.zones);
    if zones.and(gate.checkpoint.zones).is_empty() {
        return Err(GateRefusal::WrongZone { zones });
    }
    match gate.status.get(claims.number) {
        Some(Status::Valid | Status::Used) => {}
        Some(Status::Revoked) => return Err(GateRefusal::Revoked),
        Some(Status::Reserved) | None => return Err(GateRefusal::Unlisted),
    }
    shown.check_holder(claims.holder.as_ref(), at)
}

/// Whether a pass that is good for so many passages still has the one that this checkpoint takes.
fn check_use(seen: &Seen, gate: &GateBundle, prior: &Redemptions) -> Result<(), GateRefusal> {
    let (uses, way) = (seen.uses, gate.checkpoint.direction);
    if !uses.is_limited(way) {
        return Ok(());
    }
    let before = prior.passages(seen.number);
    let used_up = gate.status.get(seen.number) == Some(Status::Used);
    let last =
        |which: &dyn Fn(&Redemption) -> bool| prior.of(seen.number).iter().rev().find(|one| which(one));
    // What happened here comes first: the guard is told when and where.
    if !uses.allows(before.and(way)) {
        let same_way = last(&|one| one.direction == way);
        if let Some(Redemption { at, checkpoint, .. }) = same_way
            && !used_up
            && !uses.is_spent(before)
        {
            return Err(GateRefusal::HalfUsed {
                way,
                at: *at,
                checkpoint: checkpoint.clone(),
            });
        }
        if let Some(Redemption { at, checkpoint, .. }) = last(&|one| uses.takes(one.direction)) {
            return Err(GateRefusal::AlreadyUsed {
                uses,
                at: *at,
                checkpoint: checkpoint.clone(),
            });
        }
    }
    if used_up {
        return Err(GateRefusal::UsedElsewhere { uses });
    }
    Ok(())
}

/// What this tablet can't promise.
fn cautions(seen: &Seen, gate: &GateBundle, now: Timestamp) -> Vec<Caution> {
    let mut cautions = vec![];
    cautions.extend(clock_behind(gate, now));
    if seen.uses.is_limited(gate.checkpoint.direction) && now.duration_since(gate.issued_at) > QUIET {
        cautions.push(Caution::OldBundle {
            issued_at: gate.issued_at,
        });
    }
    cautions
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
