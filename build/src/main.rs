//! Builds what the browser loads: the WASM modules and their glue, the stylesheet, the service worker, and the files of
//! `public/`, under content-hashed names and compressed, in one directory that the server serves as it is.
//!
//! It is the one way the browser's half is built, for working, testing and releasing. It does not build the server
//! (`cargo build -p server` does) and installs nothing (`script/need` does). What it leaves in the output directory:
//!
//! - `files.json`: logical name → address, for instance `"pages.js": "/pkg/pages.3f2a….js"`, and under `build` the build's own
//!   name. It is written last, so that a server that starts in the middle of a build still finds a whole one.
//! - `pkg/`: the hashed files. Those of the last builds stay, so that a page opened before an update still finds its own.
//! - everything of `public/` under its own name, `sw.js` with the list of this build's files before it.
//! - `.br` and `.gz` beside each file that is worth compressing.

mod options;
mod press;
mod site;
mod style;
mod template;
mod tool;
mod wasm;
mod worker;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::options::Options;
use crate::site::Site;

/// What the service worker need not keep: these pages are rendered by the server, so they are not there without it.
const ONLINE: [&str; 3] = ["pages.js", "pages_bg.wasm", "start-pages.js"];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("campus-build: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<()> {
    let Some(options) = Options::from_arguments(std::env::args().skip(1))? else {
        say(options::USAGE);
        return Ok(());
    };
    ensure!(
        Path::new("app/Cargo.toml").is_file(),
        "run it from the checkout's root: app/Cargo.toml is not here"
    );
    let started = Instant::now();

    let modules = wasm::build(&options)?;
    let mut site = Site::open(&options)?;
    for module in &modules {
        say(&format!("  {:8} {} KB", module.name, module.wasm.len() / 1000));
        put_module(&mut site, module)?;
    }
    site.put_hashed("main.css", style::build(&options)?.as_bytes())?;
    let build = put_public(&mut site)?;
    site.finish(&build)?;

    say(&format!(
        "  site     {} (build {build}, {:.1} s)",
        options.out.display(),
        started.elapsed().as_secs_f32()
    ));
    Ok(())
}

/// The module, the scripts its crates bring along, and the glue that loads both by their hashed names.
fn put_module(site: &mut Site, module: &wasm::Module) -> Result<()> {
    let mut glue = module.glue.clone();
    for (path, text) in &module.snippets {
        ensure!(
            !text.contains("from '.") && !text.contains("from \"."),
            "the snippet {path} imports another file by a relative path: its hashed name would not be found"
        );
        let logical = path.replace('/', "-");
        let address = site.put_hashed(&logical, text.as_bytes())?;
        glue = glue.replace(&format!("./{path}"), &address);
    }
    let wasm = format!("{}_bg.wasm", module.name);
    let address = site.put_hashed(&wasm, &module.wasm)?;
    glue = glue.replace(&format!("'{wasm}'"), &format!("'{address}'"));
    site.put_hashed(&format!("{}.js", module.name), glue.as_bytes())?;
    Ok(())
}

/// `public/pkg/` is filled in and hashed; the rest keeps its name. The service worker comes last: it lists the others. Returns the
/// build's name.
fn put_public(site: &mut Site) -> Result<String> {
    let mut files = Vec::new();
    tool::walk(Path::new("public"), &mut files).context("public/ cannot be read")?;
    for path in &files {
        let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let name = tool::slashed(path.strip_prefix("public")?);
        if let Some(logical) = name.strip_prefix("pkg/") {
            let text = String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8"))?;
            let filled = template::fill(&text, site.files()).with_context(|| format!("in public/{name}"))?;
            site.put_hashed(logical, filled.as_bytes())?;
        } else if name != worker::NAME {
            site.put_plain(&name, &bytes)?;
        }
    }
    let script = std::fs::read_to_string(Path::new("public").join(worker::NAME))
        .context("public/sw.js cannot be read")?;
    let build = site.digest(&script);
    let text = worker::with_list(&script, &build, &site.precached(&ONLINE))?;
    site.put_plain(worker::NAME, text.as_bytes())?;
    Ok(build)
}

#[expect(clippy::print_stdout, reason = "a command-line tool says what it does")]
fn say(line: &str) {
    println!("{line}");
}
