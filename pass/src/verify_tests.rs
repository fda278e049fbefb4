use super::*;
use crate::{
    admission::{AdmissionEvent, What, chain_start, tests::event},
    fixture::{claims, credential, gate, key, now, phone_claims, rotating},
    id::{EventId, TabletId},
    presentation::link,
    site::ZoneSet,
    status::StatusList,
};
use alloc::{format, string::ToString};

/// What a check is made of: the code's text, the bundle, what happened before, and the time.
struct Case {
    text: String,
    gate: GateBundle,
    prior: Redemptions,
    now: Timestamp,
}

fn text(shown: &Presentation) -> String {
    link("pass.example", &shown.to_bytes()).to_string()
}

fn shown(claims: &Claims) -> String {
    text(&Presentation::Static(credential(claims)))
}

/// A good pass, after `change`, ends as `verdict`: `admit`, `caution` or the refusal's code.
#[track_caller]
fn check(change: impl FnOnce(&mut Case), verdict: &str) -> Verdict {
    let mut case = Case {
        text: shown(&claims()),
        gate: gate(),
        prior: Redemptions::new(),
        now: now(),
    };
    change(&mut case);
    let found = verify(&case.text, &case.gate, &case.prior, case.now);
    let name = match &found {
        Verdict::Admit(_) => "admit",
        Verdict::Caution(..) => "caution",
        Verdict::Refuse { why, .. } => why.code(),
    };
    assert_eq!(name, verdict);
    found
}

