//! Work orders: one row each, a line of history for whatever is done to one.

use futures_util::FutureExt as _;
use nodechat_domain::decide::notice;
use nodechat_domain::error::{Error, Result};
use nodechat_domain::model::{
    AccountId, Author, Changed, CompanyId, Details, ImagePath, Order, OrderEvent, OrderField, OrderId,
    OrderKind, OrderLine, OrderState, RoomId, Time, Words,
};
use nodechat_domain::port::{Answer, DecideOrder, OrderCounts, OrderNews, OrderQuery, Orders};

use super::{Books, Row, Stop, Tx, outbox};
use crate::stored;
use crate::value::Value;

impl Orders for Books {
    fn add(&self, opened: Changed) -> Answer<'_, Option<Order>> {
        self.write(move |tx| {
            let opened = opened.clone();
            async move {
                let mut columns = key(&opened.order.company, opened.order.id);
                columns.extend(contents(&opened.order));
                if tx.change(ADD, &columns).await? == 0 {
                    return Ok(None);
                }
                told(tx, &opened).await?;
                Ok(Some(opened.order))
            }
            .boxed()
        })
    }

    fn find(&self, company: &CompanyId, id: OrderId) -> Answer<'_, Option<Order>> {
        let company = company.clone();
        self.read(move |tx| {
            let key = key(&company, id);
            async move { tx.row(FIND, &key).await?.as_ref().map(order).transpose() }.boxed()
        })
    }

    fn change(&self, company: &CompanyId, id: OrderId, decide: DecideOrder) -> Answer<'_, Option<Changed>> {
        let company = company.clone();
        let decide = std::sync::Arc::new(std::sync::Mutex::new(decide));
        self.write(move |tx| {
            let (key, decide) = (key(&company, id), decide.clone());
            async move {
                // Changed first, and thereby locked, then looked at.
                if tx.change(LOCK, &key).await? == 0 {
                    return Ok(None);
                }
                let found = tx.row(FIND, &key).await?;
                let found = found.ok_or_else(|| broken("a work order is gone while it is locked"))?;
                let before = order(&found)?;
                let changed = {
                    let mut decide = decide.lock().expect("no holder of this lock can panic");
                    decide(&before)?
                };
                if changed.lines.is_empty() {
                    return Ok(Some(changed));
                }
                let mut columns = key;
                columns.extend(contents(&changed.order));
                tx.change(SET, &columns).await?;
                told(tx, &changed).await?;
                Ok(Some(changed))
            }
            .boxed()
        })
    }

    fn lines(&self, company: &CompanyId, id: OrderId, from: i64, limit: usize) -> Answer<'_, Vec<OrderLine>> {
        let company = company.clone();
        self.read(move |tx| {
            let mut asked = key(&company, id);
            asked.extend([from.into(), (limit as i64).into()]);
            async move { tx.rows(LINES, &asked).await?.iter().map(line).collect() }.boxed()
        })
    }

    fn list(&self, query: OrderQuery) -> Answer<'_, Vec<Order>> {
        self.read(move |tx| {
            let query = query.clone();
            async move { list(tx, &query).await }.boxed()
        })
    }

    fn counts(&self, company: &CompanyId) -> Answer<'_, OrderCounts> {
        let company = company.clone();
        self.read(move |tx| {
            let company = company.clone();
            async move {
                let mut counts = OrderCounts::default();
                for row in tx.rows(COUNTS, &[(&company).into()]).await? {
                    let state = stored_state(row.number(0)?)?;
                    counts.by_state[state_number(state) as usize] = row.number(1)?;
                    if state != OrderState::Closed {
                        counts.unowned += row.number(1)? - row.number(2)?;
                    }
                }
                Ok(counts)
            }
            .boxed()
        })
    }

    fn news(&self, after: i64, limit: usize) -> Answer<'_, Vec<OrderNews>> {
        self.read(move |tx| {
            async move {
                let rows = tx.rows(NEWS, &[after.into(), (limit as i64).into()]).await?;
                rows.iter()
                    .map(|row| Ok(OrderNews { number: row.number(COLUMNS)?, order: order(row)? }))
                    .collect()
            }
            .boxed()
        })
    }

    fn latest_news(&self) -> Answer<'_, i64> {
        self.read(move |tx| {
            async move { tx.row(LATEST_NEWS, &[]).await?.map_or(Ok(0), |row| row.number(0)) }.boxed()
        })
    }

    fn forget_news(&self, before: Time) -> Answer<'_, u64> {
        self.write(move |tx| async move { tx.change(FORGET_NEWS, &[before.into()]).await }.boxed())
    }
}

