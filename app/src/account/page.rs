//! The page of one's own account.

use super::api::{BindPhone, ChangePassword, Mine, load_mine};
use super::password::PasswordSection;
use super::phone::PhoneSection;
use super::telling::TellingSection;
use crate::language::t;
use crate::ui::{Failure, PageTitle};
use leptos::prelude::*;

/// Who one is here, the telephone, the password, and how one is told.
#[component]
pub fn AccountPage() -> impl IntoView {
    // Kept out here: what they answered stays when the account is loaded anew.
    let (bind, change) = (
        ServerAction::<BindPhone>::new(),
        ServerAction::<ChangePassword>::new(),
    );
    let mine = Resource::new_blocking(|| (), |()| load_mine());
    Effect::new(move || {
        if matches!(*bind.value().read(), Some(Ok(_))) {
            mine.refetch();
        }
    });
    view! {
        <PageTitle title=t("我的账号", "My account")/>
        <Transition>
            {move || Suspend::new(async move {
                match mine.await {
                    Ok(mine) => view! { <Sections mine bind change/> }.into_any(),
                    Err(error) => view! { <Failure error/> }.into_any(),
                }
            })}
        </Transition>
        <TellingSection/>
    }
}

#[component]
fn Sections(
    mine: Mine,
    bind: ServerAction<BindPhone>,
    change: ServerAction<ChangePassword>,
) -> impl IntoView {
    let password = mine.password;
    view! {
        <p>
            {mine.name.clone()}
            {mine.number.clone().map(|number| view! { <span class="quiet">" · " {t("学工号", "Number")} " " {number}</span> })}
        </p>
        {password.then(|| view! { <PasswordSection change/> })}
        <PhoneSection mine bind/>
    }
}
