//! One entry, a pair or many: what earlier events mean for a pass.

use super::*;

#[test]
fn one_entry() {
    let used = |c: &mut Case| record(&mut c.prior, 1, |_| {});
    let Verdict::Refuse { why, seen } = check(used, "already-used") else {
        panic!()
    };
    assert_eq!(
        why,
        GateRefusal::AlreadyUsed {
            uses: Uses::Once,
            at: now(),
            checkpoint: Text::new("A区正门", "Main gate, A")
        }
    );
    assert_eq!(seen.unwrap().times_today, 1);

    // What happened here is told before what the list says.
    let both = |c: &mut Case| {
        used(c);
        c.gate.status = status(4711, Status::Used);
    };
    check(both, "already-used");
    // An overridden refusal let someone in; a refused one did not, nor did another pass.
    check(
        |c| {
            record(&mut c.prior, 1, |e| {
                e.what = What::Overridden {
                    code: "stale".to_string(),
                }
            });
        },
        "already-used",
    );
    check(
        |c| {
            record(&mut c.prior, 1, |e| {
                e.what = What::Refused {
                    code: "stale".to_string(),
                }
            });
        },
        "admit",
    );
    check(
        |c| record(&mut c.prior, 1, |e| e.number = Some(PassNumber(1))),
        "admit",
    );
    check(|c| record(&mut c.prior, 1, |e| e.number = None), "admit");
    // A void gives the entry back, once.
    let void = |c: &mut Case| {
        record(&mut c.prior, 2, |e| {
            e.what = What::Voided {
                event: EventId([1; 16]),
            }
        });
    };
    check(
        |c| {
            used(c);
            void(c);
        },
        "admit",
    );
    check(
        |c| {
            used(c);
            void(c);
            record(&mut c.prior, 3, |_| {});
        },
        "already-used",
    );
    check(
        |c| {
            void(c);
            used(c);
        },
        "already-used",
    );
}

#[test]
fn leaving_takes_no_entry() {
    check(
        |c| record(&mut c.prior, 1, |e| e.direction = Direction::Out),
        "admit",
    );
    let out = |c: &mut Case| c.gate.checkpoint.direction = Direction::Out;
    check(
        |c| {
            record(&mut c.prior, 1, |_| {});
            out(c);
        },
        "admit",
    );
    check(
        |c| {
            c.gate.status = status(4711, Status::Used);
            out(c);
        },
        "admit",
    );
    check(
        |c| {
            c.gate.status = status(4711, Status::Revoked);
            out(c);
        },
        "revoked",
    );
    let both = |c: &mut Case| c.gate.checkpoint.direction = Direction::Both;
    check(
        |c| {
            record(&mut c.prior, 1, |_| {});
            both(c);
        },
        "already-used",
    );
}

#[test]
fn many_entries_are_counted_by_site_local_day() {
    let many = Claims {
        uses: Uses::Many,
        kind: KindNo(4),
        ..claims()
    };
    let verdict = check(
        |c| {
            c.text = shown(&many);
            // Yesterday 23:59:59, today 00:00, and this morning; the same event twice counts once.
            record(&mut c.prior, 1, |e| e.at = at("2020-02-16T15:59:59Z"));
            record(&mut c.prior, 2, |e| e.at = at("2020-02-16T16:00:00Z"));
            record(&mut c.prior, 3, |_| {});
            record(&mut c.prior, 3, |_| {});
            c.gate.status = status(4711, Status::Used);
        },
        "admit",
    );
    let Verdict::Admit(seen) = verdict else { panic!() };
    assert_eq!((seen.uses, seen.times_today), (Uses::Many, 2));
}

/// A pair's pass at a checkpoint of this direction, after passages in these: numbered from 1, each an hour before the next.
fn pair(way: Direction, before: &[Direction]) -> impl FnOnce(&mut Case) {
    move |case| {
        case.text = shown(&Claims {
            uses: Uses::Pair,
            kind: KindNo(6),
            ..claims()
        });
        case.gate.checkpoint.direction = way;
        for (seq, way) in (1..).zip(before) {
            record(&mut case.prior, seq, |e| e.direction = *way);
        }
    }
}

