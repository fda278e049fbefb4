use super::*;
use crate::fixture::{claims, credential, issuer, key, longest, phone_claims};
use alloc::{string::ToString, vec};
use coset::{CborSerializable, CoseSign1, TaggedCborSerializable, cwt::ClaimsSet};

#[test]
fn signed_and_opened() {
    let many = Claims {
        uses: Uses::Many,
        document: Document::None,
        ..claims()
    };
    let pair = Claims {
        uses: Uses::Pair,
        ..phone_claims()
    };
    for claims in [
        claims(),
        phone_claims(),
        longest(false),
        longest(true),
        many,
        pair,
    ] {
        let credential = credential(&claims);
        assert_eq!(open(credential.as_bytes(), &[issuer().public()]), Ok(claims));
    }
}

#[test]
fn any_cose_library_reads_it() {
    let bytes = credential(&phone_claims()).into_bytes();
    let cose = CoseSign1::from_tagged_slice(&bytes).unwrap();
    let key = issuer().public().key;
    cose.verify_signature(b"", |signature, message| key.verify(message, signature))
        .unwrap();
    let cwt = ClaimsSet::from_slice(cose.payload.as_ref().unwrap()).unwrap();
    assert_eq!(cwt.audience.as_deref(), Some("demo"));
    assert_eq!(cose.to_tagged_vec().unwrap(), bytes);
}

#[test]
fn lengths() {
    #[track_caller]
    fn check(claims: &Claims, bytes: usize) {
        assert_eq!(credential(claims).as_bytes().len(), bytes);
    }
    check(&claims(), 119);
    let uses = Uses::Pair;
    check(&Claims { uses, ..claims() }, 119);
    check(&phone_claims(), 164);
    check(&longest(false), 150);
    check(&longest(true), 195);
}

#[test]
fn claims_that_are_not_signed() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Claims), fault: ClaimsFault) {
        let mut claims = claims();
        change(&mut claims);
        assert_eq!(issuer().sign(&claims), Err(fault));
    }
    check(|c| c.valid_until = c.valid_from, ClaimsFault::EmptyValidity);
    check(
        |c| c.valid_from = Timestamp::from_second(-1).unwrap(),
        ClaimsFault::Instant,
    );
    check(
        |c| c.valid_until = Timestamp::from_second(1 << 32).unwrap(),
        ClaimsFault::Instant,
    );
    check(
        |c| c.valid_from = Timestamp::from_millisecond(1).unwrap(),
        ClaimsFault::Instant,
    );
    check(|c| c.name = String::new(), ClaimsFault::Name);
    check(|c| c.name = "x".repeat(17), ClaimsFault::Name);
    check(|c| c.name = "x\n".to_string(), ClaimsFault::Name);
    check(|c| c.zones = ZoneSet::NONE, ClaimsFault::NoZone);
    check(|c| c.number = PassNumber(0), ClaimsFault::NumberZero);
    check(
        |c| c.holder = Some(issuer().public().key),
        ClaimsFault::PaperWithKey,
    );
}

/// A payload like that of a good credential, after `change`, signed with the right key.
#[track_caller]
fn check_payload(change: impl FnOnce(&mut Vec<(Value, Value)>), refusal: GateRefusal) {
    let payload = phone_claims().to_cbor();
    let mut map = ciborium::from_reader::<Value, _>(payload.as_slice())
        .unwrap()
        .into_map()
        .unwrap();
    change(&mut map);
    let mut payload = vec![];
    ciborium::into_writer(&Value::Map(map), &mut payload).unwrap();
    let credential = issuer().sign_payload(&payload);
    assert_eq!(open(credential.as_bytes(), &[issuer().public()]), Err(refusal));
}

/// The position of a claim in the map of a phone's credential.
const AUD: usize = 0;
const EXP: usize = 1;
const NBF: usize = 2;
const CNF: usize = 3;
const PASS: usize = 4;

