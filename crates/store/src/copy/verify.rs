//! Whether both sides hold the same: counts and SHA-256 sums over the same canonical bytes, for each table and room.

use sha2::{Digest, Sha256};

use super::merge::Shelf;
use super::place::Place;
use super::table::{Row, Table, room};
use super::tables::{self, MESSAGE, ROOM};
use super::{CopyError, Sum, Watch};

/// Compares every table; `messages` or only those that are not messages. What both sides hold.
pub async fn verify(
    from: &dyn Place,
    to: &dyn Place,
    messages: bool,
    watch: &dyn Watch,
) -> Result<Vec<Sum>, CopyError> {
    let mut sums = Vec::new();
    for table in tables::all().filter(|table| table.name != MESSAGE.name) {
        sums.push(same_table(from, to, table).await?);
    }
    if messages {
        sums.push(same_messages(from, to, watch).await?);
    }
    Ok(sums)
}

async fn same_table(from: &dyn Place, to: &dyn Place, table: &'static Table) -> Result<Sum, CopyError> {
    let (here, there) = tokio::join!(sum_of(from, table), sum_of(to, table));
    let (here, there) = (here?, there?);
    if here == there { Ok(here) } else { Err(first_difference(from, to, table).await?) }
}

async fn sum_of(place: &dyn Place, table: &'static Table) -> Result<Sum, CopyError> {
    let (mut shelf, mut summing) = (Shelf::new(place, table), Summing::default());
    while let Some(row) = shelf.next().await? {
        summing.add(&row);
    }
    Ok(summing.named(table.name))
}

/// Room by room, so that one that differs can be named, and whether its positions are as many as its row says.
async fn same_messages(from: &dyn Place, to: &dyn Place, watch: &dyn Watch) -> Result<Sum, CopyError> {
    let mut rooms = Shelf::new(from, &ROOM);
    let (mut here, mut there) = (Shelf::new(from, &MESSAGE), Shelf::new(to, &MESSAGE));
    let (mut all, mut count) = (Sha256::new(), 0);
    while let Some(head) = rooms.next().await? {
        let number = room::number(&head);
        let (from, to) = tokio::join!(sum_of_room(&mut here, number), sum_of_room(&mut there, number));
        let (from, to) = (from?, to?);
        let expected = u64::try_from(room::next_pos(&head)).unwrap_or_default();
        let id = room::id(&head);
        if from.rows != expected {
            return Err(CopyError::Hole { room: id.into(), pos: room::next_pos(&head) });
        }
        if from != to {
            let what = format!(
                "room {id}: {} messages with the sum {} there, {} messages with the sum {} here",
                from.rows, from.sha256, to.rows, to.sha256
            );
            return Err(CopyError::Differs { what });
        }
        all.update(from.sha256.as_bytes());
        count += from.rows;
        watch.verified(count);
    }
    for (shelf, side) in [(&mut here, "source"), (&mut there, "target")] {
        if let Some(row) = shelf.peek().await? {
            let what =
                format!("the {side} has messages of a room number {} that is not there", row[0].number());
            return Err(CopyError::Differs { what });
        }
    }
    Ok(Sum { table: MESSAGE.name, rows: count, sha256: hex(all) })
}

async fn sum_of_room(messages: &mut Shelf<'_>, number: i64) -> Result<Sum, CopyError> {
    let mut summing = Summing::default();
    while messages.peek().await?.is_some_and(|row| row[0].number() == number) {
        let row = messages.next().await?.expect("it was looked at");
        summing.add(&row);
    }
    Ok(summing.named(MESSAGE.name))
}

async fn first_difference(
    from: &dyn Place,
    to: &dyn Place,
    table: &'static Table,
) -> Result<CopyError, CopyError> {
    let (mut here, mut there) = (Shelf::new(from, table), Shelf::new(to, table));
    loop {
        let (one, other) = (here.next().await?, there.next().await?);
        if one == other && one.is_some() {
            continue;
        }
        let at = one.or(other).map(|row| table.name_of(&row)).unwrap_or_default();
        return Ok(CopyError::Differs { what: format!("table `{}` from {at} on", table.name) });
    }
}

#[derive(Default)]
struct Summing {
    rows: u64,
    hash: Sha256,
    bytes: Vec<u8>,
}

impl Summing {
    fn add(&mut self, row: &Row) {
        self.bytes.clear();
        row.iter().for_each(|value| value.canonical(&mut self.bytes));
        self.hash.update(&self.bytes);
        self.rows += 1;
    }

    fn named(self, table: &'static str) -> Sum {
        Sum { table, rows: self.rows, sha256: hex(self.hash) }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
