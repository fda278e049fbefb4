//! A pass kind as a TOML document: read with the line of everything that is wrong, and written.

use crate::language::t;
use crate::sentences;
use pass::ZoneSet;
use pass::kind::{KindFault, KindFaultWhy, PassKind};
use serde::Serialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something that keeps a document from being published, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentFault {
    /// The line, from 1.
    pub line: usize,
    /// What it is about, for instance `window.latest_days`; empty where that is not known.
    pub path: String,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum What {
    /// It is no TOML, or has what a kind does not have; in the reader's words, which are English.
    Form(String),
    /// A rule about kinds is broken.
    Rule(KindFaultWhy),
    /// The document gives itself a version, which is publishing's to give.
    Version,
    /// It was to be a version of the kind with this key, and has another.
    OtherKey(String),
    /// It was to be a new kind, and another has its key.
    KeyTaken,
}

/// Reads a document and checks the kind in it, which has the version `version`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str, version: u32) -> Result<PassKind, Vec<DocumentFault>> {
    let form = |error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![DocumentFault {
            line: line_of(text, at),
            path: String::new(),
            what: What::Form(error.message().to_owned()),
        }]
    };
    let table = DeTable::parse(text).map_err(form)?;
    let mut kind: PassKind = toml::from_str(text).map_err(form)?;
    if kind.version != 0 {
        return Err(vec![DocumentFault {
            line: line_of(text, place(table.get_ref(), "version").unwrap_or_default()),
            path: "version".to_owned(),
            what: What::Version,
        }]);
    }
    kind.version = version;
    let faults = placed(text, table.get_ref(), kind.check());
    if faults.is_empty() { Ok(kind) } else { Err(faults) }
}

/// [`read`] for a site that has these zones.
///
/// # Errors
/// Those of [`read`], and the zones that are not there.
pub fn read_for(text: &str, version: u32, site: ZoneSet) -> Result<PassKind, Vec<DocumentFault>> {
    let kind = read(text, version)?;
    let faults = match DeTable::parse(text) {
        Ok(table) => placed(text, table.get_ref(), kind.check_zones(site)),
        Err(_) => Vec::new(),
    };
    if faults.is_empty() { Ok(kind) } else { Err(faults) }
}

/// Faults of a kind with the lines of its document.
fn placed(text: &str, table: &DeTable<'_>, faults: Vec<KindFault>) -> Vec<DocumentFault> {
    faults
        .into_iter()
        .map(|fault| DocumentFault {
            line: line_of(text, place(table, &fault.path).unwrap_or_default()),
            path: fault.path.into_owned(),
            what: What::Rule(fault.why),
        })
        .collect()
}

/// Writes a kind as a document, without its version, as a person would: what the kind says itself a line each, then the fields, then
/// the steps.
///
/// # Errors
/// When it cannot be written as TOML.
pub fn write(kind: &PassKind) -> Result<String, toml::ser::Error> {
    let table = toml::Table::try_from(kind)?;
    let mut document = String::new();
    let said = |name: &str| !matches!(name, "version" | "fields" | "steps");
    lines(&mut document, table.iter().filter(|(name, _)| said(name)));
    for name in ["fields", "steps"] {
        let items = table.get(name).and_then(toml::Value::as_array);
        for item in items.into_iter().flatten().filter_map(toml::Value::as_table) {
            document.push_str(&format!("\n[[{name}]]\n"));
            lines(&mut document, item.iter());
        }
    }
    Ok(document)
}

/// Each name with its value on one line.
fn lines<'a>(document: &mut String, values: impl Iterator<Item = (&'a String, &'a toml::Value)>) {
    for (name, value) in values {
        document.push_str(&format!("{name} = {value}\n"));
    }
}

/// A fault at this part of a document.
pub fn at(text: &str, path: &str, what: What) -> DocumentFault {
    let table = DeTable::parse(text).ok();
    let found = table.and_then(|table| place(table.get_ref(), path));
    DocumentFault {
        line: line_of(text, found.unwrap_or_default()),
        path: path.to_owned(),
        what,
    }
}

/// Why a document cannot be published, in words.
pub fn reason(what: &What) -> String {
    match what {
        What::Form(message) => sentences::form_fault(message),
        What::Rule(why) => sentences::kind_fault(why),
        What::OtherKey(key) => sentences::other_key(key),
        What::KeyTaken => t(
            "已有通行证类型使用这个 key，请换一个。",
            "Another kind has this key. Choose another.",
        )
        .to_owned(),
        What::Version => t(
            "文档中不写版本号，由系统在发布时编号。",
            "A document does not say its version; publishing numbers it.",
        )
        .to_owned(),
    }
}

