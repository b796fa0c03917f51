//! Looking into the index: candidates, the newest first, are read, and those that say what is looked for are told.

use nodechat_domain::model::{Body, Found, Hit, Message, MessageId, SearchOrder, SearchQuery, Time};

use super::candidates::{Candidates, Span};
use super::matching::Matcher;
use super::parts::{body, listed};
use super::terms::{text_of, wanted};
use crate::book::{Row, Stop, Tx};
use crate::stored;

/// Messages that one search reads, about: a little more than can be fresh.
const READ_MAX: usize = 1_300;
/// Of how many the best are told, when the best are asked for.
const RANKED: usize = 500;
/// Messages read at once.
const BATCH: usize = 120;

/// The first number of a moment.
pub fn mark_of(time: Time) -> i64 {
    time.clamp(0, (1 << 43) - 1) << 20
}

pub async fn find(tx: &Tx<'_>, query: &SearchQuery) -> Result<Found, Stop> {
    let matcher = Matcher::new(&query.text);
    if matcher.is_empty() && !query.text.trim().is_empty() {
        // Nothing but signs is looked for: nothing is found by them.
        return Ok(Found::default());
    }
    let room = match &query.room {
        None => None,
        Some(room) => {
            let asked = [room.as_str().into(), query.company.as_str().into()];
            match tx.row(ROOM_NUMBER, &asked).await? {
                Some(row) => Some(row.number(0)?),
                None => return Ok(Found::default()),
            }
        }
    };
    let words = wanted(query, room);
    let mut span = Span {
        company: query.company.as_str(),
        words: &words,
        from: query.from.map_or(0, mark_of),
        before: query.to.map_or(i64::MAX, mark_of),
    };
    match query.order {
        SearchOrder::Newest { before } => {
            span.before = span.before.min(before.unwrap_or(i64::MAX));
            let (found, rest) = fitting(tx, span, query, &matcher, query.limit).await?;
            Ok(Found { hits: found.into_iter().map(|(hit, _)| hit).collect(), rest })
        }
        SearchOrder::Ranked { skip } => {
            // Without words each is as good as another, and the newest come first.
            let most = if matcher.is_empty() { RANKED.min(skip.saturating_add(query.limit)) } else { RANKED };
            let (mut found, _) = fitting(tx, span, query, &matcher, most).await?;
            found.sort_by(|(_, one), (_, other)| other.total_cmp(one));
            let hits = found.into_iter().map(|(hit, _)| hit).skip(skip).take(query.limit).collect();
            Ok(Found { hits, rest: None })
        }
    }
}

/// The newest that fit, each with how much it is about it, and where to go on if it was too much to look at.
async fn fitting(
    tx: &Tx<'_>,
    span: Span<'_>,
    query: &SearchQuery,
    matcher: &Matcher,
    count: usize,
) -> Result<(Vec<(Hit, f64)>, Option<i64>), Stop> {
    let company = span.company;
    let mut candidates = Candidates::new(tx, span, READ_MAX + BATCH.max(RANKED)).await?;
    let (mut found, mut read, mut last) = (Vec::new(), 0, None);
    while found.len() < count {
        if read >= READ_MAX {
            return Ok((found, last));
        }
        let docs = candidates.next(BATCH.max(count - found.len()).min(RANKED)).await?;
        if docs.is_empty() {
            return Ok((found, candidates.rest()));
        }
        read += docs.len();
        last = docs.last().copied();
        let asked = [company.into(), listed(docs)];
        for row in tx.rows(tx.either(sqlite::HITS, postgres::HITS), &asked).await? {
            let body = body(&row, 9)?;
            if let Some(score) = score(&row, &body, query, matcher)?.filter(|_| found.len() < count) {
                found.push((hit(&row, body)?, score));
            }
        }
    }
    Ok((found, None))
}

/// None when it is not what is looked for.
fn score(row: &Row, body: &Body, query: &SearchQuery, matcher: &Matcher) -> Result<Option<f64>, Stop> {
    // A number of a room that is no more may have been taken by another one since.
    let is_itself = mark_of(row.number(8)?) == row.number(0)? >> 20 << 20;
    let sender = (stored::side(row.number(4)?)?, row.text(5)?);
    let room = row.text(1)?;
    let fits = is_itself
        && query.room.as_ref().is_none_or(|wanted| wanted.as_str() == room)
        && query.kind.is_none_or(|kind| kind == body.kind())
        && query.sender.as_ref().is_none_or(|(side, aid)| (*side, aid.as_str()) == sender);
    if !fits || matcher.is_empty() {
        return Ok(fits.then_some(0.0));
    }
    Ok(text_of(body).and_then(|text| matcher.score(text)))
}

fn hit(row: &Row, body: Body) -> Result<Hit, Stop> {
    let message = Message {
        pos: row.number(2)?,
        id: MessageId(row.uuid(3)?),
        sender: stored::sender(row.number(4)?, row.text(5)?, row.text(6)?, row.text(7)?)?,
        time: row.number(8)?,
        body,
        quote: row.maybe_bytes(14)?.map(stored::message_id).transpose()?,
    };
    Ok(Hit { mark: row.number(0)?, room: row.room(1)?, message })
}

const ROOM_NUMBER: &str = "select number from room where id = $1 and company = $2"; // unique

mod sqlite {
    // Primary keys.
    pub const HITS: &str = "with asked (doc) as (select value from json_each('[' || $2 || ']'))
        select s.doc, r.id, m.pos, m.id, m.side, m.aid, m.mid, m.nick, m.time,
            m.kind, m.body, m.file, m.size_bytes, m.seconds, m.quote
        from asked
        cross join search s on s.company = $1 and s.doc = asked.doc
        cross join room r on r.number = s.room and r.company = s.company
        cross join message m on m.room = s.room and m.pos = s.pos and m.kind <> 6
        order by s.doc desc";
}

mod postgres {
    // Primary keys.
    pub const HITS: &str = "with asked (doc) as
            (select unnest(cast(string_to_array($2, ',') as bigint[])))
        select s.doc, r.id, m.pos, m.id, m.side, m.aid, m.mid, m.nick, m.time,
            m.kind, m.body, m.file, m.size_bytes, m.seconds, m.quote
        from asked
        join search s on s.company = $1 and s.doc = asked.doc
        join room r on r.number = s.room and r.company = s.company
        join message m on m.room = s.room and m.pos = s.pos and m.kind <> 6
        order by s.doc desc";
}
