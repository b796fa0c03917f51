//! A company's numbers: rows that grow with each happening, in its transaction.

use std::collections::BTreeMap;

use futures_util::FutureExt as _;
use nodechat_domain::decide::stats::{self, Held};
use nodechat_domain::error::{Error, Result};
use nodechat_domain::model::desk::{Desk, Happening, What};
use nodechat_domain::model::{CompanyId, Day, Figures, GroupId, Pace, StatsRow, Time, Zone};
use nodechat_domain::port::{Answer, Stats, StatsQuery};

use super::{Books, Row, Stop, Tx};
use crate::value::Value;

impl Stats for Books {
    fn rows(&self, query: StatsQuery) -> Answer<'_, Vec<StatsRow>> {
        self.read(move |tx| {
            let query = query.clone();
            async move {
                let asked = [
                    (&query.company).into(),
                    query.from.into(),
                    query.to.into(),
                    query.agent.as_ref().into(),
                    query.group.is_some().into(),
                    group_value(query.group),
                ];
                tx.rows(ROWS, &asked).await?.iter().map(row).collect()
            }
            .boxed()
        })
    }

    fn paces(&self, company: &CompanyId, from: Time) -> Answer<'_, Vec<Pace>> {
        let (company, from) = (company.clone(), Pace::step_of(from));
        self.read(move |tx| {
            let asked = [(&company).into(), from.into()];
            async move {
                let pace = |row: &Row| {
                    Ok(Pace { step: row.time(0)?, asked: row.number(1)?, waiting: row.number(2)? })
                };
                let before = tx.row(PACE_BEFORE, &asked).await?;
                let since = tx.rows(PACES, &asked).await?;
                before.iter().chain(&since).map(pace).collect()
            }
            .boxed()
        })
    }
}

/// Keeps the pace of a desk at which these have happened since so many waited.
pub async fn keep_pace(tx: &Tx<'_>, desk: &Desk, waited: i64, happenings: &[Happening]) -> Result<(), Stop> {
    let Some(last) = happenings.last() else { return Ok(()) };
    let asked = happenings.iter().filter(|happening| happening.what == What::Applied).count() as i64;
    let waiting = waiting(desk);
    if asked == 0 && waiting == waited {
        return Ok(());
    }
    let step = Pace::step_of(last.time);
    let columns = [(&desk.company).into(), step.into(), asked.into(), waiting.into()];
    tx.change(KEEP_PACE, &columns).await.map(drop)
}

/// Visitors who wait for an agent.
pub fn waiting(desk: &Desk) -> i64 {
    let waits = desk.consultations.values().filter(|open| open.waiting().is_some() && !open.is_left());
    waits.count() as i64
}

pub async fn forget_pace(tx: &Tx<'_>, before: Time) -> Result<(), Stop> {
    tx.change(FORGET_PACE, &[before.into()]).await.map(drop)
}

/// Adds what these happenings of a company add. Whoever calls holds the company's desk: nobody else counts for it
/// meanwhile.
pub async fn count(
    tx: &Tx<'_>,
    company: &CompanyId,
    zone: &Zone,
    happenings: &[Happening],
) -> Result<(), Stop> {
    let mut rows: BTreeMap<RowKey, Figures> = BTreeMap::new();
    for happening in happenings {
        let day = stats::day(happening.time, &zone.0);
        for increment in stats::increments(happening) {
            let agent = increment.agent.as_ref().map_or("", |aid| aid.as_str());
            let key = (day, group_bytes(increment.group), agent.into());
            rows.entry(key).or_default().add(&increment.figures);
        }
        if let Some(held) = stats::held(happening)
            && let Some((group, agent, messages)) = hand_over(tx, company, happening, &held).await?
        {
            rows.entry((day, group, agent)).or_default().messages += messages;
        }
    }
    // In the order of their keys, as everybody does it.
    for ((day, group, agent), figures) in rows {
        let mut columns = vec![company.into(), day.into(), Value::Bytes(group), Value::Text(agent)];
        columns.extend(figures.values().into_iter().map(Value::Number));
        tx.change(ADD, &columns).await?;
    }
    Ok(())
}

/// Day, group and agent, as they are stored.
type RowKey = (Day, Box<[u8]>, Box<str>);

/// Group and agent, as they are stored, and how many messages.
type Said = (Box<[u8]>, Box<str>, i64);

