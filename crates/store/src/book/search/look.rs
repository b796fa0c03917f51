//! Looking into the index: the newest that have all terms, then whether they say what is looked for.

use nodechat_domain::model::{Hit, Message, SearchOrder, SearchQuery, Time};

use super::matching::Matcher;
use super::terms::{Prefix, for_postgres, for_sqlite, text_of};
use crate::book::{Row, Stop, Tx};
use crate::stored::{self, BodyColumns};
use crate::value::Value;

/// Messages that one search reads at most.
const READ_MAX: usize = 2_000;
/// Of how many the best are told, when the best are asked for.
const RANKED: usize = 500;
/// Messages read at once.
const BATCH: usize = 120;

/// The first number of a moment.
pub fn mark_of(time: Time) -> i64 {
    time.clamp(0, (1 << 43) - 1) << 20
}

pub async fn find(tx: &Tx<'_>, query: &SearchQuery) -> Result<Vec<Hit>, Stop> {
    let matcher = Matcher::new(&query.text);
    if matcher.is_empty() && !query.text.trim().is_empty() {
        // Nothing but signs is looked for: nothing is found by them.
        return Ok(Vec::new());
    }
    let room = match &query.room {
        None => None,
        Some(room) => {
            let asked = [room.as_str().into(), query.company.as_str().into()];
            match tx.row(ROOM_NUMBER, &asked).await? {
                Some(row) => Some(row.number(0)?),
                None => return Ok(Vec::new()),
            }
        }
    };
    let wanted = Prefix::of(&query.company).wanted(query, room);
    let expression = match tx {
        Tx::Sqlite(_) => for_sqlite(&wanted),
        Tx::Postgres(_) => for_postgres(&wanted),
    };
    let mut look = Look {
        tx,
        company: query.company.as_str(),
        expression,
        from: query.from.map_or(0, mark_of),
        before: query.to.map_or(i64::MAX, mark_of),
    };
    match query.order {
        SearchOrder::Newest { before } => {
            look.before = look.before.min(before.unwrap_or(i64::MAX));
            Ok(look.fitting(&matcher, query.limit).await?.into_iter().map(|(hit, _)| hit).collect())
        }
        SearchOrder::Ranked { skip } => {
            let mut found = look.fitting(&matcher, RANKED).await?;
            found.sort_by(|(_, one), (_, other)| other.total_cmp(one));
            Ok(found.into_iter().map(|(hit, _)| hit).skip(skip).take(query.limit).collect())
        }
    }
}

struct Look<'a> {
    tx: &'a Tx<'a>,
    company: &'a str,
    expression: String,
    from: i64,
    /// Everything from here on was looked at.
    before: i64,
}

impl Look<'_> {
    /// The newest that fit, with how much they are about it.
    async fn fitting(&mut self, matcher: &Matcher, count: usize) -> Result<Vec<(Hit, f64)>, Stop> {
        let (mut found, mut read) = (Vec::new(), 0);
        while found.len() < count && read < READ_MAX {
            let batch = BATCH.max(count - found.len()).min(RANKED);
            let rows = match self.tx {
                Tx::Sqlite(_) => self.sqlite(batch).await?,
                Tx::Postgres(_) => self.postgres(batch).await?,
            };
            for row in &rows.hits {
                let hit = hit(row)?;
                // A number of a room that is no more, taken by another one since.
                let stale = mark_of(hit.message.time) != hit.mark >> 20 << 20;
                let score = text_of(&hit.message.body).map_or_else(
                    || matcher.is_empty().then_some(0.0),
                    |text| if matcher.is_empty() { Some(0.0) } else { matcher.score(text) },
                );
                if let Some(score) = score.filter(|_| !stale && found.len() < count) {
                    found.push((hit, score));
                }
            }
            read += rows.hits.len();
            match rows.reached {
                Some(reached) => self.before = reached,
                None => break,
            }
        }
        Ok(found)
    }

    async fn sqlite(&self, limit: usize) -> Result<Batch, Stop> {
        let asked = [
            self.expression.as_str().into(),
            self.before.into(),
            self.from.into(),
            self.company.into(),
            Value::Number(limit as i64),
        ];
        let hits = self.tx.rows(sqlite::HITS, &asked).await?;
        let reached = if hits.len() < limit { None } else { last(&hits)? };
        Ok(Batch { hits, reached })
    }

    /// What is said often is among the company's newest; what is rare has a short list of its own.
    async fn postgres(&self, limit: usize) -> Result<Batch, Stop> {
        let tx = self.tx;
        let asked = |limit: usize| {
            [
                self.company.into(),
                self.before.into(),
                self.from.into(),
                Value::Number(limit as i64),
                self.expression.as_str().into(),
            ]
        };
        let newest = tx.rows(postgres::AMONG_NEWEST, &asked(limit)).await?;
        let docs = if newest.len() == limit {
            newest
        } else {
            // For this statement alone: the list of a term can only be read as a whole.
            tx.change("set local enable_bitmapscan = on", &[]).await?;
            tx.change("set local enable_indexscan = off", &[]).await?;
            let docs = tx.rows(postgres::BY_TERMS, &asked(limit)).await?;
            tx.change("set local enable_indexscan = on", &[]).await?;
            tx.change("set local enable_bitmapscan = off", &[]).await?;
            docs
        };
        let reached = if docs.len() < limit { None } else { last(&docs)? };
        let list = docs.iter().map(|row| row.number(0).map(|doc| doc.to_string()));
        let list = list.collect::<Result<Vec<_>, _>>()?.join(",");
        let hits = match docs.is_empty() {
            true => docs,
            false => tx.rows(postgres::HITS, &[self.company.into(), list.into()]).await?,
        };
        Ok(Batch { hits, reached })
    }
}

