//! Webhooks: whoever writes something for them wakes the one who delivers, and the log stays bounded.

use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::port::{Bell, Clock, Webhooks};
use nodechat_hooks::Wake;

use super::every;

/// How often the log is shortened.
const TIDY: Duration = Duration::from_secs(600);
/// How long anything stays in it; longer than anything is tried.
const KEEP_MS: i64 = 7 * 24 * 3_600_000;
/// How many deliveries of each webhook that are over.
const KEEP: usize = 1000;

/// Wakes the delivery, and whoever else is to hear of the same.
pub struct HookBell {
    pub wake: Wake,
    pub next: Option<Arc<dyn Bell>>,
}

impl Bell for HookBell {
    fn ring(&self) {
        self.wake.up();
        if let Some(next) = &self.next {
            next.ring();
        }
    }
}

pub async fn tidy(webhooks: Arc<dyn Webhooks>, clock: Arc<dyn Clock>) {
    every(TIDY, move || {
        let (webhooks, clock) = (webhooks.clone(), clock.clone());
        async move {
            match webhooks.forget(clock.now() - KEEP_MS, KEEP).await {
                Ok(0) => {}
                Ok(count) => tracing::debug!(count, "old deliveries to webhooks are forgotten"),
                Err(error) => tracing::warn!(%error, "old deliveries to webhooks were not forgotten"),
            }
        }
    })
    .await;
}
