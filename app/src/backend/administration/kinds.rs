//! Pass kinds: their versions, and publishing another.

use super::Administrator;
use super::kind_words::{changes, faults, preview, rules};
use crate::admin::kinds::api::{
    Beginning, Checked, Fault, History, Kind, Kinds, Proposal, Publication, Version,
};
use crate::backend::kind_document::{self, What};
use crate::backend::presets;
use crate::error::{self, AppError};
use crate::sentences;
use pass::Text;
use pass::kind::{KindKey, PassKind};
use std::collections::{BTreeMap, BTreeSet};
use store::Conflict;
use store::pass_kind::{Published, Record};

/// The longest document that is read, in characters.
pub const MAX_CHARS: u16 = 60_000;

/// What a new kind begins with.
const EXAMPLE: &str = include_str!("kind_example.toml");

/// Every version of every kind, oldest first, with what is known about it.
type ByKey = BTreeMap<KindKey, Vec<(Published, Record)>>;

impl Administrator {
    /// The published kinds, those that are offered first.
    ///
    /// # Errors
    /// The store's.
    pub async fn kinds(&self) -> Result<Kinds, AppError> {
        let (by_key, zones) = (self.by_key().await?, self.zone_names().await?);
        let kind = |versions: &Vec<_>| self.kind(versions, &zones);
        let mut kinds: Vec<Kind> = by_key.values().filter_map(kind).collect();
        kinds.sort_by_key(|kind| !kind.offered);
        let presets = presets::Preset::ALL
            .into_iter()
            .flat_map(presets::Preset::documents);
        Ok(Kinds {
            kinds,
            presets: presets
                .filter_map(|(file, text)| {
                    let kind = kind_document::read(text, 1).ok()?;
                    Some(((*file).to_owned(), kind.title))
                })
                .collect(),
        })
    }

