//! The chat channel: enter, say, look back, mark as read.

use std::sync::Arc;

use crate::decide::{self, Found};
use crate::error::{Error, Result};
use crate::limits;
use crate::model::{
    Body, Company, CompanyId, FileId, Message, MessageId, Person, Position, Reads, Realm, Recall, Receipt,
    RoomId, RoomView, Sender, Side, Text, UploadKind,
};
use crate::port::{
    Clock, Companies, Decision, Doorkeeper, Entropy, HistoryQuery, Rooms, Scope, Since, Snapshot, Uploads,
    commit,
};

pub struct Channel {
    pub rooms: Arc<dyn Rooms>,
    pub companies: Arc<dyn Companies>,
    pub uploads: Arc<dyn Uploads>,
    pub doorkeeper: Arc<dyn Doorkeeper>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// How a room is named by whoever wants to enter it.
#[derive(Debug, Clone)]
pub enum Reference {
    Room(RoomId),
    /// The room between the asking visitor and this company.
    Company(CompanyId),
}

/// What a client that was here before still has.
#[derive(Debug, Clone, Default)]
pub struct Want {
    /// The position it wants next.
    pub since: Option<Position>,
    /// The name of the history it knows.
    pub epoch: Option<Box<str>>,
    /// How many recalls it has heard of.
    pub recalls: Option<i64>,
}

/// A room as the person who enters sees it.
#[derive(Debug)]
pub struct Joined {
    pub room: RoomId,
    pub topic: Box<str>,
    pub view: RoomView,
    pub epoch: Box<str>,
    /// There is more than `view.missed` holds, or the client's history is another one.
    pub gap: bool,
    /// `since` was asked for.
    pub resumed: bool,
    /// What was taken back since the client was here, when it has said what it knows.
    pub recalled: Option<Vec<Recall>>,
}

/// A message to be said, `body` as the sender wrote it.
#[derive(Debug, Clone)]
pub struct SendCommand {
    pub room: RoomId,
    /// Made by the client; without one the server makes it, and a retry is a new message.
    pub id: Option<MessageId>,
    pub body: Body,
    /// A message of the room that this one answers to.
    pub quote: Option<MessageId>,
}

impl Channel {
    /// Which room is meant, if this person may enter it. Decided by names alone, so that a stranger
    /// does not learn whether a room exists.
    pub async fn find(&self, person: &Person, reference: Reference) -> Result<(RoomId, Company)> {
        let room = match &reference {
            Reference::Room(room) => room.clone(),
            Reference::Company(_) if person.side == Side::Agent => return Err(Error::Missing("roomid")),
            Reference::Company(company) => RoomId::between(&person.aid, company),
        };
        let company = self.companies.find(&CompanyId::parse(room.company())?).await?;
        decide::may_enter(person, &room, company.as_ref())?;
        let company = company.ok_or(Error::Forbidden)?;
        Ok((room, company))
    }

    /// Enters a room that [`Channel::find`] has found. Whoever wants to miss nothing listens to the
    /// room before calling this.
    pub async fn join(
        &self,
        person: &Person,
        room: &RoomId,
        company: &Company,
        by_company: bool,
        want: Want,
    ) -> Result<Joined> {
        let same_epoch = want.epoch.as_deref().is_none_or(|epoch| epoch == self.rooms.epoch());
        let since = want.since.filter(|_| same_epoch);
        let since = since.map(|from| Since { from: from.max(0), limit: limits::MISSED_MAX });
        let view = match self.rooms.view(room, limits::NEWEST, since).await? {
            // The usual case: somebody who was here before writes nothing.
            Some(view) if view.members.iter().any(|member| *member == person.into()) => view,
            _ => {
                self.enter(person, room, by_company).await?;
                let view = self.rooms.view(room, limits::NEWEST, since).await?;
                view.ok_or_else(|| Error::internal("a room is gone right after it was entered"))?
            }
        };
        let recalled = match want.recalls.filter(|_| same_epoch) {
            Some(known) => Some(self.recalled(room, known, view.head.recalls).await?),
            None => None,
        };
        let unheard = recalled.as_ref().is_some_and(Option::is_none);
        let seen = self.joined(person, room, company, view, since, want.since.is_some(), same_epoch);
        Ok(Joined { gap: seen.gap || unheard, recalled: recalled.flatten(), ..seen })
    }

