//! Launches and the runtime API, on every engine there is.

mod assets;
mod jobs;
mod lifecycle;
mod rates;
mod refusals;
mod webhook;
mod world;
