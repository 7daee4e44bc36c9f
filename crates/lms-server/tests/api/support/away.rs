//! A database that does not answer.

use async_trait::async_trait;
use scormbridge_lms::classroom::Actor;
use scormbridge_lms::classroom::ports::{Result, Store, StoreError, Tx};

/// Unreachable.
pub(crate) struct Away;

fn away<T>() -> Result<T> {
    Err(StoreError::Unavailable("nobody listens".into()))
}

#[async_trait]
impl Store for Away {
    async fn begin(&self, _: &Actor) -> Result<Box<dyn Tx>> {
        away()
    }

    async fn read(&self, _: &Actor) -> Result<Box<dyn Tx>> {
        away()
    }

    async fn ping(&self) -> Result<()> {
        away()
    }
}
