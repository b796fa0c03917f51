//! Rooms with their messages, in batches: what is gone first, then what is new or goes on.
//!
//! The target's row of a room says how many of its messages are there, at every moment: a batch writes both together.
//! So whoever goes on after a stop, however it came, begins where the row says.

use std::collections::VecDeque;

use super::merge::{Pair, Pairs};
use super::place::{Change, Place, Span};
use super::table::{Row, room};
use super::tables::{MESSAGE, ROOM};
use super::{CopyError, Counted, Watch};

/// Messages, and rooms, of one transaction.
const BATCH: usize = 4_000;
/// Messages that one transaction removes from a room.
const CUT: i64 = 20_000;

#[derive(Debug, Default)]
pub struct Copied {
    pub rooms: Counted,
    pub messages: Counted,
}

/// Makes the target's rooms and messages those of the source. With `check`, what was written is read again and
/// compared.
pub async fn copy(
    from: &dyn Place,
    to: &dyn Place,
    check: bool,
    watch: &dyn Watch,
) -> Result<Copied, CopyError> {
    let mut copied = Copied::default();
    drop_gone(from, to, &mut copied).await?;
    let mut source = Source { from, pairs: Pairs::new(from, to, &ROOM), queue: VecDeque::new(), waiting: 0 };
    let mut batch = source.batch(&mut copied.rooms).await?;
    while let Some(Batch { heads, messages }) = batch {
        copied.messages.added += messages.len() as u64;
        let (spans, expected) =
            if check { (spans_of(&messages), messages.clone()) } else { Default::default() };
        let changes = vec![Change::Put(&ROOM, heads), Change::Add(&MESSAGE, messages)];
        let (written, next) = tokio::join!(to.write(changes), source.batch(&mut copied.rooms));
        written?;
        if check {
            compare(to, spans, &expected).await?;
        }
        watch.messages(copied.messages.added);
        batch = next?;
    }
    Ok(copied)
}

/// Removes rooms that are no more, or another's: an anonymous visitor's that was appended elsewhere, or renamed. Also
/// those whose older messages have changed; they are few, and come anew as a whole.
/// Before anything is added, because their messages may be in other rooms by now and every id is there once.
async fn drop_gone(from: &dyn Place, to: &dyn Place, copied: &mut Copied) -> Result<(), CopyError> {
    let mut pairs = Pairs::new(from, to, &ROOM);
    let (mut changes, mut messages) = (Vec::new(), 0);
    while let Some(pair) = pairs.next().await? {
        let gone = match pair {
            Pair::Gone(gone) => gone,
            Pair::Both { from, to }
                if room::id(&from) != room::id(&to)
                    || room::next_pos(&from) < room::next_pos(&to)
                    || room::changed(&from, &to) =>
            {
                to
            }
            _ => continue,
        };
        let number = room::number(&gone);
        let mut end = room::next_pos(&gone);
        copied.messages.dropped += u64::try_from(end).unwrap_or_default();
        copied.rooms.dropped += 1;
        while end > CUT {
            end -= CUT;
            to.write(vec![Change::CutRoom { room: number, from: end }]).await?;
        }
        changes.push(Change::CutRoom { room: number, from: 0 });
        changes.push(Change::DropRoom { room: number });
        messages += end;
        if messages >= CUT || changes.len() >= BATCH {
            to.write(std::mem::take(&mut changes)).await?;
            messages = 0;
        }
    }
    to.write(changes).await
}

/// What the source has and the target has not, in the order of rooms and positions.
struct Source<'a> {
    from: &'a dyn Place,
    pairs: Pairs<'a>,
    queue: VecDeque<Plan>,
    /// Messages in the queue.
    waiting: usize,
}

/// A room whose row differs.
struct Plan {
    head: Row,
    /// Messages before this position are in the target, or in a batch before.
    have: i64,
}

struct Batch {
    /// Rows of rooms as they are with these messages.
    heads: Vec<Row>,
    messages: Vec<Row>,
}

