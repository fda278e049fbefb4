//! The output directory: hashed files, plain files, and the lists that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::options::Options;
use crate::press::{self, Effort};
use crate::tool;

/// How many builds' hashed files stay for pages that were opened before an update.
const KEPT_BUILDS: usize = 5;

/// The name in `files.json` under which the build's own name stands. No file is called so: they have endings.
const BUILD: &str = "build";

/// One build, as `builds.json` remembers it for pruning.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq, Clone)]
struct Build {
    /// The hash over all its files.
    build: String,
    /// The addresses of its hashed files.
    files: BTreeSet<String>,
}

/// A site being put together.
pub struct Site {
    out: PathBuf,
    effort: Effort,
    /// Logical name → address, of the hashed files.
    files: BTreeMap<String, String>,
    /// Address → hash, of the files that keep their names.
    plain: BTreeMap<String, String>,
}

impl Site {
    /// An empty list over the output directory, which may hold earlier builds.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn open(options: &Options) -> Result<Self> {
        fs::create_dir_all(options.out.join("pkg"))
            .with_context(|| format!("{} cannot be made", options.out.display()))?;
        let effort = if options.dev { Effort::Quick } else { Effort::Best };
        Ok(Self {
            out: options.out.clone(),
            effort,
            files: BTreeMap::new(),
            plain: BTreeMap::new(),
        })
    }

    /// What was put under hashed names so far: logical name → address.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// Puts a file under a name that carries its content's hash, and says its address. A file that is there already is
    /// not written again.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn put_hashed(&mut self, logical: &str, bytes: &[u8]) -> Result<String> {
        let hash = tool::short_hash(&[bytes]);
        let (stem, ending) = logical.rsplit_once('.').unwrap_or((logical, "bin"));
        let address = format!("/pkg/{stem}.{hash}.{ending}");
        let path = self.path(&address);
        if !path.is_file() {
            self.write(&address, bytes)?;
        }
        self.files.insert(logical.to_owned(), address.clone());
        Ok(address)
    }

    /// Puts a file under its own name.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn put_plain(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let address = format!("/{name}");
        if fs::read(self.path(&address)).ok().as_deref() != Some(bytes) {
            self.write(&address, bytes)?;
        }
        self.plain.insert(address, tool::short_hash(&[bytes]));
        Ok(())
    }

    /// The build's name: a hash over everything put so far and the service worker that is still to come.
    pub fn digest(&self, worker: &str) -> String {
        let parts = self
            .files
            .values()
            .chain(self.plain.keys())
            .chain(self.plain.values());
        let parts = parts.map(String::as_str).chain([worker]);
        tool::short_hash(&parts.map(str::as_bytes).collect::<Vec<_>>())
    }

    /// What the service worker keeps: the hashed files but those of the logical names in `online`, and the plain ones but
    /// pictures, which the browser fetches for itself when it installs the app.
    pub fn precached(&self, online: &[&str]) -> Vec<String> {
        let hashed = self
            .files
            .iter()
            .filter(|(name, _)| !online.contains(&name.as_str()));
        let plain = self.plain.keys().filter(|address| press::worth_it(address));
        hashed.map(|(_, address)| address).chain(plain).cloned().collect()
    }

    /// Forgets the oldest builds' files and writes `files.json`, with the build's name among them.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn finish(mut self, name: &str) -> Result<()> {
        let build = Build {
            build: name.to_owned(),
            files: self.files.values().cloned().collect(),
        };
        let list = self.out.join("builds.json");
        let mut builds: Vec<Build> = fs::read(&list)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        for address in remember(&mut builds, &build) {
            for ending in ["", ".br", ".gz"] {
                let _ = fs::remove_file(self.path(&format!("{address}{ending}")));
            }
        }
        tool::write_whole(&list, &lines(&builds)?)?;
        self.files.insert(BUILD.to_owned(), build.build);
        tool::write_whole(&self.out.join("files.json"), &lines(&self.files)?)
    }

    fn path(&self, address: &str) -> PathBuf {
        self.out.join(address.trim_start_matches('/'))
    }

    /// The compressed ones first: a file that is there has its neighbours.
    fn write(&self, address: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(address);
        if press::worth_it(address) {
            let beside = |ending| self.path(&format!("{address}.{ending}"));
            tool::write_whole(&beside("br"), &press::brotli(bytes, self.effort)?)?;
            tool::write_whole(&beside("gz"), &press::gzip(bytes, self.effort)?)?;
        }
        tool::write_whole(&path, bytes)
    }
}

fn lines(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

/// Puts a build at the list's end, drops the oldest beyond [`KEPT_BUILDS`], and says which files nobody needs now.
fn remember(builds: &mut Vec<Build>, build: &Build) -> BTreeSet<String> {
    builds.retain(|earlier| earlier.build != build.build);
    builds.push(build.clone());
    let dropped: Vec<Build> = builds.drain(..builds.len().saturating_sub(KEPT_BUILDS)).collect();
    let needed: BTreeSet<&String> = builds.iter().flat_map(|build| &build.files).collect();
    dropped
        .iter()
        .flat_map(|build| &build.files)
        .filter(|file| !needed.contains(file))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(name: &str, files: &[&str]) -> Build {
        Build {
            build: name.to_owned(),
            files: files.iter().map(|file| (*file).to_owned()).collect(),
        }
    }

    #[test]
    fn files_stay_for_five_builds_and_while_one_needs_them() {
        let mut builds = Vec::new();
        for number in 0..KEPT_BUILDS {
            assert!(
                remember(
                    &mut builds,
                    &build(&number.to_string(), &["same", &format!("own{number}")])
                )
                .is_empty()
            );
        }
        let again = build("1", &["same", "own1"]);
        assert!(
            remember(&mut builds, &again).is_empty(),
            "the same build again is no new one"
        );
        let gone = remember(&mut builds, &build("6", &["same", "own6"]));
        assert_eq!(gone, BTreeSet::from(["own0".to_owned()]));
        assert_eq!(builds.len(), KEPT_BUILDS);
    }

    #[test]
    fn a_site_is_written_once_and_read_by_its_list() {
        let out = std::env::temp_dir().join(format!("campus-build-test-{}", std::process::id()));
        let options = Options {
            dev: true,
            out: out.clone(),
        };
        let mut site = Site::open(&options).unwrap();
        let address = site.put_hashed("main.css", b"body{}").unwrap();
        site.put_plain("offline.html", b"<html>").unwrap();
        site.put_plain("icon.png", b"png").unwrap();
        assert_eq!(site.precached(&[]), [address.clone(), "/offline.html".to_owned()]);
        assert_eq!(site.precached(&["main.css"]), ["/offline.html".to_owned()]);
        let name = site.digest("self.x = 1;");
        assert_eq!(name.len(), 16);
        assert_ne!(
            name,
            site.digest("self.x = 2;"),
            "another service worker is another build"
        );
        site.finish(&name).unwrap();

        let list = fs::read_to_string(out.join("files.json")).unwrap();
        let list: BTreeMap<String, String> = serde_json::from_str(&list).unwrap();
        assert_eq!(list["main.css"], address);
        assert_eq!(list["build"], name);
        let file = out.join(address.trim_start_matches('/'));
        assert_eq!(fs::read(&file).unwrap(), b"body{}");
        assert!(
            file.with_file_name(format!("{}.br", file.file_name().unwrap().display()))
                .is_file()
        );
        fs::remove_dir_all(out).unwrap();
    }
}
