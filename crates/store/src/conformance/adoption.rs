//! An anonymous visitor turns out to be somebody (contract C5).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nodechat_domain::error::Code;
use nodechat_domain::model::{Person, Reads, RoomId, Sender};
use nodechat_domain::port::Adoption;

use super::reading::all_queries_hold;
use super::stage::{
    Stage, agent, all_words, company_id, hash, is_dense, member, name, room, send, text, visitor, visitor_of,
};

pub async fn the_room_is_renamed_when_there_is_no_other(stage: &Stage) {
    let (nobody, cleo, ann) = (anonymous(stage).await, agent("cleo"), visitor("ann"));
    let old = talk(stage, &nobody, &cleo, &["hello", "who is there?"]).await;
    stage.reads(&cleo, &old, Some(0)).await;
    let before = stage.messages(&old).await;
    assert_eq!(adopt(stage, &ann).await, Adoption::Done(nobody.clone()));
    assert!(stage.store().view(&old, 10, None).await.unwrap().is_none());
    let view = stage.view(&room(&ann)).await;
    assert_eq!(view.members, [member(&ann), member(&cleo)]);
    assert_eq!(view.head.visitor_nick, ann.nick);
    assert_eq!(view.head.reads, Reads { visitor: -1, agent: 0 });
    assert_eq!(view.newest.len(), before.len());
    for (now, then) in view.newest.iter().zip(&before) {
        assert_eq!((now.id, now.pos, now.time, &now.body), (then.id, then.pos, then.time, &then.body));
        assert_eq!(now.sender, new_sender(&then.sender, &nobody, &ann));
    }
    // The room goes on as if it had always been theirs.
    assert_eq!(stage.says(&ann, &room(&ann), "it is me").await.pos, before.len() as i64);
}

pub async fn the_room_is_appended_when_there_is_one(stage: &Stage) {
    let (nobody, ann) = (anonymous(stage).await, visitor("ann"));
    let (cleo, dora) = (agent("cleo"), agent("dora"));
    let anns = talk(stage, &ann, &cleo, &["long ago"]).await;
    let old = talk(stage, &nobody, &dora, &["hello", "anybody?"]).await;
    let (first, second) = (stage.messages(&anns).await, stage.messages(&old).await);
    stage.heard().forget();
    assert_eq!(adopt(stage, &ann).await, Adoption::Done(nobody.clone()));
    assert!(stage.heard().all().is_empty(), "sockets are sent away, not told");
    assert!(stage.store().view(&old, 10, None).await.unwrap().is_none());
    let all = stage.messages(&anns).await;
    assert!(is_dense(&all));
    assert_eq!(all[..first.len()], first);
    assert_eq!(all.len(), first.len() + second.len());
    for (now, then) in all[first.len()..].iter().zip(&second) {
        assert_eq!((now.id, now.time, &now.body), (then.id, then.time, &then.body));
        assert_eq!(now.sender, new_sender(&then.sender, &nobody, &ann));
    }
    let view = stage.view(&anns).await;
    assert_eq!(view.head.next_pos, all.len() as i64);
    assert_eq!(view.head.last_time, all.last().unwrap().time);
    assert_eq!(view.members, [member(&ann), member(&cleo), member(&dora)]);
    assert_eq!(stage.says(&ann, &anns, "more").await.pos, all.len() as i64);
}

pub async fn reading_goes_on_behind_what_was_read(stage: &Stage) {
    let (nobody, ann, cleo) = (anonymous(stage).await, visitor("ann"), agent("cleo"));
    let anns = talk(stage, &ann, &cleo, &["a"]).await;
    let old = talk(stage, &nobody, &cleo, &["b"]).await;
    let (there, here) = (stage.messages(&anns).await.len() as i64, stage.messages(&old).await.len() as i64);
    // The agent has read all of the one and the beginning of the other; the visitor nothing here
    // and everything there, which must not mark what is before it.
    stage.reads(&cleo, &anns, None).await;
    stage.reads(&cleo, &old, Some(0)).await;
    stage.reads(&nobody, &old, None).await;
    adopt(stage, &ann).await;
    let reads = stage.view(&anns).await.head.reads;
    assert_eq!(reads, Reads { visitor: -1, agent: there });
    assert!(there < there + here);
}

