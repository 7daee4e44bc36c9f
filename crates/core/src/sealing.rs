//! Sealing of stored values.
