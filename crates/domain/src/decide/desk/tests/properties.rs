//! Random days at a desk, watched by a bookkeeper who knows no routing: it only sees what was asked and what was told,
//! keeps a list for each queue, and complains.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::floor::{Floor, NODE, PATIENT, aid, by_group, room};
use crate::model::desk::{About, Command, DeskSettings, Happening, Rate, RateWay, Status, What, Wish};
use crate::model::{AccountId, ChatId, GroupId};

const AGENTS: [&str; 5] = ["a0", "a1", "a2", "a3", "boss"];
const VISITORS: usize = 14;
const CAP: u32 = 2;

/// Something that somebody does, or time that passes. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Act {
    Apply { visitor: usize, group: Option<usize>, vip: bool, agent: Option<usize> },
    Leave { visitor: usize },
    Come { agent: usize, node: usize },
    Go { agent: usize, node: usize },
    NodeGone { node: usize },
    Set { agent: usize, status: usize },
    Serve { agent: usize, visitor: usize },
    Accept { agent: usize, visitor: usize },
    Answer { agent: usize, visitor: usize },
    Transfer { visitor: usize, to: usize },
    TransferToGroup { visitor: usize, group: usize },
    Reply { visitor: usize, agent: usize, accepts: bool },
    TakeOver { visitor: usize },
    End { visitor: usize, by: Option<usize> },
    Rate { visitor: usize },
    Reopen { visitor: usize },
    Pass { ms: i64 },
    ClockBack { ms: i64 },
    Close { open: bool },
}

fn act() -> impl Strategy<Value = Act> {
    let agent = 0..AGENTS.len();
    let visitor = 0..VISITORS;
    let group = prop::option::of(0..2usize);
    prop_oneof![
        8 => (visitor.clone(), group, prop::bool::weighted(0.2), prop::option::weighted(0.2, agent.clone()))
            .prop_map(|(visitor, group, vip, agent)| Act::Apply { visitor, group, vip, agent }),
        1 => visitor.clone().prop_map(|visitor| Act::Leave { visitor }),
        4 => (agent.clone(), 0..2usize).prop_map(|(agent, node)| Act::Come { agent, node }),
        3 => (agent.clone(), 0..2usize).prop_map(|(agent, node)| Act::Go { agent, node }),
        1 => (0..2usize).prop_map(|node| Act::NodeGone { node }),
        2 => (agent.clone(), 0..3usize).prop_map(|(agent, status)| Act::Set { agent, status }),
        2 => (agent.clone(), visitor.clone()).prop_map(|(agent, visitor)| Act::Serve { agent, visitor }),
        1 => (agent.clone(), visitor.clone()).prop_map(|(agent, visitor)| Act::Accept { agent, visitor }),
        2 => (agent.clone(), visitor.clone()).prop_map(|(agent, visitor)| Act::Answer { agent, visitor }),
        3 => (visitor.clone(), agent.clone()).prop_map(|(visitor, to)| Act::Transfer { visitor, to }),
        3 => (visitor.clone(), 0..2usize)
            .prop_map(|(visitor, group)| Act::TransferToGroup { visitor, group }),
        3 => (visitor.clone(), agent.clone(), any::<bool>())
            .prop_map(|(visitor, agent, accepts)| Act::Reply { visitor, agent, accepts }),
        1 => visitor.clone().prop_map(|visitor| Act::TakeOver { visitor }),
        5 => (visitor.clone(), prop::option::of(agent)).prop_map(|(visitor, by)| Act::End { visitor, by }),
        1 => visitor.clone().prop_map(|visitor| Act::Rate { visitor }),
        1 => visitor.prop_map(|visitor| Act::Reopen { visitor }),
        4 => (0..90_000i64).prop_map(|ms| Act::Pass { ms }),
        1 => (0..7_200_000i64).prop_map(|ms| Act::ClockBack { ms }),
        1 => prop::bool::weighted(0.8).prop_map(|open| Act::Close { open }),
    ]
}

fn visitor(number: usize) -> String {
    format!("v{number}")
}

fn node(number: usize) -> Box<str> {
    if number == 0 { NODE.into() } else { "n2".into() }
}

/// A line of the bookkeeper's list.
#[derive(Debug, Clone)]
struct Line {
    /// When it came, by the bookkeeper's own count.
    arrival: usize,
    group: Option<GroupId>,
    /// Returned, VIP, everybody, left a message.
    class: u8,
    /// What it was before it lost its agent.
    own_class: u8,
    agent: Option<AccountId>,
    offered_to: Option<AccountId>,
    /// Who gave it to its group.
    given_by: Option<AccountId>,
}

