//! The server's one clock.

/// The time of this decision. Sample it once per request and pass it down.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place of the server that reads the clock"
)]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
