//! Messages that visitors leave when nobody is there: an item of the desk's queue, and a message of the room.
//!
//! The desk's row comes first, and says that the room's message is still to be said; whoever is cut off in between has
//! lost nothing: the message is said by the same call made again, or by [`LeftMessages::say_rest`]. It has one name in both, so
//! that it is left once and said once, however often it is tried.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Channel, Desk, Reference};
use crate::error::{Class, Error, Result};
use crate::model::desk::{Left, LeftMessage};
use crate::model::{ChatId, CompanyId, MessageId, Person, Receipt, RoomId, Sender, Side, Text};

pub struct LeftMessages {
    pub channel: Arc<Channel>,
    pub desk: Arc<Desk>,
}

/// A message to be left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveCommand {
    pub room: RoomId,
    /// Made by the client; without one the server makes it, and a retry is a new message.
    pub id: Option<MessageId>,
    pub text: Text,
    pub contact: Box<str>,
}

/// How long somebody who has left a message may need to say it; after that it is said for them.
const MOMENT_MS: i64 = 5_000;
/// Messages that are said in one go.
const AT_ONCE: usize = 100;

impl LeftMessages {
    /// Leaves a message. Answered when it is on disk in the queue and in the room. `Conflict` when an agent is there.
    pub async fn leave(&self, visitor: &Person, command: LeaveCommand) -> Result<(ChatId, Receipt)> {
        let LeaveCommand { room, id, text, contact } = command;
        let id = id.unwrap_or_else(|| self.channel.new_id(self.channel.clock.now()));
        // A stranger does not learn whether there is such a room.
        self.channel.find(visitor, Reference::Room(room.clone())).await?;
        // Whatever cannot be said is not left.
        let text = self.channel.would_say(visitor, &room, id, text).await?;
        let left = Left { contact, text: text.as_str().into() };
        let chat = self.desk.leave_message(visitor, &room, id, left).await?;
        let receipt = self.channel.say(&room, Sender::from(visitor), id, text).await?;
        self.desk.desks.said(&company_of(&room)?, id, Some(receipt.pos)).await?;
        Ok((chat, receipt))
    }

    /// Says in their rooms what was left and not said, because whoever was about to was cut off. How many there were.
    pub async fn say_rest(&self) -> Result<usize> {
        let before = self.channel.clock.now().saturating_sub(MOMENT_MS);
        let unsaid = self.desk.desks.unsaid(before, AT_ONCE).await?;
        let count = unsaid.len();
        for message in unsaid {
            let (company, id) = (company_of(&message.room)?, message.id);
            let said = match self.say_for(message).await {
                // Its id is another message's by now, and it would be refused for ever. The item stays.
                Err(error) if error.class() == Class::Caller => None,
                said => Some(said?.pos),
            };
            self.desk.desks.said(&company, id, said).await?;
        }
        Ok(count)
    }

    async fn say_for(&self, message: LeftMessage) -> Result<Receipt> {
        let LeftMessage { id, room, unsaid, .. } = message;
        let text = Text::parse(&unsaid.unwrap_or_default())?;
        let view = self.channel.rooms.view(&room, 0, None).await?.ok_or(Error::NotFound("room"))?;
        let visitor = view.members.into_iter().find(|member| member.side == Side::Visitor);
        let visitor = visitor.ok_or(Error::NotFound("visitor"))?;
        let sender = Sender { side: Side::Visitor, aid: visitor.aid, mid: visitor.mid, nick: visitor.nick };
        self.channel.say(&room, sender, id, text).await
    }
}

fn company_of(room: &RoomId) -> Result<CompanyId> {
    CompanyId::parse(room.company())
}

impl Desk {
    /// What was left is read in the rooms, as it is there by now: nothing, when it was taken back or erased.
    pub(super) async fn read_left<'a>(
        &self,
        company: &CompanyId,
        consultations: impl Iterator<Item = (ChatId, &'a mut Option<Left>)>,
    ) -> Result<()> {
        let left: HashMap<ChatId, &mut Left> =
            consultations.filter_map(|(chat, left)| Some((chat, left.as_mut()?))).collect();
        if left.is_empty() {
            return Ok(());
        }
        let chats: Vec<ChatId> = left.keys().copied().collect();
        let mut texts: HashMap<ChatId, Vec<Box<str>>> = HashMap::new();
        for (chat, text) in self.desks.left_texts(company, &chats).await? {
            texts.entry(chat).or_default().push(text);
        }
        for (chat, left) in left {
            let former = Some(std::mem::take(&mut left.text)).filter(|text| !text.is_empty());
            let texts = former.into_iter().chain(texts.remove(&chat).unwrap_or_default());
            left.text = texts.collect::<Vec<_>>().join("\n").into();
        }
        Ok(())
    }
}
