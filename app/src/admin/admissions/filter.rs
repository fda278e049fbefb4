//! Which admissions are asked for, as it stands in the address.

use super::api::AdmissionQuery;
use crate::language::{say, t};
use crate::sentences::url_part;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::params::ParamsMap;
use pass::{CheckpointId, Text};

/// What can have happened.
const WORDS: [&str; 4] = ["admitted", "refused", "overridden", "voided"];

/// What stands in the address under a name, full-width digits as ordinary ones.
fn given(map: &ParamsMap, name: &str) -> Option<String> {
    let value = pass::household::normalise(&map.get(name)?);
    Some(value).filter(|value| !value.is_empty())
}

/// Reads the address; what is malformed narrows nothing, and is [`ignored`].
pub fn asked(map: &ParamsMap) -> AdmissionQuery {
    AdmissionQuery {
        from: given(map, "from").and_then(|day| day.parse().ok()),
        until: given(map, "until").and_then(|day| day.parse().ok()),
        checkpoint: given(map, "checkpoint").filter(|id| id.parse::<CheckpointId>().is_ok()),
        number: given(map, "number").and_then(|number| number.parse().ok()),
        what: given(map, "what").filter(|what| WORDS.contains(&what.as_str())),
        after: given(map, "after"),
    }
}

/// The labels of what the address gives and nobody can read.
pub fn ignored(map: &ParamsMap) -> Vec<&'static str> {
    let asked = asked(map);
    [
        ("from", asked.from.is_some(), t("从", "From")),
        ("until", asked.until.is_some(), t("到", "To")),
        ("checkpoint", asked.checkpoint.is_some(), t("门岗", "Checkpoint")),
        ("what", asked.what.is_some(), t("结果", "What happened")),
        ("number", asked.number.is_some(), t("通行证号", "Pass number")),
    ]
    .into_iter()
    .filter(|(name, read, _)| !read && given(map, name).is_some())
    .map(|(.., label)| label)
    .collect()
}

/// Writes the address's query.
pub fn address(query: &AdmissionQuery) -> String {
    let parts = [
        ("from", query.from.map(|day| day.to_string())),
        ("until", query.until.map(|day| day.to_string())),
        ("checkpoint", query.checkpoint.clone()),
        ("number", query.number.map(|number| number.to_string())),
        ("what", query.what.clone()),
        ("after", query.after.clone()),
    ];
    let given = parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", url_part(&value?))));
    given.collect::<Vec<_>>().join("&")
}

/// The form that narrows the list; it works by the address alone.
#[component]
pub fn FilterForm(query: AdmissionQuery, checkpoints: Vec<(String, Text)>) -> impl IntoView {
    let names = [
        t("放行", "Admitted"),
        t("拒绝", "Refused"),
        t("人工放行", "Overridden"),
        t("撤销误录", "Voided"),
    ];
    let chosen = query.checkpoint.clone();
    let what = query.what.clone();
    view! {
        <form method="get" action="/admin/admissions" class="admin-row admin-filter" role="search">
            <div class="field"><label for="from">{t("从", "From")}</label>
                <input id="from" name="from" type="date" value=query.from.map(|day| day.to_string())/></div>
            <div class="field"><label for="until">{t("到", "To")}</label>
                <input id="until" name="until" type="date" value=query.until.map(|day| day.to_string())/></div>
            <div class="field"><label for="checkpoint">{t("门岗", "Checkpoint")}</label>
                <select id="checkpoint" name="checkpoint">
                    <option value="">{t("全部", "All")}</option>
                    {checkpoints.into_iter().map(|(id, name)| {
                        let selected = chosen.as_ref() == Some(&id);
                        view! { <option value=id selected=selected>{say(&name)}</option> }
                    }).collect_view()}
                </select></div>
            <div class="field"><label for="what">{t("结果", "What happened")}</label>
                <select id="what" name="what">
                    <option value="">{t("全部", "All")}</option>
                    {WORDS.into_iter().zip(names).map(|(value, word)| {
                        let selected = what.as_deref() == Some(value);
                        view! { <option value=value selected=selected>{word}</option> }
                    }).collect_view()}
                </select></div>
            <div class="field"><label for="number">{t("通行证号", "Pass number")}</label>
                <input id="number" name="number" inputmode="numeric" maxlength="10" value=query.number.map(|number| number.to_string())/></div>
            <div class="buttons">
                <button class="button" data-rank="first">{t("查询", "Look up")}</button>
                <A href="/admin/admissions" attr:class="button" attr:data-rank="quiet">{t("清除", "Clear")}</A>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_asked_for() {
        let query = AdmissionQuery {
            from: Some("2026-03-01".parse().unwrap()),
            number: Some(7),
            after: Some("1_a b".into()),
            ..Default::default()
        };
        assert_eq!(address(&query), "from=2026-03-01&number=7&after=1_a%20b");
        let map: ParamsMap = [
            ("from", "2026-03-01"),
            ("until", "soon"),
            ("number", " ７ "),
            ("what", ""),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        assert_eq!(asked(&map), AdmissionQuery { after: None, ..query });
        assert_eq!(ignored(&map), ["到"]);
        let map: ParamsMap = [
            ("number", "7a"),
            ("checkpoint", "east"),
            ("what", "x"),
            ("from", ""),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        assert_eq!(asked(&map), AdmissionQuery::default());
        assert_eq!(ignored(&map).len(), 3);
    }
}
