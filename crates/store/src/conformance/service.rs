//! What a desk keeps besides who serves whom: who gave a consultation away, what was left and is still to be said, what
//! agents' pages count, and whose visitors have a tag.

use nodechat_domain::error::Code;
use nodechat_domain::model::desk::{Command, DeskAnswer, Handed, Left, LeftMessage, Wish};
use nodechat_domain::model::{
    Actor, AuditLine, Body, ChatId, GroupId, MessageId, Person, Position, Tag, Text,
};
use nodechat_domain::port::{Cards, Desks, Erasures, Lists, PastQuery, Rooms};

use super::desks::{NOW, Node, new_chat, sql, visitors};
use super::stage::{Stage, agent, company_id, hash, room, visitor, visitor_of};
use crate::value::Value;

pub(super) const ADD_GROUP: &str =
    "insert into agent_group (company, id, name, fallback, created) values ($1, $2, $3, null, 0)";
pub(super) const ENROLL: &str =
    "insert into agent (company, aid, mid, account, nick, role, cap, active, created)
    values ($1, $2, '', '', $2, 10, null, $3, 0)";
pub(super) const ADD_MEMBER: &str = "insert into group_member (company, of_group, aid) values ($1, $2, $3)";

async fn group(stage: &Stage, number: u8, members: &[&str]) -> GroupId {
    let (id, name) = (GroupId::at(0, [number; 10]), format!("group {number}"));
    sql(stage, ADD_GROUP, vec!["c1".into(), id.into(), name.into()]).await;
    for member in members {
        sql(stage, ENROLL, vec!["c1".into(), (*member).into(), Value::Number(1)]).await;
        sql(stage, ADD_MEMBER, vec!["c1".into(), id.into(), (*member).into()]).await;
    }
    id
}

pub async fn what_is_given_to_a_group_is_read_again_as_it_was_left(stage: &Stage) {
    const CAP: &str = "insert into setting (company, name, value) values ('c1', 'agent_cap', '1')";
    sql(stage, CAP, vec![]).await;
    let (sales, returns) = (group(stage, 1, &["a1"]).await, group(stage, 2, &["b1"]).await);
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 3).await;
    node.comes("a1").await;
    node.comes("b1").await;
    for (person, wanted) in people.iter().zip([sales, returns, returns]) {
        let wish = Wish { group: Some(wanted), ..Wish::default() };
        node.does(Command::Apply { room: room(person), chat: new_chat(stage), wish }).await;
    }
    let note: Box<str> = "wants\nit back 🔥".into();
    let about = node.about(&people[0]).await;
    let agent_of = agent("a1").aid;
    node.does(Command::TransferToGroup {
        agent: agent_of.clone(),
        about,
        group: returns,
        note: note.clone(),
    })
    .await;
    node.is_as_stored().await;
    let before = node.desk().await;
    let given = before.in_room(&room(&people[0])).unwrap();
    assert_eq!((given.group, given.agent()), (Some(returns), None));
    assert_eq!(given.handed, Some(Handed { by: agent_of, note: note.clone() }));
    assert_eq!(
        (&stage.view(&room(&people[0])).await.head.consultation, given.transfers),
        (&Some(given.chat), 1)
    );
    stage.reopen().await;
    let node = Node::of(stage, "n2");
    assert_eq!(node.desk().await, before);
    // It asked before the third one, and goes before it.
    node.does(Command::End { about: node.about(&people[1]).await, agent: None }).await;
    assert_eq!(node.agent_of(&people[0]).await, Some(agent("b1").aid));
    node.is_as_stored().await;
    assert_eq!(node.desk().await.in_room(&room(&people[0])).unwrap().handed.as_ref().unwrap().note, note);
}

pub async fn what_was_said_about_an_erased_visitor_goes(stage: &Stage) {
    let (sales, returns) = (group(stage, 1, &["a1"]).await, group(stage, 2, &["b1"]).await);
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 2).await;
    node.comes("a1").await;
    node.comes("b1").await;
    let wish = Wish { group: Some(sales), ..Wish::default() };
    node.does(Command::Apply { room: room(&people[0]), chat: new_chat(stage), wish }).await;
    let (agent, about) = (agent("a1").aid, node.about(&people[0]).await);
    node.does(Command::TransferToGroup { agent, about, group: returns, note: "she is ill".into() }).await;
    node.does(leaving(stage, &people[1], stage.new_id(), "call me")).await;
    for person in &people {
        let line = AuditLine {
            company: company_id("c1"),
            time: NOW,
            actor: Actor::Operator,
            act: "person.erase",
            subject: person.aid.as_str().into(),
            note: "".into(),
            address: None,
        };
        stage.books().ask(person.aid.clone(), line).await.unwrap();
    }
    while stage.books().erase_some(NOW).await.unwrap() {}
    assert_eq!(unsaid(&node).await, [], "it would be said after the erasure");
    let desk = node.desk().await;
    assert_eq!(&*desk.in_room(&room(&people[0])).unwrap().handed.as_ref().unwrap().note, "");
    node.does(Command::Tick).await;
    node.is_as_stored().await;
}

