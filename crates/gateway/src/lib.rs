//! Guarded HTTP for packages that live on a CDN.

#![forbid(unsafe_code)]
