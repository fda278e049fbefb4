//! Files where what was given is read: pictures small, documents by name, each whole one tap away.

use super::File;
use crate::language::t;
use crate::sentences;
use leptos::prelude::*;

/// The files of one field.
#[component]
pub fn Files(
    /// Which.
    files: Vec<File>,
) -> impl IntoView {
    view! {
        <ul class="attachment-list">
            {files.into_iter().map(|file| {
                let (address, size) = (file.address(), sentences::file_size(file.bytes));
                let face = if file.picture {
                    view! { <img class="attachment-face" src=file.thumbnail() alt="" loading="lazy" decoding="async"/> }.into_any()
                } else {
                    view! { <span class="attachment-face" aria-hidden="true">"PDF"</span> }.into_any()
                };
                let title = if file.picture { t("查看原图", "See it whole") } else { t("下载文件", "Download it") };
                view! {
                    <li>
                        <a class="attachment" href=address rel="external noopener" target="_blank" title=title>
                            {face} <span class="attachment-name">{file.name}</span> <span class="quiet">{size}</span>
                        </a>
                    </li>
                }
            }).collect_view()}
        </ul>
    }
}
