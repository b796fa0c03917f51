//! Tells people what happens at desks: each visitor and agent what concerns them, in rooms of their own; those who wait
//! their place, when it is another one; all agents of a company how many wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use nodechat_domain::model::desk::{Desk, DeskAgent, Happening, Queued, Rate, Status, What};
use nodechat_domain::model::{AccountId, ChatId, CompanyId, Member, Realm, RoomId, Side};
use nodechat_domain::port::DeskFeed;
use serde::Serialize;

use super::ChatIo;
use super::answers::Answers;
use super::attendance::Attendance;
use super::connected::{agents_of, personal_room};
use super::fanout::{hearing, realms, told};
use super::wallboard::Wallboards;
use crate::cluster::{DeskAudience, Who};
use crate::wire::{
    self, AssignEvent, DeskNews, HandedBody, News, PresenceEvent, ServiceEvent, StatusNumber, ended_by,
    event, rate_name,
};

pub struct DeskEvents {
    /// Set once the transport is made, which itself needs the store that feeds this.
    io: OnceLock<ChatIo>,
    attendance: Arc<Attendance>,
    wallboards: Arc<Wallboards>,
    answers: Arc<Answers>,
    /// What was told last; whoever comes later is told when it comes.
    shown: Mutex<HashMap<CompanyId, Shown>>,
}

#[derive(Default)]
struct Shown {
    places: HashMap<ChatId, u32>,
    waiting: usize,
    serving: usize,
}

/// One company's news on their way to its people.
struct Telling<'a> {
    io: &'a ChatIo,
    company: &'a CompanyId,
    desk: &'a Desk,
}

/// Where somebody who waits stands.
type Place = (RoomId, ChatId, Queued);

impl DeskEvents {
    pub fn new(attendance: Arc<Attendance>, wallboards: Arc<Wallboards>, answers: Arc<Answers>) -> Self {
        Self { io: OnceLock::new(), attendance, wallboards, answers, shown: Mutex::default() }
    }

    pub fn attach(&self, io: ChatIo) {
        let first = self.io.set(io).is_ok();
        assert!(first, "there is one transport");
    }

    /// To those who hear this room, but not to the person itself.
    pub fn present(&self, room: &RoomId, who: &Who, online: bool) {
        let Some(io) = self.io.get() else { return };
        let event = (PresenceEvent::new(room, who.side, &who.aid, online),);
        let own = personal_room(&who.realm, who.side, &who.aid);
        told(io.to(hearing(room)).except(&own).emit(event::PRESENCE, &event));
    }

    /// Whether anybody here hears this room.
    pub fn is_heard(&self, room: &RoomId) -> bool {
        self.io.get().is_some_and(|io| !io.to(hearing(room)).sockets().is_empty())
    }

    /// Those who wait and stand elsewhere than they were told, and the counts when they are others.
    fn news(&self, desk: &Desk) -> (Vec<Place>, Option<(usize, usize)>) {
        let places = desk.places();
        let waiting =
            desk.consultations.values().filter(|consultation| consultation.waiting().is_some()).count();
        let counts = (waiting, desk.consultations.len() - waiting);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if counts == (0, 0) {
            let before = shown.remove(&desk.company);
            let changed = before.is_none_or(|before| (before.waiting, before.serving) != counts);
            return (Vec::new(), changed.then_some(counts));
        }
        let shown = shown.entry(desk.company.clone()).or_default();
        let now: HashMap<ChatId, u32> =
            places.iter().map(|(waits, queued)| (waits.chat, queued.position)).collect();
        let before = std::mem::replace(&mut shown.places, now);
        let moved =
            places.into_iter().filter(|(waits, queued)| before.get(&waits.chat) != Some(&queued.position));
        let moved = moved.map(|(waits, queued)| (waits.room.clone(), waits.chat, queued)).collect();
        let changed = (shown.waiting, shown.serving) != counts;
        (shown.waiting, shown.serving) = counts;
        (moved, changed.then_some(counts))
    }
}

impl DeskAudience for DeskEvents {
    fn happened(&self, company: &CompanyId, happenings: &[Happening], desk: &Desk) {
        let Some(io) = self.io.get() else { return };
        self.wallboards.happened(desk);
        let telling = Telling { io, company, desk };
        for (at, happening) in happenings.iter().enumerate() {
            if let (Some(room), Some(agent)) = (&happening.room, &happening.agent) {
                let realm = Realm::Company(company.clone());
                self.attendance.knows(room, &Who { realm, side: Side::Agent, aid: agent.clone() });
            }
            self.answers.consider(happening);
            telling.tell(happening, &happenings[at + 1..]);
        }
        let (moved, counts) = self.news(desk);
        for (room, chat, queued) in moved {
            telling.visitor(
                &room,
                &ServiceEvent { roomid: room.as_str(), chatid: chat, news: News::Waiting(queued.into()) },
            );
        }
        if let Some((waiting, serving)) = counts {
            telling.everybody(&DeskNews::Queue { waiting, serving });
        }
    }

    fn presence(&self, who: &Who, online: bool) {
        self.attendance.tell_known(self, who, online);
    }

