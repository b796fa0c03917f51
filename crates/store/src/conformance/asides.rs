//! What stands beside a room's messages: recalls, quotes, notes, and the consultation that runs there.

use nodechat_domain::decide;
use nodechat_domain::error::Result;
use nodechat_domain::model::{
    Body, ChatId, Kind, MessageId, Note, NoteReceipt, Person, Recall, RoomId, Sender, Text,
};
use nodechat_domain::port::{Change, Decision, HistoryQuery, Rooms, Scope, commit};

use super::Stage;
use super::stage::{agent, all_words, everything, is_dense, text, visitor, words};

pub async fn what_is_taken_back_keeps_its_place_and_nothing_else(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), agent("bob"));
    let room = stage.room_of(&ann).await;
    stage.enters(&bob, &room).await;
    let first = stage.says(&ann, &room, "my card is 4111 1111").await;
    let answer = sends_quoting(stage, &bob, &room, "better not", first.id).await.unwrap();
    stage.says(&ann, &room, "oh").await;
    assert_eq!(recalls(stage, &ann, &room, first.id).await.unwrap(), 0);
    assert_eq!(recalls(stage, &bob, &room, answer).await.unwrap(), 1);

    let messages = stage.messages(&room).await;
    assert!(is_dense(&messages));
    for (taken_back, id) in messages.iter().zip([first.id, answer]) {
        assert_eq!((&taken_back.body, taken_back.quote, taken_back.id), (&Body::Recalled, None, id));
    }
    assert_eq!(words(&messages[2]), "oh");
    let view = stage.view_since(&room, 0, 10).await;
    assert_eq!((&view.newest, &view.missed), (&messages, &messages));
    assert_eq!((view.head.recalls, view.head.next_pos), (2, 3));
    let history = stage.history(everything(&room)).await;
    assert_eq!(history.iter().filter(|message| message.body == Body::Recalled).count(), 2);
    let texts = stage.history(HistoryQuery { kind: Some(Kind::Text), ..everything(&room) }).await;
    assert_eq!(all_words(&texts), ["oh"]);
    let expected = [Recall { number: 0, id: first.id, pos: 0 }, Recall { number: 1, id: answer, pos: 1 }];
    let store = stage.store();
    assert_eq!(store.recalls(&room, 0, 10).await.unwrap(), expected);
    assert_eq!(store.recalls(&room, 1, 10).await.unwrap(), expected[1..]);
    assert_eq!(store.recalls(&room, 0, 1).await.unwrap(), expected[..1]);
    let heard: Vec<Change> = stage.heard().all().into_iter().flat_map(|(_, changes)| changes).collect();
    assert!(expected.iter().all(|recall| heard.contains(&Change::Recalled(*recall))));
}

pub async fn taking_back_twice_is_once_and_a_retry_of_it_says_nothing(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    let said = stage.says(&ann, &room, "hello").await;
    recalls(stage, &ann, &room, said.id).await.unwrap();
    stage.heard().forget();
    recalls(stage, &ann, &room, said.id).await.unwrap();
    let again = stage.sends(&ann, &room, said.id, text("hello")).await.unwrap();
    assert!(again.dup && again.pos == said.pos && again.time == said.time);
    assert!(stage.heard().all().is_empty());
    assert_eq!(stage.view(&room).await.head.recalls, 1);
}

pub async fn many_who_say_and_take_back_at_once_leave_one_order(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    let one = async |number: usize| {
        let said = stage.says(&ann, &room, &number.to_string()).await;
        recalls(stage, &ann, &room, said.id).await.unwrap();
    };
    futures_util::future::join_all((0..50).map(one)).await;
    let messages = stage.messages(&room).await;
    assert!(is_dense(&messages) && messages.len() == 50);
    assert!(messages.iter().all(|message| message.body == Body::Recalled));
    let recalled = stage.store().recalls(&room, 0, 100).await.unwrap();
    assert!(recalled.iter().zip(0..).all(|(recall, number)| recall.number == number));
    let mut positions: Vec<_> = recalled.iter().map(|recall| recall.pos).collect();
    positions.sort_unstable();
    assert!(positions.into_iter().eq(0..50));
}

