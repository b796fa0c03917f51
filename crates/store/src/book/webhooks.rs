//! Webhooks, the deliveries under way, and the log of those that are over.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use nodechat_domain::decide::hook::{Next, Outcome};
use nodechat_domain::error::{Error, Result};
use nodechat_domain::limits;
use nodechat_domain::model::{
    Actor, AuditLine, CompanyId, Delivery, DeliveryState, Notice, NoticeId, SigningSecret, Subject, Time,
    Topics, Webhook, WebhookId, WebhookUrl,
};
use nodechat_domain::port::{Answer, Attempt, Claimed, DecideWebhook, Webhooks};

use super::{Books, Row, Stop, Tx, audit};
use crate::stored;
use crate::value::Value;

/// What may wait for one webhook; of more the oldest are forgotten.
const WAITING_MAX: i64 = 100_000;

impl Webhooks for Books {
    fn add(&self, webhook: Webhook, line: AuditLine) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (webhook, line) = (webhook.clone(), line.clone());
            async move {
                let count = tx.row(COUNT, &[(&webhook.company).into()]).await?;
                let count = count.map_or(Ok(0), |row| row.number(0))?;
                if count >= limits::WEBHOOKS as i64 {
                    return Err(Error::conflict("a company has at most 10 webhooks").into());
                }
                let mut columns = key(&webhook.company, webhook.id);
                columns.extend(contents(&webhook));
                if tx.change(ADD, &columns).await? == 0 {
                    return Err(Error::conflict("there is a webhook of this id").into());
                }
                audit::note(tx, &line).await
            }
            .boxed()
        })
    }

    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<Webhook>> {
        let company = company.clone();
        self.read(move |tx| {
            let asked = [(&company).into()];
            async move { tx.rows(ALL, &asked).await?.iter().map(webhook).collect() }.boxed()
        })
    }

    fn find(&self, company: &CompanyId, id: WebhookId) -> Answer<'_, Option<Webhook>> {
        let company = company.clone();
        self.read(move |tx| {
            let key = key(&company, id);
            async move { tx.row(FIND, &key).await?.as_ref().map(webhook).transpose() }.boxed()
        })
    }

    fn change(
        &self,
        company: &CompanyId,
        id: WebhookId,
        line: AuditLine,
        decide: DecideWebhook,
    ) -> Answer<'_, Option<Webhook>> {
        let company = company.clone();
        let decide = Arc::new(Mutex::new(decide));
        self.write(move |tx| {
            let (key, decide, line) = (key(&company, id), decide.clone(), line.clone());
            async move {
                let Some(before) = locked(tx, &key).await? else { return Ok(None) };
                let after = {
                    let mut decide = decide.lock().expect("no holder of this lock can panic");
                    decide(&before)?
                };
                let mut columns = key;
                columns.extend(contents(&after));
                tx.change(SET, &columns).await?;
                audit::note(tx, &line).await?;
                Ok(Some(after))
            }
            .boxed()
        })
    }

    fn remove(&self, company: &CompanyId, id: WebhookId, line: AuditLine) -> Answer<'_, bool> {
        let company = company.clone();
        self.write(move |tx| {
            let (key, line) = (key(&company, id), line.clone());
            async move {
                if tx.change(REMOVE, &key).await? == 0 {
                    return Ok(false);
                }
                tx.change(REMOVE_DELIVERIES, &key).await?;
                audit::note(tx, &line).await?;
                Ok(true)
            }
            .boxed()
        })
    }

    fn tell(&self, id: WebhookId, notice: Notice) -> Answer<'_, ()> {
        self.write(move |tx| {
            let mut columns = key(&notice.company, id);
            columns.extend([
                notice.id.0.as_bytes().as_slice().into(),
                notice.kind.into(),
                (&*notice.thread).into(),
                notice.time.into(),
                notice.facts.json().into(),
            ]);
            async move { tx.change(TELL_ONE, &columns).await.map(drop) }.boxed()
        })
    }

    fn log(
        &self,
        company: &CompanyId,
        id: WebhookId,
        below: Option<i64>,
        limit: usize,
    ) -> Answer<'_, Vec<Delivery>> {
        let company = company.clone();
        self.read(move |tx| {
            let mut asked = key(&company, id);
            asked.extend([below.unwrap_or(i64::MAX).into(), (limit as i64).into()]);
            async move { tx.rows(LOG, &asked).await?.iter().map(delivery).collect() }.boxed()
        })
    }

    fn replay(&self, company: &CompanyId, id: WebhookId, number: i64, now: Time) -> Answer<'_, bool> {
        let company = company.clone();
        self.write(move |tx| {
            let mut asked = key(&company, id);
            asked.extend([number.into(), now.into()]);
            async move { Ok(tx.change(REPLAY, &asked).await? > 0) }.boxed()
        })
    }

    fn due(&self, now: Time, limit: usize) -> Answer<'_, Vec<(CompanyId, WebhookId)>> {
        self.read(move |tx| {
            async move {
                let rows = tx.rows(DUE, &[now.into(), (limit as i64).into()]).await?;
                rows.iter().map(|row| Ok((row.company(0)?, WebhookId(row.uuid(1)?)))).collect()
            }
            .boxed()
        })
    }

    fn next_due(&self) -> Answer<'_, Option<Time>> {
        self.read(move |tx| {
            async move { tx.row(NEXT_DUE, &[]).await?.map_or(Ok(None), |row| row.maybe_number(0)) }.boxed()
        })
    }

    fn claim(
        &self,
        company: &CompanyId,
        id: WebhookId,
        now: Time,
        until: Time,
        limit: usize,
    ) -> Answer<'_, Option<Claimed>> {
        let company = company.clone();
        self.write(move |tx| {
            let key = key(&company, id);
            async move {
                // Whoever else claims for this webhook waits for its row.
                let Some(webhook) = locked(tx, &key).await? else { return Ok(None) };
                if !webhook.on {
                    return Ok(None);
                }
                let mut asked = key;
                asked.extend([now.into(), until.into(), (limit as i64).into()]);
                let rows = tx.rows(CLAIM, &asked).await?;
                let mut deliveries = rows.iter().map(delivery).collect::<Result<Vec<_>, _>>()?;
                deliveries.sort_by_key(|delivery| delivery.number);
                Ok((!deliveries.is_empty()).then_some(Claimed { webhook, deliveries }))
            }
            .boxed()
        })
    }

    fn settle(&self, attempt: Attempt) -> Answer<'_, ()> {
        self.write(move |tx| {
            let attempt = attempt.clone();
            async move { settle(tx, &attempt).await }.boxed()
        })
    }

    fn forget(&self, before: Time, keep: usize) -> Answer<'_, u64> {
        self.write(move |tx| {
            async move {
                let old = tx.change(FORGET_OLD, &[before.into()]).await?;
                let many = tx.change(FORGET_MANY, &[(keep as i64).into()]).await?;
                Ok(old + many + tx.change(FORGET_WAITING, &[WAITING_MAX.into()]).await?)
            }
            .boxed()
        })
    }
}

