//! A batch of commits: what their decisions want to know, read in one round trip behind the locks of their rooms,
//! and what they change, written in one more.
//!
//! In between, the batch lives in memory: a decision sees what those before it in the batch have decided.

mod asides;

use std::collections::{HashMap, HashSet};

use nodechat_domain::error::Result;
use nodechat_domain::model::{
    AccountId, Member, Message, MessageId, Note, Position, Recall, RoomHead, RoomId, Side, Time,
};
use nodechat_domain::port::{Change, Known, Noted, Scope, Snapshot};
use tokio_postgres::{Error as PgError, Row, Statement};
use uuid::Uuid;

use asides::{Asides, Notes, Recalls};

use super::connect::Db;
use super::failure::Stop;
use super::{row, sql};
use crate::book::outbox;
use crate::stored::{self, StoredHead, broken, side_number};

/// The statements of a batch, prepared once for each connection: sent together, none may have to ask for itself
/// first, or the order would be another.
pub struct Statements {
    lock_heads: Statement,
    members: Statement,
    times: Statement,
    hold_persons: Statement,
    adopted: Statement,
    known: Statement,
    noted: Statement,
    open: Statement,
    enter: Statement,
    say: Statement,
    tell_webhooks: Statement,
    set_asides: Statement,
    recall: Statement,
    note: Statement,
}

impl Statements {
    pub async fn prepare(db: &Db) -> Result<Self, PgError> {
        let (lock_heads, members, times, hold_persons, adopted, known, noted, open, enter, say) = tokio::try_join!(
            db.prepare(sql::LOCK_HEADS),
            db.prepare(sql::MEMBERS_ASKED),
            db.prepare(sql::TIMES_ASKED),
            db.prepare(sql::HOLD_PERSONS),
            db.prepare(sql::ADOPTED_ASKED),
            db.prepare(sql::KNOWN_ASKED),
            db.prepare(sql::NOTED_ASKED),
            db.prepare(sql::OPEN),
            db.prepare(sql::ENTER),
            db.prepare(sql::SAY),
        )?;
        let (set_asides, recall, note, tell_webhooks) = tokio::try_join!(
            db.prepare(sql::SET_ASIDES),
            db.prepare(sql::RECALL),
            db.prepare(sql::NOTE),
            db.prepare(outbox::TELL_MESSAGES),
        )?;
        Ok(Self {
            lock_heads,
            members,
            times,
            hold_persons,
            adopted,
            known,
            noted,
            open,
            enter,
            say,
            tell_webhooks,
            set_asides,
            recall,
            note,
        })
    }
}

/// What a batch has read and decided.
#[derive(Default)]
pub struct Sheet {
    rooms: HashMap<RoomId, Room>,
    known: HashMap<MessageId, Known>,
    /// Messages of this batch: their room and their place in it.
    fresh: HashMap<MessageId, (RoomId, usize)>,
    /// Notes, stored ones and those of this batch.
    noted: HashMap<MessageId, Noted>,
    adopted: HashSet<(RoomId, Side, AccountId)>,
}

#[derive(Default)]
struct Room {
    head: Option<StoredHead>,
    /// It comes to be with this batch.
    opened: bool,
    head_moved: bool,
    /// What stands beside the messages is another.
    aside_moved: bool,
    members: HashMap<(Side, AccountId), Member>,
    entered: HashSet<(Side, AccountId)>,
    times: HashMap<Position, Time>,
    said: Vec<Message>,
    recalled: Vec<Recall>,
    notes: Vec<Note>,
}

