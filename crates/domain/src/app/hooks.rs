//! A company's webhooks, as its administrators see them.

use std::net::IpAddr;
use std::sync::Arc;

use crate::decide::hook::CHANGE_OVER_MS;
use crate::error::{Error, Result};
use crate::model::{
    Actor, AuditLine, CompanyId, Delivery, Facts, Notice, NoticeId, SigningSecret, Time, Topic, Topics,
    Webhook, WebhookId, WebhookUrl,
};
use crate::port::{Bell, Clock, Courier, Entropy, Webhooks};

pub struct Hooks {
    pub webhooks: Arc<dyn Webhooks>,
    pub courier: Arc<dyn Courier>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// Rung when there may be something to deliver.
    pub bell: Arc<dyn Bell>,
}

/// Who does it, and from where; for the audit.
#[derive(Debug, Clone)]
pub struct Doer {
    pub actor: Actor,
    pub address: Option<IpAddr>,
}

impl Doer {
    /// The line in the audit about what is done now.
    pub(super) fn line(self, company: &CompanyId, now: Time, act: &'static str, subject: &str) -> AuditLine {
        let Doer { actor, address } = self;
        let (company, subject) = (company.clone(), subject.into());
        AuditLine { company, time: now, actor, act, subject, note: "".into(), address }
    }
}

/// What is to be otherwise; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookPatch {
    pub url: Option<WebhookUrl>,
    pub topics: Option<Topics>,
    pub on: Option<bool>,
}

impl Hooks {
    /// Its secret is in the answer, and is not shown again. With the id of one that is there: `Conflict`.
    pub async fn add(
        &self,
        doer: Doer,
        company: &CompanyId,
        id: WebhookId,
        url: WebhookUrl,
        topics: Topics,
    ) -> Result<Webhook> {
        self.courier.accepts(url.as_str())?;
        let webhook = Webhook {
            id,
            company: company.clone(),
            url,
            topics,
            secret: SigningSecret::new(&*self.entropy),
            former: None,
            on: true,
            off_because: None,
            failing_since: None,
            created: self.clock.now(),
        };
        let line = self.line(doer, company, "webhook.add", id, webhook.url.as_str());
        self.webhooks.add(webhook.clone(), line).await?;
        Ok(webhook)
    }

    pub async fn all(&self, company: &CompanyId) -> Result<Vec<Webhook>> {
        self.webhooks.all(company).await
    }

    pub async fn find(&self, company: &CompanyId, id: WebhookId) -> Result<Webhook> {
        self.webhooks.find(company, id).await?.ok_or(Error::NotFound("webhook"))
    }

    pub async fn change(
        &self,
        doer: Doer,
        company: &CompanyId,
        id: WebhookId,
        patch: WebhookPatch,
    ) -> Result<Webhook> {
        if let Some(url) = &patch.url {
            self.courier.accepts(url.as_str())?;
        }
        let line = self.line(doer, company, "webhook.change", id, "");
        let decide = Box::new(move |before: &Webhook| {
            let mut after = before.clone();
            after.url = patch.url.clone().unwrap_or(after.url);
            after.topics = patch.topics.unwrap_or(after.topics);
            if let Some(on) = patch.on {
                after.on = on;
                // Whoever switches it on again has looked after it: its troubles count anew.
                (after.off_because, after.failing_since) = (None, None);
            }
            Ok(after)
        });
        let changed = self.webhooks.change(company, id, line, decide).await?;
        self.bell.ring();
        changed.ok_or(Error::NotFound("webhook"))
    }

    /// A new secret, shown this once; the former one signs as well for a day.
    pub async fn renew_secret(&self, doer: Doer, company: &CompanyId, id: WebhookId) -> Result<Webhook> {
        let (secret, until) = (SigningSecret::new(&*self.entropy), self.clock.now() + CHANGE_OVER_MS);
        let line = self.line(doer, company, "webhook.secret", id, "");
        let decide = Box::new(move |before: &Webhook| {
            let former = Some((before.secret.clone(), until));
            Ok(Webhook { secret: secret.clone(), former, ..before.clone() })
        });
        self.webhooks.change(company, id, line, decide).await?.ok_or(Error::NotFound("webhook"))
    }

    pub async fn remove(&self, doer: Doer, company: &CompanyId, id: WebhookId) -> Result<()> {
        let line = self.line(doer, company, "webhook.remove", id, "");
        let removed = self.webhooks.remove(company, id, line).await?;
        if removed { Ok(()) } else { Err(Error::NotFound("webhook")) }
    }

    /// Sends it something that has not happened, whatever it asks for; not while it is off.
    pub async fn test(&self, company: &CompanyId, id: WebhookId) -> Result<()> {
        let webhook = self.find(company, id).await?;
        if !webhook.on {
            return Err(Error::conflict("the webhook is off"));
        }
        let (mut random, now) = ([0; 16], self.clock.now());
        self.entropy.fill(&mut random);
        let name = u128::from_be_bytes(random).to_string();
        let notice = Notice {
            id: NoticeId::of(now, &[company.as_str(), "test", &name]),
            company: company.clone(),
            topic: Topic::Status,
            kind: "webhook.test",
            thread: name.into(),
            time: now,
            facts: Facts::default().text("webhook", &id.0.to_string()),
        };
        self.webhooks.tell(id, notice).await?;
        self.bell.ring();
        Ok(())
    }

    /// What was and is to be delivered, the newest first.
    pub async fn log(
        &self,
        company: &CompanyId,
        id: WebhookId,
        below: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        self.find(company, id).await?;
        self.webhooks.log(company, id, below, limit).await
    }

    /// Delivers once more what is in the log.
    pub async fn replay(&self, company: &CompanyId, id: WebhookId, number: i64) -> Result<()> {
        if !self.webhooks.replay(company, id, number, self.clock.now()).await? {
            return Err(Error::NotFound("delivery"));
        }
        self.bell.ring();
        Ok(())
    }

    fn line(
        &self,
        doer: Doer,
        company: &CompanyId,
        act: &'static str,
        id: WebhookId,
        note: &str,
    ) -> AuditLine {
        AuditLine {
            company: company.clone(),
            time: self.clock.now(),
            actor: doer.actor,
            act,
            subject: id.0.to_string().into(),
            note: note.into(),
            address: doer.address,
        }
    }
}
