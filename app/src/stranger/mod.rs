//! `/v`: what somebody sees whose ordinary scanner opened a pass's link.

use crate::language::t;
use crate::ui::PageTitle;
use leptos::prelude::*;

/// Says what the code is and that only a gate's tablet can admit. Reads nothing from the link and asks for nothing.
#[component]
pub fn StrangerPage() -> impl IntoView {
    view! {
        <PageTitle title=t("这是一张校园通行码", "This is a campus pass")/>
        <div class="stranger">
            <p class="stranger-sign" data-tone="care">
                <strong>{t("扫出这个页面，不代表可以放行。", "Seeing this page does not admit anybody.")}</strong>
            </p>
            <p>{t("普通扫码软件（微信、支付宝等）只能打开这个页面，无法判断通行码的真伪。", "An ordinary scanner app (WeChat, Alipay…) can only open this page. It cannot tell whether the pass is genuine.")}</p>
            <h2>{t("门卫请这样做", "If you guard a gate")}</h2>
            <p>{t("请用门岗的核验终端扫码：终端当场判断真伪、有效期和是否已使用，没有网络也可以。", "Scan it with the gate’s tablet. It tells at once whether the pass is genuine, valid and unused, also without a network.")}</p>
            <h2>{t("持码人请这样做", "If it is your pass")}</h2>
            <p>{t("进门时打开“我的通行码”，连同有效证件出示给门岗即可。请勿把通行码截图发给他人。", "At the gate, open “My code” and show it with a valid document. Do not send pictures of it to others.")}</p>
            <p class="quiet">{t("本页面不需要账号或密码，也不会读取码中的内容。", "This page needs no login or password, and reads nothing of what the code holds.")}</p>
        </div>
    }
}