    fn forgotten(&self) {
        self.attendance.say_again();
    }
}

/// A store of our own tells the sockets itself.
impl DeskFeed for DeskEvents {
    fn happened(&self, company: &CompanyId, happenings: &[Happening], desk: &Desk) {
        DeskAudience::happened(self, company, happenings, desk);
    }
}

impl Telling<'_> {
    /// `rest`: what happened after it.
    fn tell(&self, happening: &Happening, rest: &[Happening]) {
        match (&happening.room, happening.chat) {
            (Some(room), Some(chat)) => self.about(room, chat, happening, rest),
            _ => self.about_agent(happening),
        }
    }

    fn about(&self, room: &RoomId, chat: ChatId, happening: &Happening, rest: &[Happening]) {
        let service = |news| ServiceEvent { roomid: room.as_str(), chatid: chat, news };
        let (agent, other) = (happening.agent.as_ref(), happening.other.as_ref());
        let note = happening.note.as_deref();
        match happening.what {
            What::Assigned => {
                let Some(agent) = agent else { return };
                let member = self.desk.member(agent);
                let serving = service(News::Serving { cs: self.as_seen(&member) });
                self.visitor(room, &serving);
                self.assign(agent, room, chat);
                self.agents([Some(agent), None], &serving);
            }
            What::Transferred if other.is_none() => self.given_to_group(room, chat, agent, rest),
            What::Transferred | What::TakenOver => {
                let (from, to) = match happening.what {
                    What::Transferred => (agent, other),
                    _ => (other, agent),
                };
                let Some(to) = to else { return };
                let member = self.desk.member(to);
                let transferred =
                    service(News::Transferred { cs: Some(self.as_seen(&member)), groupid: None });
                self.visitor(room, &transferred);
                self.assign(to, room, chat);
                self.agents([from, Some(to)], &transferred);
            }
            What::Offered => {
                let (Some(agent), Some(other)) = (agent, other) else { return };
                if let Some(consultation) = self.desk.consultations.get(&chat) {
                    let offer = AssignEvent::Transfer {
                        roomid: room.as_str(),
                        topic: consultation.topic.as_str(),
                        lsttime: consultation.last_message,
                        msg: note.unwrap_or_default(),
                        chatid: chat,
                        from: agent.as_str(),
                    };
                    self.agent(other, event::ASSIGN, &offer);
                }
                self.agents([Some(agent), None], &service(News::Offered { csid: other.as_str() }));
            }
            What::Declined => {
                let Some(other) = other else { return };
                let rejected = News::Rejected { csid: other.as_str(), reason: note.unwrap_or_default() };
                self.agents([agent, Some(other)], &service(rejected));
            }
            What::Passed | What::Returned => self.agents([agent, None], &service(News::Lost)),
            What::Unserved => self.visitor(room, &service(News::Unserved)),
            What::IdleSoon => {
                let idle = service(News::Idle { at: happening.number.unwrap_or(happening.time) });
                self.visitor(room, &idle);
                self.agents([agent, None], &idle);
            }
            What::Ended => {
                let rate = rest.iter().any(|next| next.what == What::RateAsked && next.chat == Some(chat));
                let ended = service(News::Ended { by: ended_by(note), rate });
                self.visitor(room, &ended);
                self.agents([agent, other.filter(|other| Some(*other) != agent)], &ended);
            }
            What::Rated => {
                let rate = happening.number.and_then(|number| Rate::ALL.get(usize::try_from(number).ok()?));
                let Some(rate) = rate else { return };
                self.agents([agent, None], &service(News::Rated { rateresult: rate_name(*rate) }));
            }
            What::Reopened => self.visitor(room, &service(News::Reopened)),
            // Whoever asks is told by the answer and by its place; `RateAsked` by `Ended`; the rest is for the books.
            What::Applied
            | What::Accepted
            | What::Answered
            | What::Left
            | What::RateAsked
            | What::Missed
            | What::Came
            | What::Went
            | What::Gone
            | What::StatusSet => {}
        }
    }

    /// Whoever gets it at once is told by its assignment, and the visitor of its place, where nobody does.
    fn given_to_group(&self, room: &RoomId, chat: ChatId, giver: Option<&AccountId>, rest: &[Happening]) {
        let mut rest = rest.iter().filter(|next| next.chat == Some(chat));
        let next =
            rest.next().filter(|next| next.what == What::Assigned).and_then(|next| next.agent.as_ref());
        let next = next.map(|agent| self.desk.member(agent));
        let group = self.desk.consultations.get(&chat).and_then(|given| given.group);
        let news = News::Transferred {
            cs: next.as_ref().map(|member| self.as_seen(member)),
            groupid: group.map(|group| group.to_string()),
        };
        let transferred = ServiceEvent { roomid: room.as_str(), chatid: chat, news };
        if next.is_some() {
            self.visitor(room, &transferred);
        }
        self.agents([giver, None], &transferred);
    }

    /// How an agent is from now on, to its colleagues.
    fn about_agent(&self, happening: &Happening) {
        let Some(agent) = &happening.agent else { return };
        if matches!(happening.what, What::Came | What::Gone | What::StatusSet) {
            let status = StatusNumber(self.status(agent));
            self.everybody(&DeskNews::Status { csid: agent.as_str(), status });
        }
    }

    fn assign(&self, agent: &AccountId, room: &RoomId, chat: ChatId) {
        // Not open any more: the agent hears of its end at once.
        let Some(consultation) = self.desk.consultations.get(&chat) else { return };
        let assign = AssignEvent::Assign {
            roomid: room.as_str(),
            userid: room.aid(),
            topic: consultation.topic.as_str(),
            lsttime: consultation.last_message,
            chatid: chat,
            transfer: consultation.handed.as_ref().map(HandedBody::from),
        };
        self.agent(agent, event::ASSIGN, &assign);
    }

    fn visitor(&self, room: &RoomId, event: &ServiceEvent<'_>) {
        let aid = AccountId::parse(room.aid()).expect("a room id names a visitor");
        let [own, platform] = realms(room).map(|realm| personal_room(&realm, Side::Visitor, &aid));
        told(self.io.to(&own).to(&platform).emit(event::SERVICE, &(event,)));
    }

    fn agents(&self, agents: [Option<&AccountId>; 2], event: &ServiceEvent<'_>) {
        for agent in agents.into_iter().flatten() {
            self.agent(agent, event::SERVICE, event);
        }
    }

    fn agent(&self, agent: &AccountId, name: &str, event: &impl Serialize) {
        let realm = Realm::Company(self.company.clone());
        told(self.io.to(&personal_room(&realm, Side::Agent, agent)).emit(name, &(event,)));
    }

    /// Every agent of the company who is connected here.
    fn everybody(&self, news: &DeskNews<'_>) {
        told(self.io.to(&agents_of(self.company)).emit(event::SERVICE, &(news,)));
    }

    fn as_seen<'m>(&self, member: &'m Member) -> wire::MemberBody<'m> {
        wire::agent(member, self.status(&member.aid))
    }

    fn status(&self, agent: &AccountId) -> Status {
        status_of(self.desk, agent)
    }
}

