//! The tables that are copied, described once for both engines, and their rows as values that compare and look alike
//! in both.

use std::cmp::Ordering;

/// A table, its columns in the order in which rows carry them, the primary key first.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// How many columns at the beginning are the primary key; keys are compared in that order, bytewise.
    pub key: usize,
    /// The column whose numbers the engine gives out by itself; PostgreSQL has to hear of those that were copied.
    pub counter: Option<&'static str>,
}

#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    Text,
    Bytes,
    /// Sixteen bytes; PostgreSQL has a type of its own for them.
    Uuid,
}

/// Ordered as both engines order their keys: numbers by size, texts and bytes bytewise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Null,
    Number(i64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
}

pub type Row = Box<[Value]>;

impl Table {
    pub fn key_of<'r>(&self, row: &'r Row) -> &'r [Value] {
        &row[..self.key]
    }

    pub fn compare(&self, one: &Row, other: &Row) -> Ordering {
        self.key_of(one).cmp(self.key_of(other))
    }

    pub fn column_list(&self) -> String {
        self.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    pub fn key_list(&self) -> String {
        self.columns[..self.key].iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    /// What a row that is there already takes over from one that is put in its place.
    pub fn update_list(&self) -> String {
        let rest = self.columns[self.key..].iter();
        rest.map(|column| format!("{0} = excluded.{0}", column.name)).collect::<Vec<_>>().join(", ")
    }

    /// `($1, $2)` for `count` values, beginning behind `before` others.
    pub fn places(before: usize, count: usize) -> String {
        let places: Vec<_> = (1..=count).map(|number| format!("${}", before + number)).collect();
        format!("({})", places.join(", "))
    }

    /// A row's key for people to read.
    pub fn name_of(&self, row: &Row) -> String {
        let parts = self.columns.iter().zip(self.key_of(row));
        parts
            .map(|(column, value)| format!("{} {}", column.name, value.shown()))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Value {
    pub fn number(&self) -> i64 {
        match self {
            Value::Number(number) => *number,
            // The descriptions below say which columns are numbers, and the engines check types.
            _ => unreachable!("this column holds numbers"),
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Value::Text(text) => text,
            _ => unreachable!("this column holds texts"),
        }
    }

    /// About how much memory it takes.
    pub fn size_bytes(&self) -> usize {
        size_of::<Value>()
            + match self {
                Value::Null | Value::Number(_) => 0,
                Value::Text(text) => text.len(),
                Value::Bytes(bytes) => bytes.len(),
            }
    }

    /// The one form in which both sides are summed: no two values have the same bytes, and none is the
    /// beginning of another.
    pub fn canonical(&self, out: &mut Vec<u8>) {
        let mut long = |tag: u8, bytes: &[u8]| {
            out.push(tag);
            out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        match self {
            Value::Text(text) => long(b't', text.as_bytes()),
            Value::Bytes(bytes) => long(b'b', bytes),
            Value::Null => out.push(b'0'),
            Value::Number(number) => {
                out.push(b'n');
                out.extend_from_slice(&number.to_be_bytes());
            }
        }
    }

    fn shown(&self) -> String {
        match self {
            Value::Null => "null".into(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Bytes(bytes) => bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

macro_rules! table {
    ($constant:ident = $name:literal, key $key:literal, counter $counter:expr;
     $($column:ident $kind:ident),+ $(,)?) => {
        pub static $constant: Table = Table {
            name: $name,
            columns: &[$(Column { name: stringify!($column), kind: Kind::$kind }),+],
            key: $key,
            counter: $counter,
        };
    };
}

table! { COMPANY = "company", key 1, counter None;
id Text, name Text, users Number, anonymous Number, private_files Number, demo Number, origins Text, created Number }

table! { API_KEY = "api_key", key 1, counter None;
hash Bytes, realm Text, created Number }

table! { PERSON = "person", key 1, counter Some("id");
id Number, realm Text, side Number, aid Text, mid Text, account Text, nick Text, attributes Text }

table! { TOKEN = "token", key 1, counter None;
hash Bytes, realm Text, side Number, aid Text, mid Text, account Text, nick Text, attributes Text, expires Number }

table! { TICKET = "ticket", key 1, counter None;
hash Bytes, person Number, expires Number }

table! { VISITOR = "visitor", key 1, counter None;
secret Bytes, person Number, adopted_by Number }

table! { ROOM = "room", key 1, counter Some("number");
number Number, id Text, company Text, visitor_nick Text, next_pos Number, last_time Number, read_visitor Number,
read_agent Number, in_time_order Number }

table! { MEMBER = "member", key 3, counter None;
room Number, side Number, aid Text, mid Text, account Text, nick Text }

table! { MESSAGE = "message", key 2, counter None;
room Number, pos Number, id Uuid, side Number, aid Text, mid Text, nick Text, time Number, kind Number, body Text,
file Text, size_bytes Number, seconds Text }

table! { UPLOAD = "upload", key 1, counter None;
key Text, kind Number, realm Text, uploader Text, name Text, size_bytes Number, media_type Text, width Number,
height Number, time Number }

/// All of them. Absent: `meta` (what of it is copied, the epoch, is set by name), and what nodes of PostgreSQL tell
/// each other, which is over when the copy is served.
pub static ALL: &[&Table] =
    &[&COMPANY, &API_KEY, &PERSON, &TOKEN, &TICKET, &VISITOR, &ROOM, &MEMBER, &MESSAGE, &UPLOAD];

/// Where a room's row carries what.
pub mod room {
    use super::{Row, Value};

    const NEXT_POS: usize = 4;

    pub fn number(row: &Row) -> i64 {
        row[0].number()
    }

    pub fn id(row: &Row) -> &str {
        row[1].text()
    }

    pub fn next_pos(row: &Row) -> i64 {
        row[NEXT_POS].number()
    }

    /// The row of a room of which only the messages before `next_pos` are there.
    pub fn cut(row: &Row, next_pos: i64) -> Row {
        let mut row = row.clone();
        row[NEXT_POS] = Value::Number(next_pos);
        row
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Table → columns, as a migration script creates them.
    fn created(script: &str) -> BTreeMap<String, Vec<String>> {
        let lines = script.lines().map(|line| line.split("--").next().unwrap().trim());
        let text: String = lines.collect::<Vec<_>>().join(" ");
        let tables = text.split("create table ").skip(1).map(|rest| {
            let (name, rest) = rest.split_once('(').unwrap();
            let body = rest.split(");").next().unwrap().split(") strict").next().unwrap();
            let columns = split_outside_brackets(body).into_iter().filter_map(|part| {
                let word = part.split_whitespace().next()?.to_owned();
                (!["primary", "unique"].contains(&word.as_str())).then_some(word)
            });
            (name.trim().to_owned(), columns.collect())
        });
        tables.collect()
    }

    fn split_outside_brackets(text: &str) -> Vec<String> {
        let (mut parts, mut depth) = (vec![String::new()], 0);
        for letter in text.chars() {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            match letter {
                ',' if depth == 0 => parts.push(String::new()),
                _ => parts.last_mut().unwrap().push(letter),
            }
        }
        parts
    }

    /// A table or column that a later migration brings must not be forgotten here.
    #[test]
    fn every_column_of_both_schemas_is_copied() {
        for (script, left_out) in [
            (include_str!("../../migrations/sqlite/0001_ledger.sql"), vec!["meta"]),
            (include_str!("../../migrations/postgres/0001_ledger.sql"), vec!["meta", "node", "ending"]),
        ] {
            let created = created(script);
            for (name, columns) in created.iter().filter(|(name, _)| !left_out.contains(&name.as_str())) {
                let table = ALL.iter().find(|table| table.name == name).expect(name);
                let ours: Vec<_> = table.columns.iter().map(|column| column.name).collect();
                assert_eq!(&ours, columns, "{name}");
            }
            assert_eq!(created.len(), ALL.len() + left_out.len());
        }
    }

    #[test]
    fn no_two_rows_have_the_same_canonical_bytes() {
        let bytes = |values: &[Value]| {
            let mut out = Vec::new();
            values.iter().for_each(|value| value.canonical(&mut out));
            out
        };
        let text = |text: &str| Value::Text(text.into());
        let rows: Vec<Vec<Value>> = vec![
            vec![text("ab"), text("c")],
            vec![text("a"), text("bc")],
            vec![text("abc"), text("")],
            vec![text("abc"), Value::Null],
            vec![Value::Bytes(b"ab".as_slice().into()), text("c")],
            vec![Value::Number(0), Value::Null],
            vec![Value::Null, Value::Number(0)],
        ];
        for (at, one) in rows.iter().enumerate() {
            assert!(rows[at + 1..].iter().all(|other| bytes(one) != bytes(other)), "{one:?}");
        }
    }
}
