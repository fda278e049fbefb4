//! The browser's half: cargo, wasm-bindgen, wasm-opt.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::options::Options;
use crate::tool;

/// What the rest of the target directory's name for post-processed modules is, and how many are kept.
const KEPT: (&str, usize) = ("campus-build", 4);

/// The WASM features Rust's target has switched on since 1.87, which `wasm-opt` is told because the section that
/// says so does not survive wasm-bindgen.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The module as the browser gets it.
pub struct Module {
    /// The JavaScript that loads it.
    pub glue: String,
    /// The module itself.
    pub wasm: Vec<u8>,
    /// Scripts that crates bring along, by their path in the glue's imports (`snippets/…/inline0.js`).
    pub snippets: BTreeMap<String, String>,
}

/// Builds `app` for the browser. What was post-processed once is taken again while cargo's output is the same.
///
/// # Errors
/// When one of the tools fails; each has said why.
pub fn build(options: &Options) -> Result<Module> {
    let raw = compile(options)?;
    let bytes = fs::read(&raw).with_context(|| format!("{} cannot be read", raw.display()))?;
    let lock = fs::read("build/package-lock.json").context("build/package-lock.json cannot be read")?;
    let key = tool::short_hash(&[
        &bytes,
        &lock,
        &[u8::from(options.dev)],
        FEATURES.concat().as_bytes(),
    ]);
    let shelf = raw.ancestors().nth(3).context("a target directory")?.join(KEPT.0);
    let done = shelf.join(&key);
    if !done.is_dir() {
        let part = shelf.join(format!("{key}.{}.part", std::process::id()));
        process(options, &raw, &part)?;
        fs::rename(&part, &done).or_else(|error| if done.is_dir() { Ok(()) } else { Err(error) })?;
        forget_old(&shelf)?;
    }
    read(&done)
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

/// wasm-bindgen, then wasm-opt on what ships.
fn process(options: &Options, raw: &Path, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(raw)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .debug(options.dev)
        .keep_debug(options.dev)
        .remove_name_section(!options.dev)
        .remove_producers_section(true)
        .generate(out)
        .context("wasm-bindgen failed")?;
    if !options.dev {
        let module = out.join("app_bg.wasm");
        let small = out.join("small.wasm");
        let mut arguments = vec![
            module.as_os_str(),
            "-Oz".as_ref(),
            "-o".as_ref(),
            small.as_os_str(),
        ];
        arguments.extend(
            FEATURES
                .iter()
                .map(|feature| AsRef::<std::ffi::OsStr>::as_ref(*feature)),
        );
        tool::run(&tool::from_npm("wasm-opt"), arguments)?;
        fs::rename(&small, &module)?;
    }
    Ok(())
}

fn read(directory: &Path) -> Result<Module> {
    let snippets = directory.join("snippets");
    let mut files = Vec::new();
    if snippets.is_dir() {
        tool::walk(&snippets, &mut files)?;
    }
    let snippets = files
        .iter()
        .map(|file| {
            Ok((
                tool::slashed(file.strip_prefix(directory)?),
                fs::read_to_string(file)?,
            ))
        })
        .collect::<Result<_>>()?;
    Ok(Module {
        glue: fs::read_to_string(directory.join("app.js"))?,
        wasm: fs::read(directory.join("app_bg.wasm"))?,
        snippets,
    })
}

/// Keeps the newest few modules.
fn forget_old(shelf: &Path) -> Result<()> {
    let mut kept = fs::read_dir(shelf)?
        .filter_map(|entry| {
            entry
                .ok()
                .and_then(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        })
        .collect::<Vec<_>>();
    kept.sort();
    for (_, path) in kept.iter().rev().skip(KEPT.1) {
        fs::remove_dir_all(path)?;
    }
    Ok(())
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
