//! What has to be done now and then. Each job belongs to [`Jobs`], which stops it and waits.

mod erasing;
mod hooks;
mod indexing;
mod left;
mod orders;
mod revisions;

pub mod due;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::app::Access;
use nodechat_domain::port::{Clock, KeptAnswers, Uploads};
use nodechat_files::Files;
use tokio::task::JoinSet;

pub use self::erasing::Eraser;
pub use self::hooks::{HookBell, tidy};
pub use self::indexing::{Fresh, Noting, keep_indexed};
pub use self::left::say_rest;
pub use self::orders::{OrderBell, OrderTelling};
pub use self::revisions::{Keeper, Watch};
use crate::limit::Limits;

/// How often expired credentials and idle addresses are forgotten.
const TIDY: Duration = Duration::from_secs(600);
/// How often it is seen whether files can be reached.
const LOOK: Duration = Duration::from_secs(10);
/// How long an answer can be asked for again.
pub const ANSWERS_MS: i64 = 86_400_000;

pub struct Jobs(JoinSet<()>);

impl Jobs {
    pub fn start(access: Arc<Access>, limits: Arc<Limits>) -> Self {
        let mut jobs = JoinSet::new();
        jobs.spawn(every(TIDY, move || {
            let (access, limits) = (access.clone(), limits.clone());
            async move {
                limits.forget_idle();
                match access.forget_expired().await {
                    Ok(0) => {}
                    Ok(count) => tracing::debug!(count, "expired tokens and tickets are forgotten"),
                    Err(error) => tracing::warn!(%error, "expired tokens and tickets were not forgotten"),
                }
            }
        }));
        Self(jobs)
    }

    /// Forgets answers that nobody can ask for again.
    pub fn forget_answers(&mut self, kept: Arc<dyn KeptAnswers>, clock: Arc<dyn Clock>) {
        self.0.spawn(every(TIDY, move || {
            let (kept, expired) = (kept.clone(), clock.now() - ANSWERS_MS);
            async move {
                if let Err(error) = kept.forget(expired).await {
                    tracing::warn!(%error, "answers of long ago were not forgotten");
                }
            }
        }));
    }

    /// Sees whether the files can be reached, and removes what is left of uploads that were given up.
    pub fn look_after(&mut self, files: Arc<Files>, uploads: Arc<dyn Uploads>) {
        self.0.spawn(every(LOOK, move || {
            let (files, uploads) = (files.clone(), uploads.clone());
            async move {
                if let Err(error) = files.look_after(&*uploads).await {
                    tracing::warn!(%error, "what is left of uploads was not looked for");
                }
            }
        }));
    }

    /// Something that goes on by itself until the server stops.
    pub fn keep(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(job);
    }

    /// Every job here may be cut off at any await: the store's commits are whole.
    pub async fn stop(mut self) {
        self.0.shutdown().await;
    }
}

async fn every<F: Future<Output = ()>>(period: Duration, mut work: impl FnMut() -> F) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        work().await;
    }
}
