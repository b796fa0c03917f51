//! Writing what is different at a desk. Statements of one kind are sent together, so that a far database is asked a
//! few times only, however many rows there are.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use nodechat_domain::model::desk::{Consultation, Desk, Happening};
use nodechat_domain::model::{AccountId, CompanyId, RoomId, Time};

use super::{row, sql};
use crate::book::{Stop, Tx};
use crate::value::Value;

/// How many statements are under way at once. Up to this number `try_join_all` asks each of its futures in turn, which
/// is what a transaction over SQLite needs.
const TOGETHER: usize = 30;

/// Consultations, agents and rooms that were touched.
pub async fn touched(tx: &Tx<'_>, desk: &Desk) -> Result<(), Stop> {
    let mut consultations = Vec::new();
    for chat in &desk.touched.chats {
        if let Some(open) = desk.consultations.get(chat) {
            consultations.push(row::consultation_values(&desk.company, open, None));
        } else if let Some(past) = desk.past.get(chat) {
            consultations.push(row::consultation_values(&desk.company, &past.consultation, Some(past)));
        }
    }
    each(tx, sql::PUT_CONSULTATION, &consultations).await?;
    let left = desk.touched.left.iter().filter_map(|message| desk.left.get(message));
    let left: Vec<_> = left.map(|left| row::left_message_values(&desk.company, left)).collect();
    each(tx, sql::PUT_LEFT_MESSAGE, &left).await?;
    agents(tx, desk).await?;
    rooms(tx, desk).await
}

pub async fn happenings(tx: &Tx<'_>, company: &CompanyId, happenings: &[Happening]) -> Result<(), Stop> {
    let rows: Vec<_> = happenings.iter().map(|happening| row::happening_values(company, happening)).collect();
    each(tx, sql::ADD_HAPPENING, &rows).await
}

pub async fn head(tx: &Tx<'_>, desk: &Desk, next_due: Option<Time>) -> Result<(), Stop> {
    let params = [desk.seq.into(), desk.service_ms.into(), next_due.into(), (&desk.company).into()];
    tx.change(sql::SET_HEAD, &params).await.map(drop)
}

async fn agents(tx: &Tx<'_>, desk: &Desk) -> Result<(), Stop> {
    let seats: BTreeSet<AccountId> =
        desk.consultations.values().flat_map(|consultation| consultation.seats().cloned()).collect();
    let touched = || desk.touched.agents.iter().filter_map(|aid| desk.agents.get(aid));
    let rows: Vec<_> = touched().map(|agent| row::agent_values(&desk.company, agent, &seats)).collect();
    each(tx, sql::PUT_AGENT, &rows).await?;
    let absent: Vec<_> = touched().map(|agent| vec![(&desk.company).into(), (&agent.aid).into()]).collect();
    each(tx, sql::CLEAR_PRESENT, &absent).await?;
    let present: Vec<_> = touched()
        .flat_map(|agent| agent.nodes.iter().map(move |node| (&agent.aid, node)))
        .map(|(aid, node)| vec![(&desk.company).into(), aid.into(), (&**node).into()])
        .collect();
    each(tx, sql::ADD_PRESENT, &present).await
}

/// What rooms say of their consultations: which one runs, and whether its agent has still to answer. In the order of
/// the rooms' numbers, as everybody locks them.
async fn rooms(tx: &Tx<'_>, desk: &Desk) -> Result<(), Stop> {
    let mut marks: BTreeMap<i64, (&'static str, Vec<Value>)> = BTreeMap::new();
    let touched: Vec<&Consultation> = desk
        .touched
        .chats
        .iter()
        .filter_map(|chat| {
            desk.consultations.get(chat).or(desk.past.get(chat).map(|past| &past.consultation))
        })
        .collect();
    let ids: BTreeSet<&RoomId> = touched.iter().map(|touched| &touched.room).collect();
    let params: Vec<Vec<Value>> =
        ids.iter().map(|room| vec![(&desk.company).into(), (*room).into()]).collect();
    let mut numbers = BTreeMap::new();
    for chunk in params.chunks(TOGETHER) {
        for row in
            try_join_all(chunk.iter().map(|params| tx.row(sql::ROOM_NUMBER, params))).await?.iter().flatten()
        {
            numbers.insert(row.text(1)?.to_owned(), row.number(0)?);
        }
    }
    for consultation in touched {
        let Some(number) = numbers.get(consultation.room.as_str()).copied() else { continue };
        let (company, chat) = (Value::from(&desk.company), Value::from(consultation.chat));
        let runs = desk.consultations.contains_key(&consultation.chat) && consultation.is_live();
        let mark = if !runs {
            (sql::CLEAR_ROOM, vec![company, number.into(), chat])
        } else if desk.touched.asked.contains(&consultation.chat) {
            (sql::ASK_ROOM, vec![company, number.into(), chat])
        } else if consultation.waiting().is_some() {
            (sql::MARK_WAITING, vec![company, number.into(), chat])
        } else {
            (sql::MARK_ROOM, vec![company, number.into(), chat])
        };
        // One that runs counts more than one that is over.
        if runs || !marks.contains_key(&number) {
            marks.insert(number, mark);
        }
    }
    let marks: Vec<_> = marks.into_values().collect();
    for chunk in marks.chunks(TOGETHER) {
        try_join_all(chunk.iter().map(|(sql, params)| tx.change(sql, params))).await?;
    }
    Ok(())
}

async fn each(tx: &Tx<'_>, statement: &'static str, rows: &[Vec<Value>]) -> Result<(), Stop> {
    for chunk in rows.chunks(TOGETHER) {
        try_join_all(chunk.iter().map(|row| tx.change(statement, row))).await?;
    }
    Ok(())
}
