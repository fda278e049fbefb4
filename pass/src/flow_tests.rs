use super::*;
use crate::field::{Choice, Takes, Value};
use alloc::string::ToString;
use proptest::prelude::*;

fn step(key: &str) -> Step {
    Step {
        key: key.parse().unwrap(),
        title: Text::new("审核", "Review"),
        seats: vec![Seat::Role {
            role: Role::Office,
            of: Of::Site,
        }],
        when: None,
        next: vec![],
        pick: false,
        deadline: None,
    }
}

fn to(names: &[&str]) -> Vec<Next> {
    names
        .iter()
        .map(|name| Next::try_from(name.to_string()).unwrap())
        .collect()
}

fn with(key: &str, change: impl FnOnce(&mut Step)) -> Step {
    let mut step = step(key);
    change(&mut step);
    step
}

fn days_over(least: i64) -> Option<Condition> {
    Some(Condition {
        field: "days".parse().unwrap(),
        test: Test::AtLeast(least),
    })
}

fn fields() -> Vec<Field> {
    let field = |key: &str, takes| Field {
        key: key.parse().unwrap(),
        label: Text::new("项", "Item"),
        hint: None,
        required: false,
        takes,
    };
    let option = |key: &str| Choice {
        key: key.parse().unwrap(),
        label: Text::new("项", "Item"),
    };
    vec![
        field("days", Takes::Number { min: 1, max: 30 }),
        field(
            "sort",
            Takes::Choice {
                options: vec![option("student"), option("postgraduate")],
            },
        ),
    ]
}

fn days(number: i64) -> Values {
    Values::from([("days".parse().unwrap(), Value::Number(number))])
}

#[track_caller]
fn check(steps: Vec<Step>, faults: &[(usize, FlowFault)]) {
    assert_eq!(Flow(steps).check(&fields()), faults);
}

#[test]
fn flows_that_stand() {
    check(vec![], &[]);
    check(vec![step("head"), step("office")], &[]);
    check(
        vec![
            with("college", |step| {
                step.next = to(&["student-affairs", "graduate-affairs", "end"]);
            }),
            with("student-affairs", |step| step.next = to(&["end"])),
            step("graduate-affairs"),
        ],
        &[],
    );
    // A loop with a way out: the office may send it round again.
    check(
        vec![
            step("head"),
            with("office", |step| step.next = to(&["head", "end"])),
        ],
        &[],
    );
    check(
        vec![step("head"), with("security", |step| step.when = days_over(7))],
        &[],
    );
}

#[test]
fn flows_that_cannot_be_published() {
    let no_step = FlowFault::NoSuchStep {
        step: "dean".parse().unwrap(),
    };
    check(
        vec![step("head"), with("office", |step| step.next = to(&["head"]))],
        &[(0, FlowFault::NoWayOut), (1, FlowFault::NoWayOut)],
    );
    check(
        vec![with("head", |step| step.next = to(&["end"])), step("office")],
        &[(1, FlowFault::Unreachable)],
    );
    check(
        vec![with("head", |step| step.next = to(&["dean", "end"]))],
        &[(0, no_step.clone())],
    );
    check(
        vec![with("head", |step| step.next = to(&["dean"]))],
        &[(0, no_step), (0, FlowFault::NoWayOut)],
    );
    check(vec![step("head"), step("head")], &[(1, FlowFault::SameKey)]);
    check(
        vec![with("head", |step| step.seats.clear())],
        &[(0, FlowFault::NoSeat)],
    );
    check(
        vec![with("head", |step| step.seats.push(step.seats[0].clone()))],
        &[(0, FlowFault::SameSeat)],
    );
    check(
        vec![with("head", |step| step.title.zh = String::new())],
        &[(0, FlowFault::Title)],
    );
    check(
        vec![with("head", |step| {
            step.deadline = Some(Deadline {
                hours: 0,
                escalate: None,
            });
        })],
        &[(0, FlowFault::DeadlineHours)],
    );
    let security = Seat::Role {
        role: Role::SecurityOffice,
        of: Of::Site,
    };
    check(
        vec![
            with("head", |step| {
                step.seats.push(security);
                step.next = to(&["office", "end"]);
            }),
            step("office"),
        ],
        &[(0, FlowFault::ChoiceInParallel)],
    );
}

