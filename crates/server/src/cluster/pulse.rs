//! The heartbeat of this node in the store, and what it concludes from those of the others.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::model::Person;
use nodechat_domain::port::{Beat, Connected, Nodes, Other, Round};
use tokio::time::{Instant, MissedTickBehavior};

use super::board::Board;
use super::outbox::Outbox;
use super::wants::Wants;
use crate::metrics::Metrics;

/// Twice this is how late at most something lost is looked for, and an ending reaches another node.
const PERIOD: Duration = Duration::from_millis(500);

/// A node that says nothing for longer may have died with something unpublished. So may we have missed something when
/// the store did not answer us for longer.
const SILENT: Duration = Duration::from_secs(2);

/// A node that says nothing for longer serves nobody any more. Longer than [`SILENT`], so that one that lives has
/// noticed by itself that it was not heard when others conclude this.
const GONE: Duration = Duration::from_secs(5);

pub struct Pulse {
    pub node: Box<str>,
    pub nodes: Arc<dyn Nodes>,
    pub outbox: Arc<Outbox>,
    pub wants: Arc<Wants>,
    pub connected: Arc<dyn Connected>,
    pub board: Arc<Board>,
    pub metrics: Arc<Metrics>,
}

impl Pulse {
    /// Works until it is dropped. The first beat has been made by [`Pulse::once`].
    pub async fn run(self, mut judge: Judge) {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // A failure is in the metrics, and every request that needs the store says it louder.
            let _away = self.once(&mut judge).await;
        }
    }

    pub async fn once(&self, judge: &mut Judge) -> nodechat_domain::Result<()> {
        let beat = Beat { node: self.node.clone(), unpublished: self.outbox.unpublished() };
        let round = self.nodes.beat(beat).await;
        self.metrics.beat(round.is_ok(), Instant::now());
        let verdict = judge.hears(
            &round.inspect_err(|error| tracing::debug!(%error, "the store heard no beat"))?,
            Instant::now(),
        );
        if verdict.sweep {
            self.wants.sweep();
        }
        if verdict.unheard {
            self.board.forgotten();
        }
        if let Some(alive) = verdict.alive {
            self.board.alive(alive);
        }
        for person in &verdict.ended {
            self.connected.end_all(person);
        }
        Ok(())
    }
}

/// What was heard last, to see what is new.
#[derive(Default)]
pub struct Judge {
    others: HashMap<Box<str>, Heard>,
    /// Numbers of the endings of the last round: each is obeyed once.
    obeyed: HashSet<i64>,
    last: Option<Instant>,
    /// Those that lived at the last round.
    alive: Option<BTreeSet<Box<str>>>,
}

struct Heard {
    unpublished: u64,
    silent: bool,
}

#[derive(Debug, Default, PartialEq)]
struct Verdict {
    /// Something may have been missed.
    sweep: bool,
    ended: Vec<Person>,
    /// The others may have concluded that this node is gone.
    unheard: bool,
    /// The other nodes that live, when one of them went, and at first.
    alive: Option<Vec<Box<str>>>,
}

impl Judge {
    fn hears(&mut self, round: &Round, now: Instant) -> Verdict {
        let gap = self.last.replace(now).is_some_and(|last| now - last > SILENT);
        let mut others = HashMap::with_capacity(round.others.len());
        let mut lost = false;
        for other in &round.others {
            let silent = Duration::from_millis(other.silent_ms) > SILENT;
            let known = self.others.remove(&other.node);
            lost |= other.unpublished > known.as_ref().map_or(0, |known| known.unpublished);
            lost |= silent && !known.is_some_and(|known| known.silent);
            others.insert(other.node.clone(), Heard { unpublished: other.unpublished, silent });
        }
        // Whoever went without having been silent has said that it goes; not whether its last words arrived.
        let gone = self.others.values().any(|heard| !heard.silent);
        self.others = others;
        let new = round.endings.iter().filter(|ending| !self.obeyed.contains(&ending.number));
        let ended = new.map(|ending| ending.person.clone()).collect();
        self.obeyed = round.endings.iter().map(|ending| ending.number).collect();
        Verdict { sweep: gap || lost || gone, ended, unheard: gap, alive: self.alive(round) }
    }

