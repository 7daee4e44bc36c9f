//! Unguessable text from the system's random source.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ring::rand::{SecureRandom, SystemRandom};

/// 32 lower-case hexadecimal digits.
#[must_use]
pub fn hex128() -> String {
    HEXLOWER.encode(&bytes::<16>())
}

/// 256 bits as 43 characters that fit into cookies and headers.
#[must_use]
pub fn secret() -> String {
    BASE64URL_NOPAD.encode(&bytes::<32>())
}

/// `N` random bytes.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut buffer = [0_u8; N];
    // `getrandom` fails only where the kernel has no random source at all. To go on with zeros would hand out
    // guessable secrets, so the process ends.
    if SystemRandom::new().fill(&mut buffer).is_err() {
        std::process::abort();
    }
    buffer
}
