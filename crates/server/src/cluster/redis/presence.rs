//! Who is connected to which node: a lease for each node that runs out by itself, and for each person the nodes.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
use redis::{RedisResult, cmd};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::session::Session;

/// Within which a node that has died is known to be gone.
const LEASE: Duration = Duration::from_secs(5);

/// What is said of a person outlives a node that could not take it back by this time at most.
const SAID: Duration = Duration::from_secs(3600);

/// How often it is said again.
const AGAIN: Duration = Duration::from_secs(1200);

/// How long a look at another node's lease serves.
const LOOK: Duration = Duration::from_secs(1);

/// People whose state is said at once.
const AT_ONCE: usize = 256;

pub struct Presence {
    /// This run of this node.
    node: Box<str>,
    people: Mutex<People>,
    changed: Notify,
    leases: Mutex<HashMap<String, (bool, Instant)>>,
}

#[derive(Default)]
struct People {
    /// Connections of each.
    here: HashMap<Box<str>, usize>,
    /// Those who came or went, or have to be said again.
    changed: HashSet<Box<str>>,
}

impl Presence {
    pub fn new(node: Box<str>) -> Self {
        Self { node, people: Mutex::default(), changed: Notify::new(), leases: Mutex::default() }
    }

    /// One more connection of this person.
    pub fn came(&self, person: &str) {
        let mut people = self.people();
        let count = people.here.entry(person.into()).or_insert(0);
        *count += 1;
        if *count == 1 {
            people.changed.insert(person.into());
            drop(people);
            self.changed.notify_one();
        }
    }

    /// One connection less.
    pub fn went(&self, person: &str) {
        let mut people = self.people();
        let Some(count) = people.here.get_mut(person) else { return };
        *count -= 1;
        if *count == 0 {
            people.here.remove(person);
            people.changed.insert(person.into());
            drop(people);
            self.changed.notify_one();
        }
    }

    /// Says everything again: Redis may have forgotten it.
    pub fn say_all(&self) {
        let mut people = self.people();
        let People { here, changed } = &mut *people;
        changed.extend(here.keys().cloned());
        drop(people);
        self.changed.notify_one();
    }

    /// Says that this node lives; whether Redis remembers that it did.
    pub async fn renew(&self, session: &Session, prefix: &str) -> RedisResult<bool> {
        let lease = lease_key(prefix, &self.node);
        let mut renew = cmd("SET");
        renew.arg(lease).arg(1).arg("PX").arg(LEASE.as_millis() as u64).arg("GET");
        Ok(session.ask::<Option<String>>(&renew).await?.is_some())
    }

    /// Nobody is here any more.
    pub async fn give_up(&self, session: &Session, prefix: &str) -> RedisResult<()> {
        session.ask(cmd("DEL").arg(lease_key(prefix, &self.node))).await
    }

    /// Says who comes and goes; ends with the session.
    pub async fn follow(&self, session: &Session, prefix: &str) -> RedisResult<()> {
        let mut again = tokio::time::interval(AGAIN);
        // The first tick comes at once.
        again.tick().await;
        loop {
            while self.step(session, prefix).await? {}
            tokio::select! {
                () = self.changed.notified() => {}
                _ = again.tick() => self.say_all(),
            }
        }
    }

    /// Whether there was anything to say.
    async fn step(&self, session: &Session, prefix: &str) -> RedisResult<bool> {
        let some: Vec<(Box<str>, bool)> = {
            let mut people = self.people();
            let some: Vec<Box<str>> = people.changed.iter().take(AT_ONCE).cloned().collect();
            some.into_iter()
                .map(|person| {
                    people.changed.remove(&person);
                    let here = people.here.contains_key(&person);
                    (person, here)
                })
                .collect()
        };
        let each = some.iter().map(|(person, here)| self.say(session, prefix, person, *here));
        try_join_all(each).await?;
        Ok(!some.is_empty())
    }

    async fn say(&self, session: &Session, prefix: &str, person: &str, here: bool) -> RedisResult<()> {
        let key = person_key(prefix, person);
        if !here {
            return session.ask(cmd("SREM").arg(key).arg(&*self.node)).await;
        }
        session.ask::<()>(cmd("SADD").arg(&key).arg(&*self.node)).await?;
        session.ask(cmd("EXPIRE").arg(key).arg(SAID.as_secs())).await
    }

    /// Which of these people are connected to another node that lives.
    pub async fn elsewhere(
        &self,
        session: &Session,
        prefix: &str,
        people: &[String],
    ) -> RedisResult<Vec<bool>> {
        let nodes = people.iter().map(|person| {
            let key = person_key(prefix, person);
            async move { session.ask::<Vec<String>>(cmd("SMEMBERS").arg(key)).await }
        });
        let nodes = try_join_all(nodes).await?;
        let found = nodes.iter().map(|nodes| async move {
            let others = nodes.iter().filter(|node| **node != *self.node);
            let live = join_all(others.map(|node| self.lives(session, prefix, node))).await;
            live.into_iter().collect::<RedisResult<Vec<bool>>>().map(|live| live.contains(&true))
        });
        try_join_all(found).await
    }

    async fn lives(&self, session: &Session, prefix: &str, node: &str) -> RedisResult<bool> {
        let known = self.leases().get(node).copied();
        if let Some((lives, _)) = known.filter(|(_, at)| at.elapsed() < LOOK) {
            return Ok(lives);
        }
        let lives = session.ask::<bool>(cmd("EXISTS").arg(lease_key(prefix, node))).await?;
        let mut leases = self.leases();
        leases.retain(|_, (_, at)| at.elapsed() < LOOK);
        leases.insert(node.to_owned(), (lives, Instant::now()));
        Ok(lives)
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leases(&self) -> MutexGuard<'_, HashMap<String, (bool, Instant)>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lease_key(prefix: &str, node: &str) -> String {
    format!("{prefix}:node:{node}")
}

fn person_key(prefix: &str, person: &str) -> String {
    format!("{prefix}:who:{person}")
}
