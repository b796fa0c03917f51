//! Who is there: several tabs are one presence, and a page that loads again was never gone. Agents' presence is a row of
//! their company's desk; everybody's is told to those who hear a room with them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use nodechat_domain::Error;
use nodechat_domain::app::Desk;
use nodechat_domain::model::{Person, RoomId, Side};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::connected::{Sockets, personal_room};
use super::desk_events::DeskEvents;
use crate::cluster::{Aside, Cluster, Who};

/// How long somebody is not yet gone who is gone: a page that loads again needs this long at most.
const BLINK: Duration = Duration::from_millis(1500);

/// After which a store that did not answer is asked again.
const AGAIN: Duration = Duration::from_millis(250);

/// People whose coming and going is told at once.
const AT_ONCE: usize = 256;

/// How often it is forgotten who is known from rooms that nobody hears any more.
const TIDY: Duration = Duration::from_secs(60);

pub struct Attendance {
    /// The name of this run of this node.
    node: Box<str>,
    state: Mutex<State>,
    changed: Notify,
    /// Agents whose coming has been written down, or was not.
    settled: Notify,
    /// In which rooms that are heard here somebody is known. A company's own visitors are in none but their own.
    known: Mutex<HashMap<String, HashSet<RoomId>>>,
}

/// What it is that attendance is told with.
#[derive(Clone)]
pub struct Tellers {
    pub desk: Arc<Desk>,
    pub sockets: Arc<Sockets>,
    pub events: Arc<DeskEvents>,
    pub cluster: Option<Arc<Cluster>>,
}

#[derive(Default)]
struct State {
    people: HashMap<String, Attending>,
    /// Those about whom something may have to be said.
    changed: HashSet<String>,
}

struct Attending {
    person: Arc<Person>,
    sockets: usize,
    /// It was said that this person is here.
    said: bool,
    /// When the last socket went.
    left: Option<Instant>,
}

enum Turn {
    Came(String, Arc<Person>),
    Went(String, Arc<Person>),
}

impl Attendance {
    pub fn new(node: Box<str>) -> Self {
        Self {
            node,
            state: Mutex::default(),
            changed: Notify::new(),
            settled: Notify::new(),
            known: Mutex::default(),
        }
    }

    /// One more socket of this person.
    pub fn came(&self, person: &Arc<Person>) {
        let key = key(person);
        let mut state = self.lock();
        let State { people, changed } = &mut *state;
        match people.entry(key.clone()) {
            Entry::Occupied(mut known) => {
                let attending = known.get_mut();
                attending.sockets += 1;
                attending.left = None;
                attending.person = person.clone();
                if attending.said {
                    return;
                }
            }
            Entry::Vacant(new) => {
                new.insert(Attending { person: person.clone(), sockets: 1, said: false, left: None });
            }
        }
        changed.insert(key);
        drop(state);
        self.changed.notify_one();
    }

    /// One socket less.
    pub fn went(&self, person: &Person) {
        let key = key(person);
        let mut state = self.lock();
        let Some(attending) = state.people.get_mut(&key) else { return };
        attending.sockets -= 1;
        if attending.sockets == 0 {
            attending.left = Some(Instant::now());
            state.changed.insert(key);
            drop(state);
            self.changed.notify_one();
        }
    }

    /// Waits until the desk knows that this agent is here.
    pub async fn settled(&self, agent: &Person) {
        let key = key(agent);
        loop {
            let settled = self.settled.notified();
            if self.lock().people.get(&key).is_none_or(|attending| attending.said) {
                return;
            }
            settled.await;
        }
    }

    /// Somebody is known to be a member of a room that is heard here.
    pub fn knows(&self, room: &RoomId, who: &Who) {
        if is_own_visitor(who) {
            return;
        }
        let key = personal_room(&who.realm, who.side, &who.aid);
        self.known().entry(key).or_default().insert(room.clone());
    }

