//! A table as a copy sees it, described once for both engines, and its rows, which compare and look alike in both.

use std::cmp::Ordering;

pub use crate::value::Value;

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
    pub fn update(&self) -> String {
        let rest = self.columns[self.key..].iter();
        let rest: Vec<_> = rest.map(|column| format!("{0} = excluded.{0}", column.name)).collect();
        if rest.is_empty() { "do nothing".into() } else { format!("do update set {}", rest.join(", ")) }
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

/// Where a room's row carries what.
pub mod room {
    use super::{Row, Value};

    const NEXT_POS: usize = 4;
    const RECALLS: usize = 11;
    const ERASED: usize = 13;
    const REWRITES: usize = 14;

    pub fn number(row: &Row) -> i64 {
        row[0].number()
    }

    pub fn id(row: &Row) -> &str {
        row[1].text()
    }

    pub fn next_pos(row: &Row) -> i64 {
        row[NEXT_POS].number()
    }

    /// Whether messages that both have may differ: taken back, erased, or another person's by now.
    pub fn changed(one: &Row, other: &Row) -> bool {
        [RECALLS, ERASED, REWRITES].iter().any(|column| one[*column] != other[*column])
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
    use super::*;

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