/// One decision that says something and takes it back leaves what two would have left.
pub async fn said_and_taken_back_in_one_commit_is_taken_back(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    let (id, sender, to) = (stage.new_id(), Sender::from(&ann), room.clone());
    let store = stage.store();
    let both = move |snapshot: &_| {
        let said = decide::send(snapshot, &to, &sender, id, &text("hello"), 1_000_000)?;
        let mut changes = said.changes;
        changes.push(Change::Recalled(Recall { number: 0, id, pos: 0 }));
        Ok(Decision { changes, answer: () })
    };
    commit(&*store as &dyn Rooms, Scope::room(room.clone()), both).await.unwrap();
    assert_eq!(stage.messages(&room).await[0].body, Body::Recalled);
    assert!(stage.sends(&ann, &room, id, text("hello")).await.unwrap().dup);
}

pub async fn a_quote_comes_back_and_names_a_message_of_the_room(stage: &Stage) {
    let (ann, eve) = (visitor("ann"), visitor("eve"));
    let (anns, eves) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    let foreign = stage.says(&eve, &eves, "elsewhere").await.id;
    let first = stage.says(&ann, &anns, "first").await.id;
    sends_quoting(stage, &ann, &anns, "second", first).await.unwrap();
    for nowhere in [foreign, stage.new_id()] {
        let refused = sends_quoting(stage, &ann, &anns, "third", nowhere).await;
        assert_eq!(refused.unwrap_err().code() as u16, 4002);
    }
    let quotes: Vec<_> = stage.messages(&anns).await.iter().map(|message| message.quote).collect();
    assert_eq!(quotes, [None, Some(first)]);
    assert_eq!(stage.history(everything(&anns)).await[0].quote, Some(first));
}

pub async fn notes_are_numbered_by_themselves_and_no_messages(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), agent("bob"));
    let room = stage.room_of(&ann).await;
    stage.says(&ann, &room, "hello").await;
    let ids = [stage.new_id(), stage.new_id(), stage.new_id()];
    for (id, words) in ids.iter().zip(["one", "two", "three"]) {
        notes(stage, &bob, &room, *id, words).await.unwrap();
    }
    let again = notes(stage, &bob, &room, ids[1], "two").await.unwrap();
    assert_eq!((again.number, again.dup), (1, true));
    assert_eq!(notes(stage, &bob, &room, ids[1], "other").await.unwrap_err().code() as u16, 4009);
    assert_eq!(notes(stage, &agent("eve"), &room, ids[1], "two").await.unwrap_err().code() as u16, 4002);
    assert_eq!(notes(stage, &ann, &room, stage.new_id(), "mine").await.unwrap_err().code() as u16, 4003);
    let view = stage.view(&room).await;
    assert_eq!((view.head.notes, view.head.next_pos, view.newest.len()), (3, 1, 1));
    let told = |notes: &[Note]| {
        let told = notes.iter().map(|note| (note.number, note.text.as_str().to_owned()));
        told.collect::<Vec<_>>()
    };
    let store = stage.store();
    let all = store.notes(&room, 0, 10).await.unwrap();
    assert_eq!(told(&all), [(0, "one".into()), (1, "two".into()), (2, "three".into())]);
    assert_eq!((all[0].id, &all[0].author), (ids[0], &Sender::from(&bob)));
    assert_eq!(told(&store.notes(&room, 2, 10).await.unwrap()), [(2, "three".into())]);
    assert_eq!(store.notes(&room, 0, 2).await.unwrap().len(), 2);
}

pub async fn many_notes_at_once_are_dense_and_each_is_made_once(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), agent("bob"));
    let room = stage.room_of(&ann).await;
    let ids: Vec<MessageId> = (0..20).map(|_| stage.new_id()).collect();
    let twice =
        ids.iter().chain(&ids).map(async |id| notes(stage, &bob, &room, *id, "careful").await.unwrap());
    let receipts = futures_util::future::join_all(twice).await;
    assert_eq!(receipts.iter().filter(|receipt| receipt.dup).count(), 20);
    let noted = stage.store().notes(&room, 0, 100).await.unwrap();
    assert!(noted.len() == 20 && noted.iter().zip(0..).all(|(note, number)| note.number == number));
}

