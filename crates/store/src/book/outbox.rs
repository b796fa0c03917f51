//! What a company's webhooks are told, written in the transaction of what it tells.

use nodechat_domain::model::{CompanyId, Notice};

use super::{Stop, Tx};

/// Writes the notice down for each webhook of its company that is on and asks for its topic. A transaction that runs
/// again writes the same.
pub async fn tell(tx: &Tx<'_>, notice: &Notice) -> Result<(), Stop> {
    let columns = [
        (&notice.company).into(),
        notice.topic.bit().into(),
        notice.id.0.as_bytes().as_slice().into(),
        notice.kind.into(),
        (&*notice.thread).into(),
        notice.time.into(),
        notice.facts.json().into(),
    ];
    tx.change(TELL, &columns).await.map(drop)
}

/// Whether the company has any webhook that is on, for whoever has much to tell.
pub async fn is_heard(tx: &Tx<'_>, company: &CompanyId) -> Result<bool, Stop> {
    Ok(tx.row(IS_HEARD, &[company.into()]).await?.is_some())
}

const IS_HEARD: &str = "select 1 from webhook where company = $1 and is_on = 1 limit 1"; // primary key

/// Whether the company has a webhook that asks for messages. SQLite asks before each message: [`TELL_MESSAGE`] reads the
/// table that it writes, for which SQLite makes a table in between, even for nothing.
pub const HEARS_MESSAGES: &str =
    "select 1 from webhook where company = $1 and is_on = 1 and (topics & 1) <> 0 limit 1"; // primary key

/// What comes behind something that is to be tried again later waits as long: a thread keeps its order, and nothing is
/// due that cannot be delivered.
const TELL: &str =
    "insert into delivery (company, webhook, notice, kind, thread, time, facts, state, attempts,
    first_due, due, claimed_until)
    select w.company, w.id, $3, $4, $5, $6, $7, 0, 0, $6, coalesce((select max(d.due) from delivery d
        where d.webhook = w.id and d.thread = $5 and d.state = 0), $6), 0
    from webhook w where w.company = $1 and w.is_on = 1 and (w.topics & $2) <> 0
    on conflict (webhook, notice) do nothing"; // primary key of webhook, delivery_thread

/// The same for a message, in the transaction that stores it: for SQLite, parameters in the order of their appearance.
/// What it says is read from the room when it is delivered.
pub const TELL_MESSAGE: &str =
    "insert into delivery (company, webhook, notice, kind, thread, time, room, pos, state,
    attempts, first_due, due, claimed_until)
    select w.company, w.id, $1, 'message.created', $2, $3, $2, $4, 0, 0, $3, coalesce((select max(d.due)
        from delivery d where d.webhook = w.id and d.thread = $2 and d.state = 0), $3), 0
    from webhook w where w.company = $5 and w.is_on = 1 and (w.topics & 1) <> 0
    on conflict (webhook, notice) do nothing"; // primary key of webhook, delivery_thread

/// The same for a batch of PostgreSQL's, in the order of the columns.
pub const TELL_MESSAGES: &str =
    "insert into delivery (company, webhook, notice, kind, thread, time, room, pos, state,
    attempts, first_due, due, claimed_until)
    select w.company, w.id, uuid_send(m.id), 'message.created', m.room, m.time, m.room, m.pos, 0, 0, m.time,
        coalesce((select max(d.due) from delivery d
            where d.webhook = w.id and d.thread = m.room and d.state = 0), m.time), 0
    from unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[])
        with ordinality as m (company, room, id, time, pos, place)
    join webhook w on w.company = m.company and w.is_on = 1 and (w.topics & 1) <> 0
    order by m.place
    on conflict (webhook, notice) do nothing"; // primary key of webhook, delivery_thread