fn leaving(stage: &Stage, visitor: &Person, message: MessageId, text: &str) -> Command {
    let left = Left { contact: "138".into(), text: text.into() };
    Command::LeaveMessage { room: room(visitor), chat: new_chat(stage), message, left }
}

/// Says in the room what was left, as the server does behind it.
async fn says(stage: &Stage, node: &Node, visitor: &Person, message: MessageId, text: &str) -> Position {
    let body = Body::Text(Text::parse(text).unwrap());
    let pos = stage.sends(visitor, &room(visitor), message, body).await.unwrap().pos;
    node.book.said(&company_id("c1"), message, Some(pos)).await.unwrap();
    pos
}

async fn unsaid(node: &Node) -> Vec<LeftMessage> {
    node.book.unsaid(NOW + 1, 9).await.unwrap()
}

async fn shown(node: &Node, chat: ChatId) -> Vec<String> {
    let texts = node.book.left_texts(&company_id("c1"), &[chat, ChatId::at(9, [9; 10])]).await.unwrap();
    assert!(texts.iter().all(|(of, _)| *of == chat));
    texts.into_iter().map(|(_, text)| text.into()).collect()
}

pub async fn what_was_left_is_to_be_said_until_it_was(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 2).await;
    let messages = [stage.new_id(), stage.new_id(), stage.new_id()];
    let DeskAnswer::Chat(chat) = node.does(leaving(stage, &people[0], messages[0], "call me")).await else {
        panic!()
    };
    node.does(leaving(stage, &people[1], messages[1], "me, too")).await;
    assert_eq!(node.does(leaving(stage, &people[0], messages[2], "please")).await, DeskAnswer::Chat(chat));
    let told = |all: &[LeftMessage]| {
        all.iter().map(|left| (left.id, left.unsaid.as_deref().unwrap().to_owned())).collect::<Vec<_>>()
    };
    let all = [
        (messages[0], "call me".to_owned()),
        (messages[1], "me, too".into()),
        (messages[2], "please".into()),
    ];
    assert_eq!(told(&unsaid(&node).await), all);
    assert_eq!(unsaid(&node).await[1].room, room(&people[1]));
    assert_eq!(node.book.unsaid(NOW, 9).await.unwrap(), [], "whoever left them may still be about to");
    assert_eq!(told(&node.book.unsaid(NOW + 1, 2).await.unwrap()), all[..2]);
    // A kill in between, on whichever node it is tried again.
    stage.reopen().await;
    let node = Node::of(stage, "n2");
    assert_eq!(told(&unsaid(&node).await), all);
    let seq = node.desk().await.seq;
    assert_eq!(node.does(leaving(stage, &people[0], messages[0], "call me")).await, DeskAnswer::Chat(chat));
    assert_eq!(node.desk().await.seq, seq, "nothing has happened");
    let other = node.tries(leaving(stage, &people[0], messages[0], "something else")).await;
    assert_eq!(other.unwrap_err().code(), Code::Conflict);
    let stranger = node.tries(leaving(stage, &people[1], messages[0], "call me")).await;
    assert_eq!(stranger.unwrap_err().code(), Code::Conflict);
    says(stage, &node, &people[0], messages[0], "call me").await;
    assert_eq!(told(&unsaid(&node).await), all[1..]);
    assert_eq!(node.does(leaving(stage, &people[0], messages[0], "call me")).await, DeskAnswer::Chat(chat));
    assert_eq!(told(&unsaid(&node).await), all[1..], "once said, it is not said again");
}

