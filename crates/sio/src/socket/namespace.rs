//! Who is in a namespace, and in which rooms.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::handler::Handler;
use super::socket::Socket;

/// Rooms are spread over this many locks.
const SHARDS: usize = 32;

/// The name of a namespace, kept with each ack.
pub(crate) type NamespaceName = Arc<str>;

pub(crate) struct Namespace<H: Handler> {
    name: NamespaceName,
    everybody: Room<H>,
    shards: [Shard<H>; SHARDS],
}

/// By name, which each room shares with its key.
type Shard<H> = RwLock<HashMap<Arc<str>, Arc<Room<H>>>>;

/// Sockets that get the same events. Exists as long as there is anybody in it.
pub(crate) struct Room<H: Handler> {
    name: Arc<str>,
    members: RwLock<HashMap<u64, Socket<H>, BuildHasherDefault<KeyHasher>>>,
}

/// Keys are counted up and so are spread well by a multiplication.
#[derive(Default)]
pub(crate) struct KeyHasher(u64);

impl<H: Handler> Namespace<H> {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            everybody: Room::new(""),
            shards: std::array::from_fn(|_| RwLock::default()),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn shared_name(&self) -> NamespaceName {
        Arc::clone(&self.name)
    }

    pub fn everybody(&self) -> &Room<H> {
        &self.everybody
    }

    pub fn room(&self, name: &str) -> Option<Arc<Room<H>>> {
        read(self.shard(name)).get(name).cloned()
    }

    /// Members change under the lock of their room's shard, so that an empty room can be taken away safely.
    pub fn join(&self, name: &str, socket: &Socket<H>) -> Arc<Room<H>> {
        let mut shard = write(self.shard(name));
        let room = match shard.get(name) {
            Some(room) => Arc::clone(room),
            None => {
                let room = Arc::new(Room::new(name));
                shard.insert(Arc::clone(&room.name), Arc::clone(&room));
                room
            }
        };
        room.add(socket);
        room
    }

    pub fn leave(&self, room: &Arc<Room<H>>, key: u64) {
        let mut shard = write(self.shard(&room.name));
        if room.remove(key) == 0 {
            shard.remove(&room.name);
            if shard.len() * 4 < shard.capacity() {
                shard.shrink_to_fit();
            }
        }
    }

    fn shard(&self, room: &str) -> &Shard<H> {
        let hash = room.bytes().fold(0u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
        &self.shards[hash as usize % SHARDS]
    }
}

impl<H: Handler> Room<H> {
    fn new(name: &str) -> Self {
        Self { name: name.into(), members: RwLock::default() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn len(&self) -> usize {
        read(&self.members).len()
    }

    pub fn add(&self, socket: &Socket<H>) {
        write(&self.members).insert(socket.0.key, socket.clone());
    }

    /// How many are left.
    pub fn remove(&self, key: u64) -> usize {
        let mut members = write(&self.members);
        members.remove(&key);
        members.len()
    }

    pub fn has(&self, key: u64) -> bool {
        read(&self.members).contains_key(&key)
    }

    /// Calls `each` for everybody. Nothing that `each` does may change the members of a room.
    pub fn for_each(&self, mut each: impl FnMut(&Socket<H>)) {
        for socket in read(&self.members).values() {
            each(socket);
        }
    }
}

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
