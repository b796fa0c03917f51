//! Companies' desks: what routing decides is durable, whole, in one order, and read again as it was left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use nodechat_domain::error::{Code, Error, Result};
use nodechat_domain::model::desk::{
    About, Command, Desk, DeskAnswer, EndedBy, Happening, Left, Placement, Rate, RateWay, Standing, Status,
    What, Wish,
};
use nodechat_domain::model::{
    AccountId, Actor, Agent, AuditLine, ChatId, CompanyId, Pace, Person, Role, Time,
};
use nodechat_domain::port::{Agents, DeskFeed, Desks, PastQuery, Stats};

use super::stage::{Stage, agent, company_id, hash, room, visitor, visitor_of};
use crate::DeskBook;
use crate::value::Value;

pub(super) const NOW: Time = 1_700_000_000_000;
const SECOND: Time = 1_000;

/// A node's desks, and what it was told.
pub(super) struct Node {
    pub book: DeskBook,
    pub heard: Arc<Heard>,
    pub name: &'static str,
}

#[derive(Default)]
pub(super) struct Heard {
    happenings: Mutex<Vec<Happening>>,
    /// Each company's desk when it was told last.
    pub desks: Mutex<BTreeMap<CompanyId, Desk>>,
    calls: Mutex<u32>,
    fuse: Mutex<bool>,
}

impl DeskFeed for Heard {
    fn happened(&self, company: &CompanyId, happenings: &[Happening], desk: &Desk) {
        *self.calls.lock().unwrap() += 1;
        self.happenings.lock().unwrap().extend_from_slice(happenings);
        self.desks.lock().unwrap().insert(company.clone(), desk.clone());
        let blows = std::mem::take(&mut *self.fuse.lock().unwrap());
        assert!(!blows, "this listener panics, as the case wants it");
    }
}

impl Node {
    pub fn of(stage: &Stage, name: &'static str) -> Self {
        let heard = Arc::new(Heard::default());
        Self { book: DeskBook::new(stage.books(), heard.clone()), heard, name }
    }

    pub async fn tries(&self, command: Command) -> Result<DeskAnswer> {
        self.tries_at(NOW, command).await
    }

    pub async fn tries_at(&self, now: Time, command: Command) -> Result<DeskAnswer> {
        self.book.route(&company_id("c1"), command, now).await
    }

    pub async fn does(&self, command: Command) -> DeskAnswer {
        self.tries(command).await.unwrap()
    }

    pub async fn comes(&self, name: &str) {
        self.does(self.coming(name)).await;
    }

    fn coming(&self, name: &str) -> Command {
        Command::Came { agent: Box::new(agent(name)), node: self.name.into() }
    }

    async fn goes(&self, name: &str) {
        self.does(Command::Went { agent: agent(name).aid, node: self.name.into() }).await;
    }

    async fn sets(&self, name: &str, status: Status) {
        self.does(Command::SetStatus { agent: agent(name).aid, status }).await;
    }

    async fn applies(&self, stage: &Stage, visitor: &Person) -> Placement {
        match self.does(applying(stage, visitor)).await {
            DeskAnswer::Placed(placement) => placement,
            other => panic!("{other:?}"),
        }
    }

    pub async fn desk(&self) -> Desk {
        self.book.look(&company_id("c1"), NOW).await.unwrap()
    }

    pub async fn agent_of(&self, visitor: &Person) -> Option<AccountId> {
        let desk = self.desk().await;
        desk.in_room(&room(visitor)).and_then(|running| running.agent().cloned())
    }

    pub async fn about(&self, visitor: &Person) -> About {
        let desk = self.desk().await;
        About { room: room(visitor), chat: desk.in_room(&room(visitor)).map(|running| running.chat) }
    }

    /// What was told last is what is stored.
    pub async fn is_as_stored(&self) {
        let told = self.heard.desks.lock().unwrap().get(&company_id("c1")).cloned();
        assert_eq!(told, Some(self.desk().await));
    }
}

fn applying(stage: &Stage, visitor: &Person) -> Command {
    Command::Apply { room: room(visitor), chat: new_chat(stage), wish: Wish::default() }
}

