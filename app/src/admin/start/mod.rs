//! What needs an administrator's attention, and the ways to the places of administration.

pub mod api;

use super::Head;
use super::imports::place;
use crate::language::t;
use crate::sentences;
use crate::ui::{Failure, Notice, Tone};
use api::{Attention, load_attention};
use leptos::prelude::*;
use leptos_router::components::A;
use pass::Channel;

/// The start page of administration.
#[component]
pub fn StartPage() -> impl IntoView {
    let attention = Resource::new_blocking(|| (), |()| load_attention());
    view! {
        <Head title=t("系统管理", "Administration")/>
        <Suspense>
            {move || Suspend::new(async move {
                match attention.await {
                    Ok(attention) => view! { <Overview attention/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Overview(attention: Attention) -> impl IntoView {
    let Attention {
        silent,
        quarantined,
        double_uses,
        imports,
        households,
        people,
        tablets,
        bare,
        failed_messages,
        no_sms,
    } = attention;
    let calm = silent.is_empty()
        && quarantined == 0
        && double_uses == 0
        && imports.is_empty()
        && failed_messages == 0
        && !no_sms;
    view! {
        <section aria-labelledby="attention">
            <h2 id="attention">{t("需要处理", "Needs attention")}</h2>
            {calm.then(|| view! { <Notice tone=Tone::Good>{t("一切正常。", "All is well.")}</Notice> })}
            <ul class="cards attention">
                {silent.into_iter().map(|tablet| view! {
                    <li class="card" data-tone="care">
                        <A href="/admin/tablets"><strong>{tablet.name}</strong></A>
                        <span>{t("终端久未连接，最后连接于 ", "This tablet was last heard of at ")} {sentences::instant(tablet.last_seen)}</span>
                    </li>
                }).collect_view()}
                {(quarantined > 0).then(|| view! {
                    <li class="card" data-tone="care">
                        <A href="/admin/quarantine"><strong>{t("待查记录 ", "In quarantine: ")} {quarantined}</strong></A>
                        <span>{t("终端上传了无法确认的记录。", "Tablets have sent what cannot be taken for a fact.")}</span>
                    </li>
                })}
                {(double_uses > 0).then(|| view! {
                    <li class="card" data-tone="bad">
                        <A href="/admin/admissions"><strong>{t("重复使用 ", "Double use: ")} {double_uses}</strong></A>
                        <span>{t("单次通行证被使用了两次。", "Passes for one entry that were used twice.")}</span>
                    </li>
                })}
                {imports.into_iter().map(|import| view! {
                    <li class="card" data-tone="plain">
                        <A href=format!("{}/imports/{}", place(import.register), import.id)><strong>{import.file_name}</strong></A>
                        <span>{t("文件等待确认导入，上传于 ", "This file waits for your word since ")} {sentences::instant(import.at)}</span>
                    </li>
                }).collect_view()}
                {(failed_messages > 0).then(|| view! {
                    <li class="card" data-tone="bad">
                        <A href="/admin/messages?state=failed"><strong>{t("消息发送失败 ", "Messages that could not be sent: ")} {failed_messages}</strong></A>
                        <span>{t("查看原因，重新发送。", "See why, and try again.")}</span>
                    </li>
                })}
                {no_sms.then(|| view! {
                    <li class="card" data-tone="bad">
                        <A href="/admin/messages"><strong>{t("短信未开通", "No text messages")}</strong></A>
                        <span>{sentences::not_set_up(Channel::Sms)}</span>
                    </li>
                })}
            </ul>
        </section>
        <section aria-labelledby="places">
            <h2 id="places">{t("管理内容", "Places")}</h2>
            <ul class="ways">
                <Way href="/admin/households" name=t("住户", "Households") what=format!("{} {households}", t("登记户数", "Registered:"))/>
                <Way href="/admin/households/import" name=t("导入住户", "Import households") what=t("CSV 或 XLSX，先检查，确认后生效。", "CSV or XLSX; checked first, applied at your word.").to_owned()/>
                <Way href="/admin/people" name=t("人员与权限", "People and roles") what=format!("{} {people}", t("登记人数", "Registered:"))/>
                <Way href="/admin/units" name=t("单位", "Units") what=t("单位层级、负责人与副职。", "The tree of units, their heads and deputies.").to_owned()/>
                <Way href="/admin/checkpoints" name=t("校区与门岗", "Zones and checkpoints") what=if bare == 0 { t("每个门岗都有终端。", "Every checkpoint has a tablet.").to_owned() } else { format!("{} {bare}", t("没有终端的门岗：", "Checkpoints without a tablet:")) }/>
                <Way href="/admin/tablets" name=t("核验终端", "Tablets") what=format!("{} {tablets}", t("在用终端", "In use:"))/>
                <Way href="/admin/admissions" name=t("通行记录", "Admissions") what=t("查询、导出。", "Look up, export.").to_owned()/>
                <Way href="/admin/kinds" name=t("通行证类型", "Pass kinds") what=t("各类通行证的规定。", "What each kind allows.").to_owned()/>
                <Way href="/admin/messages" name=t("消息", "Messages") what=t("已发送、等待和失败的消息。", "What was sent, waits, or failed.").to_owned()/>
            </ul>
        </section>
    }
}

#[component]
fn Way(href: &'static str, name: &'static str, what: String) -> impl IntoView {
    view! { <li><A href=href><strong>{name}</strong><span>{what}</span></A></li> }
}
