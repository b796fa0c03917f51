//! The threads that read: each with its own connection, each question answered from one moment.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use nodechat_domain::error::{Error, Result};
use nodechat_domain::port::Answer;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::connect::Door;
use super::failure::{Fault, Stop, fault, panicked};
use super::line::Line;
use super::writer::execute;

pub type Question = Box<dyn FnOnce(&mut Desk) + Send>;

/// Hands questions to the readers' threads.
pub struct Readers {
    line: Arc<Line<Question>>,
}

impl Readers {
    pub fn start(
        door: &Door,
        count: usize,
        max_waiting: usize,
    ) -> std::io::Result<(Self, Vec<JoinHandle<()>>)> {
        let line = Arc::new(Line::new(max_waiting));
        let threads = (0..count.max(1))
            .map(|_| {
                let line = Arc::clone(&line);
                // The connection is opened with the first question.
                let desk = Desk { door: door.clone(), db: None };
                thread::Builder::new().name("store-reader".into()).spawn(move || work(desk, &line))
            })
            .collect::<std::io::Result<_>>()?;
        Ok((Self { line }, threads))
    }

    /// Answers `look` from one snapshot of the database.
    pub fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, Stop> + Send + 'static,
    ) -> Answer<'static, T> {
        let (answer, answered) = oneshot::channel();
        let pushed = self.line.push(Box::new(move |desk| {
            // A caller that went away wants no answer.
            let _gone = answer.send(desk.answer(look));
        }));
        Box::pin(async move {
            pushed?;
            answered.await.map_err(|_| Error::unavailable("the store has stopped"))?
        })
    }

    pub fn line(&self) -> Arc<Line<Question>> {
        Arc::clone(&self.line)
    }
}

fn work(mut desk: Desk, line: &Line<Question>) {
    let mut questions = Vec::new();
    while line.take(1, &mut questions) {
        questions.drain(..).for_each(|question| question(&mut desk));
    }
}

pub struct Desk {
    door: Door,
    /// None until it is needed, and after a failure that may have spoilt the connection.
    db: Option<Connection>,
}

impl Desk {
    fn answer<T>(&mut self, look: impl FnOnce(&Connection) -> Result<T, Stop>) -> Result<T> {
        let db = match self.db.take() {
            Some(db) => db,
            None => self.door.reader().map_err(Stop::Failed)?,
        };
        let answer = match catch_unwind(AssertUnwindSafe(|| at_one_moment(&db, look))) {
            Ok(answer) => answer,
            Err(panic) => Err(Stop::Refused(panicked(&*panic))),
        };
        let ended = db.is_autocommit() || execute(&db, "rollback").is_ok();
        let spoilt = matches!(&answer, Err(Stop::Failed(error)) if fault(error) == Fault::Connection);
        if ended && !spoilt {
            self.db = Some(db);
        }
        Ok(answer?)
    }
}

fn at_one_moment<T>(db: &Connection, look: impl FnOnce(&Connection) -> Result<T, Stop>) -> Result<T, Stop> {
    execute(db, "begin")?;
    let answer = look(db)?;
    execute(db, "commit")?;
    Ok(answer)
}
