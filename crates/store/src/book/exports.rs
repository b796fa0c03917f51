//! `Exports`.

use nodechat_domain::model::{Message, MessageId, Note, RoomId, Text};
use nodechat_domain::port::{Answer, ExportPage, ExportPlace, ExportQuery, Exported, Exports};

use super::{Books, Row, Stop, Tx};
use crate::history::Search;
use crate::stored::{self, BodyColumns};

/// Messages, and notes, that one page looks at.
const PAGE: i64 = 500;
/// Times that are asked for at once on the way to the first message.
const PROBES: i64 = 15;

impl Exports for Books {
    fn page(&self, wanted: ExportQuery, at: ExportPlace) -> Answer<'_, ExportPage> {
        self.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { page(tx, &wanted, at).await })
        })
    }
}

async fn page(tx: &Tx<'_>, wanted: &ExportQuery, at: ExportPlace) -> Result<ExportPage, Stop> {
    let company = wanted.company.as_str();
    let room = match &wanted.room {
        Some(room) => tx.row(THIS_ROOM, &[room.as_str().into(), company.into()]).await?,
        None => {
            let next = [company.into(), at.room.into(), wanted.from.into(), wanted.notes.into()];
            tx.row(NEXT_ROOM, &next).await?
        }
    };
    let Some(room) = room else { return Ok(ExportPage::default()) };
    let number = room.number(0)?;
    let begun = number == at.room;
    let span = span(tx, wanted, &room, begun.then_some(at.pos)).await?;
    let (from, to, end) = span;
    let period = [number.into(), from.into(), to.into(), wanted.from.into(), wanted.to.into()];
    let messages = tx.rows(MESSAGES, &period).await?.iter().map(message).collect::<Result<Vec<_>, _>>()?;
    let first_note = if begun { at.note } else { 0 };
    let notes = notes(tx, wanted, number, first_note).await?;
    let more_notes = notes.len() as i64 == PAGE;
    let mut merged = Merged { rows: Vec::new(), pos: to, note: first_note };
    let over = merged.merge(&room.room(1)?, (messages, to < end), (notes, more_notes));
    let next = match (over, &wanted.room) {
        (false, _) => Some(ExportPlace { room: number, pos: merged.pos, note: merged.note }),
        (true, Some(_)) => None,
        (true, None) => Some(ExportPlace { room: number + 1, pos: 0, note: 0 }),
    };
    Ok(ExportPage { rows: merged.rows, next })
}

/// The positions of this page, and where the room ends for this query. Where times never run backwards, what was said
/// before and after is not read at all.
async fn span(
    tx: &Tx<'_>,
    wanted: &ExportQuery,
    room: &Row,
    at: Option<i64>,
) -> Result<(i64, i64, i64), Stop> {
    let (number, next, in_order) = (room.number(0)?, room.number(2)?, room.flag(3)?);
    let from = match at {
        Some(pos) => pos,
        None if in_order && wanted.from > i64::MIN => first_at(tx, number, next, wanted.from).await?,
        None => 0,
    };
    let end = match wanted.to {
        i64::MAX => next,
        to if in_order => first_at(tx, number, next, to).await?,
        _ => next,
    };
    let end = end.max(from);
    Ok((from, end.min(from + PAGE), end))
}

async fn first_at(tx: &Tx<'_>, room: i64, end: i64, time: i64) -> Result<i64, Stop> {
    let mut search = Search::first_at(time, end);
    loop {
        let probes = search.probes(PROBES);
        if probes.is_empty() {
            return Ok(search.found());
        }
        for pos in probes {
            let row = tx.row(TIME, &[room.into(), pos.into()]).await?;
            let row = row.ok_or_else(|| stored::broken("a room of the database has a hole"))?;
            search.learn(pos, row.number(0)?);
        }
    }
}

async fn notes(tx: &Tx<'_>, wanted: &ExportQuery, room: i64, from: i64) -> Result<Vec<Note>, Stop> {
    if !wanted.notes {
        return Ok(Vec::new());
    }
    let span = [room.into(), from.into(), wanted.from.into(), wanted.to.into(), PAGE.into()];
    tx.rows(NOTES, &span).await?.iter().map(note).collect()
}

/// Two lists that become one.
struct Merged {
    rows: Vec<(RoomId, Exported)>,
    /// The first message and the first note that are not in it.
    pos: i64,
    note: i64,
}

impl Merged {
    /// A note comes before the first message that was said later. Whether both are at their end: where one has more that
    /// is not known here, nothing of the other goes beyond it.
    fn merge(
        &mut self,
        room: &RoomId,
        (messages, more_messages): (Vec<Message>, bool),
        (notes, more_notes): (Vec<Note>, bool),
    ) -> bool {
        let mut messages = messages.into_iter().peekable();
        let mut notes = notes.into_iter().peekable();
        loop {
            let takes_note = match (messages.peek(), notes.peek()) {
                (None, None) => return !more_messages && !more_notes,
                (None, Some(_)) if more_messages => return false,
                (Some(message), None) if more_notes => {
                    self.pos = message.pos;
                    return false;
                }
                (Some(message), Some(note)) => note.time < message.time,
                (Some(_), None) => false,
                (None, Some(_)) => true,
            };
            let taken = if takes_note {
                notes.next().map(|note| {
                    self.note = note.number + 1;
                    Exported::Noted(note)
                })
            } else {
                messages.next().map(Exported::Said)
            };
            self.rows.extend(taken.map(|row| (room.clone(), row)));
        }
    }
}