#[derive(Debug, Default)]
struct Bookkeeper {
    arrivals: usize,
    open: BTreeMap<ChatId, Line>,
    ended: BTreeSet<ChatId>,
    /// Who asked as a VIP, by room.
    vips: BTreeMap<String, bool>,
    vip_chats: BTreeSet<ChatId>,
}

impl Bookkeeper {
    fn writes_down(&mut self, told: &Happening, floor: &Floor) {
        let Some(chat) = told.chat else { return };
        match told.what {
            What::Applied | What::Reopened | What::Left => self.arrives(chat, told),
            What::Assigned => {
                let line = self
                    .open
                    .get(&chat)
                    .unwrap_or_else(|| panic!("{chat} was given and never asked"))
                    .clone();
                let agent = told.agent.clone().unwrap();
                match told.note.as_deref() {
                    Some("free" | "wanted") => {
                        assert!(line.agent.is_none(), "{chat} was given twice");
                        let ahead = self.open.values().find(|other| {
                            other.agent.is_none()
                                && (other.group, other.class) == (line.group, line.class)
                                && other.arrival < line.arrival
                                && other.given_by.as_ref() != Some(&agent)
                        });
                        assert!(ahead.is_none(), "{ahead:?} was overtaken by {line:?}");
                        let better = self.open.values().find(|other| {
                            other.agent.is_none()
                                && other.group == line.group
                                && other.class < line.class
                                && other.given_by.as_ref() != Some(&agent)
                        });
                        assert!(better.is_none(), "{better:?} was overtaken by {line:?}");
                        let agent = &floor.desk.agents[&agent];
                        assert!(
                            agent.is_present() && agent.status == Status::Online,
                            "{agent:?} wants nobody"
                        );
                    }
                    Some("next") => assert_eq!(line.agent, told.other),
                    Some("taken") => assert!(line.agent.is_none(), "{chat} was taken from somebody"),
                    other => panic!("given because of {other:?}"),
                }
                let line = self.open.get_mut(&chat).unwrap();
                line.given_by.take_if(|giver| *giver == agent);
                line.agent = Some(agent);
            }
            What::Returned => {
                let line = self.open.get_mut(&chat).unwrap();
                assert_eq!(line.agent, told.agent);
                line.agent = None;
                line.given_by = None;
                if line.class != 3 {
                    line.class = 0;
                }
            }
            What::Offered => self.open.get_mut(&chat).unwrap().offered_to.clone_from(&told.other),
            What::Declined => assert_eq!(self.open.get_mut(&chat).unwrap().offered_to.take(), told.other),
            What::Transferred if told.other.is_none() => {
                let line = self.open.get_mut(&chat).unwrap();
                assert_eq!((&line.agent, &line.offered_to), (&told.agent, &None));
                // It keeps its arrival.
                line.group = told.group;
                line.class = line.own_class;
                line.given_by = line.agent.take();
            }
            What::Transferred => {
                let line = self.open.get_mut(&chat).unwrap();
                assert_eq!((&line.agent, &line.offered_to), (&told.agent, &told.other));
                line.agent.clone_from(&told.other);
                line.offered_to = None;
            }
            What::TakenOver => {
                let line = self.open.get_mut(&chat).unwrap();
                assert_eq!((&line.agent, &line.offered_to), (&told.other, &None));
                line.agent.clone_from(&told.agent);
            }
            What::Ended => {
                let line = self.open.remove(&chat).unwrap_or_else(|| panic!("{chat} ended twice"));
                assert_eq!(line.agent, told.agent);
                self.ended.insert(chat);
            }
            _ => {}
        }
    }

    fn arrives(&mut self, chat: ChatId, told: &Happening) {
        let is_left = told.what == What::Left;
        if is_left && let Some(line) = self.open.get_mut(&chat) {
            // Whoever waited keeps its place among those who left something.
            line.class = 3;
            line.own_class = 3;
            return;
        }
        self.ended.remove(&chat);
        self.arrivals += 1;
        let vip = match told.what {
            What::Reopened => self.vip_chats.contains(&chat),
            // Whoever only leaves a message is asked nothing.
            What::Left => false,
            _ => self.vips.get(told.room.as_ref().unwrap().aid()).copied().unwrap_or_default(),
        };
        if vip {
            self.vip_chats.insert(chat);
        } else {
            self.vip_chats.remove(&chat);
        }
        let class = if is_left {
            3
        } else if vip {
            1
        } else {
            2
        };
        let arrival = self.arrivals;
        let line = Line {
            arrival,
            group: told.group,
            class,
            own_class: class,
            agent: None,
            offered_to: None,
            given_by: None,
        };
        self.open.insert(chat, line);
    }

