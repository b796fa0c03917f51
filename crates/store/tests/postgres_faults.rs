//! A database that dies, sleeps or does not answer: nothing acked is lost or doubled, and nobody waits for ever.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod faults;
mod people;
mod server;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use faults::{Cable, Proxy, Server};
use nodechat_domain::decide;
use nodechat_domain::error::{Class, Error};
use nodechat_domain::model::{Body, MessageId, Person, Receipt, RoomId, RoomView, Sender, Text};
use nodechat_domain::port::{Change, Companies, Credentials, Feed, Rooms, Scope, Snapshot, commit};
use nodechat_store::Books;
use nodechat_store::postgres::{OpenError, Options, Store};
use people::{room, says, sends, visitor};
use server::{Deaf, Random};

/// How long anything may wait for the database in these tests, and by when it must have been answered.
const LIMIT: Duration = Duration::from_secs(2);
const ANSWERED: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acked_is_there_after_the_server_died_under_load() {
    let mut server = Server::start().await;
    let nodes = [Arc::new(open(&server.url()).await), Arc::new(open(&server.url()).await)];
    let people: Vec<_> = (0..8).map(|number| visitor(&format!("v{number}"))).collect();
    for person in &people {
        until_it_goes(&nodes[0], person).await;
    }
    let over = Arc::new(AtomicBool::new(false));
    let talking: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(number, person)| tokio::spawn(talk(nodes[number % 2].clone(), person.clone(), over.clone())))
        .collect();
    for round in 0..3 {
        let before = count(&nodes[0], &people[0]).await;
        while count(&nodes[0], &people[0]).await < before + 20 + round * 7 {
            tokio::task::yield_now().await;
        }
        server.stop_at_once();
        let down = answered(says(&nodes[0], &people[0], "while it is down")).await;
        assert_eq!(down.unwrap_err().class(), Class::Later);
        server.go_on().await;
        // The same store goes on, without being opened again.
        until_it_goes(&nodes[0], &people[0]).await;
        until_it_goes(&nodes[1], &people[0]).await;
    }
    over.store(true, Ordering::Relaxed);
    for (person, talk) in people.iter().zip(talking) {
        let acked = talk.await.unwrap();
        let messages = people::messages(&nodes[0], person).await;
        for receipt in &acked {
            let stored: Vec<_> = messages.iter().filter(|message| message.id == receipt.id).collect();
            assert_eq!(stored.len(), 1, "an acked message is gone or doubled");
            assert_eq!((stored[0].pos, stored[0].time), (receipt.pos, receipt.time));
        }
        assert!(!acked.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_goes_silent_is_unavailable_in_time_and_heals() {
    let server = Server::start().await;
    let proxy = Proxy::to(server.address()).await;
    let store = Arc::new(open(&server.url_at(proxy.port)).await);
    let books = Books::from(store.clone());
    let ann = visitor("ann");
    until_it_goes(&store, &ann).await;
    proxy.set(Cable::Held);
    let (said, viewed, found, redeemed, checked) = tokio::join!(
        answered(says(&store, &ann, "into the void")),
        answered(store.view(&room(&ann), 10, None)),
        answered(Companies::all(&books)),
        answered(store.redeem_token(
            nodechat_domain::model::Hash([1; 32]),
            nodechat_domain::model::Hash([2; 32]),
            9,
            0
        )),
        answered(store.check()),
    );
    let errors = [said.map(drop), viewed.map(drop), found.map(drop), redeemed.map(drop), checked];
    for error in errors.map(Result::unwrap_err) {
        assert_eq!(error.class(), Class::Later);
        assert!(error.retry_after_ms().is_some());
    }
    // New connections are not answered either.
    assert_eq!(answered(says(&store, &ann, "still nothing")).await.unwrap_err().class(), Class::Later);
    proxy.set(Cable::Whole);
    until_it_goes(&store, &ann).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_does_not_answer_is_not_waited_for_when_opening() {
    let server = Server::start().await;
    let proxy = Proxy::to(server.address()).await;
    proxy.set(Cable::Held);
    let opened = answered(Store::open(options(&server.url_at(proxy.port)), Arc::new(Deaf), &Random)).await;
    assert!(matches!(opened.unwrap_err(), OpenError::Late));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stops_in_the_middle_of_a_commit_holds_its_rooms_only_for_a_moment() {
    let server = Server::start().await;
    let open = async || Store::open(patient(&server.url()), Arc::new(Deaf), &Random).await.unwrap();
    let (sleeper, other) = (Arc::new(open().await), open().await);
    let ann = visitor("ann");
    until_it_goes(&other, &ann).await;
    let (inside, is_inside) = std::sync::mpsc::channel();
    let (wake, woken) = std::sync::mpsc::channel();
    let runs = Arc::new(AtomicUsize::new(0));
    let sleeping = {
        let (sleeper, ann, runs) = (sleeper.clone(), ann.clone(), runs.clone());
        tokio::spawn(async move {
            watched(&sleeper, &ann, people::new_id(), move || {
                // The room is locked, and the first time the process sleeps.
                if runs.fetch_add(1, Ordering::Relaxed) == 0 {
                    inside.send(()).unwrap();
                    let _woken: Result<(), _> = woken.recv();
                }
            })
            .await
        })
    };
    tokio::task::block_in_place(|| is_inside.recv().unwrap());
    // Waits until the server has sent the sleeper away, and no longer than it may.
    let receipt = answered(says(&other, &ann, "meanwhile")).await.unwrap();
    assert_eq!(receipt.pos, 0);
    drop(wake);
    // Its caller was told in time, or the decision ran again on another connection.
    match sleeping.await.unwrap() {
        Ok(receipt) => assert_eq!(receipt.pos, 1),
        Err(error) => assert_eq!(error.class(), Class::Later),
    }
    until_it_goes(&sleeper, &ann).await;
    people::messages(&other, &ann).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_of_unknown_outcome_is_said_to_be_and_its_retry_gets_the_first_receipt() {
    let server = Server::start().await;
    let proxy = Arc::new(Proxy::to(server.address()).await);
    let unsure = Arc::new(Unsure::default());
    let store = Store::open(options(&server.url_at(proxy.port)), unsure.clone(), &Random).await.unwrap();
    let ann = visitor("ann");
    until_it_goes(&store, &ann).await;
    let id = people::new_id();
    let cut = proxy.clone();
    // What follows the decision arrives at the server, and its answer never comes.
    let said = answered(watched(&store, &ann, id, move || cut.set(Cable::OneWay))).await;
    assert_eq!(said.unwrap_err().class(), Class::Later);
    assert_eq!(*unsure.0.lock().unwrap(), [room(&ann)]);
    proxy.set(Cable::Whole);
    let receipt = until_said(&store, &ann, id).await;
    assert_eq!((receipt.pos, receipt.dup), (0, true), "it was stored the first time");
    assert_eq!(people::messages(&store, &ann).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_before_the_commit_is_not_noticed() {
    let server = Server::start().await;
    let unsure = Arc::new(Unsure::default());
    let store = Store::open(patient(&server.url()), unsure.clone(), &Random).await.unwrap();
    let ann = visitor("ann");
    until_it_goes(&store, &ann).await;
    // What this side learns of the end only while it sends may have been committed, and is said to be unsure.
    let mut stored = 0;
    let (receipt, runs) = loop {
        let (id, runs) = (people::new_id(), Arc::new(AtomicUsize::new(0)));
        let (counted, url) = (runs.clone(), server.url());
        let said = answered(watched(&store, &ann, id, move || {
            if counted.fetch_add(1, Ordering::Relaxed) == 0 {
                ends_all_sessions(&url);
            }
        }));
        match said.await {
            Ok(receipt) => break (receipt, runs.load(Ordering::Relaxed)),
            Err(error) => assert_eq!(error.class(), Class::Later, "{error:?}"),
        }
        assert_eq!(*unsure.0.lock().unwrap(), [room(&ann)]);
        unsure.0.lock().unwrap().clear();
        assert_eq!(until_said(&store, &ann, id).await.pos, stored);
        stored += 1;
        assert!(stored < 50, "it is noticed every time");
    };
    assert_eq!((receipt.pos, receipt.dup), (stored, false));
    assert_eq!(runs, 2, "the decision runs again");
    assert!(unsure.0.lock().unwrap().is_empty());
    assert_eq!(people::messages(&store, &ann).await.last().map(|message| message.pos), Some(stored));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_fsync_is_refused() {
    let server = Server::start_with(&["fsync = off"]).await;
    let refused = Store::open(options(&server.url()), Arc::new(Deaf), &Random).await.unwrap_err();
    assert!(matches!(refused, OpenError::Unsafe("fsync")), "{refused}");
}

/// Returns when the sessions of all stores are gone.
fn ends_all_sessions(url: &str) {
    let ours = "from pg_stat_activity where application_name = 'nodechat'";
    server::apart(
        &format!(
            "select pg_terminate_backend(pid) {ours};
             do $$ begin while exists (select {ours}) loop perform pg_stat_clear_snapshot(); end loop; end $$"
        ),
        url,
    );
}

/// Says one thing after another; what could not be told to be stored is said again under the same id.
async fn talk(node: Arc<Store>, person: Person, over: Arc<AtomicBool>) -> Vec<Receipt> {
    let mut acked = Vec::new();
    while !over.load(Ordering::Relaxed) {
        acked.push(until_said(&node, &person, people::new_id()).await);
    }
    acked
}

async fn until_said(store: &Store, person: &Person, id: MessageId) -> Receipt {
    loop {
        match answered(sends(store, person, id, "hi")).await {
            Ok(receipt) => return receipt,
            Err(error) => assert_eq!(error.class(), Class::Later, "{error:?}"),
        }
        tokio::task::yield_now().await;
    }
}

/// Messages so far; none while nobody answers.
async fn count(store: &Store, person: &Person) -> usize {
    let view = answered(store.view(&room(person), 1, None)).await;
    view.ok().flatten().map_or(0, |view| view.head.next_pos as usize)
}

/// Waits until the store says that it could write, lets this person into its room, and shows the room.
async fn until_it_goes(store: &Store, person: &Person) {
    let healed = async {
        while !matches!(goes_once(store, person).await, Ok(Some(_))) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), healed).await.expect("the store heals by itself");
}

async fn goes_once(store: &Store, person: &Person) -> Result<Option<RoomView>, Error> {
    store.check().await?;
    people::tries_to_open(store, person).await?;
    store.view(&room(person), 10, None).await
}

/// The answer, which comes long before this gives up.
async fn answered<T>(answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(ANSWERED, answer).await.expect("it is answered in time")
}

/// Says "hi", and does something in the middle of the transaction.
async fn watched(
    store: &Store,
    person: &Person,
    id: MessageId,
    middle: impl Fn() + Send + 'static,
) -> Result<Receipt, Error> {
    let (to, sender, now) = (room(person), Sender::from(person), people::now());
    let body = Body::Text(Text::parse("hi").unwrap());
    let scope = Scope { id: Some(id), ..Scope::room(to.clone()) };
    commit(store as &dyn Rooms, scope, move |snapshot: &Snapshot| {
        middle();
        decide::send(snapshot, &to, &sender, id, &body, now)
    })
    .await
}

/// Waits long enough for what has to go well on a busy machine.
fn patient(url: &str) -> Options {
    Options { time_limit: LIMIT * 4, ..options(url) }
}

async fn open(url: &str) -> Store {
    Store::open(options(url), Arc::new(Deaf), &Random).await.unwrap()
}

fn options(url: &str) -> Options {
    Options { connections: 6, lanes: 2, time_limit: LIMIT, ..Options::new(url) }
}

/// The rooms of which nobody knows.
#[derive(Default)]
struct Unsure(Mutex<Vec<RoomId>>);

impl Feed for Unsure {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}

    fn unsure(&self, room: &RoomId) {
        self.0.lock().unwrap().push(room.clone());
    }
}
