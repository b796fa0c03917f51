//! Where webhooks are kept, what is on its way to them, and who takes it there.

use super::Answer;
use crate::decide::hook::{Outcome, Verdict};
use crate::error::Result;
use crate::model::{AuditLine, CompanyId, Delivery, Notice, Time, Webhook, WebhookId};

/// Nothing of one company is found with the name of another. Whatever is answered is durable. An act and its line in the
/// audit are written together.
pub trait Webhooks: Send + Sync {
    /// `Conflict` when the company has as many as it may, or one of this id.
    fn add(&self, webhook: Webhook, line: AuditLine) -> Answer<'_, ()>;

    /// All of a company, the oldest first.
    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<Webhook>>;

    fn find(&self, company: &CompanyId, id: WebhookId) -> Answer<'_, Option<Webhook>>;

    /// Changes one as `decide` says; how it is then, none when there is no such one.
    fn change(
        &self,
        company: &CompanyId,
        id: WebhookId,
        line: AuditLine,
        decide: DecideWebhook,
    ) -> Answer<'_, Option<Webhook>>;

    /// Removes one with all its deliveries; whether it was there.
    fn remove(&self, company: &CompanyId, id: WebhookId, line: AuditLine) -> Answer<'_, bool>;

    /// Something to be told to this webhook alone, whatever it asks for, on or off.
    fn tell(&self, id: WebhookId, notice: Notice) -> Answer<'_, ()>;

    /// What was and is to be delivered, the newest first, from below a number on.
    fn log(
        &self,
        company: &CompanyId,
        id: WebhookId,
        below: Option<i64>,
        limit: usize,
    ) -> Answer<'_, Vec<Delivery>>;

    /// Delivers it once more, from the beginning and with the same id; whether there is such a one.
    fn replay(&self, company: &CompanyId, id: WebhookId, number: i64, now: Time) -> Answer<'_, bool>;

    /// Webhooks that are on and have something due, the longest due first, at most so many.
    fn due(&self, now: Time, limit: usize) -> Answer<'_, Vec<(CompanyId, WebhookId)>>;

    /// When something is due next that nobody has taken.
    fn next_due(&self) -> Answer<'_, Option<Time>>;

    /// Takes up to `limit` deliveries of a webhook that are due, one of each thread and that thread's first: nobody else,
    /// on whatever node, gets them before `until`. None when there is nothing to take.
    fn claim(
        &self,
        company: &CompanyId,
        id: WebhookId,
        now: Time,
        until: Time,
        limit: usize,
    ) -> Answer<'_, Option<Claimed>>;

    /// Writes down how an attempt ended, and in the audit when the webhook is switched off by it. A claim that was lost
    /// meanwhile changes nothing.
    fn settle(&self, attempt: Attempt) -> Answer<'_, ()>;

    /// Forgets what was delivered or given up before this time, and of each webhook all but the newest `keep`; how many.
    fn forget(&self, before: Time, keep: usize) -> Answer<'_, u64>;
}

pub type DecideWebhook = Box<dyn FnMut(&Webhook) -> Result<Webhook> + Send>;

#[derive(Debug)]
pub struct Claimed {
    pub webhook: Webhook,
    pub deliveries: Vec<Delivery>,
}

/// The end of one attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub company: CompanyId,
    pub webhook: WebhookId,
    pub number: i64,
    /// The `until` of the claim it was made under.
    pub claim: Time,
    pub ended: Time,
    /// With this one.
    pub attempts: u32,
    pub outcome: Outcome,
    pub verdict: Verdict,
}

/// Takes a parcel to its receiver.
pub trait Courier: Send + Sync {
    /// Whether a receiver may be at this address at all, as far as its text tells.
    fn accepts(&self, url: &str) -> Result<()>;

    /// One attempt, within a time limit. Whatever goes wrong is an outcome. No redirect is followed, no answer's body is
    /// kept, and no connection is made to an address that may not be called.
    fn carry<'a>(
        &'a self,
        parcel: &'a Parcel,
    ) -> std::pin::Pin<Box<dyn std::future::Future<Output = Outcome> + Send + 'a>>;
}

/// One request as Standard Webhooks 1.0.0 wants it.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub url: Box<str>,
    /// `webhook-id`
    pub id: Box<str>,
    /// `webhook-timestamp`, in seconds
    pub seconds: i64,
    /// `webhook-signature`
    pub signatures: Box<str>,
    pub body: Box<[u8]>,
}