async fn settle(tx: &Tx<'_>, attempt: &Attempt) -> Result<(), Stop> {
    let Attempt { company, webhook, number, claim, ended, attempts, outcome, verdict } = attempt;
    let key = key(company, *webhook);
    let Some(before) = locked(tx, &key).await? else { return Ok(()) };
    let (state, due) = match verdict.next {
        Next::Delivered => (DeliveryState::Delivered, *ended),
        Next::Again { due } => (DeliveryState::Waiting, due),
        Next::GivenUp => (DeliveryState::GivenUp, *ended),
    };
    let (status, failure) = told_by(outcome);
    let mut columns = key.clone();
    columns.extend([
        (*number).into(),
        (*claim).into(),
        state_number(state).into(),
        due.into(),
        (*ended).into(),
        (*attempts).into(),
        status.into(),
        failure.into(),
    ]);
    if tx.change(SETTLE, &columns).await? == 0 {
        // Another node has taken it since, or it was replayed: what that one finds out counts.
        return Ok(());
    }
    if let Next::Again { due } = verdict.next {
        let mut columns = key.clone();
        columns.extend([(*number).into(), due.into()]);
        tx.change(PUT_OFF_THREAD, &columns).await?;
    }
    let mut columns = key;
    columns.extend([verdict.failing_since.into(), verdict.switch_off.as_deref().into()]);
    tx.change(SET_HEALTH, &columns).await?;
    match &verdict.switch_off {
        Some(why) if before.on => audit::note(tx, &switched_off(&before, why, *ended)).await,
        _ => Ok(()),
    }
}

