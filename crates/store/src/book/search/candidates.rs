//! Messages that may be what is looked for, the newest first: those that are in all lists, and those that are fresh.

use std::collections::{BinaryHeap, HashMap};

use super::parts::{DOCS, listed};
use super::places::{Places, read_growing};
use crate::book::{Row, Stop, Tx};
use crate::stored;
use crate::value::Value;

/// Lists that one question looks for, about.
const LOOKUPS_MAX: usize = 8_192;
/// Parts of the first look, and of one look at most. What is said often is found in the first.
const PARTS_FIRST: usize = 8;
const PARTS_MOST: usize = 512;

/// What all of them have in common.
pub struct Span<'a> {
    pub company: &'a str,
    pub words: &'a [String],
    pub from: i64,
    /// Everything from here on was looked at.
    pub before: i64,
}

pub struct Candidates<'a> {
    tx: &'a Tx<'a>,
    span: Span<'a>,
    /// Candidates of a part, or those that are in none; the newest last.
    sources: Vec<Vec<i64>>,
    /// The newest of each source, with its number.
    heads: BinaryHeap<(i64, usize)>,
    /// What is in parts that were not looked into is older; none when all were.
    frontier: Option<i64>,
    parts_next: usize,
    lookups: usize,
    last: Option<i64>,
}

/// A part that may have some.
struct Part {
    number: i64,
    newest: i64,
}

impl<'a> Candidates<'a> {
    /// At most `most` of those that are in no list are ever told.
    pub async fn new(tx: &'a Tx<'a>, span: Span<'a>, most: usize) -> Result<Self, Stop> {
        // Whatever was said is in no list that is looked for.
        let (loose, frontier) = if span.words.is_empty() { (ALL, None) } else { (fresh(tx), Some(i64::MAX)) };
        let asked = [span.company.into(), span.before.into(), span.from.into(), Value::Number(most as i64)];
        let loose = tx.rows(loose, &asked).await?;
        let loose = loose.iter().rev().map(|row| row.number(0)).collect::<Result<Vec<_>, _>>()?;
        let mut candidates = Self {
            tx,
            span,
            sources: Vec::new(),
            heads: BinaryHeap::new(),
            frontier,
            parts_next: PARTS_FIRST,
            lookups: 0,
            last: None,
        };
        candidates.add(loose);
        Ok(candidates)
    }

    /// The next ones, at most so many; none when there are no more, or when looking for more would take too long.
    pub async fn next(&mut self, count: usize) -> Result<Vec<i64>, Stop> {
        let mut docs = Vec::new();
        while docs.len() < count {
            match (self.heads.peek(), self.frontier) {
                (Some((doc, _)), frontier) if frontier.is_none_or(|frontier| *doc >= frontier) => {
                    docs.extend(self.pop());
                }
                (_, Some(frontier)) if self.lookups < LOOKUPS_MAX => self.look_into_more(frontier).await?,
                _ => break,
            }
        }
        Ok(docs)
    }

    /// Where looking goes on after the last of [`next`](Self::next); none when everything was looked at.
    pub fn rest(&self) -> Option<i64> {
        self.frontier
    }

    fn add(&mut self, mut source: Vec<i64>) {
        if let Some(head) = source.pop() {
            self.heads.push((head, self.sources.len()));
            self.sources.push(source);
        }
    }

    /// None for one that was told already: it is fresh, and its old part has not forgotten it yet.
    fn pop(&mut self) -> Option<i64> {
        let (doc, source) = self.heads.pop()?;
        if let Some(next) = self.sources[source].pop() {
            self.heads.push((next, source));
        }
        (self.last.replace(doc) != Some(doc)).then_some(doc)
    }

    async fn look_into_more(&mut self, frontier: i64) -> Result<(), Stop> {
        let count = self.parts_next;
        self.parts_next = (count * 4).min(PARTS_MOST);
        let asked = [
            self.span.company.into(),
            frontier.into(),
            self.span.from.into(),
            self.span.before.into(),
            Value::Number(count as i64),
        ];
        let rows = self.tx.rows(PARTS, &asked).await?;
        let part = |row: &Row| Ok(Part { number: row.number(0)?, newest: row.number(1)? });
        let parts = rows.iter().map(part).collect::<Result<Vec<_>, Stop>>()?;
        self.frontier = parts.last().filter(|_| parts.len() == count).map(|part| part.newest);
        // Parts that reach across the place where looking begins do not count: looking has to get beyond them.
        let counted = parts.iter().filter(|part| part.newest < self.span.before).count();
        let lookups = match self.tx {
            Tx::Sqlite(_) => self.one_by_one(&parts).await?,
            Tx::Postgres(_) => self.together(&parts).await?,
        };
        self.lookups += (lookups * counted).div_ceil(parts.len().max(1));
        Ok(())
    }

