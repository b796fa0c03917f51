//! `Audit`: lines about administrative acts, each written in the transaction of the act itself.

use futures_util::FutureExt as _;
use nodechat_domain::model::{Actor, AuditEntry, AuditLine};
use nodechat_domain::port::{Answer, Audit, AuditQuery};

use super::{Books, Row, Stop, Tx};
use crate::stored;
use crate::value::Value;

pub(crate) async fn note(tx: &Tx<'_>, line: &AuditLine) -> Result<(), Stop> {
    let kind = match line.actor {
        Actor::Agent(_) => 0,
        Actor::Key(_) => 1,
        Actor::Platform(_) => 2,
        Actor::Operator => 3,
    };
    let address = line.address.map_or(Value::Null, |address| address.to_string().into());
    let row = [
        line.company.as_str().into(),
        line.time.into(),
        Value::Number(kind),
        line.actor.name().into(),
        line.act.into(),
        (*line.subject).into(),
        (*line.note).into(),
        address,
    ];
    tx.change(sql::ADD, &row).await?;
    Ok(())
}

impl Audit for Books {
    fn note(&self, line: AuditLine) -> Answer<'_, ()> {
        self.write(move |tx| {
            let line = line.clone();
            async move { note(tx, &line).await }.boxed()
        })
    }

    fn page(&self, query: AuditQuery) -> Answer<'_, Vec<AuditEntry>> {
        self.read(move |tx| {
            let query = query.clone();
            async move { page(tx, &query).await }.boxed()
        })
    }
}

/// Behind a page of the table those that do not fit are left out, and more is read until the page is full.
async fn page(tx: &Tx<'_>, query: &AuditQuery) -> Result<Vec<AuditEntry>, Stop> {
    const AT_ONCE: i64 = 200;
    let mut found = Vec::new();
    let mut before = query.before.unwrap_or(i64::MAX);
    loop {
        let rows = tx.rows(sql::PAGE, &[(&query.company).into(), before.into(), AT_ONCE.into()]).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        before = last.number(0)?;
        for row in &rows {
            let entry = entry(row)?;
            let fits = query.act.as_ref().is_none_or(|act| entry.act.starts_with(&**act))
                && query.subject.as_ref().is_none_or(|subject| entry.subject == *subject)
                && query.actor.as_ref().is_none_or(|actor| entry.actor.name() == &**actor)
                && query.from.is_none_or(|from| entry.time >= from)
                && query.to.is_none_or(|to| entry.time < to);
            if fits {
                found.push(entry);
            }
            if found.len() >= query.limit {
                return Ok(found);
            }
        }
    }
}

fn entry(row: &Row) -> Result<AuditEntry, Stop> {
    let name = row.text(3)?;
    let actor = match row.number(2)? {
        0 => Actor::Agent(stored::aid(name)?),
        1 => Actor::Key(name.into()),
        2 => Actor::Platform(name.into()),
        3 => Actor::Operator,
        _ => return Err(stored::broken("a kind of actor in the database is unknown").into()),
    };
    let address = row.maybe_text(7)?.map(str::parse).transpose();
    Ok(AuditEntry {
        number: row.number(0)?,
        time: row.time(1)?,
        actor,
        act: row.text(4)?.into(),
        subject: row.text(5)?.into(),
        note: row.text(6)?.into(),
        address: address.map_err(|_| stored::broken("an address in the database is none"))?,
    })
}

pub(super) mod sql {
    crate::sql::statements! {
        ADD = "insert into audit (company, time, actor_kind, actor, act, subject, note, address)
            values ($1, $2, $3, $4, $5, $6, $7, $8)";
        PAGE = "select number, time, actor_kind, actor, act, subject, note, address from audit
            where company = $1 and number < $2 order by company desc, number desc limit $3"; // audit_company
    }
}
