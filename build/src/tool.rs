//! Small things all steps need: hashes, files that appear whole, programs that are run.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

/// The first 64 bits of SHA-256 in hexadecimal: what names carry.
pub fn short_hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Writes a file that is either not there or whole: a temporary name first, then a rename.
///
/// # Errors
/// When the directory cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().context("a file lies in a directory")?;
    fs::create_dir_all(directory).with_context(|| format!("{} cannot be made", directory.display()))?;
    let mut name = path.file_name().context("a file has a name")?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = directory.join(name);
    fs::write(&part, bytes).with_context(|| format!("{} cannot be written", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("{} cannot be put in place", path.display()))
}

/// All files below a directory, in alphabetical order.
///
/// # Errors
/// When a directory cannot be read.
pub fn walk(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = fs::read_dir(directory)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// A relative path with slashes, as addresses have them.
pub fn slashed(path: &Path) -> String {
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// Runs a program and takes what it prints; its errors go to the terminal.
///
/// # Errors
/// When it cannot be started or ends with an error.
pub fn run<S: AsRef<OsStr>>(program: &Path, arguments: impl IntoIterator<Item = S>) -> Result<Vec<u8>> {
    let output = Command::new(program)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{} cannot be started: script/need installs it", program.display()))?;
    ensure!(
        output.status.success(),
        "{} ended with an error",
        program.display()
    );
    Ok(output.stdout)
}
