//! Commits: dense positions, one order, all or nothing.

use std::pin::pin;
use std::task::{Context, Waker};

use nodechat_domain::error::{Code, Error};
use nodechat_domain::model::{
    Body, Custom, FileId, ImagePath, Message, MessageId, Person, Reads, RoomId, Sender, Side, Url,
};
use nodechat_domain::port::{Change, Decision, Rooms, Scope, Snapshot, commit};

use super::stage::{Stage, agent, all_words, is_dense, member, name, room, send, text, visitor};

pub async fn positions_are_dense_under_fifty_writers(stage: &Stage) {
    let rooms = three_rooms(stage).await;
    let receipts = fifty_writers(stage, &rooms).await;
    for id in &rooms {
        let messages = stage.messages(id).await;
        assert!(is_dense(&messages));
        let mut told: Vec<_> = receipts
            .iter()
            .filter(|(to, _)| to == id)
            .map(|(_, receipt)| (receipt.pos, receipt.id))
            .collect();
        told.sort_unstable();
        assert_eq!(told, messages.iter().map(|message| (message.pos, message.id)).collect::<Vec<_>>());
        assert_eq!(stage.view(id).await.head.next_pos, messages.len() as i64);
    }
    assert_eq!(receipts.len(), 1000);
}

pub async fn the_feed_and_the_page_tell_one_order(stage: &Stage) {
    let rooms = three_rooms(stage).await;
    fifty_writers(stage, &rooms).await;
    for id in &rooms {
        assert_eq!(stage.heard().messages(id), stage.messages(id).await);
    }
}

pub async fn the_same_id_in_parallel_is_one_message(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    let message = stage.new_id();
    let sending: Vec<_> = (0..32)
        .map(|_| {
            let (store, ann, id, now) = (stage.store(), ann.clone(), id.clone(), stage.now());
            tokio::spawn(async move { send(&*store, &ann, &id, message, text("once"), now).await.unwrap() })
        })
        .collect();
    let mut receipts = Vec::new();
    for task in sending {
        receipts.push(task.await.unwrap());
    }
    assert_eq!(receipts.iter().filter(|receipt| !receipt.dup).count(), 1);
    assert!(receipts.iter().all(|receipt| (receipt.id, receipt.pos) == (message, 0)));
    assert!(receipts.iter().all(|receipt| receipt.time == receipts[0].time));
    assert_eq!(all_words(&stage.messages(&id).await), ["once"]);
    assert_eq!(stage.heard().messages(&id).len(), 1);
}

pub async fn an_id_is_not_used_for_something_else(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), visitor("bob"));
    let (anns, bobs) = (stage.room_of(&ann).await, stage.room_of(&bob).await);
    let id = stage.new_id();
    stage.sends(&ann, &anns, id, text("first")).await.unwrap();
    let code = async |person: &Person, room: &RoomId, words: &str| {
        stage.sends(person, room, id, text(words)).await.unwrap_err().code()
    };
    assert_eq!(code(&ann, &anns, "other words").await, Code::Conflict);
    assert_eq!(code(&ann, &bobs, "first").await, Code::Conflict);
    assert_eq!(code(&bob, &bobs, "first").await, Code::Invalid);
    assert_eq!(code(&agent("ann"), &anns, "first").await, Code::Invalid);
    assert_eq!(all_words(&stage.messages(&anns).await), ["first"]);
    assert!(stage.messages(&bobs).await.is_empty());
}

pub async fn commits_started_one_after_another_keep_their_order(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    let store = stage.store();
    let mut started = Vec::new();
    for number in 0..300 {
        let (message, now) = (stage.new_id(), stage.now());
        let mut sending = Box::pin(send(&*store, &ann, &id, message, text(&number.to_string()), now));
        // Started and not waited for.
        let polled = sending.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        started.push((sending, polled));
    }
    for (number, (sending, polled)) in started.into_iter().enumerate().rev() {
        let receipt = match polled {
            std::task::Poll::Ready(receipt) => receipt,
            std::task::Poll::Pending => sending.await,
        };
        assert_eq!(receipt.unwrap().pos, number as i64);
    }
    let messages = stage.messages(&id).await;
    assert!(all_words(&messages).into_iter().eq((0..300).map(|number| number.to_string())));
}

