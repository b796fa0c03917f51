//! Handing out: rooms, periods, with notes and without, each message once and in its order.

use nodechat_domain::decide;
use nodechat_domain::model::{Person, RoomId, Sender, Text};
use nodechat_domain::port::{ExportPlace, ExportQuery, Exported, Exports, Rooms, Scope, commit};

use super::stage::{Stage, agent, company_id, visitor, visitor_of, words};

pub async fn a_period_is_handed_out_room_by_room_and_once(stage: &Stage) {
    let (ann, eve, foreign) = (visitor("ann"), visitor("eve"), visitor_of("c2", "ann"));
    let mut rooms = Vec::new();
    for person in [&ann, &eve, &foreign] {
        rooms.push(stage.room_of(person).await);
    }
    stage.says(&ann, &rooms[0], "too early").await;
    stage.says(&eve, &rooms[1], "too early").await;
    let from = stage.now();
    for number in 0..1_203 {
        stage.says(&ann, &rooms[0], &format!("a{number}")).await;
    }
    stage.says(&eve, &rooms[1], "e0").await;
    stage.says(&foreign, &rooms[2], "none of theirs").await;
    let to = stage.now();
    stage.says(&ann, &rooms[0], "too late").await;
    let query = ExportQuery { from, to, ..all() };
    let all_told = told(stage, &query).await;
    let expected: Vec<String> = (0..1_203).map(|number| format!("a{number}")).chain(["e0".into()]).collect();
    assert_eq!(all_told, expected);
    let one = ExportQuery { room: Some(rooms[1].clone()), ..query.clone() };
    assert_eq!(told(stage, &one).await, ["e0"]);
    let theirs = ExportQuery { room: Some(rooms[2].clone()), ..query };
    assert!(told(stage, &theirs).await.is_empty());
}

pub async fn notes_are_handed_out_among_the_messages_and_only_when_asked_for(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), agent("bob"));
    let room = stage.room_of(&ann).await;
    stage.enters(&bob, &room).await;
    notes(stage, &bob, &room, "before").await;
    let from = stage.now();
    for number in 0..1_001 {
        stage.says(&ann, &room, &format!("a{number}")).await;
        if number % 2 == 0 {
            notes(stage, &bob, &room, &format!("n{number}")).await;
        }
    }
    let last = notes(stage, &bob, &room, "after").await;
    let query = ExportQuery { room: Some(room.clone()), from, ..all() };
    assert_eq!(told(stage, &query).await.len(), 1_001);
    let query = ExportQuery { notes: true, ..query };
    let all_told = told(stage, &query).await;
    let expected = (0..1_001).flat_map(|number| {
        let note = (number % 2 == 0).then(|| format!("note n{number}"));
        [Some(format!("a{number}")), note].into_iter().flatten()
    });
    assert_eq!(all_told, expected.chain(["note after".to_owned()]).collect::<Vec<_>>());
    // A period in which nothing was said, and something noted down.
    let late = ExportQuery { room: None, from: last, ..query };
    assert_eq!(told(stage, &late).await, ["note after"]);
}

fn all() -> ExportQuery {
    ExportQuery { company: company_id("c1"), room: None, from: i64::MIN, to: i64::MAX, notes: false }
}

async fn told(stage: &Stage, query: &ExportQuery) -> Vec<String> {
    let (mut at, mut told, mut pages) = (ExportPlace::default(), Vec::new(), 0);
    loop {
        let page = Exports::page(&stage.books(), query.clone(), at).await.unwrap();
        told.extend(page.rows.iter().map(|(_, row)| match row {
            Exported::Said(message) => words(message).to_owned(),
            Exported::Noted(note) => format!("note {}", note.text.as_str()),
        }));
        let Some(next) = page.next else { return told };
        assert_ne!(next, at, "it goes on");
        at = next;
        pages += 1;
        assert!(pages < 50, "it comes to an end");
    }
}

/// When it was noted down.
async fn notes(stage: &Stage, person: &Person, room: &RoomId, words: &str) -> i64 {
    let (author, now, of, id) = (Sender::from(person), stage.now(), room.clone(), stage.new_id());
    let text = Text::parse(words).unwrap();
    let scope = Scope { note: Some(id), ..Scope::room(room.clone()) };
    let store = stage.store();
    let decide = move |snapshot: &_| decide::note(snapshot, &of, &author, id, &text, now);
    commit(&*store as &dyn Rooms, scope, decide).await.unwrap();
    now
}
