//! What grouping is worth: the store alone, without sockets, with many commits in a transaction and with one in each.

use super::Plan;
use crate::error::{Doing as _, Error, Result};
use crate::form::Form;
use crate::history::{Deaf, Random};
use crate::service::Services;
use nodechat_domain::decide;
use nodechat_domain::model::{AccountId, Body, CompanyId, MessageId, Name, RoomId, Sender, Side, Text};
use nodechat_domain::port::{Change, Decision, Rooms, Scope, commit};
use nodechat_store::{postgres, sqlite};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Writers that each wait for their commit before they make the next, each in a room of its own.
pub const WRITERS: usize = 1000;

/// One round of one engine.
#[derive(Debug, Clone, Copy)]
pub struct Commits {
    pub grouped: Flow,
    pub one_each: Flow,
}

#[derive(Debug, Clone, Copy)]
pub struct Flow {
    pub per_second: f64,
    pub per_transaction: f64,
    /// Microseconds of CPU time for each commit, in PostgreSQL.
    pub postgres_us: f64,
}

pub fn commits(plan: &Plan, form: Form, services: &Services) -> Result<Commits> {
    Ok(Commits { grouped: flow(plan, form, services, None)?, one_each: flow(plan, form, services, Some(1))? })
}

fn flow(plan: &Plan, form: Form, services: &Services, max_batch: Option<usize>) -> Result<Flow> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .doing(|| "making a runtime".into())?;
    let flow = runtime.block_on(async {
        let engine = Engine::open(plan, form, services, max_batch).await?;
        let flow = talk(plan, &engine, services)
            .await
            .map_err(|error| Error::Unusable(format!("committing: {error}")));
        engine.close().await;
        flow
    });
    // Whoever has not ended by now has panicked, which has been said.
    runtime.shutdown_background();
    flow
}

enum Engine {
    Sqlite(Arc<sqlite::Store>),
    Postgres(Arc<postgres::Store>),
}

impl Engine {
    async fn open(plan: &Plan, form: Form, services: &Services, max_batch: Option<usize>) -> Result<Self> {
        let unusable = |error: &dyn std::fmt::Display| Error::Unusable(error.to_string());
        if form == Form::Sqlite {
            let file = crate::form::empty(&plan.work.join("commits"))?.join("commits.db");
            let mut options = sqlite::Options::new(file);
            options.max_batch = max_batch.unwrap_or(options.max_batch);
            let store =
                sqlite::Store::open(options, Arc::new(Deaf), &Random).map_err(|error| unusable(&error))?;
            return Ok(Self::Sqlite(Arc::new(store)));
        }
        let mut options = postgres::Options::new(services.postgres.fresh("commits")?);
        options.max_batch = max_batch.unwrap_or(options.max_batch);
        let store = postgres::Store::open(options, Arc::new(Deaf), &Random).await;
        Ok(Self::Postgres(Arc::new(store.map_err(|error| unusable(&error))?)))
    }

    fn rooms(&self) -> Arc<dyn Rooms> {
        match self {
            Self::Sqlite(store) => store.clone(),
            Self::Postgres(store) => store.clone(),
        }
    }

    /// Commits, and the transactions that they shared.
    fn written(&self) -> (u64, u64) {
        match self {
            Self::Sqlite(store) => (store.written().jobs, store.written().batches),
            Self::Postgres(store) => (store.written().jobs, store.written().batches),
        }
    }

    async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

async fn talk(plan: &Plan, engine: &Engine, services: &Services) -> Result<Flow, nodechat_domain::Error> {
    let postgres = || services.postgres.cpu().map_err(nodechat_domain::Error::internal);
    let (acks, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    // All rooms at once, and before anybody writes: one after another, each would wait for a sync of its own.
    let entering: Vec<_> =
        (0..WRITERS).map(|number| tokio::spawn(Writer::enter(engine.rooms(), number))).collect();
    let mut entered = Vec::with_capacity(WRITERS);
    for writer in entering {
        entered.push(writer.await.map_err(nodechat_domain::Error::internal)??);
    }
    let writers: Vec<_> =
        entered.into_iter().map(|writer| tokio::spawn(writer.write(acks.clone(), over.clone()))).collect();
    tokio::time::sleep(plan.warm_up).await;
    let (began, acked, written) = (Instant::now(), acks.load(Ordering::Relaxed), engine.written());
    let used = postgres()?;
    tokio::time::sleep(plan.measure).await;
    let seconds = began.elapsed().as_secs_f64();
    let used = (postgres()? - used).as_secs_f64();
    let (acked, now) = (acks.load(Ordering::Relaxed) - acked, engine.written());
    over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.map_err(nodechat_domain::Error::internal)??;
    }
    Ok(Flow {
        per_second: acked as f64 / seconds,
        per_transaction: (now.0 - written.0) as f64 / (now.1 - written.1) as f64,
        postgres_us: 1e6 * used / acked as f64,
    })
}

struct Writer {
    rooms: Arc<dyn Rooms>,
    room: RoomId,
    sender: Sender,
    body: Body,
}

impl Writer {
    async fn enter(rooms: Arc<dyn Rooms>, number: usize) -> Result<Self, nodechat_domain::Error> {
        let aid = AccountId::parse(&format!("visitor-{number}"))?;
        let room = RoomId::between(&aid, &CompanyId::parse("shop")?);
        let opened = |_: &_| Ok(Decision::one(Change::Opened { visitor_nick: Name::default(), time: 0 }, ()));
        commit(&*rooms, Scope::room(room.clone()), opened).await?;
        let sender = Sender { side: Side::Visitor, aid, mid: Name::default(), nick: Name::default() };
        let body = Body::Text(Text::parse("Hello, is the blue one still there in size 42?")?);
        Ok(Self { rooms, room, sender, body })
    }

    async fn write(self, acks: Arc<AtomicU64>, over: Arc<AtomicBool>) -> Result<(), nodechat_domain::Error> {
        while !over.load(Ordering::Relaxed) {
            let id = MessageId(uuid::Uuid::now_v7());
            let (room, sender, body) = (self.room.clone(), self.sender.clone(), self.body.clone());
            let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
            commit(&*self.rooms, scope, move |snapshot| {
                decide::send(snapshot, &room, &sender, id, &body, 1_700_000_000_000)
            })
            .await?;
            acks.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
