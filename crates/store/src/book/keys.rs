//! `Keys`: API keys, each by its hash.

use futures_util::FutureExt as _;
use nodechat_domain::model::{ApiKey, AuditLine, Hash, KeyId, Realm, Scopes, Time};
use nodechat_domain::port::{Answer, Keys};

use super::{Books, Row, Stop, audit};
use crate::stored;
use crate::value::Value;

impl Keys for Books {
    fn find(&self, hash: Hash) -> Answer<'_, Option<ApiKey>> {
        self.read(move |tx| {
            async move { tx.row(sql::FIND, &[hash.into()]).await?.as_ref().map(key).transpose() }.boxed()
        })
    }

    fn of(&self, owner: &Realm) -> Answer<'_, Vec<ApiKey>> {
        let asked: Value = stored::realm_text(owner).into();
        self.read(move |tx| {
            let asked = asked.clone();
            async move {
                let rows = tx.rows(sql::OF, &[asked]).await?;
                let mut keys = rows.iter().map(key).collect::<Result<Vec<_>, _>>()?;
                keys.sort_by_key(|key| (std::cmp::Reverse(key.created), key.id));
                Ok(keys)
            }
            .boxed()
        })
    }

    fn add(&self, key: ApiKey, line: Option<AuditLine>) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (key, line) = (key.clone(), line.clone());
            async move {
                let row = [
                    key.hash.into(),
                    stored::realm_text(&key.owner).into(),
                    key.created.into(),
                    (&key.name).into(),
                    key.scopes.stored().into(),
                    key.last_used.into(),
                ];
                tx.change(sql::ADD, &row).await?;
                match &line {
                    Some(line) => audit::note(tx, line).await,
                    None => Ok(()),
                }
            }
            .boxed()
        })
    }

    fn revoke(&self, owner: &Realm, id: KeyId, line: Option<AuditLine>) -> Answer<'_, bool> {
        let owner: Value = stored::realm_text(owner).into();
        self.write(move |tx| {
            let (owner, line) = (owner.clone(), line.clone());
            async move {
                let rows = tx.rows(sql::OF, std::slice::from_ref(&owner)).await?;
                let keys = rows.iter().map(key).collect::<Result<Vec<_>, _>>()?;
                let Some(key) = keys.into_iter().find(|key| key.id == id) else { return Ok(false) };
                if tx.change(sql::DROP, &[key.hash.into(), owner]).await? == 0 {
                    return Ok(false);
                }
                if let Some(line) = &line {
                    audit::note(tx, line).await?;
                }
                Ok(true)
            }
            .boxed()
        })
    }

    fn used(&self, hash: Hash, now: Time) -> Answer<'_, ()> {
        self.write(move |tx| {
            async move { tx.change(sql::USED, &[hash.into(), now.into()]).await.map(drop) }.boxed()
        })
    }
}

fn key(row: &Row) -> Result<ApiKey, Stop> {
    let hash = row.hash(0)?;
    Ok(ApiKey {
        id: KeyId::of(&hash),
        hash,
        owner: stored::realm(row.text(1)?)?,
        created: row.time(2)?,
        name: row.name(3)?,
        scopes: Scopes::from_stored(row.number(4)?),
        last_used: row.maybe_number(5)?,
    })
}

pub(super) mod sql {
    crate::sql::statements! {
        FIND = "select hash, realm, created, name, scopes, last_used from api_key
            where hash = $1"; // primary key
        OF = "select hash, realm, created, name, scopes, last_used from api_key
            where realm = $1"; // api_key_realm
        ADD = "insert into api_key (hash, realm, created, name, scopes, last_used)
            values ($1, $2, $3, $4, $5, $6)";
        DROP = "delete from api_key where hash = $1 and realm = $2"; // primary key
        USED = "update api_key set last_used = $2 where hash = $1"; // primary key
    }
}