fn message(row: &Row) -> Result<Message, Stop> {
    let body = BodyColumns {
        kind: row.number(7)?,
        body: row.text(8)?,
        file: row.maybe_text(9)?,
        size_bytes: row.maybe_number(10)?,
        seconds: row.maybe_text(11)?,
    };
    Ok(Message {
        pos: row.number(0)?,
        id: MessageId(row.uuid(1)?),
        sender: stored::sender(row.number(2)?, row.text(3)?, row.text(4)?, row.text(5)?)?,
        time: row.time(6)?,
        body: stored::body(body)?,
        quote: row.maybe_bytes(12)?.map(stored::message_id).transpose()?,
    })
}

fn note(row: &Row) -> Result<Note, Stop> {
    Ok(Note {
        number: row.number(0)?,
        id: MessageId(row.uuid(1)?),
        author: stored::sender(stored::AGENT, row.text(2)?, row.text(3)?, row.text(4)?)?,
        time: row.time(5)?,
        text: Text::parse(row.text(6)?).map_err(stored::unreadable)?,
    })
}

const THIS_ROOM: &str = "select number, id, next_pos, in_time_order from room
    where id = $1 and company = $2"; // unique
const NEXT_ROOM: &str = "select number, id, next_pos, in_time_order from room
    where company = $1 and number >= $2 and (last_time >= $3 or ($4 = 1 and notes > 0))
    order by number limit 1"; // room_company
const TIME: &str = "select time from message where room = $1 and pos = $2"; // primary key
const MESSAGES: &str =
    "select pos, id, side, aid, mid, nick, time, kind, body, file, size_bytes, seconds, quote
    from message where room = $1 and pos >= $2 and pos < $3 and time >= $4 and time < $5 order by pos"; // primary key
const NOTES: &str = "select number, id, aid, mid, nick, time, body from note
    where room = $1 and number >= $2 and time >= $3 and time < $4 order by number limit $5"; // primary key

#[cfg(test)]
mod tests {
    use super::*;
    use nodechat_domain::model::{Body, Sender, Side};

    fn sender() -> Sender {
        Sender {
            side: Side::Agent,
            aid: stored::aid("a").unwrap(),
            mid: Default::default(),
            nick: Default::default(),
        }
    }

    fn id() -> MessageId {
        MessageId::at(0, [0; 10])
    }

    /// Pages over both lists as the statements cut them, put together again.
    fn handed_out(messages: &[(i64, i64)], notes: &[(i64, i64)], page: usize) -> Vec<(char, i64)> {
        let room = RoomId::parse("/U2S_a#c1").unwrap();
        let (mut at, mut all, mut pages) = ((0, 0), Vec::new(), 0);
        loop {
            let said: Vec<_> = messages.iter().filter(|(pos, _)| *pos >= at.0).collect();
            let to = at.0 + page as i64;
            let some = said.iter().filter(|(pos, _)| *pos < to).map(|(pos, time)| {
                let body = Body::Recalled;
                Message { id: id(), pos: *pos, sender: sender(), time: *time, body, quote: None }
            });
            let noted =
                notes.iter().filter(|(number, _)| *number >= at.1).take(page).map(|(number, time)| {
                    let text = Text::parse("n").unwrap();
                    Note { number: *number, id: id(), author: sender(), time: *time, text }
                });
            let (some, noted): (Vec<_>, Vec<_>) = (some.collect(), noted.collect());
            let more_notes = noted.len() == page;
            let mut merged = Merged { rows: Vec::new(), pos: to, note: at.1 };
            let more = said.iter().any(|(pos, _)| *pos >= to);
            let over = merged.merge(&room, (some, more), (noted, more_notes));
            all.extend(merged.rows.iter().map(|(_, row)| match row {
                Exported::Said(message) => ('m', message.pos),
                Exported::Noted(note) => ('n', note.number),
            }));
            if over {
                return all;
            }
            at = (merged.pos, merged.note);
            pages += 1;
            assert!(pages < 100, "it comes to an end");
        }
    }

    #[test]
    fn notes_stand_among_the_messages_by_their_times_whatever_a_page_holds() {
        // Positions, and numbers of notes, with holes; the times of two messages run backwards.
        let messages = [(0, 10), (1, 20), (2, 15), (5, 30), (6, 30), (9, 50)];
        let notes = [(0, 5), (1, 20), (3, 25), (4, 25), (6, 60), (7, 61)];
        let expected = [
            ('n', 0),
            ('m', 0),
            ('m', 1),
            ('m', 2),
            ('n', 1),
            ('n', 3),
            ('n', 4),
            ('m', 5),
            ('m', 6),
            ('m', 9),
            ('n', 6),
            ('n', 7),
        ];
        for page in 1..=12 {
            assert_eq!(handed_out(&messages, &notes, page), expected, "{page} on a page");
        }
        assert_eq!(handed_out(&messages, &[], 2).len(), 6);
        assert_eq!(handed_out(&[], &notes, 2).len(), 6);
    }
}
