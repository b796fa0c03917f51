//! The blacklists.

use futures_util::FutureExt as _;
use nodechat_domain::model::{AccountId, AuditLine, Ban, BanId, Banned, CompanyId, Network, Time};
use nodechat_domain::port::{Answer, Blacklist, revised};
use nodechat_domain::{Error, limits};

use super::revisions::revise;
use super::{Books, Row, Stop, Tx, audit};
use crate::stored;
use crate::value::Value;

impl Blacklist for Books {
    fn page(&self, company: &CompanyId, after: Option<BanId>, limit: usize) -> Answer<'_, Vec<Ban>> {
        let after = after.map_or(Value::Bytes([].into()), bytes);
        let asked = [company.into(), after, (limit as i64).into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move { tx.rows(PAGE, &asked).await?.iter().map(ban).collect() }.boxed()
        })
    }

    fn of(&self, company: &CompanyId, now: Time) -> Answer<'_, Vec<Ban>> {
        let asked = [company.into(), now.into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move { tx.rows(COUNTING, &asked).await?.iter().map(ban).collect() }.boxed()
        })
    }

    fn find(&self, company: &CompanyId, id: BanId) -> Answer<'_, Option<Ban>> {
        let asked = [company.into(), bytes(id)];
        self.read(move |tx| {
            let asked = asked.clone();
            async move { tx.row(FIND, &asked).await?.as_ref().map(ban).transpose() }.boxed()
        })
    }

    fn add(&self, ban: Ban, line: AuditLine) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (ban, line) = (ban.clone(), line.clone());
            async move {
                add(tx, &ban).await?;
                noted(tx, &line).await
            }
            .boxed()
        })
    }

    fn change(&self, ban: Ban, line: AuditLine) -> Answer<'_, bool> {
        self.write(move |tx| {
            let (ban, line) = (ban.clone(), line.clone());
            async move {
                let row = [(&ban.company).into(), bytes(ban.id), (&ban.reason).into(), ban.expires.into()];
                if tx.change(CHANGE, &row).await? == 0 {
                    return Ok(false);
                }
                noted(tx, &line).await?;
                Ok(true)
            }
            .boxed()
        })
    }

    fn remove(&self, company: &CompanyId, id: BanId, line: AuditLine) -> Answer<'_, bool> {
        let asked = [company.into(), bytes(id)];
        self.write(move |tx| {
            let (asked, line) = (asked.clone(), line.clone());
            async move {
                if tx.change(REMOVE, &asked).await? == 0 {
                    return Ok(false);
                }
                noted(tx, &line).await?;
                Ok(true)
            }
            .boxed()
        })
    }
}

async fn add(tx: &Tx<'_>, ban: &Ban) -> Result<(), Stop> {
    let (kind, whom) = whom(&ban.whom);
    let company: Value = (&ban.company).into();
    let asked = [company.clone(), kind.into(), whom.clone().into(), bytes(ban.id), ban.since.into()];
    tx.change(MAKE_WAY, &asked).await?;
    let row = [
        company.clone(),
        bytes(ban.id),
        kind.into(),
        whom.into(),
        (&ban.reason).into(),
        ban.since.into(),
        ban.expires.into(),
    ];
    // Nothing is put there when either key is taken; it may be this very entry.
    if tx.change(ADD, &row).await? == 0 && tx.row(FIND, &[company.clone(), bytes(ban.id)]).await?.is_none() {
        return Err(
            Error::conflict("this visitor or address is on the list already; change that entry").into()
        );
    }
    let count = tx.row(COUNT, &[company]).await?.map_or(Ok(0), |row| row.number(0))?;
    if count > limits::BANS {
        return Err(Error::conflict("the blacklist has 10,000 entries already").into());
    }
    Ok(())
}

async fn noted(tx: &Tx<'_>, line: &AuditLine) -> Result<(), Stop> {
    audit::note(tx, line).await?;
    revise(tx, &line.company, revised::BLACKLIST).await
}

fn whom(whom: &Banned) -> (i64, String) {
    match whom {
        Banned::Visitor(aid) => (0, aid.as_str().to_owned()),
        Banned::Network(network) => (1, network.to_string()),
    }
}

fn ban(row: &Row) -> Result<Ban, Stop> {
    let whom = match row.number(2)? {
        0 => Banned::Visitor(AccountId::parse(row.text(3)?).map_err(stored::unreadable)?),
        1 => Banned::Network(Network::parse(row.text(3)?).map_err(stored::unreadable)?),
        _ => return Err(stored::broken("a blacklist entry is of no known kind").into()),
    };
    Ok(Ban {
        company: row.company(0)?,
        id: BanId(row.uuid(1)?),
        whom,
        reason: row.name(4)?,
        since: row.time(5)?,
        expires: row.maybe_number(6)?,
    })
}

fn bytes(id: BanId) -> Value {
    Value::Bytes(id.0.as_bytes()[..].into())
}

const PAGE: &str = "select company, id, kind, whom, reason, since, expires from ban
    where company = $1 and id > $2 order by id limit $3"; // primary key
const COUNTING: &str = "select company, id, kind, whom, reason, since, expires from ban
    where company = $1 and (expires is null or expires > $2)"; // primary key
const FIND: &str = "select company, id, kind, whom, reason, since, expires from ban
    where company = $1 and id = $2"; // primary key
const MAKE_WAY: &str = "delete from ban
    where company = $1 and kind = $2 and whom = $3 and id <> $4 and expires <= $5"; // ban_whom
const ADD: &str = "insert into ban (company, id, kind, whom, reason, since, expires)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
const COUNT: &str = "select count(*) from ban where company = $1"; // primary key
const CHANGE: &str = "update ban set reason = $3, expires = $4 where company = $1 and id = $2"; // primary key
const REMOVE: &str = "delete from ban where company = $1 and id = $2"; // primary key
