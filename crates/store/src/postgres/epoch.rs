//! The name of this history (contract C2): made by whoever migrates first, the same for every node.
//!
//! That a backup was restored cannot be seen from inside the database, so whoever restores one says so
//! ([`Store::renew_epoch`]).

use nodechat_domain::error::Result;
use nodechat_domain::port::Entropy;

use super::connect::Db;
use super::{OpenError, Store, row};
use crate::copy::mark;
use crate::epoch::{EPOCH, new_name};
use crate::sql;

/// The epoch of this database, made when there is none. A finished copy is one no more.
pub async fn settle(db: &Db, entropy: &dyn Entropy) -> Result<String, OpenError> {
    let mark = db.query_opt(sql::META, &[&mark::KEY]).await?;
    let mark = mark.map(|row| row.try_get::<_, String>(0)).transpose()?;
    if mark::is_finished(mark.as_deref())? {
        db.execute(sql::FORGET_META, &[&mark::KEY]).await?;
    }
    let made = new_name(entropy);
    // Both may find none; the first name stays.
    let keep = "insert into meta (key, value) values ($1, $2) on conflict (key) do nothing";
    db.execute(keep, &[&EPOCH, &made]).await?;
    Ok(db.query_one(sql::META, &[&EPOCH]).await?.try_get(0)?)
}

impl Store {
    /// Begins a new epoch; its name. For whoever has put a backup in the place of the database. Nodes that run
    /// meanwhile go on telling the former one, so they are stopped first.
    pub async fn renew_epoch(&self, entropy: &dyn Entropy) -> Result<String> {
        let name = new_name(entropy);
        let renewed = self.pool.answer(async {
            let db = self.pool.lend().await?;
            let renewed = row::change(&db, sql::SET_META, &[&EPOCH, &name]).await;
            db.done(renewed).map(drop)
        });
        renewed.await?;
        Ok(name)
    }
}