pub async fn a_refused_decision_changes_nothing(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    let before = stage.view(&id).await;
    stage.heard().forget();
    let refusal = |_: &Snapshot| Err::<Decision<()>, _>(Error::conflict("decided so"));
    let refused = commit(&*stage.store() as &dyn Rooms, Scope::room(id.clone()), refusal).await;
    assert_eq!(refused.unwrap_err().to_string(), "decided so");
    assert_eq!(stage.view(&id).await, before);
    assert!(stage.heard().all().is_empty());
}

pub async fn a_decision_that_cannot_be_carried_out_changes_nothing(stage: &Stage) {
    let (ann, store) = (visitor("ann"), stage.store());
    let id = stage.room_of(&ann).await;
    stage.says(&ann, &id, "before").await;
    let before = stage.view(&id).await;
    stage.heard().forget();
    // It begins well and ends with a position that leaves a hole; its neighbours are not disturbed.
    let hole = message(stage, &ann, 7);
    let changes = vec![Change::Entered(member(&agent("a1"))), Change::Said(hole)];
    let broken = commit(&*store as &dyn Rooms, Scope::room(id.clone()), move |_| {
        Ok(Decision { changes: changes.clone(), answer: () })
    });
    let (now, later) = (stage.now(), stage.now());
    let (one, two) = (stage.new_id(), stage.new_id());
    let (first, broken, second) = tokio::join!(
        send(&*store, &ann, &id, one, text("neighbour"), now),
        broken,
        send(&*store, &ann, &id, two, text("other neighbour"), later)
    );
    assert_eq!(broken.unwrap_err().code(), Code::Internal);
    assert_eq!((first.unwrap().pos, second.unwrap().pos), (1, 2));
    let after = stage.view(&id).await;
    assert_eq!(after.members, before.members);
    assert_eq!(all_words(&after.newest), ["before", "neighbour", "other neighbour"]);
    assert_eq!(stage.heard().messages(&id), after.newest[1..]);
    assert_eq!(stage.heard().all().len(), 2);
}

pub async fn a_panicking_decision_harms_nobody(stage: &Stage) {
    let (ann, store) = (visitor("ann"), stage.store());
    let id = stage.room_of(&ann).await;
    let panics = |_: &Snapshot| -> Result<Decision<()>, Error> { panic!("as the case wants it") };
    let panicking = commit(&*store as &dyn Rooms, Scope::room(id.clone()), panics);
    let (message, now) = (stage.new_id(), stage.now());
    let (panicked, said) = tokio::join!(panicking, send(&*store, &ann, &id, message, text("neighbour"), now));
    assert_eq!(panicked.unwrap_err().code(), Code::Internal);
    assert_eq!(said.unwrap().pos, 0);
    assert_eq!(stage.says(&ann, &id, "afterwards").await.pos, 1);
}

pub async fn the_feed_hears_once_and_before_the_answer(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    assert!(matches!(
        &stage.heard().all()[..],
        [(room, changes)] if *room == id && matches!(&changes[..], [Change::Opened { .. }, Change::Entered(_)])
    ));
    stage.heard().forget();
    for count in 1..=50 {
        let receipt = stage.says(&ann, &id, "hi").await;
        let heard = stage.heard().messages(&id);
        assert_eq!(heard.len(), count);
        assert_eq!(heard.last().unwrap().id, receipt.id);
    }
    // What changes nothing is not told.
    stage.reads(&agent("a1"), &id, Some(3)).await;
    stage.heard().forget();
    stage.reads(&agent("a1"), &id, Some(2)).await;
    assert!(stage.heard().all().is_empty());
}

pub async fn a_panicking_feed_does_not_stop_the_store(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    *stage.heard().fuse.lock().unwrap() = true;
    assert_eq!(stage.says(&ann, &id, "one").await.pos, 0);
    assert_eq!(stage.says(&ann, &id, "two").await.pos, 1);
    assert_eq!(stage.messages(&id).await.len(), 2);
}

