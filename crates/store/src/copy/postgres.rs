//! A copy's side in PostgreSQL: one connection with the snapshot or the changes, one that looks past it.

use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{GenericClient, RowStream, Transaction};

use super::CopyError;
use super::mark::{self, Mark};
use super::place::{ANSWER_BYTES, Answer, Change, Now, Place, Span, TOTALS, Totals, page_statement};
use super::table::{Column, Kind, Row, Table, Value};
use super::tables::{self, MESSAGE};
use crate::epoch::EPOCH;
use crate::postgres::connect::{Db, Door};
use crate::postgres::{failure, migrate};
use crate::sql;

/// Nodes are heard every second, and taken off the list when they stop.
const SERVED: &str = "select exists (select 1 from node where seen > now() - interval '10 seconds')";

/// How long a database may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// Held as long as a copy goes on ("nodechat copy"), by its session.
const COPY_LOCK: i64 = 0x6e6f_6463_6f70_7901;

/// A copy takes the time it needs, and its snapshot stays open for as long. Every statement has its index; a table
/// that was filled a moment ago has no statistics that would say so.
const SESSION: &str = "set statement_timeout = 0;
    set lock_timeout = '30s';
    set idle_in_transaction_session_timeout = 0;
    set enable_seqscan = off;
    set jit = off;";

pub struct Postgres {
    /// Reads from the snapshot, or from the target.
    reader: Db,
    /// Writes to a target; sees of a source what the snapshot does not.
    other: tokio::sync::Mutex<Db>,
    name: String,
}

impl Postgres {
    /// Opens a source, which may be served meanwhile; its epoch.
    pub async fn source(url: &str) -> Result<(Self, String), CopyError> {
        let place = Self::connect(url, true).await?;
        let begin = "begin transaction isolation level repeatable read, read only";
        place.reader.batch_execute(begin).await.map_err(|error| place.failed(error))?;
        migrate::look(&place.reader).await.map_err(|error| CopyError::open(&place.name, error))?;
        if place.meta(mark::KEY).await?.as_deref() == Some(mark::UNFINISHED) {
            return Err(CopyError::SourceUnfinished);
        }
        let epoch =
            place.meta(EPOCH).await?.ok_or_else(|| CopyError::failed(&place.name, "it has no epoch"))?;
        Ok((place, epoch))
    }

    /// Opens a target for the history of this epoch, brings its schema up to date, and marks it as unfinished.
    pub async fn target(url: &str, epoch: String) -> Result<Self, CopyError> {
        let mut place = Self::connect(url, false).await?;
        let failed = failing(place.name.clone());
        let db = place.other.get_mut();
        alone(db).await.map_err(|error| match error.code() {
            Some(&SqlState::LOCK_NOT_AVAILABLE) => CopyError::Served(place.name.clone()),
            _ => failed(error),
        })?;
        // Whoever opens this database does it before this transaction or behind it. Cut off, it has changed nothing.
        migrate::prepare(db).await.map_err(|error| CopyError::open(&place.name, error))?;
        let served: bool = ask(&**db, SERVED, &[]).await.map_err(&failed)?;
        if served {
            return Err(CopyError::Served(place.name));
        }
        let mark = Mark {
            copy: meta(&**db, mark::KEY).await.map_err(&failed)?,
            epoch: meta(&**db, EPOCH).await.map_err(&failed)?,
            is_empty: is_empty(&**db).await.map_err(&failed)?,
        };
        mark.admits(&epoch, &place.name)?;
        db.execute(sql::SET_META, &[&EPOCH, &epoch]).await.map_err(&failed)?;
        db.execute(sql::SET_META, &[&mark::KEY, &mark::UNFINISHED]).await.map_err(&failed)?;
        db.batch_execute("commit").await.map_err(&failed)?;
        db.batch_execute(SESSION).await.map_err(&failed)?;
        // A crash of the server may cost the last batches of an unfinished copy; `settle` waits for the disk.
        db.batch_execute("set synchronous_commit = off").await.map_err(&failed)?;
        Ok(place)
    }

    async fn connect(url: &str, any_host: bool) -> Result<Self, CopyError> {
        let name = without_secret(url);
        let mut door = Door::new(url, PATIENCE).map_err(|error| CopyError::open(&name, error))?;
        door.config.application_name("nodechat copy");
        if any_host {
            door.config.target_session_attrs(TargetSessionAttrs::Any);
        }
        let failed = failing(name.clone());
        let (reader, other) = (door.plain().await.map_err(&failed)?, door.plain().await.map_err(&failed)?);
        for db in [&reader, &other] {
            db.batch_execute(SESSION).await.map_err(&failed)?;
        }
        Ok(Self { reader, other: other.into(), name })
    }

    fn failed(&self, error: tokio_postgres::Error) -> CopyError {
        failing(self.name.clone())(error)
    }

