//! Taking a whole history to another place, in another engine or the same, beside a server that goes on writing it.
//!
//! [`Copy::begin`] takes a snapshot of the source and makes sure that the target is empty or an earlier copy of the
//! same history. [`Copy::rows`] makes the target's rows those of the snapshot: everything the first time, afterwards
//! what is new, changed or gone. [`Copy::verify`] sums both sides up, [`Copy::finish`] lets the target be served.
//! A copy that is stopped at any moment goes on where it was when it is run again. Numbers, positions and epoch are
//! kept: it is the same history, and clients go on with what they know.
//!
//! Absent: more than a few batches in memory; a lock on the source; rows that only nodes tell each other.

pub(crate) mod mark;
mod merge;
mod place;
mod postgres;
mod rooms;
mod sqlite;
mod table;
mod tables;
mod verify;

use std::fmt::{self, Display};
use std::path::PathBuf;

use merge::{Pair, Pairs, Shelf};
use place::{Change, Place};
use table::Table;

pub use place::Totals;
pub use sqlite::Folder;
pub use tables::LEFT_OUT;

/// Rows that one transaction changes in a small table.
const BATCH: usize = 2_000;

/// A database to copy from or to.
#[derive(Clone)]
pub enum Address {
    Sqlite(Folder),
    /// Holds a secret: never shown as it is.
    Postgres(String),
}

/// Hears how far a copy is.
pub trait Watch: Sync {
    /// So many messages were written by now.
    fn messages(&self, written: u64);
    /// So many messages were found to be the same by now.
    fn verified(&self, messages: u64);
}

/// A copy under way.
pub struct Copy {
    from: Box<dyn Place>,
    to: Box<dyn Place>,
    to_name: String,
    snapshot: Totals,
    served_before: bool,
    /// What the target held when this began.
    before: Totals,
}

/// What became of a table's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    pub added: u64,
    pub changed: u64,
    pub dropped: u64,
}

/// What both sides hold of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub table: &'static str,
    pub rows: u64,
    /// Over the canonical bytes of all rows; of messages, over the sums of their rooms.
    pub sha256: String,
}

/// An uploaded file that the history names.
#[derive(Debug, Clone)]
pub struct Named {
    pub key: String,
    pub is_image: bool,
    pub size_bytes: u64,
}

/// What happened beside the copy.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// A server was using the source when the copy began or when it ended.
    pub served: bool,
    /// Something was written to the source after the moment that was copied.
    pub written: bool,
    /// How many messages of that.
    pub newer_messages: u64,
}

/// Why a copy cannot be made. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("{}: there is no database in this folder", .0.display())]
    NoDatabase(PathBuf),
    #[error("{place} cannot be used: {why}")]
    Open { place: String, why: String },
    #[error("{place} failed: {why}; run the same command again to go on where it stopped")]
    Failed { place: String, why: String },
    #[error(
        "the database in {} was put there from elsewhere, perhaps from a backup, and not opened since, so its history \
         has no name yet; run `nodechat company list` on it once, then copy it",
        .0.display()
    )]
    Moved(PathBuf),
    #[error("the source is itself a copy that was not finished; finish that one first")]
    SourceUnfinished,
    #[error(
        "{0} is being used by a server or by another copy; stop that first, or choose another place to copy to"
    )]
    Served(String),
    #[error(
        "{0} holds a history of its own: it was not made by this command, or it was opened since by a server or a \
         command; choose an empty database or a new folder"
    )]
    NotEmpty(String),
    #[error("{0} holds a copy of another history; choose an empty database or a new folder")]
    OtherSource(String),
    #[error("a server was started on {0} while it was copied to; stop it, and copy to an empty database")]
    ServedMeanwhile(String),
    #[error(
        "the source has no message at position {pos} of room {room}, where its row says that there is one; the source \
         is damaged there: restore it from a backup, or ask for help with this sentence"
    )]
    Hole { room: String, pos: i64 },
    #[error(
        "source and copy differ in {what}; somebody changed the copy, or a disk is failing: begin again with an empty \
         target"
    )]
    Differs { what: String },
    #[error(
        "{0} holds a NUL character, which PostgreSQL cannot store; change that row in the source, then copy again"
    )]
    Nul(String),
}

/// Why a copy is not served.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error(
    "the database is a copy that was not finished; run `nodechat copy` again until it says that it is, or remove the copy"
)]
pub struct HalfCopied;

impl Copy {
    /// Opens both sides. From here on the target is an unfinished copy, which no server serves.
    pub async fn begin(from: Address, to: Address) -> Result<Self, CopyError> {
        if let (Address::Sqlite(from), Address::Sqlite(to)) = (&from, &to)
            && sqlite::same_folder(&from.folder, &to.folder)
        {
            return Err(CopyError::NotEmpty(to.folder.display().to_string()));
        }
        let to_name = to.to_string();
        let (from, epoch): (Box<dyn Place>, String) = match from {
            Address::Sqlite(home) => {
                let (place, epoch) = sqlite::Sqlite::source(home).await?;
                (Box::new(place), epoch)
            }
            Address::Postgres(url) => {
                let (place, epoch) = postgres::Postgres::source(&url).await?;
                (Box::new(place), epoch)
            }
        };
        let to: Box<dyn Place> = match to {
            Address::Sqlite(home) => Box::new(sqlite::Sqlite::target(home, epoch)?),
            Address::Postgres(url) => Box::new(postgres::Postgres::target(&url, epoch).await?),
        };
        let (snapshot, before) = (from.totals().await?, to.totals().await?);
        let served_before = from.now().await?.served;
        Ok(Self { from, to, to_name, snapshot, served_before, before })
    }