/// A pass with changed claims.
#[track_caller]
fn check_claims(change: impl FnOnce(&mut Claims), verdict: &str) -> Verdict {
    let mut claims = claims();
    change(&mut claims);
    check(|case| case.text = shown(&claims), verdict)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn status(number: u32, status: Status) -> StatusList {
    StatusList::build(PassNumber(1), [(PassNumber(number), status)]).unwrap()
}

fn record(prior: &mut Redemptions, seq: u64, change: impl FnOnce(&mut AdmissionEvent)) {
    let mut event = event(seq, chain_start(TabletId([0; 16])));
    change(&mut event);
    prior.record(&event, &Text::new("A区正门", "Main gate, A"));
}

#[path = "verify_use_tests.rs"]
mod uses;

#[test]
fn a_good_pass() {
    let Verdict::Admit(seen) = check(|_| {}, "admit") else {
        panic!()
    };
    let expected = Seen {
        number: PassNumber(4711),
        kind_no: KindNo(3),
        title: Text::new("居民单次通行", "Resident, one entry"),
        name: "张*".to_string(),
        valid_from: at("2020-02-16T16:00:00Z"),
        valid_until: at("2020-02-17T16:00:00Z"),
        uses: Uses::Once,
        document: Document::AnyListed,
        medium: Medium::Paper,
        confirm: false,
        checks: vec![],
        times_today: 0,
    };
    assert_eq!(seen, expected);
}

#[test]
fn validity_is_half_open() {
    check(|c| c.now = at("2020-02-17T15:59:59.999Z"), "caution");
    check(|c| c.now = at("2020-02-17T16:00:00Z"), "expired");
    check(|c| c.now = at("2020-02-18T01:00:00Z"), "expired");
    let early = |c: &mut Case, now: &str| (c.now, c.gate.issued_at) = (at(now), at("2020-02-16T15:00:00Z"));
    check(|c| early(c, "2020-02-16T15:59:59.999Z"), "not-yet");
    check(|c| early(c, "2020-02-16T16:00:00Z"), "admit");
}

#[test]
fn each_wrong_code_has_its_own_reason() {
    check(|c| c.text = "https://shop.example/".to_string(), "not-a-pass");
    check(|c| c.text.truncate(60), "bad-digits");
    check(|c| c.text = "https://h/v#".to_string(), "malformed");
    check(|c| c.text += &"0".repeat(1300), "too-long");
    check(|c| c.gate.issuers = vec![key(5).public()], "unknown-key");
    check(|c| c.gate.issuers.clear(), "unknown-key");
    check_claims(|c| c.site = "hit".parse().unwrap(), "other-site");
    check_claims(|c| c.kind = KindNo(99), "unknown-kind");
    check_claims(|c| c.zones = ZoneSet::of(&[1]), "wrong-zone");
    check(|c| c.gate.status = status(4711, Status::Revoked), "revoked");
    check(|c| c.gate.status = status(4711, Status::Reserved), "unlisted");
    check(
        |c| c.gate.status = StatusList::build(PassNumber(4712), []).unwrap(),
        "unlisted",
    );
    check(|c| c.gate.status = status(4711, Status::Used), "used-elsewhere");
    // Another pass's status is its own affair.
    check(|c| c.gate.status = status(4712, Status::Revoked), "admit");
    check(|c| c.gate.status = status(4710, Status::Revoked), "admit");
}

#[test]
fn a_pass_of_another_site_is_called_so_even_with_its_key_unknown() {
    let foreign = Claims {
        site: "hit".parse().unwrap(),
        ..claims()
    };
    let theirs = text(&Presentation::Static(key(5).sign(&foreign).unwrap()));
    let Verdict::Refuse { why, seen } = check(|c| c.text = theirs, "other-site") else {
        panic!()
    };
    assert_eq!(
        why,
        GateRefusal::OtherSite {
            site: "hit".parse().unwrap()
        }
    );
    assert_eq!(seen, None);
    // Our site's name under a key nobody knows is not.
    let forged = text(&Presentation::Static(key(5).sign(&claims()).unwrap()));
    check(|c| c.text = forged, "unknown-key");
}

#[test]
fn a_changed_digit_is_refused() {
    let good = shown(&claims());
    let digits = good.find('#').unwrap() + 1;
    for place in digits..good.len() {
        let digit = good.as_bytes()[place];
        let other = char::from(b'0' + (digit - b'0' + 1) % 10);
        let changed = format!("{}{other}{}", &good[..place], &good[place + 1..]);
        let verdict = verify(&changed, &gate(), &Redemptions::new(), now());
        assert!(
            matches!(verdict, Verdict::Refuse { seen: None, .. }),
            "{verdict:?}"
        );
    }
    // In the signature, which is most of the code, it is called by its name.
    let last = if good.ends_with('1') { "2" } else { "1" };
    check(|c| c.text.replace_range(good.len() - 1.., last), "bad-signature");
}

#[test]
fn phones() {
    let fresh = || text(&rotating(&phone_claims(), now()));
    check(|c| c.text = fresh(), "admit");
    check(
        |c| (c.text, c.now) = (fresh(), at("2020-02-17T01:01:00Z")),
        "admit",
    );
    check(
        |c| (c.text, c.now) = (fresh(), at("2020-02-17T01:01:01Z")),
        "stale",
    );
    check(
        |c| (c.text, c.now) = (fresh(), at("2020-02-17T00:58:59Z")),
        "stale",
    );
    check(|c| c.text = shown(&phone_claims()), "holder-signature-missing");
    check(
        |c| c.text = text(&rotating(&claims(), now())),
        "holder-signature-unexpected",
    );
    let other = Claims {
        holder: Some(key(5).public().key),
        ..phone_claims()
    };
    check(
        |c| c.text = text(&rotating(&other, now())),
        "holder-signature-bad",
    );
    // A phone that loses keys has none in its credential.
    check_claims(|c| c.medium = Medium::Phone, "admit");
}

#[test]
fn the_rule_narrows_the_claims() {
    let many = Claims {
        uses: Uses::Many,
        ..claims()
    };
    check(
        |c| {
            c.text = shown(&many);
            record(&mut c.prior, 1, |_| {});
        },
        "already-used",
    );
    check(|c| c.gate.kinds[0].zones = ZoneSet::of(&[1]), "wrong-zone");
    check(|c| c.gate.kinds[0].zones = ZoneSet::ALL, "admit");
    let verdict = check(
        |c| {
            c.gate.kinds[0].document = Document::WorkCard;
            c.gate.kinds[0].confirm = true;
        },
        "admit",
    );
    let Verdict::Admit(seen) = verdict else { panic!() };
    assert_eq!((seen.document, seen.confirm), (Document::WorkCard, true));
}

#[test]
fn clocks_and_old_bundles() {
    #[track_caller]
    fn check_cautions(change: impl FnOnce(&mut Case), cautions: &[Caution]) {
        let Verdict::Caution(_, found) = check(change, "caution") else {
            panic!()
        };
        assert_eq!(found, cautions);
    }
    let issued_at = gate().issued_at;
    let old = Caution::OldBundle { issued_at };
    check(|c| c.now = at("2020-02-17T12:00:00Z"), "admit");
    check_cautions(|c| c.now = at("2020-02-17T12:00:00.001Z"), &[old]);
    let many = || {
        shown(&Claims {
            uses: Uses::Many,
            kind: KindNo(4),
            ..claims()
        })
    };
    check(
        |c| (c.text, c.now) = (many(), at("2020-02-17T15:00:00Z")),
        "admit",
    );
    // A clock set back doesn't bring yesterday's pass to life, and says so with today's.
    check_cautions(
        |c| c.now = at("2020-02-16T20:00:00Z"),
        &[Caution::ClockBehind { issued_at }],
    );
    check_cautions(
        |c| c.now = at("1970-01-01T00:00:00Z"),
        &[Caution::ClockBehind { issued_at }],
    );
    let tomorrow = |c: &mut Case| (c.gate.issued_at, c.now) = (at("2020-02-18T00:00:00Z"), now());
    check(tomorrow, "expired");
    assert_eq!(clock_behind(&gate(), now()), None);
}

#[test]
fn a_typed_number_never_admits() {
    #[track_caller]
    fn check_number(change: impl FnOnce(&mut Case), used: bool, seen_here: bool) {
        let number = |c: &mut Case| {
            c.text = "4711".to_string();
            change(c);
        };
        let Verdict::Refuse { why, .. } = check(number, "number-only") else {
            panic!()
        };
        let GateRefusal::NumberOnly {
            number,
            used: found,
            last_use,
        } = why
        else {
            panic!()
        };
        assert_eq!(
            (number, found, last_use.is_some()),
            (PassNumber(4711), used, seen_here)
        );
    }
    check_number(|_| {}, false, false);
    check_number(|c| c.gate.status = status(4711, Status::Used), true, false);
    check_number(|c| record(&mut c.prior, 1, |_| {}), false, true);
    let typed = |c: &mut Case| c.text = " 4711 ".to_string();
    check(
        |c| {
            typed(c);
            c.gate.status = status(4711, Status::Revoked);
        },
        "revoked",
    );
    check(
        |c| {
            typed(c);
            c.gate.status = StatusList::build(PassNumber(5000), []).unwrap();
        },
        "unlisted",
    );
}

#[test]
fn the_first_fault_in_the_order_is_the_reason() {
    // Everything is wrong; one thing after another is put right.
    let mut wrong = Claims {
        kind: KindNo(99),
        zones: ZoneSet::of(&[1]),
        ..phone_claims()
    };
    let late = |c: &mut Case| {
        c.now = at("2020-02-18T01:00:00Z");
        c.gate.status = status(4711, Status::Revoked);
        record(&mut c.prior, 1, |_| {});
    };
    check(
        |c| {
            late(c);
            c.text = shown(&wrong);
        },
        "unknown-kind",
    );
    wrong.kind = KindNo(3);
    check(
        |c| {
            late(c);
            c.text = shown(&wrong);
        },
        "expired",
    );
    check(
        |c| {
            late(c);
            c.text = shown(&wrong);
            c.now = now();
        },
        "wrong-zone",
    );
    wrong.zones = ZoneSet::of(&[0]);
    check(
        |c| {
            late(c);
            c.text = shown(&wrong);
            c.now = now();
        },
        "revoked",
    );
    let valid = |c: &mut Case| {
        late(c);
        c.now = now();
        c.gate.status = status(4711, Status::Used);
    };
    check(
        |c| {
            valid(c);
            c.text = shown(&wrong);
        },
        "holder-signature-missing",
    );
    check(
        |c| {
            valid(c);
            c.text = text(&rotating(&wrong, now()));
        },
        "already-used",
    );
    check(
        |c| {
            valid(c);
            c.text = text(&rotating(&wrong, now()));
            c.prior = Redemptions::new();
        },
        "used-elsewhere",
    );
}

#[test]
fn verdicts_travel_between_the_worker_and_the_page() {
    for verdict in [
        check(|_| {}, "admit"),
        check(|c| c.now = at("2020-02-18T01:00:00Z"), "expired"),
    ] {
        let json = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
    }
}
