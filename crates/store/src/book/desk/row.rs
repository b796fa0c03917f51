//! How consultations, agents and happenings look as rows.

use std::collections::BTreeSet;

use nodechat_domain::error::Error;
use nodechat_domain::model::desk::{
    Consultation, DeskAgent, EndedBy, Handed, Happening, Left, LeftMessage, Past, Rate, RateWay, Rating,
    RoomFacts, Serving, State, Status, Transfer, Waiting, What,
};
use nodechat_domain::model::{AccountId, ChatId, CompanyId, GroupId, MessageId, Role};

use crate::book::{Row, Stop};
use crate::stored;
use crate::value::Value;

/// The columns that [`consultation`] and [`past`] read.
macro_rules! consultation_columns {
    () => {
        "c.chat, r.id, r.visitor_nick, c.of_group, c.vip, c.wanted, c.place, c.applied, c.first_served, c.contact,
        c.message, c.passed, c.rate, c.rate_way, c.rate_time, c.rate_asked, c.transfers, c.since, c.returned,
        c.offer_at, c.agent, c.answer_by, c.idle_at, c.idle_warned, c.answered, c.offered_to, c.offer_note,
        c.offer_until, r.last_time, r.unanswered, c.ended, c.ended_by, c.handed_by, c.handed_note,
         c.rate_agent, c.rate_group"
    };
}
pub(super) use consultation_columns;

pub fn consultation(row: &Row) -> Result<Consultation, Stop> {
    let since = row.time(17)?;
    let state = match maybe_aid(row, 20)? {
        None => State::Waiting(Waiting { since, returned: row.flag(18)?, offer_at: row.maybe_number(19)? }),
        Some(agent) => State::Serving(Serving {
            agent,
            since,
            answer_by: row.maybe_number(21)?,
            idle_at: row.maybe_number(22)?,
            idle_warned: row.maybe_number(23)?,
            answered: row.flag(24)?,
            transfer: transfer(row)?,
        }),
    };
    let left = match (row.maybe_text(9)?, row.maybe_text(10)?) {
        (Some(contact), Some(text)) => Some(Left { contact: contact.into(), text: text.into() }),
        _ => None,
    };
    let handed = match (maybe_aid(row, 32)?, row.maybe_text(33)?) {
        (Some(by), note) => Some(Handed { by, note: note.unwrap_or_default().into() }),
        (None, _) => None,
    };
    Ok(Consultation {
        chat: ChatId(row.uuid(0)?),
        room: row.room(1)?,
        topic: row.name(2)?,
        group: maybe_group(row, 3)?,
        vip: row.flag(4)?,
        wanted: maybe_aid(row, 5)?,
        order: row.number(6)?,
        applied: row.time(7)?,
        first_served: row.maybe_number(8)?,
        left,
        passed: row.text(11)?.lines().map(stored::aid).collect::<Result<_, _>>()?,
        rating: rating(row)?,
        rate_asked: row.flag(15)?,
        transfers: row.count(16)?,
        handed,
        state,
        last_message: row.time(28)?,
        unanswered: row.flag(29)?,
    })
}

/// One that is over.
pub fn past(row: &Row) -> Result<Past, Stop> {
    let consultation = consultation(row)?;
    let by = match row.number(31)? {
        0 => EndedBy::Visitor,
        1 => EndedBy::Agent,
        2 => EndedBy::Idle,
        _ => return Err(broken("who ended a consultation")),
    };
    Ok(Past { agent: consultation.agent().cloned(), ended: row.time(30)?, by, consultation })
}

/// In the order of the columns of the table.
pub fn consultation_values(
    company: &CompanyId,
    consultation: &Consultation,
    over: Option<&Past>,
) -> Vec<Value> {
    let (waiting, serving) = (consultation.waiting(), consultation.serving());
    let transfer = serving.and_then(|serving| serving.transfer.as_ref());
    let since = serving.map(|serving| serving.since).or(waiting.map(|waiting| waiting.since));
    let passed: Vec<&str> = consultation.passed.iter().map(AccountId::as_str).collect();
    let rating = consultation.rating.as_ref();
    vec![
        company.into(),
        consultation.chat.into(),
        (&consultation.room).into(),
        consultation.group.into(),
        consultation.vip.into(),
        consultation.wanted.as_ref().into(),
        consultation.order.into(),
        consultation.applied.into(),
        consultation.first_served.into(),
        consultation.left.as_ref().map(|left| &*left.contact).into(),
        consultation.left.as_ref().map(|left| &*left.text).into(),
        passed.join("\n").into(),
        rating.map(|rating| rating.rate as i64).into(),
        rating.map(|rating| rating.way as i64).into(),
        rating.map(|rating| rating.time).into(),
        consultation.rate_asked.into(),
        consultation.transfers.into(),
        since.unwrap_or_default().into(),
        waiting.is_some_and(|waiting| waiting.returned).into(),
        waiting.and_then(|waiting| waiting.offer_at).into(),
        consultation.agent().into(),
        serving.and_then(|serving| serving.answer_by).into(),
        serving.and_then(|serving| serving.idle_at).into(),
        serving.and_then(|serving| serving.idle_warned).into(),
        serving.is_some_and(|serving| serving.answered).into(),
        transfer.map(|transfer| &transfer.to).into(),
        transfer.map(|transfer| &*transfer.note).into(),
        transfer.map(|transfer| transfer.until).into(),
        over.map(|past| past.ended).into(),
        over.map(|past| past.by as i64).into(),
        consultation.handed.as_ref().map(|handed| &handed.by).into(),
        consultation.handed.as_ref().map(|handed| &*handed.note).into(),
        rating.and_then(|rating| rating.agent.as_ref()).into(),
        rating.and_then(|rating| rating.group).into(),
    ]
}

