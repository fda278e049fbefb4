//! The committed vectors are those the code makes, and the code comes to what they expect.

#![expect(clippy::unwrap_used, reason = "what is fixed here is good, or the test fails")]

use std::{collections::BTreeMap, fs, path::Path};

use pass::{
    AdmissionEvent, CheckpointId, Claims, EventId, GateBundle, Hash, Input, IssuerPublic, PassNumber,
    PublicKey, Redemptions, TabletId, TabletPublic, Text, Verdict, What, admission, credential, digits,
    verify,
};
use serde_json::Value;

#[path = "../examples/vectors/make.rs"]
mod make;

fn read(name: &str) -> Value {
    // Tests run in their crate's folder, of whichever checkout: the built test may be another checkout's.
    let path = Path::new("vectors").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn from<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn keys() -> BTreeMap<String, IssuerPublic> {
    let key = |entry: &Value| {
        let point = [vec![4], bytes(&entry["x"]), bytes(&entry["y"])].concat();
        (
            from(&entry["name"]),
            IssuerPublic::new(PublicKey::from_sec1(&point).unwrap()),
        )
    };
    read("keys.json").as_array().unwrap().iter().map(key).collect()
}

#[test]
fn fresh() {
    for (name, vectors) in make::all() {
        assert!(
            read(name) == vectors,
            "{name} is old: cargo run -p pass --example vectors"
        );
    }
}

#[test]
fn key_names() {
    for entry in read("keys.json").as_array().unwrap() {
        let key = keys()[entry["name"].as_str().unwrap()];
        assert_eq!(entry["kid"], serde_json::json!(key.kid));
        assert_eq!(bytes(&entry["compressed"]), key.key.as_bytes());
    }
}

#[test]
fn digit_groups() {
    let vectors = read("digits.json");
    for entry in vectors["good"].as_array().unwrap() {
        assert_eq!(
            digits::decode(entry["digits"].as_str().unwrap()),
            Ok(bytes(&entry["bytes"]))
        );
    }
    for bad in vectors["bad"].as_array().unwrap() {
        assert!(digits::decode(bad.as_str().unwrap()).is_err(), "{bad}");
    }
}

#[test]
fn credentials() {
    for entry in read("credentials.json").as_array().unwrap() {
        let claims: Claims = from(&entry["claims"]);
        let issuer = keys()[entry["signed_by"].as_str().unwrap()];
        assert_eq!(credential::open(&bytes(&entry["token"]), &[issuer]), Ok(claims));
    }
}

#[test]
fn presentations() {
    for entry in read("presentations.json").as_array().unwrap() {
        let Ok(Input::Presented(shown)) = Input::from_text(entry["link"].as_str().unwrap()) else {
            panic!("{entry}");
        };
        assert_eq!(shown.credential().as_bytes(), bytes(&entry["credential"]));
        assert_eq!(shown.to_bytes(), bytes(&entry["bytes"]));
    }
}

#[test]
fn bundle() {
    let vectors = read("bundle.json");
    let issuer = keys()["issuer"];
    assert_eq!(
        GateBundle::open(&bytes(&vectors["signed"]), &[issuer]),
        Ok(from(&vectors["bundle"]))
    );
}

#[test]
fn verdicts() {
    let vectors = read("verdicts.json");
    let gate = GateBundle::open(&bytes(&vectors["signed_bundle"]), &[keys()["issuer"]]).unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        let mut prior = Redemptions::new();
        for (seq, entry) in (1u8..).zip(case["earlier_entries"].as_array().unwrap()) {
            let event = AdmissionEvent {
                id: EventId([seq; 16]),
                tablet: TabletId([0x7a; 16]),
                seq: seq.into(),
                at: from(&entry["at"]),
                checkpoint: CheckpointId([0xc0; 16]),
                direction: from(&entry["direction"]),
                number: Some(from::<PassNumber>(&entry["number"])),
                kind_no: None,
                what: What::Admitted,
                name: String::new(),
                previous: Hash([0; 32]),
                checks: vec![],
            };
            prior.record(&event, &Text::default());
        }
        let found = match verify(case["text"].as_str().unwrap(), &gate, &prior, from(&case["now"])) {
            Verdict::Admit(_) => "admit",
            Verdict::Caution(..) => "caution",
            Verdict::Refuse { why, .. } => why.code(),
        };
        assert_eq!(found, case["expected"].as_str().unwrap(), "{}", case["name"]);
    }
}

#[test]
fn events() {
    let vectors = read("events.json");
    let tablet = TabletPublic {
        id: from(&vectors["tablet"]),
        key: keys()["tablet"].key,
    };
    let (mut previous, mut seq) = (from::<Hash>(&vectors["chain_start"]), 0);
    for entry in vectors["events"].as_array().unwrap() {
        let sealed = bytes(&entry["sealed"]);
        let event = admission::open(&sealed, &tablet).unwrap();
        assert_eq!(event, from(&entry["event"]));
        assert_eq!(admission::check_link(previous, seq, &event), Ok(()));
        (previous, seq) = (admission::hash(&sealed), event.seq);
        assert_eq!(previous, from(&entry["hash"]));
    }
}
