//! Companies' desks: kept, told of, and done what is due at them.

use std::sync::Arc;

use nodechat_domain::app::{Channel, Desk, LeftMessages, Lists, VisitorCards};
use nodechat_domain::port::{Cards, Clock, DeskFeed, Desks as Port, Entropy};
use nodechat_store::DeskBook;

use super::store::Store;
use crate::cluster::Cluster;
use crate::job::due::{self, Alarm, Alarmed};
use crate::job::{Jobs, say_rest};
use crate::socket::{Arrivals, Attendance, DeskEvents, Tellers};

pub struct Desks {
    pub desk: Arc<Desk>,
    pub lists: Arc<Lists>,
    pub left: Arc<LeftMessages>,
    pub cards: Arc<VisitorCards>,
    pub arrivals: Arc<Arrivals>,
    /// Where arrivals are written down.
    shelf: Arc<dyn Cards>,
    book: Arc<DeskBook>,
    alarm: Arc<Alarm>,
}

/// A store of our own tells the sockets itself; one that is shared does by way of what other nodes hear, too.
pub fn build(
    store: &Store,
    channel: &Arc<Channel>,
    cluster: Option<&Arc<Cluster>>,
    events: &Arc<DeskEvents>,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
) -> Desks {
    let feed: Arc<dyn DeskFeed> = match cluster {
        Some(cluster) => cluster.board().clone(),
        None => events.clone(),
    };
    let alarm = Arc::new(Alarm::default());
    let feed = Arc::new(Alarmed { feed, alarm: alarm.clone() });
    let book = Arc::new(DeskBook::new((*store.books).clone(), feed));
    let desk = Arc::new(Desk {
        desks: book.clone(),
        companies: store.companies.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
    });
    if let Some(cluster) = cluster {
        cluster.board().attach(desk.clone());
    }
    let lists =
        Arc::new(Lists { desk: desk.clone(), rooms: store.rooms.clone(), lists: store.books.clone() });
    let left = Arc::new(LeftMessages { channel: channel.clone(), desk: desk.clone() });
    let cards: Arc<dyn Cards> = store.books.clone();
    let visitors = VisitorCards {
        cards: cards.clone(),
        desks: book.clone(),
        rooms: store.rooms.clone(),
        clock: clock.clone(),
    };
    let (visitors, arrivals) = (Arc::new(visitors), Arc::<Arrivals>::default());
    Desks { desk, lists, left, cards: visitors, arrivals, shelf: cards, book, alarm }
}

impl Desks {
    /// For whoever changes what the desks go by.
    pub fn port(&self) -> Arc<dyn Port> {
        self.book.clone()
    }

    pub fn start(
        &self,
        jobs: &mut Jobs,
        clock: &Arc<dyn Clock>,
        attendance: &Arc<Attendance>,
        tellers: Tellers,
    ) {
        jobs.keep(due::run(self.desk.clone(), clock.clone(), self.alarm.clone()));
        jobs.keep(due::forget_old(self.desk.clone()));
        jobs.keep(say_rest(self.left.clone()));
        jobs.keep(self.arrivals.clone().run(self.shelf.clone()));
        jobs.keep(attendance.clone().run(tellers));
    }

    /// Waits until every command that was given has been answered.
    pub async fn close(&self) {
        self.arrivals.close(&*self.shelf).await;
        self.book.close().await;
    }
}