    /// Says again of everybody that they are here.
    pub fn say_again(&self) {
        let mut state = self.lock();
        let State { people, changed } = &mut *state;
        for (key, attending) in people {
            if attending.person.side == Side::Agent {
                attending.said = false;
                changed.insert(key.clone());
            }
        }
        drop(state);
        self.changed.notify_one();
    }

    /// The rooms that are heard here and in which this person is known.
    pub fn rooms_of(&self, who: &Who) -> Vec<RoomId> {
        let known = self.known();
        let rooms = known.get(&personal_room(&who.realm, who.side, &who.aid));
        rooms.into_iter().flatten().cloned().collect()
    }

    /// Says who comes and goes; until it is dropped.
    pub async fn run(self: Arc<Self>, tellers: Tellers) {
        let mut tidied = Instant::now();
        loop {
            let (turns, next) = self.turns();
            if turns.is_empty() {
                let until = next.unwrap_or_else(|| Instant::now() + TIDY);
                tokio::select! {
                    () = self.changed.notified() => {}
                    () = tokio::time::sleep_until(until) => {}
                }
            } else if !self.say(&tellers, turns).await {
                tokio::time::sleep(AGAIN).await;
            }
            if tidied.elapsed() >= TIDY {
                tidied = Instant::now();
                self.tidy(&tellers);
            }
        }
    }

    /// Who has come or gone and was not spoken of; else when the next one counts as gone.
    fn turns(&self) -> (Vec<Turn>, Option<Instant>) {
        let now = Instant::now();
        let mut state = self.lock();
        let State { people, changed } = &mut *state;
        let (mut turns, mut next) = (Vec::new(), None::<Instant>);
        changed.retain(|key| {
            let Some(attending) = people.get(key) else { return false };
            if turns.len() == AT_ONCE {
                return true;
            }
            match (attending.said, attending.left) {
                (true, None) => false,
                (false, None) => {
                    turns.push(Turn::Came(key.clone(), attending.person.clone()));
                    true
                }
                (false, Some(_)) => {
                    people.remove(key);
                    false
                }
                (true, Some(left)) if left + BLINK <= now => {
                    turns.push(Turn::Went(key.clone(), attending.person.clone()));
                    true
                }
                (true, Some(left)) => {
                    next = Some(next.map_or(left + BLINK, |next| next.min(left + BLINK)));
                    true
                }
            }
        });
        (turns, next)
    }

    /// Whether all of it could be said.
    async fn say(&self, tellers: &Tellers, turns: Vec<Turn>) -> bool {
        let written = join_all(turns.iter().map(|turn| self.write(tellers, turn))).await;
        let mut told = Vec::new();
        {
            let mut state = self.lock();
            for (turn, written) in turns.into_iter().zip(&written) {
                if !written {
                    continue;
                }
                let (key, person, online) = match turn {
                    Turn::Came(key, person) => (key, person, true),
                    Turn::Went(key, person) => (key, person, false),
                };
                let State { people, changed } = &mut *state;
                let Some(attending) = people.get_mut(&key) else { continue };
                attending.said = online;
                if online {
                    // Whoever has gone meanwhile is looked at again.
                    if attending.left.is_none() {
                        changed.remove(&key);
                    }
                } else if attending.left.is_some() {
                    people.remove(&key);
                    changed.remove(&key);
                }
                told.push((key, person, online));
            }
        }
        self.settled.notify_waiters();
        let keys: Vec<String> = told.iter().map(|(key, ..)| key.clone()).collect();
        let elsewhere = tellers.sockets.elsewhere(&keys).await;
        for ((_, person, online), elsewhere) in told.into_iter().zip(elsewhere) {
            if !elsewhere {
                self.tell(tellers, &person, online);
            }
        }
        written.iter().all(|written| *written)
    }

    /// An agent's presence is a row. `false`: not yet.
    async fn write(&self, tellers: &Tellers, turn: &Turn) -> bool {
        let desk = &tellers.desk;
        let written = match turn {
            Turn::Came(_, person) if person.side == Side::Agent => desk.came(person, &self.node).await,
            Turn::Went(_, person) if person.side == Side::Agent => desk.went(person, &self.node).await,
            _ => return true,
        };
        match written {
            Ok(()) => true,
            Err(Error::Unavailable { .. }) => false,
            Err(error) => {
                tracing::error!(%error, "the desk refused to note down who is here");
                true
            }
        }
    }