/// The lines of a change, and whoever has to hear of it.
async fn told(tx: &Tx<'_>, changed: &Changed) -> Result<(), Stop> {
    let order = &changed.order;
    for line in &changed.lines {
        let (what, before, after, words) = event_columns(&line.what);
        let mut columns = key(&order.company, order.id);
        columns.extend([
            line.number.into(),
            line.time.into(),
            author_number(&line.by).into(),
            line.by.id().into(),
            what.into(),
            before.into(),
            after.into(),
            words.into(),
        ]);
        tx.change(ADD_LINE, &columns).await?;
    }
    for notice in notice::of_order(changed) {
        outbox::tell(tx, &notice).await?;
    }
    if changed.concerns_visitor() {
        let number = tx.row(NEXT_NEWS, &[]).await?.ok_or_else(|| broken("no number was given out"))?;
        let news = [
            number.number(0)?.into(),
            (&order.company).into(),
            order.id.0.as_bytes().as_slice().into(),
            order.updated.into(),
        ];
        tx.change(ADD_NEWS, &news).await?;
    }
    Ok(())
}

async fn list(tx: &Tx<'_>, query: &OrderQuery) -> Result<Vec<Order>, Stop> {
    // Made before this moment; of those made in it, the ones before this id. No id is before the empty one.
    let before = query.to.unwrap_or(i64::MAX);
    let (before, id) = match query.after {
        Some((created, id)) if created < before => (created, id.0.as_bytes().as_slice().into()),
        _ => (before, Value::Bytes(Box::default())),
    };
    let common = |first: Value| {
        vec![
            (&query.company).into(),
            first,
            query.from.unwrap_or(i64::MIN).into(),
            before.into(),
            id.clone(),
            query.owner.as_ref().into(),
            query.kind.as_deref().into(),
            (query.limit as i64).into(),
        ]
    };
    let state = query.state.map(state_number);
    let rows = match (&query.submitter, state) {
        (Some(submitter), _) => {
            let mut asked = common(submitter.into());
            asked.push(state.into());
            tx.rows(OF_SUBMITTER, &asked).await?
        }
        (None, Some(state)) => tx.rows(OF_STATE, &common(state.into())).await?,
        (None, None) => {
            let mut asked = common(Value::Null);
            asked.remove(1);
            tx.rows(OF_COMPANY, &asked).await?
        }
    };
    rows.iter().map(order).collect()
}

fn key(company: &CompanyId, id: OrderId) -> Vec<Value> {
    vec![company.into(), id.0.as_bytes().as_slice().into()]
}

/// The columns behind the key.
fn contents(order: &Order) -> Vec<Value> {
    let Details { title, phone, describe, kind, discovered, pictures } = &order.details;
    let pictures: Vec<_> = pictures.iter().map(ImagePath::as_str).collect();
    vec![
        title.into(),
        phone.into(),
        describe.as_str().into(),
        kind.as_str().into(),
        (*discovered).into(),
        pictures.join("\n").into(),
        (&order.submitter).into(),
        order.room.as_ref().into(),
        order.chat.as_deref().into(),
        state_number(order.state).into(),
        order.owner.as_ref().into(),
        order.feedback.clone().into(),
        order.created.into(),
        order.updated.into(),
        order.lines.into(),
    ]
}

