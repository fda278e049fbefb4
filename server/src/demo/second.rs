//! A small second site in the same database, at another host name: nothing of one is seen at the other.

use super::people::Staff;
use super::{Failure, Making, kinds};
use app::backend::Backend;
use jiff::Timestamp;
use pass::household::{Address, HouseholdRow};
use pass::{Direction, Role, Text};
use store::checkpoint::NewCheckpoint;

const CODE: &str = "haitang";

/// Its one login.
pub const STAFF: Staff = Staff {
    login: "admin",
    password: "admin-demo",
    name: "管理员 程禾",
    role: Role::Administrator,
};

/// Makes it, as far as it is not there.
pub(super) async fn make(backend: &Backend, now: Timestamp) -> Result<(), Failure> {
    let name = Text::new("海棠学院", "Haitang College");
    let making = Making::begin(backend, CODE, &name, &["second.localhost"], now).await?;
    let (pool, id) = (making.pool(), making.id());
    if store::checkpoint::zones(pool, id).await?.is_empty() {
        store::checkpoint::create_zone(pool, id, 0, &Text::new("校本部", "Main Campus")).await?;
    }
    if store::checkpoint::list(pool, id).await?.is_empty() {
        let gate = Text::new("南门", "South Gate");
        let new = NewCheckpoint {
            zone: 0,
            name: &gate,
            direction: Direction::In,
        };
        store::checkpoint::create(pool, id, new, now).await?;
    }
    making.kinds(&[kinds::second()?]).await?;
    let rows: Vec<_> = (1..=6)
        .map(|door| HouseholdRow {
            address: Address::new("海棠苑", "1栋", &format!("10{door}")),
            householder: ["许言", "傅乐", "曾川", "彭溪", "吕墨", "蔡岚"][door - 1].to_owned(),
        })
        .collect();
    store::household::import(pool, id, &rows, now).await?;
    making.staff(&STAFF).await?;
    Ok(())
}
