//! Which people are asked for, as it stands in the address.

use super::api::{PeopleQuery, UnitChoice};
use crate::language::{say, t};
use crate::sentences::{self, url_part};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::params::ParamsMap;
use pass::Role;
use pass::person::PersonKind;

/// Reads the address.
pub fn asked(map: &ParamsMap) -> PeopleQuery {
    let given = |name: &str| {
        let value = pass::household::normalise(&map.get(name)?);
        Some(value).filter(|value| !value.is_empty())
    };
    PeopleQuery {
        who: given("who"),
        text: given("text"),
        kind: given("kind"),
        unit: given("unit"),
        role: given("role"),
        after: given("after"),
    }
}

/// Writes the address's query.
pub fn address(query: &PeopleQuery) -> String {
    let parts = [
        ("who", &query.who),
        ("text", &query.text),
        ("kind", &query.kind),
        ("unit", &query.unit),
        ("role", &query.role),
        ("after", &query.after),
    ];
    let given = parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", url_part(value.as_ref()?))));
    given.collect::<Vec<_>>().join("&")
}

/// The form that narrows the list; it works by the address alone.
#[component]
pub fn FilterForm(query: PeopleQuery, units: Vec<UnitChoice>) -> impl IntoView {
    let whos = [
        ("", t("在校人员与账号", "Here, and accounts")),
        ("roles", t("有权限的账号", "Accounts with roles")),
        ("local", t("不在登记中的账号", "Accounts outside the register")),
        ("left", t("已离校", "Left")),
    ];
    let PeopleQuery {
        who,
        text,
        kind,
        unit,
        role,
        ..
    } = query;
    let options = |chosen: Option<String>, all: Vec<(String, String)>| {
        all.into_iter()
            .map(|(value, name)| {
                let selected = chosen.as_deref().unwrap_or_default() == value;
                view! { <option value=value selected=selected>{name}</option> }
            })
            .collect_view()
    };
    let any = || (String::new(), t("全部", "All").to_owned());
    let kinds =
        PersonKind::ALL.map(|kind| (kind.as_str().to_owned(), sentences::person_kind(kind).to_owned()));
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), sentences::role(role).to_owned()));
    let units = units.into_iter().map(|unit| {
        let label = label(&unit);
        (unit.id, label)
    });
    view! {
        <form method="get" action="/admin/people" class="admin-row admin-filter" role="search">
            <div class="field"><label for="text">{t("学工号或姓名", "Number or name")}</label>
                <input id="text" name="text" type="search" maxlength="40" value=text placeholder=t("开头几个字", "the beginning")/></div>
            <div class="field"><label for="who">{t("范围", "Whom")}</label>
                <select id="who" name="who">{options(who, whos.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec())}</select></div>
            <div class="field"><label for="kind">{t("人员类别", "Kind")}</label>
                <select id="kind" name="kind">{options(kind, std::iter::once(any()).chain(kinds).collect())}</select></div>
            <div class="field"><label for="unit">{t("单位（含下级）", "Unit, with those below")}</label>
                <select id="unit" name="unit">{options(unit, std::iter::once(any()).chain(units).collect())}</select></div>
            <div class="field"><label for="role">{t("权限", "Role")}</label>
                <select id="role" name="role">{options(role, std::iter::once(any()).chain(roles).collect())}</select></div>
            <div class="buttons">
                <button class="button" data-rank="first">{t("查找", "Find")}</button>
                <A href="/admin/people" attr:class="button" attr:data-rank="quiet">{t("清除", "Clear")}</A>
            </div>
        </form>
    }
}

/// A unit in a list of choices.
pub fn label(unit: &UnitChoice) -> String {
    format!("{} {}", unit.code, say(&unit.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_who_is_asked_for() {
        let query = PeopleQuery {
            text: Some("陈 a".into()),
            role: Some("unit_head".into()),
            after: Some("n0701".into()),
            ..Default::default()
        };
        assert_eq!(address(&query), "text=%E9%99%88%20a&role=unit_head&after=n0701");
        let map: ParamsMap = [
            ("text", " 陈　a"),
            ("role", "unit_head"),
            ("kind", ""),
            ("after", "n0701"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        assert_eq!(asked(&map), query);
    }
}
