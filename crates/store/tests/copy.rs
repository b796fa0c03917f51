//! A history that was taken to another place is the same one there, whatever the engines and however often it stopped.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod history;
mod server;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use history::{History, Place, dump};
use nodechat_domain::port::Rooms;
use nodechat_store::copy::{Beside, Copy, CopyError, Counted, Sum, Watch};
use rusqlite::Connection;

/// What a run says at its end.
struct Run {
    counted: Vec<(&'static str, Counted)>,
    sums: Vec<Sum>,
    beside: Beside,
}

impl Run {
    fn of(&self, table: &str) -> Counted {
        self.counted.iter().find(|(name, _)| *name == table).unwrap().1
    }
}

async fn copy(from: &Place, to: &Place) -> Result<Run, CopyError> {
    let copy = Copy::begin(from.address(), to.address()).await?;
    let counted = copy.rows(true, &Unwatched).await?;
    let sums = copy.verify(true, &Unwatched).await?;
    let beside = copy.finish().await?;
    Ok(Run { counted, sums, beside })
}

struct Unwatched;

impl Watch for Unwatched {
    fn messages(&self, _written: u64) {}
    fn verified(&self, _messages: u64) {}
}

/// Runs a story with an own database of each kind.
fn play(story: impl AsyncFnOnce()) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let limit = std::time::Duration::from_secs(120);
        assert!(tokio::time::timeout(limit, story()).await.is_ok(), "the copy did not end");
    });
}

fn nothing(run: &Run) -> bool {
    run.counted.iter().all(|(_, counted)| *counted == Counted::default())
}

#[test]
fn everything_comes_back_from_postgres() {
    play(async || {
        let (history, database) = (History::new().await, Place::postgres());
        history.talks(300).await;
        history.close().await;
        let out = copy(history.place(), &database).await.unwrap();
        let back = Place::folder();
        let home = copy(&database, &back).await.unwrap();
        assert_eq!(dump(back.file()), dump(history.place().file()));
        assert_eq!(out.sums, home.sums);
        assert_eq!(out.of("message").added, 300 + history.fixed_messages());
        assert!(!out.beside.served && !out.beside.written && !home.beside.written);
    });
}

#[test]
fn a_copy_of_a_copy_in_the_same_engine_is_the_same() {
    play(async || {
        let history = History::new().await;
        history.talks(50).await;
        history.close().await;
        let (folder, one, other) = (Place::folder(), Place::postgres(), Place::postgres());
        let mut sums = vec![copy(history.place(), &folder).await.unwrap().sums];
        sums.push(copy(history.place(), &one).await.unwrap().sums);
        sums.push(copy(&one, &other).await.unwrap().sums);
        assert!(sums.iter().all(|sum| *sum == sums[0]));
        assert_eq!(dump(folder.file()), dump(history.place().file()));
    });
}

#[test]
fn clients_go_on_with_the_epoch_they_know() {
    play(async || {
        let (history, database, back) = (History::new().await, Place::postgres(), Place::folder());
        let epoch = history.epoch();
        copy(history.place(), &database).await.unwrap();
        copy(&database, &back).await.unwrap();
        assert_eq!(history::open(back.file()).unwrap().0, epoch);
        // And where it was opened it stays.
        assert_eq!(history::open(back.file()).unwrap().0, epoch);
    });
}

#[test]
fn a_second_run_copies_what_came_since_and_nothing_else() {
    play(async || {
        for place in [Place::folder(), Place::postgres()] {
            let history = History::new().await;
            history.talks(100).await;
            let first = copy(history.place(), &place).await.unwrap();
            assert!(!nothing(&first));
            assert!(nothing(&copy(history.place(), &place).await.unwrap()));

            history.talks(7).await;
            history.expires_tickets().await;
            let second = copy(history.place(), &place).await.unwrap();
            assert_eq!(second.of("message"), Counted { added: 7, ..Counted::default() });
            assert_eq!(second.of("ticket").added, 0);
            assert!(second.of("ticket").dropped > 0);
            assert!(nothing(&copy(history.place(), &place).await.unwrap()));
            history.close().await;
        }
    });
}