    /// Reads what `statement` says, which is prepared once for each connection and kept by it.
    async fn rows(
        &self,
        statement: &str,
        params: &[&(dyn ToSql + Sync)],
        columns: &[Column],
    ) -> Result<Vec<Row>, CopyError> {
        let read = async {
            let statement = self.reader.prepare_cached(statement).await?;
            let stream = self.reader.query_raw(&statement, params.iter().copied()).await?;
            take_rows(stream, columns.len()).await
        };
        read.await.map_err(|error| self.failed(error))
    }
}

impl Place for Postgres {
    fn page(&self, table: &'static Table, after: Option<Vec<Value>>, limit: usize) -> Answer<'_, Vec<Row>> {
        Box::pin(async move {
            let statement = page_statement(table, after.is_none());
            let limit = limit as i64;
            let after = after.unwrap_or_default();
            let mut params: Vec<&(dyn ToSql + Sync)> = after.iter().map(|value| value as _).collect();
            params.push(&limit);
            self.rows(&statement, &params, table.columns).await
        })
    }

    fn messages(&self, spans: Vec<Span>) -> Answer<'_, Vec<Row>> {
        Box::pin(async move {
            let part = |part: fn(&Span) -> i64| spans.iter().map(part).collect::<Vec<_>>();
            let (rooms, low, high) = (part(|span| span.room), part(|span| span.from), part(|span| span.to));
            let columns = MESSAGE.column_list();
            // The inner order keeps the planner from joining the whole table.
            let statement = format!(
                "select {columns} from unnest($1::bigint[], $2::bigint[], $3::bigint[]) span (of, low, high)
                 cross join lateral (select {columns} from message
                     where room = span.of and pos >= span.low and pos < span.high order by pos) message
                 order by room, pos"
            );
            self.rows(&statement, &[&rooms, &low, &high], MESSAGE.columns).await
        })
    }

    fn meta(&self, key: &'static str) -> Answer<'_, Option<String>> {
        Box::pin(async move { meta(&*self.reader, key).await.map_err(|error| self.failed(error)) })
    }

    fn totals(&self) -> Answer<'_, Totals> {
        Box::pin(async move { totals(&*self.reader).await.map_err(|error| self.failed(error)) })
    }

    fn now(&self) -> Answer<'_, Now> {
        Box::pin(async move {
            let db = self.other.lock().await;
            let look =
                async { Ok(Now { served: ask(&**db, SERVED, &[]).await?, totals: totals(&**db).await? }) };
            look.await.map_err(|error| self.failed(error))
        })
    }

    fn write(&self, changes: Vec<Change>) -> Answer<'_, ()> {
        Box::pin(async move {
            changes.iter().try_for_each(no_nul)?;
            let mut db = self.other.lock().await;
            let write = async {
                let transaction = tokio_postgres::Client::transaction(&mut db).await?;
                for change in &changes {
                    make(&transaction, change).await?;
                }
                transaction.commit().await
            };
            write.await.map_err(|error| self.failed(error))
        })
    }

    fn settle(&self, key: &'static str, value: &'static str) -> Answer<'_, ()> {
        Box::pin(async move {
            let db = self.other.lock().await;
            let settle = async {
                for table in tables::all() {
                    if let Some(counter) = table.counter {
                        db.batch_execute(&count_on(table.name, counter)).await?;
                    }
                    db.batch_execute(&format!("analyze {}", table.name)).await?;
                }
                // The log is one: what is durable with this commit makes all before it durable.
                db.batch_execute("set synchronous_commit = on").await?;
                db.execute(sql::SET_META, &[&key, &value]).await?;
                Ok(())
            };
            settle.await.map_err(|error| self.failed(error))
        })
    }
}

/// The address as it may be shown.
pub fn without_secret(url: &str) -> String {
    let Ok(config) = url.parse::<tokio_postgres::Config>() else { return "the PostgreSQL database".into() };
    let hosts = config.get_hosts().iter().enumerate().map(|(at, host)| {
        let host = match host {
            tokio_postgres::config::Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
        };
        match config.get_ports().get(at).or(config.get_ports().first()) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    });
    let hosts = hosts.collect::<Vec<_>>().join(",");
    format!("postgres://{hosts}/{}", config.get_dbname().unwrap_or_default())
}

/// The sentence of the server, not only that there was one.
fn failing(name: String) -> impl Fn(tokio_postgres::Error) -> CopyError {
    move |error| CopyError::failed(&name, failure::sentence(&error))
}

/// Keeps other copies out. One that was killed a moment ago holds the lock until its session has noticed.
async fn alone(db: &Db) -> Result<(), tokio_postgres::Error> {
    db.batch_execute("set lock_timeout = '3s'").await?;
    db.execute("select pg_advisory_lock($1)", &[&COPY_LOCK]).await.map(drop)
}

