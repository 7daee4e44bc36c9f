//! Attacks, by table: what a stranger's URL, host, package, browser or ticket might try, and how it ends.
//!
//! Each area counts what its tables hold as they run and says so in one line, `attacks: AREA: N tried, N refused`. Nothing
//! is sent beyond loopback: private and public addresses are refused before a connection, or are answers of a resolver
//! that only the test knows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod content;
mod headers;
mod targets;
mod tickets;

use std::{fmt::Debug, io::Write};

/// The attacks of one area.
struct Area {
    name: &'static str,
    tried: usize,
    refused: usize,
}

impl Area {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            tried: 0,
            refused: 0,
        }
    }

    /// One attack, which must have ended as expected.
    fn attack<T: PartialEq + Debug>(&mut self, what: impl Debug, found: T, expected: T) {
        self.tried += 1;
        assert_eq!(found, expected, "{}: {what:?}", self.name);
        self.refused += 1;
    }
}

impl Drop for Area {
    /// Past the test runner's capture, since a count that nobody sees is none.
    fn drop(&mut self) {
        let line = format!(
            "attacks: {}: {} tried, {} refused\n",
            self.name, self.tried, self.refused
        );
        // In one piece, or it mixes with what the runner prints.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}
