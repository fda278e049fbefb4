//! Which admissions are asked for, as it stands in the address.

use super::api::AdmissionQuery;
use crate::language::{say, t};
use crate::sentences::url_part;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::params::ParamsMap;
use pass::Text;

/// Reads the address; what is malformed narrows nothing.
pub fn asked(map: &ParamsMap) -> AdmissionQuery {
    let given = |name: &str| map.get(name).filter(|value| !value.is_empty());
    AdmissionQuery {
        from: given("from").and_then(|day| day.parse().ok()),
        until: given("until").and_then(|day| day.parse().ok()),
        checkpoint: given("checkpoint"),
        number: given("number").and_then(|number| number.trim().parse().ok()),
        what: given("what"),
        after: given("after"),
    }
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
    let words = [
        ("admitted", t("放行", "Admitted")),
        ("refused", t("拒绝", "Refused")),
        ("overridden", t("人工放行", "Overridden")),
        ("voided", t("撤销误录", "Voided")),
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
                    {words.into_iter().map(|(value, word)| {
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
            ("number", " 7 "),
            ("what", ""),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        assert_eq!(asked(&map), AdmissionQuery { after: None, ..query });
    }
}
