//! What each socket request does: read, one `app` call, answer.

use nodechat_domain::app::{Joined, Reference};
use nodechat_domain::model::desk::{self, Desk, Status};
use nodechat_domain::model::{AccountId, ChatId, Company, Member, Person, Realm, RoomId, Side};
use nodechat_domain::port::Connected as _;
use nodechat_domain::{Error, Result};
use nodechat_sio::Socket;
use serde::Serialize;
use serde_json::value::RawValue;

use super::desk_events::status_of;
use super::listening::{self, Listening};
use super::{Chat, bot_calls};
use crate::cluster::Who;
use crate::wire::{self, JoinAnswer, JoinContext, ServiceState, Standing, Success};

/// `datas` of an ack, already JSON.
pub type Answer = Box<RawValue>;

pub type Payload<'a> = Option<&'a RawValue>;

/// `join`: hears the room from now on, and gets what was said before.
pub async fn join(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let mut request = wire::read::<wire::Join>(payload)?;
    let (page, referrer) = request.opened_on();
    let (reference, want) = request.command()?;
    let by_company = matches!(reference, Reference::Company(_));
    let person = &*socket.data().person;
    let (room, company) = chat.channel.find(person, reference).await?;
    chat.access.hears(&company.id, person, socket.data().ip).await?;
    let mut listening = Listening::begin(chat, socket, &room).await;
    let mut joined = chat.channel.join(person, &room, &company, by_company, want.clone()).await?;
    if !listening.has_seen(&joined.view.head) {
        joined = chat.channel.join(person, &room, &company, by_company, want).await?;
    }
    if person.side == Side::Visitor {
        chat.arrivals.turns_to(socket, &company.id, page.as_deref(), referrer.as_deref());
    }
    // Whoever watched takes part from now on.
    listening::set_watching(socket, &room, false);
    view(chat, person, &company, &joined).await
}

/// The room as somebody sees it who hears it from now on.
pub async fn view(chat: &Chat, person: &Person, company: &Company, joined: &Joined) -> Result<Answer> {
    let members = &joined.view.members;
    let realm = Realm::Company(company.id.clone());
    for member in members.iter().filter(|member| member.side == Side::Agent) {
        let who = Who { realm: realm.clone(), side: Side::Agent, aid: member.aid.clone() };
        chat.attendance.knows(&joined.room, &who);
    }
    if person.side == Side::Visitor {
        let who = Who { realm: person.realm.clone(), side: Side::Visitor, aid: person.aid.clone() };
        chat.attendance.knows(&joined.room, &who);
    }
    let online = agents_online(chat, company, members).await;
    // Most rooms have neither, and ask nobody.
    let desk = match joined.view.head.consultation.is_some() || !online.is_empty() {
        true => Some(chat.desk.look(&company.id).await?),
        false => None,
    };
    let placed = desk.as_ref().and_then(|desk| placed(desk, joined));
    let service = placed.as_ref().map(|(id, standing, status)| ServiceState {
        chatid: Some(*id),
        standing: Standing::of(standing, *status, ""),
    });
    let welcome = bot_calls::welcome(chat, person, company, joined).await;
    let status = |agent: &Member| match &desk {
        Some(desk) if online.contains(&agent.aid) => status_of(desk, &agent.aid),
        _ => Status::Offline,
    };
    let context = JoinContext { side: person.side, status: &status, service, welcome: welcome.as_ref() };
    answer(&JoinAnswer::new(joined, context))
}

/// How the consultation stands that runs in this room.
fn placed(desk: &Desk, joined: &Joined) -> Option<(ChatId, desk::Standing, Status)> {
    let running = desk.in_room(&joined.room)?;
    let standing = desk.standing(running);
    let status = match &standing {
        desk::Standing::Serving(agent) => status_of(desk, &agent.aid),
        _ => Status::Offline,
    };
    Some((running.chat, standing, status))
}

/// Which of the members are agents who are here right now, on whichever node.
async fn agents_online(chat: &Chat, company: &Company, members: &[Member]) -> Vec<AccountId> {
    let agents = members.iter().filter(|member| member.side == Side::Agent);
    let agents: Vec<AccountId> = agents.map(|agent| agent.aid.clone()).collect();
    if agents.is_empty() {
        return agents;
    }
    let realm = Realm::Company(company.id.clone());
    let online = chat.connected.online(&realm, Side::Agent, &agents).await;
    agents.into_iter().zip(online).filter_map(|(agent, online)| online.then_some(agent)).collect()
}

/// `chat`: the receipt says that it is on disk.
pub async fn chat(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let command = wire::read::<wire::Chat>(payload)?.command()?;
    must_take_part(socket, &command.room)?;
    let (person, room) = (&*socket.data().person, command.room.clone());
    let asked = bot_calls::asked(chat, person, &command);
    let receipt = chat.channel.send(person, command).await?;
    if let Some(consultation) = receipt.consultation.filter(|_| person.side == Side::Agent) {
        chat.answers.note(&chat.desk, person, &room, consultation, &receipt).await;
    }
    match asked.filter(|_| receipt.consultation.is_none()) {
        Some(asked) => bot_calls::reply(chat, person, asked, receipt).await,
        None => answer(&wire::Receipt::from(receipt)),
    }
}

/// `mkread`.
pub async fn mark_read(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let (room, pos) = wire::read::<wire::MarkRead>(payload)?.command()?;
    if listening::watches(socket, &room) {
        return Err(Error::Forbidden);
    }
    chat.channel.mark_read(&socket.data().person, &room, pos).await?;
    answer(&Success::YES)
}

/// `recall`: the body is gone from the store when this is answered.
pub async fn recall(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let (room, id) = wire::read::<wire::RecallRequest>(payload)?.command()?;
    let pos = chat.channel.recall(&socket.data().person, &room, id).await?;
    answer(&wire::RecallAnswer { success: true, pos })
}

/// `note`, for agents alone.
pub async fn note(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    for_agents(socket)?;
    let command = wire::read::<wire::MakeNote>(payload)?.command()?;
    let receipt = chat.channel.note(&socket.data().person, command).await?;
    answer(&wire::NoteReceipt::from(receipt))
}

/// `notes`: what was noted down so far, for agents alone.
pub async fn notes(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    for_agents(socket)?;
    let (room, from, limit) = wire::read::<wire::Notes>(payload)?.command()?;
    let notes = chat.channel.notes(&socket.data().person, &room, from, limit).await?;
    answer(&wire::NotesAnswer::new(&room, &notes))
}

/// `leave`: this socket hears no more of the room. Leaving a room one is not in is fine.
pub fn leave(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let room = wire::read::<wire::RoomOnly>(payload)?.room()?;
    listening::leave(chat, socket, &room);
    answer(&Success::YES)
}

/// Before anything is read: a visitor is told nothing of what there might be.
fn for_agents(socket: &Socket<Chat>) -> Result<()> {
    match socket.data().person.side {
        Side::Agent => Ok(()),
        Side::Visitor => Err(Error::Forbidden),
    }
}

/// Whoever speaks has joined with this connection, and does not only watch.
pub fn must_take_part(socket: &Socket<Chat>, room: &RoomId) -> Result<()> {
    let takes_part = listening::hears(socket, room) && !listening::watches(socket, room);
    if takes_part { Ok(()) } else { Err(Error::Forbidden) }
}

pub fn answer(datas: &impl Serialize) -> Result<Answer> {
    serde_json::value::to_raw_value(datas).map_err(Error::internal)
}
