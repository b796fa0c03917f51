//! The promise of deliveries, tried with any order of events: each room in order, each message once, none left out.

use std::sync::Arc;

use nodechat_domain::port::{Change, Feed as _};
use proptest::prelude::*;
use tokio::task::JoinSet;

use super::cursor::Reach;
use super::deliveries::Deliveries;
use super::outbox::Outbox;
use super::publication;
use super::reader::Reader;
use super::stage::{ROOMS, Told, Truth, room};
use super::wants::Wants;
use crate::metrics::Metrics;

/// What happens next, to one of the rooms.
#[derive(Debug, Clone)]
enum Event {
    /// Somebody says something on this node.
    SaysHere,
    /// On another node: it is committed; the publication is under way.
    SaysThere,
    /// Somebody reads as far as there is, here or there.
    Reads {
        here: bool,
        agent: bool,
    },
    /// Somebody takes something back, or an agent notes something down, here or there.
    Recalls {
        here: bool,
    },
    Notes {
        here: bool,
    },
    /// One of the publications under way arrives, and stays under way when it comes twice.
    Arrives {
        which: usize,
        again: bool,
    },
    /// One of them is lost.
    Lost {
        which: usize,
    },
    /// A listener joins, having seen the room as it is.
    Joins,
    /// The store did not say whether something was committed.
    Unsure,
    Sweep,
    /// Those who read have some time.
    Rest,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => Just(Event::SaysHere),
        4 => Just(Event::SaysThere),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(here, agent)| Event::Reads { here, agent }),
        1 => any::<bool>().prop_map(|here| Event::Recalls { here }),
        1 => any::<bool>().prop_map(|here| Event::Notes { here }),
        6 => (any::<usize>(), prop::bool::weighted(0.2)).prop_map(|(which, again)| Event::Arrives { which, again }),
        2 => any::<usize>().prop_map(|which| Event::Lost { which }),
        1 => Just(Event::Joins),
        1 => Just(Event::Unsure),
        1 => Just(Event::Sweep),
        2 => Just(Event::Rest),
    ]
}

struct Play {
    truth: Arc<Truth>,
    told: Arc<Told>,
    wants: Arc<Wants>,
    deliveries: Arc<Deliveries>,
    under_way: Vec<(usize, Vec<u8>)>,
    _readers: JoinSet<()>,
}

impl Play {
    fn new() -> Self {
        let metrics = Arc::new(Metrics::default());
        let (truth, told, wants) = (Arc::<Truth>::default(), Arc::<Told>::default(), Arc::<Wants>::default());
        let outbox = Arc::new(Outbox::new(metrics.clone()));
        let deliveries = Deliveries::new("here".into(), told.clone(), outbox, wants.clone(), metrics.clone());
        let deliveries = Arc::new(deliveries);
        let mut readers = JoinSet::new();
        let reader =
            Reader { rooms: truth.clone(), deliveries: deliveries.clone(), wants: wants.clone(), metrics };
        reader.start(&mut readers);
        for number in 0..ROOMS {
            deliveries.listen(&room(number));
        }
        Self { truth, told, wants, deliveries, under_way: Vec::new(), _readers: readers }
    }

    async fn happens(&mut self, event: Event, number: usize) {
        let room = room(number);
        match event {
            Event::SaysHere => {
                let change = self.truth.says(number);
                self.deliveries.committed(&room, &[change]);
            }
            Event::SaysThere => {
                let change = self.truth.says(number);
                self.publishes(number, change);
            }
            Event::Reads { here, agent } => match self.truth.reads(number, agent) {
                Some(change) if here => self.deliveries.committed(&room, &[change]),
                Some(change) => self.publishes(number, change),
                None => {}
            },
            Event::Recalls { here } => match self.truth.recalls_one(number) {
                Some(change) if here => self.deliveries.committed(&room, &[change]),
                Some(change) => self.publishes(number, change),
                None => {}
            },
            Event::Notes { here } => match self.truth.notes_one(number) {
                change if here => self.deliveries.committed(&room, &[change]),
                change => self.publishes(number, change),
            },
            Event::Arrives { which, again } if !self.under_way.is_empty() => {
                let which = which % self.under_way.len();
                let (number, json) = self.under_way[which].clone();
                if !again {
                    self.under_way.remove(which);
                }
                self.deliveries.published(&super::stage::room(number), &json);
            }
            Event::Lost { which } if !self.under_way.is_empty() => {
                self.under_way.remove(which % self.under_way.len());
            }
            Event::Arrives { .. } | Event::Lost { .. } => {}
            Event::Joins => self.joins(number),
            Event::Unsure => self.deliveries.unsure(&room),
            Event::Sweep => self.wants.sweep(),
            Event::Rest => rest().await,
        }
    }

    fn publishes(&mut self, number: usize, change: Change) {
        self.under_way.push((number, publication::write("there", &[change]).unwrap()));
    }

    fn joins(&self, number: usize) {
        let head = self.truth.head(number);
        self.told.0.lock().unwrap()[number].from.get_or_insert(Reach::from(&head));
        self.deliveries.seen(&head);
    }

    /// At last everything is seen by a sweep, whatever was lost.
    async fn ends(self) -> Result<(), TestCaseError> {
        for number in 0..ROOMS {
            self.joins(number);
        }
        self.wants.sweep();
        for _ in 0..20 {
            rest().await;
        }
        for number in 0..ROOMS {
            let head = self.truth.head(number);
            let listener = self.told.0.lock().unwrap()[number].clone();
            let from = listener.from.unwrap();
            let marks = [from.reads.visitor, from.reads.agent];
            prop_assert_eq!(&listener.positions, &(from.next..head.next_pos).collect::<Vec<_>>());
            prop_assert_eq!(&listener.recalls, &(from.recalls..head.recalls).collect::<Vec<_>>());
            prop_assert_eq!(&listener.notes, &(from.notes..head.notes).collect::<Vec<_>>());
            for (side, told) in listener.marks.iter().enumerate() {
                prop_assert!(told.is_sorted_by(|a, b| a < b), "marks move forward: {:?}", told);
                prop_assert!(told.first().is_none_or(|first| *first > marks[side]));
                let last = told.last().copied().unwrap_or(marks[side]);
                prop_assert_eq!(last, [head.reads.visitor, head.reads.agent][side]);
            }
        }
        Ok(())
    }
}

/// The clock stands still but for this.
async fn rest() {
    tokio::time::sleep(std::time::Duration::from_millis(40)).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_listener_is_told_everything_once_in_order_whatever_is_lost_late_or_doubled(
        events in prop::collection::vec((event(), 0..ROOMS), 1..120)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut play = Play::new();
            for (event, number) in events {
                play.happens(event, number).await;
            }
            play.ends().await
        })?;
    }
}
