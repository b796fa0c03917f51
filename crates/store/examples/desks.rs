//! What routing costs: `desks [--ended 100000] [--turns 500]`, in a new SQLite file or, with `--database postgres://…`,
//! in an empty PostgreSQL database. Two hundred visitors ask at once, a thousand wait while consultations end one after
//! the other; then the same with so many consultations that are over.

#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use nodechat_domain::model::desk::{About, Command, Desk, DeskAnswer, Happening, What, Wish};
use nodechat_domain::model::{AccountId, ChatId, CompanyId, Name, Person, Realm, RoomId, Side};
use nodechat_domain::port::{Change, Decision, DeskFeed, Desks, Entropy, Feed, Rooms, Scope, commit};
use nodechat_store::{Books, DeskBook, postgres, sqlite};

const NOW: i64 = 1_700_000_000_000;
const AGENTS: u64 = 20;
const SEATS: usize = 200;

struct Deaf;

impl Feed for Deaf {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
}

/// Writes down when somebody was given an agent.
#[derive(Default)]
struct Watch {
    assigned: Mutex<Option<Instant>>,
}

impl DeskFeed for Watch {
    fn happened(&self, _company: &CompanyId, happenings: &[Happening], desk: &Desk) {
        if happenings.iter().any(|happening| happening.what == What::Assigned) {
            // What every node computes for those who wait.
            let places = desk.places().len();
            *self.assigned.lock().expect("nobody panics here") = (places < usize::MAX).then(Instant::now);
        }
    }
}

struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has random bytes");
    }
}

#[tokio::main]
async fn main() {
    let given = given();
    let number = |name: &str, usual: usize| {
        given.get(name).map_or(usual, |number| number.parse().expect("this option is followed by a number"))
    };
    let (ended, turns) = (number("--ended", 100_000), number("--turns", 500));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (books, rooms): (Books, Arc<dyn Rooms>) = match given.get("--database") {
        None => {
            let options = sqlite::Options::new(folder.path().join("desks.db"));
            let store = Arc::new(sqlite::Store::open(options, Arc::new(Deaf), &Random).expect("it opens"));
            (store.clone().into(), store)
        }
        Some(url) => {
            let store = postgres::Store::open(postgres::Options::new(url.as_str()), Arc::new(Deaf), &Random);
            let store = Arc::new(store.await.expect("the database opens"));
            (store.clone().into(), store)
        }
    };
    let watch = Arc::new(Watch::default());
    let desks = DeskBook::new(books, watch.clone());
    let open = (0..1_600).map(|number| open(&*rooms, room(number)));
    join_all(open).await;
    for number in 0..AGENTS {
        let agent = Box::new(agent(number));
        route(&desks, Command::Came { agent, node: "n1".into() }).await;
    }

    let begun = Instant::now();
    let placed = join_all((0..SEATS as u64 + 200).map(|number| apply(&desks, number))).await;
    println!("{} ask at once: all answered after {:.1} ms", placed.len(), ms(begun.elapsed()));
    let desk = desks.look(&company(), NOW).await.expect("it can be read");
    println!("  {} are served, {} wait", desk.consultations.len() - desk.places().len(), desk.places().len());

    join_all((SEATS as u64 + 200..SEATS as u64 + 1_000).map(|number| apply(&desks, number))).await;
    turn(&desks, &watch, turns, "nothing over").await;
    grow(&desks, ended).await;
    turn(&desks, &watch, turns, &format!("{ended} over")).await;
}

/// Consultations end one after the other; how long until the next visitor has the free seat.
async fn turn(desks: &DeskBook, watch: &Watch, turns: usize, name: &str) {
    let mut took = Vec::new();
    for _ in 0..turns {
        let desk = desks.look(&company(), NOW).await.expect("it can be read");
        let served =
            desk.consultations.values().find(|served| served.serving().is_some()).expect("some are served");
        let about = About { room: served.room.clone(), chat: Some(served.chat) };
        let begun = Instant::now();
        route(desks, Command::End { about: about.clone(), agent: None }).await;
        let assigned =
            watch.assigned.lock().expect("nobody panics here").take().expect("somebody was given the seat");
        took.push(assigned - begun);
        // As many wait as before.
        route(desks, Command::Apply { room: about.room, chat: new_chat(), wish: Wish::default() }).await;
    }
    took.sort_unstable();
    let waiting = desks.look(&company(), NOW).await.expect("it can be read").places().len();
    println!(
        "{waiting} wait, {name}: from an end to the next assignment {:.2} ms (median), {:.2} ms (p99), {:.2} ms (most)",
        ms(took[took.len() / 2]),
        ms(took[took.len() * 99 / 100]),
        ms(took[took.len() - 1])
    );
}

/// So many consultations are over: visitors ask and do not wait.
async fn grow(desks: &DeskBook, count: usize) {
    let begun = Instant::now();
    for batch in 0..count.div_ceil(200) {
        let size = 200.min(count - batch * 200);
        let rooms = (0..size as u64).map(|number| room(1_400 + number));
        let commands = rooms.flat_map(|room| {
            let about = About { room: room.clone(), chat: None };
            [
                Command::Apply { room, chat: new_chat(), wish: Wish::default() },
                Command::End { about, agent: None },
            ]
        });
        let company = company();
        let routed: Vec<_> = commands.map(|command| desks.route(&company, command, NOW)).collect();
        for answer in join_all(routed).await {
            answer.expect("it is routed");
        }
    }
    println!("{count} consultations made and ended in {:.1} s", begun.elapsed().as_secs_f64());
}

async fn apply(desks: &DeskBook, number: u64) -> DeskAnswer {
    route(desks, Command::Apply { room: room(number), chat: new_chat(), wish: Wish::default() }).await
}

async fn route(desks: &DeskBook, command: Command) -> DeskAnswer {
    desks.route(&company(), command, NOW).await.expect("it is routed")
}

async fn open(rooms: &dyn Rooms, room: RoomId) {
    let opened = |_: &_| Ok(Decision::one(Change::Opened { visitor_nick: Name::default(), time: 0 }, ()));
    commit(rooms, Scope::room(room), opened).await.expect("a room opens");
}

fn agent(number: u64) -> Person {
    Person {
        side: Side::Agent,
        realm: Realm::Company(company()),
        aid: AccountId::parse(&format!("agent-{number}")).expect("a valid aid"),
        mid: Name::default(),
        account: Name::default(),
        nick: Name::default(),
        attributes: None,
    }
}

fn room(number: u64) -> RoomId {
    RoomId::between(&AccountId::parse(&format!("visitor-{number}")).expect("a valid aid"), &company())
}

fn company() -> CompanyId {
    CompanyId::parse("shop").expect("a valid company")
}

fn new_chat() -> ChatId {
    ChatId(uuid::Uuid::now_v7())
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn given() -> HashMap<String, String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    words
        .chunks(2)
        .map(|pair| (pair[0].clone(), pair.get(1).expect("each option is followed by its value").clone()))
        .collect()
}