struct Batch {
    hits: Vec<Row>,
    /// Where the next one begins; none when there is nothing more.
    reached: Option<i64>,
}

fn last(rows: &[Row]) -> Result<Option<i64>, Stop> {
    rows.last().map(|row| row.number(0)).transpose()
}

fn hit(row: &Row) -> Result<Hit, Stop> {
    let body = BodyColumns {
        kind: row.number(9)?,
        body: row.text(10)?,
        file: row.maybe_text(11)?,
        size_bytes: row.maybe_number(12)?,
        seconds: row.maybe_text(13)?,
    };
    let message = Message {
        pos: row.number(2)?,
        id: nodechat_domain::model::MessageId(row.uuid(3)?),
        sender: stored::sender(row.number(4)?, row.text(5)?, row.text(6)?, row.text(7)?)?,
        time: row.number(8)?,
        body: stored::body(body)?,
        quote: row.maybe_bytes(14)?.map(stored::message_id).transpose()?,
    };
    Ok(Hit { mark: row.number(0)?, room: row.room(1)?, message })
}

const ROOM_NUMBER: &str = "select number from room where id = $1 and company = $2"; // unique

mod sqlite {
    /// The list of the rarest term is walked backwards; everything else by primary keys.
    pub const HITS: &str = "select s.doc, r.id, m.pos, m.id, m.side, m.aid, m.mid, m.nick, m.time,
            m.kind, m.body, m.file, m.size_bytes, m.seconds, m.quote
        from search_term t
        cross join search s on s.doc = t.rowid
        cross join room r on r.number = s.room and r.company = s.company
        cross join message m on m.room = s.room and m.pos = s.pos and m.kind <> 6
        where t.search_term match $1 and t.rowid < $2 and t.rowid >= $3 and s.company = $4
        order by t.rowid desc limit $5";
}

mod postgres {
    pub const AMONG_NEWEST: &str = "select doc from
            (select doc, terms from search where company = $1 and doc < $2 and doc >= $3
            order by doc desc limit 4000) newest
        where terms @@ cast(cast($5 as text) as tsquery) order by doc desc limit $4"; // primary key
    pub const BY_TERMS: &str = "select doc from search
        where company = $1 and doc < $2 and doc >= $3 and terms @@ cast(cast($5 as text) as tsquery)
        order by doc desc limit $4"; // search_terms
    pub const HITS: &str = "select s.doc, r.id, m.pos, m.id, m.side, m.aid, m.mid, m.nick, m.time,
            m.kind, m.body, m.file, m.size_bytes, m.seconds, m.quote
        from unnest(cast(string_to_array(cast($2 as text), ',') as bigint[])) as asked (doc)
        join search s on s.company = $1 and s.doc = asked.doc
        join room r on r.number = s.room and r.company = s.company
        join message m on m.room = s.room and m.pos = s.pos and m.kind <> 6
        order by s.doc desc"; // primary keys
}
