//! The table of one's own applications on a PC: chosen columns, an export of what is asked for, rows that the arrow keys go through.

use super::columns::{self, COLUMNS, Column};
use super::drafts::{DraftLine, DraftRow};
use super::facts::Row;
use super::list::{Opened, StateBadge};
use super::renew;
use super::wanted::Wanted;
use crate::browser::{
    self,
    keep::{self, Shelf},
};
use crate::language::{say, t};
use crate::review::keys::{Move, pressed};
use crate::sentences;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

/// Where the browser keeps the chosen columns.
const KEPT: &str = "application-columns";

/// The id of the link that opens a row.
pub(super) fn link_id(id: Uuid) -> String {
    format!("open-{id}")
}

/// The table with what stands above it.
#[component]
pub(super) fn Table(
    /// The drafts that stand above them.
    drafts: Vec<DraftRow>,
    /// The rows of this page.
    rows: Vec<Row>,
    /// Which of them may be renewed.
    renewable: Vec<Uuid>,
    /// What is asked for.
    wanted: Wanted,
    /// Which one is open.
    opened: Opened,
) -> impl IntoView {
    let shown = RwSignal::new(columns::chosen(None));
    Effect::new(move || {
        // The server does not know what this browser's person chose.
        if let Some(keys) = keep::read(Shelf::Device, KEPT) {
            shown.set(columns::chosen(Some(&keys)));
        }
    });
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let navigate = use_navigate();
    let here = wanted.clone();
    let by_key = move |event: KeyboardEvent| {
        let Some(Move::To(at)) = row_of(&event).map(|at| pressed(&event.key(), at, ids.len())) else {
            return;
        };
        let Some(id) = ids.get(at).copied() else { return };
        event.prevent_default();
        browser::focus(&link_id(id));
        if opened.id.get_untracked().is_some() {
            let instead = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&here.address_of(id), instead);
        }
    };
    let export = wanted.clone();
    view! {
        <div class="only-pc">
            <div class="table-tools">
                <p class="quiet">{t("方向键换行，回车打开，Esc 关闭。", "Arrow keys move, Enter opens, Esc closes.")}</p>
                {(!renewable.is_empty()).then(|| view! {
                    <form id=renew::TICKS action="/applications/renew" method="get">
                        <button class="button">{t("续期所选", "Renew those ticked")}</button>
                    </form>
                })}
                <Columns shown/>
                <a class="button" rel="external" download href=move || shown.with(|shown| export.export(&columns::keys(shown)))>
                    {t("导出", "Export")}
                </a>
            </div>
            <div class="table-scroll" tabindex="0" role="region" aria-label=t("我的申请表", "Table of my applications")>
                <table class="own" on:keydown=by_key>
                    <thead>
                        <tr>
                            <th scope="col">{t("操作", "Open")}</th>
                            {move || shown.get().into_iter().map(|column| view! { <th scope="col">{(column.name)()}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {drafts.into_iter().map(|row| view! { <DraftLine row shown/> }).collect_view()}
                        {rows.into_iter().enumerate().map(|(at, row)| view! { <Line renew=renewable.contains(&row.id) row at wanted=wanted.clone() opened shown/> }).collect_view()}
                    </tbody>
                </table>
            </div>
        </div>
    }
}

/// One application.
#[component]
fn Line(
    row: Row,
    renew: bool,
    at: usize,
    wanted: Wanted,
    opened: Opened,
    shown: RwSignal<Vec<Column>>,
) -> impl IntoView {
    let id = row.id;
    let ticked = renew.then(|| {
        let about = sentences::pick(format!("选择续期 {}", row.about.holder), format!("Tick {} to renew", row.about.holder));
        view! { <input type="checkbox" class="tick" form=renew::TICKS name="id" value=id.to_string() aria-label=about/> }
    });
    let about = format!(
        "{} {} {}",
        t("详情", "Details"),
        say(&row.kind),
        sentences::days_and_hours(row.first_day, row.last_day, row.hours)
    );
    let is_open = move || opened.id.get() == Some(id);
    view! {
        <tr data-row=at data-open=move || is_open().then_some("true")>
            <td>
                {ticked}
                <A href=wanted.address_of(id) scroll=false attr:id=link_id(id) attr:class="row-open" attr:aria-label=about
                    attr:aria-expanded=move || if is_open() { "true" } else { "false" }
                    on:click=move |_| opened.take_focus.set(true)>
                    {t("详情", "Details")}
                </A>
            </td>
            {move || shown.get().into_iter().map(|column| {
                if column.key == columns::STATE {
                    view! { <td><StateBadge state=row.state/></td> }.into_any()
                } else {
                    view! { <td data-column=column.key>{(column.cell)(&row)}</td> }.into_any()
                }
            }).collect_view()}
        </tr>
    }
}

/// Which columns there are (自定义列). The last one cannot be taken away.
#[component]
fn Columns(shown: RwSignal<Vec<Column>>) -> impl IntoView {
    let has = move |column: &Column| shown.with(|shown| shown.contains(column));
    let choose = move |column: Column, on: bool| {
        let chosen: Vec<Column> = COLUMNS
            .into_iter()
            .filter(|one| if *one == column { on } else { has(one) })
            .collect();
        if !chosen.is_empty() {
            // A browser that keeps nothing shows the choice all the same, as long as the page is open.
            keep::write(Shelf::Device, KEPT, &columns::keys(&chosen));
            shown.set(chosen);
        }
    };
    view! {
        <details class="menu">
            <summary class="button">{t("自定义列", "Columns")}</summary>
            <fieldset class="menu-body">
                <legend class="visually-hidden">{t("显示的列", "Columns shown")}</legend>
                {COLUMNS.into_iter().map(|column| view! {
                    <label>
                        <input type="checkbox" prop:checked=move || has(&column)
                            disabled=move || has(&column) && shown.with(Vec::len) == 1
                            on:change=move |event| choose(column, event_target_checked(&event))/>
                        " " {(column.name)()}
                    </label>
                }).collect_view()}
            </fieldset>
        </details>
    }
}

/// The row that a key was pressed in.
fn row_of(event: &KeyboardEvent) -> Option<usize> {
    use leptos::web_sys::Element;
    use wasm_bindgen::JsCast;
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let row = target.closest("tr[data-row]").ok().flatten()?;
    row.get_attribute("data-row")?.parse().ok()
}
