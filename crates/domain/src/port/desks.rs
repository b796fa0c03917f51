//! Companies' desks as ledgers: one order of happenings for each, durable before answered.

use super::Answer;
use crate::model::desk::{Command, Desk, DeskAnswer, Happening, LeftMessage, Past, Rate};
use crate::model::{AccountId, ChatId, CompanyId, GroupId, MessageId, Position, RoomId, Tag, Time};

/// The desks of all companies.
pub trait Desks: Send + Sync {
    /// Runs [`decide::desk::route`](crate::decide::desk::route) on the company's desk and makes what it did durable, all
    /// or none, isolated from every other command to this desk, on whatever node.
    ///
    /// - Answered only when it would survive a power cut. Many commands of one company may share one transaction.
    /// - Commands that one caller starts one after another, without waiting, take effect in that order.
    /// - The [`DeskFeed`] hears of it before this is answered, once, in the order of the happenings of this node.
    /// - What is refused is answered as it is and changes nothing.
    /// - When it is dropped before it is answered, it takes effect or not, never halved.
    /// - Takes no longer because much has ended.
    fn route(&self, company: &CompanyId, command: Command, now: Time) -> Answer<'static, DeskAnswer>;

    /// The desk as of one moment.
    fn look(&self, company: &CompanyId, now: Time) -> Answer<'_, Desk>;

    /// Happenings after the one of this number, in their order; those older than a day may be gone.
    fn happenings(&self, company: &CompanyId, after: i64, limit: usize) -> Answer<'_, Vec<Happening>>;

    /// Consultations that are over and fit, the latest end first.
    fn past(&self, query: PastQuery) -> Answer<'_, Vec<Past>>;

    /// The earliest moment at which something is due at any desk.
    fn next_due(&self) -> Answer<'_, Option<Time>>;

    /// The companies whose desks have something due.
    fn due(&self, now: Time) -> Answer<'_, Vec<CompanyId>>;

    /// Messages that were left before this time and not said in their rooms yet, of all companies, the oldest first.
    fn unsaid(&self, before: Time, limit: usize) -> Answer<'_, Vec<LeftMessage>>;

    /// This one was said, at this position; none: it cannot be said.
    fn said(&self, company: &CompanyId, message: MessageId, pos: Option<Position>) -> Answer<'_, ()>;

    /// What was left in these consultations, as it is in the rooms by now: nothing of what was taken back or erased.
    fn left_texts(&self, company: &CompanyId, chats: &[ChatId]) -> Answer<'_, Vec<(ChatId, Box<str>)>>;

    /// Which runs of nodes agents of which company are connected to.
    fn presences(&self) -> Answer<'_, Vec<(CompanyId, Box<str>)>>;

    /// Forgets happenings before this time; how many.
    fn forget_happenings(&self, before: Time) -> Answer<'_, u64>;
}

/// Hears of everything that happened at desks through this node, after it is durable and before it is answered; also
/// when nothing is to be told but a deadline has moved. Must not block for long: commands wait for it.
pub trait DeskFeed: Send + Sync {
    fn happened(&self, company: &CompanyId, happenings: &[Happening], desk: &Desk);

    /// Something may have happened that nobody was told: the connection to the store broke before it said whether.
    fn unsure(&self, _company: &CompanyId) {}
}

/// Which ended consultations are wanted.
#[derive(Debug, Clone)]
pub struct PastQuery {
    pub company: CompanyId,
    pub chat: Option<ChatId>,
    pub room: Option<RoomId>,
    pub agent: Option<AccountId>,
    pub group: Option<GroupId>,
    pub rate: Option<Rate>,
    /// Of visitors who have this tag.
    pub tag: Option<Tag>,
    /// Ended at or after.
    pub from: Option<Time>,
    /// Ended before.
    pub to: Option<Time>,
    /// Go on behind this one, the last of the page before.
    pub after: Option<(Time, ChatId)>,
    pub limit: usize,
}

impl PastQuery {
    pub fn of(company: CompanyId, limit: usize) -> Self {
        Self {
            company,
            chat: None,
            room: None,
            agent: None,
            group: None,
            rate: None,
            tag: None,
            from: None,
            to: None,
            after: None,
            limit,
        }
    }
}
