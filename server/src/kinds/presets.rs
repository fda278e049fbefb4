//! The presets that come with the product: a folder of documents each, in `server/kinds`.

use clap::ValueEnum;

/// A university's pass kinds, ready to be published and changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
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

impl Preset {
    /// Every preset.
    pub const ALL: [Preset; 3] = [Preset::Cqu, Preset::Hit, Preset::Everyday];

    /// Its documents.
    pub fn documents(self) -> &'static [Document] {
        match self {
            Preset::Cqu => &[
                (
                    "cqu/official-vehicle.toml",
                    include_str!("../../kinds/cqu/official-vehicle.toml"),
                ),
                (
                    "cqu/resident-many.toml",
                    include_str!("../../kinds/cqu/resident-many.toml"),
                ),
                (
                    "cqu/resident-once.toml",
                    include_str!("../../kinds/cqu/resident-once.toml"),
                ),
                (
                    "cqu/work-staff.toml",
                    include_str!("../../kinds/cqu/work-staff.toml"),
                ),
                (
                    "cqu/work-student.toml",
                    include_str!("../../kinds/cqu/work-student.toml"),
                ),
            ],
            Preset::Hit => &[
                (
                    "hit/household-pass.toml",
                    include_str!("../../kinds/hit/household-pass.toml"),
                ),
                (
                    "hit/household-ticket.toml",
                    include_str!("../../kinds/hit/household-ticket.toml"),
                ),
                (
                    "hit/laboratory-duty.toml",
                    include_str!("../../kinds/hit/laboratory-duty.toml"),
                ),
                (
                    "hit/logistics-staff.toml",
                    include_str!("../../kinds/hit/logistics-staff.toml"),
                ),
                (
                    "hit/outside-collaborator.toml",
                    include_str!("../../kinds/hit/outside-collaborator.toml"),
                ),
                (
                    "hit/service-contractor.toml",
                    include_str!("../../kinds/hit/service-contractor.toml"),
                ),
                (
                    "hit/staff-entry.toml",
                    include_str!("../../kinds/hit/staff-entry.toml"),
                ),
            ],
            Preset::Everyday => &[
                (
                    "everyday/official-vehicle.toml",
                    include_str!("../../kinds/everyday/official-vehicle.toml"),
                ),
                (
                    "everyday/parents-day.toml",
                    include_str!("../../kinds/everyday/parents-day.toml"),
                ),
                (
                    "everyday/semester-contractor.toml",
                    include_str!("../../kinds/everyday/semester-contractor.toml"),
                ),
                (
                    "everyday/visitor.toml",
                    include_str!("../../kinds/everyday/visitor.toml"),
                ),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::backend::kind_document;

    /// Every file of a preset's folder is in it, and may be published.
    #[test]
    fn presets_are_whole_and_without_faults() {
        for (preset, folder) in Preset::ALL.into_iter().zip(["cqu", "hit", "everyday"]) {
            let there = std::fs::read_dir(format!("{}/kinds/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            assert_eq!(there.count(), preset.documents().len(), "{folder}");
            for (file, text) in preset.documents() {
                let kind = kind_document::read(text, 1).unwrap_or_else(|faults| panic!("{file}: {faults:?}"));
                assert_eq!(format!("{folder}/{}.toml", kind.key), *file);
            }
        }
    }
}
