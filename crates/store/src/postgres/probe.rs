//! Whether a write would go through now, without writing where nothing is wrong.

use std::sync::atomic::Ordering;

use nodechat_domain::error::Error;

use super::failure::Stop;
use super::{Store, row};
use crate::sql;

/// Only after a failure is a row really written, to find out whether the database has healed.
pub async fn write(store: &Store) -> Result<(), Stop> {
    let counts = store.writer.counts();
    let db = store.pool.lend().await?;
    if counts.failing.load(Ordering::Relaxed) {
        let turn = counts.batches.load(Ordering::Relaxed).to_string();
        let written = row::change(&db, sql::SET_META, &[&"probe", &turn]).await;
        db.done(written)?;
        counts.failing.store(false, Ordering::Relaxed);
        return Ok(());
    }
    let answered =
        row::one(&db, "show transaction_read_only", &[], |row| Ok(row.try_get::<_, String>(0)?)).await;
    match db.done(answered)?.as_deref() {
        Some("off") => Ok(()),
        _ => Err(Error::unavailable("the database only reads").into()),
    }
}