#[test]
fn an_adopted_visitors_room_is_renamed_or_appended_in_the_copy_too() {
    play(async || {
        let database = Place::postgres();
        let back = Place::folder();
        let history = History::new().await;
        history.anonymous_talk(1, 30).await;
        history.anonymous_talk(2, 40).await;
        history.named_talk("two", 5).await;
        copy(history.place(), &database).await.unwrap();
        copy(&database, &back).await.unwrap();

        history.adopts(1, "one").await;
        history.adopts(2, "two").await;
        history.talks(3).await;
        copy(history.place(), &database).await.unwrap();
        let home = copy(&database, &back).await.unwrap();
        // The renamed one, the appended one, and the one that took it up: that comes anew.
        assert_eq!(home.of("room").dropped, 3);
        history.close().await;
        assert_eq!(dump(back.file()), dump(history.place().file()));
    });
}

#[test]
fn what_is_written_meanwhile_is_told_and_comes_with_the_next_run() {
    play(async || {
        let (history, database) = (History::new().await, Place::postgres());
        history.talks(20).await;
        let running = Copy::begin(history.place().address(), database.address()).await.unwrap();
        history.talks(5).await;
        running.rows(false, &Unwatched).await.unwrap();
        running.verify(true, &Unwatched).await.unwrap();
        let beside = running.finish().await.unwrap();
        assert!(beside.written);
        assert_eq!(beside.newer_messages, 5);
        assert_eq!(copy(history.place(), &database).await.unwrap().of("message").added, 5);
        history.close().await;
    });
}

/// Stops the copy, as a signal would, when so many messages were written.
struct Fuse(AtomicU64);

impl Watch for Fuse {
    fn messages(&self, written: u64) {
        assert!(written < self.0.load(Ordering::Relaxed), "stopped here");
    }
    fn verified(&self, _messages: u64) {}
}

#[test]
fn a_copy_that_was_cut_off_goes_on_and_is_not_served_before_it_is_whole() {
    play(async || {
        let history = History::new().await;
        history.talks(9_000).await;
        history.close().await;
        for place in [Place::folder(), Place::postgres()] {
            let (from, to) = (history.place().address(), place.address());
            let cut = tokio::spawn(async move {
                let copy = Copy::begin(from, to).await.unwrap();
                copy.rows(false, &Fuse(1.into())).await.map(drop)
            });
            assert!(cut.await.unwrap_err().is_panic());
            if let Some(file) = place.folder_file() {
                let refused = history::open(file).unwrap_err();
                assert!(refused.contains("was not finished"), "{refused}");
            }
            let refused = copy(&place, &Place::folder()).await.err().unwrap();
            assert!(matches!(refused, CopyError::SourceUnfinished), "{refused}");

            let rest = copy(history.place(), &place).await.unwrap().of("message").added;
            let all = 9_000 + history.fixed_messages();
            assert!(rest > 0 && rest < all, "{rest} of {all}");
            let back = Place::folder();
            copy(&place, &back).await.unwrap();
            assert_eq!(dump(back.file()), dump(history.place().file()));
        }
    });
}

#[test]
fn a_database_that_was_copied_to_is_served_once_it_is_whole_and_gives_out_new_numbers() {
    play(async || {
        let (history, database) = (History::new().await, server::Database::new());
        history.talks(9_000).await;
        history.close().await;
        let to = nodechat_store::copy::Address::Postgres(database.url().into());
        let from = history.place().address();
        let cut = Copy::begin(from.clone(), to.clone()).await.unwrap();
        let refused = database.try_open(database.options()).await.err().unwrap().to_string();
        assert!(refused.contains("was not finished"), "{refused}");
        cut.rows(false, &Unwatched).await.unwrap();
        cut.verify(true, &Unwatched).await.unwrap();
        cut.finish().await.unwrap();

        let store = database.open(std::sync::Arc::new(server::Deaf)).await;
        assert_eq!(Rooms::epoch(&store), history.known_epoch());
        history::somebody_new_talks(&store).await;
        store.close().await;
        let refused = Copy::begin(from, to).await.err().unwrap();
        assert!(matches!(refused, CopyError::NotEmpty(_)), "{refused}");
    });
}