    /// A kind's versions with what they say.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn kind_history(&self, key: &str) -> Result<History, AppError> {
        let key: KindKey = key.parse().map_err(|_| AppError::NotFound)?;
        let versions = self.by_key().await?.remove(&key).ok_or(AppError::NotFound)?;
        let zones = self.zone_names().await?;
        let kind = self.kind(&versions, &zones).ok_or(AppError::NotFound)?;
        let mut documents = Vec::new();
        let mut before = String::new();
        for (published, _) in &versions {
            let text = written(&published.kind)?;
            documents.push((text.clone(), changes(&before, &text)));
            before = text;
        }
        documents.reverse();
        Ok(History { kind, documents })
    }

    /// What the editor begins with.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn kind_beginning(&self, key: &str, copy: &str, preset: &str) -> Result<Beginning, AppError> {
        let new = |text: String| Beginning {
            account: self.viewer.id().0,
            title: None,
            from: 0,
            offered: false,
            text,
        };
        if !key.is_empty() {
            let newest = self.newest(key).await?;
            return Ok(Beginning {
                title: Some(newest.kind.title.clone()),
                from: newest.kind.version,
                offered: newest.offered,
                ..new(written(&newest.kind)?)
            });
        }
        if !copy.is_empty() {
            let taken: BTreeSet<KindKey> = self.by_key().await?.into_keys().collect();
            let mut kind = self.newest(copy).await?.kind;
            kind.key = free_key(&kind.key, &taken);
            return Ok(new(written(&kind)?));
        }
        if !preset.is_empty() {
            let text = presets::document(preset).ok_or(AppError::NotFound)?;
            return Ok(new(text.to_owned()));
        }
        Ok(new(EXAMPLE.to_owned()))
    }

    /// A version's document, the newest's where none is named, and its version.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn kind_document(&self, key: &str, version: Option<u32>) -> Result<(String, u32), AppError> {
        let Some(version) = version else {
            let newest = self.newest(key).await?.kind;
            return Ok((written(&newest)?, newest.version));
        };
        let all = store::pass_kind::all(self.pool(), self.site()).await?;
        let kind = all
            .into_iter()
            .map(|one| one.kind)
            .find(|kind| kind.key.as_str() == key && kind.version == version)
            .ok_or(AppError::NotFound)?;
        Ok((written(&kind)?, version))
    }

    /// Checks a document without publishing it.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; `text` too long.
    pub async fn check_kind(&self, key: &str, text: &str) -> Result<Checked, AppError> {
        let kind = match self.read(key, text).await? {
            Ok(kind) => kind,
            Err(faults) => return Ok(Checked::Faulty(faults)),
        };
        let newest = store::pass_kind::newest(self.pool(), self.site(), &kind.key).await?;
        let same = |newest: &Published| newest.offered && kind.says_the_same(&newest.kind);
        let (before, version, same) = match &newest {
            // A new kind whose key is in use is told so at once, but for one that has just been published and is sent again.
            Some(newest) if key.is_empty() && !same(newest) => {
                let taken = kind_document::at(text, "key", What::KeyTaken);
                return Ok(Checked::Faulty(faults(vec![taken])));
            }
            Some(newest) => (written(&newest.kind)?, newest.kind.version + 1, same(newest)),
            None if key.is_empty() => (String::new(), 1, false),
            None => return Err(AppError::NotFound),
        };
        let of_key = self.by_key().await?.remove(&kind.key);
        let running = of_key.iter().flatten().map(|(_, record)| record.running).sum();
        Ok(Checked::Good(Box::new(Proposal {
            title: kind.title.clone(),
            version,
            changes: changes(&before, &written(&kind)?),
            same,
            running: sentences::flow::running(running),
            preview: preview(&kind, &self.zone_names().await?),
        })))
    }

    /// Publishes a document as the version after `from`. Two who do so at once leave one version: the constraint decides, and the
    /// other is shown what has come between.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; `text` too long.
    pub async fn publish_kind(&self, key: &str, from: u32, text: &str) -> Result<Publication, AppError> {
        let mut kind = match self.read(key, text).await? {
            Ok(kind) => kind,
            Err(faults) => return Ok(Publication::Faulty(faults)),
        };
        let newest = store::pass_kind::newest(self.pool(), self.site(), &kind.key).await?;
        if newest.is_none() && !key.is_empty() {
            return Err(AppError::NotFound);
        }
        if let Some(newest) = newest {
            // The answer to a publication may have been lost: sent again it is this.
            if newest.offered && kind.says_the_same(&newest.kind) {
                let version = newest.kind.version;
                return Ok(Publication::Same {
                    key: kind.key,
                    version,
                });
            }
            if newest.kind.version != from {
                return self.overtaken(&kind.key, from).await;
            }
        }
        kind.version = from + 1;
        let by = Some(self.viewer.id());
        match store::pass_kind::publish(self.pool(), self.site(), &kind, by, self.now).await {
            Ok(_) => Ok(Publication::Published {
                version: kind.version,
                key: kind.key,
            }),
            Err(error) if error.conflict() == Some(Conflict::VersionPublished) => {
                self.overtaken(&kind.key, from).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Stops offering a kind.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Changed`] when there is a newer version.
    pub async fn retire_kind(&self, key: &str, version: u32) -> Result<(), AppError> {
        let newest = self.newest(key).await?;
        let (pool, site, key) = (self.pool(), self.site(), &newest.kind.key);
        let done = store::pass_kind::retire(pool, site, key, version, self.now).await?;
        // Retired already is what was wanted.
        (done || newest.kind.version == version)
            .then_some(())
            .ok_or(AppError::Changed)
    }

    /// Offers a kind again, as a version that says the same.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Changed`].
    pub async fn offer_kind(&self, key: &str, version: u32) -> Result<(), AppError> {
        let newest = self.newest(key).await?;
        let text = written(&newest.kind)?;
        match self.publish_kind(key, version, &text).await? {
            Publication::Published { .. } | Publication::Same { .. } => Ok(()),
            Publication::Faulty(_) | Publication::Overtaken { .. } => Err(AppError::Changed),
        }
    }

    /// What has come between, for whoever meant to follow `from`.
    async fn overtaken(&self, key: &KindKey, from: u32) -> Result<Publication, AppError> {
        let versions = self.by_key().await?.remove(key).unwrap_or_default();
        let edited = versions.iter().find(|(one, _)| one.kind.version == from);
        let before = edited.map_or(Ok(String::new()), |(one, _)| written(&one.kind))?;
        let (newest, record) = versions.into_iter().next_back().ok_or(AppError::Changed)?;
        Ok(Publication::Overtaken {
            version: newest.kind.version,
            by: record.by,
            changes: changes(&before, &written(&newest.kind)?),
        })
    }

    /// Reads a document for this site, where it is a version of the kind `key`; that is empty for a new one.
    async fn read(&self, key: &str, text: &str) -> Result<Result<PassKind, Vec<Fault>>, AppError> {
        let max_chars = MAX_CHARS;
        if text.chars().count() > usize::from(max_chars) {
            return Err(AppError::invalid("text", error::Fault::TooLong { max_chars }));
        }
        let zones = store::checkpoint::zone_set(self.pool(), self.site()).await?;
        Ok(match kind_document::read_for(text, 1, zones) {
            Ok(kind) if !key.is_empty() && kind.key.as_str() != key => {
                let moved = kind_document::at(text, "key", What::OtherKey(key.to_owned()));
                Err(faults(vec![moved]))
            }
            Ok(kind) => Ok(kind),
            Err(wrong) => Err(faults(wrong)),
        })
    }

    /// The newest version of a kind.
    async fn newest(&self, key: &str) -> Result<Published, AppError> {
        let key: KindKey = key.parse().map_err(|_| AppError::NotFound)?;
        store::pass_kind::newest(self.pool(), self.site(), &key)
            .await?
            .ok_or(AppError::NotFound)
    }

    async fn by_key(&self) -> Result<ByKey, AppError> {
        let records = store::pass_kind::records(self.pool(), self.site()).await?;
        let all = store::pass_kind::all(self.pool(), self.site()).await?;
        let mut by_key = ByKey::new();
        for published in all {
            // One published between the two questions waits for the next.
            if let Some(record) = records.iter().find(|record| record.no == published.no) {
                let versions = by_key.entry(published.kind.key.clone()).or_default();
                versions.push((published, record.clone()));
            }
        }
        Ok(by_key)
    }

    /// A kind of which these are the versions, oldest first.
    fn kind(&self, versions: &[(Published, Record)], zones: &[(u8, Text)]) -> Option<Kind> {
        let (newest, _) = versions.last()?;
        Some(Kind {
            key: newest.kind.key.clone(),
            title: newest.kind.title.clone(),
            summary: newest.kind.summary.clone(),
            offered: newest.offered,
            rules: rules(&newest.kind, zones),
            versions: versions
                .iter()
                .rev()
                .map(|(published, record)| Version {
                    version: published.kind.version,
                    no: published.no.0,
                    published_at: self.local(published.published_at),
                    by: record.by.clone(),
                    retired_at: record.retired_at.map(|at| self.local(at)),
                    running: record.running,
                })
                .collect(),
        })
    }

    async fn zone_names(&self) -> Result<Vec<(u8, Text)>, AppError> {
        let zones = store::checkpoint::zones(self.pool(), self.site()).await?;
        Ok(zones.into_iter().map(|zone| (zone.no, zone.name)).collect())
    }
}

/// A key for a copy: the first that no kind has, of the kind's own with a number behind it.
fn free_key(key: &KindKey, taken: &BTreeSet<KindKey>) -> KindKey {
    (2..100)
        .filter_map(|n| format!("{key}-{n}").parse().ok())
        .find(|free| !taken.contains(free))
        // Too long for a number: whoever copies is told that the key is in use.
        .unwrap_or_else(|| key.clone())
}

/// A kind as a document.
fn written(kind: &PassKind) -> Result<String, AppError> {
    kind_document::write(kind).map_err(|error| {
        tracing::error!(error = ?error, key = kind.key.as_str(), "a published kind cannot be written as a document");
        AppError::Internal
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_begins_with_a_key_that_is_free() {
        let key = |key: &str| key.parse::<KindKey>().unwrap();
        let taken = |keys: &[&str]| keys.iter().map(|one| key(one)).collect();
        assert_eq!(free_key(&key("once"), &taken(&["once"])), key("once-2"));
        assert_eq!(free_key(&key("once"), &taken(&["once", "once-2"])), key("once-3"));
        let long = "a".repeat(31);
        assert_eq!(free_key(&key(&long), &taken(&[&long])), key(&long));
    }

    #[test]
    fn the_example_can_be_published() {
        assert!(kind_document::read(EXAMPLE, 1).is_ok());
    }
}