#[test]
fn payloads_that_are_not_a_pass() {
    use GateRefusal::{BadValidity, Malformed, NotCanonical, UnexpectedClaim};

    check_payload(|m| m.swap(AUD, EXP), NotCanonical);
    check_payload(|m| m.push((6.into(), 0.into())), UnexpectedClaim);
    check_payload(|m| m.push(("x".into(), 0.into())), UnexpectedClaim);
    check_payload(|m| m.push(m[AUD].clone()), UnexpectedClaim);
    check_payload(|m| _ = m.remove(AUD), Malformed);
    check_payload(|m| _ = m.remove(EXP), Malformed);
    check_payload(|m| _ = m.remove(PASS), Malformed);
    check_payload(|m| m[AUD].1 = "DEMO".into(), UnexpectedClaim);
    check_payload(|m| m[AUD].1 = Value::Array(vec!["demo".into()]), Malformed);
    check_payload(|m| m[EXP].1 = Value::Float(1.0), Malformed);
    check_payload(|m| m[EXP].1 = (1u64 << 32).into(), UnexpectedClaim);
    check_payload(|m| m[NBF].1 = (-1).into(), UnexpectedClaim);
    check_payload(|m| m[NBF].1 = m[EXP].1.clone(), BadValidity);
    check_payload(|m| m[CNF].1 = Value::Null, Malformed);
    check_payload(
        |m| m[CNF].1 = Value::Map(vec![(2.into(), Value::Null)]),
        UnexpectedClaim,
    );
}

#[test]
fn holder_keys_that_are_none() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Vec<(Value, Value)>), refusal: GateRefusal) {
        check_payload(
            |claims| change(claims[CNF].1.as_map_mut().unwrap()[0].1.as_map_mut().unwrap()),
            refusal,
        );
    }
    use GateRefusal::{NotCanonical, UnexpectedClaim};

    check(|key| key[2].1 = Value::Bytes(vec![255; 32]), UnexpectedClaim);
    check(|key| key[2].1 = Value::Bytes(vec![1; 31]), UnexpectedClaim);
    check(|key| _ = key.pop(), UnexpectedClaim);
    // A good point said to lie on another curve, and a good key with more in it than is needed.
    check(|key| key[1].1 = 2.into(), NotCanonical);
    check(|key| key.insert(1, (3.into(), (-7).into())), NotCanonical);
}

#[test]
fn pass_claims_that_are_none() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut Vec<Value>), refusal: GateRefusal) {
        check_payload(|claims| change(claims[PASS].1.as_array_mut().unwrap()), refusal);
    }
    use GateRefusal::{Malformed, UnexpectedClaim};

    check(|pass| pass.push(0.into()), UnexpectedClaim);
    check(|pass| _ = pass.pop(), UnexpectedClaim);
    check(|pass| pass[0] = 0.into(), UnexpectedClaim);
    check(|pass| pass[0] = (1u64 << 32).into(), UnexpectedClaim);
    check(|pass| pass[0] = "4711".into(), Malformed);
    check(|pass| pass[1] = 65536.into(), UnexpectedClaim);
    check(|pass| pass[2] = 2.into(), UnexpectedClaim);
    check(|pass| pass[2] = 0.into(), UnexpectedClaim);
    check(|pass| pass[3] = 0.into(), UnexpectedClaim);
    check(|pass| pass[4] = 3.into(), UnexpectedClaim);
    check(|pass| pass[5] = "x".repeat(17).into(), UnexpectedClaim);
    check(|pass| pass[5] = 7.into(), Malformed);
    check(|pass| pass[6] = 8.into(), UnexpectedClaim);
}

/// A statement of these four parts, as it stands.
fn statement(tag: u64, protected: &[u8], unprotected: Value, payload: Value, signature: Value) -> Vec<u8> {
    let parts = vec![Value::Bytes(protected.to_vec()), unprotected, payload, signature];
    let mut bytes = vec![];
    ciborium::into_writer(&Value::Tag(tag, Value::Array(parts).into()), &mut bytes).unwrap();
    bytes
}

