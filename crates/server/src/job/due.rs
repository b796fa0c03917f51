//! Does at desks what is due: sleeps until the earliest deadline of all, and is woken when an earlier one comes to be.
//! Whichever node does it, it is right; deadlines are rows, and are found again after a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use nodechat_domain::app::Desk;
use nodechat_domain::model::desk::{Desk as Snapshot, Happening};
use nodechat_domain::model::{CompanyId, Time};
use nodechat_domain::port::{Clock, DeskFeed};
use tokio::sync::Notify;

/// Deadlines that another node has set, which is gone since, are seen within this time; and so is a clock that jumps.
const LOOK: Duration = Duration::from_secs(5);

/// After a failure.
const AGAIN: Duration = Duration::from_millis(500);

/// Wakes the job when a deadline comes to be that is earlier than the one it sleeps for.
pub struct Alarm {
    /// For when it is set, in milliseconds of the day's clock; before all times while somebody looks.
    set: AtomicI64,
    /// The earliest that came to be since somebody began to look.
    earliest: AtomicI64,
    sooner: Notify,
}

impl Default for Alarm {
    fn default() -> Self {
        Self { set: AtomicI64::new(Time::MIN), earliest: AtomicI64::new(Time::MAX), sooner: Notify::new() }
    }
}

impl Alarm {
    fn consider(&self, due: Option<Time>) {
        let Some(due) = due else { return };
        self.earliest.fetch_min(due, Ordering::SeqCst);
        if due < self.set.load(Ordering::SeqCst) {
            self.sooner.notify_one();
        }
    }
}

/// Tells of happenings, and sets the alarm.
pub struct Alarmed {
    pub feed: Arc<dyn DeskFeed>,
    pub alarm: Arc<Alarm>,
}

impl DeskFeed for Alarmed {
    fn happened(&self, company: &CompanyId, happenings: &[Happening], desk: &Snapshot) {
        self.feed.happened(company, happenings, desk);
        self.alarm.consider(desk.next_due());
    }

    fn unsure(&self, company: &CompanyId) {
        self.feed.unsure(company);
        self.alarm.sooner.notify_one();
    }
}

/// Forgets what happened long ago; until it is dropped.
pub async fn forget_old(desk: Arc<Desk>) {
    super::every(super::TIDY, move || {
        let desk = desk.clone();
        async move {
            if let Err(error) = desk.forget_happenings().await {
                tracing::warn!(%error, "what happened at desks long ago was not forgotten");
            }
        }
    })
    .await;
}

/// Until it is dropped.
pub async fn run(desk: Arc<Desk>, clock: Arc<dyn Clock>, alarm: Arc<Alarm>) {
    loop {
        alarm.set.store(Time::MIN, Ordering::SeqCst);
        alarm.earliest.store(Time::MAX, Ordering::SeqCst);
        let wait = match desk.tick().await {
            Ok(due) => {
                let due = due.unwrap_or(Time::MAX);
                // From here on it is woken; what came to be before is read behind it.
                alarm.set.store(due, Ordering::SeqCst);
                let due = due.min(alarm.earliest.load(Ordering::SeqCst));
                let left_ms = due.saturating_sub(clock.now());
                Duration::from_millis(u64::try_from(left_ms).unwrap_or(0)).min(LOOK)
            }
            Err(error) => {
                tracing::warn!(%error, "what is due at desks was not done; it is tried again");
                AGAIN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = alarm.sooner.notified() => {}
        }
    }
}
