//! A database that does not answer.

use async_trait::async_trait;
use scormbridge_lms::classroom::ports::{Result, Store, StoreError, Tx};
use scormbridge_lms::classroom::{Actor, BucketRule, Poured, Timestamp};

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

    async fn pour(&self, _: u128, _: &BucketRule, _: u32, _: Timestamp) -> Result<Poured> {
        away()
    }

    async fn purge_buckets(&self, _: Timestamp) -> Result<u64> {
        away()
    }
}
