//! What indexing costs, how long a message waits behind it, and how long each kind of question takes.
//!
//! `searching [--messages 1000000] [--rooms 2000] [--rounds 50]` in a SQLite file (`--file`, a new one if it is not said), or
//! with `--database postgres://…` in a PostgreSQL database. What is filled already is not filled again, only indexed and asked.
//!
//! Besides time, which other work on the machine makes longer, it tells the processor time of this process, and with
//! `--beside <pid>` that of a server of PostgreSQL and its children.
//!
//! In each round every room says its next messages, and what was said is indexed; with one round, the whole history is
//! indexed afterwards, room by room, as it is the first time.

#![allow(clippy::print_stdout)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nodechat_domain::model::{
    AccountId, Body, CompanyId, Found, Kind, Message, MessageId, Name, RoomId, SearchOrder, SearchQuery,
    Sender, Side, Text,
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

/// The time of the first message; one follows each 100 ms.
const BEGIN: i64 = 1_700_000_000_000;
const STEP: i64 = 100;
const HOUR: i64 = 3_600_000;
/// How often each question is asked.
const TIMES: usize = 21;

#[derive(Clone, Copy)]
struct Size {
    messages: i64,
    rooms: i64,
    rounds: i64,
}

#[tokio::main]
async fn main() {
    let given: Vec<String> = std::env::args().collect();
    let option = |name: &str| given.iter().position(|arg| arg == name).map(|at| given[at + 1].clone());
    let number = |name: &str, usual: i64| option(name).map_or(usual, |text| text.parse().expect("a number"));
    let size = Size {
        messages: number("--messages", 1_000_000),
        rooms: number("--rooms", 2_000),
        rounds: number("--rounds", 50),
    };
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
            let file = option("--file").map_or_else(|| folder.path().join("s.db"), Into::into);
            let store = sqlite::Store::open(sqlite::Options::new(file), Arc::new(Deaf), &Random);
            let store = Arc::new(store.expect("the file opens"));
            (store.clone(), store.into())
        }
    };
    let mut work = Work::default();
    if store.view(&room_of(0, "c1"), 1, None).await.expect("it answers").is_none() {
        fill(&store, &books, size, &mut work).await;
    } else {
        work.index(&store, &books).await;
    }
    work.tell();
    let beside = option("--beside");
    for (what, query) in questions(size) {
        ask(&books, what, query, beside.as_deref()).await;
    }
}

/// What people ask, and what is hard to answer.
fn questions(size: Size) -> Vec<(&'static str, SearchQuery)> {
    let end = BEGIN + size.messages * STEP;
    let behind = |time: i64| SearchOrder::Newest { before: Some(time << 20) };
    let ranked = |text: &str| SearchQuery { order: SearchOrder::Ranked { skip: 0 }, ..query(text) };
    let bob = Some((Side::Agent, AccountId::parse("bob").expect("an id")));
    let ann = Some((Side::Visitor, AccountId::parse("visitor7").expect("an id")));
    let small = CompanyId::parse("c2").expect("an id");
    vec![
        ("a word of every fifth message", query("退款")),
        ("… ranked", ranked("退款")),
        ("… a page half way back", SearchQuery { order: behind((BEGIN + end) / 2), ..query("退款") }),
        ("… the oldest", SearchQuery { order: behind(BEGIN + HOUR / 60), ..query("退款") }),
        (
            "… in an hour far back",
            SearchQuery { from: Some(BEGIN + HOUR), to: Some(BEGIN + 2 * HOUR), ..query("退款") },
        ),
        ("… of one of the visitors", SearchQuery { sender: ann.clone(), ..query("退款") }),
        ("… of an agent who said three things", SearchQuery { sender: bob.clone(), ..query("退款") }),
        ("… in one room", SearchQuery { room: Some(room_of(7, "c1")), ..query("退款") }),
        ("… in a company with 500 messages", SearchQuery { company: small.clone(), ..query("退款") }),
        ("two frequent words that are never together", query("退款 快递")),
        ("… ranked", ranked("退款 快递")),
        ("a Latin word of every fifth message", query("parcel")),
        ("one character of every fifth message", query("款")),
        ("… ranked", ranked("款")),
        ("two characters that are never together", query("款 递")),
        ("a sentence of every fifth message, ranked", ranked("我想咨询一下退款的事情")),
        ("pairs that are together and never one word", query("没问题没")),
        ("a number that is there once", query("500001")),
        ("a word that is there twenty times", query("鳄鱼")),
        ("… ranked", ranked("鳄鱼")),
        ("… in the older half", SearchQuery { to: Some((BEGIN + end) / 2), ..query("鳄鱼") }),
        ("a word that is not there", query("犀牛")),
        ("anything", query("")),
        ("… ranked", ranked("")),
        ("… half way back", SearchQuery { order: behind((BEGIN + end) / 2), ..query("") }),
        ("anything of one visitor", SearchQuery { sender: ann, ..query("") }),
        ("anything of an agent who said three things", SearchQuery { sender: bob, ..query("") }),
        ("texts", SearchQuery { kind: Some(Kind::Text), ..query("") }),
        ("images, of which there are none", SearchQuery { kind: Some(Kind::Image), ..query("") }),
        ("anything of a company with 500 messages", SearchQuery { company: small, ..query("") }),
    ]
}

