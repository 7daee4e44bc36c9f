//! A libFuzzer target: the body of the same name. See `fuzz/README.md`.

#![no_main]

#[path = "../../crates/core/tests/fuzz_bodies/mod.rs"]
mod fuzz_bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_bodies::run(env!("CARGO_BIN_NAME"), data);
});
