//! What happens beside a room's messages: taking one back, and the agents' notes.

use super::{Channel, Reference};
use crate::decide;
use crate::error::{Error, Result};
use crate::model::{MessageId, Note, NoteReceipt, Person, Position, RoomId, Sender, Side, Text};
use crate::port::{Scope, commit};

/// A note to be made.
#[derive(Debug, Clone)]
pub struct NoteCommand {
    pub room: RoomId,
    /// Made by the client; without one the server makes it, and a retry is a new note.
    pub id: Option<MessageId>,
    pub text: Text,
}

impl Channel {
    /// Takes back what the person has said; its position. Answered when the body is gone from the store.
    pub async fn recall(&self, person: &Person, room: &RoomId, id: MessageId) -> Result<Position> {
        self.find(person, Reference::Room(room.clone())).await?;
        let (caller, now, room) = (Sender::from(person), self.clock.now(), room.clone());
        let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
        commit(&*self.rooms, scope, move |snapshot| decide::recall(snapshot, &room, &caller, now)).await
    }

    /// Notes something down for agents. Answered when it is on disk.
    pub async fn note(&self, person: &Person, command: NoteCommand) -> Result<NoteReceipt> {
        self.find_for_agent(person, &command.room).await?;
        let now = self.clock.now();
        let id = command.id.unwrap_or_else(|| self.new_id(now));
        let (author, NoteCommand { room, text, .. }) = (Sender::from(person), command);
        let scope = Scope { note: Some(id), ..Scope::room(room.clone()) };
        let decide = move |snapshot: &_| decide::note(snapshot, &room, &author, id, &text, now);
        commit(&*self.rooms, scope, decide).await
    }

    /// Notes from this number on, at most `limit`.
    pub async fn notes(&self, person: &Person, room: &RoomId, from: i64, limit: usize) -> Result<Vec<Note>> {
        self.find_for_agent(person, room).await?;
        self.rooms.notes(room, from, limit).await
    }

    async fn find_for_agent(&self, person: &Person, room: &RoomId) -> Result<()> {
        if person.side != Side::Agent {
            return Err(Error::Forbidden);
        }
        self.find(person, Reference::Room(room.clone())).await.map(drop)
    }
}
