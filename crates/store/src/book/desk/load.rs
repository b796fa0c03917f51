//! Reading a desk: what is open and who is engaged, and what a command asks for besides.

use std::collections::BTreeSet;

use nodechat_domain::model::desk::{Desk, DeskAgent, DeskGroup, Past, Status, Touched, Wants};
use nodechat_domain::model::{AccountId, ChatId, CompanyId, GroupId, RoomId, Settings};
use nodechat_domain::port::PastQuery;
use tokio::try_join;

use super::{row, sql};
use crate::book::{Row, Stop, Tx, companies};
use crate::value::Value;

/// Everything that is not over.
pub async fn desk(tx: &Tx<'_>, company: &CompanyId) -> Result<(Desk, Settings), Stop> {
    let of = [Value::from(company)];
    let (head, settings, open, agents, groups, members, present) = try_join!(
        tx.row(sql::HEAD, &of),
        companies::settings(tx, company),
        tx.rows(sql::OPEN, &of),
        tx.rows(sql::AGENTS, &of),
        tx.rows(sql::GROUPS, &of),
        tx.rows(sql::MEMBERS, &of),
        tx.rows(sql::PRESENT, &of),
    )?;
    let mut desk = Desk::new(company.clone(), settings.desk());
    if let Some(head) = head {
        desk.seq = head.number(0)?;
        desk.service_ms = head.maybe_number(1)?;
    }
    for row in &open {
        let consultation = row::consultation(row)?;
        desk.consultations.insert(consultation.chat, consultation);
    }
    for row in &agents {
        add_agent(&mut desk, row)?;
    }
    for row in &groups {
        let fallback = row.maybe_bytes(1)?.map(|_| row.uuid(1).map(GroupId)).transpose()?;
        desk.groups.insert(GroupId(row.uuid(0)?), DeskGroup { fallback });
    }
    for row in &members {
        if let Some(agent) = desk.agents.get_mut(&row.aid(1)?) {
            agent.groups.insert(GroupId(row.uuid(0)?));
        }
    }
    for row in &present {
        if let Some(agent) = desk.agents.get_mut(&row.aid(0)?) {
            agent.nodes.insert(row.text(1)?.into());
        }
    }
    Ok((desk, settings))
}

/// What a command looks at besides.
pub async fn wanted(tx: &Tx<'_>, desk: &mut Desk, wants: Wants<'_>) -> Result<(), Stop> {
    if let Some(room) = wants.room {
        load_room(tx, desk, room).await?;
    }
    if let Some(chat) = wants.chat.filter(|chat| !desk.consultations.contains_key(chat)) {
        load_past(tx, desk, chat).await?;
    }
    if let Some(message) = wants.message.filter(|message| !desk.left.contains_key(message)) {
        let found = tx.row(sql::LEFT_MESSAGE, &[(&desk.company).into(), message.into()]).await?;
        if let Some(row) = found {
            desk.left.insert(message, row::left_message(&row)?);
        }
    }
    for aid in wants.agents {
        if !desk.agents.contains_key(aid) {
            load_agent(tx, desk, aid).await?;
        }
    }
    Ok(())
}

/// What was only looked at, and who has nothing to do with the desk any more.
pub fn forget_rest(desk: &mut Desk) {
    desk.past.clear();
    desk.rooms.clear();
    desk.left.clear();
    desk.touched = Touched::default();
    let seats: BTreeSet<AccountId> =
        desk.consultations.values().flat_map(|consultation| consultation.seats().cloned()).collect();
    desk.agents.retain(|aid, agent| row::is_engaged(agent, &seats) || seats.contains(aid));
}

