use super::*;
use crate::fixture::{gate, key, now};
use crate::key::{IssuerKey, PublicKey};
use alloc::{string::ToString, vec};

const TABLET: TabletId = TabletId([0x7a; 16]);

fn tablet_key() -> IssuerKey {
    key(3)
}

fn tablet() -> TabletPublic {
    TabletPublic {
        id: TABLET,
        key: tablet_key().public().key,
    }
}

/// The `seq`-th event: an admission of pass 4711 after the event with the hash `previous`.
pub(crate) fn event(seq: u64, previous: Hash) -> AdmissionEvent {
    AdmissionEvent {
        id: EventId([u8::try_from(seq).unwrap(); 16]),
        tablet: TABLET,
        seq,
        at: now(),
        checkpoint: gate().checkpoint.id,
        direction: Direction::In,
        number: Some(PassNumber(4711)),
        kind_no: Some(KindNo(3)),
        what: What::Admitted,
        name: "张*".to_string(),
        previous,
        checks: vec![],
    }
}

fn sealed(event: &AdmissionEvent) -> Vec<u8> {
    seal(event, &tablet_key().sign_bytes(&to_be_signed(event))).unwrap()
}

#[test]
fn sealed_and_opened() {
    let start = chain_start(TABLET);
    for what in [
        What::Admitted,
        What::Refused {
            code: "expired".to_string(),
        },
        What::Overridden {
            code: "already-used".to_string(),
        },
        What::Voided {
            event: EventId([8; 16]),
        },
    ] {
        let event = AdmissionEvent {
            what,
            ..event(1, start)
        };
        assert_eq!(open(&sealed(&event), &tablet()), Ok(event));
    }
    let unread = AdmissionEvent {
        number: None,
        kind_no: None,
        name: String::new(),
        ..event(1, start)
    };
    assert_eq!(open(&sealed(&unread), &tablet()), Ok(unread));
}

#[test]
fn events_that_are_refused() {
    #[track_caller]
    fn check(bytes: &[u8], tablet: TabletPublic, fault: SignedFault) {
        assert_eq!(open(bytes, &tablet), Err(fault));
    }
    let first = event(1, chain_start(TABLET));
    let good = sealed(&first);
    let other_key: PublicKey = key(4).public().key;
    check(
        &good,
        TabletPublic {
            id: TabletId([1; 16]),
            ..tablet()
        },
        SignedFault::UnknownKey,
    );
    check(
        &good,
        TabletPublic {
            key: other_key,
            ..tablet()
        },
        SignedFault::BadSignature,
    );
    check(&[&good[..], &[0]].concat(), tablet(), SignedFault::TrailingBytes);
    check(&[0; MAX_BYTES + 1], tablet(), SignedFault::TooLong);
    let zero = AdmissionEvent {
        seq: 0,
        ..first.clone()
    };
    check(&sealed(&zero), tablet(), SignedFault::UnexpectedContent);
    let long = AdmissionEvent {
        name: "x".repeat(17),
        ..first.clone()
    };
    check(&sealed(&long), tablet(), SignedFault::UnexpectedContent);
    let code = What::Refused { code: "x".repeat(41) };
    check(
        &sealed(&AdmissionEvent {
            what: code,
            ..first.clone()
        }),
        tablet(),
        SignedFault::UnexpectedContent,
    );
    let control = What::Refused {
        code: "exp\0ired".to_string(),
    };
    check(
        &sealed(&AdmissionEvent {
            what: control,
            ..first.clone()
        }),
        tablet(),
        SignedFault::UnexpectedContent,
    );
    let unprintable = AdmissionEvent {
        name: "张\u{7}".to_string(),
        ..first.clone()
    };
    check(&sealed(&unprintable), tablet(), SignedFault::UnexpectedContent);
    for at in [
        Timestamp::MIN,
        Timestamp::from_millisecond(-1).unwrap(),
        "3000-01-01T00:00:00Z".parse().unwrap(),
        Timestamp::MAX,
    ] {
        let no_clock = AdmissionEvent { at, ..first.clone() };
        check(&sealed(&no_clock), tablet(), SignedFault::UnexpectedContent);
    }
    for at in [Timestamp::UNIX_EPOCH, "2999-12-31T23:59:59.999Z".parse().unwrap()] {
        let early_or_late = AdmissionEvent { at, ..first.clone() };
        assert_eq!(open(&sealed(&early_or_late), &tablet()), Ok(early_or_late));
    }
    for at in 0..good.len() {
        let mut altered = good.clone();
        altered[at] ^= 0x20;
        assert!(open(&altered, &tablet()).is_err());
    }
    assert_eq!(seal(&first, &[0; 64]), Err(KeyError));
}

#[test]
fn chains() {
    #[track_caller]
    fn check(previous: (Hash, u64), event: &AdmissionEvent, to: Result<(), ChainFault>) {
        assert_eq!(check_link(previous.0, previous.1, event), to);
    }
    let start = chain_start(TABLET);
    let one = event(1, start);
    let after_one = hash(&sealed(&one));
    check((start, 0), &one, Ok(()));
    check((after_one, 1), &event(2, after_one), Ok(()));
    check(
        (after_one, 1),
        &event(3, after_one),
        Err(ChainFault::Gap { expected: 2 }),
    );
    check((after_one, 1), &one, Err(ChainFault::Repeated { expected: 2 }));
    check((after_one, 1), &event(2, start), Err(ChainFault::Broken));
    check((chain_start(TabletId([1; 16])), 0), &one, Err(ChainFault::Broken));
    check(
        (after_one, u64::MAX),
        &one,
        Err(ChainFault::Repeated { expected: u64::MAX }),
    );
}

#[test]
fn who_passes() {
    let code = || "expired".to_string();
    assert!(What::Admitted.lets_pass());
    assert!(What::Overridden { code: code() }.lets_pass());
    assert!(!What::Refused { code: code() }.lets_pass());
    let event = EventId([8; 16]);
    assert!(!What::Voided { event }.lets_pass());
}

#[test]
fn what_the_guard_confirmed() {
    let plain = event(1, chain_start(TABLET));
    let with = |checks: &[Check], what: What| AdmissionEvent {
        what,
        checks: checks.to_vec(),
        ..plain.clone()
    };
    // Without checks an event is written as before there were any.
    let mut written = Vec::new();
    ciborium::into_writer(&plain, &mut written).unwrap();
    let has_word = |bytes: &[u8]| bytes.windows(6).any(|word| word == b"checks");
    assert!(!has_word(&written) && has_word(&sealed(&with(&[Check::Temperature], What::Admitted))));

    let good = |event: AdmissionEvent| assert_eq!(open(&sealed(&event), &tablet()), Ok(event));
    good(with(&Check::ALL, What::Admitted));
    good(with(&[Check::Document, Check::HostCalled], What::Admitted));
    let bad = |event: AdmissionEvent| {
        assert_eq!(
            open(&sealed(&event), &tablet()),
            Err(SignedFault::UnexpectedContent)
        );
    };
    bad(with(&[Check::Temperature, Check::Document], What::Admitted));
    bad(with(&[Check::Temperature, Check::Temperature], What::Admitted));
    let code = "expired".to_string();
    bad(with(&[Check::Temperature], What::Refused { code }));
    // All of them in the longest event there is are not too long.
    let long = AdmissionEvent {
        seq: u64::MAX,
        number: Some(PassNumber(u32::MAX)),
        name: "x".repeat(16),
        ..with(
            &Check::ALL,
            What::Overridden {
                code: "x".repeat(MAX_CODE),
            },
        )
    };
    good(long);
}
