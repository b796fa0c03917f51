//! Erases what is asked for and what is older than a company keeps it, in pieces, with rests: nobody waits for it.

use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::Result;
use nodechat_domain::model::Doomed;
use nodechat_domain::port::{Clock, Companies, Erasures};
use nodechat_files::{Files, Key};
use tokio::time::{Instant, sleep};

/// How soon an erasure that was asked for begins, at most.
const LOOK: Duration = Duration::from_secs(3);
/// How often old messages are looked for.
const EXPIRE: Duration = Duration::from_secs(3600);
/// Between two pieces.
const REST: Duration = Duration::from_millis(20);
/// Files of one piece.
const FILES: usize = 50;

pub struct Eraser {
    pub erasures: Arc<dyn Erasures>,
    pub companies: Arc<dyn Companies>,
    pub files: Arc<Files>,
    pub clock: Arc<dyn Clock>,
}

impl Eraser {
    /// Works until it is dropped; what is left begins again where it stopped.
    pub async fn run(self) {
        let mut expire = Instant::now();
        loop {
            let erased = self.erase_asked().await;
            let expired = if expire <= Instant::now() { self.expire().await } else { Ok(()) };
            if expired.is_ok() && expire <= Instant::now() {
                expire = Instant::now() + EXPIRE;
            }
            for outcome in [erased, expired, self.remove_files().await] {
                if let Err(error) = outcome {
                    tracing::warn!(%error, "something that is to be erased is still there; it is tried again");
                }
            }
            sleep(LOOK).await;
        }
    }

    async fn erase_asked(&self) -> Result<()> {
        while self.erasures.erase_some(self.clock.now()).await? {
            sleep(REST).await;
        }
        Ok(())
    }

    async fn expire(&self) -> Result<()> {
        for company in self.companies.all().await? {
            let days = i64::try_from(company.settings.keep_days).unwrap_or(i64::MAX);
            if days == 0 {
                continue;
            }
            let before = self.clock.now().saturating_sub(days.saturating_mul(86_400_000));
            let mut room = Some(0);
            while let Some(number) = room {
                room = self.erasures.expire_some(&company.id, before, number).await?;
                sleep(REST).await;
            }
        }
        Ok(())
    }

    /// The bytes first: an entry without them is looked at again, bytes without an entry would stay for ever.
    async fn remove_files(&self) -> Result<()> {
        loop {
            let doomed = self.erasures.doomed(FILES).await?;
            if doomed.is_empty() {
                return Ok(());
            }
            for file in &doomed {
                let key = match file {
                    Doomed::Image(path) => Key::Image(path),
                    Doomed::File(id) => Key::File(id),
                };
                self.files.remove(key).await?;
            }
            self.erasures.removed(doomed).await?;
            sleep(REST).await;
        }
    }
}
