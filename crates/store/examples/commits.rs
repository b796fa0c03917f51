//! How many chats a second become durable: `commits [--tasks 256] [--rooms 100] [--seconds 5]`, in a new SQLite file or,
//! with `--database postgres://…`, in an empty PostgreSQL database. `--max-batch 1` shows what grouping is worth.

#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nodechat_domain::decide;
use nodechat_domain::model::{AccountId, Body, CompanyId, MessageId, Name, RoomId, Sender, Side, Text};
use nodechat_domain::port::{Change, Decision, Entropy, Feed, Rooms, Scope, commit};
use nodechat_store::{postgres, sqlite};

struct Deaf;

impl Feed for Deaf {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
}

struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has random bytes");
    }
}

enum Store {
    Sqlite(Arc<sqlite::Store>),
    Postgres(Arc<postgres::Store>),
}

impl Store {
    fn rooms(&self) -> Arc<dyn Rooms> {
        match self {
            Self::Sqlite(store) => store.clone(),
            Self::Postgres(store) => store.clone(),
        }
    }

    /// Batches, and the pieces in them.
    fn written(&self) -> (u64, u64) {
        match self {
            Self::Sqlite(store) => (store.written().batches, store.written().jobs),
            Self::Postgres(store) => (store.written().batches, store.written().jobs),
        }
    }
}

#[tokio::main]
async fn main() {
    let given = given();
    let number = |name: &str, usual: u64| {
        given.get(name).map_or(usual, |number| number.parse().expect("this option is followed by a number"))
    };
    let (tasks, rooms, seconds) = (number("--tasks", 256), number("--rooms", 100), number("--seconds", 5));
    let random_ids = number("--random-ids", 1) == 1;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let max_batch = number("--max-batch", 512) as usize;
    let store = match given.get("--database") {
        None => {
            let options =
                sqlite::Options { max_batch, ..sqlite::Options::new(folder.path().join("commits.db")) };
            Store::Sqlite(Arc::new(
                sqlite::Store::open(options, Arc::new(Deaf), &Random).expect("a new database opens"),
            ))
        }
        Some(url) => {
            let usual = postgres::Options::new(url.as_str());
            let lanes = number("--lanes", usual.lanes as u64) as usize;
            let options = postgres::Options { max_batch, lanes, ..usual };
            let store = postgres::Store::open(options, Arc::new(Deaf), &Random).await;
            Store::Postgres(Arc::new(store.expect("the database opens")))
        }
    };
    let rooms: Vec<_> = (0..rooms).map(room).collect();
    for room in &rooms {
        let open = |_: &_| {
            let opened = Change::Opened { visitor_nick: Name::default(), time: 0 };
            Ok(Decision::one(opened, ()))
        };
        commit(&*store.rooms(), Scope::room(room.clone()), open).await.expect("a room opens");
    }
    let before = store.written();
    let begun = Instant::now();
    let (acks, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let talking: Vec<_> = (0..tasks)
        .map(|task| {
            let room = rooms[task as usize % rooms.len()].clone();
            tokio::spawn(talk(store.rooms(), room, task, random_ids, Arc::clone(&acks), Arc::clone(&over)))
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    over.store(true, Ordering::Relaxed);
    for task in talking {
        task.await.expect("no task panics");
    }
    let (elapsed, after) = (begun.elapsed().as_secs_f64(), store.written());
    let (batches, jobs) = (after.0 - before.0, after.1 - before.1);
    let acks = acks.load(Ordering::Relaxed);
    println!(
        "{:.0} commits/s, {:.0} syncs/s, {:.1} rows per sync ({tasks} tasks, {} rooms)",
        acks as f64 / elapsed,
        batches as f64 / elapsed,
        jobs as f64 / batches as f64,
        rooms.len()
    );
}

async fn talk(
    store: Arc<dyn Rooms>,
    room: RoomId,
    task: u64,
    random_ids: bool,
    acks: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
) {
    let sender = Sender {
        side: Side::Visitor,
        aid: AccountId::parse(&format!("visitor-{task}")).expect("a valid aid"),
        mid: Name::default(),
        nick: Name::parse("nick", "Ann").expect("a valid nick"),
    };
    let body = Body::Text(Text::parse("how long does the delivery to Shanghai take?").expect("a valid text"));
    while !over.load(Ordering::Relaxed) {
        let id = MessageId(if random_ids { uuid::Uuid::new_v4() } else { uuid::Uuid::now_v7() });
        let (to, sender, body) = (room.clone(), sender.clone(), body.clone());
        let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
        commit(&*store, scope, move |snapshot| {
            decide::send(snapshot, &to, &sender, id, &body, 1_700_000_000_000)
        })
        .await
        .expect("a message is stored");
        acks.fetch_add(1, Ordering::Relaxed);
    }
}

fn room(number: u64) -> RoomId {
    let visitor = AccountId::parse(&format!("visitor-{number}")).expect("a valid aid");
    RoomId::between(&visitor, &CompanyId::parse("shop").expect("a valid company"))
}

fn given() -> HashMap<String, String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    words
        .chunks(2)
        .map(|pair| (pair[0].clone(), pair.get(1).expect("each option is followed by its value").clone()))
        .collect()
}
