//! PostgreSQL keeps the promises of the ports.
//!
//! Each case makes a database of its own on the server that `NODECHAT_TEST_POSTGRES` names.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod server;

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use nodechat_domain::port::Feed;
use nodechat_store::conformance::{Engine, Ports, Step};
use nodechat_store::postgres::Store;
use server::{Database, Random};

nodechat_store::conformance_tests!(crate::Postgres::new());

struct Postgres {
    database: Database,
    folder: tempfile::TempDir,
    open: Mutex<Option<Arc<Store>>>,
    restored: Mutex<bool>,
}

impl Postgres {
    fn new() -> Self {
        Self {
            database: Database::new(),
            folder: tempfile::tempdir().unwrap(),
            open: Mutex::default(),
            restored: Mutex::default(),
        }
    }

    fn copy(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    /// Runs a tool of PostgreSQL on this database, the way its manual tells people to take backups.
    fn tool(&self, program: &str, change: impl FnOnce(&mut Command)) {
        let mut command = Command::new(program);
        change(&mut command);
        let output = command.output().unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Engine for Postgres {
    fn open(&self, feed: Arc<dyn Feed>) -> Step<'_, Arc<dyn Ports>> {
        Box::pin(async move {
            let store = self.database.open(feed.clone()).await;
            let restored = std::mem::take(&mut *self.restored.lock().unwrap());
            let store = if restored {
                // What whoever restores a backup has to do.
                store.renew_epoch(&Random).await.unwrap();
                store.close().await;
                self.database.open(feed).await
            } else {
                store
            };
            let store = Arc::new(store);
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
        Box::pin(async move {
            let (url, copy) = (self.database.url().to_owned(), self.copy());
            let dump = move |command: &mut Command| {
                command.arg("--format=custom").arg("--file").arg(copy).arg("--dbname").arg(url);
            };
            tokio::task::block_in_place(|| self.tool("pg_dump", dump));
        })
    }

    fn restore(&self) -> Step<'_, ()> {
        Box::pin(async move {
            self.database.make_empty().await;
            let (url, copy) = (self.database.url().to_owned(), self.copy());
            let restore = move |command: &mut Command| {
                command.arg("--exit-on-error").arg("--no-owner").arg("--dbname").arg(url).arg(copy);
            };
            tokio::task::block_in_place(|| self.tool("pg_restore", restore));
            *self.restored.lock().unwrap() = true;
        })
    }
}
