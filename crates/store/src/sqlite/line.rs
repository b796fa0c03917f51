//! A bounded line of work between async callers and the threads that own connections.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};

use nodechat_domain::error::Error;

pub struct Line<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
    limit: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    open: bool,
    /// Threads asleep for want of work: nobody is woken when there are none, which saves a system
    /// call for each item of a busy line.
    asleep: usize,
}

impl<T> Line<T> {
    pub fn new(limit: usize) -> Self {
        let state = State { waiting: VecDeque::new(), open: true, asleep: 0 };
        Self { state: Mutex::new(state), arrived: Condvar::new(), limit }
    }

    /// Puts an item at the end. Refused when the line is full, so that a store that cannot keep up
    /// says so instead of eating up the memory, and when it is closed.
    pub fn push(&self, item: T) -> Result<(), Error> {
        let mut state = self.lock();
        if !state.open {
            return Err(Error::unavailable("the store is closed"));
        }
        if state.waiting.len() >= self.limit {
            return Err(Error::unavailable("too much is waiting for the store"));
        }
        state.waiting.push_back(item);
        if state.asleep > 0 {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Waits for work and moves up to `max` items into `batch`; false when the line is closed and
    /// nothing is left.
    pub fn take(&self, max: usize, batch: &mut Vec<T>) -> bool {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if !state.open {
                return false;
            }
            state.asleep += 1;
            state = self.arrived.wait(state).expect("no holder of this lock can panic");
            state.asleep -= 1;
        }
        let count = state.waiting.len().min(max);
        batch.extend(state.waiting.drain(..count));
        true
    }

    /// Whether somebody waits.
    pub fn is_waiting(&self) -> bool {
        !self.lock().waiting.is_empty()
    }

    /// Lets nothing new in; what is there is still taken.
    pub fn close(&self) {
        self.lock().open = false;
        self.arrived.notify_all();
    }

    /// Closes the line and drops what nobody will take any more.
    pub fn abandon(&self) {
        self.close();
        let dropped = std::mem::take(&mut self.lock().waiting);
        drop(dropped);
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("no holder of this lock can panic")
    }
}
