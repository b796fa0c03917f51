//! Giving those who wait to those who are free.

use std::collections::BTreeMap;

use super::{Shift, after};
use crate::model::desk::{Consultation, Desk, DeskAgent, Serving, State, Waiting, What, is_of};
use crate::model::{AccountId, ChatId, GroupId};

/// How many consultations each agent has.
type Loads = BTreeMap<AccountId, u32>;

impl Shift<'_> {
    /// Gives everybody who waits a free seat if there is one, in the order of the queue.
    pub(super) fn seat_all(&mut self) {
        let mut loads = loads(self.desk);
        if !self.desk.agents.values().any(|agent| has_seat(agent, &loads)) {
            return;
        }
        let queue: Vec<ChatId> = self.desk.queue().into_iter().map(|waits| waits.chat).collect();
        // Nothing of what is done here changes which group serves, nor brings a seat back.
        let mut full: BTreeMap<Option<GroupId>, ()> = BTreeMap::new();
        for chat in queue {
            let group = self.open(chat).group;
            if full.contains_key(&group) {
                continue;
            }
            let waits = self.open(chat);
            let Some(agent) = choose(self.desk, waits, &loads, None) else {
                // Somebody may be free for the others who has given this one away.
                if waits.giver().is_none() {
                    full.insert(group, ());
                }
                continue;
            };
            let is_wanted = self.open(chat).wanted.as_ref() == Some(&agent);
            self.assign(chat, &agent, if is_wanted { "wanted" } else { "free" });
            *loads.entry(agent).or_default() += 1;
        }
    }

    /// Whom it would be given to now, were it not for this agent.
    pub(super) fn another(&self, chat: ChatId, than: &AccountId) -> Option<AccountId> {
        choose(self.desk, self.open(chat), &loads(self.desk), Some(than))
    }

    /// From now on the agent has it.
    pub(super) fn assign(&mut self, chat: ChatId, agent: &AccountId, why: &str) {
        let (now, settings) = (self.now, self.desk.settings.clone());
        let before = self.open(chat);
        let waited_ms = before.waiting().map_or(0, |waiting| now - waiting.since).max(0);
        let former = before.agent().cloned();
        let idle_at = if before.left.is_some() { None } else { after(now, settings.idle_ms) };
        let consultation = self.change(chat);
        consultation.unanswered = true;
        // Whoever takes back what it gave away knows what it said.
        consultation.handed.take_if(|handed| handed.by == *agent);
        consultation.first_served.get_or_insert(now);
        consultation.state = State::Serving(Serving {
            agent: agent.clone(),
            since: now,
            answer_by: after(now, settings.answer_limit_ms),
            idle_at,
            idle_warned: None,
            answered: false,
            transfer: None,
        });
        self.desk.touched.asked.insert(chat);
        let happening = self.say_of(What::Assigned, chat);
        happening.number = Some(waited_ms);
        happening.note = Some(why.into());
        happening.other = former;
        self.was_busy(agent);
    }

    /// Its agent is gone: it goes before all who were never served, in the order of their applications.
    pub(super) fn return_to_queue(&mut self, chat: ChatId) {
        let now = self.now;
        let former = self.open(chat).agent().cloned();
        let consultation = self.change(chat);
        consultation.unanswered = false;
        consultation.state = State::Waiting(Waiting { since: now, returned: true, offer_at: None });
        self.desk.touched.asked.remove(&chat);
        if let Some(former) = &former {
            // It has one seat less taken, though it did nothing.
            self.change_agent(former);
        }
        self.say_of(What::Returned, chat).agent = former;
    }
}

pub(super) fn loads(desk: &Desk) -> Loads {
    let mut loads = Loads::new();
    for seat in desk.consultations.values().flat_map(Consultation::seats) {
        *loads.entry(seat.clone()).or_default() += 1;
    }
    loads
}

/// Who gets it: last those who have let it wait already, then the one who is wanted, then the least busy, of those the
/// one who has been idle longest.
fn choose(desk: &Desk, waits: &Consultation, loads: &Loads, except: Option<&AccountId>) -> Option<AccountId> {
    let group = desk.serving_group(waits.group);
    let shunned = desk.shunned(waits, group);
    let suits = |agent: &&DeskAgent| {
        has_seat(agent, loads) && ![except, shunned].contains(&Some(&agent.aid)) && is_of(agent, group)
    };
    let rank = |agent: &&DeskAgent| {
        let passed = waits.passed.iter().rposition(|passed| *passed == agent.aid).map_or(0, |at| at + 1);
        let unwanted = waits.wanted.as_ref() != Some(&agent.aid);
        (passed, unwanted, load(loads, agent), agent.last_busy)
    };
    desk.agents.values().filter(suits).min_by_key(rank).map(|agent| agent.aid.clone())
}

fn has_seat(agent: &DeskAgent, loads: &Loads) -> bool {
    agent.takes_new() && load(loads, agent) < agent.cap
}

fn load(loads: &Loads, agent: &DeskAgent) -> u32 {
    loads.get(&agent.aid).copied().unwrap_or_default()
}
