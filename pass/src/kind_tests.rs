use super::*;
use crate::field::Takes;
use alloc::vec;

/// 单次通行: one per household every two days, one day, one use.
pub(crate) fn resident_once() -> PassKind {
    PassKind {
        key: "resident-once".parse().unwrap(),
        version: 1,
        title: Text::new("居民单次通行", "Resident, one entry"),
        summary: Text::new("每户每2天1个", "One per household every two days"),
        applicant: Applicant::Household,
        subject: Subject::Oneself,
        host: Hosting::None,
        quota: Some(Quota { passes: 1, days: 2 }),
        uses: Uses::Once,
        window: Window {
            earliest_days: 0,
            latest_days: 6,
            longest_days: 1,
            weekdays: None,
        },
        reason: ReasonRule {
            required: true,
            max_chars: 150,
        },
        fields: vec![],
        steps: Flow::default(),
        zones: ZoneSet::of(&[0, 1]),
        document: Document::AnyListed,
        medium: vec![Medium::Phone],
        rotation: Rotation::Static,
        gate: GateCheck::default(),
        renewable: false,
    }
}

/// After `change` the faults are exactly these paths.
#[track_caller]
fn check(change: impl FnOnce(&mut PassKind), paths: &[&str]) {
    let mut kind = resident_once();
    change(&mut kind);
    let found: Vec<Cow<'static, str>> = kind.check().into_iter().map(|fault| fault.path).collect();
    assert_eq!(found, paths);
}

#[test]
fn faults_name_their_field() {
    check(|_| {}, &[]);
    check(|kind| kind.version = 0, &["version"]);
    check(|kind| kind.title = Text::new(" ", "x"), &["title.zh"]);
    check(|kind| kind.title.en = "x".repeat(25), &["title.en"]);
    check(|kind| kind.title.zh = "证".repeat(24), &[]);
    check(|kind| kind.summary.zh = "证".repeat(301), &["summary.zh"]);
    check(|kind| kind.quota = None, &[]);
    check(
        |kind| kind.quota = Some(Quota { passes: 0, days: 0 }),
        &["quota.passes", "quota.days"],
    );
    check(
        |kind| kind.quota = Some(Quota { passes: 1, days: 367 }),
        &["quota.days"],
    );
    check(|kind| kind.window.earliest_days = 7, &["window.latest_days"]);
    check(|kind| kind.window.latest_days = 367, &["window.latest_days"]);
    check(|kind| kind.window.longest_days = 0, &["window.longest_days"]);
    check(|kind| kind.window.weekdays = Some(vec![]), &["window.weekdays"]);
    check(|kind| kind.window.weekdays = Some(vec![Weekday::Monday]), &[]);
    check(
        |kind| kind.window.weekdays = Some(vec![Weekday::Monday; 2]),
        &["window.weekdays"],
    );
    check(|kind| kind.reason.max_chars = 0, &["reason.max_chars"]);
    check(
        |kind| {
            kind.reason = ReasonRule {
                required: false,
                max_chars: 0,
            }
        },
        &[],
    );
    check(|kind| kind.reason.max_chars = 1001, &["reason.max_chars"]);
    check(|kind| kind.zones = ZoneSet::NONE, &["zones"]);
}

#[test]
fn faults_in_lists_name_their_place() {
    let number = |key: &str, min, max| Field {
        key: key.parse().unwrap(),
        label: Text::new("人数", "People"),
        hint: None,
        required: true,
        takes: Takes::Number { min, max },
    };
    check(|kind| kind.fields = vec![number("people", 1, 9)], &[]);
    check(
        |kind| kind.fields = vec![number("people", 1, 9), number("people", 5, 1)],
        &["fields[1].key", "fields[1].max"],
    );
    check(
        |kind| kind.fields = vec![number("reason", 1, 9)],
        &["fields[0].key"],
    );
    check(
        |kind| {
            kind.fields = vec![number("people", 1, 9)];
            kind.fields[0].label.en.clear();
            kind.fields[0].takes = Takes::Choice { options: vec![] };
        },
        &["fields[0].label.en", "fields[0].options"],
    );
    check(
        |kind| {
            kind.fields = vec![number("people", 1, 9)];
            kind.fields[0].takes = Takes::Text {
                max_chars: 0,
                lines: false,
            };
        },
        &["fields[0].max_chars"],
    );
    check(|kind| kind.steps = Flow::office(), &[]);
    check(
        |kind| {
            kind.steps = Flow::office();
            kind.steps.0[0].seats.clear();
        },
        &["steps[0].seats"],
    );
}

#[test]
fn zones_are_written_as_numbers_or_all() {
    let read = |zones: &str| {
        let mut json = serde_json::to_value(resident_once()).unwrap();
        json["zones"] = serde_json::from_str(zones).unwrap();
        serde_json::from_value::<PassKind>(json).map(|kind| kind.zones)
    };
    assert_eq!(read("[0, 5]").unwrap(), ZoneSet::of(&[0, 5]));
    assert_eq!(read("\"all\"").unwrap(), ZoneSet::ALL);
    for wrong in ["[32]", "\"some\"", "7", "[-1]"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn policy_is_data() {
    let mut kind = resident_once();
    kind.window.weekdays = Some(vec![Weekday::Monday, Weekday::Sunday]);
    for kind in [resident_once(), kind] {
        let json = serde_json::to_string(&kind).unwrap();
        assert_eq!(serde_json::from_str::<PassKind>(&json).unwrap(), kind);
    }
    let json = serde_json::to_value(resident_once()).unwrap();
    assert_eq!(json["uses"], "once");
    assert_eq!(json["quota"], serde_json::json!({ "passes": 1, "days": 2 }));
    assert_eq!(json["document"], "any_listed");
}