    /// The room as somebody sees it who hears it silently, and is no member of it by that.
    pub async fn watch(&self, person: &Person, room: &RoomId, company: &Company) -> Result<Joined> {
        let view = self.rooms.view(room, limits::NEWEST, None).await?.ok_or(Error::NotFound("room"))?;
        Ok(self.joined(person, room, company, view, None, false, true))
    }

    #[expect(clippy::too_many_arguments, reason = "they are what was asked for and what was found")]
    fn joined(
        &self,
        person: &Person,
        room: &RoomId,
        company: &Company,
        view: RoomView,
        since: Option<Since>,
        resumed: bool,
        same_epoch: bool,
    ) -> Joined {
        let beyond = since.is_some_and(|since| since.from > view.head.next_pos);
        let more = since.is_some_and(|since| since.from + (view.missed.len() as i64) < view.head.next_pos);
        let topic = match person.side {
            Side::Visitor => company.name.as_str().into(),
            Side::Agent => view.head.visitor_nick.as_str().into(),
        };
        Joined {
            room: room.clone(),
            topic,
            view,
            epoch: self.rooms.epoch().into(),
            gap: !same_epoch || beyond || more,
            resumed,
            recalled: None,
        }
    }

    /// Says something in a room that the caller has joined. Answered when it is on disk.
    pub async fn send(&self, person: &Person, command: SendCommand) -> Result<Receipt> {
        let sender = Sender::from(person);
        let body = self.settle(person, &sender, &command).await?;
        let now = self.clock.now();
        let id = command.id.unwrap_or_else(|| self.new_id(now));
        let (room, quote) = (command.room, command.quote);
        let scope = Scope { id: Some(id), quote, ..Scope::room(room.clone()) };
        let found = self.look_at(&room, &body).await?;
        let decide = move |snapshot: &Snapshot| {
            let known = snapshot.known.as_ref().map(|known| &known.message.body);
            let body = decide::screen(&body, &found, known)?;
            decide::send_quoting(snapshot, &room, &sender, id, &body, quote, now)
        };
        commit(&*self.rooms, scope, decide).await
    }

    /// What would be stored of this text if it was sent, or why it would not be: says nothing.
    pub(super) async fn would_say(
        &self,
        person: &Person,
        room: &RoomId,
        id: MessageId,
        text: Text,
    ) -> Result<Text> {
        let (sender, now, room) = (Sender::from(person), self.clock.now(), room.clone());
        let body = Body::Text(text);
        let found = self.look_at(&room, &body).await?;
        let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
        let decide = move |snapshot: &Snapshot| {
            let known = snapshot.known.as_ref().map(|known| &known.message.body);
            let body = decide::screen(&body, &found, known)?;
            decide::send(snapshot, &room, &sender, id, &body, now)?;
            match body.into_owned() {
                Body::Text(text) => Ok(Decision::nothing(text)),
                _ => Err(Error::internal("a text is screened to something else")),
            }
        };
        commit(&*self.rooms, scope, decide).await
    }

    /// Says what was looked at before.
    pub(super) async fn say(
        &self,
        room: &RoomId,
        sender: Sender,
        id: MessageId,
        text: Text,
    ) -> Result<Receipt> {
        let (now, room, body) = (self.clock.now(), room.clone(), Body::Text(text));
        let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
        let decide = move |snapshot: &Snapshot| decide::send(snapshot, &room, &sender, id, &body, now);
        commit(&*self.rooms, scope, decide).await
    }

    /// Positions `start` to `start + limit - 1`, the part before 0 cut off.
    pub async fn page(
        &self,
        person: &Person,
        room: &RoomId,
        start: Position,
        limit: usize,
    ) -> Result<Vec<Message>> {
        self.find(person, Reference::Room(room.clone())).await?;
        let end = start.saturating_add(limit as i64).max(0);
        let page = self.rooms.page(room, start.max(0), end).await?;
        page.ok_or(Error::NotFound("room"))
    }

