//! `/admin/kinds`: the kinds, each with its newest version.

use super::super::Head;
use super::super::forms::{Confirm, Trouble, error};
use super::api::{Kind, Kinds, OfferKind, RetireKind, load_kinds};
use super::{told, version_name};
use crate::language::{say, t};
use crate::sentences;
use crate::ui::fresh::or_last;
use crate::ui::{Empty, Failure};
use leptos::prelude::*;
use leptos_router::components::A;
use pass::Text;

/// What the page does.
#[derive(Clone, Copy)]
struct Acts {
    retire: ServerAction<RetireKind>,
    offer: ServerAction<OfferKind>,
}

/// The page.
#[component]
pub fn KindsPage() -> impl IntoView {
    let acts = Acts {
        retire: ServerAction::new(),
        offer: ServerAction::new(),
    };
    let done = move || acts.retire.version().get() + acts.offer.version().get();
    let kinds = Resource::new_blocking(done, |_| load_kinds());
    let last = StoredValue::new(None);
    view! {
        <Head title=t("通行证类型", "Pass kinds")>
            <A href="/admin/kinds/new" attr:class="button" attr:data-rank="first">{t("新建", "New pass kind")}</A>
        </Head>
        <Trouble error=error(acts.retire)/>
        <Trouble error=error(acts.offer)/>
        <Transition>
            {move || Suspend::new(async move {
                match or_last(last, kinds.await) {
                    Ok(Kinds { kinds, presets }) => view! {
                        {kinds.is_empty().then(|| view! {
                            <Empty title=t("还没有通行证类型", "No pass kinds yet")>
                                {t("新建一种，或从下面的预设开始；发布后即可申请。", "Make one, or begin with a preset below. Once published, people can apply for it.")}
                            </Empty>
                        })}
                        <ul class="cards admin-cards">{kinds.into_iter().map(|kind| view! { <One kind acts/> }).collect_view()}</ul>
                        <Presets presets/>
                    }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The documents that come with the product, each a beginning.
#[component]
fn Presets(presets: Vec<(String, Text)>) -> impl IntoView {
    view! {
        <details class="rules kind-presets">
            <summary>{t("从预设新建", "Begin with a preset")}</summary>
            <ul>
                {presets.into_iter().map(|(file, title)| {
                    let href = format!("/admin/kinds/new?preset={}", sentences::url_part(&file));
                    view! { <li><A href=href>{say(&title)}</A> " " <span class="quiet">{file}</span></li> }
                }).collect_view()}
            </ul>
        </details>
    }
}

#[component]
fn One(kind: Kind, acts: Acts) -> impl IntoView {
    let Kind {
        key,
        title,
        summary,
        offered,
        rules,
        versions,
    } = kind;
    let (state, word) = if offered {
        ("completed", t("可申请", "Offered"))
    } else {
        ("closed", t("已停止申请", "Retired"))
    };
    let newest = versions.first().map_or(0, |version| version.version);
    let running: i64 = versions.iter().map(|version| version.running).sum();
    // Older versions are in the history; here they stand only where something runs under them.
    let shown = versions
        .into_iter()
        .filter(move |version| version.version == newest || version.running > 0);
    let edit = format!("/admin/kinds/{key}");
    let history = format!("{edit}/history");
    let file = format!("{edit}/document.toml");
    let copy = format!("/admin/kinds/new?copy={key}");
    view! {
        <li class="card" data-closed=(!offered).then_some("true")>
            <h2>{say(&title)} " " <span class="state" data-state=state>{word}</span></h2>
            <p class="quiet">{key.to_string()}</p>
            <p>{say(&summary)}</p>
            <ul class="kind-versions">
                {shown.map(|version| view! { <li><strong>{version_name(version.version)}</strong> " " {told(&version)}</li> }).collect_view()}
            </ul>
            <details class="rules">
                <summary>{t("规定", "Rules")}</summary>
                <dl class="facts">{rules.into_iter().map(|(name, rule)| view! { <dt>{name}</dt><dd>{rule}</dd> }).collect_view()}</dl>
            </details>
            <div class="buttons">
                <A href=edit attr:class="button" attr:data-rank="first">{t("编辑", "Edit")}</A>
                <A href=copy attr:class="button">{t("复制为新类型", "Copy as a new kind")}</A>
                <A href=history attr:class="button">{t("历次版本", "Versions")}</A>
                <a href=file rel="external" download="" class="button">{t("下载 TOML", "Download TOML")}</a>
                {if offered {
                    view! {
                        <Confirm deed=t("停止申请", "Retire")
                            what=t("停止后不能再申请；已发的通行证照常有效，以后可以恢复。", "Nobody can apply for it any more. Passes that were issued stay valid. It can be offered again later.")>
                            <p>{sentences::flow::running(running)}</p>
                            <ActionForm action=acts.retire>
                                <input type="hidden" name="key" value=key.to_string()/>
                                <input type="hidden" name="version" value=newest.to_string()/>
                                <button class="button" data-rank="danger">{t("确认停止", "Yes, retire it")}</button>
                            </ActionForm>
                        </Confirm>
                    }.into_any()
                } else {
                    view! {
                        <Confirm deed=t("恢复申请", "Offer again")
                            what=t("以内容相同的新版本重新提供申请。", "It is offered again, as a new version that says the same.")>
                            <ActionForm action=acts.offer>
                                <input type="hidden" name="key" value=key.to_string()/>
                                <input type="hidden" name="version" value=newest.to_string()/>
                                <button class="button" data-rank="first">{t("确认恢复", "Yes, offer it")}</button>
                            </ActionForm>
                        </Confirm>
                    }.into_any()
                }}
            </div>
        </li>
    }
}