#[test]
fn seats_are_for_those_who_can_sit_in_them() {
    let seat = |seat: &str| {
        let seat: Seat = serde_json::from_str(seat).unwrap();
        vec![with("head", |step| step.seats = vec![seat])]
    };
    check(seat(r#"{ "role": "unit_head", "of": "applicant_unit" }"#), &[]);
    check(seat(r#"{ "role": "student_affairs", "of": "host_unit" }"#), &[]);
    check(seat(r#"{ "role": "student_affairs" }"#), &[]);
    check(seat(r#"{ "person": "host" }"#), &[]);
    check(
        seat(r#"{ "role": "unit_head" }"#),
        &[(0, FlowFault::RoleElsewhere)],
    );
    check(
        seat(r#"{ "role": "office", "of": "applicant_unit" }"#),
        &[(0, FlowFault::RoleElsewhere)],
    );
    check(seat(r#"{ "role": "guard" }"#), &[(0, FlowFault::IdleRole)]);
    check(
        seat(r#"{ "person": "supervisor" }"#),
        &[(0, FlowFault::NoPersonField)],
    );
    check(seat(r#"{ "person": "days" }"#), &[(0, FlowFault::NoPersonField)]);
    for wrong in [
        r"{}",
        r#"{ "role": "rector" }"#,
        r#"{ "role": "office", "person": "host" }"#,
        r#"{ "person": "host", "of": "site" }"#,
    ] {
        assert!(serde_json::from_str::<Seat>(wrong).is_err(), "{wrong}");
    }
    let late = |escalate: &str| {
        let escalate = serde_json::from_str(escalate).unwrap();
        vec![with("head", |step| {
            step.deadline = Some(Deadline {
                hours: 24,
                escalate: Some(escalate),
            });
        })]
    };
    check(late(r#"{ "role": "security_office" }"#), &[]);
    check(late(r#"{ "role": "guard" }"#), &[(0, FlowFault::IdleRole)]);
    check(vec![with("head", |step| step.pick = true)], &[]);
    check(
        vec![with("head", |step| {
            step.pick = true;
            step.seats = vec![Seat::Host];
        })],
        &[(0, FlowFault::PickWithoutChoice)],
    );
}

#[test]
fn conditions_ask_who_applied_and_for_how_long() {
    let asks = |field: &str, test| {
        vec![with("head", |step| {
            step.when = Some(Condition {
                field: field.parse().unwrap(),
                test,
            });
        })]
    };
    check(asks(APPLICANT, Test::Is(vec!["postgraduate".into()])), &[]);
    check(asks(DAYS, Test::AtLeast(8)), &[]);
    let misfit = [(0, FlowFault::ConditionDoesNotFit)];
    check(asks(APPLICANT, Test::Is(vec!["teacher".into()])), &misfit);
    check(asks(APPLICANT, Test::AtLeast(1)), &misfit);
    check(asks(DAYS, Test::Is(vec!["8".into()])), &misfit);
    let flow = Flow(asks(APPLICANT, Test::Is(vec!["student".into()])));
    let began = |standing| flow.begin(&facts(&Values::new(), standing, 1));
    assert_eq!(began(Standing::Anybody), Next::End);
    assert_ne!(
        began(Standing::Person(crate::person::PersonKind::Student)),
        Next::End
    );
}

#[test]
fn conditions_speak_of_fields_that_are_there() {
    let asks = |field: &str, test| {
        vec![with("head", |step| {
            step.when = Some(Condition {
                field: field.parse().unwrap(),
                test,
            });
        })]
    };
    check(asks("days", Test::AtMost(3)), &[]);
    check(asks("sort", Test::Is(vec!["student".into()])), &[]);
    check(asks("sort", Test::Given(true)), &[]);
    check(
        asks("weeks", Test::AtMost(3)),
        &[(
            0,
            FlowFault::NoSuchField {
                field: "weeks".parse().unwrap(),
            },
        )],
    );
    let misfit = [(0, FlowFault::ConditionDoesNotFit)];
    check(asks("days", Test::Is(vec!["student".into()])), &misfit);
    check(asks("sort", Test::AtLeast(3)), &misfit);
    check(asks("sort", Test::Is(vec!["teacher".into()])), &misfit);
    check(asks("sort", Test::Is(vec![])), &misfit);
}

#[test]
fn steps_follow_each_other_and_those_not_asked_for_are_passed_over() {
    let flow = Flow(vec![
        step("head"),
        with("security", |step| step.when = days_over(7)),
        step("office"),
    ]);
    let at = |name: &str| Next::try_from(name.to_string()).unwrap();
    let after = |name: &str, values: &Values| flow.after(&name.parse().unwrap(), None, values);
    assert_eq!(flow.begin(&days(1)), at("head"));
    assert_eq!(after("head", &days(3)), Ok(at("office")));
    assert_eq!(after("head", &days(7)), Ok(at("security")));
    assert_eq!(after("security", &days(7)), Ok(at("office")));
    assert_eq!(after("office", &days(7)), Ok(Next::End));
    assert_eq!(Flow::default().begin(&days(1)), Next::End);
    assert_eq!(
        Flow(vec![with("head", |step| step.when = days_over(7))]).begin(&Values::new()),
        Next::End
    );
}

#[test]
fn whoever_agrees_chooses_among_what_is_offered() {
    let flow = Flow(vec![
        with("college", |step| step.next = to(&["students", "graduates"])),
        with("students", |step| step.next = to(&["end"])),
        step("graduates"),
    ]);
    let college = "college".parse().unwrap();
    let chosen = |name: &str| Next::try_from(name.to_string()).unwrap();
    let none = Values::new();
    assert_eq!(flow.choices(&college, &none), to(&["students", "graduates"]));
    assert_eq!(flow.after(&college, None, &none), Err(NotOffered));
    assert_eq!(
        flow.after(&college, Some(&chosen("graduates")), &none),
        Ok(chosen("graduates"))
    );
    assert_eq!(flow.after(&college, Some(&Next::End), &none), Err(NotOffered));
    assert_eq!(
        flow.after(&college, Some(&chosen("college")), &none),
        Err(NotOffered)
    );
    assert_eq!(
        flow.after(&"students".parse().unwrap(), None, &none),
        Ok(Next::End)
    );
}

/// Flows of up to six steps with any ways between them and any conditions.
fn any_flow() -> impl Strategy<Value = Flow> {
    let names = ["s0", "s1", "s2", "s3", "s4", "s5", "end"];
    prop::collection::vec(
        (
            prop::collection::vec(0_usize..7, 0..3),
            prop::option::of(1_i64..30),
        ),
        1..6,
    )
    .prop_map(move |steps| {
        let steps = steps.into_iter().enumerate().map(|(at, (next, least))| {
            with(names[at], |step| {
                step.next = next.iter().flat_map(|&to_| to(&[names[to_]])).collect();
                step.when = least.and_then(days_over);
            })
        });
        Flow(steps.collect())
    })
}

proptest! {
    // Most flows made at random cannot be published.
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    /// A published flow ends, if whoever agrees wants it to, and goes through no step but those that are offered.
    #[test]
    fn a_published_flow_has_a_way_to_the_end(flow in any_flow(), number in 1_i64..30) {
        prop_assume!(flow.check(&fields()).is_empty());
        let values = days(number);
        let mut open = vec![flow.begin(&values)];
        let mut seen = BTreeSet::new();
        let mut ended = false;
        while let Some(next) = open.pop() {
            let Next::Step(key) = next else { ended = true; continue };
            if seen.insert(key.clone()) {
                let choices = flow.choices(&key, &values);
                prop_assert!(!choices.is_empty());
                for choice in &choices {
                    prop_assert_eq!(flow.after(&key, Some(choice), &values), Ok(choice.clone()));
                }
                open.extend(choices);
            }
        }
        prop_assert!(ended);
    }
}

#[test]
fn a_condition_has_one_test() {
    let read = |json: serde_json::Value| serde_json::from_value::<Condition>(json).ok();
    let days = serde_json::json!({ "field": "days", "at_least": 7 });
    assert_eq!(read(days.clone()), days_over(7));
    assert_eq!(serde_json::to_value(days_over(7)).unwrap(), days);
    assert_eq!(read(serde_json::json!({ "field": "days" })), None);
    assert_eq!(
        read(serde_json::json!({ "field": "days", "at_least": 7, "at_most": 9 })),
        None
    );
    assert_eq!(read(serde_json::json!({ "field": "days", "more_than": 7 })), None);
}
