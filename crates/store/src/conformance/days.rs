//! Random days at companies' desks, on two nodes that are started again and again.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use nodechat_domain::error::Code;
use nodechat_domain::model::desk::{About, Command, Desk, Left, Rate, RateWay, Status, What, Wish};
use nodechat_domain::model::{ChatId, CompanyId, GroupId, Person, RoomId, Side, Time};
use nodechat_domain::port::Desks;

use super::desks::{NOW, Node, new_chat, sql};
use super::service::{ADD_GROUP, ADD_MEMBER, ENROLL};
use super::stage::{Stage, company_id, visitor_of};
use crate::value::Value;

pub async fn a_dozen_random_days_on_two_nodes_with_restarts(stage: &Stage) {
    random_days(stage, 12, 90).await;
}

/// So many days, each of a company of its own, at the desks of two nodes over one store: joins, drops, status changes,
/// transfers, ends and restarts, as they come. A restart is a node that knows nothing but what is stored. After each
/// act what was told is what is stored, nobody has more than its cap, nobody waits while somebody suitable is free, and
/// the happenings are one dense story.
pub fn random_days(stage: &Stage, days: u64, acts: usize) -> impl Future<Output = ()> {
    /// Companies do not wait for each other.
    const AT_ONCE: usize = 8;
    async move {
        let days: Vec<u64> = (0..days).collect();
        for some in days.chunks(AT_ONCE) {
            join_all(some.iter().map(async |day| Day::new(stage, *day).await.plays(acts).await)).await;
        }
    }
}

struct Day<'a> {
    stage: &'a Stage,
    company: CompanyId,
    nodes: [Node; 2],
    dice: u64,
    now: Time,
    rooms: Vec<RoomId>,
    agents: Vec<Person>,
    groups: [GroupId; 2],
    /// What ended last in each room.
    ended: BTreeMap<RoomId, ChatId>,
    seen: i64,
}

impl<'a> Day<'a> {
    async fn new(stage: &'a Stage, number: u64) -> Self {
        let name = format!("day{number}");
        let mut rooms = Vec::new();
        for visitor in 0..6 {
            rooms.push(stage.room_of(&visitor_of(&name, &format!("v{visitor}"))).await);
        }
        let agents = (0..3).map(|agent| visitor_of(&name, &format!("a{agent}")));
        let agents = agents.map(|person| Person { side: Side::Agent, ..person }).collect();
        let company = company_id(&name);
        const SET: &str = "insert into setting (company, name, value) values ($1, 'agent_cap', '1'),
            ($1, 'answer_limit_seconds', '40')";
        sql(stage, SET, vec![(&company).into()]).await;
        for agent in ["a0", "a1", "a2"] {
            sql(stage, ENROLL, vec![(&company).into(), agent.into(), Value::Number(1)]).await;
        }
        let groups = [GroupId::at(0, [0; 10]), GroupId::at(0, [1; 10])];
        for (group, members) in groups.into_iter().zip([["a0", "a1"], ["a1", "a2"]]) {
            sql(stage, ADD_GROUP, vec![(&company).into(), group.into(), group.to_string().into()]).await;
            for member in members {
                sql(stage, ADD_MEMBER, vec![(&company).into(), group.into(), member.into()]).await;
            }
        }
        let nodes = [Node::of(stage, "n1"), Node::of(stage, "n2")];
        let dice = 0x9e37_79b9_7f4a_7c15 ^ (number + 1);
        let ended = BTreeMap::new();
        Self { stage, company, nodes, dice, now: NOW, rooms, agents, groups, ended, seen: 0 }
    }

    /// A number below this one; the same days come with every run.
    fn below(&mut self, limit: usize) -> usize {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        (self.dice >> 11) as usize % limit
    }

    async fn plays(mut self, acts: usize) {
        for _ in 0..acts {
            if self.below(12) == 0 {
                // Nothing is left of the node but what is stored; who was connected to it is gone.
                let at = self.below(2);
                let name = self.nodes[at].name;
                self.nodes[at] = Node::of(self.stage, name);
                self.does(at, Command::NodeGone { node: name.into() }).await;
            }
            let command = self.next_command().await;
            let at = self.below(2);
            self.does(at, command).await;
        }
    }