async fn ask(books: &Books, what: &str, query: SearchQuery, beside: Option<&str>) {
    let (mut times, mut answer) = (Vec::new(), Found::default());
    let before = processor_time(beside);
    for _ in 0..TIMES {
        let begun = Instant::now();
        answer = books.find(query.clone()).await.expect("it answers");
        times.push(begun.elapsed());
    }
    let processor = (processor_time(beside) - before) / TIMES as u32;
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{what}: {} found{}; ms processor {:.1}, least {:.1}, median {:.1}, longest {:.1}",
        answer.hits.len(),
        if answer.rest.is_some() { ", and to go on" } else { "" },
        ms(processor),
        ms(times[0]),
        ms(times[TIMES / 2]),
        ms(times[TIMES - 1])
    );
}

/// Of this process, of the other one, and of the children of that.
fn processor_time(beside: Option<&str>) -> Duration {
    let own = tasks("/proc/self", None);
    let Some(beside) = beside else { return own };
    let processes = std::fs::read_dir("/proc").expect("Linux").flatten();
    let theirs = processes.filter_map(|process| {
        let path = process.path();
        let stat = std::fs::read_to_string(path.join("stat")).ok()?;
        let parent = stat.rsplit(')').next()?.split_whitespace().nth(1)?;
        if parent == beside || path.ends_with(beside) { Some(tasks(path.to_str()?, None)) } else { None }
    });
    own + theirs.sum::<Duration>()
}