pub fn agent_values(company: &CompanyId, agent: &DeskAgent, seats: &BTreeSet<AccountId>) -> Vec<Value> {
    vec![
        company.into(),
        (&agent.aid).into(),
        (&agent.mid).into(),
        (&agent.account).into(),
        (&agent.nick).into(),
        (agent.status as i64).into(),
        agent.grace.into(),
        agent.last_busy.into(),
        is_engaged(agent, seats).into(),
        agent.wait_count.map(i64::from).into(),
    ]
}

/// Whether routing has to know of this agent without being asked. `seats`: who has something.
pub fn is_engaged(agent: &DeskAgent, seats: &BTreeSet<AccountId>) -> bool {
    agent.is_present() || agent.grace.is_some() || seats.contains(&agent.aid)
}

pub fn happening_values(company: &CompanyId, happening: &Happening) -> Vec<Value> {
    vec![
        company.into(),
        happening.seq.into(),
        happening.time.into(),
        kind(happening.what).into(),
        happening.chat.into(),
        happening.room.as_ref().into(),
        happening.group.into(),
        happening.agent.as_ref().into(),
        happening.other.as_ref().into(),
        happening.note.as_deref().into(),
        happening.number.into(),
    ]
}

pub fn happening(row: &Row) -> Result<Happening, Stop> {
    let what = usize::try_from(row.number(2)?).ok().and_then(|kind| What::ALL.get(kind).copied());
    Ok(Happening {
        seq: row.number(0)?,
        time: row.time(1)?,
        what: what.ok_or_else(|| broken("what happened"))?,
        chat: row.maybe_bytes(3)?.map(|_| row.uuid(3).map(ChatId)).transpose()?,
        room: row.maybe_text(4)?.map(|_| row.room(4)).transpose()?,
        group: maybe_group(row, 5)?,
        agent: maybe_aid(row, 6)?,
        other: maybe_aid(row, 7)?,
        note: row.maybe_text(8)?.map(Into::into),
        number: row.maybe_number(9)?,
    })
}

/// The columns that [`left_message`] reads.
macro_rules! left_message_columns {
    () => {
        "m.id, r.id, m.chat, m.words, m.time, m.seq"
    };
}
pub(super) use left_message_columns;

pub fn left_message(row: &Row) -> Result<LeftMessage, Stop> {
    Ok(LeftMessage {
        id: MessageId(row.uuid(0)?),
        room: row.room(1)?,
        chat: ChatId(row.uuid(2)?),
        unsaid: row.maybe_text(3)?.map(Into::into),
        time: row.time(4)?,
        seq: row.number(5)?,
    })
}

pub fn left_message_values(company: &CompanyId, left: &LeftMessage) -> Vec<Value> {
    let LeftMessage { id, room: _, chat, unsaid, time, seq } = left;
    vec![
        company.into(),
        (*id).into(),
        (*chat).into(),
        unsaid.as_deref().into(),
        (*time).into(),
        (*seq).into(),
    ]
}

pub fn facts(row: &Row, latest: Option<ChatId>) -> Result<RoomFacts, Stop> {
    Ok(RoomFacts { visitor_nick: row.name(0)?, last_message: row.time(1)?, latest })
}

pub fn status(number: i64) -> Result<Status, Stop> {
    match number {
        0 => Ok(Status::Online),
        1 => Ok(Status::Busy),
        2 => Ok(Status::Offline),
        _ => Err(broken("an agent's status")),
    }
}

pub fn is_supervisor(role: i64) -> bool {
    role >= Role::Supervisor.stored()
}

/// Its place in the list of all: new kinds are added at the end.
fn kind(what: What) -> i64 {
    What::ALL.iter().position(|kind| *kind == what).expect("all are in the list") as i64
}

fn rating(row: &Row) -> Result<Option<Rating>, Stop> {
    let (Some(rate), Some(way), Some(time)) =
        (row.maybe_number(12)?, row.maybe_number(13)?, row.maybe_number(14)?)
    else {
        return Ok(None);
    };
    let rate = usize::try_from(rate).ok().and_then(|rate| Rate::ALL.get(rate).copied());
    let way = match way {
        0 => RateWay::Auto,
        1 => RateWay::Hand,
        _ => return Err(broken("how a rating came")),
    };
    let agent = maybe_aid(row, 34)?;
    let group = maybe_group(row, 35)?;
    Ok(Some(Rating { rate: rate.ok_or_else(|| broken("a rating"))?, way, time, agent, group }))
}

fn transfer(row: &Row) -> Result<Option<Transfer>, Stop> {
    let Some(to) = maybe_aid(row, 25)? else { return Ok(None) };
    let note = row.maybe_text(26)?.unwrap_or_default();
    Ok(Some(Transfer { to, note: note.into(), until: row.time(27)? }))
}

fn maybe_aid(row: &Row, column: usize) -> Result<Option<AccountId>, Stop> {
    row.maybe_text(column)?.map(|_| row.aid(column)).transpose()
}

fn maybe_group(row: &Row, column: usize) -> Result<Option<GroupId>, Stop> {
    row.maybe_bytes(column)?.map(|_| row.uuid(column).map(GroupId)).transpose()
}

fn broken(what: &'static str) -> Stop {
    Stop::Refused(Error::internal(format!("a row of a desk does not say {what}")))
}
