//! What was sent to people, what waits, and what could not be sent.

pub mod api;
mod filter;

use super::Head;
use super::forms::Trouble;
use crate::language::t;
use crate::sentences;
use crate::ui::{Empty, Failure, Notice, Tone};
use api::{MessageQuery, Messages, Row, TryAgain, load_messages};
use filter::{FilterForm, address, asked};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn MessagesPage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(asked));
    let again = ServerAction::<TryAgain>::new();
    let messages = Resource::new_blocking(
        move || (query.get(), again.version().get()),
        |(query, _)| load_messages(query),
    );
    view! {
        <Head title=t("消息", "Messages")/>
        <Trouble error=super::forms::error(again)/>
        {move || again.value().get().and_then(Result::ok).map(|count| view! {
            <Notice tone=Tone::Good>{sentences::tried_again(count)}</Notice>
        })}
        <Transition>
            {move || Suspend::new(async move {
                match messages.await {
                    Ok(messages) => view! { <Shown messages query=query.get_untracked() again/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(messages: Messages, query: MessageQuery, again: ServerAction<TryAgain>) -> impl IntoView {
    let Messages {
        rows,
        next,
        failed,
        missing,
        demo,
    } = messages;
    let page = |after: Option<String>| {
        format!(
            "/admin/messages?{}",
            address(&MessageQuery {
                after,
                ..query.clone()
            })
        )
    };
    let first = query.after.is_some().then(|| page(None));
    let next = next.map(|after| page(Some(after)));
    view! {
        {demo.then(|| view! {
            <Notice tone=Tone::Plain>
                {t("演示单位不真正发送消息，内容显示在", "A demonstration sends nothing; everything is shown on the ")}
                <A href="/demo/messages">{t("演示消息页", "page of its messages")}</A>{t("。", ".")}
            </Notice>
        })}
        {missing.into_iter().map(|channel| view! { <Notice tone=Tone::Care>{sentences::not_set_up(channel)}</Notice> }).collect_view()}
        {(failed > 0).then(|| view! {
            <ActionForm action=again attr:class="admin-row">
                <p>{t("发送失败 ", "Not sent: ")} <strong>{failed}</strong></p>
                <button class="button">{t("全部重新发送", "Try all of them again")}</button>
            </ActionForm>
        })}
        <FilterForm query/>
        {if rows.is_empty() {
            view! { <Empty title=t("没有符合条件的消息", "No messages like that")><A href="/admin/messages">{t("查看全部", "See all")}</A></Empty> }.into_any()
        } else {
            view! { <Table rows again/> }.into_any()
        }}
        <p class="buttons">
            {first.map(|href| view! { <A href=href attr:class="button">{t("回到最新", "To the latest")}</A> })}
            {next.map(|href| view! { <A href=href attr:class="button">{t("更早的消息", "Earlier ones")}</A> })}
        </p>
        <p class="quiet">{t("发送结束的消息保留 7 天。验证码只有收件人能看到。", "Messages are kept for 7 days. A code is for its recipient alone.")}</p>
    }
}

#[component]
fn Table(rows: Vec<Row>, again: ServerAction<TryAgain>) -> impl IntoView {
    view! {
        <div class="table-scroll table-cards" tabindex="0" role="region" aria-label=t("消息表", "Table of messages")>
            <table>
                <thead><tr>
                    <th scope="col">{t("时间", "Time")}</th>
                    <th scope="col">{t("方式", "By")}</th>
                    <th scope="col">{t("收件人", "To")}</th>
                    <th scope="col">{t("内容", "What it says")}</th>
                    <th scope="col">{t("状态", "State")}</th>
                    <th scope="col">{t("操作", "Act")}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! { <Line row again/> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(row: Row, again: ServerAction<TryAgain>) -> impl IntoView {
    let Row {
        id,
        at,
        channel,
        recipient,
        heading,
        body,
        state,
        attempts,
        error,
        again: may_be_tried,
    } = row;
    let said = sentences::standing(&state);
    view! {
        <tr>
            <td data-head=t("时间", "Time")>{sentences::instant_with_seconds(at)}</td>
            <td data-head=t("方式", "By")>{sentences::channel(channel)}</td>
            <td data-head=t("收件人", "To") class="message-to">{recipient.unwrap_or_else(|| "—".to_owned())}</td>
            <td data-head=t("内容", "What it says") class="message-text">
                {heading.map(|heading| view! { <strong>{heading}</strong> " " })}
                {body.unwrap_or_else(|| t("验证码（不显示）", "A code (not shown)").to_owned())}
            </td>
            <td data-head=t("状态", "State")>
                <span class="state" data-state=state>{said}</span>
                {(attempts > 1).then(|| view! { " " <span class="quiet">{t("尝试次数 ", "tries: ")}{attempts}</span> })}
                {error.map(|error| view! { " " <span class="message-error">{sentences::trouble(&error)}</span> })}
            </td>
            <td data-head=t("操作", "Act")>
                {if may_be_tried {
                    view! {
                        <ActionForm action=again>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <button class="button" data-rank="quiet">{t("重新发送", "Try again")}</button>
                        </ActionForm>
                    }.into_any()
                } else {
                    "—".into_any()
                }}
            </td>
        </tr>
    }
}