pub(super) fn new_chat(stage: &Stage) -> ChatId {
    ChatId(stage.new_id().0)
}

pub(super) async fn visitors(stage: &Stage, count: usize) -> Vec<Person> {
    let people: Vec<_> = (0..count).map(|number| visitor(&format!("v{number:03}"))).collect();
    for person in &people {
        stage.room_of(person).await;
    }
    people
}

/// One statement on the side, for what other ports will do.
pub(super) async fn sql(stage: &Stage, statement: &'static str, params: Vec<Value>) {
    let books = stage.books();
    let changed = books.write(move |tx| {
        let params = params.clone();
        async move { tx.change(statement, &params).await }.boxed()
    });
    changed.await.unwrap();
}

async fn enrolls(stage: &Stage, name: &str, role: i64, cap: i64) {
    const ENROLL: &str = "insert into agent (company, aid, mid, account, nick, role, cap, active, created)
        values ('c1', $1, '', '', $1, $2, $3, 1, 0) on conflict (company, aid) do update set cap = $3, role = $2";
    sql(stage, ENROLL, vec![name.into(), role.into(), cap.into()]).await;
    const UNSETTLE: &str = "update desk set version = version + 1 where company = 'c1'";
    sql(stage, UNSETTLE, vec![]).await;
}

async fn sets(stage: &Stage, name: &'static str, value: &'static str) {
    const SET: &str = "insert into setting (company, name, value) values ('c1', $1, $2)
        on conflict (company, name) do update set value = excluded.value";
    sql(stage, SET, vec![name.into(), value.into()]).await;
    enrolls(stage, "nobody", 10, 1).await;
}

pub async fn a_desk_is_read_again_as_it_was_left(stage: &Stage) {
    for name in ["a1", "a2", "boss"] {
        enrolls(stage, name, 20, 2).await;
    }
    sets(stage, "answer_limit_seconds", "30").await;
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 8).await;
    for name in ["a1", "a2", "boss"] {
        node.comes(name).await;
        node.is_as_stored().await;
    }
    for person in &people {
        node.applies(stage, person).await;
        node.is_as_stored().await;
    }
    let chat = new_chat(stage);
    let left = Left { contact: "12345".into(), text: "call\nme 🔥".into() };
    node.does(Command::LeaveMessage { room: room(&people[7]), chat, message: stage.new_id(), left }).await;
    node.is_as_stored().await;
    let first = node.about(&people[0]).await;
    node.does(Command::End { about: node.about(&people[1]).await, agent: None }).await;
    node.does(Command::Rate { about: first.clone(), rate: Rate::Bad, way: RateWay::Hand }).await;
    node.is_as_stored().await;
    let (giver, to) = (node.agent_of(&people[0]).await.unwrap(), agent("a2").aid);
    node.does(Command::End { about: node.about(&people[4]).await, agent: None }).await;
    node.does(Command::End { about: node.about(&people[6]).await, agent: None }).await;
    node.does(Command::Transfer {
        agent: giver,
        about: first.clone(),
        to: to.clone(),
        note: "speaks\nGreek".into(),
    })
    .await;
    node.is_as_stored().await;
    node.does(Command::AcceptTransfer { agent: to, about: first }).await;
    node.is_as_stored().await;
    node.tries_at(NOW + 31 * SECOND, Command::Tick).await.unwrap();
    node.is_as_stored().await;
    node.sets("boss", Status::Busy).await;
    node.goes("a1").await;
    node.is_as_stored().await;
    node.tries_at(NOW + 200 * SECOND, Command::Tick).await.unwrap();
    node.is_as_stored().await;
    let before = node.desk().await;
    assert!(
        before.consultations.values().any(|waits| waits.waiting().is_some_and(|waiting| waiting.returned))
    );
    assert!(before.consultations.values().any(|passed| !passed.passed.is_empty()));
    stage.reopen().await;
    assert_eq!(Node::of(stage, "n2").desk().await, before);
}