    fn tell(&self, tellers: &Tellers, person: &Person, online: bool) {
        let who = Who { realm: person.realm.clone(), side: person.side, aid: person.aid.clone() };
        match (&who.realm, is_own_visitor(&who)) {
            (nodechat_domain::model::Realm::Company(company), true) => {
                let room = RoomId::between(&who.aid, company);
                tellers.events.present(&room, &who, online);
                if let Some(cluster) = &tellers.cluster {
                    cluster.aside(&room, &Aside::Presence { online });
                }
            }
            _ => {
                self.tell_known(&tellers.events, &who, online);
                if let Some(cluster) = &tellers.cluster {
                    cluster.board().say_presence(&who, online);
                }
            }
        }
    }

    /// To those who hear a room here in which this person is known.
    pub fn tell_known(&self, events: &DeskEvents, who: &Who, online: bool) {
        for room in self.rooms_of(who) {
            events.present(&room, who, online);
        }
    }

    fn tidy(&self, tellers: &Tellers) {
        let mut known = self.known();
        known.retain(|_, rooms| {
            rooms.retain(|room| tellers.events.is_heard(room));
            !rooms.is_empty()
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, HashSet<RoomId>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its one room has a name that can be made from it.
fn is_own_visitor(who: &Who) -> bool {
    who.side == Side::Visitor && matches!(who.realm, nodechat_domain::model::Realm::Company(_))
}

fn key(person: &Person) -> String {
    personal_room(&person.realm, person.side, &person.aid)
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{AccountId, CompanyId, Name, Realm};

    use super::*;

    fn bob() -> Arc<Person> {
        Arc::new(Person {
            side: Side::Agent,
            realm: Realm::Company(CompanyId::parse("c1").unwrap()),
            aid: AccountId::parse("bob").unwrap(),
            mid: Name::default(),
            account: Name::default(),
            nick: Name::default(),
            attributes: None,
        })
    }

    /// What has to be said, and then counts as said.
    fn said(attendance: &Attendance) -> Vec<bool> {
        let (turns, _) = attendance.turns();
        let mut state = attendance.lock();
        let came = turns.into_iter().map(|turn| match turn {
            Turn::Came(key, _) => {
                state.people.get_mut(&key).unwrap().said = true;
                true
            }
            Turn::Went(key, _) => {
                state.people.remove(&key);
                false
            }
        });
        came.collect()
    }

    #[tokio::test(start_paused = true)]
    async fn two_tabs_are_one_presence_and_a_reload_is_none() {
        let (attendance, bob) = (Attendance::new("n".into()), bob());
        attendance.came(&bob);
        attendance.came(&bob);
        assert_eq!(said(&attendance), [true]);
        attendance.went(&bob);
        assert!(said(&attendance).is_empty());
        attendance.went(&bob);
        assert!(said(&attendance).is_empty());
        tokio::time::advance(BLINK / 2).await;
        attendance.came(&bob);
        tokio::time::advance(BLINK).await;
        assert!(said(&attendance).is_empty());
        attendance.went(&bob);
        tokio::time::advance(BLINK).await;
        assert_eq!(said(&attendance), [false]);
        attendance.came(&bob);
        assert_eq!(said(&attendance), [true]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_before_anybody_was_told_was_never_here() {
        let (attendance, bob) = (Attendance::new("n".into()), bob());
        attendance.came(&bob);
        attendance.went(&bob);
        assert!(said(&attendance).is_empty());
        assert!(attendance.lock().people.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_others_have_forgotten_is_said_again() {
        let (attendance, bob) = (Attendance::new("n".into()), bob());
        attendance.came(&bob);
        assert_eq!(said(&attendance), [true]);
        attendance.say_again();
        assert_eq!(said(&attendance), [true]);
    }
}
