//! What a pass is and whether it opens the gate.
#![no_std]
extern crate alloc;

pub mod role;