pub async fn commands_started_one_after_another_keep_their_order(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 40).await;
    node.comes("a1").await;
    node.sets("a1", Status::Busy).await;
    let started: Vec<_> = people
        .iter()
        .map(|person| node.book.route(&company_id("c1"), applying(stage, person), NOW))
        .collect();
    join_all(started).await;
    let desk = node.desk().await;
    let queue: Vec<_> = desk.queue().into_iter().map(|waits| waits.room.clone()).collect();
    assert_eq!(queue, people.iter().map(room).collect::<Vec<_>>());
}

pub async fn what_waits_shares_a_transaction_and_a_refusal_harms_nobody(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 30).await;
    node.comes("a1").await;
    let before = *node.heard.calls.lock().unwrap();
    let stranger = visitor("nobody");
    let all: Vec<_> = people.iter().chain([&stranger]).chain(&people).collect();
    let started: Vec<_> =
        all.iter().map(|person| node.book.route(&company_id("c1"), applying(stage, person), NOW)).collect();
    let answers = join_all(started).await;
    for (person, answer) in all.iter().zip(&answers) {
        match answer {
            Ok(DeskAnswer::Placed(placement)) => assert!(placement.chat.is_some(), "{:?}", person.aid),
            Ok(other) => panic!("{other:?}"),
            Err(error) => assert_eq!((error.code(), *person == &stranger), (Code::NotFound, true)),
        }
    }
    assert!(
        *node.heard.calls.lock().unwrap() - before <= 3,
        "sixty commands wait for a transaction of their own"
    );
    assert_eq!(node.desk().await.consultations.len(), 30);
    node.is_as_stored().await;
}

pub async fn a_first_answer_that_the_desk_hears_of_after_the_end_is_kept(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let about = ended(stage, &node).await;
    let answered = |who: &str| Command::Answered {
        agent: agent(who).aid,
        about: about.clone(),
        said: NOW + 40,
        late: false,
    };
    for who in ["a2", "a1", "a1"] {
        node.does(answered(who)).await;
    }
    let stored = node.book.happenings(&company_id("c1"), 0, 1_000).await.unwrap();
    let kept = stored.iter().filter(|happening| happening.what == What::Answered);
    assert_eq!(
        kept.map(|kept| (kept.agent.clone(), kept.chat, kept.number)).collect::<Vec<_>>(),
        [(Some(agent("a1").aid), about.chat, Some(40))]
    );
    let head = stage.view(&about.room).await.head;
    assert_eq!((head.consultation, head.unanswered), (None, false));
    node.is_as_stored().await;
}

pub async fn happenings_are_dense_and_heard_once_before_the_answer(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 5).await;
    node.comes("a1").await;
    for person in &people {
        let placement = node.applies(stage, person).await;
        let heard = node.heard.happenings.lock().unwrap();
        assert!(
            heard.iter().any(|happening| happening.chat == placement.chat),
            "answered before it was told"
        );
    }
    let stored = node.book.happenings(&company_id("c1"), 0, 1_000).await.unwrap();
    assert_eq!(*node.heard.happenings.lock().unwrap(), stored);
    assert!(stored.iter().zip(1..).all(|(happening, seq)| happening.seq == seq));
    let rest = node.book.happenings(&company_id("c1"), 3, 2).await.unwrap();
    assert_eq!(rest, stored[3..5]);
}

pub async fn a_panicking_listener_of_a_desk_harms_nobody(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 2).await;
    *node.heard.fuse.lock().unwrap() = true;
    node.comes("a1").await;
    for person in &people {
        assert!(matches!(node.applies(stage, person).await.standing, Standing::Serving(_)));
    }
    node.is_as_stored().await;
}