async fn ask<T: for<'a> FromSql<'a>>(
    db: &impl GenericClient,
    statement: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<T, tokio_postgres::Error> {
    db.query_one(statement, params).await?.try_get(0)
}

async fn meta(db: &impl GenericClient, key: &str) -> Result<Option<String>, tokio_postgres::Error> {
    db.query_opt(sql::META, &[&key]).await?.map(|row| row.try_get(0)).transpose()
}

async fn is_empty(db: &impl GenericClient) -> Result<bool, tokio_postgres::Error> {
    for statement in mark::ANY {
        if db.query_opt(*statement, &[]).await?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn totals(db: &impl GenericClient) -> Result<Totals, tokio_postgres::Error> {
    let row = db.query_one(TOTALS, &[]).await?;
    Ok(Totals {
        rooms: row.try_get(0)?,
        messages: row.try_get(1)?,
        reads: row.try_get(2)?,
        people: row.try_get(3)?,
        credentials: row.try_get(4)?,
        uploads: row.try_get(5)?,
    })
}

async fn take_rows(stream: RowStream, columns: usize) -> Result<Vec<Row>, tokio_postgres::Error> {
    let mut stream = pin!(stream);
    let (mut page, mut left) = (Vec::new(), ANSWER_BYTES);
    while left > 0
        && let Some(row) = stream.try_next().await?
    {
        let values = (0..columns).map(|column| row.try_get(column)).collect::<Result<Row, _>>()?;
        left = left.saturating_sub(values.iter().map(Value::size_bytes).sum());
        page.push(values);
    }
    Ok(page)
}

async fn make(db: &Transaction<'_>, change: &Change) -> Result<(), tokio_postgres::Error> {
    match change {
        Change::Put(_, rows) | Change::Add(_, rows) | Change::Drop(_, rows) if rows.is_empty() => Ok(()),
        Change::Put(table, rows) => put(db, table, rows).await,
        Change::Add(table, rows) => add(db, table, rows).await,
        Change::Drop(table, rows) => drop_rows(db, table, rows).await,
        Change::CutRoom { room, from } => {
            db.execute(mark::CUT_MESSAGES, &[room, from]).await?;
            db.execute(mark::CUT_ROOM, &[from, room]).await.map(drop)
        }
        Change::DropRoom { room } => {
            db.execute(sql::DROP_MEMBERS, &[room]).await?;
            db.execute(sql::DROP_ROOM, &[room]).await.map(drop)
        }
    }
}

async fn put(db: &Transaction<'_>, table: &Table, rows: &[Row]) -> Result<(), tokio_postgres::Error> {
    let statement = format!(
        "insert into {} ({}) select * from {} on conflict ({}) {}",
        table.name,
        table.column_list(),
        unnest(table.columns),
        table.key_list(),
        table.update()
    );
    let columns = turned(rows, table.columns.len());
    let params: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column as _).collect();
    db.execute(&statement, &params).await.map(drop)
}

async fn drop_rows(db: &Transaction<'_>, table: &Table, rows: &[Row]) -> Result<(), tokio_postgres::Error> {
    let key = &table.columns[..table.key];
    let same: Vec<_> =
        key.iter().map(|column| format!("{0}.{1} = gone.{1}", table.name, column.name)).collect();
    let statement = format!(
        "delete from {} using {} gone ({}) where {}",
        table.name,
        unnest(key),
        table.key_list(),
        same.join(" and ")
    );
    let columns = turned(rows, table.key);
    let params: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column as _).collect();
    db.execute(&statement, &params).await.map(drop)
}

async fn add(db: &Transaction<'_>, table: &Table, rows: &[Row]) -> Result<(), tokio_postgres::Error> {
    let statement = format!("copy {} ({}) from stdin (format binary)", table.name, table.column_list());
    let types: Vec<Type> = table.columns.iter().map(|column| type_of(column.kind)).collect();
    let sink = db.copy_in(&statement).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for row in rows {
        writer.as_mut().write_raw(row.iter()).await?;
    }
    writer.finish().await.map(drop)
}

fn unnest(columns: &[Column]) -> String {
    let arrays =
        columns.iter().zip(1..).map(|(column, at)| format!("${at}::{}[]", type_of(column.kind).name()));
    format!("unnest({})", arrays.collect::<Vec<_>>().join(", "))
}

/// Rows as columns.
fn turned(rows: &[Row], columns: usize) -> Vec<Vec<&Value>> {
    (0..columns).map(|column| rows.iter().map(|row| &row[column]).collect()).collect()
}

fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Number => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
        Kind::Uuid => Type::UUID,
    }
}

/// The next number is the one behind the highest; of an empty table, 1.
fn count_on(table: &str, counter: &str) -> String {
    format!(
        "select setval(pg_get_serial_sequence('{table}', '{counter}'), coalesce(max({counter}), 1), \
         max({counter}) is not null) from {table}"
    )
}

fn no_nul(change: &Change) -> Result<(), CopyError> {
    let (Change::Put(table, rows) | Change::Add(table, rows)) = change else { return Ok(()) };
    let has_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    match rows.iter().find(|row| row.iter().any(has_nul)) {
        Some(row) => Err(CopyError::Nul(format!("the row of `{}` with {}", table.name, table.name_of(row)))),
        None => Ok(()),
    }
}
