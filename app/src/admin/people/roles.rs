//! What somebody may do, and where.

use super::api::{GrantRole, Granted, RevokeRole};
use crate::error::AppError;
use crate::language::{say, t};
use crate::sentences;
use crate::ui::Wrong;
use leptos::prelude::*;
use pass::role::Reach;
use pass::{Role, Text};
use uuid::Uuid;

/// A role and its place.
pub fn named(granted: &Granted) -> String {
    let place = granted
        .place
        .as_ref()
        .map_or_else(|| t("全校", "whole site").to_owned(), say);
    format!("{} · {place}", sentences::role(granted.role))
}

/// What sort of place a word is.
fn reach(at: &str) -> Reach {
    if at.starts_with("zone-") {
        Reach::Zone
    } else if at.starts_with("unit-") {
        Reach::Unit
    } else {
        Reach::Site
    }
}

/// Why a role was not granted.
#[component]
pub fn NotGranted(error: Signal<Option<AppError>>) -> impl IntoView {
    move || {
        error.get().map(|error| {
            let words = match &error {
                AppError::Invalid { field, .. } if field == "at" => t(
                    "这项权限不能授予在所选范围，请换一个范围。",
                    "This role is not granted there. Choose another place.",
                )
                .to_owned(),
                error => sentences::error(error),
            };
            view! { <Wrong words error/> }
        })
    }
}

/// The roles of an account, each with the way to take it back.
#[component]
pub fn Grants(id: Uuid, own: bool, grants: Vec<Granted>, revoke: ServerAction<RevokeRole>) -> impl IntoView {
    if grants.is_empty() {
        return view! { <p class="quiet">{t("没有权限。", "No roles.")}</p> }.into_any();
    }
    view! {
        <ul class="grants">
            {grants.into_iter().map(|granted| {
                let named = named(&granted);
                let label = format!("{} {named}", t("收回", "Take back"));
                view! {
                    <li>
                        <span>{named}</span>
                        {(!own || granted.role != Role::Administrator).then(|| view! {
                            <ActionForm action=revoke>
                                <input type="hidden" name="id" value=id.to_string()/>
                                <input type="hidden" name="role" value=granted.role.as_str()/>
                                <input type="hidden" name="at" value=granted.at/>
                                <button class="button" data-rank="quiet" aria-label=label>{t("收回", "Take back")}</button>
                            </ActionForm>
                        })}
                    </li>
                }
            }).collect_view()}
        </ul>
    }
    .into_any()
}

/// Grants a role. Once a role is chosen, the places are those where it may be granted; without scripts all are shown, and the server refuses
/// what does not fit.
#[component]
pub fn GrantForm(id: Uuid, places: Vec<(String, Text)>, grant: ServerAction<GrantRole>) -> impl IntoView {
    let chosen = RwSignal::new(None::<Role>);
    // In the browser the first one is chosen from the beginning.
    Effect::new(move || chosen.set(Role::ALL.first().copied()));
    let site = ("site".to_owned(), t("全校", "whole site").to_owned());
    let places: Vec<(String, String)> = std::iter::once(site)
        .chain(places.into_iter().map(|(at, name)| (at, say(&name))))
        .collect();
    let fitting = move || {
        let fits = |at: &str| chosen.get().is_none_or(|role| role.reaches_to(reach(at)));
        places
            .iter()
            .filter(|(at, _)| fits(at))
            .map(|(at, name)| view! { <option value=at.clone()>{name.clone()}</option> })
            .collect_view()
    };
    view! {
        <ActionForm action=grant attr:class="admin-row">
            <input type="hidden" name="id" value=id.to_string()/>
            <div class="field">
                <label for="grant-role">{t("权限", "Role")}</label>
                <select id="grant-role" name="role" on:change=move |event| chosen.set(Role::parse(&event_target_value(&event)).ok())>
                    {Role::ALL.map(|role| view! { <option value=role.as_str()>{sentences::role(role)}</option> })}
                </select>
            </div>
            <div class="field">
                <label for="grant-at">{t("范围", "Where")}</label>
                <select id="grant-at" name="at">{fitting}</select>
            </div>
            <button class="button" data-rank="first">{t("授予", "Grant")}</button>
        </ActionForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_places() {
        for (at, reached) in [
            ("site", Reach::Site),
            ("zone-3", Reach::Zone),
            ("unit-0", Reach::Unit),
        ] {
            assert_eq!(reach(at), reached);
        }
    }
}