pub async fn what_was_left_is_shown_as_it_is_in_the_room(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let (anonymous, ann) = (visitor("v-anonymous"), visitor("ann"));
    for person in [&anonymous, &ann] {
        stage.room_of(person).await;
        stage.says(person, &room(person), "hello").await;
    }
    stage.store().add_visitor(hash(1), anonymous.clone()).await.unwrap();
    let messages = [stage.new_id(), stage.new_id()];
    let DeskAnswer::Chat(chat) = node.does(leaving(stage, &anonymous, messages[0], "call me")).await else {
        panic!()
    };
    assert_eq!(shown(&node, chat).await, ["call me"], "before it is said");
    says(stage, &node, &anonymous, messages[0], "call me").await;
    node.does(leaving(stage, &anonymous, messages[1], "please")).await;
    says(stage, &node, &anonymous, messages[1], "please").await;
    assert_eq!(shown(&node, chat).await, ["call me", "please"]);
    assert_eq!(node.book.left_texts(&company_id("c2"), &[chat]).await.unwrap(), []);
    // Behind what Ann has said.
    stage.store().adopt(hash(1), &company_id("c1"), ann.clone()).await.unwrap();
    assert_eq!(shown(&node, chat).await, ["call me", "please"]);
    let kept = Rooms::page(&*stage.store(), &room(&ann), 0, 9).await.unwrap().unwrap();
    assert_eq!(kept.iter().map(|message| message.id).collect::<Vec<_>>()[2..], messages);
    const TAKE_BACK: &str =
        "update message set kind = 6, body = '' where room = (select number from room where id = $1)
        and pos = 2";
    sql(stage, TAKE_BACK, vec![(&room(&ann)).into()]).await;
    assert_eq!(shown(&node, chat).await, ["please"]);
}

pub async fn what_an_agents_page_counts_is_kept(stage: &Stage) {
    let node = Node::of(stage, "n1");
    node.comes("a1").await;
    assert_eq!(node.desk().await.agents[&agent("a1").aid].wait_count, None);
    for count in [7, 0, 1_000_000] {
        node.does(Command::SetWaitCount { agent: agent("a1").aid, count }).await;
        node.is_as_stored().await;
        assert_eq!(node.desk().await.agents[&agent("a1").aid].wait_count, Some(count));
    }
    stage.reopen().await;
    assert_eq!(Node::of(stage, "n2").desk().await.agents[&agent("a1").aid].wait_count, Some(1_000_000));
}

pub(super) fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

pub(super) async fn sticks(stage: &Stage, person: &Person, tags: &[&str]) {
    let company = person.company().unwrap().clone();
    let line = AuditLine {
        company: company.clone(),
        time: 0,
        actor: Actor::Agent(agent("boss").aid),
        act: "visitor.tag",
        subject: person.aid.as_str().into(),
        note: "".into(),
        address: None,
    };
    let tags = tags.iter().map(|text| tag(text)).collect();
    stage.books().set_tags(&company, &person.aid, tags, line).await.unwrap();
}

pub async fn consultations_are_found_by_their_visitors_tags(stage: &Stage) {
    let node = Node::of(stage, "n1");
    let people = visitors(stage, 6).await;
    for person in [&people[0], &people[2], &people[4]] {
        sticks(stage, person, &["big", "late"]).await;
    }
    // The same name in another company.
    let namesake = visitor_of("c2", people[1].aid.as_str());
    stage.room_of(&namesake).await;
    sticks(stage, &namesake, &["big"]).await;
    let mut chats = Vec::new();
    for (person, at) in people.iter().zip(NOW..) {
        let apply = Command::Apply { room: room(person), chat: new_chat(stage), wish: Wish::default() };
        node.comes("a1").await;
        let DeskAnswer::Placed(placed) = node.tries_at(at, apply).await.unwrap() else { panic!() };
        chats.push(placed.chat.unwrap());
    }
    let mut open = Lists::tagged(&stage.books(), &company_id("c1"), &tag("big")).await.unwrap();
    open.sort();
    assert_eq!(open, [room(&people[0]), room(&people[2]), room(&people[4])]);
    assert_eq!(Lists::tagged(&stage.books(), &company_id("c1"), &tag("small")).await.unwrap(), []);
    for (person, at) in people.iter().zip(NOW + 100..) {
        node.tries_at(at, Command::End { about: node.about(person).await, agent: None }).await.unwrap();
    }
    let found = async |query: PastQuery| {
        let past = node.book.past(query).await.unwrap();
        past.iter().map(|past| (past.ended, past.consultation.chat)).collect::<Vec<_>>()
    };
    let big = PastQuery { tag: Some(tag("big")), ..PastQuery::of(company_id("c1"), 9) };
    let all = [(NOW + 104, chats[4]), (NOW + 102, chats[2]), (NOW + 100, chats[0])];
    assert_eq!(found(big.clone()).await, all);
    assert_eq!(found(PastQuery { limit: 2, ..big.clone() }).await, all[..2]);
    assert_eq!(found(PastQuery { after: Some(all[1]), ..big.clone() }).await, all[2..]);
    assert_eq!(
        found(PastQuery { from: Some(NOW + 101), to: Some(NOW + 104), ..big.clone() }).await,
        all[1..2]
    );
    assert_eq!(found(PastQuery { agent: Some(agent("a2").aid), ..big }).await, []);
    assert_eq!(Lists::tagged(&stage.books(), &company_id("c1"), &tag("big")).await.unwrap(), []);
}
