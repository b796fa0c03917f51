//! Who hears whom on the floor: rooms by the bytes of their id.

use memchr::memmem;
use std::collections::HashMap;

/// Rooms are named by an index, so that a chat looks nothing up.
#[derive(Debug, Default)]
pub struct Rooms {
    by_id: HashMap<Box<[u8]>, usize>,
    members: Vec<Vec<usize>>,
}

impl Rooms {
    /// The room whose id stands in the request's `roomid`; `None` when there is none.
    pub fn find_or_make(&mut self, request: &[u8]) -> Option<usize> {
        const FIELD: &[u8] = b"\"roomid\":\"";
        let id = &request[memmem::find(request, FIELD)? + FIELD.len()..];
        let id = &id[..memchr::memchr(b'"', id)?];
        if let Some(room) = self.by_id.get(id) {
            return Some(*room);
        }
        self.by_id.insert(id.into(), self.members.len());
        self.members.push(Vec::new());
        Some(self.members.len() - 1)
    }

    pub fn enter(&mut self, room: usize, connection: usize) {
        if !self.members[room].contains(&connection) {
            self.members[room].push(connection);
        }
    }

    pub fn leave(&mut self, room: usize, connection: usize) {
        self.members[room].retain(|member| *member != connection);
    }

    pub fn members(&self, room: usize) -> &[usize] {
        &self.members[room]
    }
}