    /// Messages of one room, newest first.
    pub async fn history(&self, person: &Person, query: HistoryQuery) -> Result<Vec<Message>> {
        self.find(person, Reference::Room(query.room.clone())).await?;
        self.rooms.history(query).await
    }

    /// Marks what has been sent so far, or up to `pos`, as read by the person's side.
    pub async fn mark_read(&self, person: &Person, room: &RoomId, pos: Option<Position>) -> Result<()> {
        self.find(person, Reference::Room(room.clone())).await?;
        let (side, by) = (person.side, person.aid.clone());
        let scope = Scope { at: pos, ..Scope::room(room.clone()) };
        commit(&*self.rooms, scope, move |snapshot| decide::mark_read(snapshot, side, &by, pos)).await
    }

    /// From the one that the client does not know on; none when they are too many, or its number cannot be.
    async fn recalled(&self, room: &RoomId, known: i64, there: i64) -> Result<Option<Vec<Recall>>> {
        let fresh = there - known;
        if fresh == 0 {
            return Ok(Some(Vec::new()));
        }
        if fresh < 0 || fresh > limits::ASIDES_MAX as i64 {
            return Ok(None);
        }
        self.rooms.recalls(room, known, limits::ASIDES_MAX).await.map(Some)
    }

    async fn enter(&self, person: &Person, room: &RoomId, by_company: bool) -> Result<()> {
        let now = self.clock.now();
        let who = person.clone();
        let scope = Scope { member: Some((person.side, person.aid.clone())), ..Scope::room(room.clone()) };
        commit(&*self.rooms, scope, move |snapshot| decide::enter(snapshot, &who, by_company, now)).await
    }

    pub(super) fn new_id(&self, now: i64) -> MessageId {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        MessageId::at(now, random)
    }

    /// The body as it is stored: what it names was really uploaded, and a file's size is the real
    /// one. Looked up outside the transaction, because an upload never changes.
    async fn settle(&self, person: &Person, sender: &Sender, command: &SendCommand) -> Result<Body> {
        let named = |field, key: Box<str>| async move {
            let upload = self.uploads.find(&key).await?;
            let upload = upload
                .filter(|upload| decide::may_name(upload, sender, &person.realm, &command.room))
                .ok_or_else(|| Error::invalid(field, "no such file was uploaded"))?;
            if upload.realm == Realm::Platform && self.keeps_files_private(&command.room).await? {
                // Of no company: nobody would be asked for a ticket.
                return Err(Error::invalid(field, "upload it for this company, with `companyid`"));
            }
            Ok(upload)
        };
        match &command.body {
            Body::Text(_) | Body::Custom(_) | Body::Recalled => {}
            Body::Image(path) => {
                let upload = named("msg", path.as_str().into()).await?;
                if !matches!(upload.kind, UploadKind::Image { .. }) {
                    return Err(Error::invalid("msg", "no such image was uploaded"));
                }
            }
            Body::Voice { url, .. } | Body::Video { url, .. } => {
                named("url", url.as_str().into()).await?;
            }
            Body::File { id, name, .. } => {
                return self.settle_file(id, name, named("fileid", id.as_str().into()).await?);
            }
        }
        Ok(command.body.clone())
    }

    /// The company's words in what somebody wants to say.
    async fn look_at(&self, room: &RoomId, body: &Body) -> Result<Found> {
        match body {
            Body::Text(text) => self.doorkeeper.looks(&CompanyId::parse(room.company())?, text).await,
            _ => Ok(Found::Nothing),
        }
    }

    async fn keeps_files_private(&self, room: &RoomId) -> Result<bool> {
        let company = self.companies.find(&CompanyId::parse(room.company())?).await?;
        Ok(company.is_some_and(|company| company.private_files))
    }

    fn settle_file(&self, id: &FileId, name: &str, upload: crate::model::Upload) -> Result<Body> {
        let name = if name.is_empty() { upload.name } else { name.into() };
        Ok(Body::File { id: id.clone(), name, size_bytes: upload.size_bytes })
    }
}

impl Joined {
    pub fn reads(&self) -> Reads {
        self.view.head.reads
    }

    /// Position of the first of the newest messages; 0 in an empty room.
    pub fn first_pos(&self) -> Position {
        self.view.newest.first().map_or(0, |message| message.pos)
    }
}
