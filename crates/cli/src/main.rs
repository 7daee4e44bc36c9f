//! The command `scormbridge`.

#![forbid(unsafe_code)]

fn main() {}
