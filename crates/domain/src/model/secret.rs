//! Credentials: shown once to whoever gets them, and kept only as a hash, but for what signs.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::{Digest, Sha256};

use crate::port::Entropy;

/// A key, token, ticket or visitor secret: a prefix that tells which, and 256 random bits.
///
/// It has no `Display`, and its `Debug` does not show it, so that it cannot slip into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

/// SHA-256 of a secret. Enough without salt or stretching, because a secret is 256 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Secret {
    pub fn new(prefix: &str, entropy: &dyn Entropy) -> Self {
        let mut random = [0; 32];
        entropy.fill(&mut random);
        Self(format!("{prefix}{}", hex(&random)).into())
    }

    /// What somebody presents. Anything may come here; what was never given out has no hash in
    /// the store.
    pub fn presented(text: &str) -> Self {
        Self(text.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether the signature is that of these bytes (HMAC with SHA-256); it takes as long, whatever differs.
    pub fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("any length is a key of HMAC");
        mac.chain_update(bytes).verify_slice(signature).is_ok()
    }

    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[(b >> 4) as usize] as char, DIGITS[(b & 15) as usize] as char])
        .collect()
}
