//! The register, searched and leafed through.

use super::api::{AddPerson, EnterPerson, People, PeopleQuery, Person, load_people};
use super::filter::{FilterForm, address, asked};
use super::forms::{AddForm, EnterForm, Password};
use crate::admin::Head;
use crate::admin::forms::times_done;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::{Empty, Failure};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(asked));
    let add = ServerAction::<AddPerson>::new();
    let enter = ServerAction::<EnterPerson>::new();
    let added = times_done(add);
    let people = Resource::new_blocking(
        move || (query.get(), added.get()),
        |(query, _)| load_people(query),
    );
    let made = move || add.value().get().and_then(Result::ok);
    view! {
        <Head title=t("人员与权限", "People and roles")>
            <A href="/admin/people/import" attr:class="button" attr:data-rank="first">{t("导入", "Import")}</A>
            <a class="button" rel="external" download href=move || format!("/admin/people/export.csv?{}", address(&query.get()))>
                {t("导出全部结果 (CSV)", "Export all of these (CSV)")}
            </a>
        </Head>
        {move || made().map(|fresh| view! { <Password fresh link=true/> })}
        <Transition>
            {move || Suspend::new(async move {
                match people.await {
                    Ok(people) => view! { <Shown people query=query.get_untracked() enter/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
        <AddForm add/>
    }
}

#[component]
fn Shown(people: People, query: PeopleQuery, enter: ServerAction<EnterPerson>) -> impl IntoView {
    let People {
        rows,
        next,
        count,
        units,
    } = people;
    let page = |after| {
        let query = PeopleQuery {
            after,
            ..query.clone()
        };
        format!("/admin/people?{}", address(&query))
    };
    let first = query.after.is_some().then(|| page(None));
    let next = next.map(|after| page(Some(after)));
    view! {
        <FilterForm query units=units.clone()/>
        <p class="quiet">{sentences::people_count(count)}</p>
        {if rows.is_empty() {
            view! {
                <Empty title=t("没有找到符合条件的人员", "Nobody like that was found")>
                    <A href="/admin/people">{t("查看全部", "See all")}</A> " "
                    <A href="/admin/people/import">{t("从文件导入", "Import them from a file")}</A>
                </Empty>
            }.into_any()
        } else {
            view! { <Table rows/> }.into_any()
        }}
        <p class="buttons">
            {first.map(|href| view! { <A href=href attr:class="button">{t("回到开头", "To the beginning")}</A> })}
            {next.map(|href| view! { <A href=href attr:class="button">{t("下一页", "Next page")}</A> })}
        </p>
        {(!units.is_empty()).then(|| view! { <EnterForm enter units/> })}
    }
}

#[component]
fn Table(rows: Vec<Person>) -> impl IntoView {
    let heads = [
        t("姓名", "Name"),
        t("学工号", "Number"),
        t("人员类别", "Kind"),
        t("单位", "Unit"),
        t("权限", "Roles"),
    ];
    view! {
        <div class="table-scroll table-cards" tabindex="0" role="region" aria-label=t("人员表", "Table of people")>
            <table>
                <thead><tr>{heads.map(|head| view! { <th scope="col">{head}</th> })}</tr></thead>
                <tbody>
                    {rows.into_iter().map(|person| view! { <Line person heads/> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(person: Person, heads: [&'static str; 5]) -> impl IntoView {
    let Person {
        id,
        name,
        entry,
        login,
        grants,
        disabled,
        left,
        ..
    } = person;
    let name = if name.is_empty() {
        t("（未填姓名）", "(no name)").to_owned()
    } else {
        name
    };
    let (number, kind, unit) = match entry {
        Some((number, kind, unit)) => (number, sentences::person_kind(kind), say(&unit)),
        None => (login.unwrap_or_default(), t("账号", "Account"), "—".to_owned()),
    };
    view! {
        <tr>
            <td data-head=heads[0]>
                <span>
                    <A href=format!("/admin/people/{id}")>{name}</A> " "
                    <States disabled left/>
                </span>
            </td>
            <td data-head=heads[1]>{number}</td>
            <td data-head=heads[2]>{kind}</td>
            <td data-head=heads[3]>{unit}</td>
            <td data-head=heads[4]>
                {if grants.is_empty() {
                    view! { "—" }.into_any()
                } else {
                    view! {
                        <ul class="plain-list">
                            {grants.into_iter().map(|granted| view! { <li>{super::roles::named(&granted)}</li> }).collect_view()}
                        </ul>
                    }.into_any()
                }}
            </td>
        </tr>
    }
}

/// What keeps somebody out.
#[component]
pub fn States(disabled: bool, left: bool) -> impl IntoView {
    view! {
        {disabled.then(|| view! { <span class="state" data-state="closed">{t("已停用", "Disabled")}</span> })}
        {left.then(|| view! { <span class="state" data-state="closed">{t("已离校", "Left")}</span> })}
    }
}
