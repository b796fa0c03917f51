//! What people ask of the desk: `user` beside `viewchat`, `mgr`, `list`, `typing`, `looking`. Read, one `app` call, answer.

use std::sync::Arc;

use nodechat_domain::app::{Listed, Reference};
use nodechat_domain::model::desk::{self, Placement, Status, Wish};
use nodechat_domain::model::{Company, CompanyId, Person, RoomId, Settings, Side};
use nodechat_domain::{Error, Result};
use nodechat_sio::Socket;
use serde_json::Value;
use tokio::time::{Duration, Instant};

use super::Chat;
use super::calls::{Answer, Payload, answer, must_take_part, view};
use super::desk_events::status_of;
use super::listening::{self, Listening};
use crate::cluster::Aside;
use crate::wire::{
    self, AllStatus, LeftAnswer, ListCall, MgrCall, Page, Receiver, RoomList, RoomRow, ServiceState,
    Standing, Success, Unreads, UserCall, VisitorCard,
};

/// How often one socket may say that it writes.
const TYPING: Duration = Duration::from_secs(1);

/// `user`: what is asked for is its `type`. All but the history is for visitors alone.
pub async fn user(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let call = wire::read::<wire::UserRequest>(payload)?.call()?;
    let person = &*socket.data().person;
    if let UserCall::ViewChat { room, start, limit } = call {
        let messages = chat.channel.page(person, &room, start, limit).await?;
        return answer(&Page::new(&room, &messages));
    }
    if person.side == Side::Agent {
        return Err(Error::Forbidden);
    }
    let desk = &chat.desk;
    match call {
        UserCall::ViewChat { .. } => unreachable!("answered above"),
        UserCall::Apply { room, group, agent } => {
            let placed = desk.apply(person, &room, Wish { group, agent, vip: is_vip(person) }).await?;
            placement(chat, &room, &placed).await
        }
        UserCall::Reopen { room, chat: id } => {
            let placed = desk.reopen(person, &room, id).await?;
            placement(chat, &room, &placed).await
        }
        UserCall::LeaveMessage(command) => {
            let (id, receipt) = chat.left.leave(person, command).await?;
            let state = ServiceState { chatid: Some(id), standing: Standing::Left };
            answer(&LeftAnswer { state, receipt: receipt.into() })
        }
        UserCall::End { room, chat: id } => {
            desk.end(person, &room, id).await?;
            answer(&Success::YES)
        }
        UserCall::Rate(wire::Rated { room, chat: id, way, rate }) => {
            desk.rate(person, &room, id, rate, way).await?;
            answer(&Success::YES)
        }
    }
}

/// `mgr`, for agents alone.
pub async fn mgr(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let agent = agent(socket)?;
    let desk = &chat.desk;
    match wire::read::<wire::MgrRequest>(payload)?.call()? {
        MgrCall::SetStatus(status) => desk.set_status(agent, status).await?,
        MgrCall::AllStatus => {
            let statuses = chat.lists.statuses(agent).await?;
            return answer(&AllStatus::new(statuses.iter().map(|(agent, status)| (agent, *status))));
        }
        // Positions are computed from the queue; what a page believes is only noted down.
        MgrCall::SetWaitCount(count) => desk.set_wait_count(agent, count).await?,
        MgrCall::Wallboard(on) => return super::wallboard::call(chat, socket, agent, on).await,
        MgrCall::AddOrder(wanted) => return super::order_events::add(chat, agent, *wanted).await,
        MgrCall::Remove(room) => desk.remove(agent, &room).await?,
        MgrCall::Accept { room, chat: id } => desk.accept(agent, &room, id).await?,
        MgrCall::Serve { room, chat: id } => desk.serve(agent, &room, id).await?,
        MgrCall::Transfer { room, to: Receiver::Agent(to), note } => {
            desk.transfer(agent, &room, to, note).await?
        }
        MgrCall::Transfer { room, to: Receiver::Group(group), note } => {
            desk.transfer_to_group(agent, &room, group, note).await?
        }
        MgrCall::AcceptTransfer { room, chat: id } => desk.accept_transfer(agent, &room, id).await?,
        MgrCall::RejectTransfer { room, chat: id } => desk.reject_transfer(agent, &room, id).await?,
        MgrCall::End { room, chat: id } => desk.end(agent, &room, id).await?,
        MgrCall::TakeOver { room, chat: id } => desk.take_over(agent, &room, id).await?,
        MgrCall::Card(room) => return answer(&VisitorCard::from(chat.cards.of_room(agent, &room).await?)),
        MgrCall::Watch(room) => return watch(chat, socket, &room).await,
        MgrCall::Unwatch(room) => {
            if listening::watches(socket, &room) {
                listening::leave(chat, socket, &room);
            }
        }
    }
    answer(&Success::YES)
}

