//! Two nodes on one PostgreSQL database: what one does, the other sees; what both do at once, happens once.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod people;
mod server;

use std::sync::Arc;

use futures_util::future::join_all;
use nodechat_domain::error::Code;
use nodechat_domain::model::{Body, Hash, Message, Sender, Text};
use nodechat_domain::port::{Adoption, Beat, Change, Credentials, Decision, Nodes, Rooms, Scope, commit};
use nodechat_store::Misfit;
use nodechat_store::postgres::{OpenError, Options, Store};
use people::{agent, company, enters, opens, room, says, sends, tries_to_open, visitor};
use server::{Database, Deaf};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_id_over_two_nodes_is_one_message() {
    let (_database, nodes) = two_nodes().await;
    let ann = visitor("ann");
    opens(&nodes[0], &ann).await;
    for round in 0..200 {
        let id = people::new_id();
        let sending = (0..8).map(|turn| sends(&nodes[turn % 2], &ann, id, "once"));
        let receipts: Vec<_> = join_all(sending).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(receipts.iter().filter(|receipt| !receipt.dup).count(), 1);
        assert!(receipts.iter().all(|receipt| (receipt.pos, receipt.time) == (round, receipts[0].time)));
    }
    assert_eq!(people::messages(&nodes[1], &ann).await.len(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_id_in_two_rooms_over_two_nodes_is_one_message() {
    let (_database, nodes) = two_nodes().await;
    let (ann, bob) = (visitor("ann"), visitor("bob"));
    opens(&nodes[0], &ann).await;
    opens(&nodes[1], &bob).await;
    let (cleo, anns, bobs) = (agent("cleo"), room(&ann), room(&bob));
    for _ in 0..50 {
        let id = people::new_id();
        let (here, there) = tokio::join!(
            people::says_in(&nodes[0], &cleo, &anns, id, "here or there"),
            people::says_in(&nodes[1], &cleo, &bobs, id, "here or there"),
        );
        let refused = [&here, &there].into_iter().filter_map(|sent| sent.as_ref().err());
        assert_eq!(refused.map(|error| error.code()).collect::<Vec<_>>(), [Code::Conflict]);
    }
    let (here, there) = (people::messages(&nodes[0], &ann).await, people::messages(&nodes[0], &bob).await);
    assert_eq!(here.len() + there.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_redeemed_once_over_two_nodes() {
    let (_database, nodes) = two_nodes().await;
    for round in 0..200u8 {
        let token = hash(round, 0);
        nodes[0].add_token(token, visitor("ann"), 100).await.unwrap();
        let redeeming = (1..=8).map(|turn| {
            let node = nodes[usize::from(turn) % 2].clone();
            async move { node.redeem_token(token, hash(round, turn), 100, 0).await.unwrap() }
        });
        assert_eq!(join_all(redeeming).await.into_iter().flatten().count(), 1);
        let tickets = (1..=8).map(|turn| nodes[0].ticket_owner(hash(round, turn), 0));
        assert_eq!(join_all(tickets).await.into_iter().filter_map(Result::unwrap).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_are_dense_under_writers_on_two_nodes() {
    let (_database, nodes) = two_nodes().await;
    let people = ["ann", "bob", "cid"].map(visitor);
    for person in &people {
        opens(&nodes[0], person).await;
    }
    let writers = (0..24).map(|writer: usize| {
        let (node, people) = (nodes[writer % 2].clone(), people.clone());
        tokio::spawn(async move {
            for turn in 0..20 {
                let to = room(&people[(writer + turn) % 3]);
                let by = agent(&format!("a{writer}"));
                people::says_in(&node, &by, &to, people::new_id(), "hi").await.unwrap();
            }
        })
    });
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    let mut count = 0;
    for person in &people {
        // Dense, or this fails.
        count += people::messages(&nodes[1], person).await.len();
    }
    assert_eq!(count, 24 * 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_is_opened_once_by_two_nodes() {
    let (_database, nodes) = two_nodes().await;
    for number in 0..50 {
        let person = visitor(&format!("v{number}"));
        join_all((0..4).map(|turn| opens(&nodes[turn % 2], &person))).await;
        let view = nodes[0].view(&room(&person), 10, None).await.unwrap().unwrap();
        assert_eq!((view.head.next_pos, view.members.len()), (0, 1));
    }
    // All of them again, each node in another order.
    let people: Vec<_> = (50..150).map(|number| visitor(&format!("v{number}"))).collect();
    let (forth, back) = (people.iter().map(|person| opens(&nodes[0], person)), people.iter().rev());
    tokio::join!(join_all(forth), join_all(back.map(|person| opens(&nodes[1], person))));
    let ids: Vec<_> = people.iter().map(room).collect();
    assert_eq!(nodes[0].heads(&ids).await.unwrap().len(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_make_the_schema_once() {
    let database = Database::new();
    let opening = (0..6).map(|_| database.open(Arc::new(Deaf)));
    let nodes = join_all(opening).await;
    assert!(nodes.iter().all(|node| node.epoch() == nodes[0].epoch()));
    opens(&nodes[1], &visitor("ann")).await;
    says(&nodes[2], &visitor("ann"), "hi").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_opens_a_room_as_a_visitor_who_is_somebody_by_now() {
    let (_database, nodes) = two_nodes().await;
    for round in 0..100u8 {
        let (nobody, ann) = (visitor(&format!("v-{round}")), visitor(&format!("ann-{round}")));
        nodes[0].add_visitor(hash(round, 0), nobody.clone()).await.unwrap();
        if round % 2 == 0 {
            opens(&nodes[0], &ann).await;
        }
        let company = company();
        let adopting = nodes[0].adopt(hash(round, 0), &company, ann.clone());
        let (adopted, opened) = tokio::join!(adopting, tries_to_open(&nodes[1], &nobody));
        assert_eq!(adopted.unwrap(), Adoption::Done(nobody.clone()));
        // It came first and its room is Ann's by now, or it came too late.
        if let Err(error) = &opened {
            assert_eq!(error.code(), Code::NotAllowed);
        }
        assert!(nodes[0].view(&room(&nobody), 1, None).await.unwrap().is_none());
        let anns = nodes[0].view(&room(&ann), 1, None).await.unwrap();
        assert_eq!(anns.is_some(), round % 2 == 0 || opened.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_hear_of_each_other() {
    let (_database, nodes) = two_nodes().await;
    let beat = |node: &str, unpublished| Beat { node: node.into(), unpublished };
    assert!(nodes[0].beat(beat("one", 0)).await.unwrap().others.is_empty());
    let round = nodes[1].beat(beat("two", 7)).await.unwrap();
    assert_eq!(round.others.len(), 1);
    assert_eq!((&*round.others[0].node, round.others[0].unpublished), ("one", 0));
    let round = nodes[0].beat(beat("one", 3)).await.unwrap();
    assert_eq!((&*round.others[0].node, round.others[0].unpublished), ("two", 7));
    assert!(round.others[0].silent_ms < 60_000);
    nodes[1].leave("two").await.unwrap();
    assert!(nodes[0].beat(beat("one", 3)).await.unwrap().others.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_nodes_and_old_endings_are_forgotten() {
    let (database, nodes) = two_nodes().await;
    let beat = |node: &str| Beat { node: node.into(), unpublished: 0 };
    nodes[1].beat(beat("two")).await.unwrap();
    database.run("update node set seen = seen - interval '30 seconds'");
    let round = nodes[0].beat(beat("one")).await.unwrap();
    assert!(round.others[0].silent_ms >= 30_000);
    database.run("update node set seen = seen - interval '40 seconds' where id = 'two'");
    assert!(nodes[0].beat(beat("one")).await.unwrap().others.is_empty());
    nodes[0].revoke_person(&visitor("ann")).await.unwrap();
    assert_eq!(nodes[1].beat(beat("two")).await.unwrap().endings.len(), 1);
    database.run("update ending set ended = ended - interval '31 seconds'");
    assert!(nodes[1].beat(beat("two")).await.unwrap().endings.is_empty());
    database.run("update node set seen = seen - interval '50 seconds' where id = 'two'");
    let missed = nodes[1].beat(beat("two")).await.unwrap().endings;
    assert_eq!(missed.len(), 1, "a node that was cut off for long hears what it has missed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_hears_whose_connections_have_to_go() {
    let (_database, nodes) = two_nodes().await;
    let (ann, bob, nobody) = (visitor("ann"), visitor("bob"), visitor("v-1"));
    nodes[0].add_ticket(hash(1, 0), ann.clone(), 100).await.unwrap();
    nodes[0].add_visitor(hash(2, 0), nobody.clone()).await.unwrap();
    assert_eq!(nodes[0].revoke_ticket(hash(9, 0)).await.unwrap(), None, "there is no such ticket");
    assert_eq!(nodes[0].revoke_ticket(hash(1, 0)).await.unwrap(), Some(ann.clone()));
    nodes[0].revoke_person(&bob).await.unwrap();
    nodes[0].adopt(hash(2, 0), &company(), ann.clone()).await.unwrap();
    let heard = || async {
        let round = nodes[1].beat(Beat { node: "two".into(), unpublished: 0 }).await.unwrap();
        let mut endings: Vec<_> =
            round.endings.into_iter().map(|ending| (ending.number, ending.person)).collect();
        endings.sort_unstable_by_key(|(number, _)| *number);
        endings
    };
    let first = heard().await;
    assert_eq!(first.iter().map(|(_, person)| person.clone()).collect::<Vec<_>>(), [ann, bob, nobody]);
    assert_eq!(heard().await, first, "they are told again, by the same numbers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_says_the_other_reads_at_once() {
    let (_database, nodes) = two_nodes().await;
    let (ann, cleo) = (visitor("ann"), agent("cleo"));
    opens(&nodes[0], &ann).await;
    enters(&nodes[1], &cleo, &room(&ann)).await.unwrap();
    for number in 0..20 {
        let receipt = says(&nodes[number % 2], &ann, "hi").await.unwrap();
        let heads = nodes[(number + 1) % 2].heads(&[room(&ann)]).await.unwrap();
        assert_eq!(heads[0].next_pos, receipt.pos + 1);
    }
}

#[tokio::test]
async fn a_database_that_acks_before_it_is_on_disk_is_refused() {
    let database = Database::new();
    database.run("do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$");
    let refused = database.try_open(database.options()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Unsafe("synchronous_commit")), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_cannot_be_stored_fails_alone() {
    let (_database, nodes) = two_nodes().await;
    let (ann, bob) = (visitor("ann"), visitor("bob"));
    opens(&nodes[0], &ann).await;
    opens(&nodes[0], &bob).await;
    let taken = people::new_id();
    sends(&nodes[0], &bob, taken, "first").await.unwrap();
    for round in 0..20 {
        // It does not ask whether the id is taken, so only the database finds out.
        let sender = Sender::from(&ann);
        let unseen = commit(&*nodes[0] as &dyn Rooms, Scope::room(room(&ann)), move |snapshot| {
            let pos = snapshot.head.as_ref().map_or(0, |head| head.next_pos);
            let body = Body::Text(Text::parse("taken")?);
            let message =
                Message { id: taken, pos, sender: sender.clone(), time: people::now(), body, quote: None };
            Ok(Decision::one(Change::Said(message), ()))
        });
        let neighbours = (0..10).map(|_| says(&nodes[0], &ann, "neighbour"));
        let (unseen, neighbours) = tokio::join!(unseen, join_all(neighbours));
        assert_eq!(unseen.unwrap_err().code(), Code::Internal);
        assert!(neighbours.iter().all(Result::is_ok), "{neighbours:?}");
        assert_eq!(people::messages(&nodes[0], &ann).await.len(), (round + 1) * 10);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_isolation_of_the_database_changes_nothing() {
    let database = Database::new();
    let isolation = "execute format('alter database %I set default_transaction_isolation = serializable', current_database());";
    database.run(&format!("do $$ begin {isolation} end $$"));
    let nodes = [database.open(Arc::new(Deaf)).await, database.open(Arc::new(Deaf)).await];
    let ann = visitor("ann");
    opens(&nodes[0], &ann).await;
    let saying = (0..200).map(|turn| says(&nodes[turn % 2], &ann, "hi"));
    assert!(join_all(saying).await.iter().all(Result::is_ok));
    assert_eq!(people::messages(&nodes[0], &ann).await.len(), 200);
}

#[tokio::test]
async fn another_programs_tables_are_left_alone() {
    let database = Database::new();
    database.run("create table room (theirs text)");
    assert!(matches!(database.try_open(database.options()).await.unwrap_err(), OpenError::Foreign));
    // A schema beside theirs is fine.
    database.run("create schema ours");
    let url = format!("{}?options=-c%20search_path%3Dours", database.url());
    let store = database.try_open(Options { url, ..database.options() }).await.unwrap();
    opens(&store, &visitor("ann")).await;
}

#[tokio::test]
async fn a_newer_or_edited_schema_is_refused_by_name() {
    let database = Database::new();
    database.open(Arc::new(Deaf)).await.close().await;
    database.run("insert into migration values (99, 'later', '')");
    let refused = database.try_open(database.options()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Misfit(Misfit::Newer { found: 99, .. })), "{refused}");
    database.run("delete from migration where number = 99; update migration set checksum = 'edited'");
    let refused = database.try_open(database.options()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Misfit(Misfit::Changed { number: 1 })), "{refused}");
}

async fn two_nodes() -> (Database, [Arc<Store>; 2]) {
    let database = Database::new();
    let nodes =
        [Arc::new(database.open(Arc::new(Deaf)).await), Arc::new(database.open(Arc::new(Deaf)).await)];
    (database, nodes)
}

/// Another one for each pair.
fn hash(round: u8, turn: u8) -> Hash {
    let mut bytes = [turn; 32];
    bytes[0] = round;
    Hash(bytes)
}
