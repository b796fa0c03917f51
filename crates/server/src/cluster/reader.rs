//! Looks into rooms for what nobody has told: holes, rooms that are in doubt, and now and then all of them.

use std::collections::HashSet;
use std::sync::Arc;

use nodechat_domain::Result;
use nodechat_domain::model::{Position, RoomId};
use nodechat_domain::port::Rooms;
use tokio::task::JoinSet;

use super::deliveries::Deliveries;
use super::wants::Wants;
use crate::metrics::Metrics;

/// Rooms whose holes are read at the same time; the store has other things to do as well.
const AT_ONCE: usize = 4;

/// Rooms whose heads are asked for at once.
const HEADS: usize = 2000;

/// Messages that are read at once.
const PAGE: Position = 100;

/// Recalls, or notes, that are read at once.
const ASIDES: usize = 50;

#[derive(Clone)]
pub struct Reader {
    pub rooms: Arc<dyn Rooms>,
    pub deliveries: Arc<Deliveries>,
    pub wants: Arc<Wants>,
    pub metrics: Arc<Metrics>,
}

impl Reader {
    /// Works until the set is ended.
    pub fn start(&self, tasks: &mut JoinSet<()>) {
        for _ in 0..AT_ONCE {
            let reader = self.clone();
            tasks.spawn(async move { reader.fill().await });
        }
        let reader = self.clone();
        tasks.spawn(async move { reader.settle().await });
        let reader = self.clone();
        tasks.spawn(async move { reader.sweep().await });
    }

    async fn fill(&self) {
        loop {
            let room = self.wants.next_hole().await;
            if let Err(error) = self.fill_one(&room).await {
                tracing::debug!(%error, "a missing part of a room could not be read; it is tried again");
                self.wants.failed(room);
                continue;
            }
            self.wants.done(&room);
            // What came to be missing meanwhile was not noted down, because somebody was looking.
            if self.deliveries.misses(&room) {
                self.wants.hole(&room);
            }
        }
    }

    async fn fill_one(&self, room: &RoomId) -> Result<()> {
        while let Some(hole) = self.deliveries.hole(room) {
            let page = self.rooms.page(room, hole.start, hole.end.min(hole.start + PAGE)).await?;
            let page = page.unwrap_or_default();
            if page.first().is_none_or(|first| first.pos != hole.start) {
                self.deliveries.give_up(room);
                break;
            }
            self.metrics.holes_filled.inc();
            self.deliveries.filled(room, &page);
        }
        while let Some((side, pos)) = self.deliveries.untimed(room) {
            let page = self.rooms.page(room, pos, pos + 1).await?;
            let Some(message) = page.unwrap_or_default().pop() else {
                self.deliveries.give_up(room);
                break;
            };
            self.deliveries.timed(room, side, pos, message.time);
        }
        self.fill_asides(room).await
    }

    /// What was taken back and noted down meanwhile.
    async fn fill_asides(&self, room: &RoomId) -> Result<()> {
        while let Some(missing) = self.deliveries.missing_recalls(room) {
            let recalls = self.rooms.recalls(room, missing.start, ASIDES).await?;
            if recalls.first().is_none_or(|first| first.number != missing.start) {
                self.deliveries.give_up(room);
                break;
            }
            self.deliveries.recalled(room, &recalls);
        }
        while let Some(missing) = self.deliveries.missing_notes(room) {
            let notes = self.rooms.notes(room, missing.start, ASIDES).await?;
            if notes.first().is_none_or(|first| first.number != missing.start) {
                self.deliveries.give_up(room);
                break;
            }
            self.deliveries.noted(room, &notes);
        }
        Ok(())
    }

    async fn settle(&self) {
        loop {
            let rooms = self.wants.unsure().await;
            if let Err(error) = self.look(&rooms).await {
                tracing::debug!(%error, "rooms in doubt could not be looked at; it is tried again");
                rooms.iter().for_each(|room| self.wants.look(room));
                Wants::pause().await;
            }
        }
    }

    async fn look(&self, rooms: &HashSet<RoomId>) -> Result<()> {
        let rooms: Vec<RoomId> = rooms.iter().cloned().collect();
        self.heads(&rooms).await
    }

    async fn sweep(&self) {
        loop {
            self.wants.swept().await;
            self.metrics.sweeps.inc();
            if let Err(error) = self.sweep_once().await {
                tracing::debug!(%error, "not all rooms could be looked at; it is tried again");
                self.wants.sweep();
                Wants::pause().await;
            }
        }
    }

    async fn sweep_once(&self) -> Result<()> {
        for rooms in self.deliveries.parts() {
            self.heads(&rooms).await?;
        }
        Ok(())
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<()> {
        for some in rooms.chunks(HEADS) {
            for head in self.rooms.heads(some).await? {
                self.deliveries.reached(&head);
            }
        }
        Ok(())
    }
}
