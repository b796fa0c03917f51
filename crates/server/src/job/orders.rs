//! Tells people of their work orders, whichever node changed them: each node reads what is new and tells those it serves.

use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::model::Order;
use nodechat_domain::port::{Bell, Clock, Orders};
use tokio::sync::Notify;

/// After so long it is looked for what other nodes have written.
const LOOK: Duration = Duration::from_secs(1);
/// After so long nothing is new any more.
const FORGET_MS: i64 = 10 * 60_000;
const PAGE: usize = 100;

/// Rung by whoever has changed one on this node: nobody waits for the next look.
#[derive(Debug, Clone, Default)]
pub struct OrderBell(Arc<Notify>);

pub struct OrderTelling {
    pub orders: Arc<dyn Orders>,
    pub clock: Arc<dyn Clock>,
    pub bell: OrderBell,
    /// Whether other nodes write into the same store.
    pub shared: bool,
    /// Tells those whom this node serves.
    pub tell: Box<dyn Fn(&Order) + Send + Sync>,
}

impl Bell for OrderBell {
    fn ring(&self) {
        self.0.notify_one();
    }
}

impl OrderTelling {
    /// Runs until it is dropped. Whoever was not connected when something was new asks for the list.
    pub async fn run(self) {
        let mut seen = None;
        loop {
            let told = self.once(&mut seen).await;
            if let Err(error) = &told {
                tracing::warn!(%error, "people could not be told of their work orders; they will be");
            }
            match (self.shared || told.is_err(), matches!(told, Ok(true))) {
                (_, true) => {}
                (true, false) => {
                    let rung = tokio::time::timeout(LOOK, self.bell.0.notified());
                    // Late or rung: both are a reason to look.
                    let _ = rung.await;
                }
                (false, false) => self.bell.0.notified().await,
            }
        }
    }

    /// Tells a page; whether there may be more. What was written before this node began is not new to anybody.
    async fn once(&self, seen: &mut Option<i64>) -> nodechat_domain::Result<bool> {
        let after = match *seen {
            Some(after) => after,
            None => *seen.insert(self.orders.latest_news().await?),
        };
        let news = self.orders.news(after, PAGE).await?;
        for new in &news {
            (self.tell)(&new.order);
            *seen = Some(new.number);
        }
        if !news.is_empty() {
            self.orders.forget_news(self.clock.now() - FORGET_MS).await?;
        }
        Ok(news.len() == PAGE)
    }
}
