//! What a copy needs of an engine: rows in the order of their keys from one side, changes made together on the other.

use std::future::Future;
use std::pin::Pin;

use super::CopyError;
use super::table::{Row, Table, Value};

pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, CopyError>> + Send + 'a>>;

/// Values that one answer may hold, in bytes, about: whatever the number of rows asked for, it ends behind the row
/// with which it reaches this.
pub const ANSWER_BYTES: usize = 8 << 20;

/// A database, open for copying from it or to it. A source answers everything but `now` from one snapshot.
pub trait Place: Send + Sync {
    /// The rows whose keys come behind `after`, in the order of their keys: at most `limit`, fewer when they are
    /// large, none at the end.
    fn page(&self, table: &'static Table, after: Option<Vec<Value>>, limit: usize) -> Answer<'_, Vec<Row>>;

    /// The messages of the spans in the order of the spans, which go up; fewer when they are large, never none
    /// where there is one.
    fn messages(&self, spans: Vec<Span>) -> Answer<'_, Vec<Row>>;

    /// A value of the table `meta`.
    fn meta(&self, key: &'static str) -> Answer<'_, Option<String>>;

    /// What the snapshot holds.
    fn totals(&self) -> Answer<'_, Totals>;

    /// What the database holds by now, seen past the snapshot, and whether somebody serves it.
    fn now(&self) -> Answer<'_, Now>;

    /// Makes all changes or none. They need not survive a power cut.
    fn write(&self, changes: Vec<Change>) -> Answer<'_, ()>;

    /// Lets the engine's counters go on behind what was copied, makes everything durable, then sets this value
    /// of `meta`, durable as well.
    fn settle(&self, key: &'static str, value: &'static str) -> Answer<'_, ()>;
}

/// Messages of a room, `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub room: i64,
    pub from: i64,
    pub to: i64,
}

#[derive(Debug)]
pub enum Change {
    /// Rows that are new, or take the place of those with their keys.
    Put(&'static Table, Vec<Row>),
    /// Rows that are new.
    Add(&'static Table, Vec<Row>),
    /// Rows that go, by rows with their keys.
    Drop(&'static Table, Vec<Row>),
    /// A room loses its messages from a position on; its row says so.
    CutRoom { room: i64, from: i64 },
    /// A room without messages goes, its members with it.
    DropRoom { room: i64 },
}

/// Numbers that tell whether anything was written in between; some of them are told to people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub rooms: i64,
    pub messages: i64,
    /// The sum of all read marks, which only go forward.
    pub reads: i64,
    pub people: i64,
    pub credentials: i64,
    pub uploads: i64,
}

#[derive(Debug, Clone, Copy)]
pub struct Now {
    pub served: bool,
    pub totals: Totals,
}

/// The totals, in the order of their fields; the same words in both engines.
pub const TOTALS: &str = "select
    (select count(*) from room),
    (select cast(coalesce(sum(next_pos), 0) as bigint) from room),
    (select cast(coalesce(sum(read_visitor + read_agent), 0) as bigint) from room),
    (select count(*) from person),
    (select count(*) from ticket) + (select count(*) from token) + (select count(*) from visitor),
    (select count(*) from upload)";

/// The statement for a page; behind no row when `first`.
pub fn page_statement(table: &Table, first: bool) -> String {
    let (columns, key) = (table.column_list(), table.key_list());
    let behind =
        if first { String::new() } else { format!("where ({key}) > {}", Table::places(0, table.key)) };
    let limit = if first { 1 } else { table.key + 1 };
    format!("select {columns} from {} {behind} order by {key} limit ${limit}", table.name)
}
