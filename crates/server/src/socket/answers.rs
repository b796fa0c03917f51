//! Tells the desk who has answered for the first time in a consultation. The room knows it already; that the desk hears of
//! it may fail, and then the next answer tells it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use nodechat_domain::Error;
use nodechat_domain::app::Desk;
use nodechat_domain::model::{AccountId, ChatId, Person, Receipt, RoomId};

/// Consultations that are remembered; with more, the desk is told again, which does no harm.
const KNOWN: usize = 20_000;

#[derive(Default)]
pub struct Answers {
    /// Of whose answers the desk has heard, since the consultation has the agent that it has.
    known: Mutex<HashMap<ChatId, HashSet<AccountId>>>,
}

impl Answers {
    /// An agent has said something while a consultation ran.
    pub async fn note(&self, desk: &Desk, agent: &Person, room: &RoomId, chat: ChatId, receipt: &Receipt) {
        if receipt.answers {
            // It was given to somebody since: reopened, handed over, perhaps to whoever had it before.
            self.known(|known| known.remove(&chat));
        }
        let is_known = !receipt.dup
            && self.known(|known| known.get(&chat).is_some_and(|agents| agents.contains(&agent.aid)));
        if is_known {
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
        // Also when the desk does not want to hear of it: this agent helps out in another's consultation.
        self.known(|known| {
            if known.len() >= KNOWN {
                known.clear();
            }
            known.entry(chat).or_default().insert(agent.aid.clone());
        });
    }

    fn known<T>(&self, work: impl FnOnce(&mut HashMap<ChatId, HashSet<AccountId>>) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