/// What the threads of a process, or those of this name, have spent on a processor.
fn tasks(process: &str, name: Option<&str>) -> Duration {
    let tasks = std::fs::read_dir(format!("{process}/task")).into_iter().flatten().flatten();
    let times = tasks.filter_map(|task| {
        if let Some(name) = name
            && std::fs::read_to_string(task.path().join("comm")).ok()? != name
        {
            return None;
        }
        let times = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        times.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    });
    times.sum()
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

fn room_of(visitor: i64, company: &str) -> RoomId {
    RoomId::parse(&format!("/U2S_visitor{visitor}#{company}")).expect("an id")
}

async fn fill(store: &Arc<dyn Rooms>, books: &Books, size: Size, work: &mut Work) {
    say(&**store, &room_of(0, "c2"), (0..500).map(|number| message(number, number, 0)).collect()).await;
    let each = size.messages / size.rooms / size.rounds;
    for round in 0..size.rounds {
        for room in 0..size.rooms {
            for piece in (round * each..(round + 1) * each).collect::<Vec<_>>().chunks(500) {
                let said = piece.iter().map(|pos| message(*pos, pos * size.rooms + room, room)).collect();
                say(&**store, &room_of(room, "c1"), said).await;
            }
        }
        work.index(store, books).await;
    }
}

/// What indexing took, and how long messages waited meanwhile.
#[derive(Default)]
struct Work {
    messages: u64,
    took: Duration,
    longest: Duration,
    /// The most that one call took of the writer's processor time; SQLite alone has one.
    held: Duration,
    waits: Vec<Duration>,
}

impl Work {
    /// All that is not indexed yet, as the job does it without its rests.
    async fn index(&mut self, store: &Arc<dyn Rooms>, books: &Books) {
        let stop = Arc::new(AtomicBool::new(false));
        let talking = tokio::spawn(talk(store.clone(), stop.clone()));
        let begun = Instant::now();
        let mut after = Some(0);
        while let Some(number) = after {
            let (mut behind, next) = books.behind(number).await.expect("it answers");
            while !behind.is_empty() {
                let (piece, writer) = (Instant::now(), tasks("/proc/self", Some("store-writer\n")));
                let batch: Vec<RoomId> = behind.split_off(behind.len().saturating_sub(40));
                let done = books.index(batch).await.expect("it is indexed");
                self.longest = self.longest.max(piece.elapsed());
                self.held = self.held.max(tasks("/proc/self", Some("store-writer\n")).saturating_sub(writer));
                self.messages += done.messages;
                behind.extend(done.unfinished);
            }
            after = next;
        }
        self.took += begun.elapsed();
        stop.store(true, Ordering::Relaxed);
        self.waits.extend(talking.await.expect("somebody talks"));
    }

    fn tell(mut self) {
        self.waits.sort_unstable();
        let Some(longest) = self.waits.last() else { return };
        println!(
            "indexed {} messages in {:.1?}: {:.1} µs each, the longest call {:.1?}; at most {:.1?} of the writer's processor",
            self.messages,
            self.took,
            self.took.as_secs_f64() * 1e6 / self.messages.max(1) as f64,
            self.longest,
            self.held
        );
        println!(
            "meanwhile {} messages waited for their ack: median {:.1?}, of 100 the longest {:.1?}, of all {longest:.1?}",
            self.waits.len(),
            self.waits[self.waits.len() / 2],
            self.waits[self.waits.len() * 99 / 100],
        );
    }
}

/// Somebody of a third company talks while it is indexed; how long each message waits for its ack.
async fn talk(store: Arc<dyn Rooms>, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut number = [0; 4];
    Random.fill(&mut number);
    let visitor = i64::from(u32::from_ne_bytes(number));
    let room = room_of(visitor, "c3");
    let mut waits = Vec::new();
    while waits.is_empty() || !stop.load(Ordering::Relaxed) {
        let pos = waits.len() as i64;
        let begun = Instant::now();
        say(&*store, &room, vec![message(pos, pos, visitor)]).await;
        waits.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waits
}

fn message(pos: i64, number: i64, visitor: i64) -> Message {
    const TALK: [&str; 5] = [
        "您好，我想咨询一下退款的事情，谢谢",
        "请问快递什么时候能到，订单号",
        "Hello, my parcel has not arrived yet, order",
        "好的，没问题，问题没关系，我帮您看一下，请稍等",
        "这件衣服还有别的颜色和尺码吗，库存够不够",
    ];
    let rare = if number % 50_000 == 7 { "鳄鱼" } else { "" };
    let text = format!("{} {number} {rare}", TALK[(number * 7 % 5) as usize]);
    let (side, aid) = match number % 400_000 {
        5 => (Side::Agent, "bob".to_owned()),
        _ => (Side::Visitor, format!("visitor{visitor}")),
    };
    Message {
        id: MessageId(uuid::Uuid::new_v4()),
        pos,
        sender: Sender {
            side,
            aid: AccountId::parse(&aid).expect("an id"),
            mid: Name::default(),
            nick: Name::default(),
        },
        time: BEGIN + number * STEP,
        body: Body::Text(Text::parse(&text).expect("a text")),
        quote: None,
    }
}

async fn say(store: &dyn Rooms, room: &RoomId, messages: Vec<Message>) {
    let open = Change::Opened { visitor_nick: Name::default(), time: 0 };
    let opened = messages.first().is_some_and(|first| first.pos > 0);
    let said = messages.into_iter().map(Change::Said);
    let changes: Vec<Change> = (!opened).then_some(open).into_iter().chain(said).collect();
    store
        .apply(Scope::room(room.clone()), Box::new(move |_| Ok(changes.clone())))
        .await
        .expect("it is stored");
}
