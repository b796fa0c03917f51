//! The database as files: who may read them, what is refused, who may write beside whom.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod stage;

use std::fs;
use std::future::poll_fn;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use nodechat_domain::error::{Class, Error};
use nodechat_domain::model::Hash;
use nodechat_domain::port::{Credentials, Rooms};
use nodechat_store::sqlite::{LockError, OpenError, Options, Store, lock};
use rusqlite::Connection;
use stage::{Deaf, Random, Talk};

#[test]
fn only_the_owner_can_read_the_files() {
    let talk = Talk::new();
    let store = talk.open();
    talk.says(&store, "hi").unwrap();
    let copy = talk.folder.path().join("copy.db");
    talk.wait(store.backup(&copy)).unwrap();
    let mut seen = Vec::new();
    for entry in fs::read_dir(talk.folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        seen.push(entry.file_name().into_string().unwrap());
    }
    seen.sort();
    assert_eq!(seen, ["copy.db", "nodechat.db", "nodechat.db-shm", "nodechat.db-wal"]);
}

#[test]
fn a_backup_never_overwrites() {
    let talk = Talk::new();
    let store = talk.open();
    let copy = talk.folder.path().join("copy.db");
    fs::write(&copy, "precious").unwrap();
    assert_eq!(talk.wait(store.backup(&copy)).unwrap_err().class(), Class::Caller);
    assert_eq!(fs::read_to_string(&copy).unwrap(), "precious");
}

#[test]
fn a_newer_schema_is_refused_with_a_sentence() {
    let talk = Talk::new();
    drop(talk.open());
    let db = Connection::open(talk.database()).unwrap();
    db.execute("insert into migration (number, name, checksum) values (999, 'later', 'x')", []).unwrap();
    drop(db);
    let refused = talk.try_open().unwrap_err();
    assert!(refused.to_string().contains("newer version"), "{refused}");
}

#[test]
fn an_edited_schema_is_refused_with_a_sentence() {
    let talk = Talk::new();
    drop(talk.open());
    let db = Connection::open(talk.database()).unwrap();
    db.execute("update migration set checksum = 'other' where number = 1", []).unwrap();
    drop(db);
    let refused = talk.try_open().unwrap_err();
    assert!(refused.to_string().contains("step 1"), "{refused}");
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_alone() {
    let talk = Talk::new();
    let noise: Vec<u8> = (0..50_000u32).map(|number| (number % 251) as u8).collect();
    fs::write(talk.database(), &noise).unwrap();
    let refused = talk.try_open().unwrap_err();
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("restore it from a backup"));
    assert_eq!(fs::read(talk.database()).unwrap(), noise);

    fs::remove_file(talk.database()).unwrap();
    Connection::open(talk.database()).unwrap().execute_batch("create table theirs (a integer)").unwrap();
    assert!(matches!(talk.try_open().unwrap_err(), OpenError::Foreign));
}

#[test]
fn a_damaged_database_is_refused_with_a_sentence() {
    let talk = Talk::new();
    drop(talk.open());
    let whole = fs::read(talk.database()).unwrap();
    let mut overwritten = whole.clone();
    overwritten[100..4096].fill(0xff);
    for damaged in [&overwritten[..], &whole[..6000]] {
        fs::write(talk.database(), damaged).unwrap();
        let refused = talk.try_open().unwrap_err();
        assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
    }
    fs::write(talk.database(), &whole).unwrap();
    talk.open();
}

#[test]
fn a_missing_folder_is_named() {
    let talk = Talk::new();
    let nowhere = talk.folder.path().join("nowhere/nodechat.db");
    let refused = Store::open(Options::new(nowhere), Arc::new(Deaf), &Random).err().unwrap();
    assert!(refused.to_string().contains("nowhere/nodechat.db"), "{refused}");
}

#[test]
fn one_server_for_each_data_folder() {
    let talk = Talk::new();
    let first = lock(talk.folder.path()).unwrap();
    let refused = lock(talk.folder.path()).unwrap_err();
    assert!(matches!(refused, LockError::Taken(_)), "{refused}");
    assert!(refused.to_string().contains("another server"));
    drop(first);
    lock(talk.folder.path()).unwrap();
}