impl Sheet {
    /// Begins a transaction and reads, behind the locks of the rooms, what the scopes ask for. Each statement sees
    /// what was committed before it, so what is read behind a lock is what the room's last writer left.
    pub async fn load(db: &Db, statements: &Statements, scopes: &[&Scope]) -> Result<Self, Stop> {
        let asked = Asked::by(scopes);
        let (begun, heads, members, times, held, adopted, known, noted) = tokio::join!(
            biased;
            db.batch_execute("begin"),
            asked.heads(db, &statements.lock_heads),
            when(!asked.members.rooms.is_empty(), || asked.members.read(db, &statements.members)),
            when(!asked.times.0.is_empty(), || asked.times(db, &statements.times)),
            when(!asked.members.rooms.is_empty(), || asked.members.read_in_realm(db, &statements.hold_persons)),
            when(!asked.members.rooms.is_empty(), || asked.members.read_in_realm(db, &statements.adopted)),
            when(!asked.ids.is_empty(), || asked.known(db, &statements.known)),
            when(!asked.notes.is_empty(), || asked.noted(db, &statements.noted)),
        );
        begun?;
        let mut sheet = Sheet::default();
        for row in &heads? {
            let id = row::room_id(row, row::AFTER_HEAD)?;
            sheet.room(&id).head = Some(row::head(row, id.clone())?);
        }
        for row in &members? {
            let member = row::member(row)?;
            sheet.room(&row::room_id(row, 5)?).members.insert((member.side, member.aid.clone()), member);
        }
        for row in &times? {
            sheet.room(&row::room_id(row, 0)?).times.insert(row.try_get(1)?, row.try_get(2)?);
        }
        held?;
        for row in &adopted? {
            let who = (row::room_id(row, 0)?, stored::side(row.try_get(1)?)?, stored::aid(row.try_get(2)?)?);
            sheet.adopted.insert(who);
        }
        for row in &known? {
            let message = row::message(row)?;
            sheet.known.insert(message.id, Known { room: row::room_id(row, 13)?, message });
        }
        for row in &noted? {
            let note = row::note(row)?;
            sheet.noted.insert(note.id, Noted { room: row::room_id(row, 7)?, note });
        }
        Ok(sheet)
    }

    /// What a decision sees that comes next.
    pub fn snapshot(&self, scope: &Scope) -> Snapshot {
        let room = self.rooms.get(&scope.room);
        let head = room.and_then(|room| room.head.as_ref()).map(|stored| stored.head.clone());
        let there = room.filter(|_| head.is_some());
        let member = match (there, &scope.member) {
            (Some(room), Some(who)) => room.members.get(who).cloned(),
            _ => None,
        };
        let adopted = match &scope.member {
            Some((side, aid)) if head.is_none() => {
                self.adopted.contains(&(scope.room.clone(), *side, aid.clone()))
            }
            _ => false,
        };
        let time_at = scope.at.and_then(|pos| there?.time_at(pos));
        let known = scope.id.and_then(|id| self.known_by(id));
        let quoted = scope.quote.and_then(|id| self.known_by(id));
        let quoted = quoted.is_some_and(|quoted| quoted.room == scope.room);
        let noted = scope.note.and_then(|id| self.noted.get(&id).cloned());
        Snapshot { head, member, known, time_at, quoted, noted, adopted }
    }

    /// Writes down what was decided: all of it, or nothing when it cannot be carried out.
    pub fn make(&mut self, id: &RoomId, changes: &[Change]) -> Result<()> {
        for change in changes {
            if let Change::Said(message) = change
                && (self.known.contains_key(&message.id) || self.fresh.contains_key(&message.id))
            {
                return Err(broken("a decision gives a message an id that is taken"));
            }
        }
        let room = self.room(id);
        let (mut head, mut opened, mut head_moved) = (room.head.clone(), room.opened, room.head_moved);
        let mut aside_moved = room.aside_moved;
        for change in changes {
            if let Change::Opened { visitor_nick, time } = change {
                if head.is_some() {
                    return Err(broken("a decision opens a room that is there"));
                }
                head = Some(empty(id, visitor_nick.clone(), *time));
                opened = true;
                continue;
            }
            let head = head.as_mut().ok_or_else(|| broken("a decision changes a room that is not there"))?;
            match change {
                Change::Opened { .. } => {}
                Change::Entered(member) => {
                    head.entered(member);
                    head_moved |= member.side == Side::Visitor;
                }
                Change::Said(message) => {
                    head.said(message)?;
                    head_moved = true;
                }
                Change::Read { side, pos, .. } => {
                    head.read(*side, *pos);
                    head_moved = true;
                }
                Change::Answered { .. } => {
                    head.answered();
                    aside_moved = true;
                }
                Change::Recalled(recall) => {
                    head.recalled(recall)?;
                    aside_moved = true;
                }
                Change::Noted(note) => {
                    head.noted(note)?;
                    aside_moved = true;
                }
            }
        }
        // From here on nothing is refused any more.
        (room.head, room.opened, room.head_moved, room.aside_moved) = (head, opened, head_moved, aside_moved);
        let mut said = Vec::new();
        for change in changes {
            match change {
                Change::Entered(member) => {
                    let who = (member.side, member.aid.clone());
                    room.entered.insert(who.clone());
                    room.members.insert(who, member.clone());
                }
                Change::Said(message) => {
                    said.push((message.id, room.said.len()));
                    room.said.push(message.clone());
                }
                Change::Recalled(recall) => room.recall(recall),
                Change::Noted(note) => room.notes.push(note.clone()),
                Change::Opened { .. } | Change::Read { .. } | Change::Answered { .. } => {}
            }
        }
        for change in changes {
            match change {
                Change::Recalled(recall) => {
                    if let Some(known) = self.known.get_mut(&recall.id) {
                        known.message.take_back();
                    }
                }
                Change::Noted(note) => {
                    self.noted.insert(note.id, Noted { room: id.clone(), note: note.clone() });
                }
                _ => {}
            }
        }
        self.fresh.extend(said.into_iter().map(|(message, place)| (message, (id.clone(), place))));
        Ok(())
    }