pub async fn two_nodes_give_each_consultation_to_one_agent(stage: &Stage) {
    let (one, two) = (Node::of(stage, "n1"), Node::of(stage, "n2"));
    let people = visitors(stage, 60).await;
    for number in 0..4 {
        enrolls(stage, &format!("a{number}"), 10, 10).await;
        [&one, &two][number % 2].comes(&format!("a{number}")).await;
    }
    let node = |number: usize| [&one, &two][number % 2];
    let applied = people.iter().enumerate().map(|(number, person)| node(number).applies(stage, person));
    let placements = join_all(applied).await;
    let desk = one.desk().await;
    let loads: Vec<u32> = desk.agents.keys().map(|agent| desk.load(agent)).collect();
    assert_eq!(loads, [10; 4]);
    let mut positions: Vec<u32> = desk.places().iter().map(|(_, queued)| queued.position).collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=20).collect::<Vec<_>>());
    let chats: BTreeSet<_> = placements.iter().filter_map(|placement| placement.chat).collect();
    assert_eq!(chats.len(), 60);
    // Each node has heard of what it did itself; together it is everything, once.
    let mut heard = one.heard.happenings.lock().unwrap().clone();
    heard.extend(two.heard.happenings.lock().unwrap().clone());
    heard.sort_by_key(|happening| happening.seq);
    assert_eq!(heard, one.book.happenings(&company_id("c1"), 0, 10_000).await.unwrap());
    assert_eq!(two.desk().await, desk);
}

pub async fn of_two_who_take_one_wins_and_the_other_hears_who(stage: &Stage) {
    let nodes = [Node::of(stage, "n1"), Node::of(stage, "n2")];
    for (node, name) in nodes.iter().zip(["a1", "a2"]) {
        enrolls(stage, name, 10, 1_000).await;
        node.comes(name).await;
        node.sets(name, Status::Busy).await;
    }
    for person in visitors(stage, 40).await {
        nodes[0].applies(stage, &person).await;
        let about = nodes[0].about(&person).await;
        let serve = |name: &str| Command::Serve { agent: agent(name).aid, about: about.clone() };
        let outcomes = join_all([nodes[0].tries(serve("a1")), nodes[1].tries(serve("a2"))]).await;
        let winner = nodes[0].agent_of(&person).await.unwrap();
        for (outcome, name) in outcomes.iter().zip(["a1", "a2"]) {
            match outcome {
                Ok(_) => assert_eq!(winner.as_str(), name),
                Err(error) => {
                    assert_eq!(error.code(), Code::Conflict);
                    assert!(
                        winner.as_str() != name && error.to_string().contains(winner.as_str()),
                        "{error}"
                    );
                }
            }
        }
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    }
}

pub async fn a_room_says_which_consultation_runs_in_it(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 1).await;
    let head = async || stage.view(&room(&people[0])).await.head;
    node.comes("a1").await;
    node.sets("a1", Status::Busy).await;
    let chat = node.applies(stage, &people[0]).await.chat;
    assert_eq!((head().await.consultation, head().await.unanswered), (chat, false));
    node.sets("a1", Status::Online).await;
    assert_eq!((head().await.consultation, head().await.unanswered), (chat, true));
    stage.says(&agent("a1"), &room(&people[0]), "hello").await;
    assert_eq!((head().await.consultation, head().await.unanswered), (chat, false));
    let about = node.about(&people[0]).await;
    node.does(Command::Answered { agent: agent("a1").aid, about: about.clone(), said: 0, late: false }).await;
    assert!(!head().await.unanswered);
    node.does(Command::End { about, agent: None }).await;
    assert_eq!((head().await.consultation, head().await.unanswered), (None, false));
    // A message that was only left silences nobody.
    node.sets("a1", Status::Offline).await;
    let left = Left { contact: "1".into(), text: "call me".into() };
    node.does(Command::LeaveMessage {
        room: room(&people[0]),
        chat: new_chat(stage),
        message: stage.new_id(),
        left,
    })
    .await;
    assert_eq!(head().await.consultation, None);
}

pub async fn an_unnoticed_answer_is_found_when_it_is_due(stage: &Stage) {
    sets(stage, "answer_limit_seconds", "30").await;
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 1).await;
    node.comes("a1").await;
    node.comes("a2").await;
    node.applies(stage, &people[0]).await;
    let served_by = node.agent_of(&people[0]).await.unwrap();
    stage.says(&agent(served_by.as_str()), &room(&people[0]), "hello").await;
    node.tries_at(NOW + 31 * SECOND, Command::Tick).await.unwrap();
    assert_eq!(node.agent_of(&people[0]).await, Some(served_by));
    let last = node.heard.happenings.lock().unwrap().last().unwrap().what;
    assert_eq!(last, What::Answered);
}

