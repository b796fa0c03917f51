//! Looks into a room: one moment, the right part, newest first where it is said so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nodechat_domain::model::{Body, Custom, FileId, ImagePath, Kind, Message, Person, RoomId, Sender, Url};
use nodechat_domain::port::{Change, Decision, HistoryQuery, Rooms, Scope, Since, Snapshot, commit};

use super::stage::{Stage, all_words, everything, is_dense, room, send, text, visitor};

pub async fn a_view_is_one_moment(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    let over = Arc::new(AtomicBool::new(false));
    let ids: Vec<_> = (0..2000).map(|_| (stage.new_id(), stage.now())).collect();
    let talking = {
        let (store, id, over) = (stage.store(), id.clone(), over.clone());
        tokio::spawn(async move {
            for (message, now) in ids {
                send(&*store, &ann, &id, message, text("talk"), now).await.unwrap();
                if over.load(Ordering::Relaxed) {
                    return;
                }
            }
        })
    };
    let mut seen = 0;
    for _ in 0..300 {
        let view = stage.view_since(&id, seen, 500).await;
        let end = view.head.next_pos;
        assert!(end >= seen, "the room has become shorter");
        assert_eq!(view.newest.last().map_or(0, |message| message.pos + 1), end);
        assert_eq!(view.newest.len() as i64, end.min(10));
        assert!(view.newest.last().is_none_or(|message| message.time == view.head.last_time));
        let missed: Vec<_> = view.missed.iter().map(|message| message.pos).collect();
        assert_eq!(missed, (seen..end.min(seen + 500)).collect::<Vec<_>>());
        seen = end;
    }
    over.store(true, Ordering::Relaxed);
    talking.await.unwrap();
}

pub async fn a_view_holds_the_newest_and_the_missed(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    let empty = stage.view_since(&id, 0, 500).await;
    assert_eq!((empty.head.next_pos, empty.newest.len(), empty.missed.len()), (0, 0, 0));
    for number in 0..25 {
        stage.says(&ann, &id, &number.to_string()).await;
    }
    let positions = |messages: &[Message]| messages.iter().map(|message| message.pos).collect::<Vec<_>>();
    let store = stage.store();
    let look = async |newest, since: Option<(i64, usize)>| {
        let since = since.map(|(from, limit)| Since { from, limit });
        let view = store.view(&id, newest, since).await.unwrap().unwrap();
        (positions(&view.newest), positions(&view.missed))
    };
    let range = |from: i64, to: i64| (from..to).collect::<Vec<_>>();
    assert_eq!(look(10, None).await, (range(15, 25), vec![]));
    assert_eq!(look(0, Some((20, 500))).await, (vec![], range(20, 25)));
    assert_eq!(look(100, Some((0, 5))).await, (range(0, 25), range(0, 5)));
    assert_eq!(look(1, Some((25, 500))).await, (range(24, 25), vec![]));
    assert_eq!(look(1, Some((26, 500))).await, (range(24, 25), vec![]));
    assert_eq!(look(1, Some((i64::MAX, usize::MAX))).await, (range(24, 25), vec![]));
    assert_eq!(look(1, Some((24, 0))).await, (range(24, 25), vec![]));
}

pub async fn a_page_holds_what_is_between_its_positions(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    for number in 0..25 {
        stage.says(&ann, &id, &number.to_string()).await;
    }
    let store = stage.store();
    let page = async |from: i64, to: i64| {
        let messages = store.page(&id, from, to).await.unwrap().unwrap();
        messages.iter().map(|message| message.pos).collect::<Vec<_>>()
    };
    let range = |from: i64, to: i64| (from..to).collect::<Vec<_>>();
    assert_eq!(page(0, 10).await, range(0, 10));
    assert_eq!(page(5, 6).await, [5]);
    assert_eq!(page(20, 100).await, range(20, 25));
    assert_eq!(page(25, 35).await, []);
    assert_eq!(page(10, 10).await, []);
    assert_eq!(page(10, 5).await, []);
    assert_eq!(page(i64::MIN, 3).await, range(0, 3));
    assert_eq!(page(22, i64::MAX).await, range(22, 25));
}

pub async fn what_is_answered_is_seen_by_the_next_read(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    for number in 0..100 {
        let receipt = stage.says(&ann, &id, &number.to_string()).await;
        assert_eq!(stage.view(&id).await.head.next_pos, receipt.pos + 1);
    }
}

pub async fn an_unknown_room_is_none(stage: &Stage) {
    let nowhere = room(&visitor("nobody"));
    let store = stage.store();
    assert!(store.view(&nowhere, 10, None).await.unwrap().is_none());
    assert!(store.page(&nowhere, 0, 10).await.unwrap().is_none());
    assert!(stage.history(everything(&nowhere)).await.is_empty());
}