    pub fn changes_something(&self) -> bool {
        let changed =
            |room: &Room| room.opened || room.head_moved || room.aside_moved || !room.entered.is_empty();
        self.rooms.values().any(changed)
    }

    /// Gives the rooms that come to be their numbers; those of other rooms are known.
    pub async fn open(&mut self, db: &Db, statements: &Statements) -> Result<(), Stop> {
        let mut opened: Vec<&StoredHead> =
            self.rooms.values().filter(|room| room.opened).filter_map(|room| room.head.as_ref()).collect();
        if opened.is_empty() {
            return Ok(());
        }
        // In an order that is the same everywhere: whoever opens the same rooms waits instead of being waited for.
        opened.sort_unstable_by(|one, other| one.head.id.cmp(&other.head.id));
        let heads = Heads::of(&opened);
        let ids: Vec<&str> = opened.iter().map(|stored| stored.head.id.as_str()).collect();
        let companies: Vec<&str> = opened.iter().map(|stored| stored.head.id.company()).collect();
        let rows = db
            .query(
                &statements.open,
                &[
                    &ids,
                    &companies,
                    &heads.visitor_nicks,
                    &heads.next_pos,
                    &heads.last_times,
                    &heads.read_visitor,
                    &heads.read_agent,
                    &heads.in_time_order,
                ],
            )
            .await?;
        for row in &rows {
            let number = row.try_get(0)?;
            if let Some(head) = &mut self.room(&row::room_id(row, 1)?).head {
                head.number = number;
            }
        }
        Ok(())
    }

    /// Writes everything and commits, in one round trip.
    pub async fn commit(&self, db: &Db, statements: &Statements) -> Result<(), NotCommitted> {
        let members = Members::of(self);
        let asides = Asides::of(self);
        let (recalls, notes) = (Recalls::of(self), Notes::of(self));
        let messages = Messages::of(self);
        let moved: Vec<&StoredHead> = self
            .rooms
            .values()
            .filter(|room| room.head_moved && !room.opened)
            .filter_map(|room| room.head.as_ref())
            .collect();
        let heads = Heads::of(&moved);
        let says = !messages.rooms.is_empty() || !heads.numbers.is_empty();
        let told = Told::of(self);
        // Once it has ended, nothing leaves over a connection any more.
        let gone = db.is_closed();
        let (entered, said, told, set_aside, recalled, noted, committed) = tokio::join!(
            biased;
            when(!members.rooms.is_empty(), || members.write(db, &statements.enter)),
            when(says, || messages.write(db, &statements.say, &heads)),
            when(!told.rooms.is_empty(), || told.write(db, &statements.tell_webhooks)),
            when(!asides.numbers.is_empty(), || asides.write(db, &statements.set_asides)),
            // Behind the messages: what was said in this batch may be taken back in it.
            when(!recalls.rooms.is_empty(), || recalls.write(db, &statements.recall)),
            when(!notes.rooms.is_empty(), || notes.write(db, &statements.note)),
            db.batch_execute("commit"),
        );
        // What the server has refused it has not committed, whatever became of the connection afterwards.
        for written in [entered, said, told, set_aside, recalled, noted] {
            match written {
                Err(error) if gone || error.as_db_error().is_some() => {
                    return Err(NotCommitted::Surely(error));
                }
                Err(error) => return Err(NotCommitted::Perhaps(error)),
                Ok(_) => {}
            }
        }
        match committed {
            Ok(()) => Ok(()),
            Err(error) if !gone && super::failure::ends_session(&error) => Err(NotCommitted::Perhaps(error)),
            Err(error) => Err(NotCommitted::Surely(error)),
        }
    }

    fn room(&mut self, id: &RoomId) -> &mut Room {
        if !self.rooms.contains_key(id) {
            self.rooms.insert(id.clone(), Room::default());
        }
        self.rooms.get_mut(id).expect("it was put there just now")
    }

    fn known_by(&self, id: MessageId) -> Option<Known> {
        if let Some(known) = self.known.get(&id) {
            return Some(known.clone());
        }
        let (room, place) = self.fresh.get(&id)?;
        let message = self.rooms.get(room)?.said.get(*place)?.clone();
        Some(Known { room: room.clone(), message })
    }
}

