//! Commands of one company wait here for each other: whoever works the line off takes all that wait into one
//! transaction. A command that comes alone is carried out at once.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use nodechat_domain::error::{Error, Result};
use nodechat_domain::model::desk::{Command, DeskAnswer};
use nodechat_domain::model::{CompanyId, Time};
use tokio::sync::oneshot;

use super::Shared;
use super::session::{self, Asked, Done, Kept};
use crate::panicked::panicked;

/// How many commands share a transaction at most.
const MAX_BATCH: usize = 256;

/// A command that waits, and who is told what became of it.
pub struct Piece {
    pub command: Command,
    pub now: Time,
    pub answer: oneshot::Sender<Result<DeskAnswer>>,
}

pub struct Line(Vec<Piece>);

impl Line {
    pub fn of(first: Piece) -> Self {
        Self(vec![first])
    }

    pub fn push(&mut self, piece: Piece) {
        self.0.push(piece);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Carries out what is in the company's line, until nothing is.
pub async fn work_off(shared: Arc<Shared>, company: CompanyId) {
    // Cut off half-way, nobody waits in vain in a line that nobody works off.
    let mut cut_off = CutOff { lines: &shared.lines, company: &company, is_over: false };
    while let Some(batch) = take(&shared, &company) {
        let working = AssertUnwindSafe(carry_out(&shared, &company, batch));
        if let Err(panic) = working.catch_unwind().await {
            // Those who asked are told by their channels' end.
            tracing::error!(error = %panicked(&*panic), "a desk's work panicked");
        }
    }
    // The line is gone; a new one may stand there already, and has a worker of its own.
    cut_off.is_over = true;
}

/// None, and the line is gone, when it is empty.
fn take(shared: &Shared, company: &CompanyId) -> Option<Vec<Piece>> {
    let mut lines = shared.lines.lock().expect("no holder of this lock can panic");
    let line = lines.get_mut(company)?;
    if line.0.is_empty() {
        lines.remove(company);
        return None;
    }
    let rest = line.0.split_off(line.0.len().min(MAX_BATCH));
    Some(std::mem::replace(&mut line.0, rest))
}

async fn carry_out(shared: &Shared, company: &CompanyId, batch: Vec<Piece>) {
    let (asked, answers): (Vec<_>, Vec<_>) = batch
        .into_iter()
        .map(|piece| (Asked { command: piece.command, now: piece.now }, piece.answer))
        .unzip();
    // Taken away: only what is certain to be stored is kept.
    let kept = shared.kept.lock().expect("no holder of this lock can panic").remove(company);
    match session::run(&shared.books, company, asked.into(), kept).await {
        Ok(done) => {
            tell(shared, company, &done);
            keep(shared, company, done.kept);
            for (answer, outcome) in answers.into_iter().zip(done.answers) {
                // A caller that went away wants no answer; it has happened all the same.
                let _gone = answer.send(outcome);
            }
        }
        Err(error) => {
            if error.class() == nodechat_domain::error::Class::Later {
                let unsure = || shared.feed.unsure(company);
                log_deaf(catch_unwind(AssertUnwindSafe(unsure)));
            }
            let error = Arc::new(error);
            for answer in answers {
                let _gone = answer.send(Err(again(&error)));
            }
        }
    }
}

/// A desk at which nobody is takes no memory.
fn keep(shared: &Shared, company: &CompanyId, kept: Kept) {
    if !kept.desk.consultations.is_empty() || !kept.desk.agents.is_empty() {
        shared.kept.lock().expect("no holder of this lock can panic").insert(company.clone(), kept);
    }
}

fn tell(shared: &Shared, company: &CompanyId, done: &Done) {
    let tell = || shared.feed.happened(company, &done.happenings, &done.kept.desk);
    log_deaf(catch_unwind(AssertUnwindSafe(tell)));
}

/// A listener that panics harms nobody but those it was to tell.
fn log_deaf(heard: std::thread::Result<()>) {
    if let Err(panic) = heard {
        tracing::error!(error = %panicked(&*panic), "a listener of the desks panicked");
    }
}

/// The same failure for each of a batch.
fn again(error: &Arc<Error>) -> Error {
    match &**error {
        Error::Unavailable { retry_after_ms, .. } => {
            Error::Unavailable { retry_after_ms: *retry_after_ms, source: Some(Box::new(Arc::clone(error))) }
        }
        _ => Error::internal(Arc::clone(error)),
    }
}

struct CutOff<'a> {
    lines: &'a Mutex<HashMap<CompanyId, Line>>,
    company: &'a CompanyId,
    is_over: bool,
}

impl Drop for CutOff<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        if let Ok(mut lines) = self.lines.lock() {
            lines.remove(self.company);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_worker_that_was_cut_off_takes_the_line_along() {
        let company = CompanyId::parse("c1").unwrap();
        for (is_over, left) in [(false, 0), (true, 1)] {
            let lines = Mutex::new(HashMap::from([(company.clone(), Line(Vec::new()))]));
            drop(CutOff { lines: &lines, company: &company, is_over });
            assert_eq!(lines.lock().unwrap().len(), left);
        }
    }
}
