//! Which rooms there are.

use nodechat_domain::model::{AccountId, CompanyId, Reads, RoomHead, RoomId, Tag};
use nodechat_domain::port::{Answer, Lists, Numbered};

use super::{Books, Row, Stop};
use crate::stored;
use crate::value::Value;

impl Lists for Books {
    fn rooms(
        &self,
        company: &CompanyId,
        before: Option<i64>,
        search: Option<&str>,
        tag: Option<&Tag>,
        limit: usize,
    ) -> Answer<'_, Vec<Numbered>> {
        let company = Value::from(company.as_str());
        let before = Value::Number(before.unwrap_or(i64::MAX));
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        let (part, tag) = (search.map(part), tag.cloned());
        self.read(move |tx| {
            let (company, before, limit) = (company.clone(), before.clone(), limit.clone());
            let (part, tag) = (part.clone(), tag.clone());
            Box::pin(async move {
                let rows = match (part, tag) {
                    (None, None) => tx.rows(ROOMS, &[company, before, limit]).await?,
                    (Some(part), None) => {
                        tx.rows(SEARCHED, &[company, before, limit, part.as_str().into()]).await?
                    }
                    (part, Some(tag)) => {
                        let part = part.as_deref().unwrap_or("%").into();
                        tx.rows(TAGGED, &[company, before, limit, part, tag.as_str().into()]).await?
                    }
                };
                rows.iter().map(|row| Ok(Numbered { number: row.number(0)?, head: head(row)? })).collect()
            })
        })
    }

    fn tagged(&self, company: &CompanyId, tag: &Tag) -> Answer<'_, Vec<RoomId>> {
        let params = [Value::from(company), tag.as_str().into()];
        self.read(move |tx| {
            let params = params.clone();
            Box::pin(
                async move { tx.rows(OPEN_TAGGED, &params).await?.iter().map(|row| row.room(0)).collect() },
            )
        })
    }

    fn staff(&self, company: &CompanyId, limit: usize) -> Answer<'_, Vec<AccountId>> {
        let params = [Value::from(company), Value::Number(i64::try_from(limit).unwrap_or(i64::MAX))];
        self.read(move |tx| {
            let params = params.clone();
            Box::pin(async move { tx.rows(STAFF, &params).await?.iter().map(|row| row.aid(0)).collect() })
        })
    }

    fn entered(&self, company: &CompanyId, agent: &AccountId, limit: usize) -> Answer<'_, Vec<RoomHead>> {
        let (company, agent) = (Value::from(company.as_str()), Value::from(agent.as_str()));
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        self.read(move |tx| {
            let params = [company.clone(), agent.clone(), limit.clone()];
            Box::pin(async move { tx.rows(ENTERED, &params).await?.iter().map(head).collect() })
        })
    }
}

/// What is searched for, anywhere in a text; what `like` gives a meaning stands for itself.
fn part(search: &str) -> String {
    let mut part = String::from("%");
    for letter in search.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            part.push('!');
        }
        part.push(letter);
    }
    part.push('%');
    part
}

/// Columns as the statements here ask for them.
fn head(row: &Row) -> Result<RoomHead, Stop> {
    let chat = row.maybe_bytes(7)?.map(stored::chat_id).transpose()?;
    Ok(RoomHead {
        id: row.room(1)?,
        visitor_nick: row.name(2)?,
        next_pos: row.number(3)?,
        last_time: row.number(4)?,
        reads: Reads { visitor: row.number(5)?, agent: row.number(6)? },
        consultation: chat,
        unanswered: row.flag(8)?,
        recalls: row.number(9)?,
        notes: row.number(10)?,
    })
}

// By room_company.
const ROOMS: &str = "
select number, id, visitor_nick, next_pos, last_time, read_visitor, read_agent,
    consultation, unanswered, recalls, notes
from room where company = $1 and number < $2
order by number desc limit $3";

// By room_company, row by row: as many as there are, until enough fit.
const SEARCHED: &str = "
select number, id, visitor_nick, next_pos, last_time, read_visitor, read_agent,
    consultation, unanswered, recalls, notes
from room where company = $1 and number < $2
and (lower(visitor_nick) like $4 escape '!' or lower(substr(id, 6, length(id) - 6 - length(company))) like $4 escape '!')
order by number desc limit $3";

// By visitor_tag_tag: those who have the tag, their rooms by their names.
const TAGGED: &str = "
select r.number, r.id, r.visitor_nick, r.next_pos, r.last_time, r.read_visitor, r.read_agent,
    r.consultation, r.unanswered, r.recalls, r.notes
from visitor_tag t cross join room r
where t.company = $1 and t.tag = $5 and r.id = '/U2S_' || t.aid || '#' || t.company and r.number < $2
and (lower(r.visitor_nick) like $4 escape '!' or lower(t.aid) like $4 escape '!')
order by r.number desc limit $3";

// By consultation_open, and for each the primary key of the tags.
const OPEN_TAGGED: &str = "
select r.id from consultation c cross join room r
where c.company = $1 and c.ended is null and r.number = c.room and exists (
    select 1 from visitor_tag t where t.company = $1 and t.tag = $2
    and t.aid = substr(r.id, 6, length(r.id) - 6 - length(r.company))
)";

// By the primary key.
const STAFF: &str = "select aid from agent where company = $1 and active = 1 order by aid limit $2";

// By member_agent; 1 is the side of agents.
const ENTERED: &str = "
select r.number, r.id, r.visitor_nick, r.next_pos, r.last_time, r.read_visitor, r.read_agent,
    r.consultation, r.unanswered, r.recalls, r.notes
from member m join room r on r.number = m.room
where m.side = 1 and m.aid = $2 and r.company = $1
order by m.room desc limit $3";
