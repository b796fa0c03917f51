//! What visitors do: ask for an agent, leave a message, say how it was, come back.

use std::collections::BTreeMap;

use super::{Outcome, Shift, after};
use crate::error::{Error, Result};
use crate::model::desk::{
    About, Consultation, EndedBy, Left, LeftMessage, Rate, RateWay, Rating, RoomFacts, State, Waiting, What,
    Wish,
};
use crate::model::{AccountId, ChatId, GroupId, MessageId, RoomId};

impl Shift<'_> {
    pub(super) fn apply(&mut self, room: &RoomId, chat: ChatId, wish: &Wish) -> Result<Outcome> {
        let running =
            self.desk.in_room(room).map(|running| (running.chat, running.place(), running.left.is_some()));
        match running {
            // Left while nobody was there, and now somebody is.
            Some((chat, Some(_), true)) if self.is_served(wish.group) => self.ask_live(chat, wish),
            Some((chat, ..)) => Ok(Outcome::Place(chat)),
            None => self.apply_anew(room, chat, wish),
        }
    }

    pub(super) fn leave_message(
        &mut self,
        room: &RoomId,
        chat: ChatId,
        message: MessageId,
        left: &Left,
    ) -> Result<Outcome> {
        if let Some(earlier) = self.desk.left.get(&message) {
            let says_something_else = earlier.unsaid.as_ref().is_some_and(|unsaid| *unsaid != left.text);
            if earlier.room != *room || says_something_else {
                return Err(Error::conflict("another message was left with this id"));
            }
            return Ok(Outcome::Chat(earlier.chat));
        }
        let chat = match self.desk.in_room(room) {
            Some(running) if running.serving().is_some() => {
                return Err(Error::conflict("an agent is there, just write"));
            }
            Some(running) => running.chat,
            None => {
                let facts = self.facts(room)?;
                self.enter_queue(chat, room, &facts, &Wish::default(), None);
                chat
            }
        };
        let consultation = self.change(chat);
        // What it says is in the room.
        let text = consultation.left.take().map(|earlier| earlier.text).unwrap_or_default();
        consultation.left = Some(Left { contact: left.contact.clone(), text });
        if let State::Waiting(waiting) = &mut consultation.state {
            waiting.offer_at = None;
        }
        let happening = self.say_of(What::Left, chat);
        let (time, seq) = (happening.time, happening.seq);
        let unsaid = Some(left.text.clone());
        let kept = LeftMessage { id: message, room: room.clone(), chat, unsaid, time, seq };
        self.desk.left.insert(message, kept);
        self.desk.touched.left.insert(message);
        Ok(Outcome::Chat(chat))
    }

    pub(super) fn rate(&mut self, about: &About, rate: Rate, way: RateWay) -> Result<Outcome> {
        let time = self.now;
        let runs = self.find(about).ok();
        let ended = self.past(about).map(|past| past.consultation.chat);
        let chat = runs.or(ended).ok_or(Error::NotFound("consultation"))?;
        let (group, agent) = match runs {
            Some(chat) => (self.open(chat).group, self.open(chat).agent().cloned()),
            None => self
                .desk
                .past
                .get(&chat)
                .map_or((None, None), |past| (past.consultation.group, past.agent.clone())),
        };
        let rating = Rating { rate, way, time, agent: agent.clone(), group };
        let before = match self.desk.past.get_mut(&chat) {
            Some(past) if runs.is_none() => past.consultation.rating.replace(rating),
            _ => self.change(chat).rating.replace(rating),
        };
        self.desk.touched.chats.insert(chat);
        let way = match way {
            RateWay::Auto => "auto",
            RateWay::Hand => "hand",
        };
        let happening = self.say(What::Rated);
        happening.chat = Some(chat);
        happening.room = Some(about.room.clone());
        happening.group = group;
        happening.number = Some(rate as i64);
        happening.note = Some(match &before {
            None => way.into(),
            Some(before) if (&before.agent, before.group) == (&agent, group) => {
                format!("{way} {}", before.rate as i64).into()
            }
            Some(before) => {
                let group = before.group.map_or("-".to_owned(), |group| group.to_string());
                format!("{way} {} elsewhere {group}", before.rate as i64).into()
            }
        });
        happening.other = before
            .filter(|before| (&before.agent, before.group) != (&agent, group))
            .and_then(|before| before.agent);
        happening.agent = agent;
        Ok(Outcome::Done)
    }

    pub(super) fn reopen(&mut self, about: &About) -> Result<Outcome> {
        if let Some(running) = self.desk.in_room(&about.room) {
            return Ok(Outcome::Place(running.chat));
        }
        let facts = self.facts(&about.room)?;
        let about = About { room: about.room.clone(), chat: about.chat.or(facts.latest) };
        let past = self.past(&about).ok_or(Error::NotFound("consultation"))?;
        let (chat, group) = (past.consultation.chat, past.consultation.group);
        if self.now.saturating_sub(past.ended) > self.desk.settings.reopen_ms {
            return Err(Error::conflict("it ended too long ago; ask for an agent anew"));
        }
        if !self.is_served(group) {
            return Ok(self.missed(&about.room, group));
        }
        let past = self.desk.past.remove(&chat).expect("it was only just seen");
        let (now, wait_limit_ms) = (self.now, self.desk.settings.wait_limit_ms);
        let consultation = Consultation {
            wanted: past.agent.or(past.consultation.wanted),
            order: self.desk.seq + 1,
            // What lay between its end and now was no service.
            first_served: None,
            left: None,
            passed: Vec::new(),
            handed: None,
            state: State::Waiting(Waiting {
                since: now,
                returned: false,
                offer_at: after(now, wait_limit_ms),
            }),
            last_message: facts.last_message,
            ..past.consultation
        };
        self.desk.consultations.insert(chat, consultation);
        self.desk.touched.chats.insert(chat);
        self.say_of(What::Reopened, chat);
        Ok(Outcome::Place(chat))
    }

    /// When an anonymous visitor turns out to be somebody, two rooms become one. If something ran in both, the one
    /// goes on that has an agent, or that was there first.
    pub(super) fn join_rooms(&mut self) -> Result<Outcome> {
        let mut rooms: BTreeMap<RoomId, Vec<(bool, i64, ChatId)>> = BTreeMap::new();
        for running in self.desk.consultations.values() {
            let rank = (running.serving().is_none(), running.order, running.chat);
            rooms.entry(running.room.clone()).or_default().push(rank);
        }
        for mut running in rooms.into_values().filter(|running| running.len() > 1) {
            running.sort_unstable();
            for (_, _, chat) in running.drain(1..) {
                self.close(chat, EndedBy::Visitor, None);
            }
        }
        Ok(Outcome::Done)
    }

    fn apply_anew(&mut self, room: &RoomId, chat: ChatId, wish: &Wish) -> Result<Outcome> {
        let facts = self.facts(room)?;
        if !self.is_served(wish.group) {
            return Ok(self.missed(room, wish.group));
        }
        let last_agent = facts.latest.and_then(|chat| self.desk.past.get(&chat)?.agent.clone());
        self.enter_queue(chat, room, &facts, wish, wish.agent.clone().or(last_agent));
        self.say_of(What::Applied, chat);
        Ok(Outcome::Place(chat))
    }

    /// Whoever has left a message is there again and waits like everybody else who comes now.
    fn ask_live(&mut self, chat: ChatId, wish: &Wish) -> Result<Outcome> {
        let (now, order) = (self.now, self.desk.seq + 1);
        let offer_at = after(now, self.desk.settings.wait_limit_ms);
        let group = wish.group.filter(|group| self.desk.groups.contains_key(group));
        let consultation = self.change(chat);
        consultation.left = None;
        consultation.handed = None;
        consultation.order = order;
        consultation.applied = now;
        consultation.group = group;
        consultation.vip = wish.vip;
        consultation.state = State::Waiting(Waiting { since: now, returned: false, offer_at });
        self.say_of(What::Applied, chat);
        Ok(Outcome::Place(chat))
    }

    fn enter_queue(
        &mut self,
        chat: ChatId,
        room: &RoomId,
        facts: &RoomFacts,
        wish: &Wish,
        wanted: Option<AccountId>,
    ) {
        let (now, offer_at) = (self.now, after(self.now, self.desk.settings.wait_limit_ms));
        let consultation = Consultation {
            chat,
            room: room.clone(),
            topic: facts.visitor_nick.clone(),
            group: wish.group.filter(|group| self.desk.groups.contains_key(group)),
            vip: wish.vip,
            wanted,
            // The number that its first happening gets.
            order: self.desk.seq + 1,
            applied: now,
            first_served: None,
            left: None,
            passed: Vec::new(),
            rating: None,
            rate_asked: false,
            transfers: 0,
            handed: None,
            state: State::Waiting(Waiting { since: now, returned: false, offer_at }),
            last_message: facts.last_message,
            unanswered: false,
        };
        self.desk.consultations.insert(chat, consultation);
        self.desk.touched.chats.insert(chat);
    }

    fn missed(&mut self, room: &RoomId, group: Option<GroupId>) -> Outcome {
        let happening = self.say(What::Missed);
        happening.room = Some(room.clone());
        happening.group = group;
        Outcome::Offline
    }

    /// Whether it makes sense to wait: it is within business hours and somebody is there, if not free.
    fn is_served(&self, asked: Option<GroupId>) -> bool {
        let group = self.desk.serving_group(asked);
        self.desk.open && self.desk.is_staffed(group, None)
    }

    fn facts(&self, room: &RoomId) -> Result<RoomFacts> {
        self.desk.rooms.get(room).cloned().ok_or(Error::NotFound("room"))
    }
}
