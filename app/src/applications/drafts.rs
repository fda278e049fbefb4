//! What one has not handed in yet (草稿), at the head of one's own applications.

use super::api::DiscardDraft;
use super::columns::{self, Column};
use super::list::{ListResource, StateBadge};
use crate::apply::draft::Draft;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::Wrong;
use jiff::civil::{Date, DateTime};
use leptos::prelude::*;
use leptos_router::components::A;
use pass::{State, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A draft as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRow {
    /// Its name in addresses.
    pub id: Uuid,
    /// The kind's key.
    pub kind: String,
    /// The kind's title when it was written.
    pub title: Text,
    /// Who is to pass, as far as that was filled in.
    pub holder: String,
    /// The first day, where one was chosen.
    pub first_day: Option<Date>,
    /// The last day.
    pub last_day: Option<Date>,
    /// Why.
    pub reason: String,
    /// When it was last changed.
    pub saved_at: DateTime,
    /// Whether the person may apply for the kind now.
    pub open: bool,
}

impl DraftRow {
    /// Where it is gone on with.
    fn href(&self) -> String {
        format!("/apply/{}?draft={}", self.kind, self.id)
    }

    /// What stands in a column of the table.
    pub fn cell(&self, column: &Column) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        match column.key {
            "kind" => say(&self.title),
            "holder" => self.holder.clone(),
            "first-day" => day(self.first_day),
            "last-day" => day(self.last_day),
            "reason" => self.reason.clone(),
            // It was not handed in: this is when it was last changed.
            "created" => sentences::instant(self.saved_at),
            columns::STATE => sentences::state(State::Draft).to_owned(),
            _ => String::new(),
        }
    }
}

/// A draft on a phone.
#[component]
pub(super) fn DraftCard(row: DraftRow) -> impl IntoView {
    let days = match (row.first_day, row.last_day) {
        (Some(first), last) => sentences::days(first, last.filter(|last| *last >= first).unwrap_or(first)),
        (None, _) => t("未选日期", "no day yet").to_owned(),
    };
    let (id, title) = (row.id, say(&row.title));
    let facts = view! {
        <strong>{title.clone()}</strong>
        <StateBadge state=State::Draft/>
        <span class="application-days">{t("通行日期 ", "For ")} {days}</span>
        <span class="quiet">{t("保存时间 ", "Saved ")} {sentences::instant(row.saved_at)}</span>
    };
    view! {
        <article class="card application">
            {if row.open {
                view! { <A href=row.href() attr:class="application-link">{facts}</A> }.into_any()
            } else {
                view! {
                    <div class="application-link">{facts} <span class="quiet">{closed()}</span></div>
                }.into_any()
            }}
            <Discard id title place="card"/>
        </article>
    }
}

/// A draft in the table.
#[component]
pub(super) fn DraftLine(row: DraftRow, shown: RwSignal<Vec<Column>>) -> impl IntoView {
    let (id, title) = (row.id, say(&row.title));
    let about = format!("{} {title}", t("继续填写", "Go on with"));
    view! {
        <tr data-state="draft">
            <td>
                {if row.open {
                    view! { <A href=row.href() attr:class="row-open" attr:aria-label=about>{t("继续填写", "Go on")}</A> }.into_any()
                } else {
                    view! { <span class="quiet">{closed()}</span> }.into_any()
                }}
                <Discard id title place="row"/>
            </td>
            {move || shown.get().into_iter().map(|column| {
                if column.key == columns::STATE {
                    view! { <td><StateBadge state=State::Draft/></td> }.into_any()
                } else {
                    view! { <td data-column=column.key>{row.cell(&column)}</td> }.into_any()
                }
            }).collect_view()}
        </tr>
    }
}

/// Why a draft cannot be gone on with.
fn closed() -> &'static str {
    t("目前不能申请这种通行证", "This pass cannot be applied for now")
}

/// Throwing a draft away, asked twice.
#[component]
fn Discard(id: Uuid, title: String, place: &'static str) -> impl IntoView {
    let discard = ServerAction::<DiscardDraft>::new();
    let answer = discard.value();
    let list = use_context::<ListResource>();
    Effect::new(move || {
        if matches!(*answer.read(), Some(Ok(()))) {
            // Else the tab would bring it back.
            Draft::forget_if(id);
            if let Some(list) = list {
                list.refetch();
            }
        }
    });
    view! {
        <details class="confirm" data-place=place>
            <summary class="button" data-rank="quiet" aria-label=format!("{} {title}", t("删除草稿", "Throw the draft away"))>
                {t("删除", "Throw away")}
            </summary>
            <ActionForm action=discard attr:class="confirm-body">
                <p>{t("草稿和其中的附件会被删除，不能恢复。", "The draft and its files will be gone for good.")}</p>
                <input type="hidden" name="id" value=id.to_string()/>
                {move || answer.read().as_ref().and_then(|answer| answer.as_ref().err().cloned()).map(|error| view! { <Wrong error/> })}
                <button class="button" data-rank="danger" disabled=discard.pending()>{t("确认删除", "Yes, throw it away")}</button>
            </ActionForm>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_has_what_was_filled_in() {
        let row = DraftRow {
            id: Uuid::nil(),
            kind: "work".into(),
            title: Text::new("工作通行", "Work"),
            holder: "张三".into(),
            first_day: Some(jiff::civil::date(2020, 2, 17)),
            last_day: None,
            reason: "上班".into(),
            saved_at: jiff::civil::date(2020, 2, 16).at(9, 5, 0, 0),
            open: true,
        };
        let cells: Vec<String> = columns::COLUMNS.iter().map(|column| row.cell(column)).collect();
        assert_eq!(cells.iter().filter(|cell| !cell.is_empty()).count(), 6);
        assert!(cells.contains(&"2020-02-17".to_owned()) && cells.contains(&"草稿".to_owned()));
        assert_eq!(
            row.href(),
            "/apply/work?draft=00000000-0000-0000-0000-000000000000"
        );
    }
}
