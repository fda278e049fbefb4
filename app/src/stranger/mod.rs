//! `/v`: what somebody sees whose ordinary scanner opened a pass's link.

use crate::language::t;
use crate::ui::PageTitle;
use leptos::prelude::*;

/// Says what the code is and that only a gate's tablet can admit. Reads nothing from the link and asks for nothing.
#[component]
pub fn StrangerPage() -> impl IntoView {
    view! {
        <PageTitle title=t("这是一张校园通行码", "This is a campus pass")/>
        <p>{t("普通扫码软件（微信、支付宝等）只能打开这个页面，不能放行。", "An ordinary scanner app can only open this page; it cannot admit anybody.")}</p>
        <p>{t("请在门岗由核验终端扫码：终端会当场判断真伪、有效期和是否已使用。", "At the gate, let the guard's tablet scan it: the tablet tells at once whether it is genuine, valid and unused.")}</p>
        <p>{t("本页面不需要账号或密码，也不会读取码中的内容。", "This page needs no login or password, and reads nothing of what the code holds.")}</p>
    }
}