    /// What must hold after whatever has happened.
    fn checks(&self, floor: &Floor) {
        let desk = &floor.desk;
        assert_eq!(
            self.open.keys().collect::<Vec<_>>(),
            desk.consultations.keys().collect::<Vec<_>>(),
            "somebody is lost"
        );
        let mut rooms = BTreeSet::new();
        for (chat, line) in &self.open {
            let there = &desk.consultations[chat];
            assert_eq!(there.agent(), line.agent.as_ref());
            assert!(rooms.insert(&there.room), "two at once in {}", there.room);
        }
        for agent in desk.agents.values() {
            let has = |line: &&Line| {
                line.agent.as_ref() == Some(&agent.aid) || line.offered_to.as_ref() == Some(&agent.aid)
            };
            let load = self.open.values().filter(has).count() as u32;
            assert!(load <= CAP, "{} has {load}", agent.aid);
        }
        for line in self.open.values().filter(|line| line.agent.is_none()) {
            let free = desk.agents.values().find(|agent| {
                let load = self
                    .open
                    .values()
                    .filter(|other| [&other.agent, &other.offered_to].contains(&&Some(agent.aid.clone())))
                    .count() as u32;
                agent.is_present()
                    && agent.status == Status::Online
                    && load < CAP
                    && self.suits(line, &agent.aid, floor)
            });
            assert!(free.is_none(), "{line:?} waits while {free:?} is free");
        }
        let positions: Vec<_> =
            desk.places().iter().map(|(waits, queued)| (waits.group, queued.position)).collect();
        let mut next: BTreeMap<Option<GroupId>, u32> = BTreeMap::new();
        for (group, position) in positions {
            let expected = next.entry(group).or_insert(1);
            assert_eq!(position, *expected, "positions have a hole");
            *expected += 1;
        }
    }

    /// Group 0 falls back to group 1, which falls back to nobody. Who has given it away gets it when nobody else is there.
    fn suits(&self, line: &Line, agent: &AccountId, floor: &Floor) -> bool {
        let agents = &floor.desk.agents;
        let those = |group: GroupId| {
            let there = agents.values().filter(move |agent| {
                agent.groups.contains(&group)
                    && agent.status != Status::Offline
                    && (!agent.nodes.is_empty() || agent.grace.is_some())
            });
            there.map(|agent| &agent.aid).collect::<BTreeSet<_>>()
        };
        let groups: Vec<GroupId> = floor.desk.groups.keys().copied().collect();
        let Some(group) = line.group else { return true };
        let falls_back = group == groups[0] && those(groups[0]).is_empty() && !those(groups[1]).is_empty();
        let group = if falls_back { groups[1] } else { group };
        let somebody_else = those(group).into_iter().any(|other| other != agent);
        let gave_it_away = line.given_by.as_ref() == Some(agent) && somebody_else;
        agents[agent].groups.contains(&group) && !gave_it_away
    }
}

fn play(acts: Vec<Act>, settings: DeskSettings) {
    let mut floor = Floor::with_agents(settings, &AGENTS);
    let groups = floor.groups(&[&["a0", "a1"], &["a1", "a2", "boss"]]);
    floor.agent("boss").supervisor = true;
    let mut bookkeeper = Bookkeeper::default();
    floor.told.clear();
    for act in acts {
        does(&mut floor, &mut bookkeeper, &groups, &act);
        for told in std::mem::take(&mut floor.told) {
            bookkeeper.writes_down(&told, &floor);
        }
        bookkeeper.checks(&floor);
    }
}