#[test]
fn a_pair_is_one_entry_and_one_exit_in_either_order() {
    use Direction::{Both, In, Out};
    for (way, before, verdict) in [
        (In, &[][..], "admit"),
        (Out, &[], "admit"),
        (Both, &[], "admit"),
        (Out, &[In], "admit"),
        (In, &[Out], "admit"),
        (In, &[In], "half-used"),
        (Out, &[Out], "half-used"),
        (In, &[In, Out], "already-used"),
        (Out, &[In, Out], "already-used"),
        // Where people pass both ways each passage takes the half that is left.
        (Both, &[In], "admit"),
        (Both, &[Both], "admit"),
        (In, &[Both], "admit"),
        (Out, &[Both], "admit"),
        (In, &[Both, In], "already-used"),
        (Both, &[Both, Both], "already-used"),
        (Out, &[Both, Both], "already-used"),
    ] {
        check(pair(way, before), verdict);
    }
}

#[test]
fn of_a_pair_the_guard_is_told_which_half_is_used() {
    let told = |verdict| {
        let Verdict::Refuse { why, seen } = verdict else {
            panic!()
        };
        assert_eq!(seen.unwrap().uses, Uses::Pair);
        why
    };
    let checkpoint = Text::new("A区正门", "Main gate, A");
    let (at, in_again) = (
        now(),
        told(check(pair(Direction::In, &[Direction::In]), "half-used")),
    );
    let way = Direction::In;
    let half = GateRefusal::HalfUsed {
        way,
        at,
        checkpoint: checkpoint.clone(),
    };
    assert_eq!(in_again, half);
    // The list knows that the other half is gone too: then nothing is promised.
    let used_up = |c: &mut Case| c.gate.status = status(4711, Status::Used);
    let known = told(check(
        |c| {
            pair(Direction::In, &[Direction::In])(c);
            used_up(c);
        },
        "already-used",
    ));
    let uses = Uses::Pair;
    assert_eq!(known, GateRefusal::AlreadyUsed { uses, at, checkpoint });
    for way in [Direction::In, Direction::Out, Direction::Both] {
        let elsewhere = |c: &mut Case| {
            pair(way, &[])(c);
            used_up(c);
        };
        assert_eq!(
            told(check(elsewhere, "used-elsewhere")),
            GateRefusal::UsedElsewhere { uses }
        );
    }
    // A void gives a half back.
    check(
        |c| {
            pair(Direction::In, &[Direction::In])(c);
            let event = EventId([1; 16]);
            record(&mut c.prior, 2, |e| e.what = What::Voided { event });
        },
        "admit",
    );
}

#[test]
fn a_rule_makes_many_a_pair_and_a_pair_one_entry() {
    let ruled = |uses| {
        move |c: &mut Case| {
            pair(Direction::In, &[Direction::Out, Direction::Out])(c);
            c.gate.kinds.iter_mut().for_each(|rule| rule.uses = uses);
        }
    };
    // Two exits are more than a pair has, and none of the one entry's business.
    check(ruled(Uses::Once), "admit");
    check(ruled(Uses::Pair), "already-used");
    check(ruled(Uses::Many), "already-used");
}

#[test]
fn an_old_bundle_is_a_caution_for_either_half() {
    for way in [Direction::In, Direction::Out, Direction::Both] {
        let old = |c: &mut Case| {
            pair(way, &[])(c);
            c.now = at("2020-02-17T12:00:01Z");
        };
        check(old, "caution");
    }
}

#[test]
fn what_is_to_be_checked_is_asked_and_seen() {
    let checked = |c: &mut Case| {
        for rule in &mut c.gate.kinds {
            rule.checks = vec![Check::Temperature, Check::HostCalled];
        }
    };
    let Verdict::Admit(seen) = check(checked, "admit") else {
        panic!()
    };
    assert!(seen.confirm, "whatever the bundle says of it");
    assert_eq!(
        seen.to_check(),
        [Check::Document, Check::Temperature, Check::HostCalled]
    );
    let Verdict::Admit(seen) = check(|_| {}, "admit") else {
        panic!()
    };
    assert_eq!(seen.to_check(), [Check::Document]);
    let bare = |claims: &mut Claims| claims.document = Document::None;
    let Verdict::Admit(seen) = check_claims(bare, "admit") else {
        panic!()
    };
    assert_eq!(seen.to_check(), []);
}
