//! How desks stand, for those who watch a wallboard: told when something has changed, at most once a second.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use nodechat_domain::model::desk::Desk;
use nodechat_domain::model::{CompanyId, Person};
use nodechat_domain::{Error, Result};
use nodechat_sio::Socket;
use tokio::sync::Notify;

use super::calls::{Answer, answer};
use super::fanout::told;
use super::{Chat, ChatIo};
use crate::wire::{Now, Success, WallboardEvent, event};

/// As often as anybody can look.
const PACE: Duration = Duration::from_secs(1);

/// `mgr` with `wallboard`: this page is told, or not any more. For supervisors.
pub async fn call(chat: &Chat, socket: &Socket<Chat>, agent: &Person, on: bool) -> Result<Answer> {
    let company = agent.company().ok_or(Error::Forbidden)?;
    if !on {
        chat.wallboards.unwatch(socket, company);
        return answer(&Success::YES);
    }
    let desk = chat.desk.look(company).await?;
    if !desk.agents.get(&agent.aid).is_some_and(|agent| agent.supervisor) {
        return Err(Error::Forbidden);
    }
    chat.wallboards.watch(socket, &desk);
    answer(&Success::YES)
}

#[derive(Default)]
pub struct Wallboards {
    /// Set once the transport is made, which itself needs this.
    io: OnceLock<ChatIo>,
    boards: Mutex<HashMap<CompanyId, Board>>,
    changed: Notify,
}

/// A company's, for as long as somebody watches.
struct Board {
    now: Now,
    shown: Option<Now>,
}

impl Wallboards {
    pub fn attach(&self, io: ChatIo) {
        let first = self.io.set(io).is_ok();
        assert!(first, "there is one transport");
    }

    /// This socket is told from now on, beginning with how the desk stands now.
    pub fn watch(&self, socket: &Socket<Chat>, desk: &Desk) {
        socket.join(&watching(&desk.company));
        let now = Now::of(desk);
        let event = (WallboardEvent::new(&desk.company, &now),);
        told(socket.emit(event::WALLBOARD, &event));
    }

    pub fn unwatch(&self, socket: &Socket<Chat>, company: &CompanyId) {
        socket.leave(&watching(company));
    }

    /// Something has happened at this desk, on whatever node.
    pub fn happened(&self, desk: &Desk) {
        if !self.is_watched(&desk.company) {
            self.boards().remove(&desk.company);
            return;
        }
        let now = Now::of(desk);
        match self.boards().entry(desk.company.clone()) {
            Entry::Occupied(mut board) => board.get_mut().now = now,
            Entry::Vacant(place) => drop(place.insert(Board { now, shown: None })),
        }
        self.changed.notify_one();
    }

    /// Tells what has changed, and rests. Runs until it is dropped.
    pub async fn run(self: Arc<Self>) {
        loop {
            self.changed.notified().await;
            for (company, now) in self.news() {
                let Some(io) = self.io.get() else { continue };
                let event = (WallboardEvent::new(&company, &now),);
                told(io.to(&watching(&company)).emit(event::WALLBOARD, &event));
            }
            tokio::time::sleep(PACE).await;
        }
    }

    /// Those that are not as they were shown; they count as shown.
    fn news(&self) -> Vec<(CompanyId, Now)> {
        let mut boards = self.boards();
        let changed = boards.iter_mut().filter(|(_, board)| board.shown.as_ref() != Some(&board.now));
        changed
            .map(|(company, board)| {
                board.shown = Some(board.now.clone());
                (company.clone(), board.now.clone())
            })
            .collect()
    }

    fn is_watched(&self, company: &CompanyId) -> bool {
        self.io.get().is_some_and(|io| !io.to(&watching(company)).sockets().is_empty())
    }

    fn boards(&self) -> std::sync::MutexGuard<'_, HashMap<CompanyId, Board>> {
        self.boards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The transport's room of those who watch a company's wallboard. No chat room and no person's room is called so.
fn watching(company: &CompanyId) -> String {
    format!("wallboard {company}")
}
