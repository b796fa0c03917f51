//! Canned replies.

use futures_util::FutureExt as _;
use nodechat_domain::model::{AuditLine, CannedId, CannedReply, CompanyId, Shortcut, Template};
use nodechat_domain::port::{Answer, CannedQuery, CannedReplies, revised};
use nodechat_domain::{Error, limits};

use super::revisions::revise;
use super::{Books, Row, Stop, Tx, audit};
use crate::stored;
use crate::value::Value;

impl CannedReplies for Books {
    fn list(&self, query: CannedQuery) -> Answer<'_, Vec<CannedReply>> {
        self.read(move |tx| {
            let query = query.clone();
            async move { list(tx, &query).await }.boxed()
        })
    }

    fn find(&self, company: &CompanyId, id: CannedId) -> Answer<'_, Option<CannedReply>> {
        let company = company.clone();
        self.read(move |tx| {
            let company = company.clone();
            async move {
                let row = tx.row(FIND, &[(&company).into(), bytes(id)]).await?;
                row.as_ref().map(reply).transpose()
            }
            .boxed()
        })
    }

    fn put(&self, reply: CannedReply, line: AuditLine) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (reply, line) = (reply.clone(), line.clone());
            async move {
                // First of all: two that want one shortcut at the same time come one after the other.
                revise(tx, &reply.company, revised::CANNED_REPLIES).await?;
                put(tx, &reply).await?;
                audit::note(tx, &line).await
            }
            .boxed()
        })
    }

    fn remove(&self, company: &CompanyId, id: CannedId, line: AuditLine) -> Answer<'_, bool> {
        let company = company.clone();
        self.write(move |tx| {
            let (company, line) = (company.clone(), line.clone());
            async move {
                if tx.change(REMOVE, &[(&company).into(), bytes(id)]).await? == 0 {
                    return Ok(false);
                }
                audit::note(tx, &line).await?;
                Ok(true)
            }
            .boxed()
        })
    }
}

/// One owner has so few that they are looked through here, where upper and lower case are the same for both engines.
async fn list(tx: &Tx<'_>, query: &CannedQuery) -> Result<Vec<CannedReply>, Stop> {
    let reader = query.reader.as_ref().map_or("", |reader| reader.as_str());
    let (shortcut, id) = match &query.after {
        Some((shortcut, id)) => (shortcut.as_str(), bytes(*id)),
        None => ("", Value::Bytes([].into())),
    };
    let rows = tx.rows(LIST, &[(&query.company).into(), reader.into(), shortcut.into(), id]).await?;
    let text = query.text.as_deref().map(str::to_lowercase);
    let fits = |reply: &CannedReply| {
        let has = |place: &str, text: &str| place.to_lowercase().contains(text);
        text.as_deref()
            .is_none_or(|text| has(reply.shortcut.as_str(), text) || has(reply.title.as_str(), text))
    };
    let mut found = Vec::new();
    for row in &rows {
        let reply = reply(row)?;
        if found.len() < query.limit && fits(&reply) {
            found.push(reply);
        }
    }
    Ok(found)
}

async fn put(tx: &Tx<'_>, reply: &CannedReply) -> Result<(), Stop> {
    let company: Value = (&reply.company).into();
    let owner: Value = reply.owner.as_ref().map_or("", |owner| owner.as_str()).into();
    let shortcut: Value = reply.shortcut.as_str().into();
    let row = [
        company.clone(),
        bytes(reply.id),
        owner.clone(),
        shortcut.clone(),
        reply.title.as_str().into(),
        reply.text.as_str().into(),
        reply.updated.into(),
    ];
    if tx.row(TAKEN, &[company.clone(), owner.clone(), shortcut, bytes(reply.id)]).await?.is_some() {
        return Err(Error::conflict("another canned reply has this shortcut").into());
    }
    tx.change(PUT, &row).await?;
    let count = tx.row(COUNT, &[company, owner]).await?.map_or(Ok(0), |row| row.number(0))?;
    if count > limits::CANNED_REPLIES {
        return Err(Error::conflict("there are 1,000 canned replies already").into());
    }
    Ok(())
}

fn reply(row: &Row) -> Result<CannedReply, Stop> {
    let owner = row.text(2)?;
    Ok(CannedReply {
        company: row.company(0)?,
        id: CannedId(row.uuid(1)?),
        owner: if owner.is_empty() { None } else { Some(row.aid(2)?) },
        shortcut: Shortcut::parse(row.text(3)?).map_err(stored::unreadable)?,
        title: row.name(4)?,
        text: Template::parse(row.text(5)?).map_err(stored::unreadable)?,
        updated: row.time(6)?,
    })
}

fn bytes(id: CannedId) -> Value {
    Value::Bytes(id.0.as_bytes()[..].into())
}

// canned_reply_shortcut
const LIST: &str = "select company, id, owner, shortcut, title, body, updated from canned_reply
    where company = $1 and (owner = '' or owner = $2) and (shortcut > $3 or (shortcut = $3 and id > $4))
    order by shortcut, id";
const FIND: &str = "select company, id, owner, shortcut, title, body, updated from canned_reply
    where company = $1 and id = $2"; // primary key
const TAKEN: &str = "select 1 from canned_reply
    where company = $1 and owner = $2 and shortcut = $3 and id <> $4"; // canned_reply_shortcut
const PUT: &str = "insert into canned_reply (company, id, owner, shortcut, title, body, updated)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (company, id) do update set owner = excluded.owner,
    shortcut = excluded.shortcut, title = excluded.title, body = excluded.body, updated = excluded.updated";
const COUNT: &str = "select count(*) from canned_reply where company = $1 and owner = $2";
const REMOVE: &str = "delete from canned_reply where company = $1 and id = $2"; // primary key
