//! The page of a demonstration's messages; it brings itself up to date.

use super::api;
use crate::language::t;
use crate::sentences;
use crate::ui::{Empty, Failure, PageTitle};
use leptos::prelude::*;
use std::time::Duration;

/// How often new messages are asked for.
const ASK_EVERY: Duration = Duration::from_secs(3);

/// The messages, newest first.
#[component]
pub fn MessagesPage() -> impl IntoView {
    let messages = Resource::new_blocking(|| (), |()| api::load_messages());
    let shown = StoredValue::new(());
    Effect::new(move || {
        leptos::task::spawn_local(async move {
            loop {
                crate::browser::sleep(ASK_EVERY).await;
                if shown.try_get_value().is_none() {
                    break;
                }
                if !crate::browser::hidden() {
                    messages.refetch();
                }
            }
        });
    });
    view! {
        <PageTitle title=t("演示消息", "Demonstration messages")/>
        <p class="quiet">{t("演示单位不真正发送短信、邮件和浏览器通知，内容显示在这里，每隔几秒自动更新。", "A demonstration sends no real messages. They are shown here, and this page brings itself up to date.")}</p>
        <Transition>
            {move || Suspend::new(async move {
                match messages.await {
                    Ok(list) if list.is_empty() => view! {
                        <Empty title=t("还没有消息", "No messages yet")><p>{t("在登录页点“发送短信”试试。", "Ask for a code on the sign-in page.")}</p></Empty>
                    }.into_any(),
                    Ok(list) => view! {
                        <ul class="cards messages" aria-live="polite">
                            {list.into_iter().map(|message| view! {
                                <li class="card">
                                    <p class="message-head">
                                        <span class="state">{sentences::channel(message.channel)}</span> " "
                                        {message.recipient.map(|recipient| view! { <strong>{recipient}</strong> " " })}
                                        <span class="quiet">{sentences::instant_with_seconds(message.at)}</span>
                                    </p>
                                    {message.heading.map(|heading| view! { <p><strong>{heading}</strong></p> })}
                                    <p class="message-text">{message.body}</p>
                                </li>
                            }).collect_view()}
                        </ul>
                    }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}
