//! The browser's modules: cargo, then wasm-bindgen for each.
//!
//! `wasm-opt` is not among them: measured, it takes 40 s for a module 14 % smaller as it lies and 2 % larger as it is
//! sent (brotli), and a phone waits for what is sent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::options::Options;
use crate::tool;

/// What `app` is for the browser, each with its feature: the pages that the server has rendered, and the app shells, which draw
/// themselves. Two modules, so that a tablet at a gate loads neither the forms of the offices nor what brings rendered pages to life.
const MODULES: [(&str, &str); 2] = [("pages", "hydrate"), ("shells", "csr")];

/// A module as the browser gets it.
pub struct Module {
    /// Its name, and that of its files: `NAME.js`, `NAME_bg.wasm`.
    pub name: &'static str,
    /// The JavaScript that loads it.
    pub glue: String,
    /// The module itself.
    pub wasm: Vec<u8>,
    /// Scripts that crates bring along, by their path in the glue's imports (`snippets/…/inline0.js`).
    pub snippets: BTreeMap<String, String>,
}

/// Builds `app` for the browser.
///
/// # Errors
/// When cargo or wasm-bindgen fails; each has said why.
pub fn build(options: &Options) -> Result<Vec<Module>> {
    MODULES
        .into_iter()
        .map(|(name, feature)| {
            let messages = compile(options, name, feature)?;
            let raw = module_path(&messages, name).with_context(|| format!("cargo named no {name}.wasm"))?;
            let work = raw.with_file_name(format!("{name}.{}.bindgen", std::process::id()));
            let module = process(options, name, &raw, &work);
            let _ = fs::remove_dir_all(&work);
            module
        })
        .collect()
}

/// Lets cargo build one. What it says tells where it is.
fn compile(options: &Options, name: &str, feature: &str) -> Result<Vec<u8>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let profile = if options.dev { "dev" } else { "wasm" };
    let output = Command::new(cargo)
        .args([
            "build",
            "--package",
            "app",
            "--bin",
            name,
            "--target",
            "wasm32-unknown-unknown",
        ])
        .args([
            "--no-default-features",
            "--features",
            feature,
            "--profile",
            profile,
        ])
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    ensure!(
        output.status.success(),
        "cargo could not build the browser's module {name}"
    );
    Ok(output.stdout)
}

/// The `.wasm` file of a module among cargo's messages (one JSON object a line).
fn module_path(messages: &[u8], name: &str) -> Option<PathBuf> {
    let messages = std::str::from_utf8(messages).ok()?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| {
            if message["reason"] != "compiler-artifact" || message["target"]["name"] != name {
                return None;
            }
            let files = message["filenames"].as_array()?;
            files
                .iter()
                .filter_map(|file| file.as_str())
                .find(|file| file.ends_with(".wasm"))
                .map(PathBuf::from)
        })
}

/// Lets wasm-bindgen take out what only tools read, and write the glue.
fn process(options: &Options, name: &'static str, raw: &Path, work: &Path) -> Result<Module> {
    Bindgen::new()
        .input_path(raw)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .debug(options.dev)
        .keep_debug(options.dev)
        .remove_name_section(!options.dev)
        .remove_producers_section(true)
        .generate(work)
        .context("wasm-bindgen failed")?;
    let mut files = Vec::new();
    let folder = work.join("snippets");
    if folder.is_dir() {
        tool::walk(&folder, &mut files)?;
    }
    let snippets = files
        .iter()
        .map(|file| Ok((tool::slashed(file.strip_prefix(work)?), fs::read_to_string(file)?)))
        .collect::<Result<_>>()?;
    Ok(Module {
        name,
        glue: fs::read_to_string(work.join(format!("{name}.js")))?,
        wasm: fs::read(work.join(format!("{name}_bg.wasm")))?,
        snippets,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_where_the_module_is() {
        let messages = br#"{"reason":"compiler-artifact","target":{"name":"app"},"filenames":["/t/libapp.rlib"]}
{"reason":"compiler-artifact","target":{"name":"pages"},"filenames":["/t/w/wasm/pages.js","/t/w/wasm/pages.wasm"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(
            module_path(messages, "pages"),
            Some("/t/w/wasm/pages.wasm".into())
        );
        assert_eq!(module_path(messages, "shells"), None);
        assert_eq!(module_path(b"{}", "pages"), None);
    }
}
