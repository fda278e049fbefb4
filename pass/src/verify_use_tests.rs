//! One entry or many: what earlier events mean for a pass.

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
