//! The household register, and files that are taken over into it.

pub mod api;
mod import;
mod list;
mod upload;

pub use import::ImportPage;
pub use list::ListPage;
pub use upload::UploadPage;
