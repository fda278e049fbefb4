//! Zones and their checkpoints.

pub mod api;

use super::Head;
use super::forms::{Confirm, Trouble, error, fault, is_done};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Empty, Failure, Field, SubmitButton};
use api::{
    AddCheckpoint, AddZone, Checkpoint, CloseCheckpoint, RenameCheckpoint, RenameZone, Zone, load_places,
};
use leptos::prelude::*;
use leptos_router::components::A;
use pass::Text;

/// The fields that show their own faults.
const NAMES: &[&str] = &["name_zh", "name_en"];

/// What the page does to zones and checkpoints.
#[derive(Clone, Copy)]
struct Acts {
    add_zone: ServerAction<AddZone>,
    rename_zone: ServerAction<RenameZone>,
    add: ServerAction<AddCheckpoint>,
    rename: ServerAction<RenameCheckpoint>,
    close: ServerAction<CloseCheckpoint>,
}

/// The page.
#[component]
pub fn CheckpointsPage() -> impl IntoView {
    let acts = Acts {
        add_zone: ServerAction::new(),
        rename_zone: ServerAction::new(),
        add: ServerAction::new(),
        rename: ServerAction::new(),
        close: ServerAction::new(),
    };
    let done = move || {
        acts.add_zone.version().get()
            + acts.rename_zone.version().get()
            + acts.add.version().get()
            + acts.rename.version().get()
            + acts.close.version().get()
    };
    let places = Resource::new_blocking(done, |_| load_places());
    view! {
        <Head title=t("校区与门岗", "Zones and checkpoints")>
            <A href="/admin/tablets" attr:class="button">{t("核验终端", "Tablets")}</A>
        </Head>
        <Trouble error=error(acts.rename_zone)/>
        <Trouble error=error(acts.rename)/>
        <Trouble error=error(acts.close)/>
        <Transition>
            {move || Suspend::new(async move {
                match places.await {
                    Ok(zones) => view! { <Zones zones acts/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Zones(zones: Vec<Zone>, acts: Acts) -> impl IntoView {
    let choices: Vec<_> = zones.iter().map(|zone| (zone.no, say(&zone.name))).collect();
    view! {
        {zones.is_empty().then(|| view! {
            <Empty title=t("还没有校区", "No zones yet")>{t("先添加一个校区，再添加门岗。", "Add a zone, then its checkpoints.")}</Empty>
        })}
        {zones.into_iter().map(|zone| view! { <OneZone zone acts/> }).collect_view()}
        <div class="admin-forms">
            {(!choices.is_empty()).then(|| view! { <AddCheckpointForm choices acts/> })}
            <AddZoneForm acts/>
        </div>
    }
}

#[component]
fn OneZone(zone: Zone, acts: Acts) -> impl IntoView {
    let heading = format!("zone-{}", zone.no);
    let labelled = heading.clone();
    view! {
        <section aria-labelledby=labelled>
            <div class="admin-head">
                <h2 id=heading>{say(&zone.name)}</h2>
                <details class="confirm">
                    <summary class="button">{t("校区改名", "Rename the zone")}</summary>
                    <ActionForm action=acts.rename_zone attr:class="confirm-body">
                        <input type="hidden" name="no" value=zone.no.to_string()/>
                        <NewName name=zone.name/>
                    </ActionForm>
                </details>
            </div>
            <ul class="cards admin-cards">
                {zone.checkpoints.into_iter().map(|checkpoint| view! { <OneCheckpoint checkpoint acts/> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn OneCheckpoint(checkpoint: Checkpoint, acts: Acts) -> impl IntoView {
    let Checkpoint {
        id,
        name,
        direction,
        tablets,
        closed,
    } = checkpoint;
    let close_id = id.clone();
    let tablets = if tablets.is_empty() {
        t("没有", "none").to_owned()
    } else {
        tablets.join(", ")
    };
    view! {
        <li class="card" data-closed=closed.then_some("true")>
            <h3>{say(&name)} " " {closed.then(|| view! { <span class="state" data-state="closed">{t("已停用", "Closed")}</span> })}</h3>
            <dl class="facts">
                <dt>{t("方向", "Direction")}</dt><dd>{sentences::direction(direction)}</dd>
                <dt>{t("终端", "Tablets")}</dt><dd>{tablets}</dd>
            </dl>
            {(!closed).then(|| view! {
                <div class="buttons">
                    <details class="confirm">
                        <summary class="button">{t("改名", "Rename")}</summary>
                        <ActionForm action=acts.rename attr:class="confirm-body">
                            <input type="hidden" name="id" value=id/>
                            <NewName name/>
                        </ActionForm>
                    </details>
                    <Confirm deed=t("停用", "Close") what=t("停用后不能再为它登记终端；通行记录保留。", "No tablet can be enrolled for it any more. Its admissions stay.")>
                        <ActionForm action=acts.close>
                            <input type="hidden" name="id" value=close_id/>
                            <button class="button" data-rank="danger">{t("确认停用", "Yes, close it")}</button>
                        </ActionForm>
                    </Confirm>
                </div>
            })}
        </li>
    }
}

/// The fields of a renaming, with the names as they are.
#[component]
fn NewName(name: Text) -> impl IntoView {
    view! {
        <label class="field">{t("中文名称", "Name in Chinese")}<input name="name_zh" maxlength="24" required value=name.zh/></label>
        <label class="field">{t("英文名称", "Name in English")}<input name="name_en" maxlength="24" value=name.en/></label>
        <button class="button" data-rank="first">{t("保存", "Save")}</button>
    }
}

/// The fields of something new; emptied once it is there.
#[component]
fn FreshName(error: Signal<Option<AppError>>, done: Signal<bool>) -> impl IntoView {
    let (zh, en) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move || {
        if done.get() {
            zh.set(String::new());
            en.set(String::new());
        }
    });
    view! {
        <label class="field">{t("中文名称", "Name in Chinese")}
            <input name="name_zh" maxlength="24" required prop:value=zh on:input=move |event| zh.set(event_target_value(&event))/>
        </label>
        <label class="field">{t("英文名称（可不填）", "Name in English (may be left out)")}
            <input name="name_en" maxlength="24" prop:value=en on:input=move |event| en.set(event_target_value(&event))/>
        </label>
        <p class="field-fault" role="alert">
            {move || NAMES.iter().find_map(|name| fault(error, name).get()).map(|fault| sentences::fault(&fault))}
        </p>
    }
}

#[component]
fn AddZoneForm(acts: Acts) -> impl IntoView {
    let error = error(acts.add_zone);
    view! {
        <section class="form" aria-labelledby="add-zone">
            <h2 id="add-zone">{t("添加校区", "Add a zone")}</h2>
            <ActionForm action=acts.add_zone>
                <FreshName error done=is_done(acts.add_zone)/>
                <Trouble error fields=NAMES/>
                <SubmitButton label=t("添加校区", "Add the zone") pending=acts.add_zone.pending()/>
            </ActionForm>
        </section>
    }
}

#[component]
fn AddCheckpointForm(choices: Vec<(u8, String)>, acts: Acts) -> impl IntoView {
    use pass::Direction::{Both, In, Out};
    let error = error(acts.add);
    view! {
        <section class="form" aria-labelledby="add-checkpoint">
            <h2 id="add-checkpoint">{t("添加门岗", "Add a checkpoint")}</h2>
            <ActionForm action=acts.add>
                <Field name="zone" label=t("所在校区", "Zone") required=true>
                    <select id="zone" name="zone" aria-describedby="zone-hint zone-fault">
                        {choices.into_iter().map(|(no, name)| view! { <option value=no.to_string()>{name}</option> }).collect_view()}
                    </select>
                </Field>
                <FreshName error done=is_done(acts.add)/>
                <Field name="direction" label=t("方向", "Direction") required=true
                    hint=t("“双向”不区分进出，每次都计为进入。", "Both: entries and exits are not told apart; each counts as an entry.")>
                    <select id="direction" name="direction" aria-describedby="direction-hint direction-fault">
                        {[(In, "in"), (Out, "out"), (Both, "both")].into_iter().map(|(direction, value)| view! {
                            <option value=value>{sentences::direction(direction)}</option>
                        }).collect_view()}
                    </select>
                </Field>
                <Trouble error fields=NAMES/>
                <SubmitButton label=t("添加门岗", "Add the checkpoint") pending=acts.add.pending()/>
            </ActionForm>
        </section>
    }
}
