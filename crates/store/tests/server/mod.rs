//! Databases of a test's own on the PostgreSQL server that the tests are given.

#![allow(dead_code, reason = "each test file uses its part")]

use std::env;
use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::model::RoomId;
use nodechat_domain::port::{Change, Entropy, Feed};
use nodechat_store::postgres::{OpenError, Options, Store};

const SERVER: &str = "NODECHAT_TEST_POSTGRES";

/// A database that is there as long as this lives.
pub struct Database {
    server: String,
    name: String,
    url: String,
}

impl Database {
    pub fn new() -> Self {
        let server = env::var_os(SERVER).and_then(|url| url.into_string().ok()).unwrap_or_else(|| {
            panic!(
                "these tests need a PostgreSQL server: set {SERVER} to the address of one on which databases may be \
                 made, or let one be started: node e2e/harness/services.js -- cargo nextest run -p nodechat-store"
            )
        });
        Self::on(&server)
    }

    /// A new database on this server.
    pub fn on(server: &str) -> Self {
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        apart(&format!("create database {name} template template0 encoding 'UTF8'"), server);
        Self { server: server.to_owned(), url: with_database(server, &name), name }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Few connections, because many tests share the server, and time enough for a busy machine.
    pub fn options(&self) -> Options {
        Options {
            connections: 6,
            lanes: 2,
            time_limit: Duration::from_secs(30),
            ..Options::new(self.url.clone())
        }
    }

    pub async fn open(&self, feed: Arc<dyn Feed>) -> Store {
        Store::open(self.options(), feed, &Random).await.unwrap()
    }

    pub async fn try_open(&self, options: Options) -> Result<Store, OpenError> {
        Store::open(options, Arc::new(Deaf), &Random).await
    }

    /// The same name, and nothing in it.
    pub async fn make_empty(&self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let emptied = tokio::task::spawn_blocking(move || {
            apart(&format!("drop database {name} with (force)"), &server);
            apart(&format!("create database {name} template template0 encoding 'UTF8'"), &server);
        });
        emptied.await.unwrap();
    }

    /// Runs statements on this database, beside any store.
    pub fn run(&self, statements: &str) {
        apart(statements, &self.url);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        apart(&format!("drop database if exists {} with (force)", self.name), &self.server);
    }
}

/// On a thread and in a runtime of its own, because this is also called where there is one already.
pub fn apart(statements: &str, url: &str) {
    let (statements, url) = (statements.to_owned(), url.to_owned());
    let running = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
            let connection = tokio::spawn(connection);
            client.batch_execute(&statements).await.unwrap();
            drop(client);
            connection.await.unwrap().unwrap();
        });
    });
    running.join().expect("the server takes the statements");
}

/// The same address with another database.
fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{}/{name}{query}", &base[..end])
}

pub struct Deaf;

impl Feed for Deaf {
    fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
}

pub struct Random;

impl Entropy for Random {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}