/// The server itself has done it.
fn switched_off(webhook: &Webhook, why: &str, time: Time) -> AuditLine {
    AuditLine {
        company: webhook.company.clone(),
        time,
        actor: Actor::Operator,
        act: "webhook.off",
        subject: webhook.id.0.to_string().into(),
        note: why.into(),
        address: None,
    }
}

/// Changes the webhook's row, and thereby locks it, and reads it.
async fn locked(tx: &Tx<'_>, key: &[Value]) -> Result<Option<Webhook>, Stop> {
    if tx.change(LOCK, key).await? == 0 {
        return Ok(None);
    }
    tx.row(FIND, key).await?.as_ref().map(webhook).transpose()
}

fn told_by(outcome: &Outcome) -> (Option<i64>, Option<&str>) {
    match outcome {
        Outcome::Answered { status, .. } => (Some((*status).into()), None),
        Outcome::Unreached(why) | Outcome::Barred(why) => (None, Some(why)),
        Outcome::Pointless => (None, Some("what it would have told is gone")),
    }
}

fn key(company: &CompanyId, id: WebhookId) -> Vec<Value> {
    vec![company.into(), id.0.as_bytes().as_slice().into()]
}

/// The columns behind the key.
fn contents(webhook: &Webhook) -> Vec<Value> {
    let former = webhook.former.as_ref();
    vec![
        webhook.url.as_str().into(),
        webhook.topics.bits().into(),
        webhook.secret.bytes().into(),
        former.map(|(secret, _)| secret.bytes()).into(),
        former.map(|(_, until)| *until).into(),
        webhook.on.into(),
        webhook.off_because.as_deref().into(),
        webhook.failing_since.into(),
        webhook.created.into(),
    ]
}

fn webhook(row: &Row) -> Result<Webhook, Stop> {
    let former = match (row.maybe_bytes(5)?, row.maybe_number(6)?) {
        (Some(secret), Some(until)) => Some((SigningSecret::from_bytes(secret), until)),
        _ => None,
    };
    Ok(Webhook {
        company: row.company(0)?,
        id: WebhookId(row.uuid(1)?),
        url: WebhookUrl::parse(row.text(2)?).map_err(stored::unreadable)?,
        topics: Topics::from_bits(row.number(3)?),
        secret: SigningSecret::from_bytes(row.bytes(4)?),
        former,
        on: row.flag(7)?,
        off_because: row.maybe_text(8)?.map(Into::into),
        failing_since: row.maybe_number(9)?,
        created: row.time(10)?,
    })
}

fn delivery(row: &Row) -> Result<Delivery, Stop> {
    let subject = match row.maybe_text(6)? {
        Some(facts) => Subject::Facts(facts.into()),
        None => Subject::Message { room: row.room(7)?, pos: row.number(8)? },
    };
    let status = row.maybe_number(14)?.map(u16::try_from).transpose();
    Ok(Delivery {
        number: row.number(0)?,
        company: row.company(1)?,
        webhook: WebhookId(row.uuid(2)?),
        notice: NoticeId(row.uuid(3)?),
        kind: row.text(4)?.into(),
        time: row.time(5)?,
        subject,
        state: stored_state(row.number(9)?)?,
        attempts: row.count(10)?,
        first_due: row.time(11)?,
        due: row.time(12)?,
        tried: row.maybe_number(13)?,
        status: status.map_err(|_| broken("no such status"))?,
        failure: row.maybe_text(15)?.map(Into::into),
    })
}

fn state_number(state: DeliveryState) -> i64 {
    match state {
        DeliveryState::Waiting => 0,
        DeliveryState::Delivered => 1,
        DeliveryState::GivenUp => 2,
    }
}

fn stored_state(number: i64) -> Result<DeliveryState, Stop> {
    match number {
        0 => Ok(DeliveryState::Waiting),
        1 => Ok(DeliveryState::Delivered),
        2 => Ok(DeliveryState::GivenUp),
        _ => Err(broken("no such state of a delivery")),
    }
}

fn broken(why: &'static str) -> Stop {
    Stop::Refused(Error::internal(why))
}

