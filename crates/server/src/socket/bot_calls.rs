//! What the bot adds: its questions to `join`, what it found to the answer of `chat`, and `query`.

use nodechat_bot::Reply;
use nodechat_domain::Result;
use nodechat_domain::app::{Joined, SendCommand};
use nodechat_domain::model::desk::Wish;
use nodechat_domain::model::{Body, Company, Person, Receipt, RoomId, Side, Text};
use nodechat_sio::Socket;

use super::Chat;
use super::calls::{Answer, Payload, answer, must_take_part};
use super::desk_calls::{is_vip, placement};
use crate::wire::{self, BotReceipt, QueryAnswer, Welcome};

/// `query`: question and answer are in the history when this is answered.
pub async fn query(chat: &Chat, socket: &Socket<Chat>, payload: Payload<'_>) -> Result<Answer> {
    let command = wire::read::<wire::Query>(payload)?.command()?;
    must_take_part(socket, &command.room)?;
    let room = command.room.clone();
    let message = chat.bots.ask(&socket.data().person, command).await?;
    answer(&QueryAnswer::new(&room, &message))
}

/// The default questions, for a visitor who comes while no consultation runs. Whoever comes is let in without them when
/// they cannot be read.
pub async fn welcome(chat: &Chat, person: &Person, company: &Company, joined: &Joined) -> Option<Welcome> {
    let head = &joined.view.head;
    if person.side != Side::Visitor || head.consultation.is_some() || !chat.bots.serves(company.id.as_str()) {
        return None;
    }
    let knowledge = match chat.bots.knowledge(company.id.as_str()).await {
        Ok(knowledge) => knowledge?,
        Err(error) => {
            tracing::warn!(%error, "somebody is let in without the default questions");
            return None;
        }
    };
    let groups = knowledge.defaults();
    let human = knowledge.rules.human_button.as_str();
    (!groups.is_empty()).then(|| Welcome::new(chat.bots.new_id(), company, &groups, human, chat.clock.now()))
}

/// What a visitor has said to a bot.
pub struct Asked {
    room: RoomId,
    text: Text,
}

/// Whether a bot listens to what is about to be said; asked before anything is copied.
pub fn asked(chat: &Chat, person: &Person, command: &SendCommand) -> Option<Asked> {
    let Body::Text(text) = &command.body else { return None };
    let listens = person.side == Side::Visitor && chat.bots.serves(command.room.company());
    listens.then(|| Asked { room: command.room.clone(), text: text.clone() })
}

/// The answer to `chat` with what the bot says. The message is on disk; nothing that fails here takes that back.
pub async fn reply(chat: &Chat, person: &Person, asked: Asked, receipt: Receipt) -> Result<Answer> {
    let Asked { room, text } = asked;
    let reply = match chat.bots.reply(&room, text.as_str(), receipt.dup).await {
        Ok(Some(reply)) => Some(reply),
        Ok(None) => return answer(&wire::Receipt::from(receipt)),
        Err(error) => {
            tracing::warn!(%error, "a bot could not be asked");
            None
        }
    };
    let service = match reply {
        Some(Reply::Human) => human(chat, person, &room).await,
        _ => None,
    };
    answer(&BotReceipt::new(receipt.into(), &room, reply.as_ref(), service.as_deref()))
}

async fn human(chat: &Chat, person: &Person, room: &RoomId) -> Option<Answer> {
    let applied = async {
        let wish = Wish { group: None, agent: None, vip: is_vip(person) };
        let placed = chat.desk.apply(person, room, wish).await?;
        placement(chat, room, &placed).await
    };
    applied.await.inspect_err(|error| tracing::warn!(%error, "a human could not be asked for")).ok()
}
