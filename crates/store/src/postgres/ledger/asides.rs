//! What a batch writes beside the messages, in columns: rare, and apart, because messages leave it as it is.

use tokio_postgres::{Error as PgError, Statement};

use super::Sheet;
use crate::postgres::connect::Db;
use crate::stored::StoredHead;

/// What stands beside the messages, in columns.
#[derive(Default)]
pub struct Asides {
    pub numbers: Vec<i64>,
    unanswered: Vec<i64>,
    recalls: Vec<i64>,
    notes: Vec<i64>,
}

impl Asides {
    pub fn of(sheet: &Sheet) -> Self {
        let mut columns = Asides::default();
        let moved = sheet.rooms.values().filter(|room| room.aside_moved);
        for StoredHead { number, head, .. } in moved.filter_map(|room| room.head.as_ref()) {
            columns.numbers.push(*number);
            columns.unanswered.push(i64::from(head.unanswered));
            columns.recalls.push(head.recalls);
            columns.notes.push(head.notes);
        }
        columns
    }

    pub async fn write(&self, db: &Db, statement: &Statement) -> Result<u64, PgError> {
        db.execute(statement, &[&self.numbers, &self.unanswered, &self.recalls, &self.notes]).await
    }
}

/// What is taken back, in columns.
#[derive(Default)]
pub struct Recalls<'a> {
    pub rooms: Vec<i64>,
    numbers: Vec<i64>,
    positions: Vec<i64>,
    ids: Vec<&'a [u8]>,
}

impl<'a> Recalls<'a> {
    pub fn of(sheet: &'a Sheet) -> Self {
        let mut columns = Recalls::default();
        for room in sheet.rooms.values() {
            let Some(head) = &room.head else { continue };
            for recall in &room.recalled {
                columns.rooms.push(head.number);
                columns.numbers.push(recall.number);
                columns.positions.push(recall.pos);
                columns.ids.push(recall.id.0.as_bytes());
            }
        }
        columns
    }

    pub async fn write(&self, db: &Db, statement: &Statement) -> Result<u64, PgError> {
        db.execute(statement, &[&self.rooms, &self.numbers, &self.positions, &self.ids]).await
    }
}

/// Notes in columns.
#[derive(Default)]
pub struct Notes<'a> {
    pub rooms: Vec<i64>,
    numbers: Vec<i64>,
    ids: Vec<&'a [u8]>,
    aids: Vec<&'a str>,
    mids: Vec<&'a str>,
    nicks: Vec<&'a str>,
    times: Vec<i64>,
    bodies: Vec<&'a str>,
}

impl<'a> Notes<'a> {
    pub fn of(sheet: &'a Sheet) -> Self {
        let mut columns = Notes::default();
        for room in sheet.rooms.values() {
            let Some(head) = &room.head else { continue };
            for note in &room.notes {
                columns.rooms.push(head.number);
                columns.numbers.push(note.number);
                columns.ids.push(note.id.0.as_bytes());
                columns.aids.push(note.author.aid.as_str());
                columns.mids.push(note.author.mid.as_str());
                columns.nicks.push(note.author.nick.as_str());
                columns.times.push(note.time);
                columns.bodies.push(note.text.as_str());
            }
        }
        columns
    }

    pub async fn write(&self, db: &Db, statement: &Statement) -> Result<u64, PgError> {
        let Notes { rooms, numbers, ids, aids, mids, nicks, times, bodies } = self;
        db.execute(statement, &[rooms, numbers, ids, aids, mids, nicks, times, bodies]).await
    }
}