/// The line of a byte, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// The byte at which the deepest part of a path stands that is in the document: of `steps[1].next` the second step's `next`,
/// or where it has none, the step.
fn place(table: &DeTable<'_>, path: &str) -> Option<usize> {
    let mut found = None;
    let mut within: Option<&Spanned<DeValue<'_>>> = None;
    for part in path.split('.') {
        let (name, index) = match part.split_once('[') {
            Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let here = match within {
            None => Some(table),
            Some(value) => value.get_ref().as_table(),
        };
        let Some((key, value)) = here.and_then(|here| here.iter().find(|(key, _)| key.get_ref() == name))
        else {
            break;
        };
        found = Some(key.span().start);
        within = Some(value);
        if let Some(index) = index {
            let Some(item) = value.get_ref().as_array().and_then(|items| items.get(index)) else {
                break;
            };
            found = Some(item.span().start);
            within = Some(item);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::flow::FlowFault;

    const GOOD: &str = r#"key = "resident-once"
title = { zh = "居民单次通行", en = "Resident, one entry" }
summary = { zh = "每户每 2 天 1 个", en = "One per household in two days" }
applicant = "household"
uses = "once"
zones = [0, 1]
document = "any_listed"
quota = { passes = 1, days = 2 }
window = { earliest_days = 0, latest_days = 6, longest_days = 1 }
reason = { required = true, max_chars = 150 }
gate = { confirm = false }

[[fields]]
key = "people"
kind = "number"
label = { zh = "人数", en = "People" }
min = 1
max = 9

[[steps]]
key = "office"
title = { zh = "社区办审核", en = "Community office" }
seats = [{ role = "office" }]
when = { field = "people", at_least = 3 }
"#;

    #[test]
    fn a_good_document_is_a_kind_and_is_written_as_it_was_meant() {
        let kind = read(GOOD, 3).unwrap();
        assert_eq!((kind.version, kind.steps.0.len(), kind.fields.len()), (3, 1, 1));
        let written = write(&kind).unwrap();
        assert_eq!(read(&written, 3).unwrap(), kind);
        // Line by line as a person writes it; only their order may be another.
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&written), sorted(GOOD), "{written}");
    }

    #[test]
    fn whatever_can_be_published_can_be_written_and_read_again() {
        for (file, text) in crate::backend::presets::Preset::ALL
            .into_iter()
            .flat_map(crate::backend::presets::Preset::documents)
        {
            let kind = read(text, 1).unwrap();
            assert_eq!(read(&write(&kind).unwrap(), 1), Ok(kind), "{file}");
        }
    }

    #[test]
    fn zones_that_the_site_does_not_have_are_told_with_their_line() {
        assert!(read_for(GOOD, 1, ZoneSet::of(&[0, 1, 2])).is_ok());
        assert!(read_for(&GOOD.replacen("[0, 1]", "\"all\"", 1), 1, ZoneSet::NONE).is_ok());
        let faults = read_for(GOOD, 1, ZoneSet::of(&[0])).unwrap_err();
        let missing = DocumentFault {
            line: 6,
            path: "zones".into(),
            what: What::Rule(KindFaultWhy::NoSuchZone { zone: 1 }),
        };
        assert_eq!(faults, [missing]);
    }

    #[test]
    fn every_example_of_the_reference_can_be_published() {
        let reference = include_str!("../../../docs/pass-kinds.md");
        let examples: Vec<&str> = reference
            .split("```toml\n")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
            .collect();
        assert!(examples.len() >= 3, "the reference has examples");
        for example in examples {
            let kind = read(example, 1);
            assert!(kind.is_ok(), "{kind:?} of {example}");
        }
    }

    /// With `from` replaced by `to`, the first fault stands on this line and says this.
    #[track_caller]
    fn check(from: &str, to: &str, line: usize, path: &str, says: &str) {
        assert!(GOOD.contains(from));
        let faults = read(&GOOD.replacen(from, to, 1), 1).unwrap_err();
        let fault = &faults[0];
        assert_eq!((fault.line, fault.path.as_str()), (line, path), "{faults:?}");
        let said = format!("{:?}", fault.what);
        assert!(said.contains(says), "{said}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        check("uses = \"once\"", "uses = once", 5, "", "Form");
        check(
            "uses = \"once\"",
            "uses = \"twice\"",
            5,
            "",
            "unknown variant `twice`",
        );
        check("applicant = ", "aplicant = ", 4, "", "unknown field `aplicant`");
        check(
            "role = \"office\"",
            "role = \"offce\"",
            23,
            "",
            "unknown variant `offce`",
        );
        check(
            "latest_days = 6",
            "latest_days = 999",
            9,
            "window.latest_days",
            "Above",
        );
        check("max = 9", "max = 0", 18, "fields[0].max", "Below");
        check("max = 9\n", "", 13, "", "needs max");
        check(
            "field = \"people\"",
            "field = \"days\"",
            24,
            "steps[0].when",
            "NoSuchField",
        );
        check(
            "[[steps]]\n",
            "[[steps]]\nnext = [\"office\"]\n",
            21,
            "steps[0].next",
            "NoWayOut",
        );
        check(
            "key = \"resident-once\"",
            "version = 2\nkey = \"x\"",
            1,
            "version",
            "Version",
        );
        check(
            "role = \"office\"",
            "role = \"guard\"",
            23,
            "steps[0].seats",
            "IdleRole",
        );
        let one_day = "longest_days = 1 }";
        check(
            one_day,
            "longest_days = 1, hours = { from = \"22:00\", until = \"06:00\" } }",
            9,
            "window.hours.until",
            "NotAfter",
        );
        check(
            one_day,
            "longest_days = 1, hours = { from = \"7:00\", until = \"24:00\" } }",
            9,
            "",
            "a time is written",
        );
        check(
            one_day,
            "longest_days = 2 }\nslots = { minutes = 60, from = \"08:00\", until = \"18:00\" }",
            9,
            "window.longest_days",
            "SlotsAreDays",
        );
        check(
            one_day,
            "longest_days = 1 }\nslots = { minutes = 45, from = \"08:00\", until = \"18:00\" }",
            10,
            "slots.minutes",
            "Uneven",
        );
        let faults = read(
            &GOOD.replacen("seats = [{ role = \"office\" }]", "seats = []", 1),
            1,
        )
        .unwrap_err();
        assert_eq!(faults[0].what, What::Rule(KindFaultWhy::Step(FlowFault::NoSeat)));
        assert_eq!(faults[0].line, 23);
    }
}
