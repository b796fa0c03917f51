//! Agents who come and go, and what they set for themselves.

use std::collections::BTreeSet;

use super::{Outcome, Shift};
use crate::error::{Error, Result};
use crate::model::desk::{DeskAgent, Status, What};
use crate::model::{AccountId, ChatId, Person};

impl Shift<'_> {
    pub(super) fn came(&mut self, agent: &Person, node: &str) -> Result<Outcome> {
        let cap = self.desk.settings.cap;
        let known = self.desk.agents.entry(agent.aid.clone()).or_insert_with(|| DeskAgent {
            aid: agent.aid.clone(),
            mid: agent.mid.clone(),
            account: agent.account.clone(),
            nick: agent.nick.clone(),
            status: Status::Online,
            nodes: BTreeSet::new(),
            grace: None,
            cap,
            groups: BTreeSet::new(),
            supervisor: false,
            last_busy: 0,
            wait_count: None,
        });
        let was_present = known.is_present();
        let is_back = known.grace.take().is_some();
        known.mid.clone_from(&agent.mid);
        known.account.clone_from(&agent.account);
        known.nick.clone_from(&agent.nick);
        known.nodes.insert(node.into());
        if !was_present && !is_back && known.status == Status::Offline {
            // Offline was meant for the day that is over.
            known.status = Status::Online;
        }
        self.desk.touched.agents.insert(agent.aid.clone());
        if !was_present {
            let happening = self.say(What::Came);
            happening.agent = Some(agent.aid.clone());
            happening.number = Some(if is_back { 0 } else { 1 });
        }
        Ok(Outcome::Done)
    }

    pub(super) fn went(&mut self, agent: &AccountId, node: &str) -> Result<Outcome> {
        self.lose_node(agent, node);
        Ok(Outcome::Done)
    }

    pub(super) fn node_gone(&mut self, node: &str) -> Result<Outcome> {
        let there = self.desk.agents.values().filter(|agent| agent.nodes.contains(node));
        let agents: Vec<AccountId> = there.map(|agent| agent.aid.clone()).collect();
        for agent in agents {
            self.lose_node(&agent, node);
        }
        Ok(Outcome::Done)
    }

    pub(super) fn set_status(&mut self, agent: &AccountId, status: Status) -> Result<Outcome> {
        let known = self.desk.agents.get(agent).ok_or(Error::NotFound("agent"))?;
        if known.status == status {
            return Ok(Outcome::Done);
        }
        if let Some(known) = self.change_agent(agent) {
            known.status = status;
        }
        let happening = self.say(What::StatusSet);
        happening.agent = Some(agent.clone());
        happening.number = Some(status as i64);
        Ok(Outcome::Done)
    }

    pub(super) fn set_wait_count(&mut self, agent: &AccountId, count: u32) -> Result<Outcome> {
        let known = self.desk.agents.get(agent).ok_or(Error::NotFound("agent"))?;
        if known.wait_count != Some(count)
            && let Some(known) = self.change_agent(agent)
        {
            known.wait_count = Some(count);
        }
        Ok(Outcome::Done)
    }

    /// The grace is over: what the agent had goes to others, what it was offered goes back.
    pub(super) fn gone(&mut self, agent: &AccountId) {
        if let Some(known) = self.change_agent(agent) {
            known.grace = None;
        }
        self.say(What::Gone).agent = Some(agent.clone());
        let mut had: Vec<_> =
            self.desk.consultations.values().filter(|had| had.seats().any(|seat| seat == agent)).collect();
        had.sort_by_key(|had| had.order);
        let had: Vec<ChatId> = had.into_iter().map(|had| had.chat).collect();
        for chat in had {
            let serving = self.open(chat).serving().expect("it has a seat");
            match &serving.transfer {
                Some(transfer) if transfer.to == *agent => self.decline(chat, "gone"),
                // Whoever it is offered to decides; the queue gets it if that one does not want it.
                Some(_) => {}
                None => self.return_to_queue(chat),
            }
        }
    }

    fn lose_node(&mut self, agent: &AccountId, node: &str) {
        let Some(known) = self.desk.agents.get_mut(agent) else { return };
        if !known.nodes.remove(node) {
            return;
        }
        self.desk.touched.agents.insert(agent.clone());
        if known.is_present() {
            return;
        }
        let until = self.now.saturating_add(self.desk.settings.grace_ms.max(0));
        known.grace = Some(until);
        let happening = self.say(What::Went);
        happening.agent = Some(agent.clone());
        happening.number = Some(until);
        if self.desk.settings.grace_ms <= 0 {
            self.gone(agent);
        }
    }
}