pub async fn history_is_the_room_filtered_newest_first(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    // Times stand still now and then, so that the edges of a range hold several messages.
    fill(stage, &ann, &id, |number| 1000 + number / 3 * 10).await;
    all_queries_hold(stage, &id).await;
    let other = stage.room_of(&visitor("bob")).await;
    assert!(stage.history(everything(&other)).await.is_empty());
}

pub async fn history_stays_right_when_times_run_backwards(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    fill(stage, &ann, &id, |number| 1000 + (number * 7919) % 200).await;
    all_queries_hold(stage, &id).await;
}

/// Ninety messages of all kinds; most are texts.
async fn fill(stage: &Stage, person: &Person, room: &RoomId, time: impl Fn(i64) -> i64) {
    let path = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png";
    let file = "0123456789abcdef0123456789abcdef";
    let url = || Url::parse(path).unwrap();
    for number in 0..90 {
        let body = match number % 11 {
            0 => Body::Image(ImagePath::parse(path).unwrap()),
            3 => Body::File { id: FileId::parse(file).unwrap(), name: "a".into(), size_bytes: 1 },
            5 => Body::Voice { text: "v".into(), url: url(), seconds: "1".into() },
            7 => Body::Video { url: url(), seconds: "1".into() },
            9 => Body::Custom(Custom::parse("{}").unwrap()),
            _ => text(&number.to_string()),
        };
        let (id, time, sender) = (stage.new_id(), time(number), Sender::from(person));
        let say = move |_: &Snapshot| {
            let message =
                Message { id, pos: number, sender: sender.clone(), time, body: body.clone(), quote: None };
            Ok(Decision::one(Change::Said(message), ()))
        };
        commit(&*stage.store() as &dyn Rooms, Scope::room(room.clone()), say).await.unwrap();
    }
}

/// Every combination of filters and pages gives what a plain filter over the whole room gives.
pub(super) async fn all_queries_hold(stage: &Stage, room: &RoomId) {
    let all = stage.messages(room).await;
    assert!(is_dense(&all));
    let middle = all[all.len() / 2].time;
    let kinds = [None, Some(Kind::Text), Some(Kind::Image), Some(Kind::Custom), Some(Kind::Voice)];
    let times = [None, Some(0), Some(middle - 50), Some(middle), Some(middle + 1), Some(i64::MAX)];
    for kind in kinds {
        for from in times {
            for to in times {
                for (offset, limit) in [(0, 1000), (0, 10), (7, 10), (1000, 10), (3, 0), (u64::MAX, 5)] {
                    let query = HistoryQuery { room: room.clone(), kind, from, to, offset, limit };
                    let expected: Vec<_> = all
                        .iter()
                        .rev()
                        .filter(|message| kind.is_none_or(|kind| message.body.kind() == kind))
                        .filter(|message| from.is_none_or(|from| message.time >= from))
                        .filter(|message| to.is_none_or(|to| message.time < to))
                        .skip(usize::try_from(offset).unwrap_or(usize::MAX))
                        .take(limit)
                        .cloned()
                        .collect();
                    let label = format!("{query:?}");
                    assert_eq!(stage.history(query).await, expected, "{label}");
                }
            }
        }
    }
    let texts = HistoryQuery { kind: Some(Kind::Text), ..everything(room) };
    assert!(!all_words(&stage.history(texts).await).is_empty());
}

pub async fn heads_are_those_of_rooms_that_exist(stage: &Stage) {
    let people = ["ann", "bob", "cleo"].map(visitor);
    for (person, said) in people.iter().zip(0..) {
        let id = stage.room_of(person).await;
        for number in 0..said {
            stage.says(person, &id, &number.to_string()).await;
        }
    }
    stage.reads(&people[2], &room(&people[2]), Some(1)).await;
    let mut asked: Vec<_> = people.iter().map(room).collect();
    asked.push(room(&visitor("nobody")));
    let mut heads = stage.store().heads(&asked).await.unwrap();
    heads.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
    let seen: Vec<_> =
        heads.iter().map(|head| (head.id.clone(), head.next_pos, head.reads.visitor)).collect();
    let expected = [(0, -1), (1, -1), (2, 1)];
    let expected = asked.iter().zip(expected).map(|(id, (next, read))| (id.clone(), next, read));
    assert_eq!(seen, expected.collect::<Vec<_>>());
    assert!(stage.store().heads(&[]).await.unwrap().is_empty());
}
