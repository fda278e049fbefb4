//! The browser's half: cargo, then wasm-bindgen.
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

/// The module as the browser gets it.
pub struct Module {
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
pub fn build(options: &Options) -> Result<Module> {
    let raw = compile(options)?;
    let work = raw.with_file_name(format!("app.{}.bindgen", std::process::id()));
    let module = process(options, &raw, &work);
    let _ = fs::remove_dir_all(&work);
    module
}

/// Lets cargo build it and say where it is.
fn compile(options: &Options) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let profile = if options.dev { "dev" } else { "wasm" };
    let output = Command::new(cargo)
        .args([
            "build",
            "--package",
            "app",
            "--lib",
            "--target",
            "wasm32-unknown-unknown",
        ])
        .args([
            "--no-default-features",
            "--features",
            "hydrate",
            "--profile",
            profile,
        ])
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    ensure!(
        output.status.success(),
        "cargo could not build the browser's half"
    );
    module_path(&output.stdout).context("cargo named no .wasm file")
}

/// The `.wasm` file of the package `app` among cargo's messages (one JSON object a line).
fn module_path(messages: &[u8]) -> Option<PathBuf> {
    let messages = std::str::from_utf8(messages).ok()?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| {
            if message["reason"] != "compiler-artifact" || message["target"]["name"] != "app" {
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
fn process(options: &Options, raw: &Path, work: &Path) -> Result<Module> {
    Bindgen::new()
        .input_path(raw)
        .out_name("app")
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
        glue: fs::read_to_string(work.join("app.js"))?,
        wasm: fs::read(work.join("app_bg.wasm"))?,
        snippets,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_where_the_module_is() {
        let messages = br#"{"reason":"compiler-artifact","target":{"name":"pass"},"filenames":["/t/libpass.rlib"]}
{"reason":"compiler-artifact","target":{"name":"app"},"filenames":["/t/w/wasm/libapp.rlib","/t/w/wasm/app.wasm"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(module_path(messages), Some("/t/w/wasm/app.wasm".into()));
        assert_eq!(module_path(b"{}"), None);
    }
}
