//! A kind and what changes in it, as the page shows it.

use crate::admin::kinds::api::{Change, Fault, FieldShown, Line, Preview, StepShown};
use crate::backend::kind_document::{self, DocumentFault};
use crate::language::{say, t};
use crate::sentences::{self, flow};
use pass::Text;
use pass::field::Field;
use pass::flow::Step;
use pass::kind::{Hosting, PassKind};
use similar::{ChangeTag, TextDiff};

/// How many lines that stay are shown around what changes.
const AROUND: usize = 2;

/// What one text changes in another, line by line; nothing where they are the same.
pub fn changes(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (at, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if at > 0 {
            lines.push(Line {
                change: Change::Skipped,
                text: String::new(),
            });
        }
        for change in group.iter().flat_map(|part| diff.iter_changes(part)) {
            lines.push(Line {
                change: match change.tag() {
                    ChangeTag::Equal => Change::Kept,
                    ChangeTag::Delete => Change::Gone,
                    ChangeTag::Insert => Change::Added,
                },
                text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
            });
        }
    }
    lines
}

/// Faults in words.
pub fn faults(wrong: Vec<DocumentFault>) -> Vec<Fault> {
    wrong
        .into_iter()
        .map(|fault| Fault {
            line: fault.line,
            why: kind_document::reason(&fault.what),
            part: fault.path,
        })
        .collect()
}

/// A kind's rules, with what only administrators need to read, at a site with these zones.
pub fn rules(kind: &PassKind, zones: &[(u8, Text)]) -> Vec<(String, String)> {
    let opens: Vec<String> = zones
        .iter()
        .filter(|(no, _)| kind.zones.contains(*no))
        .map(|(_, name)| say(name))
        .collect();
    let gate = if kind.gate.confirm {
        t("逐人点按确认", "The guard confirms each person")
    } else {
        t("验证通过即放行", "A good code opens by itself")
    };
    let mut rules = vec![
        (t("谁可申请", "Who may apply"), flow::applicant(&kind.applicant)),
        (t("通行人", "Who passes"), flow::subject(kind.subject).to_owned()),
    ];
    if kind.host != Hosting::None {
        rules.push((t("接待", "Host"), flow::hosting(kind.host).to_owned()));
    }
    rules.extend(sentences::rules(kind));
    rules.push((t("校区", "Zones"), opens.join(t("、", ", "))));
    rules.push((t("门岗", "At the gate"), gate.to_owned()));
    rules
        .into_iter()
        .map(|(name, rule)| (name.to_owned(), rule))
        .collect()
}

/// A kind in words, at a site with these zones.
pub fn preview(kind: &PassKind, zones: &[(u8, Text)]) -> Preview {
    Preview {
        rules: rules(kind, zones),
        fields: kind.fields.iter().map(field).collect(),
        steps: kind.steps.0.iter().map(|one| step(one, kind)).collect(),
    }
}

fn field(field: &Field) -> FieldShown {
    FieldShown {
        label: say(&field.label),
        hint: field.hint.as_ref().map(say).unwrap_or_default(),
        required: field.required,
        takes: flow::takes(&field.takes),
    }
}