fn does(floor: &mut Floor, bookkeeper: &mut Bookkeeper, groups: &[GroupId], act: &Act) {
    let name = |number: &usize| aid(AGENTS[*number]);
    // Refusals are fine: they change nothing, which the floor checks.
    let tries = |floor: &mut Floor, command: Command| drop(floor.tries(command));
    let about = |floor: &Floor, who: &usize| {
        let room = room(&visitor(*who));
        let runs = floor.desk.in_room(&room).map(|running| running.chat);
        let ended = floor.desk.past.values().find(|past| past.consultation.room == room);
        About { chat: runs.or(ended.map(|past| past.consultation.chat)), room }
    };
    match act {
        Act::Apply { visitor: who, group, vip, agent } => {
            let who = visitor(*who);
            let runs = floor.desk.in_room(&room(&who)).is_some_and(|running| running.left.is_none());
            if !runs {
                bookkeeper.vips.insert(who.clone(), *vip);
            }
            let wish = Wish { vip: *vip, agent: agent.as_ref().map(name), ..Wish::default() };
            let wish = group.map_or(wish.clone(), |group| Wish {
                vip: *vip,
                agent: wish.agent,
                ..by_group(groups[group])
            });
            floor.applies_for(&who, wish);
        }
        Act::Leave { visitor: who } => {
            let who = visitor(*who);
            let runs = floor.desk.in_room(&room(&who));
            if runs.is_none_or(|running| running.serving().is_none()) {
                floor.leaves_message(&who, "call me");
            }
        }
        Act::Come { agent, node: at } => floor.comes_at(AGENTS[*agent], &node(*at)),
        Act::Go { agent, node: at } => tries(floor, Command::Went { agent: name(agent), node: node(*at) }),
        Act::NodeGone { node: at } => tries(floor, Command::NodeGone { node: node(*at) }),
        Act::Set { agent, status } => {
            let status = [Status::Online, Status::Busy, Status::Offline][*status];
            tries(floor, Command::SetStatus { agent: name(agent), status });
        }
        Act::Serve { agent, visitor: who } => {
            let about = about(floor, who);
            tries(floor, Command::Serve { agent: name(agent), about });
        }
        Act::Accept { agent, visitor: who } => {
            let about = about(floor, who);
            tries(floor, Command::Accept { agent: name(agent), about });
        }
        Act::Answer { agent, visitor: who } => {
            if floor.desk.in_room(&room(&visitor(*who))).is_some() {
                floor.is_spoken_in(&visitor(*who), Some(AGENTS[*agent]));
            }
        }
        Act::Transfer { visitor: who, to } => {
            let about = about(floor, who);
            let Some(agent) = floor.desk.in_room(&about.room).and_then(|running| running.agent().cloned())
            else {
                return;
            };
            tries(floor, Command::Transfer { agent, about, to: name(to), note: "please".into() });
        }
        Act::TransferToGroup { visitor: who, group } => {
            let about = about(floor, who);
            let Some(agent) = floor.desk.in_room(&about.room).and_then(|running| running.agent().cloned())
            else {
                return;
            };
            let (group, note) = (groups[*group], "please".into());
            tries(floor, Command::TransferToGroup { agent, about, group, note });
        }
        Act::Reply { visitor: who, agent, accepts } => {
            let (agent, about) = (name(agent), about(floor, who));
            let command = if *accepts {
                Command::AcceptTransfer { agent, about }
            } else {
                Command::RejectTransfer { agent, about }
            };
            tries(floor, command);
        }
        Act::TakeOver { visitor: who } => {
            let about = about(floor, who);
            tries(floor, Command::TakeOver { agent: aid("boss"), about });
        }
        Act::End { visitor: who, by } => {
            let about = about(floor, who);
            tries(floor, Command::End { about, agent: by.as_ref().map(name) });
        }
        Act::Rate { visitor: who } => {
            let about = about(floor, who);
            tries(floor, Command::Rate { about, rate: Rate::Good, way: RateWay::Auto });
        }
        Act::Reopen { visitor: who } => {
            let about = about(floor, who);
            tries(floor, Command::Reopen { about });
        }
        Act::Pass { ms } => floor.waits(*ms),
        Act::ClockBack { ms } => floor.now -= ms,
        Act::Close { open } => floor.desk.open = *open,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_patient_company_keeps_its_promises_on_any_day(acts in prop::collection::vec(act(), 1..120)) {
        play(acts, PATIENT);
    }

    #[test]
    fn a_strict_company_keeps_its_promises_on_any_day(acts in prop::collection::vec(act(), 1..120)) {
        let strict = DeskSettings {
            answer_limit_ms: 20_000,
            wait_limit_ms: 40_000,
            idle_ms: 50_000,
            idle_notice_ms: 5_000,
            grace_ms: 15_000,
            ..PATIENT
        };
        play(acts, strict);
    }

    #[test]
    fn a_burst_is_spread_evenly(agents in 1..8usize, visitors in 0..60usize) {
        let names: Vec<String> = (0..agents).map(|number| format!("a{number}")).collect();
        let mut floor = Floor::with(DeskSettings { cap: 6, ..PATIENT });
        names.iter().for_each(|name| floor.comes(name));
        for number in 0..visitors {
            floor.applies(&visitor(number));
        }
        let loads: Vec<u32> = names.iter().map(|name| floor.desk.load(&aid(name))).collect();
        prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{:?}", loads);
        prop_assert_eq!(loads.iter().sum::<u32>() as usize, visitors.min(agents * 6));
    }
}

#[test]
fn two_hundred_at_once_for_twenty_agents_of_cap_five() {
    let mut floor = Floor::with(DeskSettings { cap: 5, ..PATIENT });
    for number in 0..20 {
        floor.comes(&format!("a{number}"));
    }
    for number in 0..200 {
        floor.applies(&visitor(number));
    }
    let served = floor.desk.consultations.values().filter(|served| served.serving().is_some()).count();
    let positions: Vec<_> = floor.desk.places().iter().map(|(_, queued)| queued.position).collect();
    assert_eq!((served, positions), (100, (1..=100).collect()));
}
