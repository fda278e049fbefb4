//! The register of the invented university: its units, some six hundred people, who heads what, and the logins that are announced.

use super::chance::Chance;
use super::{Failure, Making, SEED, campus};
use app::backend::password;
use pass::Role;
use pass::person::{PersonKind, PersonRow};
use pass::table::Rows;
use pass::unit::UnitRow;
use std::collections::HashMap;
use store::account::{Grant, Place};
use store::{AccountId, UnitId};

/// Somebody of the register who may be tried.
pub struct Login {
    /// What is typed.
    pub login: &'static str,
    /// The password, which everybody may know.
    pub password: &'static str,
    /// Whose it is.
    number: &'static str,
    /// What they are, in Chinese.
    pub zh: &'static str,
    /// What they are, in English.
    pub en: &'static str,
}

/// The logins that are announced, each with a password of this site's own.
pub const LOGINS: &[Login] = &[
    login("staff", "staff-demo", "07201008", "教职工", "staff"),
    login("student", "student-demo", "2024201001", "本科生", "student"),
    login(
        "graduate",
        "graduate-demo",
        "S2025201001",
        "研究生",
        "postgraduate",
    ),
    login("head", "head-demo", "07201001", "学院负责人", "head of a unit"),
    login(
        "college",
        "college-demo",
        "07201004",
        "学院管理人员",
        "college administrator",
    ),
    login("affairs", "affairs-demo", "07102003", "学工部", "student affairs"),
    login(
        "gradaffairs",
        "gradaffairs-demo",
        "07103003",
        "研工部",
        "postgraduate affairs",
    ),
    login(
        "security",
        "security-demo",
        "07104003",
        "保卫处",
        "security office",
    ),
];

const fn login(
    login: &'static str,
    password: &'static str,
    number: &'static str,
    zh: &'static str,
    en: &'static str,
) -> Login {
    Login {
        login,
        password,
        number,
        zh,
        en,
    }
}

/// A unit: its code, the code of the one above, its names, and how many people of each kind belong to it.
struct Planned {
    code: &'static str,
    parent: &'static str,
    zh: &'static str,
    en: &'static str,
    people: [u16; 5],
}

const fn unit(
    code: &'static str,
    parent: &'static str,
    zh: &'static str,
    en: &'static str,
    people: [u16; 5],
) -> Planned {
    Planned {
        code,
        parent,
        zh,
        en,
        people,
    }
}

/// Staff, undergraduates, postgraduates, retired, contractors of a college.
const COLLEGE: [u16; 5] = [12, 40, 20, 3, 0];
/// Those of an office.
const OFFICE: [u16; 5] = [7, 0, 0, 0, 0];
/// Those who lead a group of units.
const LEAD: [u16; 5] = [2, 0, 0, 0, 0];

/// The units, each after the one above it.
const UNITS: &[Planned] = &[
    unit("100", "", "校部机关", "Central Administration", LEAD),
    unit("101", "100", "学校办公室", "President's Office", OFFICE),
    unit("102", "100", "学生工作部", "Student Affairs", OFFICE),
    unit("103", "100", "研究生工作部", "Postgraduate Affairs", OFFICE),
    unit("104", "100", "保卫处", "Security Office", OFFICE),
    unit("105", "100", "后勤管理处", "Logistics", [7, 0, 0, 0, 24]),
    unit("106", "100", "离退休工作处", "Retired Staff", [5, 0, 0, 18, 0]),
    unit("200", "", "学院", "Colleges", LEAD),
    unit("201", "200", "计算机学院", "College of Computing", COLLEGE),
    unit(
        "202",
        "200",
        "机械工程学院",
        "College of Mechanical Engineering",
        COLLEGE,
    ),
    unit(
        "203",
        "200",
        "土木工程学院",
        "College of Civil Engineering",
        COLLEGE,
    ),
    unit(
        "204",
        "200",
        "经济与管理学院",
        "College of Economics and Management",
        COLLEGE,
    ),
    unit(
        "205",
        "200",
        "外国语学院",
        "College of Foreign Languages",
        COLLEGE,
    ),
    unit("206", "200", "医学院", "College of Medicine", COLLEGE),
    unit(
        "211",
        "201",
        "软件工程系",
        "Department of Software Engineering",
        [6, 0, 4, 0, 0],
    ),
    unit(
        "212",
        "201",
        "人工智能系",
        "Department of Artificial Intelligence",
        [6, 0, 4, 0, 0],
    ),
    unit(
        "221",
        "202",
        "车辆工程系",
        "Department of Vehicle Engineering",
        [6, 0, 4, 0, 0],
    ),
    unit("300", "", "直属单位", "Affiliated Units", LEAD),
    unit("301", "300", "图书馆", "Library", OFFICE),
    unit(
        "302",
        "300",
        "网络信息中心",
        "Network and Information Centre",
        OFFICE,
    ),
    unit("303", "300", "校医院", "University Hospital", [9, 0, 0, 0, 4]),
];

/// The number of the `at`th person of a kind in a unit: years and letters as registers have them.
fn number(kind: PersonKind, code: &str, at: u16) -> String {
    let begins = match kind {
        PersonKind::Staff => "07",
        PersonKind::Student => "2024",
        PersonKind::Postgraduate => "S2025",
        PersonKind::Retired => "85",
        PersonKind::Contractor => "W",
    };
    format!("{begins}{code}{at:03}")
}

