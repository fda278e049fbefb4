//! `/admin/kinds/{key}/history`: what each version says, and what it changed.

use super::super::Head;
use super::api::{History, Line, Version, load_history};
use super::{Changes, told, version_name};
use crate::language::{say, t};
use crate::ui::Failure;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|params| params.get("kind")).unwrap_or_default());
    let history = Resource::new_blocking(move || key.get(), load_history);
    view! {
        <Head title=t("历次版本", "Versions")>
            <A href="/admin/kinds" attr:class="button">{t("返回通行证类型", "All pass kinds")}</A>
        </Head>
        <Suspense>
            {move || Suspend::new(async move {
                match history.await {
                    Ok(History { kind, documents }) => {
                        let key = kind.key.to_string();
                        let oldest = kind.versions.len().saturating_sub(1);
                        view! {
                            <p><strong>{say(&kind.title)}</strong> " " <span class="quiet">{key.clone()}</span></p>
                            {kind.versions.into_iter().zip(documents).enumerate().map(|(at, (version, (text, changes)))| {
                                let changes = (at < oldest).then_some(changes);
                                view! { <One key=key.clone() version text changes/> }
                            }).collect_view()}
                        }.into_any()
                    }
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// One version; the first has changed nothing.
#[component]
fn One(key: String, version: Version, text: String, changes: Option<Vec<Line>>) -> impl IntoView {
    let no = version.version;
    let heading = format!("version-{no}");
    let labelled = heading.clone();
    let file = format!("/admin/kinds/{key}/document.toml?version={no}");
    view! {
        <section class="card kind-version" aria-labelledby=labelled>
            <h2 id=heading>{version_name(no)}</h2>
            <p class="quiet">{told(&version)} " · #" {version.no}</p>
            {changes.map(|changes| if changes.is_empty() {
                view! { <p>{t("内容与上一版相同。", "It says the same as the version before.")}</p> }.into_any()
            } else {
                view! {
                    <h3>{t("与上一版相比", "What it changed")}</h3>
                    <Changes changes/>
                }.into_any()
            })}
            <details class="rules">
                <summary>{t("全文", "The whole document")}</summary>
                <pre class="kind-text">{text}</pre>
            </details>
            <div class="buttons">
                <a href=file rel="external" download="" class="button">{t("下载 TOML", "Download TOML")}</a>
            </div>
        </section>
    }
}