    async fn does(&mut self, at: usize, command: Command) {
        let book = &self.nodes[at].book;
        let story = format!("{command:?}");
        let outcome = book.route(&self.company, command, self.now).await;
        if let Err(error) = &outcome {
            assert!(error.code() != Code::Internal, "{story}: {error:?}");
        }
        let desk = book.look(&self.company, self.now).await.unwrap();
        let told = self.nodes[at].heard.desks.lock().unwrap().get(&self.company).cloned();
        assert_eq!(told.as_ref(), Some(&desk), "{story}");
        self.checks(&desk, &story);
        let news = book.happenings(&self.company, self.seen, 1_000).await.unwrap();
        assert!(news.iter().zip(self.seen + 1..).all(|(happening, seq)| happening.seq == seq), "{story}");
        self.seen = desk.seq;
        let ended = news.iter().filter(|happening| happening.what == What::Ended);
        self.ended.extend(ended.map(|ended| (ended.room.clone().unwrap(), ended.chat.unwrap())));
    }

    fn checks(&self, desk: &Desk, story: &str) {
        let rooms: BTreeSet<_> = desk.consultations.values().map(|running| &running.room).collect();
        assert_eq!(rooms.len(), desk.consultations.len(), "{story}: two run in one room");
        let free: Vec<_> =
            desk.agents.values().filter(|agent| agent.takes_new() && desk.load(&agent.aid) < 1).collect();
        assert!(desk.agents.keys().all(|agent| desk.load(agent) <= 1), "{story}: above the cap");
        let idle = desk.queue().into_iter().find_map(|waits| {
            let agent = free.iter().find(|agent| desk.suits(agent, waits))?;
            Some((waits, agent))
        });
        assert!(idle.is_none(), "{story}: somebody waits while somebody is free: {idle:?}");
    }

    async fn next_command(&mut self) -> Command {
        let (room, person, to) = (self.below(6), self.below(3), self.below(3));
        let (room, person) = (self.rooms[room].clone(), self.agents[person].clone());
        let to = self.agents[to].aid.clone();
        let (agent, node) = (person.aid.clone(), ["n1", "n2"][self.below(2)].into());
        let desk = self.nodes[0].book.look(&self.company, self.now).await.unwrap();
        let running = desk.in_room(&room);
        let served_by = running.and_then(|running| running.agent().cloned());
        let chat = running.map(|running| running.chat).or(self.ended.get(&room).copied());
        let about = About { room: room.clone(), chat };
        match self.below(18) {
            0..=2 => Command::Apply { room, chat: new_chat(self.stage), wish: self.wish() },
            3..=4 => Command::Came { agent: Box::new(person), node },
            5 => Command::Went { agent, node },
            6 => Command::SetStatus {
                agent,
                status: [Status::Online, Status::Busy, Status::Offline][self.below(3)],
            },
            7 => Command::Transfer { agent: served_by.unwrap_or(agent), about, to, note: "please".into() },
            8 => Command::AcceptTransfer { agent, about },
            16..=17 => {
                let (agent, group) = (served_by.unwrap_or(agent), self.groups[self.below(2)]);
                Command::TransferToGroup { agent, about, group, note: "please".into() }
            }
            9 => Command::RejectTransfer { agent, about },
            10 => Command::Serve { agent, about },
            11 => Command::End { about, agent: None },
            12 => Command::Rate { about, rate: Rate::Good, way: RateWay::Auto },
            13 => Command::Reopen { about },
            14 => {
                let left = Left { contact: "1".into(), text: "call me".into() };
                let (chat, message) = (new_chat(self.stage), self.stage.new_id());
                Command::LeaveMessage { room, chat, message, left }
            }
            _ => {
                self.now += self.below(90_000) as i64;
                Command::Tick
            }
        }
    }

    fn wish(&mut self) -> Wish {
        let group = [None, None, Some(self.groups[0]), Some(self.groups[1])][self.below(4)];
        Wish { vip: self.below(5) == 0, group, ..Wish::default() }
    }
}