/// Why a batch was not, or may not have been, committed.
pub enum NotCommitted {
    Surely(PgError),
    /// The connection broke before the server said.
    Perhaps(PgError),
}

impl Room {
    fn recall(&mut self, recall: &Recall) {
        if let Some(said) = self.said.iter_mut().find(|message| message.id == recall.id) {
            said.take_back();
        }
        self.recalled.push(*recall);
    }

    fn time_at(&self, pos: Position) -> Option<Time> {
        let said = || self.said.iter().find(|message| message.pos == pos).map(|message| message.time);
        self.times.get(&pos).copied().or_else(said)
    }
}

fn empty(id: &RoomId, visitor_nick: nodechat_domain::model::Name, time: Time) -> StoredHead {
    let head = RoomHead::new(id.clone(), visitor_nick, time);
    StoredHead { number: 0, head, in_time_order: true }
}

/// Sends a statement only when there is something to ask.
async fn when<T: Default, F: Future<Output = Result<T, PgError>>>(
    asked: bool,
    statement: impl FnOnce() -> F,
) -> Result<T, PgError> {
    if asked { statement().await } else { Ok(T::default()) }
}

/// What the scopes of a batch want to know, in columns.
#[derive(Default)]
struct Asked<'a> {
    rooms: Vec<&'a str>,
    members: MembersAsked<'a>,
    /// Rooms and positions.
    times: (Vec<&'a str>, Vec<i64>),
    ids: Vec<Uuid>,
    notes: Vec<&'a [u8]>,
}

#[derive(Default)]
struct MembersAsked<'a> {
    rooms: Vec<&'a str>,
    realms: Vec<&'a str>,
    sides: Vec<i64>,
    aids: Vec<&'a str>,
}

impl<'a> Asked<'a> {
    fn by(scopes: &[&'a Scope]) -> Self {
        let mut asked = Asked::default();
        let mut seen = HashSet::new();
        for scope in scopes {
            let room = scope.room.as_str();
            if seen.insert(room) {
                asked.rooms.push(room);
            }
            if let Some((side, aid)) = &scope.member {
                asked.members.rooms.push(room);
                asked.members.realms.push(scope.room.company());
                asked.members.sides.push(side_number(*side));
                asked.members.aids.push(aid.as_str());
            }
            if let Some(pos) = scope.at {
                asked.times.0.push(room);
                asked.times.1.push(pos);
            }
            asked.ids.extend(scope.id.iter().chain(&scope.quote).map(|id| id.0));
            asked.notes.extend(scope.note.as_ref().map(|id| id.0.as_bytes().as_slice()));
        }
        asked
    }

    async fn heads(&self, db: &Db, statement: &Statement) -> Result<Vec<Row>, PgError> {
        db.query(statement, &[&self.rooms]).await
    }

    async fn times(&self, db: &Db, statement: &Statement) -> Result<Vec<Row>, PgError> {
        db.query(statement, &[&self.times.0, &self.times.1]).await
    }

    async fn known(&self, db: &Db, statement: &Statement) -> Result<Vec<Row>, PgError> {
        db.query(statement, &[&self.ids]).await
    }

    async fn noted(&self, db: &Db, statement: &Statement) -> Result<Vec<Row>, PgError> {
        db.query(statement, &[&self.notes]).await
    }
}

impl MembersAsked<'_> {
    async fn read(&self, db: &Db, statement: &Statement) -> Result<Vec<Row>, PgError> {
        db.query(statement, &[&self.rooms, &self.sides, &self.aids]).await
    }

    async fn read_in_realm(&self, db: &Db, statement: &Statement) -> Result<Vec<Row>, PgError> {
        db.query(statement, &[&self.rooms, &self.realms, &self.sides, &self.aids]).await
    }
}

/// Heads in columns.
#[derive(Default)]
struct Heads<'a> {
    numbers: Vec<i64>,
    visitor_nicks: Vec<&'a str>,
    next_pos: Vec<i64>,
    last_times: Vec<i64>,
    read_visitor: Vec<i64>,
    read_agent: Vec<i64>,
    in_time_order: Vec<i64>,
}

