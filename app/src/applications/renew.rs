//! `/applications/renew?id=…&id=…`: completed applications again, for other days (续期).

use super::api::{self, Renew};
use crate::error::{AppError, Fault};
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Failure, Field, Notice, PageTitle, SubmitButton, Tone, Wrong};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use pass::{Refusal, Text, ValueFault};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The id of the form that the list's ticks belong to.
pub(super) const TICKS: &str = "renew-ticks";

/// The address of the page that renews one.
pub(super) fn address(id: Uuid) -> String {
    format!("/applications/renew?id={id}")
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewing {
    /// Those that were chosen, in the order of the address.
    pub rows: Vec<Renewal>,
    /// The first day to begin with.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// Today at the site.
    pub today: Date,
}

/// An application that is to be renewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// Its name.
    pub id: Uuid,
    /// The name under which the new one is sent: sent again, it is the same application.
    pub request_id: Uuid,
    /// The kind's title.
    pub kind: Text,
    /// Whose pass it is.
    pub holder: String,
    /// Its last day.
    pub last_day: Date,
    /// Why it cannot be renewed.
    pub refused: Option<Refusal>,
}

/// What came of renewing one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// Which.
    pub id: Uuid,
    /// Whose pass it is.
    pub holder: String,
    /// The new application, or why there is none.
    pub sent: Result<Uuid, AppError>,
    /// The fields of the kind that kept it, by label.
    pub faults: Vec<(Text, ValueFault)>,
}