impl Source<'_> {
    async fn batch(&mut self, rooms: &mut Counted) -> Result<Option<Batch>, CopyError> {
        self.look_ahead(rooms).await?;
        if self.queue.is_empty() {
            return Ok(None);
        }
        let spans = self.spans();
        let messages = if spans.is_empty() { Vec::new() } else { self.from.messages(spans).await? };
        self.take_off(messages).map(Some)
    }

    async fn look_ahead(&mut self, rooms: &mut Counted) -> Result<(), CopyError> {
        while self.waiting < BATCH && self.queue.len() < BATCH {
            let plan = match self.pairs.next().await? {
                None => break,
                Some(Pair::New(head)) => {
                    rooms.added += 1;
                    Plan { head, have: 0 }
                }
                Some(Pair::Both { from, to }) if from != to => {
                    rooms.changed += 1;
                    Plan { have: room::next_pos(&to), head: from }
                }
                // What is gone was removed before.
                Some(_) => continue,
            };
            self.waiting += usize::try_from(room::next_pos(&plan.head) - plan.have).unwrap_or_default();
            self.queue.push_back(plan);
        }
        Ok(())
    }

    /// The messages of the next batch, should they not be too large.
    fn spans(&self) -> Vec<Span> {
        let mut left = BATCH as i64;
        let mut spans = Vec::new();
        for plan in &self.queue {
            let to = room::next_pos(&plan.head).min(plan.have + left);
            if to > plan.have {
                spans.push(Span { room: room::number(&plan.head), from: plan.have, to });
                left -= to - plan.have;
            }
            if left == 0 {
                break;
            }
        }
        spans
    }

    /// Takes from the queue what came with these messages.
    fn take_off(&mut self, messages: Vec<Row>) -> Result<Batch, CopyError> {
        self.waiting -= messages.len().min(self.waiting);
        let mut heads = Vec::new();
        let mut at = 0;
        while let Some(plan) = self.queue.front_mut() {
            let (number, end) = (room::number(&plan.head), room::next_pos(&plan.head));
            let before = plan.have;
            while let Some(message) = messages.get(at)
                && message[0].number() == number
            {
                if message[1].number() != plan.have {
                    return Err(CopyError::Hole { room: room::id(&plan.head).into(), pos: plan.have });
                }
                plan.have += 1;
                at += 1;
            }
            if plan.have == end {
                heads.extend(self.queue.pop_front().map(|plan| plan.head));
                continue;
            }
            // There are more: they were too many or too large, or they are missing.
            if at < messages.len() || messages.is_empty() {
                return Err(CopyError::Hole { room: room::id(&plan.head).into(), pos: plan.have });
            }
            if plan.have > before {
                heads.push(room::cut(&plan.head, plan.have));
            }
            break;
        }
        Ok(Batch { heads, messages })
    }
}

/// What these messages, in order, are called by.
fn spans_of(messages: &[Row]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for message in messages {
        let (room, pos) = (message[0].number(), message[1].number());
        match spans.last_mut() {
            Some(span) if span.room == room && span.to == pos => span.to += 1,
            _ => spans.push(Span { room, from: pos, to: pos + 1 }),
        }
    }
    spans
}

async fn compare(to: &dyn Place, spans: Vec<Span>, expected: &[Row]) -> Result<(), CopyError> {
    let mut at = 0;
    let mut spans: VecDeque<Span> = spans.into();
    while at < expected.len() {
        let came = to.messages(spans.iter().copied().collect()).await?;
        let same = !came.is_empty() && expected[at..].starts_with(&came);
        if !same {
            let first = (at..).zip(&came).find(|(at, row)| expected.get(*at) != Some(*row));
            let row = &expected[first.map_or(at, |(at, _)| at.min(expected.len() - 1))];
            return Err(CopyError::Differs {
                what: format!("room number {}, position {}", row[0].number(), row[1].number()),
            });
        }
        at += came.len();
        let last = came.last().map(|row| (row[0].number(), row[1].number()));
        while let (Some(span), Some((room, pos))) = (spans.front_mut(), last) {
            let is_over = span.room < room || (span.room == room && span.to <= pos + 1);
            if is_over {
                spans.pop_front();
                continue;
            }
            if span.room == room {
                span.from = pos + 1;
            }
            break;
        }
    }
    Ok(())
}
