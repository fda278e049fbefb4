//! The pass kinds of the demonstration sites: policy as data, in `app/kinds`.

use super::Failure;
use app::backend::kind_document;
use app::backend::presets::Preset;
use pass::PassKind;

/// Resident, one entry: the notice's 单次通行, decided by the office.
const ONCE: &str = include_str!("../../../app/kinds/cqu/resident-once.toml");
/// Resident, many entries within a week: 多次通行.
const MANY: &str = include_str!("../../../app/kinds/cqu/resident-many.toml");
/// Resident, urgent: agreed to at once, today only.
const URGENT: &str = include_str!("../../../app/kinds/demo/resident-urgent.toml");
/// The second site's only kind.
const SECOND: &str = include_str!("../../../app/kinds/demo/second-once.toml");

/// The first site's kinds, in the order of [`super::plan::Kind`].
///
/// # Errors
/// When a document is no pass kind, which a test rules out.
pub fn first() -> Result<[PassKind; 3], Failure> {
    Ok([read(ONCE)?, read(MANY)?, read(URGENT)?])
}

/// What else people of the first site may apply for: the rest of the presets it is made of.
///
/// # Errors
/// As [`first`].
pub fn others() -> Result<Vec<PassKind>, Failure> {
    let mut kinds: Vec<PassKind> = first()?.to_vec();
    for (_, text) in [Preset::Cqu, Preset::Everyday]
        .into_iter()
        .flat_map(Preset::documents)
    {
        let kind = read(text)?;
        if kinds.iter().all(|there| there.key != kind.key) {
            kinds.push(kind);
        }
    }
    Ok(kinds.split_off(3))
}

/// The second site's kind.
///
/// # Errors
/// As [`first`].
pub fn second() -> Result<PassKind, Failure> {
    read(SECOND)
}

fn read(text: &str) -> Result<PassKind, Failure> {
    kind_document::read(text, 1).map_err(|faults| format!("a kind of the demonstration: {faults:?}").into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_document_may_be_published() {
        assert_eq!(super::first().unwrap().len(), 3);
        assert_eq!(super::others().unwrap().len(), 6);
        assert_eq!(super::second().unwrap().version, 1);
    }
}
