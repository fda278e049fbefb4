//! What PostgreSQL remembers.
