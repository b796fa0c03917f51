//! The one thread that writes: it takes every waiting piece of work, syncs once, lets all be told.
//!
//! A batch is one transaction without savepoints. Work that is refused before it wrote anything,
//! the usual refusal, costs the others nothing. Only when a piece fails half-way is the batch rolled
//! back and done again with a savepoint around each piece; decisions may be called more than once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use nodechat_domain::error::{Error, Result};
use nodechat_domain::model::RoomId;
use nodechat_domain::port::{Answer, Change, Feed};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::connect::Door;
use super::failure::{Fault, Stop, failed, fault, panicked};
use super::line::Line;
use super::teller::Teller;

/// Hands work to the writer's thread.
pub struct Writer {
    line: Arc<Line<Box<dyn Job>>>,
    counts: Arc<Counts>,
}

/// What a piece of work has done.
pub struct Written<T> {
    pub answer: T,
    /// What the feed hears of it.
    pub news: Option<(RoomId, Vec<Change>)>,
}

/// How much was committed and synced since the store was opened.
#[derive(Debug, Default)]
pub struct Counts {
    pub batches: AtomicU64,
    pub jobs: AtomicU64,
    /// The last batch that wanted to write could not.
    pub failing: AtomicBool,
}

impl<T> Written<T> {
    pub fn quietly(answer: T) -> Self {
        Self { answer, news: None }
    }
}

impl Writer {
    pub fn start(
        door: Door,
        db: Connection,
        feed: Arc<dyn Feed>,
        max_batch: usize,
        max_waiting: usize,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let line = Arc::new(Line::new(max_waiting));
        let counts = Arc::new(Counts::default());
        let desk = Desk {
            line: Arc::clone(&line),
            counts: Arc::clone(&counts),
            door,
            db: Some(db),
            teller: Teller::start(feed)?,
            max_batch: max_batch.max(1),
        };
        let thread = thread::Builder::new().name("store-writer".into()).spawn(move || desk.work())?;
        Ok((Self { line, counts }, thread))
    }

    /// Puts the work in line at once, before the future is first asked: what one caller starts first
    /// is done first.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Result<Written<T>, Stop> + Send + 'static,
    ) -> Answer<'static, T> {
        let (answer, answered) = oneshot::channel();
        let pushed = self.line.push(Box::new(Write { work, outcome: None, answer }));
        Box::pin(async move {
            pushed?;
            answered.await.map_err(|_| Error::unavailable("the store has stopped"))?
        })
    }

    pub fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }

    pub fn line(&self) -> Arc<Line<Box<dyn Job>>> {
        Arc::clone(&self.line)
    }
}

/// A piece of work in line, whatever its answer.
pub trait Job: Send {
    /// Runs inside the batch's transaction; may be called again after a rollback. Fails only when
    /// the database does, for all.
    fn run(&mut self, db: &Connection) -> rusqlite::Result<Verdict>;
    fn tell(&self, feed: &dyn Feed);
    /// `failure`: why the batch was not committed.
    fn answer(self: Box<Self>, failure: Option<Error>);
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Done,
    Refused,
}

struct Write<T, F> {
    work: F,
    outcome: Option<Result<Written<T>>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnMut(&Connection) -> Result<Written<T>, Stop> + Send,
{
    fn run(&mut self, db: &Connection) -> rusqlite::Result<Verdict> {
        let work = &mut self.work;
        let outcome = match catch_unwind(AssertUnwindSafe(|| work(db))) {
            Ok(Ok(written)) => Ok(written),
            Ok(Err(Stop::Refused(error))) => Err(error),
            Ok(Err(Stop::Failed(error))) if fault(&error) == Fault::Defect => Err(failed(error)),
            Ok(Err(Stop::Failed(error))) => return Err(error),
            Err(panic) => Err(panicked(&*panic)),
        };
        let verdict = if outcome.is_ok() { Verdict::Done } else { Verdict::Refused };
        self.outcome = Some(outcome);
        Ok(verdict)
    }

    fn tell(&self, feed: &dyn Feed) {
        if let Some(Ok(Written { news: Some((room, changes)), .. })) = &self.outcome
            && !changes.is_empty()
        {
            feed.committed(room, changes);
        }
    }

    fn answer(self: Box<Self>, failure: Option<Error>) {
        let answer = match (failure, self.outcome) {
            (Some(error), _) => Err(error),
            (None, Some(outcome)) => outcome.map(|written| written.answer),
            (None, None) => Err(Error::internal("a piece of work was committed without having run")),
        };
        // A caller that went away wants no answer; the change is made all the same.
        let _gone = self.answer.send(answer);
    }
}

/// The writer's thread. No lock: it alone has this connection.
struct Desk {
    line: Arc<Line<Box<dyn Job>>>,
    counts: Arc<Counts>,
    door: Door,
    /// None after a failure that may have spoilt the connection.
    db: Option<Connection>,
    /// Dropped, and waited for, at the end of this thread.
    teller: Teller,
    max_batch: usize,
}

impl Desk {
    fn work(mut self) {
        let mut batch = Vec::new();
        while self.line.take(self.max_batch, &mut batch) {
            match self.commit(&mut batch) {
                Ok(()) => self.teller.tell(std::mem::take(&mut batch), self.line.is_waiting()),
                Err(error) => self.give_up(&mut batch, error),
            }
        }
    }

    fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
        let db = match self.db.take() {
            Some(db) => db,
            None => self.door.writer()?,
        };
        let db = self.db.insert(db);
        let before = db.total_changes();
        if !together(db, batch)? {
            one_by_one(db, batch)?;
        }
        if db.total_changes() != before {
            self.counts.batches.fetch_add(1, Ordering::Relaxed);
            self.counts.jobs.fetch_add(batch.len() as u64, Ordering::Relaxed);
            self.counts.failing.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Nothing of the batch has happened. The next batch finds a clean connection.
    fn give_up(&mut self, batch: &mut Vec<Box<dyn Job>>, error: rusqlite::Error) {
        let spoilt = fault(&error) == Fault::Connection;
        let rolled_back = self.db.as_ref().is_some_and(|db| roll_back(db).is_ok());
        if spoilt || !rolled_back {
            self.db = None;
        }
        self.counts.failing.store(true, Ordering::Relaxed);
        tracing::warn!(%error, waiting = batch.len(), "a batch could not be committed");
        let error = Arc::new(error);
        batch.drain(..).for_each(|job| job.answer(Some(Error::unavailable(Shared(Arc::clone(&error))))));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // However this thread ends, nobody waits for it in vain.
        self.line.abandon();
    }
}

/// Runs the batch as one transaction; false, with nothing done, when a piece failed half-way.
fn together(db: &Connection, batch: &mut [Box<dyn Job>]) -> rusqlite::Result<bool> {
    execute(db, "begin immediate")?;
    for job in batch.iter_mut() {
        let before = db.total_changes();
        if job.run(db)? == Verdict::Refused && db.total_changes() != before {
            execute(db, "rollback")?;
            return Ok(false);
        }
    }
    execute(db, "commit")?;
    Ok(true)
}

fn one_by_one(db: &Connection, batch: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    execute(db, "begin immediate")?;
    for job in batch.iter_mut() {
        execute(db, "savepoint piece")?;
        if job.run(db)? == Verdict::Refused {
            execute(db, "rollback to piece")?;
        }
        execute(db, "release piece")?;
    }
    execute(db, "commit")
}

/// Some failures have rolled back already.
fn roll_back(db: &Connection) -> rusqlite::Result<()> {
    if db.is_autocommit() { Ok(()) } else { execute(db, "rollback") }
}

pub fn execute(db: &Connection, statement: &'static str) -> rusqlite::Result<()> {
    db.prepare_cached(statement)?.execute([]).map(drop)
}

/// One cause, told to everybody in the batch.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Shared(Arc<rusqlite::Error>);

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use nodechat_domain::error::Class;

    use super::*;

    struct Deaf;

    impl Feed for Deaf {
        fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
    }

    /// Hears nothing until it is let.
    struct Late(std::sync::Mutex<mpsc::Receiver<()>>);

    impl Feed for Late {
        fn committed(&self, _room: &RoomId, _changes: &[Change]) {
            self.0.lock().unwrap().recv().unwrap();
        }
    }

    /// A writer on an empty database with one table.
    fn writer(max_batch: usize, max_waiting: usize) -> (Writer, tempfile::TempDir) {
        heard_by(Arc::new(Deaf), max_batch, max_waiting)
    }

    fn heard_by(feed: Arc<dyn Feed>, max_batch: usize, max_waiting: usize) -> (Writer, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        super::super::connect::create(&path).unwrap();
        let door = Door { path, busy: std::time::Duration::from_secs(5) };
        let db = door.writer().unwrap();
        db.execute_batch("create table word (word text not null unique)").unwrap();
        let (writer, _thread) = Writer::start(door, db, feed, max_batch, max_waiting).unwrap();
        (writer, folder)
    }

    fn add(writer: &Writer, word: &str) -> nodechat_domain::port::Answer<'static, ()> {
        let word = word.to_owned();
        writer.write(move |db| {
            db.execute("insert into word (word) values ($1)", [&word])?;
            Ok(Written::quietly(()))
        })
    }

