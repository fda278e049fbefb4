//! Tablets: enrolled by a one-time code, watched, revoked.

pub mod api;

use super::Head;
use super::forms::{Confirm, Trouble, error, fault};
use crate::language::{say, t};
use crate::passes::square::Square;
use crate::sentences;
use crate::ui::{Empty, Failure, Field, Notice, SubmitButton, Tone};
use api::{EnrolmentCode, MakeEnrolmentCode, RevokeTablet, Tablet, Tablets, load_tablets};
use leptos::prelude::*;
use leptos_router::components::A;
use pass::Text;
use pass::presentation::Link;

/// The page.
#[component]
pub fn TabletsPage() -> impl IntoView {
    let revoke = ServerAction::<RevokeTablet>::new();
    let make = ServerAction::<MakeEnrolmentCode>::new();
    let again = RwSignal::new(0_u32);
    let tablets = Resource::new_blocking(move || (revoke.version().get(), again.get()), |_| load_tablets());
    view! {
        <Head title=t("核验终端", "Tablets")>
            <button type="button" class="button" on:click=move |_| again.update(|count| *count += 1)>{t("刷新", "Refresh")}</button>
        </Head>
        <Trouble error=error(revoke)/>
        {move || make.value().get().and_then(Result::ok).map(|code| view! { <ShownCode code/> })}
        <Transition>
            {move || Suspend::new(async move {
                match tablets.await {
                    Ok(Tablets { tablets, checkpoints }) => view! {
                        <EnrolForm checkpoints make/>
                        <List tablets revoke/>
                    }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The code, big enough to be typed from a metre away, and as a picture for the tablet's camera.
#[component]
fn ShownCode(code: EnrolmentCode) -> impl IntoView {
    let EnrolmentCode {
        code,
        name,
        address,
        until,
    } = code;
    let link = Link {
        prefix: format!("{address}#{code}"),
        digits: String::new(),
    };
    view! {
        <section class="enrolment" aria-labelledby="enrolment-title" role="status">
            <div>
                <h2 id="enrolment-title">{t("登记码：", "Enrolment code for ")} {name}</h2>
                <p class="enrolment-code">{code}</p>
                <ol>
                    <li>{t("在终端上打开 ", "On the tablet, open ")} <span class="enrolment-link">{address}</span></li>
                    <li>{t("输入上面的登记码；也可以用终端的相机扫描二维码。", "Type the code above; or scan the picture with the tablet's camera.")}</li>
                </ol>
                <p>{t("只能使用一次，有效至 ", "It works once, until ")} <strong>{sentences::instant(until)}</strong> {t("。离开本页后不再显示。", ". It is not shown again once you leave this page.")}</p>
            </div>
            {Square::of(&link).map(|square| view! {
                <svg class="enrolment-square" viewBox=format!("0 0 {0} {0}", square.side) role="img" aria-label=t("登记链接的二维码", "QR code of the enrolment link") shape-rendering="crispEdges">
                    <path d=square.path/>
                </svg>
            })}
        </section>
    }
}

#[component]
fn EnrolForm(checkpoints: Vec<(String, Text)>, make: ServerAction<MakeEnrolmentCode>) -> impl IntoView {
    let error = error(make);
    if checkpoints.is_empty() {
        return view! {
            <Empty title=t("还没有门岗", "No checkpoints yet")>
                <A href="/admin/checkpoints">{t("先添加门岗", "Add one first")}</A>
            </Empty>
        }
        .into_any();
    }
    view! {
        <section class="form" aria-labelledby="enrol">
            <h2 id="enrol">{t("登记新终端", "Enrol a tablet")}</h2>
            <ActionForm action=make>
                <div class="admin-row">
                    <Field name="checkpoint" label=t("门岗", "Checkpoint") required=true>
                        <select id="checkpoint" name="checkpoint" aria-describedby="checkpoint-hint checkpoint-fault">
                            {checkpoints.into_iter().map(|(id, name)| view! { <option value=id>{say(&name)}</option> }).collect_view()}
                        </select>
                    </Field>
                    <Field name="name" label=t("终端名称", "Name of the tablet") required=true fault=fault(error, "name")>
                        <input id="name" name="name" maxlength="24" required autocomplete="off" aria-describedby="name-hint name-fault"
                            placeholder=t("例如：正门-2", "for instance Main Gate 2")/>
                    </Field>
                    <SubmitButton label=t("生成登记码", "Make a code") pending=make.pending()/>
                </div>
                <Trouble error fields=&["name"]/>
            </ActionForm>
            <noscript><Notice tone=Tone::Care>{t("显示登记码需要启用 JavaScript。", "Showing the code needs JavaScript.")}</Notice></noscript>
        </section>
    }
    .into_any()
}

#[component]
fn List(tablets: Vec<Tablet>, revoke: ServerAction<RevokeTablet>) -> impl IntoView {
    if tablets.is_empty() {
        return view! {
            <Empty title=t("还没有终端", "No tablets yet")>{t("生成登记码，在终端上输入即可。", "Make a code and type it on a tablet.")}</Empty>
        }
        .into_any();
    }
    view! {
        <h2>{t("已登记的终端", "Enrolled tablets")}</h2>
        <ul class="cards admin-cards">
            {tablets.into_iter().map(|tablet| view! { <One tablet revoke/> }).collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn One(tablet: Tablet, revoke: ServerAction<RevokeTablet>) -> impl IntoView {
    let (state, word) = if tablet.revoked.is_some() {
        ("revoked", t("已撤销", "Revoked"))
    } else if tablet.silent {
        ("silent", t("久未连接", "Not seen for long"))
    } else {
        ("in_use", t("使用中", "In use"))
    };
    view! {
        <li class="card" data-closed=tablet.revoked.is_some().then_some("true")>
            <h3>{tablet.name} " " <span class="state" data-state=state>{word}</span></h3>
            <dl class="facts">
                <dt>{t("门岗", "Checkpoint")}</dt><dd>{say(&tablet.checkpoint)}</dd>
                <dt>{t("最后连接", "Last seen")}</dt><dd>{sentences::instant(tablet.last_seen)}</dd>
                <dt>{t("已收记录", "Events held")}</dt><dd>{tablet.acknowledged}</dd>
                <dt>{t("登记时间", "Enrolled")}</dt><dd>{sentences::instant(tablet.enrolled)}</dd>
                {tablet.revoked.map(|at| view! { <dt>{t("撤销时间", "Revoked")}</dt><dd>{sentences::instant(at)}</dd> })}
            </dl>
            {tablet.revoked.is_none().then(|| view! {
                <div class="buttons">
                    <Confirm deed=t("撤销", "Revoke") what=t(
                        "撤销后，这台终端不能再上传或更新，须重新登记。已上传的记录保留。请先让它联网上传完毕。",
                        "The tablet can no longer upload or update and must be enrolled anew. What it uploaded stays. Let it upload everything first.",
                    )>
                        <ActionForm action=revoke>
                            <input type="hidden" name="id" value=tablet.id/>
                            <button class="button" data-rank="danger">{t("确认撤销", "Yes, revoke it")}</button>
                        </ActionForm>
                    </Confirm>
                </div>
            })}
        </li>
    }
}
