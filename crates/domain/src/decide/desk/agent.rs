//! What agents do: take, accept, hand over, end.

use super::{Outcome, Shift, after};
use crate::error::{Error, Result};
use crate::model::desk::{About, EndedBy, Handed, Past, Serving, State, Transfer, Waiting, What};
use crate::model::{AccountId, ChatId, GroupId, RoomId, Time};

impl Shift<'_> {
    pub(super) fn serve(&mut self, agent: &AccountId, about: &About) -> Result<Outcome> {
        let chat = self.find_unless_over(about)?;
        match self.open(chat).serving() {
            Some(serving) if serving.agent == *agent => self.accept(agent, about),
            Some(Serving { transfer: Some(transfer), .. }) if transfer.to == *agent => {
                self.accept_transfer(agent, about)
            }
            Some(serving) => Err(self.taken_by(&serving.agent.clone())),
            None => {
                self.may_take(agent, chat)?;
                self.assign(chat, agent, "taken");
                self.change_service(chat).answer_by = None;
                Ok(Outcome::Done)
            }
        }
    }

    pub(super) fn accept(&mut self, agent: &AccountId, about: &About) -> Result<Outcome> {
        let chat = self.served_by(agent, about)?;
        let (now, serving) = (self.now, self.change_service(chat));
        let since = serving.since;
        // Saying so again changes nothing.
        if serving.answer_by.take().is_some() {
            self.say_of(What::Accepted, chat).number = Some((now - since).max(0));
        }
        Ok(Outcome::Done)
    }

    /// What is not the agent's, or was answered before, is no matter: agents may write in every room.
    pub(super) fn answered(
        &mut self,
        agent: &AccountId,
        about: &About,
        said: Time,
        late: bool,
    ) -> Result<Outcome> {
        let Ok(chat) = self.find(about) else {
            self.note_answer_of_past(agent, about, said, late);
            return Ok(Outcome::Done);
        };
        let is_offered = self
            .open(chat)
            .serving()
            .and_then(|serving| serving.transfer.as_ref())
            .is_some_and(|transfer| transfer.to == *agent);
        if is_offered && !late {
            // Whoever just begins to answer has accepted.
            self.accept_transfer(agent, about)?;
        }
        let serving = self.open(chat).serving().filter(|serving| serving.agent == *agent);
        // What was said before the agent was given it, in an earlier turn, is no answer in this one; but the clock of
        // another node may be behind.
        if serving.is_some_and(|serving| !late || said >= serving.since) {
            self.note_answer(chat, said);
        }
        Ok(Outcome::Done)
    }

    /// The visitor was quicker to end it than the desk to hear of the first answer.
    fn note_answer_of_past(&mut self, agent: &AccountId, about: &About, said: Time, late: bool) {
        let past = about.chat.and_then(|chat| self.desk.past.get_mut(&chat));
        let Some(consultation) = past.map(|past| &mut past.consultation) else { return };
        let State::Serving(serving) = &mut consultation.state else { return };
        let is_of_this_turn = !late || said >= serving.since;
        if consultation.room != about.room || serving.agent != *agent || serving.answered || !is_of_this_turn
        {
            return;
        }
        serving.answered = true;
        let after_ms = (said - serving.since).max(0);
        let chat = consultation.chat;
        self.desk.touched.chats.insert(chat);
        self.say_of(What::Answered, chat).number = Some(after_ms);
    }

    /// The first answer was given at `time`.
    pub(super) fn note_answer(&mut self, chat: ChatId, time: i64) {
        if self.open(chat).serving().is_none_or(|serving| serving.answered) {
            return;
        }
        self.change(chat).unanswered = false;
        self.desk.touched.asked.remove(&chat);
        let serving = self.change_service(chat);
        serving.answered = true;
        serving.answer_by = None;
        let after_ms = (time - serving.since).max(0);
        self.say_of(What::Answered, chat).number = Some(after_ms);
    }

    pub(super) fn transfer(
        &mut self,
        agent: &AccountId,
        about: &About,
        to: &AccountId,
        note: &str,
    ) -> Result<Outcome> {
        let (chat, giver) = self.may_give(agent, about)?;
        if giver == *to {
            return Err(Error::invalid("tocsid", "this agent has it"));
        }
        let target = self.desk.agents.get(to).ok_or(Error::NotFound("agent"))?;
        if !target.is_present() || !target.is_here() {
            return Err(Error::conflict(format!("{} is not there", self.name(to))));
        }
        self.has_seat(to)?;
        let until = self.now.saturating_add(self.desk.settings.transfer_limit_ms.max(1));
        let serving = self.change_service(chat);
        serving.transfer = Some(Transfer { to: to.clone(), note: note.into(), until });
        serving.answer_by = None;
        let happening = self.say_of(What::Offered, chat);
        happening.other = Some(to.clone());
        happening.note = Some(note.into());
        happening.number = Some(until);
        Ok(Outcome::Done)
    }

    /// Its place in the queue of the group is that of when it first asked: nobody there who came later goes before.
    pub(super) fn transfer_to_group(
        &mut self,
        agent: &AccountId,
        about: &About,
        group: GroupId,
        note: &str,
    ) -> Result<Outcome> {
        let (chat, giver) = self.may_give(agent, about)?;
        if !self.desk.groups.contains_key(&group) {
            return Err(Error::NotFound("group"));
        }
        if !self.desk.is_staffed(self.desk.serving_group(Some(group)), Some(&giver)) {
            return Err(Error::conflict("nobody else of this group is there"));
        }
        let (now, wait_limit_ms) = (self.now, self.desk.settings.wait_limit_ms);
        let consultation = self.change(chat);
        let had_since = consultation.serving().map_or(now, |serving| serving.since);
        consultation.group = Some(group);
        consultation.wanted = None;
        consultation.transfers += 1;
        consultation.handed = Some(Handed { by: giver.clone(), note: note.into() });
        consultation.unanswered = false;
        let offer_at = if consultation.left.is_some() { None } else { after(now, wait_limit_ms) };
        consultation.state = State::Waiting(Waiting { since: now, returned: false, offer_at });
        self.desk.touched.asked.remove(&chat);
        let happening = self.say_of(What::Transferred, chat);
        happening.agent = Some(giver.clone());
        happening.note = Some(note.into());
        happening.number = Some((now - had_since).max(0));
        self.was_busy(&giver);
        Ok(Outcome::Done)
    }

    pub(super) fn accept_transfer(&mut self, agent: &AccountId, about: &About) -> Result<Outcome> {
        let chat = self.find(about)?;
        if self.open(chat).agent() == Some(agent) {
            // Said twice, or taken over meanwhile.
            return Ok(Outcome::Done);
        }
        self.offered_to(agent, chat)?;
        self.hand_to(chat, agent, What::Transferred);
        Ok(Outcome::Done)
    }

    pub(super) fn reject_transfer(&mut self, agent: &AccountId, about: &About) -> Result<Outcome> {
        let chat = self.find(about)?;
        self.offered_to(agent, chat)?;
        self.decline(chat, "rejected");
        Ok(Outcome::Done)
    }

    pub(super) fn take_over(&mut self, agent: &AccountId, about: &About) -> Result<Outcome> {
        if !self.is_supervisor(agent) {
            return Err(Error::Forbidden);
        }
        let chat = self.find_unless_over(about)?;
        let Some(serving) = self.open(chat).serving() else { return self.serve(agent, about) };
        if serving.agent == *agent {
            return Ok(Outcome::Done);
        }
        match serving.transfer.as_ref().map(|transfer| transfer.to == *agent) {
            Some(true) => return self.accept_transfer(agent, about),
            Some(false) => {
                self.may_take(agent, chat)?;
                self.let_go_of_offer(chat, "taken");
            }
            None => self.may_take(agent, chat)?,
        }
        self.hand_to(chat, agent, What::TakenOver);
        Ok(Outcome::Done)
    }

    /// By an agent, or by the visitor.
    pub(super) fn end(&mut self, about: &About, agent: Option<&AccountId>) -> Result<Outcome> {
        if self.past(about).is_some()
            && !self.desk.consultations.contains_key(&about.chat.expect("it has a past"))
        {
            // Said twice, or by both at once.
            return Ok(Outcome::Done);
        }
        let chat = self.find(about)?;
        let Some(agent) = agent else {
            self.close(chat, EndedBy::Visitor, None);
            return Ok(Outcome::Done);
        };
        let served_by = self.open(chat).agent().cloned();
        if served_by.as_ref() != Some(agent) && !self.is_supervisor(agent) {
            return Err(served_by.map_or(Error::Forbidden, |other| self.taken_by(&other)));
        }
        self.close(chat, EndedBy::Agent, Some(agent));
        Ok(Outcome::Done)
    }

    pub(super) fn remove(&mut self, agent: &AccountId, room: &RoomId) -> Result<Outcome> {
        let running = self.desk.in_room(room).filter(|running| running.agent() == Some(agent));
        if let Some(chat) = running.map(|running| running.chat) {
            self.close(chat, EndedBy::Agent, Some(agent));
        }
        Ok(Outcome::Done)
    }

    /// It is over.
    pub(super) fn close(&mut self, chat: ChatId, by: EndedBy, ender: Option<&AccountId>) {
        self.let_go_of_offer(chat, "ended");
        let now = self.now;
        let was = self.open(chat);
        let (room, group, agent) = (was.room.clone(), was.group, was.agent().cloned());
        let since = match &was.state {
            State::Serving(_) => was.first_served.unwrap_or(now),
            State::Waiting(waiting) => waiting.since,
        };
        let lasted_ms = (now - since).max(0);
        if was.serving().is_some() && was.left.is_none() {
            self.remember_service(lasted_ms);
        }
        let happening = self.say_of(What::Ended, chat);
        happening.other = ender.cloned();
        happening.number = Some(lasted_ms);
        happening.note = Some(by.as_str().into());
        let mut consultation = self.desk.consultations.remove(&chat).expect("it was open until now");
        self.desk.touched.chats.insert(chat);
        self.desk.touched.asked.remove(&chat);
        if let Some(agent) = &agent {
            self.was_busy(agent);
        }
        let asks = self.desk.settings.ask_rating
            && consultation.first_served.is_some()
            && consultation.rating.is_none()
            && !consultation.rate_asked;
        if asks {
            consultation.rate_asked = true;
            let happening = self.say(What::RateAsked);
            happening.chat = Some(chat);
            happening.room = Some(room.clone());
            happening.group = group;
            happening.agent = agent.clone();
        }
        if let Some(facts) = self.desk.rooms.get_mut(&room) {
            facts.latest = Some(chat);
        }
        self.desk.past.insert(chat, Past { consultation, agent, ended: now, by });
    }

    /// The offer comes to nothing; the giver has it as before, or, when it is gone, the queue.
    pub(super) fn decline(&mut self, chat: ChatId, why: &str) {
        self.let_go_of_offer(chat, why);
        let giver = self.open(chat).agent().expect("only what is served is offered").clone();
        let is_gone =
            self.desk.agents.get(&giver).is_none_or(|giver| !giver.is_present() && giver.grace.is_none());
        if is_gone {
            self.return_to_queue(chat);
        }
    }

    fn let_go_of_offer(&mut self, chat: ChatId, why: &str) {
        if self.open(chat).serving().is_none_or(|serving| serving.transfer.is_none()) {
            return;
        }
        let transfer = self.change_service(chat).transfer.take();
        let happening = self.say_of(What::Declined, chat);
        happening.other = transfer.map(|transfer| transfer.to);
        happening.note = Some(why.into());
    }

    /// Another agent has it from now on, by its own act: no answer limit runs.
    fn hand_to(&mut self, chat: ChatId, agent: &AccountId, what: What) {
        let former = self.open(chat).agent().cloned().expect("only what is served is handed over");
        let now = self.now;
        let consultation = self.change(chat);
        consultation.transfers += 1;
        consultation.unanswered = true;
        let serving = self.change_service(chat);
        let lasted_ms = (now - serving.since).max(0);
        serving.agent = agent.clone();
        serving.since = now;
        let transfer = serving.transfer.take();
        serving.answer_by = None;
        serving.answered = false;
        let handed = transfer.map(|transfer| Handed { by: former.clone(), note: transfer.note });
        self.change(chat).handed = handed;
        self.desk.touched.asked.insert(chat);
        let (giver, taker) = match what {
            What::TakenOver => (agent, &former),
            _ => (&former, agent),
        };
        let (giver, taker) = (giver.clone(), taker.clone());
        let happening = self.say_of(what, chat);
        happening.agent = Some(giver);
        happening.other = Some(taker);
        happening.number = Some(lasted_ms);
        self.was_busy(&former);
        self.was_busy(agent);
    }

    /// The latest service counts an eighth.
    fn remember_service(&mut self, lasted_ms: i64) {
        self.desk.service_ms = Some(match self.desk.service_ms {
            Some(mean) => mean + (lasted_ms - mean) / 8,
            None => lasted_ms,
        });
    }

    /// As `find`, but whoever comes too late hears who was first.
    fn find_unless_over(&self, about: &About) -> Result<ChatId> {
        match self.past(about).and_then(|past| past.agent.as_ref()) {
            Some(agent) if self.find(about).is_err() => {
                Err(Error::conflict(format!("{} has served this consultation, it is over", self.name(agent))))
            }
            _ => self.find(about),
        }
    }

    fn served_by(&self, agent: &AccountId, about: &About) -> Result<ChatId> {
        let chat = self.find_unless_over(about)?;
        match self.open(chat).agent() {
            Some(served_by) if served_by == agent => Ok(chat),
            Some(other) => Err(self.taken_by(&other.clone())),
            None => Err(Error::conflict("nobody serves it yet")),
        }
    }

    fn offered_to(&self, agent: &AccountId, chat: ChatId) -> Result<()> {
        let transfer = self.open(chat).serving().and_then(|serving| serving.transfer.as_ref());
        match transfer {
            Some(transfer) if transfer.to == *agent => Ok(()),
            _ => Err(Error::conflict("it is not offered to you (any more)")),
        }
    }

    /// What is served and offered to nobody may be given away by its agent, whose name is answered, and by supervisors.
    fn may_give(&self, agent: &AccountId, about: &About) -> Result<(ChatId, AccountId)> {
        let chat = self.find(about)?;
        let Some(serving) = self.open(chat).serving() else {
            return Err(Error::conflict("nobody serves it yet"));
        };
        if serving.agent != *agent && !self.is_supervisor(agent) {
            return Err(self.taken_by(&serving.agent));
        }
        if let Some(transfer) = &serving.transfer {
            return Err(Error::conflict(format!("it is offered to {} already", self.name(&transfer.to))));
        }
        Ok((chat, serving.agent.clone()))
    }

    fn may_take(&self, agent: &AccountId, _chat: ChatId) -> Result<()> {
        let is_present = self.desk.agents.get(agent).is_some_and(|agent| agent.is_present());
        if !is_present {
            return Err(Error::conflict("connect before you take somebody"));
        }
        self.has_seat(agent)
    }

    fn has_seat(&self, agent: &AccountId) -> Result<()> {
        let cap = self.desk.agents.get(agent).map_or(0, |agent| agent.cap);
        if self.desk.load(agent) < cap {
            return Ok(());
        }
        Err(Error::conflict(format!("{} serves {cap} already, which is the limit", self.name(agent))))
    }

    fn is_supervisor(&self, agent: &AccountId) -> bool {
        self.desk.agents.get(agent).is_some_and(|agent| agent.supervisor)
    }

    fn taken_by(&self, agent: &AccountId) -> Error {
        Error::conflict(format!("{} serves this consultation already", self.name(agent)))
    }
}

impl EndedBy {
    pub fn as_str(self) -> &'static str {
        match self {
            EndedBy::Visitor => "visitor",
            EndedBy::Agent => "agent",
            EndedBy::Idle => "idle",
        }
    }
}
