//! The PHP extension `scormbridge`.