pub async fn adopting_again_is_fine_and_by_another_refused(stage: &Stage) {
    let (nobody, ann, cleo) = (anonymous(stage).await, visitor("ann"), agent("cleo"));
    talk(stage, &nobody, &cleo, &["hello"]).await;
    assert_eq!(adopt(stage, &ann).await, Adoption::Done(nobody));
    let before = stage.view(&room(&ann)).await;
    assert_eq!(adopt(stage, &ann).await, Adoption::Already);
    let anna = Person { nick: name("Anna"), ..ann.clone() };
    assert_eq!(adopt(stage, &anna).await, Adoption::Already, "the same person by another nick");
    assert_eq!(adopt(stage, &visitor("bob")).await, Adoption::Refused);
    assert_eq!(stage.view(&room(&ann)).await, before);
    assert!(stage.store().view(&room(&visitor("bob")), 10, None).await.unwrap().is_none());
}

pub async fn of_many_adoptions_one_is_done(stage: &Stage) {
    let (nobody, ann, cleo) = (anonymous(stage).await, visitor("ann"), agent("cleo"));
    talk(stage, &ann, &cleo, &["before"]).await;
    talk(stage, &nobody, &cleo, &["hello"]).await;
    let adopting: Vec<_> = (0..32)
        .map(|_| {
            let (store, ann) = (stage.store(), ann.clone());
            tokio::spawn(async move { store.adopt(hash(1), &company_id("c1"), ann).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for task in adopting {
        match task.await.unwrap() {
            Adoption::Done(former) => {
                assert_eq!(former, nobody);
                done += 1;
            }
            Adoption::Already => {}
            Adoption::Refused => panic!("the same person was refused"),
        }
    }
    assert_eq!(done, 1);
    let all = stage.messages(&room(&ann)).await;
    assert!(is_dense(&all));
    assert_eq!(all_words(&all), ["before", "yes?", "hello", "yes?"]);
}

pub async fn another_companys_visitor_is_refused(stage: &Stage) {
    let (nobody, cleo) = (anonymous(stage).await, agent("cleo"));
    let old = talk(stage, &nobody, &cleo, &["hello"]).await;
    let before = stage.view(&old).await;
    let store = stage.store();
    let adopted = store.adopt(hash(1), &company_id("c2"), visitor_of("c2", "ann")).await.unwrap();
    assert_eq!(adopted, Adoption::Refused);
    let adopted = store.adopt(hash(9), &company_id("c1"), visitor("ann")).await.unwrap();
    assert_eq!(adopted, Adoption::Refused, "there is no such secret");
    assert_eq!(stage.view(&old).await, before);
    assert_eq!(store.visitor(hash(1)).await.unwrap(), Some(nobody));
}

pub async fn tickets_and_secret_of_the_visitor_end(stage: &Stage) {
    let (nobody, ann) = (anonymous(stage).await, visitor("ann"));
    let store = stage.store();
    store.add_ticket(hash(10), nobody.clone(), 1000).await.unwrap();
    store.add_ticket(hash(11), ann.clone(), 1000).await.unwrap();
    adopt(stage, &ann).await;
    assert_eq!(store.ticket_owner(hash(10), 0).await.unwrap(), None);
    assert_eq!(store.ticket_owner(hash(11), 0).await.unwrap(), Some(ann));
    assert_eq!(store.visitor(hash(1)).await.unwrap(), None);
}

pub async fn ids_stay_taken_after_the_messages_moved(stage: &Stage) {
    let (nobody, ann, cleo) = (anonymous(stage).await, visitor("ann"), agent("cleo"));
    let anns = talk(stage, &ann, &cleo, &["before"]).await;
    let old = stage.room_of(&nobody).await;
    let id = stage.new_id();
    stage.sends(&nobody, &old, id, text("hello")).await.unwrap();
    adopt(stage, &ann).await;
    let retried = stage.sends(&ann, &anns, id, text("hello")).await.unwrap();
    assert_eq!((retried.pos, retried.dup), (2, true));
    let other = stage.sends(&ann, &anns, id, text("something else")).await.unwrap_err();
    assert_eq!(other.code(), Code::Conflict);
    let gone = stage.sends(&nobody, &old, stage.new_id(), text("late")).await.unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
}

pub async fn the_former_visitor_opens_no_room_again(stage: &Stage) {
    let (nobody, ann, cleo) = (anonymous(stage).await, visitor("ann"), agent("cleo"));
    let old = talk(stage, &nobody, &cleo, &["hello"]).await;
    adopt(stage, &ann).await;
    // What it had asked for just before its connection was ended.
    let refused = stage.tries_to_enter(&nobody, &old).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotAllowed);
    assert!(stage.store().view(&old, 10, None).await.unwrap().is_none());
    stage.enters(&visitor("bob"), &room(&visitor("bob"))).await;
    stage.enters(&ann, &room(&ann)).await;
}

pub async fn history_by_time_holds_after_appending(stage: &Stage) {
    let (nobody, ann, cleo) = (anonymous(stage).await, visitor("ann"), agent("cleo"));
    let old = stage.room_of(&nobody).await;
    let anns = stage.room_of(&ann).await;
    // They talk in both rooms in turn, so that the appended times lie between those before.
    for number in 0..20 {
        stage.says(&nobody, &old, &format!("as nobody {number}")).await;
        stage.says(&cleo, &anns, &format!("to ann {number}")).await;
    }
    adopt(stage, &ann).await;
    all_queries_hold(stage, &anns).await;
    stage.says(&ann, &anns, "later").await;
    all_queries_hold(stage, &anns).await;
}

pub async fn adopting_while_people_talk_loses_nothing(stage: &Stage) {
    let (nobody, ann, cleo) = (anonymous(stage).await, visitor("ann"), agent("cleo"));
    let (old, anns) = (stage.room_of(&nobody).await, stage.room_of(&ann).await);
    stage.says(&cleo, &anns, "first").await;
    stage.says(&nobody, &old, "first").await;
    let adopted = Arc::new(AtomicBool::new(false));
    let talking = [(nobody, old), (ann.clone(), anns.clone())].map(|(person, room)| {
        let (store, adopted) = (stage.store(), adopted.clone());
        let ids: Vec<_> = (0..2000).map(|_| (stage.new_id(), stage.now())).collect();
        tokio::spawn(async move {
            let mut acked = Vec::new();
            for (id, now) in ids {
                match send(&*store, &person, &room, id, text("talk"), now).await {
                    Ok(_) => acked.push(id),
                    // The room has become another person's.
                    Err(error) => assert_eq!(error.code(), Code::NotFound),
                }
                if adopted.load(Ordering::Relaxed) {
                    break;
                }
            }
            acked
        })
    });
    assert!(matches!(adopt(stage, &ann).await, Adoption::Done(_)));
    adopted.store(true, Ordering::Relaxed);
    let mut acked = Vec::new();
    for task in talking {
        acked.extend(task.await.unwrap());
    }
    let all = stage.messages(&anns).await;
    assert!(is_dense(&all));
    assert_eq!(all.len(), acked.len() + 2);
    assert!(acked.iter().all(|id| all.iter().any(|message| message.id == *id)));
}

pub async fn a_visitor_without_a_room_is_adopted(stage: &Stage) {
    let (nobody, ann) = (anonymous(stage).await, visitor("ann"));
    assert_eq!(adopt(stage, &ann).await, Adoption::Done(nobody.clone()));
    assert!(stage.store().view(&room(&ann), 10, None).await.unwrap().is_none());
    // An empty room goes without a trace.
    let other = visitor("v-2");
    stage.store().add_visitor(hash(2), other.clone()).await.unwrap();
    let (anns, empty) = (stage.room_of(&ann).await, stage.room_of(&other).await);
    stage.says(&ann, &anns, "hi").await;
    let adopted = stage.store().adopt(hash(2), &company_id("c1"), ann.clone()).await.unwrap();
    assert_eq!(adopted, Adoption::Done(other));
    assert!(stage.store().view(&empty, 10, None).await.unwrap().is_none());
    assert_eq!(all_words(&stage.messages(&anns).await), ["hi"]);
}

/// An anonymous visitor of the first company, known by secret 1.
async fn anonymous(stage: &Stage) -> Person {
    let nobody = visitor("v-1");
    stage.store().add_visitor(hash(1), nobody.clone()).await.unwrap();
    nobody
}

async fn adopt(stage: &Stage, named: &Person) -> Adoption {
    stage.store().adopt(hash(1), &company_id("c1"), named.clone()).await.unwrap()
}

/// The visitor says these things and the agent answers each with "yes?".
async fn talk(stage: &Stage, visitor: &Person, agent: &Person, words: &[&str]) -> RoomId {
    let room = stage.room_of(visitor).await;
    stage.enters(agent, &room).await;
    for words in words {
        stage.says(visitor, &room, words).await;
        stage.says(agent, &room, "yes?").await;
    }
    room
}

fn new_sender(sender: &Sender, former: &Person, named: &Person) -> Sender {
    if sender.is(&Sender::from(former)) { Sender::from(named) } else { sender.clone() }
}
