//! The stylesheet: `style/main.css` with everything it imports, in one file.

use std::path::Path;

use anyhow::{Context, Result};

use crate::options::Options;
use crate::tool;

/// The oldest browsers it is written for: the first with module workers and reference types in WASM, which the gate
/// needs, in the engines people have (WeChat's own is a Chromium).
const TARGETS: &str = "chrome 100, safari 15.4, ios_saf 15.4, firefox 114";

/// Bundles, and minifies what ships.
///
/// # Errors
/// When the stylesheet has an error; the tool's message says where.
pub fn build(options: &Options) -> Result<String> {
    let mut arguments = vec!["build/style.mjs", "style/main.css", TARGETS];
    if !options.dev {
        arguments.push("--minify");
    }
    let css = tool::run(Path::new("node"), arguments).context("the stylesheet could not be built")?;
    String::from_utf8(css).context("the stylesheet is not UTF-8")
}
