//! Publishing pass kinds: a folder of documents, all of them or none.

use crate::settings::{PublishKinds, PublishPreset, Settings};
use app::backend::kind_document;
use app::backend::now;
use leptos::prelude::{Owner, provide_context};
use pass::site::Language;
use pass::{PassKind, SiteCode};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

/// Publishes every document of a folder that says something else than the newest version of its kind. Nothing is published while
/// any of them has a fault; each fault is told with file, line and reason.
///
/// # Errors
/// What is missing or wrong, in one sentence.
pub async fn publish(settings: &Settings, asked: &PublishKinds) -> Result<(), Failure> {
    publish_all(settings, &asked.site, read_folder(&asked.folder)?).await
}

/// [`publish`] for the documents of a preset.
///
/// # Errors
/// Those of [`publish`].
pub async fn publish_preset(settings: &Settings, asked: &PublishPreset) -> Result<(), Failure> {
    let documents = asked.preset.documents().iter();
    let read = read_all(documents.map(|(file, text)| (PathBuf::from(file), Ok((*text).to_owned()))));
    publish_all(settings, &asked.site, read).await
}

async fn publish_all(
    settings: &Settings,
    site: &str,
    (documents, mut faults): (Documents, Vec<String>),
) -> Result<(), Failure> {
    let pool = store::open(&settings.database_url, 1, None)
        .await
        .map_err(|error| format!("the database cannot be reached: {error}"))?;
    let code: SiteCode = site.parse().map_err(|_| format!("{site} is no site's code"))?;
    let site = store::site::by_code(&pool, &code)
        .await?
        .ok_or_else(|| format!("there is no site {code}"))?;
    let zones = store::checkpoint::zone_set(&pool, site.id).await?;
    for (file, text, kind) in documents.values() {
        let wrong = kind_document::read_for(text, kind.version, zones).err();
        faults.extend(wrong.into_iter().flatten().map(|fault| told(file, &fault)));
    }
    if !faults.is_empty() {
        return Err(format!("nothing is published:\n{}", faults.join("\n")).into());
    }
    let mut out = std::io::stdout().lock();
    for (_, _, mut kind) in documents.into_values() {
        let newest = store::pass_kind::newest(&pool, site.id, &kind.key).await?;
        if let Some(newest) = newest {
            if newest.offered && kind.says_the_same(&newest.kind) {
                let version = newest.kind.version;
                writeln!(out, "{:<32} version {version} as it is", kind.key.as_str())?;
                continue;
            }
            kind.version = newest.kind.version + 1;
        }
        store::pass_kind::publish(&pool, site.id, &kind, None, now())
            .await
            .map_err(|error| match error.conflict() {
                Some(store::Conflict::VersionPublished) => {
                    format!(
                        "{}: somebody else has just published a version: run this again",
                        kind.key
                    )
                }
                _ => error.to_string(),
            })?;
        writeln!(
            out,
            "{:<32} version {} published",
            kind.key.as_str(),
            kind.version
        )?;
    }
    Ok(())
}

/// By key: the file, what it says, and the kind in it.
type Documents = BTreeMap<String, (PathBuf, String, PassKind)>;

/// Reads every `.toml` of a folder: the kinds by their keys, and what is wrong, a line each.
fn read_folder(folder: &Path) -> Result<(Documents, Vec<String>), Failure> {
    let cannot = |error| format!("{} cannot be read: {error}", folder.display());
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(cannot)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(cannot)?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    if files.is_empty() {
        return Err(format!("{} has no .toml document", folder.display()).into());
    }
    Ok(read_all(files.into_iter().map(|file| {
        let text = std::fs::read_to_string(&file);
        (file, text)
    })))
}

/// Reads documents: the kinds by their keys, and what is wrong, a line each.
fn read_all(files: impl Iterator<Item = (PathBuf, std::io::Result<String>)>) -> (Documents, Vec<String>) {
    let (mut documents, mut faults) = (Documents::new(), Vec::new());
    for (file, text) in files {
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                faults.push(format!("{}: {error}", file.display()));
                continue;
            }
        };
        match kind_document::read(&text, 1) {
            Err(wrong) => faults.extend(wrong.into_iter().map(|fault| told(&file, &fault))),
            Ok(kind) => {
                if let Some((other, ..)) = documents.get(kind.key.as_str()) {
                    faults.push(format!(
                        "{}: key: {} has the same key, {}",
                        file.display(),
                        other.display(),
                        kind.key
                    ));
                } else {
                    documents.insert(kind.key.to_string(), (file, text, kind));
                }
            }
        }
    }
    (documents, faults)
}

/// `file:line: part: reason`.
fn told(file: &Path, fault: &kind_document::DocumentFault) -> String {
    let reason = Owner::new().with(|| {
        // The command line speaks English, like everything an operator reads there.
        provide_context(Language::En);
        kind_document::reason(&fault.what)
    });
    let part = if fault.path.is_empty() {
        String::new()
    } else {
        format!(" {}:", fault.path)
    };
    format!("{}:{}:{part} {reason}", file.display(), fault.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(documents: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("campus-kinds-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        for (name, text) in documents {
            std::fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    const GOOD: &str = include_str!("../../app/kinds/cqu/resident-once.toml");

    #[test]
    fn faults_are_told_with_file_line_and_reason() {
        let wrong = GOOD.replace("latest_days = 6", "latest_days = 600");
        let folder = folder(&[
            ("a.toml", GOOD),
            ("b.toml", &wrong),
            ("c.toml", "key = "),
            ("d.toml", GOOD),
            ("e.md", ""),
        ]);
        let (documents, faults) = read_folder(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(documents.len(), 1);
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(
            faults[0].contains("b.toml:11: window.latest_days: Not more than 366."),
            "{}",
            faults[0]
        );
        assert!(faults[1].contains("c.toml:1:"), "{}", faults[1]);
        assert!(
            faults[2].contains("d.toml: key: ") && faults[2].ends_with("resident-once"),
            "{}",
            faults[2]
        );
    }

    #[test]
    fn an_empty_folder_is_no_answer() {
        let folder = folder(&[]);
        assert!(read_folder(&folder).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