pub async fn a_decision_sees_what_it_asked_for(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), visitor("bob"));
    let (anns, bobs) = (stage.room_of(&ann).await, stage.room_of(&bob).await);
    let first = stage.says(&ann, &anns, "first").await;
    let second = stage.says(&ann, &anns, "second").await;
    let seen = |scope: Scope| async {
        let store = stage.store();
        let look = |snapshot: &Snapshot| Ok(Decision::nothing(snapshot.clone()));
        commit(&*store as &dyn Rooms, scope, look).await.unwrap()
    };
    let nobody = seen(Scope::room(room(&visitor("nobody")))).await;
    assert!(nobody.head.is_none() && nobody.member.is_none() && nobody.known.is_none());
    let plain = seen(Scope::room(anns.clone())).await;
    assert_eq!(plain.head, Some(stage.view(&anns).await.head));
    assert!(plain.member.is_none() && plain.known.is_none() && plain.time_at.is_none());
    let asked = Scope {
        member: Some((Side::Visitor, ann.aid.clone())),
        id: Some(second.id),
        at: Some(0),
        ..Scope::room(anns.clone())
    };
    let full = seen(asked.clone()).await;
    assert_eq!(full.member, Some(member(&ann)));
    assert_eq!(full.time_at, Some(first.time));
    let known = full.known.unwrap();
    assert_eq!((&known.room, known.message.pos), (&anns, 1));
    // From another room: the message is known all the same, the member and the time are not.
    let foreign = seen(Scope { room: bobs, ..asked.clone() }).await;
    assert_eq!(foreign.known.unwrap().room, anns);
    assert!(foreign.member.is_none() && foreign.time_at.is_none());
    let wrong_side = Scope { member: Some((Side::Agent, ann.aid)), at: Some(2), ..asked };
    let other = seen(wrong_side).await;
    assert!(other.member.is_none() && other.time_at.is_none());
}

pub async fn a_dropped_commit_is_made_or_not_made(stage: &Stage) {
    let store = stage.store();
    let ids: Vec<RoomId> = (0..200).map(|number| room(&visitor(&format!("v{number}")))).collect();
    for id in &ids {
        let (person, now) = (visitor(id.aid()), stage.now());
        let (one, two) = (message(stage, &person, 0), message(stage, &person, 1));
        let changes = vec![
            Change::Opened { visitor_nick: person.nick.clone(), time: now },
            Change::Entered(member(&person)),
            Change::Said(one),
            Change::Said(two),
        ];
        let opening = commit(&*store as &dyn Rooms, Scope::room(id.clone()), move |_| {
            Ok(Decision { changes: changes.clone(), answer: () })
        });
        // Asked once, then dropped.
        let _early = pin!(opening).poll(&mut Context::from_waker(Waker::noop()));
    }
    // Behind all of them: what they did, they have done.
    stage.room_of(&visitor("last")).await;
    for id in &ids {
        if let Some(view) = store.view(id, 10, None).await.unwrap() {
            assert_eq!((view.members.len(), view.newest.len(), view.head.next_pos), (1, 2, 2));
            assert_eq!(stage.heard().messages(id), view.newest);
        } else {
            assert!(stage.heard().messages(id).is_empty());
        }
    }
}

pub async fn members_are_called_by_their_latest_name(stage: &Stage) {
    let (ann, cleo) = (visitor("ann"), agent("cleo"));
    let id = stage.room_of(&ann).await;
    stage.enters(&cleo, &id).await;
    let said = stage.says(&ann, &id, "as ann").await;
    let (anna, cleopatra) = (
        Person { nick: name("Anna"), account: name("anna@host"), mid: name("m2"), ..ann.clone() },
        Person { nick: name("Cleopatra"), ..cleo.clone() },
    );
    stage.enters(&anna, &id).await;
    stage.enters(&cleopatra, &id).await;
    let view = stage.view(&id).await;
    assert_eq!(view.members, [member(&anna), member(&cleopatra)]);
    assert_eq!(view.head.visitor_nick, anna.nick);
    // What was said was said by who they were then.
    assert_eq!(view.newest[0].id, said.id);
    assert_eq!(view.newest[0].sender, Sender::from(&ann));
}