#[test]
fn many_may_open_a_new_database_at_once() {
    let talk = Talk::new();
    let epochs: Vec<String> = std::thread::scope(|scope| {
        let opening: Vec<_> = (0..8).map(|_| scope.spawn(|| talk.open().epoch().to_owned())).collect();
        opening.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(epochs.iter().all(|epoch| *epoch == epochs[0]), "{epochs:?}");
}

#[test]
fn a_command_writes_beside_a_running_server() {
    let talk = Talk::new();
    let server = talk.open();
    talk.says(&server, "before").unwrap();
    let command = talk.open();
    assert_eq!(command.epoch(), server.epoch());
    talk.wait(command.add_ticket(Hash([1; 32]), talk.person.clone(), 9)).unwrap();
    talk.wait(command.close());
    let owner = talk.wait(server.ticket_owner(Hash([1; 32]), 0)).unwrap();
    assert_eq!(owner.as_ref(), Some(&talk.person));
    talk.says(&server, "after").unwrap();
}

#[test]
fn commits_wait_while_another_process_writes() {
    let talk = Talk::new();
    let store = talk.open();
    let other = Connection::open(talk.database()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    talk.wait(async {
        let mut sending = Box::pin(talk.sends(&store, "patience"));
        for _ in 0..20 {
            let pending = poll_fn(|context| Poll::Ready(sending.as_mut().poll(context).is_pending())).await;
            assert!(pending, "it was answered while another process was writing");
            assert!(store.view(&talk.room, 1, None).await.unwrap().is_none(), "reads go on");
        }
        other.execute_batch("commit").unwrap();
        sending.await.unwrap();
    });
    assert_eq!(talk.count(&store), 1);
}

#[test]
fn commits_are_unavailable_while_another_process_does_not_let_go() {
    let talk = Talk::new();
    let store = talk.open_with(|options| options.busy_timeout = Duration::from_millis(20));
    talk.says(&store, "before").unwrap();
    let other = Connection::open(talk.database()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let refused = talk.says(&store, "meanwhile").unwrap_err();
    assert!(matches!(refused, Error::Unavailable { .. }), "{refused:?}");
    assert_eq!(talk.wait(store.check()).unwrap_err().class(), Class::Later);
    assert_eq!(talk.count(&store), 1, "reads go on");
    other.execute_batch("commit").unwrap();
    talk.wait(store.check()).unwrap();
    talk.says(&store, "after").unwrap();
    assert_eq!(talk.count(&store), 2);
}

#[test]
fn a_copied_database_is_another_epoch() {
    let talk = Talk::new();
    let store = talk.open();
    talk.says(&store, "kept").unwrap();
    let epoch = store.epoch().to_owned();
    drop(store);
    let copy = talk.folder.path().join("copy");
    fs::copy(talk.database(), &copy).unwrap();
    fs::rename(&copy, talk.database()).unwrap();
    let store = talk.open();
    assert_ne!(store.epoch(), epoch);
    assert_eq!(talk.count(&store), 1);
}

#[test]
fn dropping_the_store_finishes_what_is_in_line() {
    let talk = Talk::new();
    let store = talk.open();
    talk.wait(async {
        for number in 0..200 {
            let words = number.to_string();
            let mut sending = Box::pin(talk.sends(&store, &words));
            // Started, not waited for.
            poll_fn(|context| Poll::Ready(sending.as_mut().poll(context).is_ready())).await;
        }
    });
    drop(store);
    assert_eq!(talk.count(&talk.open()), 200);
}

#[test]
fn a_closed_store_says_so() {
    let talk = Talk::new();
    let store = talk.open();
    let begun = Instant::now();
    talk.wait(store.close());
    talk.wait(store.close());
    assert_eq!(talk.says(&store, "late").unwrap_err().class(), Class::Later);
    assert!(talk.wait(store.view(&talk.room, 10, None)).is_err());
    assert!(begun.elapsed() < Duration::from_secs(60));
}