    /// A question costs nothing but the row.
    async fn one_by_one(&mut self, parts: &[Part]) -> Result<usize, Stop> {
        let mut lookups = 0;
        for part in parts {
            let mut common: Option<Places> = None;
            for word in self.span.words {
                lookups += 1;
                let row = self.tx.row(sqlite::PLACES, &[part.number.into(), word.as_str().into()]).await?;
                let places = row.map_or(Ok(Places::NONE), |row| places(&row, 0))?;
                common = Some(both(common, places));
                if common.as_ref().is_some_and(Places::is_empty) {
                    break;
                }
            }
            let Some(common) = common.filter(|common| !common.is_empty()) else { continue };
            let row = self.tx.row(DOCS, &[part.number.into()]).await?;
            let row = row.ok_or_else(|| stored::broken("a part is not there"))?;
            self.add_part(&common, row.bytes(0)?)?;
        }
        Ok(lookups)
    }

    /// A question costs a round trip.
    async fn together(&mut self, parts: &[Part]) -> Result<usize, Stop> {
        let words = self.span.words;
        let asked = [listed(parts.iter().map(|part| part.number)), words.join(" ").as_str().into()];
        let mut common: HashMap<i64, (usize, Places)> = HashMap::new();
        for row in self.tx.rows(postgres::PLACES, &asked).await? {
            let places = places(&row, 1)?;
            let before = common.remove(&row.number(0)?);
            let (count, before) = before.map_or((0, None), |(count, places)| (count, Some(places)));
            common.insert(row.number(0)?, (count + 1, both(before, places)));
        }
        common.retain(|_, (count, places)| *count == words.len() && !places.is_empty());
        if !common.is_empty() {
            for row in self.tx.rows(postgres::DOCS, &[listed(common.keys().copied())]).await? {
                if let Some((_, places)) = common.get(&row.number(0)?) {
                    self.add_part(places, row.bytes(1)?)?;
                }
            }
        }
        Ok(parts.len() * words.len())
    }

    fn add_part(&mut self, places: &Places, docs: &[u8]) -> Result<(), Stop> {
        let docs = read_growing(docs).ok_or_else(|| stored::broken("a part's messages cannot be read"))?;
        let within = |doc: &i64| (self.span.from..self.span.before).contains(doc);
        self.add(places.each().filter_map(|place| docs.get(place).copied()).filter(within).collect());
        Ok(())
    }
}

fn both(one: Option<Places>, other: Places) -> Places {
    match one {
        None => other,
        Some(mut one) => {
            one.keep_those_in(&other);
            one
        }
    }
}

fn places(row: &Row, column: usize) -> Result<Places, Stop> {
    Ok(Places::read(row.bytes(column)?).ok_or_else(|| stored::broken("a list of a part cannot be read"))?)
}

fn fresh(tx: &Tx<'_>) -> &'static str {
    tx.either(sqlite::FRESH, postgres::FRESH)
}

const ALL: &str = "select doc from search where company = $1 and doc < $2 and doc >= $3
    order by doc desc limit $4"; // primary key
const PARTS: &str = "select number, newest from search_part
    where company = $1 and newest < $2 and newest >= $3 and oldest < $4
    order by newest desc limit $5"; // search_part_newest

mod sqlite {
    // Told which index: left to itself, SQLite reads the whole company.
    pub const FRESH: &str = "select doc from search indexed by search_fresh
        where company = $1 and part is null and doc < $2 and doc >= $3 order by doc desc limit $4";
    pub const PLACES: &str = "select places from search_word where part = $1 and word = $2"; // primary key
}

mod postgres {
    pub const FRESH: &str =
        "select doc from search where company = $1 and part is null and doc < $2 and doc >= $3
        order by doc desc limit $4"; // search_fresh
    pub const PLACES: &str = "select part, places from search_word
        where part = any (cast(string_to_array($1, ',') as bigint[]))
        and word = any (string_to_array($2, ' '))"; // primary key
    pub const DOCS: &str = "select number, docs from search_part
        where number = any (cast(string_to_array($1, ',') as bigint[]))"; // primary key
}
