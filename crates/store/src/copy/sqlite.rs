//! A copy's side in a data folder: one thread with the database, read from one snapshot or written.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, params, params_from_iter};
use tokio::sync::oneshot;

use super::CopyError;
use super::mark::{self, Mark};
use super::place::{ANSWER_BYTES, Answer, Change, Now, Place, Span, TOTALS, Totals, page_statement};
use super::table::{Row, Table, Value};
use super::tables::MESSAGE;
use crate::epoch::EPOCH;
use crate::sql;
use crate::sqlite::connect::{self, Door};
use crate::sqlite::{Lock, LockError, epoch, lock, migrate};

const BUSY: Duration = Duration::from_secs(30);

/// Where a data folder's database is.
#[derive(Debug, Clone)]
pub struct Folder {
    pub folder: PathBuf,
    pub database: PathBuf,
}

pub struct Sqlite {
    worker: Worker,
    /// Sees what the snapshot does not.
    watch: Option<Worker>,
    home: Folder,
    /// Of a target: keeps servers and other copies out.
    lock: Option<Lock>,
}

impl Sqlite {
    /// Opens a source, which may be served meanwhile; its epoch.
    pub async fn source(home: Folder) -> Result<(Self, String), CopyError> {
        if !home.database.exists() {
            return Err(CopyError::NoDatabase(home.folder));
        }
        let opened = home.clone();
        let worker = Worker::start(move || {
            let db = reader(&opened)?;
            migrate::check(&db).map_err(|error| CopyError::open(opened.folder.display(), error))?;
            // The snapshot begins with the first read.
            db.execute_batch("begin; select 1 from meta").map_err(|error| failed(&opened, error))?;
            Ok(db)
        })?;
        let watched = home.clone();
        let watch = Worker::start(move || reader(&watched))?;
        let place = Self { worker, watch: Some(watch), home, lock: None };
        let path = place.home.database.clone();
        let known = place.ask(move |db| Ok(epoch::known(db, &path))).await?;
        let known = known.map_err(|error| CopyError::open(place.home.folder.display(), error))?;
        if place.meta(mark::KEY).await?.as_deref() == Some(mark::UNFINISHED) {
            return Err(CopyError::SourceUnfinished);
        }
        let epoch = known.ok_or_else(|| CopyError::Moved(place.home.folder.clone()))?;
        Ok((place, epoch))
    }

    /// Opens a target for the history of this epoch, makes it where there is none, and marks it as unfinished.
    pub fn target(home: Folder, history: String) -> Result<Self, CopyError> {
        make_folder(&home.folder).map_err(|error| CopyError::open(home.folder.display(), error))?;
        let lock = lock(&home.folder).map_err(|error| match error {
            LockError::Taken(folder) => CopyError::Served(folder.display().to_string()),
            error => CopyError::open(home.folder.display(), error),
        })?;
        let opened = home.clone();
        let worker = Worker::start(move || {
            connect::create(&opened.database)
                .map_err(|error| CopyError::open(opened.folder.display(), error))?;
            let mut db = door(&opened).writer().map_err(|error| failed(&opened, error))?;
            prepare(&mut db, &opened, &history)?;
            // A power cut may cost the last batches of an unfinished copy, never its order; `settle` syncs.
            let quick = "pragma synchronous = normal; pragma cache_size = -65536";
            db.execute_batch(quick).map_err(|error| failed(&opened, error))?;
            Ok(db)
        })?;
        Ok(Self { worker, watch: None, home, lock: Some(lock) })
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        self.ask_at(&self.worker, work)
    }

