//! Companies' desks: routing decided and made durable, several commands in one transaction.

mod line;
mod load;
mod row;
mod session;
mod sql;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use nodechat_domain::error::Error;
use nodechat_domain::model::desk::{Command, Desk, DeskAnswer, Happening, LeftMessage, Past};
use nodechat_domain::model::{ChatId, CompanyId, MessageId, Position, Time};
use nodechat_domain::port::{Answer, DeskFeed, Desks, PastQuery};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::{Books, Stop, Tx, stats};
use line::{Line, Piece};
use session::Kept;

/// The desks over either engine, and who hears of what happens at them.
pub struct DeskBook {
    shared: Arc<Shared>,
    /// Those who work off lines; each ends when its line is empty.
    workers: Mutex<JoinSet<()>>,
}

/// What the workers need.
struct Shared {
    books: Books,
    feed: Arc<dyn DeskFeed>,
    /// A company is here as long as somebody works off its line.
    lines: Mutex<HashMap<CompanyId, Line>>,
    /// Desks as they were left, to be used again if nobody else has changed them.
    kept: Mutex<HashMap<CompanyId, Kept>>,
}

/// Commands of one company that may wait; more are told `Unavailable`.
const MAX_WAITING: usize = 20_000;

impl DeskBook {
    pub fn new(books: Books, feed: Arc<dyn DeskFeed>) -> Self {
        let shared = Shared { books, feed, lines: Mutex::default(), kept: Mutex::default() };
        Self { shared: Arc::new(shared), workers: Mutex::default() }
    }

    /// Waits until every command that was given has been answered.
    pub async fn close(&self) {
        let mut workers =
            std::mem::take(&mut *self.workers.lock().expect("no holder of this lock can panic"));
        while let Some(ended) = workers.join_next().await {
            log_panic(ended);
        }
    }

    fn begin_work(&self, company: CompanyId) {
        let mut workers = self.workers.lock().expect("no holder of this lock can panic");
        while let Some(ended) = workers.try_join_next() {
            log_panic(ended);
        }
        workers.spawn(line::work_off(Arc::clone(&self.shared), company));
    }
}

impl Desks for DeskBook {
    fn route(&self, company: &CompanyId, command: Command, now: Time) -> Answer<'static, DeskAnswer> {
        let (answer, answered) = oneshot::channel();
        let piece = Piece { command, now, answer };
        // In line at once, before the future is first asked: what one caller starts first is done first.
        let is_first = {
            let mut lines = self.shared.lines.lock().expect("no holder of this lock can panic");
            match lines.get_mut(company) {
                Some(line) if line.len() >= MAX_WAITING => {
                    return Box::pin(async { Err(Error::unavailable("too much is waiting for this desk")) });
                }
                Some(line) => {
                    line.push(piece);
                    false
                }
                None => {
                    lines.insert(company.clone(), Line::of(piece));
                    true
                }
            }
        };
        if is_first {
            self.begin_work(company.clone());
        }
        Box::pin(async { answered.await.map_err(|_| Error::unavailable("the desks are closed"))? })
    }

    fn look(&self, company: &CompanyId, now: Time) -> Answer<'_, Desk> {
        let company = company.clone();
        self.shared.books.read(move |tx| {
            let company = company.clone();
            async move {
                let (mut desk, settings) = load::desk(tx, &company).await?;
                desk.open = settings.open_at(now);
                Ok(desk)
            }
            .boxed()
        })
    }

    fn happenings(&self, company: &CompanyId, after: i64, limit: usize) -> Answer<'_, Vec<Happening>> {
        let (company, limit) = (company.clone(), limit as i64);
        self.shared.books.read(move |tx| {
            let params = [(&company).into(), after.into(), limit.into()];
            async move {
                let rows = tx.rows(sql::HAPPENINGS, &params).await?;
                rows.iter().map(row::happening).collect()
            }
            .boxed()
        })
    }

    fn past(&self, query: PastQuery) -> Answer<'_, Vec<Past>> {
        self.shared.books.read(move |tx| {
            let query = query.clone();
            async move { load::past(tx, &query).await }.boxed()
        })
    }

    fn next_due(&self) -> Answer<'_, Option<Time>> {
        self.shared.books.read(|tx| {
            async move {
                let row = tx.row(sql::NEXT_DUE, &[]).await?;
                row.map_or(Ok(None), |row| row.maybe_number(0))
            }
            .boxed()
        })
    }

    fn due(&self, now: Time) -> Answer<'_, Vec<CompanyId>> {
        self.shared.books.read(move |tx| {
            async move {
                let rows = tx.rows(sql::DUE, &[now.into()]).await?;
                rows.iter().map(|row| row.company(0)).collect()
            }
            .boxed()
        })
    }

    fn unsaid(&self, before: Time, limit: usize) -> Answer<'_, Vec<LeftMessage>> {
        self.shared.books.read(move |tx| {
            async move {
                let rows = tx.rows(sql::UNSAID, &[before.into(), (limit as i64).into()]).await?;
                rows.iter().map(row::left_message).collect()
            }
            .boxed()
        })
    }

    fn said(&self, company: &CompanyId, message: MessageId, pos: Option<Position>) -> Answer<'_, ()> {
        let params = [pos.into(), company.into(), message.into()];
        self.shared.books.write(move |tx| {
            let params = params.clone();
            async move { tx.change(sql::SAID, &params).await.map(drop) }.boxed()
        })
    }

    fn left_texts(&self, company: &CompanyId, chats: &[ChatId]) -> Answer<'_, Vec<(ChatId, Box<str>)>> {
        let (company, chats) = (company.clone(), chats.to_vec());
        self.shared.books.read(move |tx| {
            let (company, chats) = (company.clone(), chats.clone());
            async move {
                let mut texts = Vec::new();
                for chat in chats {
                    let rows = tx.rows(sql::LEFT_TEXTS, &[(&company).into(), chat.into()]).await?;
                    for row in rows {
                        texts.extend(row.maybe_text(0)?.map(|text| (chat, text.into())));
                    }
                }
                Ok(texts)
            }
            .boxed()
        })
    }

    fn presences(&self) -> Answer<'_, Vec<(CompanyId, Box<str>)>> {
        self.shared.books.read(|tx| {
            async move {
                let rows = tx.rows(sql::PRESENCES, &[]).await?;
                rows.iter().map(|row| Ok((row.company(0)?, row.text(1)?.into()))).collect()
            }
            .boxed()
        })
    }

    fn forget_happenings(&self, before: Time) -> Answer<'_, u64> {
        self.shared.books.write(move |tx| {
            async move {
                stats::forget_pace(tx, before).await?;
                tx.change(sql::FORGET_HAPPENINGS, &[before.into()]).await
            }
            .boxed()
        })
    }
}

/// Agents, groups or settings of the company have changed, in the transaction that changes them: no node goes by what
/// it remembers.
pub(crate) async fn unsettle(tx: &Tx<'_>, company: &CompanyId) -> Result<(), Stop> {
    tx.change(sql::UNSETTLE, &[company.into()]).await.map(drop)
}

fn log_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a worker of the desks did not end as it should");
    }
}
