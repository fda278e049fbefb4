use super::*;
use alloc::{string::ToString, vec};

fn field(takes: Takes, required: bool) -> Field {
    Field {
        key: "f".parse().unwrap(),
        label: Text::new("项", "Item"),
        hint: None,
        required,
        takes,
    }
}

#[track_caller]
fn check(takes: Takes, value: &str, to: Result<(), ValueFault>) {
    let value = Value::Text(value.to_string());
    assert_eq!(field(takes, true).check(Some(&value)), to);
}

#[test]
fn texts_and_numbers_keep_to_their_limits() {
    let text = |lines| Takes::Text { max_chars: 3, lines };
    check(text(false), "上班", Ok(()));
    check(text(false), "上下班中", Err(ValueFault::Longer { max: 3 }));
    check(text(false), "a\nb", Err(ValueFault::ControlCharacter));
    check(text(true), "a\nb", Ok(()));
    check(text(true), "a\0b", Err(ValueFault::ControlCharacter));
    check(text(true), "  ", Err(ValueFault::Missing));

    let number = field(Takes::Number { min: 1, max: 5 }, false);
    assert_eq!(number.check(None), Ok(()));
    assert_eq!(
        number.check(Some(&Value::Number(0))),
        Err(ValueFault::Below { min: 1 })
    );
    assert_eq!(number.check(Some(&Value::Number(5))), Ok(()));
    assert_eq!(
        number.check(Some(&Value::Number(6))),
        Err(ValueFault::Above { max: 5 })
    );
    assert_eq!(
        number.check(Some(&Value::Text("5".into()))),
        Err(ValueFault::Malformed)
    );
}

#[test]
fn days_choices_plates_people_and_documents_have_their_forms() {
    check(Takes::Date, "2020-02-17", Ok(()));
    check(Takes::Date, "2020-02-30", Err(ValueFault::Malformed));
    let options = vec![Choice {
        key: "car".parse().unwrap(),
        label: Text::new("小车", "Car"),
    }];
    check(
        Takes::Choice {
            options: options.clone(),
        },
        "car",
        Ok(()),
    );
    check(Takes::Choice { options }, "lorry", Err(ValueFault::Malformed));
    for (plate, good) in [
        ("渝A12345", true),
        ("京AD12345", true),
        ("渝A1234学", true),
        ("渝a12345", false),
        ("A12345", false),
        ("渝A123", false),
        ("渝A1234567", false),
    ] {
        check(
            Takes::Plate,
            plate,
            if good { Ok(()) } else { Err(ValueFault::Malformed) },
        );
    }
    check(Takes::Person, "07000001", Ok(()));
    check(Takes::Person, "张三", Err(ValueFault::Malformed));
    let documents = vec![IdentitySort::IdentityCard, IdentitySort::Passport];
    let takes = Takes::IdentityDocument { documents };
    check(takes.clone(), "passport E12345678", Ok(()));
    check(takes.clone(), "passport E1", Err(ValueFault::IdentityNumber));
    check(takes, "E12345678", Err(ValueFault::IdentitySort));
}

#[test]
fn a_field_is_written_flat_and_only_with_what_its_kind_has() {
    let read =
        |json: serde_json::Value| serde_json::from_value::<Field>(json).map_err(|error| error.to_string());
    let label = serde_json::json!({ "zh": "人数", "en": "People" });
    let people = serde_json::json!({ "key": "people", "kind": "number", "label": label, "min": 1, "max": 9 });
    let field = read(people.clone()).unwrap();
    assert_eq!(field.takes, Takes::Number { min: 1, max: 9 });
    assert_eq!(read(serde_json::to_value(&field).unwrap()), Ok(field));
    for (name, value, says) in [
        ("max", serde_json::Value::Null, "needs max"),
        ("max_chars", 3.into(), "has no max_chars"),
        ("maximum", 3.into(), "unknown field `maximum`"),
        ("kind", "numbr".into(), "none of text, number"),
        ("key", "人数".into(), "is not 1 to 32"),
    ] {
        let mut wrong = people.clone();
        wrong[name] = value;
        let error = read(wrong).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn texts_of_a_form_are_read_as_the_fields_take_them() {
    let mut plate = field(Takes::Plate, false);
    plate.key = "plate".parse().unwrap();
    let fields = [field(Takes::Number { min: 1, max: 99 }, true), plate];
    let values = read_values(
        &fields,
        [("f", " １２ "), ("plate", "渝a·123 45"), ("x", ""), ("?", "y")],
    );
    let wanted = Values::from([
        ("f".parse().unwrap(), Value::Number(12)),
        ("plate".parse().unwrap(), Value::Text("渝A12345".into())),
    ]);
    assert_eq!(values, wanted);
    assert_eq!(check_values(&fields, &values), Ok(()));
    let values = read_values(&fields, [("f", "twelve")]);
    assert_eq!(
        check_values(&fields, &values),
        Err(vec![("f".parse().unwrap(), ValueFault::Malformed)])
    );
}

#[test]
fn files_are_named_by_their_ids() {
    let takes = Takes::Attachment {
        max_files: 2,
        max_megabytes: 5,
    };
    let fields = [field(takes, true)];
    let id = |last: char| alloc::format!("00000000-0000-4000-8000-00000000000{last}");
    let (a, b, c) = (id('a'), id('b'), id('c'));
    for (given, fault) in [
        (alloc::format!("{a} {b}"), None),
        (alloc::format!(" {a}\n"), None),
        (String::new(), Some(ValueFault::Missing)),
        (
            alloc::format!("{a} {b} {c}"),
            Some(ValueFault::MoreFiles { max: 2 }),
        ),
        (alloc::format!("{a} {a}"), Some(ValueFault::Malformed)),
        ("photo.jpg".into(), Some(ValueFault::Malformed)),
    ] {
        let values = read_values(&fields, [("f", given.as_str())]);
        let faults = fault.map(|fault| vec![("f".parse().unwrap(), fault)]);
        assert_eq!(check_values(&fields, &values).err(), faults, "{given}");
    }
}

#[test]
fn every_fault_is_told_with_its_field() {
    let fields = [field(Takes::Date, true)];
    assert_eq!(
        check_values(&fields, &Values::new()),
        Err(vec![("f".parse().unwrap(), ValueFault::Missing)])
    );
    let values = Values::from([
        ("f".parse().unwrap(), Value::Text("2020-02-17".into())),
        ("g".parse().unwrap(), Value::Number(1)),
    ]);
    assert_eq!(
        check_values(&fields, &values),
        Err(vec![("g".parse().unwrap(), ValueFault::Unknown)])
    );
}
