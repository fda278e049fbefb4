//! The invented university: zones, gates, communities and who lives in them.

use super::chance::Chance;
use pass::Direction;
use pass::household::{Address, HouseholdRow};

/// A zone: its number, its name in Chinese and English.
pub type Zone = (u8, &'static str, &'static str);

/// The campuses.
pub const ZONES: &[Zone] = &[
    (0, "A 校区", "Campus A"),
    (1, "B 校区", "Campus B"),
    (2, "C 校区", "Campus C"),
];

/// A gate.
pub struct Gate {
    /// The zone it leads into.
    pub zone: u8,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// Which way people pass.
    pub direction: Direction,
    /// The name of the tablet that stands there; none: no tablet yet.
    pub tablet: Option<&'static str>,
}

/// The gates, the busiest first.
pub const GATES: &[Gate] = &[
    Gate {
        zone: 0,
        zh: "A 区正门",
        en: "A Main Gate",
        direction: Direction::In,
        tablet: Some("A-正门-1"),
    },
    Gate {
        zone: 1,
        zh: "B 区南门",
        en: "B South Gate",
        direction: Direction::In,
        tablet: Some("B-南门-1"),
    },
    Gate {
        zone: 0,
        zh: "A 区北门",
        en: "A North Gate",
        direction: Direction::In,
        tablet: Some("A-北门-1"),
    },
    Gate {
        zone: 1,
        zh: "B 区东门",
        en: "B East Gate",
        direction: Direction::In,
        tablet: Some("B-东门-1"),
    },
    Gate {
        zone: 2,
        zh: "C 区正门",
        en: "C Main Gate",
        direction: Direction::In,
        tablet: Some("C-正门-1"),
    },
    Gate {
        zone: 0,
        zh: "A 区家属院出口",
        en: "A Residential Exit",
        direction: Direction::Out,
        tablet: None,
    },
];

/// The communities and how many buildings each has.
const COMMUNITIES: &[(&str, u16)] = &[
    ("云麓苑", 6),
    ("听松园", 5),
    ("桂香坊", 4),
    ("梧桐里", 6),
    ("青岚小区", 5),
    ("临湖新村", 4),
];
const FLOORS: u16 = 5;
const DOORS: u16 = 4;

const SURNAMES: &[&str] = &[
    "陈", "林", "周", "吴", "徐", "孙", "朱", "高", "郭", "何", "罗", "梁", "宋", "谢", "韩", "唐", "冯",
    "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡",
    "欧阳", "上官",
];
const GIVEN: &[&str] = &[
    "书言", "清和", "望舒", "知夏", "景行", "若谷", "安澜", "云舟", "思齐", "嘉木", "予安", "怀瑾", "听雨",
    "明远", "乐山", "静姝", "锦程", "春晓", "念慈", "立秋", "墨", "岚", "榕", "溪", "川", "禾", "越", "桐",
];

/// A name that belongs to nobody in particular.
pub fn name(chance: &mut Chance) -> String {
    format!("{}{}", chance.pick(SURNAMES), chance.pick(GIVEN))
}

/// The household register: six communities, thirty buildings, 600 doors.
pub fn households(chance: &mut Chance) -> Vec<HouseholdRow> {
    let mut rows = Vec::new();
    for (community, buildings) in COMMUNITIES {
        for building in 1..=*buildings {
            for (floor, door) in (1..=FLOORS).flat_map(|floor| (1..=DOORS).map(move |door| (floor, door))) {
                rows.push(HouseholdRow {
                    address: Address::new(community, &format!("{building}栋"), &format!("{floor}0{door}")),
                    householder: name(chance),
                });
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn hundreds_of_households_each_at_its_own_address() {
        let rows = households(&mut Chance::new(1));
        let addresses: HashSet<_> = rows.iter().map(|row| &row.address).collect();
        assert_eq!((rows.len(), addresses.len()), (600, 600));
    }
}
