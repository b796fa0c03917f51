//! `Exports`.

use nodechat_domain::model::{Message, MessageId};
use nodechat_domain::port::{Answer, ExportPage, ExportPlace, ExportQuery, Exports};

use super::{Books, Row, Stop, Tx};
use crate::stored::{self, BodyColumns};

/// Messages that one page looks at.
const PAGE: i64 = 500;

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
        None => tx.row(NEXT_ROOM, &[company.into(), at.room.into(), wanted.from.into()]).await?,
    };
    let Some(room) = room else { return Ok(ExportPage::default()) };
    let (number, id, end) = (room.number(0)?, room.room(1)?, room.number(2)?);
    let from = if number == at.room { at.pos } else { 0 };
    let to = end.min(from + PAGE);
    let span = [number.into(), from.into(), to.into(), wanted.from.into(), wanted.to.into()];
    let rows = tx.rows(MESSAGES, &span).await?;
    let messages = rows.iter().map(|row| Ok((id.clone(), message(row)?))).collect::<Result<_, Stop>>()?;
    let next = match (to < end, &wanted.room) {
        (true, _) => Some(ExportPlace { room: number, pos: to }),
        (false, Some(_)) => None,
        (false, None) => Some(ExportPlace { room: number + 1, pos: 0 }),
    };
    Ok(ExportPage { messages, next })
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

const THIS_ROOM: &str = "select number, id, next_pos from room where id = $1 and company = $2"; // unique
const NEXT_ROOM: &str = "select number, id, next_pos from room
    where company = $1 and number >= $2 and last_time >= $3 order by number limit 1"; // room_company
const MESSAGES: &str =
    "select pos, id, side, aid, mid, nick, time, kind, body, file, size_bytes, seconds, quote
    from message where room = $1 and pos >= $2 and pos < $3 and time >= $4 and time < $5 order by pos";