/// `list`, for agents alone.
pub async fn list(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let agent = agent(socket)?;
    let lists = &chat.lists;
    let all =
        |rooms: &[Listed]| answer(&RoomList { rooms: rooms.iter().map(RoomRow::new).collect(), next: None });
    match wire::read::<wire::ListRequest>(payload)?.call()? {
        ListCall::AllUser => all(&lists.all(agent).await?),
        ListCall::SelfUser => all(&lists.own(agent).await?),
        ListCall::Unreads => {
            let heads = lists.heads(agent).await?;
            answer(&Unreads::new(heads.iter().map(|head| (&head.id, head.unread()))))
        }
        ListCall::Rooms(query) => {
            let page = lists.page(agent, query).await?;
            answer(&RoomList { rooms: page.rooms.iter().map(RoomRow::new).collect(), next: page.next })
        }
    }
}

/// `typing`: heard now or never.
pub async fn typing(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let (room, text) = wire::read::<wire::Typing>(payload)?.command()?;
    must_take_part(socket, &room)?;
    wait_for_turn(socket)?;
    let person = &*socket.data().person;
    let text = match text {
        Some(text) if settings(chat, &room).await?.typing_preview => Some(text),
        _ => None,
    };
    chat.fanout.typing(&room, person.side, &person.aid, text.as_deref());
    if let Some(cluster) = &chat.cluster {
        let aid = person.aid.as_str().into();
        let text = text.map(Into::into);
        cluster.aside(&room, &Aside::Typing { side: wire::side_name(person.side).into(), aid, text });
    }
    answer(&Success::YES)
}

/// `looking`, for agents alone: which of them have a room open. Whoever watches it silently stays unseen.
pub fn looking(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let agent = agent(socket)?;
    let (room, on) = wire::read::<wire::Looking>(payload)?.command()?;
    must_take_part(socket, &room)?;
    chat.fanout.looking(&room, &agent.aid, on);
    if let Some(cluster) = &chat.cluster {
        cluster.aside(&room, &Aside::Looking { aid: agent.aid.as_str().into(), on });
    }
    answer(&Success::YES)
}

/// What the company of this room has set. Kept in memory: asked for with every key that is pressed.
async fn settings(chat: &Chat, room: &RoomId) -> Result<Arc<Settings>> {
    let company = chat.channel.companies.find(&CompanyId::parse(room.company())?).await?;
    Ok(company.ok_or(Error::Forbidden)?.settings)
}

/// Who silently hears a room is no member of it.
async fn watch(chat: &Chat, socket: &Socket<Chat>, room: &RoomId) -> Result<Answer> {
    let person = &*socket.data().person;
    let (room, company) = chat.channel.find(person, Reference::Room(room.clone())).await?;
    must_supervise(chat, person, &company).await?;
    if listening::hears(socket, &room) && !listening::watches(socket, &room) {
        return Err(Error::conflict("this page takes part in the room already"));
    }
    let mut listening = Listening::begin(chat, socket, &room).await;
    listening::set_watching(socket, &room, true);
    let mut seen = chat.channel.watch(person, &room, &company).await?;
    if !listening.has_seen(&seen.view.head) {
        seen = chat.channel.watch(person, &room, &company).await?;
    }
    view(chat, person, &company, &seen).await
}

async fn must_supervise(chat: &Chat, person: &Person, company: &Company) -> Result<()> {
    let desk = chat.desk.look(&company.id).await?;
    let supervises = desk.agents.get(&person.aid).is_some_and(|agent| agent.supervisor);
    if supervises { Ok(()) } else { Err(Error::Forbidden) }
}

/// How a consultation stands, as the visitor is told.
pub async fn placement(chat: &Chat, room: &RoomId, placed: &Placement) -> Result<Answer> {
    let status = match &placed.standing {
        desk::Standing::Serving(agent) => {
            let company = CompanyId::parse(room.company())?;
            status_of(&chat.desk.look(&company).await?, &agent.aid)
        }
        _ => Status::Offline,
    };
    let settings = settings(chat, room).await?;
    let standing = Standing::of(&placed.standing, status, &settings.offline);
    answer(&ServiceState { chatid: placed.chat, standing })
}

/// At most once a second for each socket.
fn wait_for_turn(socket: &Socket<Chat>) -> Result<()> {
    let now = Instant::now();
    let mut typed = socket.data().typed.lock().expect("no holder of this lock can panic");
    match *typed {
        Some(before) if now < before + TYPING => {
            let retry_after_ms = (before + TYPING - now).as_millis() as u64;
            Err(Error::TooMany { retry_after_ms })
        }
        _ => {
            *typed = Some(now);
            Ok(())
        }
    }
}

fn agent(socket: &Socket<Chat>) -> Result<&Person> {
    let person = &*socket.data().person;
    if person.side == Side::Agent { Ok(person) } else { Err(Error::Forbidden) }
}

/// The host site says so, with `vip: true` among the attributes of a person.
pub fn is_vip(person: &Person) -> bool {
    let attributes = person.attributes.as_deref().and_then(|json| serde_json::from_str::<Value>(json).ok());
    attributes.is_some_and(|attributes| attributes["vip"] == Value::Bool(true))
}
