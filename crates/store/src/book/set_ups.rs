//! `SetUps`: tokens that open the set-up of a server that nobody owns yet.

use futures_util::FutureExt as _;
use nodechat_domain::error::Error;
use nodechat_domain::model::{Agent, AuditLine, Company, Hash, PasswordHash, Time};
use nodechat_domain::port::{Answer, SetUps};

use super::{Books, Stop, Tx, companies};

impl SetUps for Books {
    fn is_open(&self) -> Answer<'_, bool> {
        self.read(|tx| async move { is_open(tx).await }.boxed())
    }

    fn offer(&self, token: Hash, expires: Time, now: Time) -> Answer<'_, bool> {
        self.write(move |tx| {
            async move {
                tx.change(FORGET, &[now.into()]).await?;
                if !is_open(tx).await? {
                    return Ok(false);
                }
                tx.change(ADD, &[token.into(), expires.into()]).await?;
                Ok(true)
            }
            .boxed()
        })
    }

    fn admits(&self, token: Hash, now: Time) -> Answer<'_, bool> {
        self.read(move |tx| {
            async move {
                let known = tx.row(FIND, &[token.into(), now.into()]).await?.is_some();
                Ok(known && is_open(tx).await?)
            }
            .boxed()
        })
    }

    fn set_up(
        &self,
        token: Hash,
        company: Company,
        owner: Agent,
        password: PasswordHash,
        line: AuditLine,
    ) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (company, owner, password, line) =
                (company.clone(), owner.clone(), password.clone(), line.clone());
            async move {
                // Of two who come at once, the other waits here until the first is done, and finds nothing then.
                let mut was_good = false;
                for row in tx.rows(TAKE_ALL, &[]).await? {
                    was_good |= row.hash(0)? == token && row.time(1)? > line.time;
                }
                if !was_good || !is_open(tx).await? {
                    return Err(Error::BadToken.into());
                }
                companies::found(tx, &company, &owner, password, line).await
            }
            .boxed()
        })
    }
}

async fn is_open(tx: &Tx<'_>) -> Result<bool, Stop> {
    Ok(tx.row(OWNER, &[]).await?.is_none())
}

const OWNER: &str = "select 1 from agent a join company c on c.id = a.company
    where a.role = 40 and a.password is not null and a.active = 1 and c.demo = 0
    limit 1"; // agent_owner, then primary key
const FIND: &str = "select 1 from setup_token where hash = $1 and expires > $2"; // primary key
const ADD: &str = "insert into setup_token (hash, expires) values ($1, $2)";
// There are never more than a few.
const FORGET: &str = "delete from setup_token where expires <= $1";
const TAKE_ALL: &str = "delete from setup_token returning hash, expires";
