//! Routing: who gets whom. One pure decision over the snapshot of a company's desk.
//!
//! A command is first checked, then carried out; then everybody who waits is given a free seat if there is one. So
//! nobody waits while a suitable agent is free, whatever the command was, and no timer has to look after it.

mod agent;
mod assign;
mod due;
mod presence;
mod visitor;

#[cfg(test)]
mod tests;

use crate::error::{Error, Result};
use crate::model::desk::{
    About, Command, Consultation, Desk, DeskAgent, DeskAnswer, Happening, Past, Placement, Serving, Standing,
    State, What,
};
use crate::model::{AccountId, ChatId, Time};

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    pub answer: DeskAnswer,
    /// In their order, numbered on from the desk's.
    pub happenings: Vec<Happening>,
}

/// Carries out a command on the desk at the time `now`. When it is refused, the desk is as it was. The desk must hold
/// what [`Command::wants`]; what is different afterwards stands in [`Desk::touched`].
///
/// `now` may run backwards: the order of the queue is no matter of time, and a deadline is never farther away than its
/// limit, so that a clock set back delays what is due by that limit at most.
pub fn route(desk: &mut Desk, command: &Command, now: Time) -> Result<Routed> {
    let mut shift = Shift { desk, now, happenings: Vec::new() };
    let outcome = shift.carry_out(command)?;
    shift.hold_deadlines();
    shift.seat_all();
    let answer = shift.answer(outcome);
    Ok(Routed { answer, happenings: shift.happenings })
}

/// A desk while one command is carried out.
struct Shift<'a> {
    desk: &'a mut Desk,
    now: Time,
    happenings: Vec<Happening>,
}

/// What there is to answer when everybody has been given a seat.
enum Outcome {
    Done,
    Chat(ChatId),
    Place(ChatId),
    Offline,
}

impl Shift<'_> {
    fn carry_out(&mut self, command: &Command) -> Result<Outcome> {
        match command {
            Command::Apply { room, chat, wish } => self.apply(room, *chat, wish),
            Command::LeaveMessage { room, chat, message, left } => {
                self.leave_message(room, *chat, *message, left)
            }
            Command::Rate { about, rate, way } => self.rate(about, *rate, *way),
            Command::Reopen { about } => self.reopen(about),
            Command::Accept { agent, about } => self.accept(agent, about),
            Command::Serve { agent, about } => self.serve(agent, about),
            Command::Answered { agent, about, said, late } => self.answered(agent, about, *said, *late),
            Command::Transfer { agent, about, to, note } => self.transfer(agent, about, to, note),
            Command::TransferToGroup { agent, about, group, note } => {
                self.transfer_to_group(agent, about, *group, note)
            }
            Command::AcceptTransfer { agent, about } => self.accept_transfer(agent, about),
            Command::RejectTransfer { agent, about } => self.reject_transfer(agent, about),
            Command::TakeOver { agent, about } => self.take_over(agent, about),
            Command::End { about, agent } => self.end(about, agent.as_ref()),
            Command::Remove { agent, room } => self.remove(agent, room),
            Command::SetStatus { agent, status } => self.set_status(agent, *status),
            Command::SetWaitCount { agent, count } => self.set_wait_count(agent, *count),
            Command::Came { agent, node } => self.came(agent, node),
            Command::Went { agent, node } => self.went(agent, node),
            Command::NodeGone { node } => self.node_gone(node),
            Command::Look => self.join_rooms(),
            Command::Tick => self.tick(),
        }
    }

    fn answer(&self, outcome: Outcome) -> DeskAnswer {
        match outcome {
            Outcome::Done => DeskAnswer::Done,
            Outcome::Chat(chat) => DeskAnswer::Chat(chat),
            Outcome::Offline => DeskAnswer::Placed(Placement { chat: None, standing: Standing::Offline }),
            Outcome::Place(chat) => {
                let standing = self.desk.standing(self.open(chat));
                DeskAnswer::Placed(Placement { chat: Some(chat), standing })
            }
        }
    }

    fn say(&mut self, what: What) -> &mut Happening {
        self.desk.seq += 1;
        self.happenings.push(Happening {
            seq: self.desk.seq,
            time: self.now,
            what,
            chat: None,
            room: None,
            group: None,
            agent: None,
            other: None,
            note: None,
            number: None,
        });
        self.happenings.last_mut().expect("it was only just pushed")
    }

    /// Says something about a consultation, open or over; its agent is the agent unless it is said otherwise.
    fn say_of(&mut self, what: What, chat: ChatId) -> &mut Happening {
        let over = || self.desk.past.get(&chat).map(|past| &past.consultation);
        let about = self.desk.consultations.get(&chat).or_else(over).expect("whoever asks has found it");
        let (room, group, agent) = (about.room.clone(), about.group, about.agent().cloned());
        let happening = self.say(what);
        *happening = Happening { chat: Some(chat), room: Some(room), group, agent, ..happening.clone() };
        happening
    }

    /// The open consultation that is meant. What is over is a conflict, what never was in this room is not found.
    fn find(&self, about: &About) -> Result<ChatId> {
        let desk = &self.desk;
        let Some(chat) = about.chat else {
            return desk
                .in_room(&about.room)
                .map(|running| running.chat)
                .ok_or(Error::NotFound("consultation"));
        };
        if desk.consultations.get(&chat).is_some_and(|running| running.room == about.room) {
            return Ok(chat);
        }
        match self.past(about) {
            Some(_) => Err(Error::conflict("this consultation is over")),
            None => Err(Error::NotFound("consultation")),
        }
    }

    fn past(&self, about: &About) -> Option<&Past> {
        self.desk.past.get(&about.chat?).filter(|past| past.consultation.room == about.room)
    }

    fn open(&self, chat: ChatId) -> &Consultation {
        self.desk.consultations.get(&chat).expect("whoever asks has found it open")
    }

    /// The consultation, to be changed.
    fn change(&mut self, chat: ChatId) -> &mut Consultation {
        self.desk.touched.chats.insert(chat);
        self.desk.consultations.get_mut(&chat).expect("whoever asks has found it open")
    }

    /// The service, to be changed.
    fn change_service(&mut self, chat: ChatId) -> &mut Serving {
        match &mut self.change(chat).state {
            State::Serving(serving) => serving,
            State::Waiting(_) => unreachable!("whoever asks has found it served"),
        }
    }

    fn change_agent(&mut self, agent: &AccountId) -> Option<&mut DeskAgent> {
        let found = self.desk.agents.get_mut(agent);
        if found.is_some() {
            self.desk.touched.agents.insert(agent.clone());
        }
        found
    }

    /// The agent got or finished something just now.
    fn was_busy(&mut self, agent: &AccountId) {
        let seq = self.desk.seq;
        if let Some(agent) = self.change_agent(agent) {
            agent.last_busy = seq;
        }
    }

    /// How an agent is called in a sentence.
    fn name(&self, agent: &AccountId) -> String {
        match self.desk.member(agent).nick.as_str() {
            "" => agent.to_string(),
            nick => format!("{nick} ({agent})"),
        }
    }
}

/// A moment so far away, or none when there is no limit.
fn after(now: Time, limit_ms: i64) -> Option<Time> {
    (limit_ms > 0).then(|| now.saturating_add(limit_ms))
}