pub async fn what_is_due_is_found_after_reopening(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 1).await;
    assert_eq!(node.book.next_due().await.unwrap(), None);
    enrolls(stage, "a1", 10, 1).await;
    sets(stage, "grace_seconds", "60").await;
    sets(stage, "idle_seconds", "0").await;
    node.comes("a1").await;
    node.applies(stage, &people[0]).await;
    assert_eq!(node.book.next_due().await.unwrap(), None);
    node.goes("a1").await;
    let due = NOW + 60 * SECOND;
    assert_eq!(node.book.next_due().await.unwrap(), Some(due));
    stage.reopen().await;
    let node = Node::of(stage, "n2");
    assert_eq!(node.book.next_due().await.unwrap(), Some(due));
    assert_eq!(node.book.due(due - 1).await.unwrap(), []);
    assert_eq!(node.book.due(due).await.unwrap(), [company_id("c1")]);
    node.tries_at(due, Command::Tick).await.unwrap();
    assert_eq!(node.agent_of(&people[0]).await, None);
    assert_eq!(node.book.next_due().await.unwrap(), None);
}

pub async fn presences_are_found_after_reopening(stage: &Stage) {
    let (one, two) = (Node::of(stage, "n1"), Node::of(stage, "n2"));
    one.comes("a1").await;
    two.comes("a1").await;
    one.comes("a2").await;
    stage.reopen().await;
    let node = Node::of(stage, "n3");
    let mut presences = node.book.presences().await.unwrap();
    presences.sort();
    assert_eq!(presences, [(company_id("c1"), "n1".into()), (company_id("c1"), "n2".into())]);
    node.does(Command::NodeGone { node: "n1".into() }).await;
    let desk = node.desk().await;
    assert!(desk.agents[&agent("a1").aid].is_present());
    assert!(desk.agents[&agent("a2").aid].grace.is_some());
    assert_eq!(node.book.presences().await.unwrap().len(), 1);
}

pub async fn caps_groups_and_settings_are_heeded_at_once(stage: &Stage) {
    enrolls(stage, "a1", 10, 1).await;
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 3).await;
    node.comes("a1").await;
    for person in &people {
        node.applies(stage, person).await;
    }
    assert_eq!(node.desk().await.load(&agent("a1").aid), 1);
    let line = AuditLine {
        company: company_id("c1"),
        time: 0,
        actor: Actor::Agent(agent("boss").aid),
        act: "agent.change",
        subject: "a1".into(),
        note: "".into(),
        address: None,
    };
    let busier = |agent: &Agent, _| Ok(Agent { role: Role::Supervisor, cap: Some(2), ..agent.clone() });
    let changed =
        Agents::change(&stage.books(), &company_id("c1"), &agent("a1").aid, Box::new(busier), line).await;
    changed.unwrap();
    // Whoever only looks at what is due finds it, too.
    assert_eq!(node.book.due(NOW).await.unwrap(), [company_id("c1")]);
    node.does(Command::Look).await;
    assert_eq!(node.book.due(NOW).await.unwrap(), []);
    let desk = node.desk().await;
    assert_eq!(desk.load(&agent("a1").aid), 2);
    assert!(desk.agents[&agent("a1").aid].supervisor);
    node.is_as_stored().await;
    sets(stage, "hours", "mon closed").await;
    let late = visitor("late");
    stage.room_of(&late).await;
    assert_eq!(node.applies(stage, &late).await.standing, Standing::Offline);
}