    /// What the moment that is copied holds.
    pub fn snapshot(&self) -> Totals {
        self.snapshot
    }

    /// What an earlier run has copied.
    pub fn before(&self) -> Totals {
        self.before
    }

    /// Makes the target's rows those of the source. With `check`, messages are read again as soon as they are written
    /// and compared, for whoever verifies no more than that afterwards.
    pub async fn rows(
        &self,
        check: bool,
        watch: &dyn Watch,
    ) -> Result<Vec<(&'static str, Counted)>, CopyError> {
        let (from, to) = (&*self.from, &*self.to);
        let mut counted = Vec::new();
        // People first, because others refer to them, and those who are gone last.
        let mut gone_people = Vec::new();
        counted.push((
            tables::PERSON.name,
            copy_table(from, to, &tables::PERSON, Some(&mut gone_people)).await?,
        ));
        for table in tables::PLAIN {
            counted.push((table.name, copy_table(from, to, table, None).await?));
        }
        let rooms = rooms::copy(from, to, check, watch).await?;
        counted.push((tables::ROOM.name, rooms.rooms));
        counted.push((tables::MESSAGE.name, rooms.messages));
        counted.push((tables::MEMBER.name, copy_table(from, to, &tables::MEMBER, None).await?));
        counted[0].1.dropped = gone_people.len() as u64;
        to.write(vec![Change::Drop(&tables::PERSON, gone_people)]).await?;
        Ok(counted)
    }

    /// Walks the files that the copied history names.
    pub fn uploads(&self) -> Uploads<'_> {
        Uploads { shelf: Shelf::new(&*self.from, &tables::UPLOAD) }
    }

    /// Sums up every table of both sides; `messages`, or all others only.
    pub async fn verify(&self, messages: bool, watch: &dyn Watch) -> Result<Vec<Sum>, CopyError> {
        verify::verify(&*self.from, &*self.to, messages, watch).await
    }

    /// Lets the target be served, and tells what happened beside the copy.
    pub async fn finish(self) -> Result<Beside, CopyError> {
        if self.to.now().await?.served {
            return Err(CopyError::ServedMeanwhile(self.to_name));
        }
        let now = self.from.now().await?;
        self.to.settle(mark::KEY, mark::FINISHED).await?;
        let newer = now.totals.messages - self.snapshot.messages;
        Ok(Beside {
            served: self.served_before || now.served,
            written: now.totals != self.snapshot,
            newer_messages: u64::try_from(newer).unwrap_or_default(),
        })
    }
}

/// The files that a history names, one after the other.
pub struct Uploads<'a> {
    shelf: Shelf<'a>,
}

impl Uploads<'_> {
    pub async fn next(&mut self) -> Result<Option<Named>, CopyError> {
        Ok(self.shelf.next().await?.map(|row| Named {
            key: row[0].text().into(),
            is_image: row[1].number() == crate::stored::IMAGE,
            size_bytes: u64::try_from(row[5].number()).unwrap_or_default(),
        }))
    }
}

impl CopyError {
    fn open(place: impl Display, why: impl Display) -> Self {
        Self::Open { place: place.to_string(), why: why.to_string() }
    }

    fn failed(place: impl Display, why: impl Display) -> Self {
        Self::Failed { place: place.to_string(), why: why.to_string() }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Sqlite(home) => home.folder.display().fmt(f),
            Address::Postgres(url) => f.write_str(&postgres::without_secret(url)),
        }
    }
}

/// `gone`: rows to be dropped later, because others still refer to them.
async fn copy_table(
    from: &dyn Place,
    to: &dyn Place,
    table: &'static Table,
    mut gone: Option<&mut Vec<table::Row>>,
) -> Result<Counted, CopyError> {
    let mut pairs = Pairs::new(from, to, table);
    let mut counted = Counted::default();
    let (mut put, mut drop) = (Vec::new(), Vec::new());
    while let Some(pair) = pairs.next().await? {
        match pair {
            Pair::Both { from, to } if from == to => continue,
            Pair::Both { from, .. } => {
                counted.changed += 1;
                put.push(from);
            }
            Pair::New(row) => {
                counted.added += 1;
                put.push(row);
            }
            Pair::Gone(row) => {
                counted.dropped += 1;
                gone.as_deref_mut().unwrap_or(&mut drop).push(row);
            }
        }
        if put.len() + drop.len() >= BATCH {
            let changes = vec![
                Change::Drop(table, std::mem::take(&mut drop)),
                Change::Put(table, std::mem::take(&mut put)),
            ];
            to.write(changes).await?;
        }
    }
    to.write(vec![Change::Drop(table, drop), Change::Put(table, put)]).await?;
    Ok(counted)
}
