//! The schema, brought forward from any released version when the database is opened.
//!
//! Under a lock of the database: of any number of nodes that start together one does it, and the others find it done.

use std::time::Duration;

use nodechat_domain::port::Entropy;
use tokio::time::timeout;

use super::connect::{Db, Door};
use super::{OpenError, epoch};
use crate::schema::{Dialect, Step, complete, missing, steps};

/// The steps that PostgreSQL alone makes.
const OWN: &[Step] = &[
    own(1, "ledger", include_str!("../../migrations/postgres/0001_ledger.sql")),
    own(9, "search", include_str!("../../migrations/postgres/0009_search.sql")),
    own(11, "parts", include_str!("../../migrations/postgres/0011_parts.sql")),
];

const fn own(number: i64, name: &'static str, script: &'static str) -> Step {
    Step { number, name, script, dialect: Dialect::Own }
}

/// Tells tables of ours from those of another program.
const MARK: &str = "nodechat";

/// The lock that keeps two from changing the schema at once ("NoCh").
const LOCK: i64 = 0x4e6f_4368;

/// How long a schema may take, one's own and that of another node that was quicker.
const PATIENCE: Duration = Duration::from_mins(15);

/// Looks whether the database keeps what it is given, brings its schema up to date, and answers its epoch.
pub async fn run(door: &Door, entropy: &dyn Entropy) -> Result<String, OpenError> {
    let db = timeout(door.time_limit, door.plain()).await.map_err(|_| OpenError::Late)??;
    timeout(door.time_limit, check(&db)).await.map_err(|_| OpenError::Late)??;
    let forward = async {
        forward(&db, &steps(OWN)).await?;
        let epoch = epoch::settle(&db, entropy).await?;
        db.batch_execute("commit").await?;
        Ok(epoch)
    };
    timeout(PATIENCE, forward).await.map_err(|_| OpenError::Late)?
}

/// As [`run`], for whoever copies a history here and names it: leaves the transaction open, in which nobody else opens
/// this database. Waits as long as it takes.
pub async fn prepare(db: &Db) -> Result<(), OpenError> {
    check(db).await?;
    forward(db, &steps(OWN)).await
}

/// Whether this is a database of ours with this program's schema; changes nothing.
pub async fn look(db: &Db) -> Result<(), OpenError> {
    let there = "select to_regclass(quote_ident(current_schema()) || '.migration') is not null";
    if !db.query_one(there, &[]).await?.try_get::<_, bool>(0)? {
        return Err(OpenError::Nothing);
    }
    Ok(complete(&steps(OWN), &done(db).await?)?)
}

/// An acked message is on disk: a database that says so before it is, is refused.
async fn check(db: &Db) -> Result<(), OpenError> {
    let settings = "select current_setting('synchronous_commit'), current_setting('fsync', true),
        current_setting('server_encoding', true), current_schema()::text";
    let row = db.query_one(settings, &[]).await?;
    let setting = |column: usize| row.try_get::<_, Option<String>>(column);
    for (column, name) in [(0, "synchronous_commit"), (1, "fsync")] {
        if setting(column)?.as_deref() == Some("off") {
            return Err(OpenError::Unsafe(name));
        }
    }
    if let Some(encoding) = setting(2)?.filter(|encoding| encoding != "UTF8") {
        return Err(OpenError::Encoding(encoding));
    }
    setting(3)?.map(drop).ok_or(OpenError::NoSchema)
}

/// Every script, for whoever wants the tables and nothing else.
#[cfg(test)]
pub fn scripts() -> String {
    steps(OWN).iter().map(Step::postgres_script).collect::<Vec<_>>().join("\n")
}

/// Leaves its transaction open.
async fn forward(db: &Db, steps: &[Step]) -> Result<(), OpenError> {
    // Waiting for another node takes as long as it takes.
    db.batch_execute(
        "set statement_timeout = 0; set lock_timeout = 0; set client_min_messages = warning; begin",
    )
    .await?;
    db.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    claim(db).await?;
    for step in missing(steps, &done(db).await?)? {
        db.batch_execute(&step.postgres_script()).await?;
        let made = "insert into migration (number, name, checksum) values ($1, $2, $3)";
        db.execute(made, &[&step.number, &step.name, &step.checksum()]).await?;
        tracing::info!(step = step.number, name = step.name, "a step of the database's schema is made");
    }
    Ok(())
}

async fn done(db: &Db) -> Result<Vec<(i64, String)>, OpenError> {
    let done = db.query("select number, checksum from migration order by number", &[]).await?;
    done.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// An empty schema becomes ours; one that is somebody else's is left alone.
async fn claim(db: &Db) -> Result<(), OpenError> {
    let found = "select
        obj_description(to_regclass(quote_ident(current_schema()) || '.migration'), 'pg_class'),
        exists (select 1 from pg_class c
            where c.relnamespace = (select oid from pg_namespace where nspname = current_schema())
            and c.relkind in ('r', 'p')
            and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e'))";
    let row = db.query_one(found, &[]).await?;
    let (mark, inhabited): (Option<String>, bool) = (row.try_get(0)?, row.try_get(1)?);
    if mark.as_deref() == Some(MARK) {
        return Ok(());
    }
    if inhabited {
        return Err(OpenError::Foreign);
    }
    let table = format!(
        "create table migration (number bigint primary key, name text not null, checksum text not null);
         comment on table migration is '{MARK}'"
    );
    Ok(db.batch_execute(&table).await?)
}
