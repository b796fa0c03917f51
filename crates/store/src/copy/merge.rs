//! Two tables walked side by side in the order of their keys, a page at a time.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::CopyError;
use super::place::Place;
use super::table::{Row, Table};

const PAGE_ROWS: usize = 5_000;

/// One side of a walk: the rows of a table, read as they are needed.
pub struct Shelf<'a> {
    place: &'a dyn Place,
    table: &'static Table,
    page: VecDeque<Row>,
    last: Option<Row>,
    ended: bool,
}

impl<'a> Shelf<'a> {
    pub fn new(place: &'a dyn Place, table: &'static Table) -> Self {
        Self { place, table, page: VecDeque::new(), last: None, ended: false }
    }

    pub async fn peek(&mut self) -> Result<Option<&Row>, CopyError> {
        self.fill().await?;
        Ok(self.page.front())
    }

    pub async fn next(&mut self) -> Result<Option<Row>, CopyError> {
        self.fill().await?;
        Ok(self.page.pop_front())
    }

    async fn fill(&mut self) -> Result<(), CopyError> {
        if !self.page.is_empty() || self.ended {
            return Ok(());
        }
        let after = self.last.take().map(|row| self.table.key_of(&row).to_vec());
        self.page = self.place.page(self.table, after, PAGE_ROWS).await?.into();
        self.last = self.page.back().cloned();
        self.ended = self.page.is_empty();
        Ok(())
    }
}

/// What the two sides have under one key.
#[derive(Debug)]
pub enum Pair {
    New(Row),
    Gone(Row),
    Both { from: Row, to: Row },
}

/// The target may be changed during the walk, at keys that were answered: they are behind what is read next.
pub struct Pairs<'a> {
    from: Shelf<'a>,
    to: Shelf<'a>,
}

impl<'a> Pairs<'a> {
    pub fn new(from: &'a dyn Place, to: &'a dyn Place, table: &'static Table) -> Self {
        Self { from: Shelf::new(from, table), to: Shelf::new(to, table) }
    }

    pub async fn next(&mut self) -> Result<Option<Pair>, CopyError> {
        let (filled, refilled) = tokio::join!(self.from.fill(), self.to.fill());
        filled?;
        refilled?;
        let order = match (self.from.page.front(), self.to.page.front()) {
            (None, None) => return Ok(None),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(from), Some(to)) => self.from.table.compare(from, to),
        };
        let mut from = || self.from.page.pop_front().expect("it was looked at");
        let mut to = || self.to.page.pop_front().expect("it was looked at");
        Ok(Some(match order {
            Ordering::Less => Pair::New(from()),
            Ordering::Greater => Pair::Gone(to()),
            Ordering::Equal => Pair::Both { from: from(), to: to() },
        }))
    }
}
