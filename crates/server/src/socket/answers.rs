//! Tells the desk who has answered for the first time in a consultation. The room knows it already; that the desk hears of
//! it may fail, and then the next answer tells it.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use nodechat_domain::Error;
use nodechat_domain::app::Desk;
use nodechat_domain::model::{AccountId, ChatId, Person, RoomId};

/// Consultations that are remembered; with more, the desk is told again, which does no harm.
const KNOWN: usize = 20_000;

#[derive(Default)]
pub struct Answers {
    known: Mutex<HashSet<(ChatId, AccountId)>>,
}

impl Answers {
    pub async fn note(&self, desk: &Desk, agent: &Person, room: &RoomId, chat: ChatId) {
        let answer = (chat, agent.aid.clone());
        if self.known(|known| known.contains(&answer)) {
            return;
        }
        if let Err(error @ Error::Unavailable { .. }) = desk.answered(agent, room).await {
            tracing::debug!(%error, "the desk has not heard of an answer; it will of the next");
            return;
        }
        // Also when the desk does not want to hear of it: this agent helps out in another's consultation.
        self.known(|known| {
            if known.len() >= KNOWN {
                known.clear();
            }
            known.insert(answer);
        });
    }

    fn known<T>(&self, work: impl FnOnce(&mut HashSet<(ChatId, AccountId)>) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