pub async fn asides_are_there_after_reopening(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), agent("bob"));
    let room = stage.room_of(&ann).await;
    let said = stage.says(&ann, &room, "hello").await;
    recalls(stage, &ann, &room, said.id).await.unwrap();
    let note = stage.new_id();
    notes(stage, &bob, &room, note, "careful").await.unwrap();
    let before = stage.view(&room).await;
    stage.reopen().await;
    assert_eq!(stage.view(&room).await, before);
    assert_eq!(stage.store().recalls(&room, 0, 9).await.unwrap().len(), 1);
    assert!(notes(stage, &bob, &room, note, "careful").await.unwrap().dup);
}

pub async fn asides_move_with_the_room_of_an_adopted_visitor(stage: &Stage) {
    use nodechat_domain::port::Adoption;
    let (guest, ann, bob) = (visitor("guest"), visitor("ann"), agent("bob"));
    let secret = super::stage::hash(7);
    stage.store().add_visitor(secret, guest.clone()).await.unwrap();
    let (old, new) = (stage.room_of(&guest).await, stage.room_of(&ann).await);
    for (person, room) in [(&ann, &new), (&guest, &old)] {
        stage.says(person, room, "first").await;
        let second = stage.says(person, room, "second").await;
        recalls(stage, person, room, second.id).await.unwrap();
        notes(stage, &bob, room, stage.new_id(), room.aid()).await.unwrap();
    }
    let adoption = stage.store().adopt(secret, &super::stage::company_id("c1"), ann.clone()).await.unwrap();
    assert!(matches!(adoption, Adoption::Done(_)));
    let head = stage.view(&new).await.head;
    assert_eq!((head.next_pos, head.recalls, head.notes), (4, 2, 2));
    let recalled = stage.store().recalls(&new, 0, 9).await.unwrap();
    assert_eq!(recalled.iter().map(|recall| recall.pos).collect::<Vec<_>>(), [1, 3]);
    let messages = stage.messages(&new).await;
    assert!(recalled.iter().all(|recall| messages[recall.pos as usize].id == recall.id));
    let noted = stage.store().notes(&new, 0, 9).await.unwrap();
    assert_eq!(noted.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["ann", "guest"]);
    notes(stage, &bob, &new, stage.new_id(), "on").await.unwrap();
}

pub async fn the_first_answer_is_a_change_of_a_room_that_has_none(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    let head = stage.view(&room).await.head;
    assert_eq!((head.consultation, head.unanswered), (None, false));
    let answered = Change::Answered { consultation: ChatId::at(1, [1; 10]), time: 5 };
    let store = stage.store();
    let change = move |_: &_| Ok(Decision::one(answered.clone(), ()));
    commit(&*store as &dyn Rooms, Scope::room(room.clone()), change).await.unwrap();
    assert!(!stage.view(&room).await.head.unanswered);
}

async fn recalls(stage: &Stage, person: &Person, room: &RoomId, id: MessageId) -> Result<i64> {
    let (caller, now, of) = (Sender::from(person), stage.now(), room.clone());
    let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
    let store = stage.store();
    let decide = move |snapshot: &_| decide::recall(snapshot, &of, &caller, now);
    commit(&*store as &dyn Rooms, scope, decide).await
}

async fn notes(
    stage: &Stage,
    person: &Person,
    room: &RoomId,
    id: MessageId,
    words: &str,
) -> Result<NoteReceipt> {
    let (author, now, of) = (Sender::from(person), stage.now(), room.clone());
    let text = Text::parse(words).unwrap();
    let scope = Scope { note: Some(id), ..Scope::room(room.clone()) };
    let store = stage.store();
    let decide = move |snapshot: &_| decide::note(snapshot, &of, &author, id, &text, now);
    commit(&*store as &dyn Rooms, scope, decide).await
}

async fn sends_quoting(
    stage: &Stage,
    person: &Person,
    room: &RoomId,
    words: &str,
    quote: MessageId,
) -> Result<MessageId> {
    let (sender, now, to, id) = (Sender::from(person), stage.now(), room.clone(), stage.new_id());
    let body = text(words);
    let scope = Scope { id: Some(id), quote: Some(quote), ..Scope::room(room.clone()) };
    let store = stage.store();
    let decide =
        move |snapshot: &_| decide::send_quoting(snapshot, &to, &sender, id, &body, Some(quote), now);
    commit(&*store as &dyn Rooms, scope, decide).await.map(|receipt| receipt.id)
}