/// The applications in the address, and the days for all of them.
#[component]
pub fn RenewPage() -> impl IntoView {
    let query = use_query_map();
    let ids = Memo::new(move |_| {
        let all = query.with(|query| query.get_all("id")).unwrap_or_default();
        all.iter()
            .filter_map(|id| id.parse::<Uuid>().ok())
            .collect::<Vec<_>>()
    });
    let renewing = Resource::new_blocking(move || ids.get(), api::load_renewal);
    view! {
        <PageTitle title=t("续期", "Renew")/>
        <Suspense>
            {move || Suspend::new(async move {
                match renewing.await {
                    Ok(facts) => view! { <Chosen facts/> }.into_any(),
                    Err(AppError::Invalid { field, fault }) if field == "ids" => view! { <Unusable fault/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Suspense>
        <p class="back"><A href="/applications">{t("← 返回我的申请", "← My applications")}</A></p>
    }
}

/// None or too many are chosen.
#[component]
fn Unusable(fault: Fault) -> impl IntoView {
    let words = match fault {
        Fault::Missing => t(
            "请先在“我的申请”中勾选要续期的申请。",
            "Tick what is to be renewed under My applications first.",
        )
        .to_owned(),
        fault => sentences::fault(&fault),
    };
    view! { <Notice tone=Tone::Care>{words}</Notice> }
}

#[component]
fn Chosen(facts: Renewing) -> impl IntoView {
    let Renewing {
        rows,
        first_day,
        last_day,
        today,
    } = facts;
    let renew = ServerAction::<Renew>::new();
    let answer = renew.value();
    let error = Signal::derive(move || {
        answer
            .read()
            .as_ref()
            .and_then(|answer| answer.as_ref().err().cloned())
    });
    let refused = move |name: &'static str| {
        Signal::derive(move || {
            error
                .get()
                .and_then(|error| error.fault_of(name).map(sentences::fault))
        })
    };
    let of_no_field =
        |error: &AppError| error.fault_of("first_day").is_none() && error.fault_of("last_day").is_none();
    let count = rows.iter().filter(|row| row.refused.is_none()).count();
    let none = count == 0;
    view! {
        <ActionForm action=renew attr:class="form renewal">
            <ul class="renewals">
                {rows.into_iter().map(|row| view! { <li><One row/></li> }).collect_view()}
            </ul>
            <p class="quiet">{t(
                "持有人和填写的内容与原申请相同，按现行规定逐份检查，照常审批。",
                "Holder and contents stay as they were. Each is checked by the rules in force and decided as usual.",
            )}</p>
            <div class="renewal-days">
                <Field name="first_day" label=t("新的开始日期", "New first day") required=true refused=refused("first_day")>
                    <input id="first_day" name="first_day" type="date" required min=today.to_string() value=first_day.to_string()
                        aria-describedby="first_day-hint first_day-fault"/>
                </Field>
                <Field name="last_day" label=t("新的截止日期", "New last day") required=true refused=refused("last_day")>
                    <input id="last_day" name="last_day" type="date" required min=today.to_string() value=last_day.to_string()
                        aria-describedby="last_day-hint last_day-fault"/>
                </Field>
            </div>
            {move || error.get().filter(of_no_field).map(|error| view! { <Wrong error/> })}
            <SubmitButton label=t("提交续期", "Renew") pending=renew.pending() disabled=none/>
        </ActionForm>
        <div role="status">
            {move || answer.get().and_then(Result::ok).map(|renewed| view! { <Results renewed/> })}
        </div>
    }
}

/// One of those that were chosen; what cannot be renewed says why and is not sent.
#[component]
fn One(row: Renewal) -> impl IntoView {
    let sent = row.refused.is_none().then(|| {
        view! {
            <input type="hidden" name="ids[]" value=row.id.to_string()/>
            <input type="hidden" name="requests[]" value=row.request_id.to_string()/>
        }
    });
    view! {
        {sent}
        <strong>{row.holder}</strong> " " {say(&row.kind)}
        <span class="quiet">{sentences::pick(format!("，原截止日期 {}", row.last_day), format!(", until {}", row.last_day))}</span>
        {row.refused.map(|why| view! { <span class="renewal-refused">{sentences::refusal(&why)}</span> })}
    }
}

/// What came of each.
#[component]
fn Results(renewed: Vec<Renewed>) -> impl IntoView {
    let (done, failed): (Vec<Renewed>, Vec<Renewed>) = renewed.into_iter().partition(|one| one.sent.is_ok());
    let count = done.len();
    view! {
        {(count > 0).then(|| view! {
            <Notice tone=Tone::Good>
                <p>{sentences::pick(format!("已提交 {count} 份续期申请："), format!("{count} renewed:"))}</p>
                <ul class="outcomes">
                    {done.into_iter().filter_map(|one| Some((one.holder, one.sent.ok()?))).map(|(holder, id)| view! {
                        <li><A href=format!("/applications/{id}")>{holder} " " <span class="quiet">{id.to_string()}</span></A></li>
                    }).collect_view()}
                </ul>
            </Notice>
        })}
        {(!failed.is_empty()).then(|| view! {
            <Notice tone=Tone::Care>
                <p>{sentences::pick(format!("{} 份没有续期：", failed.len()), format!("{} not renewed:", failed.len()))}</p>
                <ul class="outcomes">
                    {failed.into_iter().map(|one| view! { <li><strong>{one.holder.clone()}</strong> " " {why(&one)}</li> }).collect_view()}
                </ul>
            </Notice>
        })}
    }
}

/// Why one was not renewed, in words.
fn why(one: &Renewed) -> String {
    match &one.sent {
        Ok(_) => String::new(),
        Err(error) if one.faults.is_empty() => sentences::error(error),
        Err(_) => {
            let faults = one.faults.iter();
            let said =
                faults.map(|(label, fault)| format!("{}：{}", say(label), sentences::value_fault(*fault)));
            said.collect::<Vec<_>>().join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_at_fault_is_named() {
        let one = Renewed {
            id: Uuid::nil(),
            holder: "王师傅".into(),
            sent: Err(AppError::Refused(Refusal::Given { faults: Vec::new() })),
            faults: vec![(Text::new("证件", "Document"), ValueFault::Missing)],
        };
        assert_eq!(why(&one), "证件：请填写。");
        let spent = Renewed {
            sent: Err(AppError::Refused(Refusal::NotRenewable)),
            faults: Vec::new(),
            ..one
        };
        assert_eq!(why(&spent), sentences::refusal(&Refusal::NotRenewable));
    }
}