    fn ask_at<'a, T: Send + 'static>(
        &'a self,
        worker: &'a Worker,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Answer<'a, T> {
        let answered = worker.ask(work);
        Box::pin(async move {
            match answered.await {
                Ok(answer) => answer.map_err(|error| failed(&self.home, error)),
                Err(_) => Err(CopyError::failed(self.home.folder.display(), "its thread has ended")),
            }
        })
    }
}

impl Place for Sqlite {
    fn page(&self, table: &'static Table, after: Option<Vec<Value>>, limit: usize) -> Answer<'_, Vec<Row>> {
        self.ask(move |db| {
            let mut statement = db.prepare_cached(&page_statement(table, after.is_none()))?;
            let mut values = after.unwrap_or_default();
            values.push(Value::Number(limit as i64));
            let mut rows = statement.query(params_from_iter(&values))?;
            let (mut page, mut left) = (Vec::new(), ANSWER_BYTES);
            take_rows(&mut rows, table, &mut left, &mut page)?;
            Ok(page)
        })
    }

    fn messages(&self, spans: Vec<Span>) -> Answer<'_, Vec<Row>> {
        self.ask(move |db| {
            let statement = format!(
                "select {} from message where room = $1 and pos >= $2 and pos < $3 order by pos",
                MESSAGE.column_list()
            );
            let mut statement = db.prepare_cached(&statement)?;
            let (mut page, mut left) = (Vec::new(), ANSWER_BYTES);
            for span in spans {
                let mut rows = statement.query([span.room, span.from, span.to])?;
                if !take_rows(&mut rows, &MESSAGE, &mut left, &mut page)? {
                    break;
                }
            }
            Ok(page)
        })
    }

    fn meta(&self, key: &'static str) -> Answer<'_, Option<String>> {
        self.ask(move |db| epoch::meta(db, key))
    }

    fn totals(&self) -> Answer<'_, Totals> {
        self.ask(totals)
    }

    fn now(&self) -> Answer<'_, Now> {
        let worker = self.watch.as_ref().unwrap_or(&self.worker);
        let folder = self.home.folder.clone();
        Box::pin(async move {
            let totals = self.ask_at(worker, totals).await?;
            // The lock is given back at once: a server may start while its folder is read. That of a target is ours.
            let served = self.lock.is_none() && matches!(lock(&folder), Err(LockError::Taken(_)));
            Ok(Now { served, totals })
        })
    }

    fn write(&self, changes: Vec<Change>) -> Answer<'_, ()> {
        self.ask(move |db| {
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            changes.iter().try_for_each(|change| make(&transaction, change))?;
            transaction.commit()
        })
    }

    fn settle(&self, key: &'static str, value: &'static str) -> Answer<'_, ()> {
        self.ask(move |db| {
            db.execute_batch("pragma synchronous = full")?;
            // Everything before is in the database file, and synced, before the mark is written.
            db.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
            db.execute(sql::SET_META, [key, value])?;
            db.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
        })
    }
}

/// For its owner alone, as a server makes it.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn door(home: &Folder) -> Door {
    Door { path: home.database.clone(), busy: BUSY }
}

fn reader(home: &Folder) -> Result<Connection, CopyError> {
    door(home).reader().map_err(|error| failed(home, error))
}

fn failed(home: &Folder, error: impl Display) -> CopyError {
    CopyError::failed(home.folder.display(), error)
}

/// In one transaction, so that a server that opens the database sees it as it was or as unfinished.
fn prepare(db: &mut Connection, home: &Folder, history: &str) -> Result<(), CopyError> {
    let cannot = |error: rusqlite::Error| failed(home, error);
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(cannot)?;
    migrate::run(&transaction).map_err(|error| CopyError::open(home.folder.display(), error))?;
    let meta = |key| epoch::meta(&transaction, key).map_err(cannot);
    let mark = Mark {
        copy: meta(mark::KEY)?,
        epoch: meta(EPOCH)?,
        is_empty: is_empty(&transaction).map_err(cannot)?,
    };
    mark.admits(history, &home.folder.display().to_string())?;
    epoch::name(&transaction, &home.database, history)
        .map_err(|error| CopyError::open(home.folder.display(), error))?;
    transaction.execute(sql::SET_META, [mark::KEY, mark::UNFINISHED]).map_err(cannot)?;
    transaction.commit().map_err(cannot)
}