pub async fn every_kind_of_body_comes_back(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    let path = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png";
    let file = "0123456789abcdef0123456789abcdef";
    let bodies = [
        text("你好 👋🏽 'quoted' \"twice\"\n\u{7f}"),
        text(&"客".repeat(10_000)),
        Body::Image(ImagePath::parse(path).unwrap()),
        Body::File { id: FileId::parse(file).unwrap(), name: "合同.pdf".into(), size_bytes: u64::MAX >> 1 },
        Body::Voice { text: "".into(), url: Url::parse(file).unwrap(), seconds: "12".into() },
        Body::Video { url: Url::parse(path).unwrap(), seconds: "".into() },
        Body::Custom(Custom::parse(r#"{"subType":"order","n":[1,2.5,null,{"深":"い"}]}"#).unwrap()),
    ];
    for body in &bodies {
        stage.sends(&ann, &id, stage.new_id(), body.clone()).await.unwrap();
    }
    let messages = stage.messages(&id).await;
    assert!(messages.iter().map(|message| &message.body).eq(&bodies));
    assert_eq!(stage.heard().messages(&id), messages);
}

pub async fn each_side_has_its_own_read_mark(stage: &Stage) {
    let (ann, cleo) = (visitor("ann"), agent("cleo"));
    let id = stage.room_of(&ann).await;
    assert_eq!(stage.view(&id).await.head.reads, Reads::NONE);
    for words in ["a", "b", "c"] {
        stage.says(&ann, &id, words).await;
    }
    stage.heard().forget();
    stage.reads(&cleo, &id, Some(1)).await;
    stage.reads(&ann, &id, None).await;
    stage.reads(&cleo, &id, Some(0)).await;
    assert_eq!(stage.view(&id).await.head.reads, Reads { visitor: 2, agent: 1 });
    let times: Vec<_> = stage.messages(&id).await.iter().map(|message| message.time).collect();
    let marks: Vec<_> = stage.heard().all().into_iter().flat_map(|(_, changes)| changes).collect();
    let mark = |side, by: &Person, pos: i64| Change::Read {
        side,
        by: by.aid.clone(),
        pos,
        time: times[pos as usize],
    };
    assert_eq!(marks, [mark(Side::Agent, &cleo, 1), mark(Side::Visitor, &ann, 2)]);
}

pub async fn a_room_is_opened_once(stage: &Stage) {
    let ann = visitor("ann");
    let id = room(&ann);
    tokio::join!(
        stage.enters(&ann, &id),
        stage.enters(&ann, &id),
        stage.enters(&ann, &id),
        stage.enters(&ann, &id)
    );
    let changes: Vec<_> = stage.heard().all().into_iter().flat_map(|(_, changes)| changes).collect();
    assert_eq!(changes.len(), 2, "{changes:?}");
    let view = stage.view(&id).await;
    assert_eq!((view.head.next_pos, view.members), (0, vec![member(&ann)]));
}

async fn three_rooms(stage: &Stage) -> Vec<RoomId> {
    let mut rooms = Vec::new();
    for aid in ["ann", "bob", "cid"] {
        rooms.push(stage.room_of(&visitor(aid)).await);
    }
    rooms
}

/// Fifty people say twenty things each, all at once, now in one room, now in another.
async fn fifty_writers(stage: &Stage, rooms: &[RoomId]) -> Vec<(RoomId, nodechat_domain::model::Receipt)> {
    let writers: Vec<_> = (0..50)
        .map(|writer| {
            let (store, rooms) = (stage.store(), rooms.to_vec());
            let ids: Vec<(MessageId, i64)> = (0..20).map(|_| (stage.new_id(), stage.now())).collect();
            tokio::spawn(async move {
                let person = agent(&format!("a{writer}"));
                let mut receipts = Vec::new();
                for (turn, (id, now)) in ids.into_iter().enumerate() {
                    let room = &rooms[(writer + turn) % rooms.len()];
                    let body = text(&format!("{writer}.{turn}"));
                    receipts.push((room.clone(), send(&*store, &person, room, id, body, now).await.unwrap()));
                }
                receipts
            })
        })
        .collect();
    let mut receipts = Vec::new();
    for writer in writers {
        receipts.extend(writer.await.unwrap());
    }
    receipts
}

fn message(stage: &Stage, person: &Person, pos: i64) -> Message {
    let (id, time) = (stage.new_id(), stage.now());
    Message { id, pos, sender: Sender::from(person), time, body: text("words"), quote: None }
}
