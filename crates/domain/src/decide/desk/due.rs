//! What is due: graces, offers, answers, idleness. Found in rows, so that it survives every restart.

use super::{Outcome, Shift, after};
use crate::error::Result;
use crate::model::desk::{EndedBy, State, What};
use crate::model::{AccountId, ChatId, Time};

impl Shift<'_> {
    /// Does what is due, the longest overdue first.
    pub(super) fn tick(&mut self) -> Result<Outcome> {
        self.hold_deadlines();
        self.end_graces();
        let mut due: Vec<(Time, i64, ChatId)> = self
            .desk
            .consultations
            .values()
            .filter_map(|due| Some((due.next_due()?, due.order, due.chat)))
            .filter(|(at, ..)| *at <= self.now)
            .collect();
        due.sort_unstable();
        for (_, _, chat) in due {
            self.attend_to(chat);
        }
        Ok(Outcome::Done)
    }

    /// No deadline is farther away than its limit: not when the clock was set back, and not when the company wants
    /// it shorter.
    pub(super) fn hold_deadlines(&mut self) {
        let (now, settings) = (self.now, self.desk.settings.clone());
        let mut held = Vec::new();
        for consultation in self.desk.consultations.values_mut() {
            let before = consultation.state.clone();
            match &mut consultation.state {
                State::Waiting(waiting) => hold(&mut waiting.offer_at, now, settings.wait_limit_ms),
                State::Serving(serving) => {
                    hold(&mut serving.answer_by, now, settings.answer_limit_ms);
                    let idle_ms = match serving.idle_warned {
                        Some(_) => settings.idle_notice_ms.max(1),
                        None => settings.idle_ms,
                    };
                    hold(&mut serving.idle_at, now, idle_ms);
                    if let Some(transfer) = &mut serving.transfer {
                        transfer.until =
                            transfer.until.min(now.saturating_add(settings.transfer_limit_ms.max(1)));
                    }
                }
            }
            if consultation.state != before {
                held.push(consultation.chat);
            }
        }
        self.desk.touched.chats.extend(held);
        for agent in self.desk.agents.values_mut() {
            let latest = now.saturating_add(settings.grace_ms.max(0));
            if agent.grace.is_some_and(|grace| grace > latest) {
                agent.grace = Some(latest);
                self.desk.touched.agents.insert(agent.aid.clone());
            }
        }
    }

    fn end_graces(&mut self) {
        let is_over = |grace: Time| grace <= self.now;
        let mut over: Vec<(Time, AccountId)> = self
            .desk
            .agents
            .values()
            .filter_map(|agent| Some((agent.grace.filter(|grace| is_over(*grace))?, agent.aid.clone())))
            .collect();
        over.sort_unstable();
        for (_, agent) in over {
            self.gone(&agent);
        }
    }

    /// One thing after the other may be due of a consultation.
    fn attend_to(&mut self, chat: ChatId) {
        let now = self.now;
        let is_due = move |at: Option<Time>| at.is_some_and(|at| at <= now);
        // Whatever an agent did before in this tick may have moved it.
        let Some(consultation) = self.desk.consultations.get(&chat) else { return };
        match &consultation.state {
            State::Waiting(waiting) if is_due(waiting.offer_at) => self.offer_to_leave(chat),
            State::Waiting(_) => {}
            State::Serving(serving) => {
                let offer = serving.transfer.as_ref().map(|transfer| transfer.until);
                let (answer, idle) = (is_due(serving.answer_by), is_due(serving.idle_at));
                if is_due(offer) {
                    self.decline(chat, "late");
                } else if answer {
                    self.miss_answer(chat);
                } else if idle {
                    self.notice_idleness(chat);
                }
            }
        }
    }

    fn offer_to_leave(&mut self, chat: ChatId) {
        let now = self.now;
        let consultation = self.change(chat);
        let State::Waiting(waiting) = &mut consultation.state else { return };
        waiting.offer_at = None;
        let waited_ms = (now - waiting.since).max(0);
        self.say_of(What::Unserved, chat).number = Some(waited_ms);
    }

    /// The next agent gets it; while there is none, it stays where it is.
    fn miss_answer(&mut self, chat: ChatId) {
        let consultation = self.open(chat);
        if !consultation.unanswered {
            return self.note_answer(chat, consultation.last_message);
        }
        let late = consultation.agent().expect("it is served").clone();
        let Some(next) = self.another(chat, &late) else {
            let answer_by = after(self.now, self.desk.settings.answer_limit_ms);
            self.change_service(chat).answer_by = answer_by;
            return;
        };
        let passed = &mut self.change(chat).passed;
        passed.retain(|earlier| *earlier != late);
        passed.push(late.clone());
        self.say_of(What::Passed, chat);
        self.was_busy(&late);
        self.assign(chat, &next, "next");
    }

    /// First it is announced, then, if nobody has said anything since, done. Who waits for a first answer is not idle.
    fn notice_idleness(&mut self, chat: ChatId) {
        let (now, settings) = (self.now, self.desk.settings.clone());
        let consultation = self.open(chat);
        let (last_message, unanswered) = (consultation.last_message, consultation.unanswered);
        let serving = consultation.serving().expect("it is served");
        let quiet_since = last_message.max(serving.since).min(now);
        let (idle_at, warned) = match serving.idle_warned {
            Some(then) if then == last_message => return self.close(chat, EndedBy::Idle, None),
            _ if unanswered => (after(now, settings.idle_ms), None),
            _ if now - quiet_since < settings.idle_ms => (after(quiet_since, settings.idle_ms), None),
            _ if settings.idle_notice_ms <= 0 => return self.close(chat, EndedBy::Idle, None),
            _ => (after(now, settings.idle_notice_ms), Some(last_message)),
        };
        let serving = self.change_service(chat);
        serving.idle_at = idle_at;
        serving.idle_warned = warned;
        if warned.is_some() {
            self.say_of(What::IdleSoon, chat).number = idle_at;
        }
    }
}

/// None when there is no limit (any more).
fn hold(deadline: &mut Option<Time>, now: Time, limit_ms: i64) {
    if let Some(at) = *deadline {
        *deadline = after(now, limit_ms).map(|latest| at.min(latest));
    }
}