macro_rules! webhook_columns {
    () => {
        "company, id, url, topics, secret, former, former_until, is_on, off_because, failing_since, created"
    };
}

macro_rules! delivery_columns {
    () => {
        "number, company, webhook, notice, kind, time, facts, room, pos, state, attempts, first_due, due, tried,
        status, failure"
    };
}

const COUNT: &str = "select count(*) from webhook where company = $1"; // primary key
const ADD: &str = concat!(
    "insert into webhook (",
    webhook_columns!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (company, id) do nothing"
);
const ALL: &str = concat!("select ", webhook_columns!(), " from webhook where company = $1 order by id"); // primary key
const FIND: &str = concat!("select ", webhook_columns!(), " from webhook where company = $1 and id = $2"); // primary key
const LOCK: &str = "update webhook set created = created where company = $1 and id = $2"; // primary key
const SET: &str =
    "update webhook set url = $3, topics = $4, secret = $5, former = $6, former_until = $7, is_on = $8,
    off_because = $9, failing_since = $10, created = $11 where company = $1 and id = $2"; // primary key
const SET_HEALTH: &str = "update webhook set failing_since = $3,
    is_on = case when cast($4 as text) is null then is_on else 0 end,
    off_because = coalesce($4, off_because) where company = $1 and id = $2"; // primary key
const REMOVE: &str = "delete from webhook where company = $1 and id = $2"; // primary key
const REMOVE_DELIVERIES: &str = "delete from delivery where company = $1 and webhook = $2"; // delivery_log
const TELL_ONE: &str =
    "insert into delivery (company, webhook, notice, kind, thread, time, facts, state, attempts,
    first_due, due, claimed_until) values ($1, $2, $3, $4, $5, $6, $7, 0, 0, $6, $6, 0)
    on conflict (webhook, notice) do nothing";
const LOG: &str = concat!(
    "select ",
    delivery_columns!(),
    " from delivery
    where company = $1 and webhook = $2 and number < $3 order by number desc limit $4"
); // delivery_log
const REPLAY: &str =
    "update delivery set state = 0, attempts = 0, first_due = $4, due = $4, claimed_until = 0
    where company = $1 and webhook = $2 and number = $3"; // primary key
const DUE: &str =
    "select w.company, w.id from webhook w where w.is_on = 1 and exists (select 1 from delivery d
    where d.webhook = w.id and d.state = 0 and d.due <= $1 and d.claimed_until <= $1)
    order by w.id limit $2"; // delivery_due
const NEXT_DUE: &str =
    "select min((select min(d.due) from delivery d where d.webhook = w.id and d.state = 0))
    from webhook w where w.is_on = 1"; // delivery_due
const CLAIM: &str = concat!(
    "update delivery set claimed_until = $4 where company = $1 and webhook = $2 and number in (
    select d.number from delivery d where d.webhook = $2 and d.state = 0 and d.due <= $3 and d.claimed_until <= $3
    and not exists (select 1 from delivery e
        where e.webhook = d.webhook and e.thread = d.thread and e.state = 0 and e.number < d.number)
    order by d.due, d.number limit $5) returning ", delivery_columns!()
); // delivery_due, delivery_thread
const SETTLE: &str =
    "update delivery set state = $5, due = $6, tried = $7, attempts = $8, status = $9, failure = $10,
    claimed_until = 0 where company = $1 and webhook = $2 and number = $3 and claimed_until = $4"; // primary key
const PUT_OFF_THREAD: &str = "update delivery set due = $4 where company = $1 and webhook = $2 and state = 0
    and due < $4 and thread = (select d.thread from delivery d where d.number = $3)"; // delivery_thread
const FORGET_OLD: &str = "delete from delivery where time < $1"; // delivery_time
const FORGET_MANY: &str = "delete from delivery where state <> 0 and number in (select r.number from (
    select d.number, row_number() over (partition by d.webhook order by d.number desc) as place from delivery d
    where d.state <> 0) r where r.place > $1)"; // whole table, now and then
const FORGET_WAITING: &str = "delete from delivery where state = 0 and number in (select r.number from (
    select d.number, row_number() over (partition by d.webhook order by d.number desc) as place from delivery d
    where d.state = 0) r where r.place > $1)"; // whole table, now and then
