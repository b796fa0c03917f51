//! Tells the desk who has answered for the first time in a consultation. The room knows it already; that the desk hears of
//! it may fail, and then the next answer tells it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nodechat_domain::Error;
use nodechat_domain::app::Desk;
use nodechat_domain::model::desk::{Happening, What};
use nodechat_domain::model::{AccountId, ChatId, Person, Receipt, RoomId};

/// Consultations that are remembered; with more, the desk is told again, which does no harm.
const KNOWN: usize = 20_000;

#[derive(Default)]
pub struct Answers {
    known: Mutex<HashMap<ChatId, Arc<Heard>>>,
}

/// Of whose answers the desk has heard, since a consultation has the agent that it has.
#[derive(Default)]
struct Heard(Mutex<HashSet<AccountId>>);

impl Answers {
    /// An agent has said something while a consultation ran.
    pub async fn note(&self, desk: &Desk, agent: &Person, room: &RoomId, chat: ChatId, receipt: &Receipt) {
        if receipt.answers {
            // It was given to somebody since, and this node has not heard of it.
            self.forget(chat);
        }
        let heard = self.heard(chat);
        if !receipt.dup && lock(&heard.0).contains(&agent.aid) {
            return;
        }
        // Whoever says it again may have had a node that died before it told the desk.
        let late = receipt.dup;
        if let Err(error @ Error::Unavailable { .. }) =
            desk.answered(agent, room, chat, receipt.time, late).await
        {
            tracing::debug!(%error, "the desk has not heard of an answer; it will of the next");
            return;
        }
        // Also when the desk does not want to hear of it: this agent helps out in another's consultation. Where it was given to
        // somebody meanwhile, nobody asks these any more.
        lock(&heard.0).insert(agent.aid.clone());
    }

    /// Whoever has it from now on, or is offered it, perhaps once more, has not answered in it.
    pub fn consider(&self, happening: &Happening) {
        let given = matches!(
            happening.what,
            What::Assigned
                | What::Offered
                | What::Transferred
                | What::TakenOver
                | What::Reopened
                | What::Ended
        );
        if let Some(chat) = happening.chat.filter(|_| given) {
            self.forget(chat);
        }
    }

    fn heard(&self, chat: ChatId) -> Arc<Heard> {
        let mut known = lock(&self.known);
        if known.len() >= KNOWN {
            known.clear();
        }
        known.entry(chat).or_default().clone()
    }

    fn forget(&self, chat: ChatId) {
        lock(&self.known).remove(&chat);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