fn order(row: &Row) -> Result<Order, Stop> {
    let pictures = row.text(7)?.lines().map(ImagePath::parse).collect::<Result<_>>();
    let owner = row.maybe_text(12)?.map(AccountId::parse).transpose();
    let room = row.maybe_text(9)?.map(RoomId::parse).transpose();
    Ok(Order {
        company: row.company(0)?,
        id: OrderId(row.uuid(1)?),
        details: Details {
            title: row.name(2)?,
            phone: row.name(3)?,
            describe: readable(Words::parse("describe", row.text(4)?))?,
            kind: readable(OrderKind::parse(row.text(5)?))?,
            discovered: row.maybe_number(6)?,
            pictures: readable(pictures)?,
        },
        submitter: row.aid(8)?,
        room: readable(room)?,
        chat: row.maybe_text(10)?.map(Into::into),
        state: stored_state(row.number(11)?)?,
        owner: readable(owner)?,
        feedback: row.text(13)?.into(),
        created: row.time(14)?,
        updated: row.time(15)?,
        lines: row.number(16)?,
    })
}

fn line(row: &Row) -> Result<OrderLine, Stop> {
    let author = row.text(3)?;
    let by = match row.number(2)? {
        0 => Author::Visitor(row.aid(3)?),
        1 => Author::Agent(row.aid(3)?),
        2 => Author::Key(author.into()),
        _ => return Err(broken("no such author")),
    };
    let state = |column| readable(OrderState::parse(row.text(column)?));
    let agent = |column| readable(row.maybe_text(column)?.map(AccountId::parse).transpose());
    let words = || readable(Words::parse("comment", row.text(7)?));
    let what = match row.number(4)? {
        0 => OrderEvent::Created,
        1 => OrderEvent::Moved { from: state(5)?, to: state(6)? },
        2 => OrderEvent::Owned { from: agent(5)?, to: agent(6)? },
        3 => OrderEvent::Answered(words()?),
        4 => OrderEvent::Noted(words()?),
        5 => OrderEvent::Edited(fields(row.text(6)?)?),
        _ => return Err(broken("no such line of a history")),
    };
    Ok(OrderLine { number: row.number(0)?, time: row.time(1)?, by, what })
}

type EventColumns = (i64, Option<Box<str>>, Option<Box<str>>, Option<Box<str>>);

fn event_columns(event: &OrderEvent) -> EventColumns {
    let agent = |aid: &Option<AccountId>| aid.as_ref().map(|aid| aid.as_str().into());
    match event {
        OrderEvent::Created => (0, None, None, None),
        OrderEvent::Moved { from, to } => (1, Some(from.name().into()), Some(to.name().into()), None),
        OrderEvent::Owned { from, to } => (2, agent(from), agent(to), None),
        OrderEvent::Answered(words) => (3, None, None, Some(words.as_str().into())),
        OrderEvent::Noted(words) => (4, None, None, Some(words.as_str().into())),
        OrderEvent::Edited(fields) => {
            let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
            (5, None, Some(names.join(" ").into()), None)
        }
    }
}

fn fields(names: &str) -> Result<Vec<OrderField>, Stop> {
    let field = |name| OrderField::ALL.into_iter().find(|field| field.name() == name);
    names.split(' ').map(|name| field(name).ok_or_else(|| broken("no such field"))).collect()
}

fn author_number(author: &Author) -> i64 {
    match author {
        Author::Visitor(_) => 0,
        Author::Agent(_) => 1,
        Author::Key(_) => 2,
    }
}

/// Its place in [`OrderState::ALL`].
fn state_number(state: OrderState) -> i64 {
    state as i64
}

fn stored_state(number: i64) -> Result<OrderState, Stop> {
    let state = usize::try_from(number).ok().and_then(|place| OrderState::ALL.get(place));
    state.copied().ok_or_else(|| broken("no such state of a work order"))
}