    fn alive(&mut self, round: &Round) -> Option<Vec<Box<str>>> {
        let lives = |other: &&Other| Duration::from_millis(other.silent_ms) <= GONE;
        let alive: BTreeSet<Box<str>> =
            round.others.iter().filter(lives).map(|other| other.node.clone()).collect();
        let before = self.alive.replace(alive.clone());
        let all_there = before.is_some_and(|before| before.is_subset(&alive));
        (!all_there).then(|| alive.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{AccountId, Name, Realm, Side};
    use nodechat_domain::port::Ending;

    use super::*;

    fn other(node: &str, unpublished: u64, silent_ms: u64) -> Other {
        Other { node: node.into(), unpublished, silent_ms }
    }

    fn round(others: Vec<Other>) -> Round {
        Round { others, endings: Vec::new() }
    }

    /// Whether each round, half a second after the one before, made it sweep.
    fn sweeps(rounds: Vec<Vec<Other>>) -> Vec<bool> {
        let (mut judge, mut now) = (Judge::default(), Instant::now());
        rounds
            .into_iter()
            .map(|others| {
                now += PERIOD;
                judge.hears(&round(others), now).sweep
            })
            .collect()
    }

    #[test]
    fn what_another_could_not_publish_is_looked_for_once() {
        let rounds = vec![
            vec![other("b", 0, 0)],
            vec![other("b", 3, 0)],
            vec![other("b", 3, 0)],
            vec![other("b", 4, 0)],
        ];
        assert_eq!(sweeps(rounds), [false, true, false, true]);
    }

    #[test]
    fn a_node_that_falls_silent_or_goes_is_looked_after_once() {
        let rounds = vec![
            vec![other("b", 0, 400)],
            vec![other("b", 0, 2001)],
            vec![other("b", 0, 2501)],
            vec![other("b", 0, 10)],
            vec![],
            vec![],
        ];
        assert_eq!(sweeps(rounds), [false, true, false, false, true, false]);
        assert_eq!(sweeps(vec![vec![other("b", 0, 9000)], vec![]]), [true, false]);
    }

    #[test]
    fn whoever_could_not_hear_for_long_looks_once() {
        let (mut judge, start) = (Judge::default(), Instant::now());
        assert!(!judge.hears(&round(vec![]), start).sweep);
        assert!(judge.hears(&round(vec![]), start + Duration::from_secs(3)).sweep);
        assert!(!judge.hears(&round(vec![]), start + Duration::from_secs(4)).sweep);
    }

    #[test]
    fn who_lives_is_told_at_first_and_whenever_one_is_gone() {
        let mut judge = Judge::default();
        let mut alive = |others| judge.hears(&round(others), Instant::now()).alive;
        let names = |names: &[&str]| Some(names.iter().map(|name| Box::from(*name)).collect::<Vec<_>>());
        assert_eq!(alive(vec![other("b", 0, 0), other("c", 0, 9000)]), names(&["b"]));
        assert_eq!(alive(vec![other("b", 0, 0), other("c", 0, 0)]), None);
        assert_eq!(alive(vec![other("b", 0, 4000), other("c", 0, 0)]), None);
        assert_eq!(alive(vec![other("b", 0, 5001), other("c", 0, 0)]), names(&["c"]));
        assert_eq!(alive(vec![other("b", 0, 5500)]), names(&[]));
    }

    #[test]
    fn an_ending_is_obeyed_once_however_often_it_is_told() {
        let name = Name::default;
        let ann = Person {
            side: Side::Visitor,
            realm: Realm::Platform,
            aid: AccountId::parse("ann").unwrap(),
            mid: name(),
            account: name(),
            nick: name(),
            attributes: None,
        };
        let ending = |number| Ending { number, person: ann.clone() };
        let mut judge = Judge::default();
        let mut ended = |numbers: &[i64]| {
            let round = Round { others: Vec::new(), endings: numbers.iter().map(|n| ending(*n)).collect() };
            judge.hears(&round, Instant::now()).ended.len()
        };
        assert_eq!([ended(&[5]), ended(&[5, 4]), ended(&[5, 4]), ended(&[4]), ended(&[])], [1, 1, 0, 0, 0]);
    }
}