/// Whoever had the consultation has it no more: what was said meanwhile. Whoever has it now begins at this position.
async fn hand_over(
    tx: &Tx<'_>,
    company: &CompanyId,
    happening: &Happening,
    held: &Held,
) -> Result<Option<Said>, Stop> {
    let key = [company.into(), held.chat.0.as_bytes().as_slice().into()];
    let before = tx.row(HELD, &key).await?;
    let said = match &before {
        Some(row) => {
            tx.change(LET_GO, &key).await?;
            // A room that was put together with another one begins anew; nothing is ever taken away.
            let now = tx.row(POSITION, &[company.into(), row.text(2)?.into()]).await?;
            let now = now.map_or(Ok(0), |row| row.number(0))?;
            Some((row.bytes(0)?.into(), row.text(1)?.into(), (now - row.number(3)?).max(0)))
        }
        None => None,
    };
    if let (Some(agent), Some(room)) = (&held.by, &happening.room) {
        let now = tx.row(POSITION, &[company.into(), room.into()]).await?;
        let now = now.map_or(Ok(0), |row| row.number(0))?;
        let [company, chat] = key;
        let columns = [company, chat, group_value(happening.group), agent.into(), room.into(), now.into()];
        tx.change(HOLD, &columns).await?;
    }
    Ok(said)
}

fn row(row: &Row) -> Result<StatsRow, Stop> {
    let group = row.bytes(1)?;
    let group = if group.is_empty() { None } else { Some(GroupId(row.uuid(1)?)) };
    let agent = match row.text(2)? {
        "" => None,
        _ => Some(row.aid(2)?),
    };
    let values =
        (0..Figures::NAMES.len()).map(|place| row.number(3 + place)).collect::<Result<Vec<_>, _>>()?;
    let figures = Figures::from_values(&values)
        .ok_or_else(|| Stop::Refused(Error::internal("a row of numbers lacks some")))?;
    Ok(StatsRow { day: row.number(0)?, group, agent, figures })
}

fn group_value(group: Option<GroupId>) -> Value {
    Value::Bytes(group_bytes(group))
}

fn group_bytes(group: Option<GroupId>) -> Box<[u8]> {
    group.map_or(Box::default(), |group| group.0.as_bytes().as_slice().into())
}

macro_rules! figures {
    () => {
        "asked, missed, left_behind, reopened, abandoned, assigned, waited_ms, answered, response_ms, passed,
        transferred, received, ended, served_ms, messages, best, good, justsoso, bad, rubbish"
    };
}

const ROWS: &str = concat!(
    "select day, of_group, agent, ",
    figures!(),
    " from stat where company = $1 and day >= $2 and day <= $3
    and (cast($4 as text) is null or agent = $4) and ($5 = 0 or of_group = $6)
    order by day, of_group, agent" // primary key
);
const ADD: &str = concat!(
    "insert into stat (company, day, of_group, agent, ",
    figures!(),
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24)
    on conflict (company, day, of_group, agent) do update set asked = stat.asked + excluded.asked,
    missed = stat.missed + excluded.missed, left_behind = stat.left_behind + excluded.left_behind,
    reopened = stat.reopened + excluded.reopened, abandoned = stat.abandoned + excluded.abandoned,
    assigned = stat.assigned + excluded.assigned, waited_ms = stat.waited_ms + excluded.waited_ms,
    answered = stat.answered + excluded.answered, response_ms = stat.response_ms + excluded.response_ms,
    passed = stat.passed + excluded.passed, transferred = stat.transferred + excluded.transferred,
    received = stat.received + excluded.received, ended = stat.ended + excluded.ended,
    served_ms = stat.served_ms + excluded.served_ms, messages = stat.messages + excluded.messages,
    best = stat.best + excluded.best, good = stat.good + excluded.good,
    justsoso = stat.justsoso + excluded.justsoso, bad = stat.bad + excluded.bad,
    rubbish = stat.rubbish + excluded.rubbish" // primary key
);
const PACES: &str = "select step, asked, waiting from pace where company = $1 and step >= $2
    order by step"; // primary key
const PACE_BEFORE: &str = "select step, asked, waiting from pace where company = $1 and step < $2
    order by step desc limit 1"; // primary key
const KEEP_PACE: &str = "insert into pace (company, step, asked, waiting) values ($1, $2, $3, $4)
    on conflict (company, step) do update set asked = pace.asked + excluded.asked, waiting = excluded.waiting"; // primary key
// Not the last one of a company: it says how many wait since.
const FORGET_PACE: &str =
    "delete from pace where step < $1 and step < (select max(older.step) from pace older
    where older.company = pace.company and older.step < $1)"; // pace_step, primary key
const HELD: &str = "select of_group, agent, room, pos from stat_holder where company = $1 and chat = $2"; // primary key
const HOLD: &str = "insert into stat_holder (company, chat, of_group, agent, room, pos)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (company, chat) do update set of_group = excluded.of_group, agent = excluded.agent,
    room = excluded.room, pos = excluded.pos"; // primary key
const LET_GO: &str = "delete from stat_holder where company = $1 and chat = $2"; // primary key
const POSITION: &str = "select next_pos from room where company = $1 and id = $2"; // unique
