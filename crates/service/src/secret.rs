//! The secret that a caller must know.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Shortest secret, in characters: 128 bits of hexadecimal digits.
const SHORTEST: usize = 32;

/// Longest secret, in characters.
const LONGEST: usize = 512;

/// The secret, 32 to 512 visible ASCII characters.
pub struct Secret(Zeroizing<Vec<u8>>);

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secret cannot be read: {0}")]
    Read(#[from] io::Error),
    /// The path is no file.
    #[error("the secret is no file; give the path of one")]
    NoFile,
    /// Everybody on this machine may read or change the file.
    #[error(
        "the file with the secret has mode {0:03o}: others may get at it; take their rights with `chmod o=`"
    )]
    Open(u32),
    /// Too short, too long, or with other characters than visible ASCII.
    #[error(
        "the secret must be one line of {SHORTEST} to {LONGEST} visible ASCII characters; make one with `openssl rand -hex 32`"
    )]
    Form,
}

impl Secret {
    /// A secret from its text. A line end after it is no part of it.
    ///
    /// # Errors
    /// [`SecretError::Form`].
    pub fn new(text: &[u8]) -> Result<Self, SecretError> {
        let text = text.trim_ascii_end();
        let fits = (SHORTEST..=LONGEST).contains(&text.len());
        if fits && text.iter().all(u8::is_ascii_graphic) {
            Ok(Self(Zeroizing::new(text.to_vec())))
        } else {
            Err(SecretError::Form)
        }
    }

    /// Reads the secret from a file that only its owner and group may read.
    ///
    /// # Errors
    /// [`SecretError`], one variant for each reason.
    pub fn from_file(path: &Path) -> Result<Self, SecretError> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(SecretError::NoFile);
        }
        if metadata.mode() & 0o007 != 0 {
            return Err(SecretError::Open(metadata.mode() & 0o777));
        }
        let mut text = Zeroizing::new(Vec::with_capacity(LONGEST + 2));
        file.take(LONGEST as u64 + 2).read_to_end(&mut text)?;
        Self::new(&text)
    }

    /// Whether an `Authorization` header carries this secret. Takes as long for every guess of the same length.
    pub(crate) fn is_in(&self, header: Option<&[u8]>) -> bool {
        header
            .and_then(|header| header.strip_prefix(b"Bearer "))
            .is_some_and(|guess| bool::from(guess.ct_eq(&self.0)))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}