pub async fn what_is_over_is_listed_latest_first(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 9).await;
    node.comes("a1").await;
    node.comes("a2").await;
    let mut chats = Vec::new();
    for (person, at) in people.iter().zip((0..).map(|second| NOW + second * SECOND)) {
        let Ok(DeskAnswer::Placed(placement)) = node.tries_at(at, applying(stage, person)).await else {
            panic!()
        };
        let about = About { room: room(person), chat: placement.chat };
        node.tries_at(at, Command::End { about, agent: None }).await.unwrap();
        chats.insert(0, placement.chat.unwrap());
    }
    let listed = async |query: PastQuery| {
        let past = node.book.past(query).await.unwrap();
        past.iter().map(|past| (past.ended, past.consultation.chat)).collect::<Vec<_>>()
    };
    let all = PastQuery::of(company_id("c1"), 100);
    let everything = listed(all.clone()).await;
    assert_eq!(everything.iter().map(|(_, chat)| *chat).collect::<Vec<_>>(), chats);
    let behind = PastQuery { after: Some(everything[3]), limit: 2, ..all.clone() };
    assert_eq!(listed(behind).await, everything[4..6]);
    let of_agent = PastQuery { agent: Some(agent("a1").aid), ..all.clone() };
    let by_agent = node.book.past(of_agent).await.unwrap();
    assert!(!by_agent.is_empty() && by_agent.len() < 9);
    assert!(by_agent.iter().all(|past| past.agent == Some(agent("a1").aid) && past.by == EndedBy::Visitor));
    let of_room = PastQuery { room: Some(room(&people[0])), ..all.clone() };
    assert_eq!(listed(of_room).await, everything[8..]);
    let in_time = PastQuery { from: Some(NOW + SECOND), to: Some(NOW + 3 * SECOND), ..all.clone() };
    assert_eq!(listed(in_time).await, everything[6..8]);
    let one = PastQuery { chat: Some(chats[2]), ..all.clone() };
    assert_eq!(listed(one).await, everything[2..3]);
    let elsewhere = PastQuery { chat: Some(chats[2]), ..PastQuery::of(company_id("c2"), 100) };
    assert_eq!(listed(elsewhere).await, []);
}

/// A visitor whom a1 served, and who has ended it.
async fn ended(stage: &Stage, node: &Node) -> About {
    let people = visitors(stage, 1).await;
    node.comes("a1").await;
    node.applies(stage, &people[0]).await;
    let about = node.about(&people[0]).await;
    node.does(Command::End { about: about.clone(), agent: None }).await;
    about
}

pub async fn a_rating_after_the_end_is_kept(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let about = ended(stage, &node).await;
    for rate in [Rate::Best, Rate::Rubbish] {
        node.does(Command::Rate { about: about.clone(), rate, way: RateWay::Auto }).await;
    }
    stage.reopen().await;
    let node = Node::of(stage, "n2");
    let rated = PastQuery { rate: Some(Rate::Rubbish), ..PastQuery::of(company_id("c1"), 10) };
    let past = node.book.past(rated).await.unwrap();
    let rating = past[0].consultation.rating.clone().unwrap();
    assert_eq!(
        (rating.rate, rating.way, rating.agent),
        (Rate::Rubbish, RateWay::Auto, Some(agent("a1").aid))
    );
    // And it goes on, with the same agent.
    node.comes("a2").await;
    let DeskAnswer::Placed(placement) = node.does(Command::Reopen { about }).await else { panic!() };
    let Standing::Serving(member) = placement.standing else { panic!("{:?}", placement.standing) };
    assert_eq!(member.aid, agent("a1").aid);
    assert_eq!(node.book.past(PastQuery::of(company_id("c1"), 10)).await.unwrap(), []);
}

pub async fn a_desk_knows_nothing_of_another_companys(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let stranger = visitor_of("c2", "v000");
    stage.room_of(&stranger).await;
    let people = visitors(stage, 1).await;
    node.comes("a1").await;
    node.applies(stage, &people[0]).await;
    let other = company_id("c2");
    let before = node.desk().await;
    let elsewhere = |command: Command| node.book.route(&other, command, NOW);
    let about = node.about(&people[0]).await;
    let refused =
        |outcome: Result<DeskAnswer, Error>| assert_eq!(outcome.unwrap_err().code(), Code::NotFound);
    refused(elsewhere(Command::End { about: about.clone(), agent: None }).await);
    refused(elsewhere(Command::Rate { about, rate: Rate::Bad, way: RateWay::Hand }).await);
    refused(elsewhere(applying(stage, &people[0])).await);
    refused(node.tries(applying(stage, &stranger)).await);
    let DeskAnswer::Placed(placement) = elsewhere(applying(stage, &stranger)).await.unwrap() else {
        panic!()
    };
    assert_eq!(placement.standing, Standing::Offline);
    assert_eq!(node.desk().await, before);
}

