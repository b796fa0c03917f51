//! A thousand random days at companies' desks, on two nodes that are started again and again.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nodechat_domain::port::{Entropy, Feed};
use nodechat_store::conformance::{self, Engine, Ports, Step};
use nodechat_store::sqlite::{Options, Store};

#[test]
fn a_thousand_random_days_keep_every_promise() {
    let limit = Duration::from_secs(900);
    conformance::run_within(limit, Sqlite::new(), async |stage| {
        conformance::days::random_days(stage, 1_000, 25).await;
    });
}

/// In memory where there is such a place: it is the decisions that are tested here, not the disk.
struct Sqlite {
    folder: tempfile::TempDir,
    open: Mutex<Option<Arc<Store>>>,
}

impl Sqlite {
    fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        Self { folder, open: Mutex::new(None) }
    }
}

impl Engine for Sqlite {
    fn open(&self, feed: Arc<dyn Feed>) -> Step<'_, Arc<dyn Ports>> {
        Box::pin(async move {
            let options = Options::new(self.folder.path().join("days.db"));
            let store = Arc::new(Store::open(options, feed, &Random).unwrap());
            *self.open.lock().unwrap() = Some(store.clone());
            store as Arc<dyn Ports>
        })
    }

    fn close(&self) -> Step<'_, ()> {
        Box::pin(async move {
            let store = self.open.lock().unwrap().take().expect("it was opened");
            store.close().await;
        })
    }

    fn backup(&self) -> Step<'_, ()> {
        Box::pin(async { panic!("no backup is taken of these days") })
    }

    fn restore(&self) -> Step<'_, ()> {
        Box::pin(async { panic!("no backup was taken of these days") })
    }
}

struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