fn is_empty(db: &Connection) -> rusqlite::Result<bool> {
    for statement in mark::ANY {
        if db.prepare(statement)?.exists([])? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn totals(db: &mut Connection) -> rusqlite::Result<Totals> {
    db.query_row(TOTALS, [], |row| {
        Ok(Totals {
            rooms: row.get(0)?,
            messages: row.get(1)?,
            reads: row.get(2)?,
            people: row.get(3)?,
            credentials: row.get(4)?,
            uploads: row.get(5)?,
        })
    })
}

/// Reads rows until they end, or until `left` is used up; whether they ended.
fn take_rows(
    rows: &mut rusqlite::Rows<'_>,
    table: &Table,
    left: &mut usize,
    page: &mut Vec<Row>,
) -> rusqlite::Result<bool> {
    while *left > 0 {
        let Some(row) = rows.next()? else { return Ok(true) };
        let values = (0..table.columns.len()).map(|column| row.get(column));
        let values: Row = values.collect::<rusqlite::Result<_>>()?;
        *left = left.saturating_sub(values.iter().map(Value::size_bytes).sum());
        page.push(values);
    }
    Ok(false)
}

fn make(db: &Transaction<'_>, change: &Change) -> rusqlite::Result<()> {
    match change {
        Change::Put(table, rows) => put(db, table, rows, true),
        Change::Add(table, rows) => put(db, table, rows, false),
        Change::Drop(table, rows) => {
            let key = table.key_list();
            let statement =
                format!("delete from {} where ({key}) = {}", table.name, Table::places(0, table.key));
            let mut statement = db.prepare_cached(&statement)?;
            rows.iter().try_for_each(|row| statement.execute(params_from_iter(table.key_of(row))).map(drop))
        }
        Change::CutRoom { room, from } => {
            db.prepare_cached(mark::CUT_MESSAGES)?.execute(params![room, from])?;
            db.prepare_cached(mark::CUT_ROOM)?.execute(params![from, room]).map(drop)
        }
        Change::DropRoom { room } => {
            db.prepare_cached(sql::DROP_MEMBERS)?.execute([room])?;
            db.prepare_cached(sql::DROP_ROOM)?.execute([room]).map(drop)
        }
    }
}

fn put(db: &Transaction<'_>, table: &Table, rows: &[Row], over: bool) -> rusqlite::Result<()> {
    let mut statement = format!(
        "insert into {} ({}) values {}",
        table.name,
        table.column_list(),
        Table::places(0, table.columns.len())
    );
    if over {
        statement += &format!(" on conflict ({}) {}", table.key_list(), table.update());
    }
    let mut statement = db.prepare_cached(&statement)?;
    rows.iter().try_for_each(|row| statement.execute(params_from_iter(row)).map(drop))
}

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// A thread that alone has a connection. Dropping it finishes what is in line and closes the database.
struct Worker {
    line: Option<mpsc::Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    fn start(
        open: impl FnOnce() -> Result<Connection, CopyError> + Send + 'static,
    ) -> Result<Self, CopyError> {
        let (line, works) = mpsc::channel::<Work>();
        let (opened, opens) = mpsc::channel();
        let work = move || match open() {
            Ok(mut db) => {
                db.set_prepared_statement_cache_capacity(64);
                let waits = opened.send(Ok(()));
                if waits.is_ok() {
                    works.into_iter().for_each(|work| work(&mut db));
                }
            }
            Err(error) => {
                // Nobody waits only when the caller has gone.
                let _gone = opened.send(Err(error));
            }
        };
        let thread = thread::Builder::new()
            .name("store-copy".into())
            .spawn(work)
            .map_err(|error| CopyError::failed("a thread", error))?;
        let worker = Self { line: Some(line), thread: Some(thread) };
        opens.recv().unwrap_or_else(|_| Err(CopyError::failed("a thread", "it has panicked")))?;
        Ok(worker)
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (answer, answered) = oneshot::channel();
        let line = self.line.as_ref().expect("it is there until this is dropped");
        // When the thread has ended the answer's other end is dropped with the work, which the caller sees.
        let _ended = line.send(Box::new(move |db| {
            let _gone = answer.send(work(db));
        }));
        answered
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.line.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a thread of the copy panicked");
        }
    }
}

/// Whether two paths lead to one folder.
pub fn same_folder(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