#[test]
fn envelopes_that_are_not_a_pass() {
    #[track_caller]
    fn check(bytes: &[u8], refusal: GateRefusal) {
        assert_eq!(open(bytes, &[issuer().public()]), Err(refusal));
    }
    use GateRefusal::{Malformed, NotCanonical, TooLong, TrailingBytes, UnexpectedHeader, WrongAlgorithm};

    let good = credential(&claims()).into_bytes();
    let payload = || Value::Bytes(claims().to_cbor());
    let signature = || Value::Bytes(vec![1; 64]);
    let kid = issuer().public().kid.0;
    let header = |bytes: &[u8]| [bytes, &kid].concat();
    let es256 = header(&[0xa2, 1, 0x26, 4, 0x44]);
    let none = || Value::Map(vec![]);

    check(&[], Malformed);
    check(&good[..good.len() - 1], Malformed);
    check(&[&good[..], &[0]].concat(), TrailingBytes);
    check(&[0; 513], TooLong);
    check(&good[1..], Malformed);
    check(&statement(98, &es256, none(), payload(), signature()), Malformed);
    check(
        &statement(18, &es256, none(), Value::Null, signature()),
        Malformed,
    );
    check(
        &statement(18, &es256, none(), payload(), Value::Bytes(vec![1; 63])),
        Malformed,
    );
    // ES384, EdDSA, none at all, and a number nobody registered.
    check(
        &statement(
            18,
            &header(&[0xa2, 1, 0x38, 34, 4, 0x44]),
            none(),
            payload(),
            signature(),
        ),
        WrongAlgorithm,
    );
    check(
        &statement(
            18,
            &header(&[0xa2, 1, 0x27, 4, 0x44]),
            none(),
            payload(),
            signature(),
        ),
        WrongAlgorithm,
    );
    check(
        &statement(18, &header(&[0xa1, 4, 0x44]), none(), payload(), signature()),
        WrongAlgorithm,
    );
    check(
        &statement(
            18,
            &header(&[0xa2, 1, 0x39, 1, 0, 4, 0x44]),
            none(),
            payload(),
            signature(),
        ),
        WrongAlgorithm,
    );
    check(
        &statement(18, &[], none(), payload(), signature()),
        WrongAlgorithm,
    );
    // No kid, one more header, one outside the protection, a kid of another length.
    check(
        &statement(18, &[0xa1, 1, 0x26], none(), payload(), signature()),
        UnexpectedHeader,
    );
    check(
        &statement(
            18,
            &header(&[0xa3, 1, 0x26, 3, 0, 4, 0x44]),
            none(),
            payload(),
            signature(),
        ),
        UnexpectedHeader,
    );
    let outside = Value::Map(vec![(4.into(), Value::Bytes(kid.to_vec()))]);
    check(
        &statement(18, &es256, outside, payload(), signature()),
        UnexpectedHeader,
    );
    check(
        &statement(
            18,
            &header(&[0xa2, 1, 0x26, 4, 0x45, 0]),
            none(),
            payload(),
            signature(),
        ),
        UnexpectedHeader,
    );
    // The same headers in another order, and the same statement with a longer head.
    let swapped = [&[0xa2, 4, 0x44], &kid[..], &[1, 0x26]].concat();
    check(
        &statement(18, &swapped, none(), payload(), signature()),
        NotCanonical,
    );
    check(&[&[0xd8, 18], &good[1..]].concat(), NotCanonical);
}

#[test]
fn keys() {
    #[track_caller]
    fn check(bytes: &[u8], issuers: &[IssuerPublic], refusal: GateRefusal) {
        assert_eq!(open(bytes, issuers), Err(refusal));
    }
    let good = credential(&claims()).into_bytes();
    let (ours, other) = (issuer().public(), key(5).public());
    let unknown = |claimed: Option<&str>| GateRefusal::UnknownKey {
        kid: ours.kid,
        claimed_site: claimed.map(|site| site.parse().unwrap()),
    };
    check(&good, &[], unknown(Some("demo")));
    check(&good, &[other], unknown(Some("demo")));
    check(issuer().sign_payload(b"no claims").as_bytes(), &[], unknown(None));
    // Another key under our key's name, alone and beside ours.
    let namesake = IssuerPublic {
        kid: ours.kid,
        key: other.key,
    };
    check(&good, &[namesake], GateRefusal::BadSignature);
    for issuers in [[namesake, ours], [ours, namesake]] {
        assert_eq!(open(&good, &issuers), Ok(claims()));
    }
}

#[test]
fn the_name_of_a_key_is_its_thumbprint() {
    // The key of RFC 9679 §6, and its thumbprint there.
    let point = [
        &[4][..],
        &crate::bytes::from_hex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d").unwrap(),
        &crate::bytes::from_hex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c").unwrap(),
    ]
    .concat();
    let key = PublicKey::from_sec1(&point).unwrap();
    let thumbprint = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";
    assert_eq!(key.thumbprint().to_string(), thumbprint);
    assert_eq!(IssuerPublic::new(key).kid.to_string(), "496bd8af");
}
