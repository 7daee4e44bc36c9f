//! Signed tickets.
