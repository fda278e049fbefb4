//! The presets that come with the product: a folder of documents each, in `app/kinds`.

use std::str::FromStr;

/// A university's pass kinds, ready to be published and changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Residents' passes, work passes of staff and students, official vehicles.
    Cqu,
    /// Staff entry, laboratory duty, people from elsewhere hosted by a unit, households.
    Hit,
    /// A campus outside any epidemic: visitors, contractors, parents' day, official vehicles.
    Everyday,
}

/// A document with its file's name.
pub type Document = (&'static str, &'static str);

/// Documents by their files' names.
macro_rules! documents {
    ($($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../kinds/", $file)))),+]
    };
}

impl Preset {
    /// Every preset.
    pub const ALL: [Preset; 3] = [Preset::Cqu, Preset::Hit, Preset::Everyday];

    /// Its name on the command line, and its folder's.
    pub fn as_str(self) -> &'static str {
        match self {
            Preset::Cqu => "cqu",
            Preset::Hit => "hit",
            Preset::Everyday => "everyday",
        }
    }

    /// Its documents.
    pub fn documents(self) -> &'static [Document] {
        match self {
            Preset::Cqu => documents![
                "cqu/official-vehicle.toml",
                "cqu/resident-many.toml",
                "cqu/resident-once.toml",
                "cqu/work-staff.toml",
                "cqu/work-student.toml",
            ],
            Preset::Hit => documents![
                "hit/household-pass.toml",
                "hit/household-ticket.toml",
                "hit/laboratory-duty.toml",
                "hit/logistics-staff.toml",
                "hit/outside-collaborator.toml",
                "hit/service-contractor.toml",
                "hit/staff-entry.toml",
            ],
            Preset::Everyday => documents![
                "everyday/official-vehicle.toml",
                "everyday/parents-day.toml",
                "everyday/semester-contractor.toml",
                "everyday/visitor.toml",
            ],
        }
    }
}

impl FromStr for Preset {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Preset, &'static str> {
        Preset::ALL
            .into_iter()
            .find(|preset| preset.as_str() == name)
            .ok_or("the presets are cqu, hit and everyday")
    }
}

/// The document of a preset with this file's name, for instance `cqu/resident-once.toml`.
pub fn document(file: &str) -> Option<&'static str> {
    Preset::ALL
        .into_iter()
        .flat_map(Preset::documents)
        .find_map(|(name, text)| (*name == file).then_some(*text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::kind_document;

    /// Every file of a preset's folder is in it, and may be published.
    #[test]
    fn presets_are_whole_and_without_faults() {
        for preset in Preset::ALL {
            let folder = preset.as_str();
            assert_eq!(folder.parse(), Ok(preset));
            let there = std::fs::read_dir(format!("kinds/{folder}")).unwrap();
            assert_eq!(there.count(), preset.documents().len(), "{folder}");
            for (file, text) in preset.documents() {
                let kind = kind_document::read(text, 1).unwrap_or_else(|faults| panic!("{file}: {faults:?}"));
                assert_eq!(format!("{folder}/{}.toml", kind.key), *file);
                assert_eq!(document(file), Some(*text));
            }
        }
        assert_eq!(document("../main.css"), None);
    }
}