    fn run(writer: &Writer, statement: &'static str) -> nodechat_domain::port::Answer<'static, ()> {
        writer.write(move |db| {
            db.execute_batch(statement)?;
            Ok(Written::quietly(()))
        })
    }

    /// Keeps the writer busy until the sender is dropped.
    fn hold(writer: &Writer) -> (mpsc::Sender<()>, nodechat_domain::port::Answer<'static, ()>) {
        let (release, held) = mpsc::channel::<()>();
        let (entered, inside) = mpsc::channel();
        let holding = writer.write(move |_| {
            entered.send(()).unwrap();
            assert!(held.recv().is_err(), "it is released by dropping");
            Ok(Written::quietly(()))
        });
        inside.recv().unwrap();
        (release, holding)
    }

    #[tokio::test]
    async fn what_waits_shares_one_sync() {
        let (writer, _folder) = writer(512, 1000);
        let (release, holding) = hold(&writer);
        let waiting: Vec<_> = (0..100).map(|number| add(&writer, &number.to_string())).collect();
        drop(release);
        holding.await.unwrap();
        for answer in waiting {
            answer.await.unwrap();
        }
        assert_eq!(writer.counts().batches.load(Ordering::Relaxed), 1);
        assert_eq!(writer.counts().jobs.load(Ordering::Relaxed), 100);
    }

    #[tokio::test]
    async fn the_next_batch_is_written_while_one_is_told() {
        let (listen, heard) = mpsc::channel();
        let (writer, _folder) = heard_by(Arc::new(Late(heard.into())), 1, 100);
        let (release, holding) = hold(&writer);
        let told = writer.write(|db| {
            db.execute("insert into word (word) values ('told')", [])?;
            let read = Change::Opened { visitor_nick: Default::default(), time: 0 };
            Ok(Written { answer: (), news: Some((RoomId::parse("/U2S_ann#c1").unwrap(), vec![read])) })
        });
        let (done, written) = mpsc::channel();
        let next = writer.write(move |_| {
            done.send(()).unwrap();
            Ok(Written::quietly(()))
        });
        drop(release);
        holding.await.unwrap();
        written.recv().unwrap();
        listen.send(()).unwrap();
        told.await.unwrap();
        next.await.unwrap();
    }

    #[tokio::test]
    async fn a_line_that_is_full_says_so_and_goes_on() {
        let (writer, _folder) = writer(512, 3);
        let (release, holding) = hold(&writer);
        let waiting: Vec<_> = (0..3).map(|number| add(&writer, &number.to_string())).collect();
        let refused = add(&writer, "one too many").await.unwrap_err();
        assert_eq!(refused.class(), Class::Later);
        drop(release);
        holding.await.unwrap();
        for answer in waiting {
            answer.await.unwrap();
        }
        add(&writer, "one too many").await.unwrap();
    }

    #[tokio::test]
    async fn a_piece_that_fails_half_way_is_undone_alone() {
        let (writer, _folder) = writer(512, 100);
        let (release, holding) = hold(&writer);
        let first = add(&writer, "first");
        let half = writer.write(|db| {
            db.execute("insert into word (word) values ('half')", [])?;
            Err::<Written<()>, _>(Error::conflict("changed its mind").into())
        });
        let double = writer.write(|db| {
            db.execute("insert into word (word) values ('once')", [])?;
            db.execute("insert into word (word) values ('once')", [])?;
            Ok(Written::quietly(()))
        });
        let last = add(&writer, "last");
        drop(release);
        holding.await.unwrap();
        first.await.unwrap();
        last.await.unwrap();
        assert_eq!(half.await.unwrap_err().to_string(), "changed its mind");
        assert_eq!(double.await.unwrap_err().class(), Class::Bug);
        let words = writer.write(|db| {
            let mut statement = db.prepare("select word from word order by word")?;
            let words =
                statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok(Written::quietly(words))
        });
        assert_eq!(words.await.unwrap(), ["first", "last"]);
    }

    #[tokio::test]
    async fn a_full_disk_is_unavailable_for_all_and_heals() {
        let (writer, _folder) = writer(512, 100);
        run(&writer, "pragma max_page_count = 8").await.unwrap();
        let (release, holding) = hold(&writer);
        let large = "x".repeat(100_000);
        let batch = [add(&writer, "small"), add(&writer, &large), add(&writer, "small too")];
        drop(release);
        holding.await.unwrap();
        for answer in batch {
            let error = answer.await.unwrap_err();
            assert_eq!(error.class(), Class::Later);
            assert!(error.retry_after_ms().is_some());
        }
        assert!(writer.counts().failing.load(Ordering::Relaxed));
        run(&writer, "pragma max_page_count = 100000").await.unwrap();
        add(&writer, "small").await.unwrap();
        add(&writer, &large).await.unwrap();
        assert!(!writer.counts().failing.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn a_closed_line_is_finished_and_lets_nothing_in() {
        let (writer, _folder) = writer(2, 100);
        let (release, holding) = hold(&writer);
        let waiting: Vec<_> = (0..9).map(|number| add(&writer, &number.to_string())).collect();
        writer.line().close();
        let late = add(&writer, "late");
        drop(release);
        holding.await.unwrap();
        for answer in waiting {
            answer.await.unwrap();
        }
        assert_eq!(late.await.unwrap_err().class(), Class::Later);
    }
}