/// How an agent appears to others.
pub fn status_of(desk: &Desk, agent: &AccountId) -> Status {
    desk.agents.get(agent).map_or(Status::Offline, DeskAgent::shown)
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::Name;
    use nodechat_domain::model::desk::{Consultation, DeskSettings, State, Waiting};

    use super::*;

    fn waits(number: u8) -> Consultation {
        Consultation {
            chat: ChatId::at(i64::from(number), [number; 10]),
            room: RoomId::parse(&format!("/U2S_v{number}#c1")).unwrap(),
            topic: Name::default(),
            group: None,
            vip: false,
            wanted: None,
            order: i64::from(number),
            applied: 0,
            first_served: None,
            left: None,
            passed: Vec::new(),
            rating: None,
            rate_asked: false,
            transfers: 0,
            handed: None,
            state: State::Waiting(Waiting { since: 0, returned: false, offer_at: None }),
            last_message: 0,
            unanswered: false,
        }
    }

    fn told(events: &DeskEvents, desk: &Desk) -> Vec<(String, u32)> {
        let moved = events.news(desk).0.into_iter();
        moved.map(|(room, _, queued)| (room.aid().to_owned(), queued.position)).collect()
    }

    #[test]
    fn a_place_is_told_when_it_is_another_one() {
        let events = DeskEvents::new(Arc::new(Attendance::new("n".into())), Arc::default(), Arc::default());
        let mut desk = Desk::new(CompanyId::parse("c1").unwrap(), DeskSettings::default());
        let queue: Vec<Consultation> = (1..=3).map(waits).collect();
        desk.consultations.extend(queue.iter().map(|waits| (waits.chat, waits.clone())));
        let place = |aid: &str, position| (aid.to_owned(), position);
        assert_eq!(told(&events, &desk), [place("v1", 1), place("v2", 2), place("v3", 3)]);
        assert!(told(&events, &desk).is_empty());
        desk.consultations.remove(&queue[1].chat);
        assert_eq!(told(&events, &desk), [place("v3", 2)]);
        let late = waits(4);
        desk.consultations.insert(late.chat, late);
        assert_eq!(told(&events, &desk), [place("v4", 3)]);
    }

    #[test]
    fn how_many_wait_is_told_when_it_changes() {
        let events = DeskEvents::new(Arc::new(Attendance::new("n".into())), Arc::default(), Arc::default());
        let mut desk = Desk::new(CompanyId::parse("c1").unwrap(), DeskSettings::default());
        assert_eq!(events.news(&desk).1, Some((0, 0)));
        let one = waits(1);
        desk.consultations.insert(one.chat, one);
        assert_eq!(events.news(&desk).1, Some((1, 0)));
        assert_eq!(events.news(&desk).1, None);
        desk.consultations.clear();
        assert_eq!(events.news(&desk).1, Some((0, 0)));
        assert!(events.shown.lock().unwrap().is_empty(), "an empty desk is not remembered");
    }
}
