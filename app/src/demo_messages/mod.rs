//! `/demo/messages`: the messages that a demonstration site did not send, for anybody to read.

pub mod api;
mod page;

pub use page::MessagesPage;