fn units() -> Vec<UnitRow> {
    let row = |planned: &Planned| UnitRow {
        line: 0,
        code: planned.code.to_owned(),
        name: planned.zh.to_owned(),
        name_en: Some(planned.en.to_owned()),
        parent: Some(planned.parent.to_owned()),
        heads: Vec::new(),
        deputies: Vec::new(),
    };
    UNITS.iter().map(row).collect()
}

/// Everybody. The first of a unit's staff heads it; the second is the deputy, in colleges also the third.
fn people(chance: &mut Chance) -> Vec<PersonRow> {
    let mut rows = Vec::new();
    for planned in UNITS {
        for (kind, count) in PersonKind::ALL.into_iter().zip(planned.people) {
            for at in 1..=count {
                let number = number(kind, planned.code, at);
                let college = planned.people[1] > 0;
                rows.push(PersonRow {
                    line: 0,
                    name: campus::name(chance),
                    kind,
                    unit: planned.code.to_owned(),
                    phone: None,
                    mail: Some(format!("{}@yunling.example", number.to_lowercase())),
                    duty: match at {
                        1 if kind == PersonKind::Staff => Some(Role::UnitHead),
                        2 if kind == PersonKind::Staff => Some(Role::UnitDeputy),
                        3 if kind == PersonKind::Staff && college => Some(Role::UnitDeputy),
                        _ => None,
                    },
                    left: None,
                    number,
                });
            }
        }
    }
    rows
}

/// Who may do what, besides heading: a number, a role, and the code of the unit, if not everywhere.
fn duties() -> Vec<(String, Role, Option<&'static str>)> {
    let mut duties = Vec::new();
    let mut staff = |code, at, role, unit| duties.push((number(PersonKind::Staff, code, at), role, unit));
    for planned in UNITS.iter().filter(|planned| planned.people[1] > 0) {
        let code = planned.code;
        staff(code, 4, Role::CollegeAdministrator, Some(code));
        staff(code, 5, Role::StudentAffairs, Some(code));
        staff(code, 6, Role::GraduateAffairs, Some(code));
    }
    for at in [3, 4] {
        staff("102", at, Role::StudentAffairs, None);
        staff("103", at, Role::GraduateAffairs, None);
        staff("104", at, Role::SecurityOffice, None);
    }
    duties
}

impl Making<'_> {
    /// Units, people, duties and logins, as far as they are not there.
    pub(crate) async fn register(&self) -> Result<(), Failure> {
        if store::unit::list(self.pool(), self.id()).await?.is_empty() {
            self.take(Rows::Units(units())).await?;
        }
        if store::person::count(self.pool(), self.id()).await? == 0 {
            // A stream of its own: what else follows from chance stays as it was.
            self.take(Rows::People(people(&mut Chance::new(SEED + 1))))
                .await?;
        }
        let units: HashMap<String, UnitId> = store::unit::list(self.pool(), self.id())
            .await?
            .into_iter()
            .map(|unit| (unit.code, unit.id))
            .collect();
        for (number, role, unit) in duties() {
            let at = match unit {
                None => Place::Site,
                Some(code) => Place::Unit(*units.get(code).ok_or("a unit that was made is not there")?),
            };
            if let Some(account) = self.account(&number).await? {
                store::account::grant(self.pool(), self.id(), account, Grant { role, at }, self.now).await?;
            }
        }
        for login in LOGINS {
            let there = store::account::by_login(self.pool(), self.id(), login.login).await?;
            if there.is_none()
                && let Some(account) = self.account(login.number).await?
            {
                let hash = password::hash(login.password)?;
                store::account::set_login(self.pool(), self.id(), account, login.login, &hash).await?;
            }
        }
        Ok(())
    }

    async fn take(&self, rows: Rows) -> Result<(), Failure> {
        store::register_import::take(self.pool(), self.id(), &rows, self.now)
            .await?
            .map(|_| ())
            .map_err(|faults| format!("the register of the demonstration: {faults:?}").into())
    }

    /// Whose number it is; nobody's any more where a visitor let them leave.
    pub(super) async fn account(&self, number: &str) -> Result<Option<AccountId>, Failure> {
        let person = store::person::by_number(self.pool(), self.id(), number).await?;
        Ok(person.map(|person| person.account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, HashSet};

    #[test]
    fn a_campus_of_some_six_hundred_people() {
        assert!(pass::unit::tree_faults(&BTreeMap::new(), &units()).is_empty());
        let rows = people(&mut Chance::new(1));
        assert!((550..750).contains(&rows.len()), "{}", rows.len());
        let numbers: HashSet<&str> = rows.iter().map(|row| row.number.as_str()).collect();
        assert_eq!(numbers.len(), rows.len());
        for number in &numbers {
            assert_eq!(pass::person::person_number(number).as_deref(), Some(*number));
        }
        for planned in UNITS {
            let duty = |role| {
                rows.iter()
                    .any(|row| row.unit == planned.code && row.duty == Some(role))
            };
            assert!(duty(Role::UnitHead) && duty(Role::UnitDeputy), "{}", planned.zh);
        }
        for kind in PersonKind::ALL {
            assert!(rows.iter().any(|row| row.kind == kind), "{kind:?}");
        }
        for (number, role, unit) in duties() {
            assert!(numbers.contains(number.as_str()), "{number}");
            assert_eq!(
                role.reaches_to(pass::role::Reach::Unit) && unit.is_some(),
                unit.is_some()
            );
        }
        for login in LOGINS {
            assert!(numbers.contains(login.number), "{}", login.login);
            assert_eq!(login.password, format!("{}-demo", login.login));
        }
    }
}
