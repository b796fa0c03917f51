//! What the domain needs from the world, and what an implementation must promise.
//!
//! The guarantees stand here, where the second implementer looks; `nodechat-store`'s conformance
//! suite holds every engine to them.

mod agents;
mod audit;
mod blacklist;
mod canned;
mod cards;
mod commit;
mod companies;
mod connected;
mod credentials;
mod desks;
mod doorkeeper;
mod erasures;
mod exports;
mod kept_answers;
mod keys;
mod lists;
mod nodes;
mod order_kinds;
mod orders;
mod platform_companies;
mod questions;
mod revisions;
mod rooms;
mod search;
mod sensitive;
mod set_ups;
mod sites;
mod stats;
mod uploads;
mod webhooks;

use std::future::Future;
use std::pin::Pin;

pub use agents::{AgentQuery, Agents, DecideAgent, DecideGroups, GroupChange, Groups, Passwords};
pub use audit::{Audit, AuditQuery};
pub use blacklist::Blacklist;
pub use canned::{CannedQuery, CannedReplies};
pub use cards::Cards;
pub use commit::{Decide, Decision, commit};
pub use companies::{Companies, DecideCompany};
pub use connected::Connected;
pub use credentials::{Adoption, Credentials};
pub use desks::{DeskFeed, Desks, PastQuery};
pub use doorkeeper::Doorkeeper;
pub use erasures::{DecideErasure, Erasures};
pub use exports::{ExportPage, ExportPlace, ExportQuery, Exported, Exports};
pub use kept_answers::{Claim, KeptAnswer, KeptAnswers, Repetition};
pub use keys::Keys;
pub use lists::{Lists, Numbered};
pub use nodes::{Beat, Ending, Nodes, Other, Round};
pub use order_kinds::OrderKinds;
pub use orders::{Bell, DecideOrder, OrderCounts, OrderNews, OrderQuery, Orders};
pub use platform_companies::PlatformCompanies;
pub use questions::Questions;
pub use revisions::{Revision, Revisions, revised};
pub use rooms::{Change, Feed, HistoryQuery, Known, Noted, Rooms, Scope, Since, Snapshot};
pub use search::Search;
pub use sensitive::SensitiveWords;
pub use set_ups::SetUps;
pub use sites::Sites;
pub use stats::{Stats, StatsQuery};
pub use uploads::Uploads;
pub use webhooks::{Attempt, Claimed, Courier, DecideWebhook, Parcel, Webhooks};

use crate::error::Result;
use crate::model::Time;

/// A future that a port answers with; boxed, because ports are used as `dyn`.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The time of day.
pub trait Clock: Send + Sync {
    /// Milliseconds since the Unix epoch. May jump in either direction.
    fn now(&self) -> Time;
}

/// Random bytes that nobody can guess.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}
