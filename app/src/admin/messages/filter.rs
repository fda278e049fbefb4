//! Which messages are asked for, as it stands in the address.

use super::api::MessageQuery;
use crate::language::t;
use crate::sentences::{self, url_part};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::params::ParamsMap;
use pass::Channel;

/// Where a message can stand.
const STATES: [&str; 3] = ["waiting", "sent", "failed"];

/// Reads the address; what nobody knows narrows nothing.
pub fn asked(map: &ParamsMap) -> MessageQuery {
    let given = |name| map.get(name).filter(|value| !value.is_empty());
    MessageQuery {
        state: given("state").filter(|state| STATES.contains(&state.as_str())),
        channel: given("channel").and_then(|channel| channel.parse().ok()),
        after: given("after"),
    }
}

/// Writes the address's query.
pub fn address(query: &MessageQuery) -> String {
    let parts = [
        ("state", query.state.clone()),
        ("channel", query.channel.map(|channel| channel.to_string())),
        ("after", query.after.clone()),
    ];
    let given = parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", url_part(&value?))));
    given.collect::<Vec<_>>().join("&")
}

/// The form that narrows the list; it works by the address alone.
#[component]
pub fn FilterForm(query: MessageQuery) -> impl IntoView {
    let MessageQuery { state, channel, .. } = query;
    view! {
        <form method="get" action="/admin/messages" class="admin-row admin-filter" role="search">
            <div class="field"><label for="state">{t("状态", "State")}</label>
                <select id="state" name="state">
                    <option value="">{t("全部", "All")}</option>
                    {STATES.into_iter().map(|one| view! {
                        <option value=one selected={state.as_deref() == Some(one)}>{sentences::standing(one)}</option>
                    }).collect_view()}
                </select></div>
            <div class="field"><label for="channel">{t("方式", "By")}</label>
                <select id="channel" name="channel">
                    <option value="">{t("全部", "All")}</option>
                    {Channel::ALL.into_iter().map(|one| view! {
                        <option value=one.as_str() selected={channel == Some(one)}>{sentences::channel(one)}</option>
                    }).collect_view()}
                </select></div>
            <div class="buttons">
                <button class="button" data-rank="first">{t("查询", "Look up")}</button>
                <A href="/admin/messages" attr:class="button" attr:data-rank="quiet">{t("清除", "Clear")}</A>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_asked_for() {
        let query = MessageQuery {
            state: Some("failed".into()),
            channel: Some(Channel::Mail),
            after: None,
        };
        assert_eq!(address(&query), "state=failed&channel=mail");
        let map = |pairs: &[(&str, &str)]| -> ParamsMap {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        assert_eq!(asked(&map(&[("state", "failed"), ("channel", "mail")])), query);
        assert_eq!(
            asked(&map(&[("state", "lost"), ("channel", "pigeon"), ("after", "")])),
            MessageQuery::default()
        );
    }
}
