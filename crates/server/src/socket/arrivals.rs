//! How visitors come: noted down once for each connection, many together, and never on the way of a message. Nothing is
//! promised of it: what cannot be written for long is forgotten before it takes up memory.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nodechat_domain::Error;
use nodechat_domain::model::{AccountId, Arrival, Arrived, CompanyId, Realm, Side};
use nodechat_domain::port::Cards;
use nodechat_sio::Socket;
use tokio::sync::Notify;

use super::Chat;

/// People who are written down in one transaction.
const AT_ONCE: usize = 256;
/// People who wait to be written down.
const WAITING: usize = 20_000;
/// After which a store that did not answer is asked again.
const AGAIN: Duration = Duration::from_secs(1);

type Waiting = BTreeMap<(CompanyId, AccountId), Arrival>;

#[derive(Default)]
pub struct Arrivals {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

/// What a socket of a visitor of the platform still has to tell each company that it turns to. Of its own visitors a
/// company hears at once.
pub struct Untold {
    arrival: Arrival,
    told: HashSet<CompanyId>,
}

impl Arrivals {
    /// Somebody is let in. What is left to be told when it turns to a company.
    pub fn connected(&self, socket: &Socket<Chat>) {
        let visit = socket.data();
        let mut coming = visit.coming.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Side::Visitor, Realm::Company(company)) = (visit.person.side, &visit.person.realm)
            && let Some(untold) = coming.take()
        {
            drop(coming);
            self.note(company, &visit.person.aid, untold.arrival);
        }
    }

    /// A visitor of the platform turns to a company: it hears from where, and which of its pages is open, if the page says
    /// so. It does not hear on which page the connection was opened, which may be another one's.
    pub fn turns_to(
        &self,
        socket: &Socket<Chat>,
        company: &CompanyId,
        page: Option<&str>,
        referrer: Option<&str>,
    ) {
        let visit = socket.data();
        let mut coming = visit.coming.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(untold) = coming.as_mut() else { return };
        if !untold.told.insert(company.clone()) {
            return;
        }
        let (page, referrer) = (Arrival::shortened_address(page), Arrival::shortened_address(referrer));
        let arrival = Arrival { page, referrer, ..untold.arrival.clone() };
        drop(coming);
        self.note(company, &visit.person.aid, arrival);
    }

    /// Writes down who came; until it is dropped.
    pub async fn run(self: Arc<Self>, cards: Arc<dyn Cards>) {
        loop {
            self.changed.notified().await;
            while !self.lock().is_empty() {
                if !self.write(&*cards).await {
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    /// Writes down who is left, when nobody comes any more.
    pub async fn close(&self, cards: &dyn Cards) {
        while !self.lock().is_empty() && self.write(cards).await {}
    }

    fn note(&self, company: &CompanyId, aid: &AccountId, arrival: Arrival) {
        let mut waiting = self.lock();
        let key = (company.clone(), aid.clone());
        if waiting.len() >= WAITING && !waiting.contains_key(&key) {
            return;
        }
        waiting.insert(key, arrival);
        drop(waiting);
        self.changed.notify_one();
    }

    /// `false`: not yet. They wait until they are written: whoever is cut off here loses nobody.
    async fn write(&self, cards: &dyn Cards) -> bool {
        let some: Vec<_> = {
            let waiting = self.lock();
            waiting.iter().take(AT_ONCE).map(|(key, arrival)| (key.clone(), arrival.clone())).collect()
        };
        let people = some.iter().map(|((company, aid), arrival)| Arrived {
            company: company.clone(),
            aid: aid.clone(),
            arrival: arrival.clone(),
        });
        match cards.arrived(people.collect()).await {
            Ok(()) => {}
            Err(Error::Unavailable { .. }) => return false,
            Err(error) => tracing::error!(%error, "how visitors came was not written down"),
        }
        let mut waiting = self.lock();
        for (key, arrival) in some {
            // Unless they came once more meanwhile.
            if waiting.get(&key) == Some(&arrival) {
                waiting.remove(&key);
            }
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Untold {
    pub fn of(arrival: Arrival) -> Box<Self> {
        Box::new(Self { arrival, told: HashSet::new() })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use nodechat_domain::model::{Atype, AuditLine, Card, Tag};
    use nodechat_domain::port::Answer;

    use super::*;

    /// Fails this often, then keeps what it is told.
    #[derive(Default)]
    struct Shelf {
        fails: AtomicU32,
        kept: Mutex<Vec<Vec<Arrived>>>,
    }

    impl Cards for Shelf {
        fn find(&self, _: &CompanyId, _: &AccountId) -> Answer<'_, Option<Card>> {
            unreachable!("no case looks at a card")
        }

        fn arrived(&self, people: Vec<Arrived>) -> Answer<'_, ()> {
            let fails = self.fails.load(Ordering::SeqCst);
            if fails > 0 {
                self.fails.store(fails - 1, Ordering::SeqCst);
                return Box::pin(async { Err(Error::unavailable("away")) });
            }
            self.kept.lock().unwrap().push(people);
            Box::pin(async { Ok(()) })
        }

        fn set_tags(&self, _: &CompanyId, _: &AccountId, _: Vec<Tag>, _: AuditLine) -> Answer<'_, ()> {
            unreachable!("no case sticks tags")
        }
    }

    fn arrival(time: i64) -> Arrival {
        Arrival { atype: Atype::Uweb, browser: None, page: None, referrer: None, address: "::1".into(), time }
    }

    fn came(arrivals: &Arrivals, aid: &str, time: i64) {
        let company = CompanyId::parse("c1").unwrap();
        arrivals.note(&company, &AccountId::parse(aid).unwrap(), arrival(time));
    }

    fn kept(shelf: &Shelf) -> Vec<(String, i64)> {
        let kept = shelf.kept.lock().unwrap();
        kept.iter().flatten().map(|one| (one.aid.to_string(), one.arrival.time)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_comes_is_written_down_when_the_store_is_there_again() {
        let (arrivals, shelf) = (Arc::new(Arrivals::default()), Arc::new(Shelf::default()));
        shelf.fails.store(2, Ordering::SeqCst);
        let running = tokio::spawn(arrivals.clone().run(shelf.clone()));
        came(&arrivals, "ann", 1);
        came(&arrivals, "bob", 2);
        came(&arrivals, "ann", 3);
        while kept(&shelf).len() < 2 {
            tokio::time::advance(AGAIN).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(kept(&shelf), [("ann".into(), 3), ("bob".into(), 2)]);
        assert!(arrivals.lock().is_empty());
        running.abort();
    }

    #[tokio::test]
    async fn who_is_left_at_the_end_is_written_down_in_pieces() {
        let (arrivals, shelf) = (Arrivals::default(), Shelf::default());
        for number in 0..AT_ONCE + 1 {
            came(&arrivals, &format!("v{number}"), 1);
        }
        arrivals.close(&shelf).await;
        assert_eq!(shelf.kept.lock().unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [AT_ONCE, 1]);
    }

    #[tokio::test]
    async fn a_store_that_is_away_holds_nobody_up_for_ever() {
        let (arrivals, shelf) = (Arrivals::default(), Shelf::default());
        shelf.fails.store(9, Ordering::SeqCst);
        came(&arrivals, "ann", 1);
        arrivals.close(&shelf).await;
        assert_eq!(kept(&shelf), []);
        for number in 0..WAITING + 5 {
            came(&arrivals, &format!("v{number}"), 1);
        }
        assert_eq!(arrivals.lock().len(), WAITING);
    }
}
