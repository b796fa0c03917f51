//! What was answered survives the death of the process and a disk that takes no more.
//!
//! Each test starts its own program again as the process that suffers, told by an environment
//! variable which database to use.

#![allow(clippy::unwrap_used, reason = "these are tests")]
#![allow(clippy::print_stdout, reason = "the victim tells its parent what was answered")]

mod stage;

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use nodechat_domain::error::Class;
use nodechat_domain::port::Rooms;
use stage::{Talk, open};

const VICTIM: &str = "NODECHAT_STORE_TEST_DATABASE";

#[test]
fn acked_message_survives_kill() {
    if let Some(database) = victim() {
        return talk_until_killed(&database);
    }
    let talk = Talk::new();
    let mut acked = HashMap::new();
    for round in 0..10 {
        let (mut child, mut lines) = start("acked_message_survives_kill", &talk.database());
        // Another moment each time.
        for _ in 0..20 + round * 17 {
            let (id, pos) = receipt(&mut lines).expect("the victim talks until it is killed");
            assert!(acked.insert(id, pos).is_none());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said while the signal was on its way counts too.
        while let Some((id, pos)) = receipt(&mut lines) {
            acked.insert(id, pos);
        }
        let store = talk.open();
        let stored: HashMap<_, _> =
            talk.messages(&store).into_iter().map(|message| (message.id.to_string(), message.pos)).collect();
        for (id, pos) in &acked {
            assert_eq!(stored.get(id), Some(pos), "an acked message is gone or elsewhere");
        }
        talk.says(&store, "between two deaths").unwrap();
    }
}

#[test]
fn a_disk_that_takes_no_more_is_unavailable_and_heals() {
    if let Some(database) = victim() {
        return talk_against_a_limit(&database);
    }
    let talk = Talk::new();
    let (mut child, lines) = start("a_disk_that_takes_no_more_is_unavailable_and_heals", &talk.database());
    let said: Vec<String> = lines.map(|line| line.unwrap()).collect();
    assert!(child.wait().unwrap().success(), "{said:#?}");
    assert!(said.iter().any(|line| line.contains("healed")), "{said:#?}");
}

/// Says one thing after another and prints each receipt; four talk at once, so that commits share
/// batches.
fn talk_until_killed(database: &Path) {
    let talk = Talk::new();
    let store = open(database).unwrap();
    loop {
        let receipts = talk.wait(async {
            tokio::join!(
                talk.sends(&store, "one"),
                talk.sends(&store, "two"),
                talk.sends(&store, "three"),
                talk.sends(&store, "four")
            )
        });
        let mut out = std::io::stdout().lock();
        for receipt in [receipts.0, receipts.1, receipts.2, receipts.3] {
            let receipt = receipt.unwrap();
            writeln!(out, "receipt {} {}", receipt.id, receipt.pos).unwrap();
        }
        out.flush().unwrap();
    }
}

/// Writes until no file of this process may grow any more, looks whether reading goes on, and
/// writes again when it may.
fn talk_against_a_limit(database: &Path) {
    let talk = Talk::new();
    let store = open(database).unwrap();
    let words = "x".repeat(9000);
    let mut acked = Vec::new();
    acked.push(talk.says(&store, &words).unwrap().id);
    limit_files("1000000");
    let refused = loop {
        match talk.says(&store, &words) {
            Ok(receipt) => acked.push(receipt.id),
            Err(error) => break error,
        }
        assert!(acked.len() < 2000, "the limit does not hold");
    };
    assert_eq!(refused.class(), Class::Later, "{refused:?}");
    let ids = |talk: &Talk| talk.messages(&store).iter().map(|message| message.id).collect::<Vec<_>>();
    assert_eq!(ids(&talk), acked, "reads go on, and what was refused is not there");
    limit_files("unlimited");
    talk.wait(store.check()).unwrap();
    acked.push(talk.says(&store, &words).unwrap().id);
    assert_eq!(ids(&talk), acked);
    drop(store);
    let store = open(database).unwrap();
    let kept: Vec<_> = talk.messages(&store).iter().map(|message| message.id).collect();
    assert_eq!(kept, acked);
    println!("healed");
}

/// How large the files of this process may become.
fn limit_files(bytes: &str) {
    let own = std::process::id().to_string();
    let status =
        Command::new("prlimit").args(["--pid", &own, &format!("--fsize={bytes}:unlimited")]).status();
    assert!(status.unwrap().success());
}

/// The database that this process was started for, when it is the one to suffer.
fn victim() -> Option<PathBuf> {
    env::var_os(VICTIM).map(PathBuf::from)
}

/// Starts this test once more. The shell lets it ignore the signal about files that grow too large.
fn start(test: &str, database: &Path) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(VICTIM, database)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

/// The next receipt that the victim prints.
fn receipt(lines: &mut Lines<BufReader<ChildStdout>>) -> Option<(String, i64)> {
    loop {
        let line = lines.next()?.ok()?;
        if let Some(rest) = line.strip_prefix("receipt ") {
            // A line that was cut off by death tells nothing.
            let (id, pos) = rest.split_once(' ')?;
            return Some((id.to_owned(), pos.parse().ok()?));
        }
    }
}
