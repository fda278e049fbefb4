//! Codes and what a gate says to them.

use std::string::ToString;

use jiff::Timestamp;
use pass::{Claims, Direction, KindNo, Medium, PassNumber, Presentation, Uses, ZoneSet, digits, link};
use serde_json::{Value, json};

use super::{
    HOST, at,
    craft::{self, HOLDER, ISSUER, OTHER_HOLDER, OTHER_ISSUER, Statement, cbor},
    gate, hex, issuer, paper, phone, rotating,
};

/// The time of every case that doesn't say another.
const NOW: &str = "2020-02-17T01:00:00Z";

/// A case being made: the text, the time, entries before it, and what is expected.
struct Case {
    name: &'static str,
    text: String,
    now: &'static str,
    earlier: Vec<(u32, &'static str, Direction)>,
    expected: &'static str,
}

fn case(name: &'static str, text: String, expected: &'static str) -> Case {
    Case {
        name,
        text,
        now: NOW,
        earlier: vec![],
        expected,
    }
}

fn text(bytes: &[u8]) -> String {
    link(HOST, bytes).to_string()
}

/// The code of claims that are those of the paper pass, changed.
fn changed(change: impl FnOnce(&mut Claims)) -> String {
    let mut claims = paper();
    change(&mut claims);
    text(issuer(&ISSUER).sign(&claims).unwrap().as_bytes())
}

fn numbered(number: u32) -> String {
    changed(|claims| claims.number = PassNumber(number))
}

/// The code of the paper pass, its statement spoilt.
fn spoilt(spoil: impl FnOnce(&mut Statement)) -> String {
    let mut statement = Statement::of(&paper(), ISSUER);
    spoil(&mut statement);
    text(&statement.seal())
}

fn claims_spoilt(spoil: impl FnOnce(&mut Vec<(ciborium::Value, ciborium::Value)>)) -> String {
    text(&Statement::of(&paper(), ISSUER).with_claims(spoil).seal())
}

fn fresh(signed_at: Timestamp) -> String {
    text(&rotating(&phone(), signed_at, &HOLDER).to_bytes())
}

/// The good code of the paper pass, its `place`-th digit from the end another.
fn digit_changed(place: usize) -> String {
    let mut good = changed(|_| {}).into_bytes();
    let place = good.len() - place;
    good[place] = if good[place] == b'1' { b'2' } else { b'1' };
    String::from_utf8(good).unwrap()
}

pub fn verdicts() -> Value {
    let cases: Vec<Case> = [
        good(),
        text_faults(),
        envelope_faults(),
        claim_faults(),
        gate_faults(),
        pairs(),
        phone_faults(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let entries: Vec<Value> = cases
        .iter()
        .map(|case| {
            let earlier: Vec<Value> = case
                .earlier
                .iter()
                .map(|(number, at, way)| json!({ "number": number, "at": at, "direction": way }))
                .collect();
            json!({
                "name": case.name,
                "text": case.text,
                "now": case.now,
                "earlier_entries": earlier,
                "expected": case.expected,
            })
        })
        .collect();
    let gate = gate();
    json!({
        "signed_bundle": hex(&gate.sign(&issuer(&ISSUER)).unwrap()),
        "bundle": gate,
        "cases": entries,
    })
}

fn good() -> Vec<Case> {
    let paper_code = || changed(|_| {});
    let bare = || digits::encode(issuer(&ISSUER).sign(&paper()).unwrap().as_bytes());
    let full_width = || {
        bare()
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect::<String>()
    };
    let many = |claims: &mut Claims| (claims.uses, claims.kind) = (Uses::Many, KindNo(4));
    vec![
        case("paper, one entry", paper_code(), "admit"),
        case(
            "another host",
            paper_code().replace(HOST, "localhost:3000"),
            "admit",
        ),
        case("digits alone", bare(), "admit"),
        case(
            "full-width digits with white space",
            format!(" {}\r\n", full_width()),
            "admit",
        ),
        Case {
            now: "2020-02-17T12:00:00Z",
            ..case("the last moment without a caution", paper_code(), "admit")
        },
        Case {
            now: "2020-02-17T15:59:59Z",
            ..case("valid to the last second, bundle old", paper_code(), "caution")
        },
        Case {
            now: "2020-02-16T12:00:00Z",
            ..case("the clock set back", paper_code(), "caution")
        },
        case("many entries", changed(many), "admit"),
        Case {
            earlier: vec![(4711, "2020-02-17T00:30:00Z", Direction::In)],
            ..case("many entries, the second", changed(many), "admit")
        },
        Case {
            earlier: vec![(4710, "2020-02-17T00:30:00Z", Direction::In)],
            ..case("one entry, another's before", paper_code(), "admit")
        },
        case(
            "a phone that loses keys",
            changed(|claims| claims.medium = Medium::Phone),
            "admit",
        ),
        case("a phone with a key", fresh(at(NOW)), "admit"),
        Case {
            now: "2020-02-17T01:01:00Z",
            ..case("signed 60 s ago", fresh(at(NOW)), "admit")
        },
        Case {
            now: "2020-02-17T00:59:00Z",
            ..case("signed in 60 s", fresh(at(NOW)), "admit")
        },
    ]
}

fn text_faults() -> Vec<Case> {
    let long = "0".repeat(1300);
    vec![
        case(
            "a shop's address",
            "https://shop.example/item/12345".to_string(),
            "not-a-pass",
        ),
        case("a product's bar code", "6901234567892".to_string(), "not-a-pass"),
        case("nothing", String::new(), "not-a-pass"),
        case("a typed number", "4711".to_string(), "number-only"),
        case("a typed number, revoked", "4712".to_string(), "revoked"),
        case("a typed number below the list", "12".to_string(), "unlisted"),
        case(
            "a link cut inside a group",
            changed(|_| {})[..61].to_string(),
            "bad-digits",
        ),
        case(
            "a link cut between groups",
            changed(|_| {})[..60].to_string(),
            "malformed",
        ),
        case(
            "a group too large",
            format!("https://{HOST}/v#99999999999999999"),
            "bad-digits",
        ),
        case("too many digits", format!("https://{HOST}/v#{long}"), "too-long"),
        case("a link without digits", format!("https://{HOST}/v#"), "malformed"),
        case("bytes of something else", text(&[0; 80]), "malformed"),
    ]
}

fn envelope_faults() -> Vec<Case> {
    let good = Statement::of(&paper(), ISSUER).seal();
    let ours = public_kid();
    let wider_head = [&[0xd2, 0x98, 4], &good[2..]].concat();
    vec![
        case(
            "the last byte missing",
            text(&good[..good.len() - 1]),
            "malformed",
        ),
        case(
            "a byte too many",
            text(&[&good[..], &[0]].concat()),
            "trailing-bytes",
        ),
        case(
            "a list instead of a pass",
            text(&cbor(&[0; 120].map(ciborium::Value::from).to_vec().into())),
            "malformed",
        ),
        case(
            "algorithm ES384",
            spoilt(|s| s.protected[0].1 = (-35).into()),
            "wrong-algorithm",
        ),
        case(
            "no algorithm",
            spoilt(|s| _ = s.protected.remove(0)),
            "wrong-algorithm",
        ),
        case(
            "no kid",
            spoilt(|s| _ = s.protected.remove(1)),
            "unexpected-header",
        ),
        case(
            "a content type",
            spoilt(|s| s.protected.insert(1, (3.into(), 60.into()))),
            "unexpected-header",
        ),
        case(
            "an unprotected kid",
            spoilt(|s| s.unprotected.push((4.into(), craft::bytes(&ours)))),
            "unexpected-header",
        ),
        case(
            "headers in another order",
            spoilt(|s| s.protected.reverse()),
            "not-canonical",
        ),
        case("a head longer than needed", text(&wider_head), "not-canonical"),
        case(
            "an unknown key",
            text(&Statement::of(&paper(), OTHER_ISSUER).seal()),
            "unknown-key",
        ),
        case(
            "another key under our key's name",
            spoilt(|s| s.scalar = OTHER_ISSUER),
            "bad-signature",
        ),
        case("the large s", spoilt(|s| s.high_s = true), "high-s"),
        case("the last digit changed", digit_changed(1), "bad-signature"),
        case("a digit of the name changed", digit_changed(180), "bad-signature"),
    ]
}

fn public_kid() -> [u8; 4] {
    issuer(&ISSUER).public().kid.0
}

fn claim_faults() -> Vec<Case> {
    vec![
        case(
            "a claim too many",
            claims_spoilt(|c| c.insert(3, (6.into(), 0.into()))),
            "unexpected-claim",
        ),
        case("no audience", claims_spoilt(|c| _ = c.remove(0)), "malformed"),
        case(
            "claims in another order",
            claims_spoilt(|c| c.swap(0, 1)),
            "not-canonical",
        ),
        case(
            "ends when it begins",
            claims_spoilt(|c| c[2].1 = c[1].1.clone()),
            "bad-validity",
        ),
        case(
            "ends before it begins",
            claims_spoilt(|c| c[1].1 = 1.into()),
            "bad-validity",
        ),
        case(
            "a time before 1970",
            claims_spoilt(|c| c[2].1 = (-1).into()),
            "unexpected-claim",
        ),
        case(
            "an array too long",
            claims_spoilt(|c| c[3].1.as_array_mut().unwrap().push(0.into())),
            "unexpected-claim",
        ),
        case(
            "an unknown document",
            claims_spoilt(|c| c[3].1.as_array_mut().unwrap()[6] = 8.into()),
            "unexpected-claim",
        ),
        case(
            "a name of 17 bytes",
            claims_spoilt(|c| c[3].1.as_array_mut().unwrap()[5] = "x".repeat(17).into()),
            "unexpected-claim",
        ),
    ]
}

fn gate_faults() -> Vec<Case> {
    let foreign = || Claims {
        site: "hit".parse().unwrap(),
        ..paper()
    };
    vec![
        case(
            "another site's pass and key",
            text(&Statement::of(&foreign(), OTHER_ISSUER).seal()),
            "other-site",
        ),
        case(
            "another site's pass under our key",
            text(&Statement::of(&foreign(), ISSUER).seal()),
            "other-site",
        ),
        case(
            "a kind newer than the bundle",
            changed(|c| c.kind = KindNo(5)),
            "unknown-kind",
        ),
        Case {
            now: "2020-02-18T01:00:00Z",
            ..case("yesterday's", changed(|_| {}), "expired")
        },
        Case {
            now: "2020-02-17T16:00:00Z",
            ..case("the first second after", changed(|_| {}), "expired")
        },
        case(
            "tomorrow's",
            changed(|c| (c.valid_from, c.valid_until) = (c.valid_until, at("2020-02-18T16:00:00Z"))),
            "not-yet",
        ),
        case(
            "for another zone",
            changed(|c| c.zones = ZoneSet::of(&[1])),
            "wrong-zone",
        ),
        case("revoked", numbered(4712), "revoked"),
        case("used at another gate", numbered(4713), "used-elsewhere"),
        case("a status without meaning", numbered(4714), "unlisted"),
        case("below the list", numbered(999), "unlisted"),
        case("above the list", numbered(9999), "admit"),
        Case {
            earlier: vec![(4711, "2020-02-17T00:30:00Z", Direction::In)],
            ..case("used at this tablet", changed(|_| {}), "already-used")
        },
    ]
}

/// One entry and one exit, at a checkpoint where people pass into the site.
fn pairs() -> Vec<Case> {
    use Direction::{Both, In, Out};
    let pair = |number| changed(|c| (c.number, c.uses, c.kind) = (PassNumber(number), Uses::Pair, KindNo(6)));
    let after = |name, ways: &[Direction], expected| Case {
        earlier: ways
            .iter()
            .map(|way| (4711, "2020-02-17T00:30:00Z", *way))
            .collect(),
        ..case(name, pair(4711), expected)
    };
    vec![
        after("a pair, nothing used", &[], "admit"),
        after("a pair after its exit", &[Out], "admit"),
        after("a pair after its entry", &[In], "half-used"),
        after(
            "a pair after a passage where people pass both ways",
            &[Both],
            "admit",
        ),
        after("a pair after entry and exit", &[In, Out], "already-used"),
        after(
            "a pair after two exits that a guard let pass",
            &[Out, Out],
            "already-used",
        ),
        case("a pair used at other gates", pair(4716), "used-elsewhere"),
    ]
}

fn phone_faults() -> Vec<Case> {
    let copy = text(issuer(&ISSUER).sign(&phone()).unwrap().as_bytes());
    let lent = {
        let Presentation::Rotating { at, signature, .. } = rotating(&phone(), at(NOW), &HOLDER) else {
            return vec![];
        };
        let credential = issuer(&ISSUER)
            .sign(&Claims {
                number: PassNumber(4715),
                ..phone()
            })
            .unwrap();
        Presentation::Rotating {
            credential,
            at,
            signature,
        }
    };
    vec![
        case(
            "a phone's credential without its signature",
            copy,
            "holder-signature-missing",
        ),
        case(
            "a signature nobody asked for",
            text(&rotating(&paper(), at(NOW), &HOLDER).to_bytes()),
            "holder-signature-unexpected",
        ),
        case(
            "another phone's signature",
            text(&rotating(&phone(), at(NOW), &OTHER_HOLDER).to_bytes()),
            "holder-signature-bad",
        ),
        case(
            "the signature over another pass",
            text(&lent.to_bytes()),
            "holder-signature-bad",
        ),
        Case {
            now: "2020-02-17T01:01:01Z",
            ..case("signed 61 s ago", fresh(at(NOW)), "stale")
        },
        Case {
            now: "2020-02-17T00:58:59Z",
            ..case("signed in 61 s", fresh(at(NOW)), "stale")
        },
    ]
}
