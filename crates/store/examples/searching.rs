//! What indexing costs and how long a search takes: `searching [--messages 1000000] [--rooms 2000]`, in a new SQLite file
//! or, with `--database postgres://…`, in an empty PostgreSQL database.

#![allow(clippy::print_stdout)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use nodechat_domain::model::{
    AccountId, Body, CompanyId, Message, MessageId, Name, RoomId, SearchOrder, SearchQuery, Sender, Side,
    Text,
};
use nodechat_domain::port::{Change, Entropy, Feed, Rooms, Scope, Search};
use nodechat_store::{Books, postgres, sqlite};

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

#[tokio::main]
async fn main() {
    let given: Vec<String> = std::env::args().collect();
    let option = |name: &str| given.iter().position(|arg| arg == name).map(|at| given[at + 1].clone());
    let number = |name: &str, usual: i64| option(name).map_or(usual, |text| text.parse().expect("a number"));
    let (messages, rooms) = (number("--messages", 1_000_000), number("--rooms", 2_000));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (store, books): (Arc<dyn Rooms>, Books) = match option("--database") {
        Some(url) => {
            let options =
                postgres::Options { time_limit: Duration::from_secs(60), ..postgres::Options::new(url) };
            let store =
                postgres::Store::open(options, Arc::new(Deaf), &Random).await.expect("the database opens");
            let store = Arc::new(store);
            (store.clone(), store.into())
        }
        None => {
            let options = sqlite::Options::new(folder.path().join("s.db"));
            let store =
                Arc::new(sqlite::Store::open(options, Arc::new(Deaf), &Random).expect("the file opens"));
            (store.clone(), store.into())
        }
    };
    fill(&*store, messages, rooms).await;
    let begun = Instant::now();
    let (mut count, mut longest) = (0, Duration::ZERO);
    let mut after = Some(0);
    while let Some(number) = after {
        let (mut behind, next) = books.behind(number).await.expect("it answers");
        while !behind.is_empty() {
            let piece = Instant::now();
            let batch: Vec<RoomId> = behind.split_off(behind.len().saturating_sub(20));
            let done = books.index(batch).await.expect("it is indexed");
            longest = longest.max(piece.elapsed());
            count += done.messages;
            behind.extend(done.unfinished);
        }
        after = next;
    }
    let took = begun.elapsed();
    println!(
        "indexed {count} messages in {took:.1?}: {:.1} µs each, the longest piece {longest:.1?}",
        took.as_secs_f64() * 1e6 / count.max(1) as f64
    );
    for (what, text) in [
        ("a word of every fifth message", "退款"),
        ("two of them", "退款 快递"),
        ("one character", "款"),
        ("a number that is there once", "500001"),
        ("a rare word", "鳄鱼"),
        ("two pairs that are never one word", "款快递"),
        ("nothing there", "犀牛"),
        ("anything", ""),
    ] {
        for (order, name) in
            [(SearchOrder::Newest { before: None }, "newest"), (SearchOrder::Ranked { skip: 0 }, "ranked")]
        {
            let query = SearchQuery { order, ..query(text) };
            let mut times = Vec::new();
            let mut found = 0;
            for _ in 0..21 {
                let begun = Instant::now();
                found = books.find(query.clone()).await.expect("it answers").len();
                times.push(begun.elapsed());
            }
            times.sort_unstable();
            println!("{what} ({name}): {found} found, median {:.2?}, longest {:.2?}", times[10], times[20]);
        }
    }
}

fn query(text: &str) -> SearchQuery {
    SearchQuery {
        company: CompanyId::parse("c1").expect("an id"),
        text: text.into(),
        room: None,
        sender: None,
        kind: None,
        from: None,
        to: None,
        order: SearchOrder::Newest { before: None },
        limit: 20,
    }
}

async fn fill(store: &dyn Rooms, messages: i64, rooms: i64) {
    const TALK: [&str; 5] = [
        "您好，我想咨询一下退款的事情，谢谢",
        "请问快递什么时候能到，订单号",
        "Hello, my parcel has not arrived yet, order",
        "好的，没问题，我帮您看一下，请稍等",
        "这件衣服还有别的颜色和尺码吗，库存够不够",
    ];
    let each = messages / rooms;
    for room in 0..rooms {
        let id = RoomId::parse(&format!("/U2S_visitor{room}#c1")).expect("an id");
        let mut pos = 0;
        let mut opened = false;
        while pos < each {
            let count = (each - pos).min(500);
            let changes: Vec<Change> = (pos..pos + count)
                .map(|pos| {
                    let number = pos * rooms + room;
                    let rare = if number % 50_000 == 7 { "鳄鱼" } else { "" };
                    let text = format!("{} {number} {rare}", TALK[(number * 7 % 5) as usize]);
                    Change::Said(Message {
                        id: MessageId(uuid::Uuid::new_v4()),
                        pos,
                        sender: Sender {
                            side: Side::Visitor,
                            aid: AccountId::parse(&format!("visitor{room}")).expect("an id"),
                            mid: Name::default(),
                            nick: Name::default(),
                        },
                        time: 1_700_000_000_000 + number * 100,
                        body: Body::Text(Text::parse(&text).expect("a text")),
                        quote: None,
                    })
                })
                .collect();
            let open = Change::Opened { visitor_nick: Name::default(), time: 0 };
            let changes: Vec<Change> =
                if opened { changes } else { [open].into_iter().chain(changes).collect() };
            opened = true;
            let scope = Scope::room(id.clone());
            store.apply(scope, Box::new(move |_| Ok(changes.clone()))).await.expect("it is stored");
            pos += count;
        }
    }
}
