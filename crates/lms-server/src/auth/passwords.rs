//! Argon2id, off the async threads and only a few at a time: each hash takes 19 MiB by intent.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use scormbridge_lms::classroom::PasswordHash;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Hashes at once.
const AT_ONCE: usize = 4;

/// The hash of no password, with the parameters of real ones: checked where there is no account, so that the
/// time taken does not tell which logins exist.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2Nvcm1icmlkZ2UtZGVjb3k$\
                     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why no answer was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordsError {
    /// The library failed, which it does for absurd parameters only.
    #[error("argon2 failed: {0}")]
    Hash(String),
    /// The worker was lost.
    #[error("the hashing thread was lost")]
    Worker,
}

/// Hashes and checks.
#[derive(Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// The hash of a new password.
    ///
    /// # Errors
    /// [`PasswordsError`] when hashing failed.
    pub async fn hash(&self, password: SecretString) -> Result<PasswordHash, PasswordsError> {
        self.work(move || {
            let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| PasswordHash::new(hash.to_string()))
                .map_err(|error| PasswordsError::Hash(error.to_string()))
        })
        .await?
    }

    /// Whether the password is that of the hash; without a hash, `false` after the same work.
    ///
    /// # Errors
    /// [`PasswordsError`] when the worker was lost.
    pub async fn check(
        &self,
        password: SecretString,
        hash: Option<PasswordHash>,
    ) -> Result<bool, PasswordsError> {
        self.work(move || {
            let known = hash.is_some();
            let phc = hash.as_ref().map_or(DECOY, PasswordHash::expose);
            let fits = Argon2::default()
                .verify_password(password.expose_secret().as_bytes(), phc)
                .is_ok();
            fits && known
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordsError> {
        let _permit = self.0.acquire().await.map_err(|_| PasswordsError::Worker)?;
        tokio::task::spawn_blocking(job)
            .await
            .map_err(|_| PasswordsError::Worker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_alone_fits() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            passwords
                .check("correct horse".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .check("correct house".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(!passwords.check("correct horse".into(), None).await.unwrap());
    }

    #[test]
    fn the_decoy_costs_what_a_real_hash_costs() {
        let decoy = argon2::password_hash::phc::PasswordHash::new(DECOY).unwrap();
        let error = Argon2::default().verify_password(b"x", &decoy).unwrap_err();
        assert_eq!(error, argon2::password_hash::Error::PasswordInvalid);
    }
}
