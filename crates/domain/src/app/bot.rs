//! What a company's bot does in a room: answers what was picked, and says what was made up for it.

use std::sync::Arc;

use super::{Channel, Reference};
use crate::decide::bot::{self, Asked, Line};
use crate::error::{Error, Result};
use crate::model::{
    AccountId, Body, Company, Message, MessageId, Name, Person, QuestionId, RoomId, Sender, Side, Text,
};
use crate::port::{Questions, Scope, commit};

pub struct Bot {
    pub channel: Arc<Channel>,
    pub questions: Arc<dyn Questions>,
}

/// A question that a visitor has picked.
#[derive(Debug, Clone)]
pub struct AskCommand {
    pub room: RoomId,
    pub question: QuestionId,
    /// Made by the client for the question; without one a retry asks anew.
    pub id: Option<MessageId>,
}

impl Bot {
    /// Asks one of the company's questions; the answer. Both are in the history when this is answered.
    pub async fn ask(&self, person: &Person, command: AskCommand) -> Result<Message> {
        let AskCommand { room, question, id } = command;
        if person.side != Side::Visitor {
            return Err(Error::Forbidden);
        }
        let (room, company) = self.channel.find(person, Reference::Room(room)).await?;
        let item = self.questions.items(&company.id, &[question]).await?.pop();
        let item = item.ok_or(Error::NotFound("question"))?;
        let now = self.channel.clock.now();
        let question = Line {
            id: id.unwrap_or_else(|| self.channel.new_id(now)),
            sender: person.into(),
            body: Body::Text(Text::parse(item.title.as_str())?),
        };
        let answer =
            Line { id: self.channel.new_id(now), sender: bot_of(&company), body: Body::Text(item.answer) };
        let scope = Scope { id: Some(question.id), ..Scope::room(room.clone()) };
        let asked = room.clone();
        let decide = move |snapshot: &_| bot::ask(snapshot, &asked, &question, &answer, now);
        match commit(&*self.channel.rooms, scope, decide).await? {
            Asked::Answered(message) => Ok(message),
            Asked::Before(pos) => {
                let page = self.channel.rooms.page(&room, pos, pos + 1).await?;
                page.and_then(|mut page| page.pop()).ok_or(Error::NotFound("answer"))
            }
        }
    }

    /// Says something in the company's name, once under this id. Answered when it is on disk.
    pub async fn say(&self, company: &Company, room: &RoomId, id: MessageId, text: Text) -> Result<()> {
        let line = Line { id, sender: bot_of(company), body: Body::Text(text) };
        let now = self.channel.clock.now();
        let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
        commit(&*self.channel.rooms, scope, move |snapshot| bot::say(snapshot, &line, now)).await
    }

    /// For something that is about to be said.
    pub fn new_id(&self) -> MessageId {
        self.channel.new_id(self.channel.clock.now())
    }
}

/// The company itself, as a sender.
pub fn bot_of(company: &Company) -> Sender {
    let aid = AccountId::parse(company.id.as_str()).expect("a company's id is no longer than a person's");
    let mid = Name::parse("mid", &format!("S{}", company.id)).expect("a company's id is short");
    Sender { side: Side::Agent, aid, mid, nick: company.name.clone() }
}