fn step(step: &Step, kind: &PassKind) -> StepShown {
    let together =
        (step.seats.len() > 1).then(|| t("须全部同意，不分先后", "All must agree, in any order").to_owned());
    let picked = step.pick.then(|| {
        t(
            "上一步可指定由其中哪一位办理",
            "Whoever sends it here may pick the one who decides",
        )
        .to_owned()
    });
    let notes = [
        step.when.as_ref().map(|when| flow::condition(when, kind)),
        together,
        picked,
        flow::onward(step, kind),
        step.deadline
            .as_ref()
            .map(|deadline| flow::deadline(deadline, kind)),
    ];
    StepShown {
        title: say(&step.title),
        seats: step.seats.iter().map(|seat| flow::seat(seat, kind)).collect(),
        notes: notes.into_iter().flatten().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::{Owner, provide_context};
    use pass::site::Language;

    /// The example of the reference that has every sort of step.
    fn kind() -> PassKind {
        example("campus-work")
    }

    /// The example of the reference with this key.
    fn example(key: &str) -> PassKind {
        let reference = include_str!("../../../../docs/pass-kinds.md");
        let line = format!("key = \"{key}\"");
        let example = reference
            .split("```toml\n")
            .filter_map(|rest| rest.split("```").next())
            .find(|example| example.contains(&line))
            .unwrap();
        kind_document::read(example, 1).unwrap()
    }

    #[test]
    fn a_flow_is_said_in_words() {
        let zones = [
            (0, Text::new("A 区", "Campus A")),
            (1, Text::new("B 区", "Campus B")),
        ];
        let shown = preview(&kind(), &zones);
        let said: Vec<(&str, Vec<&str>, Vec<&str>)> = shown
            .steps
            .iter()
            .map(|step| {
                let seats = step.seats.iter().map(String::as_str).collect();
                (
                    step.title.as_str(),
                    seats,
                    step.notes.iter().map(String::as_str).collect(),
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                ("负责人同意", vec!["“负责人工号”所填的人"], vec![]),
                (
                    "单位审核",
                    vec!["单位负责人（申请人所在单位，没有时逐级向上）"],
                    vec![
                        "下一步由办理人选择：学工部、研工部会签、保卫处备案",
                        "24 小时内办理，逾期后保卫处也可办理"
                    ]
                ),
                (
                    "学工部、研工部会签",
                    vec!["学工部", "研工部"],
                    vec!["仅当申请人为本科生、研究生", "须全部同意，不分先后"]
                ),
                (
                    "保卫处备案",
                    vec!["保卫处"],
                    vec!["仅当申请天数不少于 15", "上一步可指定由其中哪一位办理"]
                ),
            ]
        );
        let rule = |name: &str| {
            shown
                .rules
                .iter()
                .find(|(one, _)| one == name)
                .map(|(_, rule)| rule.as_str())
        };
        assert_eq!(rule("校区"), Some("A 区、B 区"));
        assert_eq!(rule("谁可申请"), Some("教职工、本科生、研究生"));
        Owner::new().with(|| {
            provide_context(Language::En);
            let shown = preview(&kind(), &zones);
            assert_eq!(
                shown.steps[3].notes[0],
                "Only where the number of days is 15 or more"
            );
            assert_eq!(shown.fields[0].takes, "Somebody of the register, by number");
        });
    }

    #[test]
    fn hours_lead_and_slots_are_said_in_words_and_shown_where_they_change() {
        let kind = example("gallery");
        let said = |kind: &PassKind| {
            let rules = rules(kind, &[]);
            let of = |names: [&str; 3]| {
                let found = |name: &str| {
                    rules
                        .iter()
                        .find(|(one, _)| one == name)
                        .map(|(_, rule)| rule.clone())
                };
                names.map(|name| found(name).unwrap_or_default())
            };
            (
                of(["通行时间", "时段", "提前申请"]),
                of(["Hours", "Slots", "Ahead"]),
            )
        };
        assert_eq!(
            said(&kind).0,
            [
                "每天 08:30–17:30",
                "09:00–17:00，每 60 分钟一段，每段最多 20 人，时段开始 2 小时前可改约",
                "至少提前 24 小时"
            ]
        );
        Owner::new().with(|| {
            provide_context(Language::En);
            assert_eq!(
                said(&kind).1,
                [
                    "Daily 08:30–17:30",
                    "09:00–17:00, 60 minutes each, at most 20 passes in each; can be moved until 2 hours before it begins",
                    "At least 24 hours before it begins"
                ]
            );
        });
        let mut without = kind.clone();
        (without.slots, without.window.hours, without.window.lead_hours) = (None, None, 0);
        assert_eq!(said(&without), Default::default());
        let text = |kind: &PassKind| kind_document::write(kind).unwrap();
        let lines = changes(&text(&without), &text(&kind));
        let added = |word: &str| {
            lines
                .iter()
                .any(|line| line.change == Change::Added && line.text.contains(word))
        };
        assert!(
            added("slots = ") && added("hours = ") && added("lead_hours = 24"),
            "{lines:?}"
        );
    }

    #[test]
    fn changes_are_shown_with_a_little_of_what_stays() {
        assert_eq!(changes("a\nb\n", "a\nb\n"), []);
        let before: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let after = before.replacen("3\n", "three\n", 1).replacen("19\n", "", 1);
        let told: Vec<String> = changes(&before, &after)
            .into_iter()
            .map(|line| {
                let sign = match line.change {
                    Change::Kept => ' ',
                    Change::Gone => '-',
                    Change::Added => '+',
                    Change::Skipped => '…',
                };
                format!("{sign}{}", line.text)
            })
            .collect();
        assert_eq!(
            told,
            [
                " 1", " 2", "-3", "+three", " 4", " 5", "…", " 17", " 18", "-19", " 20"
            ]
        );
    }
}
