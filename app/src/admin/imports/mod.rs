//! Files that are taken over into a register: chosen, looked at, and applied at one's word. The same for every register.

pub mod api;
mod page;
mod upload;

pub use page::ImportPage;
pub use upload::UploadPage;

use crate::language::t;
use pass::table::Register;

/// Where a register is looked at. Its uploads and imports have addresses below.
pub(crate) fn place(register: Register) -> &'static str {
    match register {
        Register::Households => "/admin/households",
        Register::Units => "/admin/units",
        Register::People => "/admin/people",
    }
}

/// What one does here.
fn title(register: Register) -> &'static str {
    match register {
        Register::Households => t("导入住户", "Import households"),
        Register::Units => t("导入单位", "Import units"),
        Register::People => t("导入人员", "Import people"),
    }
}
