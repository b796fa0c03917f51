//! The job that delivers: finds webhooks with something due, and looks after each of them by itself.
//!
//! Every node runs one. They share the work without speaking to each other: whoever claims a delivery has it for a
//! while, and when it does not say how it ended, another one takes it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use nodechat_domain::Result;
use nodechat_domain::decide::hook::{Outcome, after_attempt};
use nodechat_domain::model::{CompanyId, Delivery, Message, Subject, Time, Webhook, WebhookId};
use nodechat_domain::port::{Attempt, Claimed, Clock, Courier, Entropy, Parcel, Rooms, Webhooks};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Webhooks that are looked after at the same time; a slow one keeps its place, and the others have theirs.
const WEBHOOKS: usize = 32;
/// Requests to one webhook at the same time.
const AT_ONCE: usize = 4;
/// How long a claim holds; longer than an attempt with all that belongs to it.
const CLAIM_MS: i64 = 60_000;
/// How long to leave a webhook alone of which nothing could be claimed, or when the store cannot be asked.
const REST: Duration = Duration::from_millis(500);
/// After so long it is looked whether others have left something behind.
const LOOK: Duration = Duration::from_secs(1);

pub struct Dispatcher {
    pub webhooks: Arc<dyn Webhooks>,
    pub rooms: Arc<dyn Rooms>,
    pub courier: Arc<dyn Courier>,
    pub wording: Arc<dyn Wording>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub wake: Wake,
}

/// What a receiver is sent.
pub trait Wording: Send + Sync {
    /// The JSON of a delivery; `message` is the one that it tells of, if it tells of one.
    fn body(&self, delivery: &Delivery, message: Option<&Message>) -> Box<[u8]>;
}

/// Tells the job that there may be something to deliver now.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    pub fn up(&self) {
        self.0.notify_one();
    }
}

type Key = (CompanyId, WebhookId);

impl Dispatcher {
    /// Runs until it is dropped. It may be cut off at any await: what was claimed and not settled is delivered again.
    pub async fn run(self: Arc<Self>) {
        let mut at_work: JoinSet<(Key, bool)> = JoinSet::new();
        let mut busy: HashSet<Key> = HashSet::new();
        let mut resting: HashMap<Key, Instant> = HashMap::new();
        loop {
            let now = Instant::now();
            resting.retain(|_, until| *until > now);
            let wait = match self.due(&busy, &resting).await {
                Ok((due, wait)) => {
                    for key in due {
                        busy.insert(key.clone());
                        let dispatcher = self.clone();
                        at_work.spawn(async move {
                            let did_something = dispatcher.look_after(&key).await;
                            (key, did_something)
                        });
                    }
                    wait
                }
                Err(error) => {
                    tracing::warn!(%error, "it cannot be seen what webhooks are to be told");
                    REST
                }
            };
            tokio::select! {
                Some(done) = at_work.join_next() => match done {
                    Ok((key, did_something)) => {
                        busy.remove(&key);
                        if !did_something {
                            resting.insert(key, Instant::now() + REST);
                        }
                    }
                    Err(error) => {
                        tracing::error!(%error, "a webhook was not looked after to the end");
                        // Whose it was is not known: those at work are claimed, so asking again does no harm.
                        busy.clear();
                    }
                },
                () = self.wake.0.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Which webhooks to look after now, and how long to wait until the next look.
    async fn due(
        &self,
        busy: &HashSet<Key>,
        resting: &HashMap<Key, Instant>,
    ) -> Result<(Vec<Key>, Duration)> {
        let free = WEBHOOKS.saturating_sub(busy.len());
        if free == 0 {
            return Ok((Vec::new(), LOOK));
        }
        let now = self.clock.now();
        let due = self.webhooks.due(now, free + busy.len() + resting.len()).await?;
        let idle = |key: &Key| !busy.contains(key) && !resting.contains_key(key);
        let due: Vec<Key> = due.into_iter().filter(idle).take(free).collect();
        let wait = match self.webhooks.next_due().await? {
            Some(next) => Duration::from_millis(u64::try_from(next - now).unwrap_or(0)).clamp(REST, LOOK),
            None => LOOK,
        };
        Ok((due, wait))
    }

    /// Delivers what is due at one webhook, a handful at a time; whether there was anything.
    async fn look_after(&self, (company, id): &Key) -> bool {
        let now = self.clock.now();
        let until = now + CLAIM_MS;
        match self.webhooks.claim(company, *id, now, until, AT_ONCE).await {
            Ok(Some(claimed)) => {
                let Claimed { webhook, deliveries } = &claimed;
                join_all(deliveries.iter().map(|delivery| self.deliver(webhook, delivery, until))).await;
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, "what a webhook is to be told could not be taken");
                false
            }
        }
    }

    async fn deliver(&self, webhook: &Webhook, delivery: &Delivery, claim: Time) {
        let outcome = match self.parcel(webhook, delivery).await {
            Ok(Some(parcel)) => self.courier.carry(&parcel).await,
            Ok(None) => Outcome::Pointless,
            Err(error) => {
                // The claim runs out, and it is tried again.
                tracing::warn!(%error, "what a webhook is to be told could not be read");
                return;
            }
        };
        let ended = self.clock.now();
        let attempts = delivery.attempts + 1;
        let verdict = after_attempt(webhook, &outcome, attempts, delivery.first_due, ended, self.jitter());
        if let Some(reason) = &verdict.switch_off {
            tracing::warn!(company = %webhook.company, webhook = %webhook.id.0, %reason, "a webhook is switched off");
        }
        let attempt = Attempt {
            company: webhook.company.clone(),
            webhook: webhook.id,
            number: delivery.number,
            claim,
            ended,
            attempts,
            outcome,
            verdict,
        };
        if let Err(error) = self.webhooks.settle(attempt).await {
            // The claim runs out, and it is delivered again, with the same id.
            tracing::warn!(%error, "how a delivery ended could not be written down");
        }
    }

    /// None when what it tells of is gone.
    async fn parcel(&self, webhook: &Webhook, delivery: &Delivery) -> Result<Option<Parcel>> {
        let body = match &delivery.subject {
            Subject::Facts(_) => self.wording.body(delivery, None),
            Subject::Message { room, pos } => {
                let page = self.rooms.page(room, *pos, pos + 1).await?;
                match page.as_deref() {
                    Some([message]) => self.wording.body(delivery, Some(message)),
                    _ => return Ok(None),
                }
            }
        };
        let (id, now) = (delivery.notice.0.to_string(), self.clock.now());
        Ok(Some(Parcel {
            url: webhook.url.as_str().into(),
            seconds: now.div_euclid(1000),
            signatures: webhook.signatures(&id, now, &body).into(),
            id: id.into(),
            body,
        }))
    }

    /// From 0 up to but not including 1.
    fn jitter(&self) -> f64 {
        let mut random = [0; 4];
        self.entropy.fill(&mut random);
        f64::from(u32::from_be_bytes(random)) / (f64::from(u32::MAX) + 1.0)
    }
}