fn readable<T>(value: Result<T>) -> Result<T, Stop> {
    Ok(value.map_err(stored::unreadable)?)
}

fn broken(why: &'static str) -> Stop {
    Stop::Refused(Error::internal(why))
}

/// How many columns a work order has in a row.
const COLUMNS: usize = 17;

macro_rules! columns {
    ($table:literal) => {
        concat!(
            $table,
            "company, ",
            $table,
            "id, ",
            $table,
            "title, ",
            $table,
            "phone, ",
            $table,
            "describe, ",
            $table,
            "kind, ",
            $table,
            "discovered, ",
            $table,
            "pictures, ",
            $table,
            "submitter, ",
            $table,
            "room, ",
            $table,
            "chat, ",
            $table,
            "state, ",
            $table,
            "owner, ",
            $table,
            "feedback, ",
            $table,
            "created, ",
            $table,
            "updated, ",
            $table,
            "lines"
        )
    };
}

macro_rules! page {
    ($where:literal) => {
        concat!("select ", columns!(""), " from work_order where company = $1 and ", $where)
    };
}

const ADD: &str = concat!(
    "insert into work_order (",
    columns!(""),
    ")
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    on conflict (company, id) do nothing"
);
const FIND: &str = concat!("select ", columns!(""), " from work_order where company = $1 and id = $2"); // primary key
const LOCK: &str = "update work_order set lines = lines where company = $1 and id = $2"; // primary key
const SET: &str = "update work_order set title = $3, phone = $4, describe = $5, kind = $6, discovered = $7,
    pictures = $8, submitter = $9, room = $10, chat = $11, state = $12, owner = $13, feedback = $14, created = $15,
    updated = $16, lines = $17 where company = $1 and id = $2"; // primary key
const ADD_LINE: &str = "insert into work_order_line
    (company, work_order, number, time, author_kind, author, what, before, after, words)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const LINES: &str =
    "select number, time, author_kind, author, what, before, after, words from work_order_line
    where company = $1 and work_order = $2 and number >= $3 order by number limit $4"; // primary key
const OF_COMPANY: &str = page!(
    "created >= $2 and (created, id) < ($3, $4)
    and (cast($5 as text) is null or owner = $5) and (cast($6 as text) is null or kind = $6)
    order by created desc, id desc limit $7"
); // work_order_created
const OF_STATE: &str = page!(
    "state = $2 and created >= $3 and (created, id) < ($4, $5)
    and (cast($6 as text) is null or owner = $6) and (cast($7 as text) is null or kind = $7)
    order by created desc, id desc limit $8"
); // work_order_state
const OF_SUBMITTER: &str = page!(
    "submitter = $2 and created >= $3 and (created, id) < ($4, $5)
    and (cast($6 as text) is null or owner = $6) and (cast($7 as text) is null or kind = $7)
    and (cast($9 as bigint) is null or state = $9)
    order by created desc, id desc limit $8"
); // work_order_submitter
const COUNTS: &str = "select state, count(*), count(owner) from work_order where company = $1 group by state"; // work_order_state
const NEXT_NEWS: &str = "insert into work_order_clock (id, number) values (0, 1)
    on conflict (id) do update set number = work_order_clock.number + 1 returning number"; // primary key
const ADD_NEWS: &str =
    "insert into work_order_news (number, company, work_order, time) values ($1, $2, $3, $4)";
const NEWS: &str = concat!(
    "select ",
    columns!("o."),
    ", n.number from work_order_news n
    join work_order o on o.company = n.company and o.id = n.work_order
    where n.number > $1 order by n.number limit $2"
); // both primary keys
const LATEST_NEWS: &str = "select number from work_order_clock where id = 0"; // primary key
const FORGET_NEWS: &str = "delete from work_order_news where time < $1"; // work_order_news_time
