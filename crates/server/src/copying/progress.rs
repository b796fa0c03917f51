//! How far a copy is, in one line on a terminal; nothing where nobody watches.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use nodechat_store::copy::Watch;

const AGAIN: Duration = Duration::from_millis(200);

pub struct Progress {
    is_watched: bool,
    /// Messages that are to be copied, and all of them.
    new_messages: u64,
    all_messages: u64,
    started: Instant,
    shown: Mutex<Option<Instant>>,
}

impl Progress {
    pub fn new(new_messages: i64, all_messages: i64) -> Self {
        Self {
            is_watched: std::io::stderr().is_terminal(),
            new_messages: u64::try_from(new_messages).unwrap_or_default(),
            all_messages: u64::try_from(all_messages).unwrap_or_default(),
            started: Instant::now(),
            shown: Mutex::new(None),
        }
    }

    pub fn files(&self, done: u64, of: i64) {
        self.show(|| format!("{done} of {of} files"));
    }

    /// Leaves an empty line for what comes.
    pub fn end(&self) {
        if self.is_watched {
            self.write("");
        }
    }

    fn show(&self, line: impl FnOnce() -> String) {
        if !self.is_watched {
            return;
        }
        let mut shown = self.shown.lock().expect("no holder of this lock can panic");
        if shown.is_none_or(|at| at.elapsed() > AGAIN) {
            *shown = Some(Instant::now());
            self.write(&line());
        }
    }

    /// Over the line before. A terminal that is gone is nothing to stop for.
    fn write(&self, line: &str) {
        let mut out = std::io::stderr().lock();
        let _gone = write!(out, "\r\x1b[K{line}").and_then(|()| out.flush());
    }

    fn left(&self, done: u64, of: u64) -> String {
        let seconds = self.started.elapsed().as_secs_f64();
        let left = of.saturating_sub(done) as f64 * seconds / done.max(1) as f64;
        format!("{:.0} each second, {left:.0} s left", done as f64 / seconds.max(0.001))
    }
}

impl Watch for Progress {
    fn messages(&self, written: u64) {
        let of = self.new_messages.max(written);
        self.show(|| format!("{written} of {of} messages copied, {}", self.left(written, of)));
    }

    fn verified(&self, messages: u64) {
        self.show(|| format!("{messages} of {} messages verified", self.all_messages));
    }
}