#[test]
fn a_place_that_holds_something_else_is_left_alone() {
    play(async || {
        let (one, other) = (History::new().await, History::new().await);
        other.close().await;
        let before = dump(other.place().file());
        let refused = copy(one.place(), other.place()).await.err().unwrap();
        assert!(matches!(refused, CopyError::NotEmpty(_)), "{refused}");
        assert_eq!(dump(other.place().file()), before);

        for place in [Place::folder(), Place::postgres()] {
            copy(one.place(), &place).await.unwrap();
            let refused = copy(other.place(), &place).await.err().unwrap();
            assert!(matches!(refused, CopyError::OtherSource(_)), "{refused}");
            assert!(nothing(&copy(one.place(), &place).await.unwrap()));
        }
        one.close().await;
    });
}

#[test]
fn a_copy_that_was_opened_is_a_history_of_its_own() {
    play(async || {
        let (history, place) = (History::new().await, Place::folder());
        copy(history.place(), &place).await.unwrap();
        history::open(place.file()).unwrap();
        let refused = copy(history.place(), &place).await.err().unwrap();
        assert!(matches!(refused, CopyError::NotEmpty(_)), "{refused}");
        history.close().await;
    });
}

#[test]
fn nobody_else_uses_the_target_meanwhile() {
    play(async || {
        let history = History::new().await;
        for place in [Place::folder(), Place::postgres()] {
            let running = Copy::begin(history.place().address(), place.address()).await.unwrap();
            let refused = copy(history.place(), &place).await.err().unwrap();
            assert!(matches!(refused, CopyError::Served(_)), "{refused}");
            drop(running);
        }
        history.close().await;
    });
}

#[test]
fn a_message_that_was_changed_in_the_copy_is_found_with_its_room() {
    play(async || {
        let (history, place) = (History::new().await, Place::folder());
        history.talks(10).await;
        copy(history.place(), &place).await.unwrap();
        let room = change(
            place.file(),
            &format!("update message set body = 'forged' where pos = 1 and {FIRST_ROOM}"),
        );
        let refused = copy(history.place(), &place).await.err().unwrap();
        assert!(matches!(refused, CopyError::Differs { .. }), "{refused}");
        assert!(refused.to_string().contains(&room), "{refused} does not name {room}");
        history.close().await;
    });
}

#[test]
fn a_source_with_a_hole_is_named() {
    play(async || {
        let history = History::new().await;
        history.talks(10).await;
        history.close().await;
        let room =
            change(history.place().file(), &format!("delete from message where pos = 2 and {FIRST_ROOM}"));
        for place in [Place::folder(), Place::postgres()] {
            let refused = copy(history.place(), &place).await.err().unwrap();
            assert!(matches!(&refused, CopyError::Hole { pos: 2, .. }), "{refused}");
            assert!(refused.to_string().contains(&room), "{refused} does not name {room}");
        }
    });
}

#[test]
fn what_postgres_cannot_store_is_refused_with_its_row() {
    play(async || {
        let history = History::new().await;
        history.talks(5).await;
        history.close().await;
        change(history.place().file(), "update message set body = 'a' || char(0) || 'b' where pos = 1");
        let refused = copy(history.place(), &Place::postgres()).await.err().unwrap();
        assert!(matches!(&refused, CopyError::Nul(row) if row.contains("pos 1")), "{refused}");
        assert!(copy(history.place(), &Place::folder()).await.is_ok());
    });
}

#[test]
fn a_database_that_was_put_there_from_elsewhere_has_to_be_named_first() {
    play(async || {
        let (history, elsewhere) = (History::new().await, Place::folder());
        history.close().await;
        std::fs::copy(history.place().file(), elsewhere.file()).unwrap();
        let refused = copy(&elsewhere, &Place::folder()).await.err().unwrap();
        assert!(matches!(refused, CopyError::Moved(_)), "{refused}");
        let refused = copy(&Place::folder(), &elsewhere).await.err().unwrap();
        assert!(matches!(refused, CopyError::NoDatabase(_)), "{refused}");
    });
}

const FIRST_ROOM: &str = "room in (select number from room where next_pos > 2 order by number limit 1)";

/// Runs a statement that changes messages; the id of the first room with some.
fn change(file: &Path, statement: &str) -> String {
    let db = Connection::open(file).unwrap();
    let room = format!("select id from room where {}", FIRST_ROOM.replace("room in", "number in"));
    let room = db.query_row(&room, [], |row| row.get(0)).unwrap();
    assert!(db.execute(statement, []).unwrap() > 0);
    room
}
