//! SQLite keeps the promises of the ports.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use nodechat_domain::port::{Entropy, Feed};
use nodechat_store::conformance::{Engine, Ports, Step};
use nodechat_store::sqlite::{Options, Store};

nodechat_store::conformance_tests!(crate::Sqlite::new());

struct Sqlite {
    folder: tempfile::TempDir,
    open: Mutex<Option<Arc<Store>>>,
}

impl Sqlite {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), open: Mutex::new(None) }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("nodechat.db")
    }

    fn copy(&self) -> PathBuf {
        self.folder.path().join("backup.db")
    }
}

impl Engine for Sqlite {
    fn open(&self, feed: Arc<dyn Feed>) -> Step<'_, Arc<dyn Ports>> {
        Box::pin(async move {
            let store = Arc::new(Store::open(Options::new(self.database()), feed, &Random).unwrap());
            *self.open.lock().unwrap() = Some(store.clone());
            store as Arc<dyn Ports>
        })
    }

    fn close(&self) -> Step<'_, ()> {
        Box::pin(async move {
            let store = self.open.lock().unwrap().take().expect("it was opened");
            store.close().await;
            assert!(!self.folder.path().join("nodechat.db-wal").exists(), "the log was not written back");
        })
    }

    fn backup(&self) -> Step<'_, ()> {
        Box::pin(async move {
            let store = self.open.lock().unwrap().clone().expect("it was opened");
            store.backup(self.copy()).await.unwrap();
        })
    }

    fn restore(&self) -> Step<'_, ()> {
        Box::pin(async move {
            fs::remove_file(self.database()).unwrap();
            fs::rename(self.copy(), self.database()).unwrap();
        })
    }
}

struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