pub async fn a_consultation_goes_with_the_room_of_an_adopted_visitor(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let (anonymous, other) = (visitor("v-anonymous"), visitor("v-other"));
    let (ann, bob) = (visitor("ann"), visitor("bob"));
    for person in [&anonymous, &other, &bob] {
        stage.room_of(person).await;
    }
    let store = stage.store();
    store.add_visitor(hash(1), anonymous.clone()).await.unwrap();
    store.add_visitor(hash(2), other.clone()).await.unwrap();
    node.comes("a1").await;
    node.comes("a2").await;
    let mut chats = Vec::new();
    for person in [&anonymous, &bob, &other] {
        chats.push(node.applies(stage, person).await.chat);
    }
    // Ann has no room yet, bob has one in which a consultation runs.
    store.adopt(hash(1), &company_id("c1"), ann.clone()).await.unwrap();
    store.adopt(hash(2), &company_id("c1"), bob.clone()).await.unwrap();
    node.sets("a1", Status::Busy).await;
    node.is_as_stored().await;
    let desk = node.desk().await;
    let runs = |person: &Person| desk.in_room(&room(person)).map(|running| running.chat);
    assert_eq!((runs(&ann), runs(&bob), desk.consultations.len()), (chats[0], chats[1], 2));
    assert_eq!(stage.view(&room(&ann)).await.head.consultation, chats[0]);
    assert_eq!(stage.view(&room(&bob)).await.head.consultation, chats[1]);
}

pub async fn the_pace_of_the_last_hours_is_kept_by_whichever_node(stage: &Stage) {
    let (one, two) = (Node::of(stage, "n1"), Node::of(stage, "n2"));
    let people = visitors(stage, 3).await;
    let later = NOW + 3 * Pace::STEP_MS;
    // Nobody is given away: the agent has no seat.
    enrolls(stage, "a1", 3, 0).await;
    one.comes("a1").await;
    for (node, visitor) in [(&one, &people[0]), (&two, &people[1]), (&one, &people[2])] {
        node.applies(stage, visitor).await;
    }
    let ended = Command::End { about: one.about(&people[0]).await, agent: None };
    two.tries_at(later, ended).await.unwrap();
    let at = |time, asked, waiting| Pace { step: Pace::step_of(time), asked, waiting };
    let books = stage.books();
    let paces = async |from| books.paces(&company_id("c1"), from).await.unwrap();
    assert_eq!(paces(NOW).await, [at(NOW, 3, 3), at(later, 0, 2)]);
    assert_eq!(paces(later).await, [at(NOW, 3, 3), at(later, 0, 2)], "and the last one before");
    assert_eq!(paces(later + Pace::STEP_MS).await, [at(later, 0, 2)]);
    assert_eq!(books.paces(&company_id("c2"), 0).await.unwrap(), []);
    one.book.forget_happenings(later + 2 * Pace::STEP_MS).await.unwrap();
    assert_eq!(paces(later + 3 * Pace::STEP_MS).await, [at(later, 0, 2)], "it has not changed since");
    assert_eq!(paces(0).await, [at(later, 0, 2)]);
}

pub async fn old_happenings_are_forgotten(stage: &Stage) {
    let node = Node::of(stage, "n1");
    node.comes("a1").await;
    node.tries_at(NOW + 5 * SECOND, Command::Went { agent: agent("a1").aid, node: "n1".into() })
        .await
        .unwrap();
    assert_eq!(node.book.forget_happenings(NOW + SECOND).await.unwrap(), 1);
    node.comes("a2").await;
    let left = node.book.happenings(&company_id("c1"), 0, 10).await.unwrap();
    assert_eq!(left.iter().map(|happening| happening.seq).collect::<Vec<_>>(), [2, 3]);
}
