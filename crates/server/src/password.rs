//! Passwords become argon2id hashes: slowly, on threads of their own, and a few at once, so that chats never wait for
//! people who log in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::{Output, PasswordHash as Known, Salt, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use nodechat_domain::model::{Password, PasswordHash};
use nodechat_domain::port::{Answer, Entropy, Passwords};
use nodechat_domain::{Error, Result};
use tokio::sync::Semaphore;

/// What each hash takes, as OWASP recommends: 19 MiB, twice over.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes that are made at once, whatever the number of cores: each has its memory.
const AT_ONCE: usize = 2;
/// Those who may wait for their turn.
const WAITING: usize = 100;

pub struct Argon2id {
    entropy: Arc<dyn Entropy>,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Argon2id {
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy, turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0) }
    }

    /// Work that takes a core for a while.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let place = Place::take(&self.waiting)?;
        // Taken along, so that whoever does not wait any longer leaves no more work running than there may be.
        let turn = self.turns.clone().acquire_owned().await.map_err(Error::internal)?;
        drop(place);
        let working = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        working.await.map_err(Error::internal)?
    }
}

impl Passwords for Argon2id {
    fn hash(&self, password: Password) -> Answer<'_, PasswordHash> {
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        Box::pin(self.work(move || {
            let salt = SaltString::encode_b64(&salt).map_err(failed)?;
            let hash = argon2()?.hash_password(password.reveal().as_bytes(), &salt).map_err(failed)?;
            Ok(PasswordHash(hash.to_string().into()))
        }))
    }

    fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Answer<'_, bool> {
        Box::pin(self.work(move || {
            let Some(hash) = hash else {
                // As long as it takes for somebody who is there.
                let nobody = Salt::from_b64("bm9ib2R5IGlzIGhlcmU").map_err(failed)?;
                let made = argon2()?.hash_password(password.reveal().as_bytes(), nobody).map_err(failed)?;
                return Ok(made.hash.as_ref().map(Output::len) == Some(0));
            };
            let known = Known::new(&hash.0).map_err(failed)?;
            // With the cost that the hash names, which may be that of an earlier version.
            match argon2()?.verify_password(password.reveal().as_bytes(), &known) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::Password) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        }))
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params =
        Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: argon2::password_hash::Error) -> Error {
    Error::internal(error.to_string())
}

/// A place among those who wait.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self> {
        let place = Place(waiting);
        match waiting.fetch_add(1, Ordering::Relaxed) {
            before if before < WAITING => Ok(place),
            _ => Err(Error::TooMany { retry_after_ms: 5_000 }),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemEntropy;

    fn password(text: &str) -> Password {
        Password::presented(text)
    }

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let passwords = Argon2id::new(Arc::new(SystemEntropy));
        let hash = passwords.hash(password("correct horse")).await.unwrap();
        let again = passwords.hash(password("correct horse")).await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && hash != again);
        assert!(passwords.verify(password("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(password("battery staple"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(password("correct horse"), None).await.unwrap());
    }

    #[tokio::test]
    async fn whoever_comes_when_too_many_wait_is_told_to_come_later() {
        let passwords = Arc::new(Argon2id::new(Arc::new(SystemEntropy)));
        let _turns = passwords.turns.clone().acquire_many_owned(AT_ONCE as u32).await.unwrap();
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.verify(password("x"), None).await })
            })
            .collect();
        while passwords.waiting.load(Ordering::Relaxed) < WAITING {
            tokio::task::yield_now().await;
        }
        let refused = passwords.verify(password("x"), None).await.unwrap_err();
        assert!(matches!(refused, Error::TooMany { .. }));
        for one in waiting {
            one.abort();
            assert!(one.await.unwrap_err().is_cancelled());
        }
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }
}