impl<'a> Heads<'a> {
    fn of(stored: &[&'a StoredHead]) -> Self {
        let mut heads = Heads::default();
        for StoredHead { number, head, in_time_order } in stored {
            heads.numbers.push(*number);
            heads.visitor_nicks.push(head.visitor_nick.as_str());
            heads.next_pos.push(head.next_pos);
            heads.last_times.push(head.last_time);
            heads.read_visitor.push(head.reads.visitor);
            heads.read_agent.push(head.reads.agent);
            heads.in_time_order.push(i64::from(*in_time_order));
        }
        heads
    }
}

/// Members in columns.
#[derive(Default)]
struct Members<'a> {
    rooms: Vec<i64>,
    sides: Vec<i64>,
    aids: Vec<&'a str>,
    mids: Vec<&'a str>,
    accounts: Vec<&'a str>,
    nicks: Vec<&'a str>,
}

impl<'a> Members<'a> {
    fn of(sheet: &'a Sheet) -> Self {
        let mut columns = Members::default();
        for room in sheet.rooms.values() {
            let Some(head) = &room.head else { continue };
            for member in room.entered.iter().filter_map(|who| room.members.get(who)) {
                columns.rooms.push(head.number);
                columns.sides.push(side_number(member.side));
                columns.aids.push(member.aid.as_str());
                columns.mids.push(member.mid.as_str());
                columns.accounts.push(member.account.as_str());
                columns.nicks.push(member.nick.as_str());
            }
        }
        columns
    }

    async fn write(&self, db: &Db, statement: &Statement) -> Result<u64, PgError> {
        db.execute(
            statement,
            &[&self.rooms, &self.sides, &self.aids, &self.mids, &self.accounts, &self.nicks],
        )
        .await
    }
}

/// What webhooks that ask for messages are told of them, in columns.
#[derive(Default)]
struct Told<'a> {
    companies: Vec<&'a str>,
    rooms: Vec<&'a str>,
    ids: Vec<Uuid>,
    times: Vec<i64>,
    positions: Vec<i64>,
}

impl<'a> Told<'a> {
    fn of(sheet: &'a Sheet) -> Self {
        let mut told = Told::default();
        for (id, room) in &sheet.rooms {
            for message in &room.said {
                told.companies.push(id.company());
                told.rooms.push(id.as_str());
                told.ids.push(message.id.0);
                told.times.push(message.time);
                told.positions.push(message.pos);
            }
        }
        told
    }

    async fn write(&self, db: &Db, statement: &Statement) -> Result<u64, PgError> {
        db.execute(statement, &[&self.companies, &self.rooms, &self.ids, &self.times, &self.positions]).await
    }
}

/// Messages in columns.
#[derive(Default)]
struct Messages<'a> {
    rooms: Vec<i64>,
    positions: Vec<i64>,
    ids: Vec<Uuid>,
    sides: Vec<i64>,
    aids: Vec<&'a str>,
    mids: Vec<&'a str>,
    nicks: Vec<&'a str>,
    times: Vec<i64>,
    kinds: Vec<i64>,
    bodies: Vec<&'a str>,
    files: Vec<Option<&'a str>>,
    sizes: Vec<Option<i64>>,
    seconds: Vec<Option<&'a str>>,
    quotes: Vec<Option<&'a [u8]>>,
}

impl<'a> Messages<'a> {
    fn of(sheet: &'a Sheet) -> Self {
        let mut columns = Messages::default();
        for room in sheet.rooms.values() {
            let Some(head) = &room.head else { continue };
            for message in &room.said {
                let (sender, body) = (&message.sender, stored::body_columns(&message.body));
                columns.rooms.push(head.number);
                columns.positions.push(message.pos);
                columns.ids.push(message.id.0);
                columns.sides.push(side_number(sender.side));
                columns.aids.push(sender.aid.as_str());
                columns.mids.push(sender.mid.as_str());
                columns.nicks.push(sender.nick.as_str());
                columns.times.push(message.time);
                columns.kinds.push(body.kind);
                columns.bodies.push(body.body);
                columns.files.push(body.file);
                columns.sizes.push(body.size_bytes);
                columns.seconds.push(body.seconds);
                columns.quotes.push(message.quote.as_ref().map(|id| id.0.as_bytes().as_slice()));
            }
        }
        columns
    }

    async fn write(&self, db: &Db, statement: &Statement, heads: &Heads<'_>) -> Result<u64, PgError> {
        db.execute(
            statement,
            &[
                &self.rooms,
                &self.positions,
                &self.ids,
                &self.sides,
                &self.aids,
                &self.mids,
                &self.nicks,
                &self.times,
                &self.kinds,
                &self.bodies,
                &self.files,
                &self.sizes,
                &self.seconds,
                &self.quotes,
                &heads.numbers,
                &heads.visitor_nicks,
                &heads.next_pos,
                &heads.last_times,
                &heads.read_visitor,
                &heads.read_agent,
                &heads.in_time_order,
            ],
        )
        .await
    }
}