pub async fn past(tx: &Tx<'_>, query: &PastQuery) -> Result<Vec<Past>, Stop> {
    let company = Value::from(&query.company);
    let rows = if let Some(chat) = query.chat {
        tx.rows(sql::PAST, &[company, chat.into()]).await?
    } else if let Some(room) = &query.room {
        tx.rows(sql::PAST_OF_ROOM, &[company, room.into(), (query.limit as i64).into()]).await?
    } else {
        let (before, behind) = query.after.unwrap_or((i64::MAX, ChatId(uuid::Uuid::max())));
        let mut params = vec![
            company,
            query.from.unwrap_or(i64::MIN).into(),
            query.to.unwrap_or(i64::MAX).into(),
            before.into(),
            behind.into(),
            query.agent.is_some().into(),
            query.agent.as_ref().map_or("".into(), Value::from),
            query.group.is_some().into(),
            query.group.map_or((&[][..]).into(), Value::from),
            query.rate.map_or(-1, |rate| rate as i64).into(),
            (query.limit as i64).into(),
        ];
        match &query.tag {
            None => tx.rows(sql::PAST_BY_TIME, &params).await?,
            Some(tag) => {
                params.push(tag.as_str().into());
                tx.rows(sql::PAST_TAGGED, &params).await?
            }
        }
    };
    let past = rows.iter().map(row::past).collect::<Result<Vec<_>, _>>()?;
    let fits = |past: &Past| query.room.as_ref().is_none_or(|room| past.consultation.room == *room);
    Ok(past.into_iter().filter(fits).collect())
}

async fn load_room(tx: &Tx<'_>, desk: &mut Desk, room: &RoomId) -> Result<(), Stop> {
    let params = [Value::from(&desk.company), room.into()];
    let (facts, latest) = try_join!(tx.row(sql::ROOM, &params), tx.row(sql::LATEST, &params))?;
    let Some(facts) = facts else { return Ok(()) };
    let latest = latest.as_ref().map(row::past).transpose()?;
    let chat = latest.as_ref().map(|past| past.consultation.chat);
    desk.rooms.insert(room.clone(), row::facts(&facts, chat)?);
    if let Some(past) = latest {
        desk.past.insert(past.consultation.chat, past);
    }
    Ok(())
}

async fn load_past(tx: &Tx<'_>, desk: &mut Desk, chat: ChatId) -> Result<(), Stop> {
    let found = tx.row(sql::PAST, &[(&desk.company).into(), chat.into()]).await?;
    if let Some(row) = found {
        desk.past.insert(chat, row::past(&row)?);
    }
    Ok(())
}

/// Somebody who is not engaged now, or was never here.
async fn load_agent(tx: &Tx<'_>, desk: &mut Desk, aid: &AccountId) -> Result<(), Stop> {
    let params = [Value::from(&desk.company), aid.into()];
    let (known, enrolled, groups) = try_join!(
        tx.row(sql::AGENT, &params),
        tx.row(sql::ENROLLED, &params),
        tx.rows(sql::GROUPS_OF, &params)
    )?;
    let Some(row) = known.or(enrolled) else { return Ok(()) };
    add_agent(desk, &row)?;
    if let Some(agent) = desk.agents.get_mut(aid) {
        agent.groups = groups.iter().map(|row| Ok(GroupId(row.uuid(0)?))).collect::<Result<_, Stop>>()?;
    }
    Ok(())
}

fn add_agent(desk: &mut Desk, row: &Row) -> Result<(), Stop> {
    let aid = row.aid(0)?;
    let agent = DeskAgent {
        aid: aid.clone(),
        mid: row.name(1)?,
        account: row.name(2)?,
        nick: row.name(3)?,
        status: row.maybe_number(4)?.map_or(Ok(Status::Online), row::status)?,
        grace: row.maybe_number(5)?,
        last_busy: row.maybe_number(6)?.unwrap_or_default(),
        nodes: BTreeSet::new(),
        cap: row.maybe_number(7)?.map_or(desk.settings.cap, |cap| u32::try_from(cap).unwrap_or_default()),
        supervisor: row.maybe_number(8)?.is_some_and(row::is_supervisor),
        groups: BTreeSet::new(),
        wait_count: row.maybe_number(9)?.and_then(|count| u32::try_from(count).ok()),
    };
    desk.agents.insert(aid, agent);
    Ok(())
}
