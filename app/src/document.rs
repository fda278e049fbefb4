//! The document around the pages, written by the server once per request.

use crate::App;
use crate::language::{language, tag};
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// `<html>` to `</html>`, with the addresses of this build's files.
#[component]
pub fn Document(
    /// The style sheet's address.
    style: String,
    /// The start script's address.
    start: String,
) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=tag(language())>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="theme-color" content="#0b3d2e"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icon-192.png"/>
                <link rel="stylesheet" href=style/>
                <script type="module" src=start></script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
