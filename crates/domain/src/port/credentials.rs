//! Who may come in: one-time tokens, tickets, secrets of anonymous visitors.
//! Only hashes are ever stored. Whatever is answered is durable.

use super::Answer;
use crate::model::{CompanyId, Hash, Person, Time};

pub trait Credentials: Send + Sync {
    /// Keeps a one-time token for `person` until `expires`; the person is stored, or told anew,
    /// when the token is redeemed.
    fn add_token(&self, token: Hash, person: Person, expires: Time) -> Answer<'_, ()>;

    /// Uses the token up and keeps `ticket` for its person, in one step: of any number of
    /// simultaneous calls with one token, on any number of nodes, exactly one gets the person.
    /// None when the token is unknown, used, or expired at `now`.
    fn redeem_token(
        &self,
        token: Hash,
        ticket: Hash,
        ticket_expires: Time,
        now: Time,
    ) -> Answer<'_, Option<Person>>;

    /// Keeps a ticket for a person, who is stored, or told anew.
    fn add_ticket(&self, ticket: Hash, person: Person, expires: Time) -> Answer<'_, ()>;

    /// Whose ticket it is; none when unknown, revoked, or expired at `now`.
    fn ticket_owner(&self, ticket: Hash, now: Time) -> Answer<'_, Option<Person>>;

    /// Ends one ticket; whose it was.
    fn revoke_ticket(&self, ticket: Hash) -> Answer<'_, Option<Person>>;

    /// Ends all tickets and unused tokens of a person; how many tickets there were.
    fn revoke_person(&self, person: &Person) -> Answer<'_, u64>;

    /// The same, but for this ticket.
    fn revoke_others(&self, person: &Person, kept: Hash) -> Answer<'_, u64>;

    /// Keeps the secret by which an anonymous visitor is known again.
    fn add_visitor(&self, secret: Hash, person: Person) -> Answer<'_, ()>;

    /// Who comes with this secret; none when it is unknown or its person has become a named one.
    fn visitor(&self, secret: Hash) -> Answer<'_, Option<Person>>;

    /// The anonymous visitor of this secret turns out to be `named`, a visitor of the same company
    /// (contract C5). In one step: its room becomes the named person's (renamed, or, when the named
    /// person has one already, its messages are appended there at new positions, in their order,
    /// keeping ids and times), its messages bear the named person's aid, mid and nick, its tickets
    /// end, and the secret opens nothing any more. Doing it again with the same person is fine.
    fn adopt(&self, secret: Hash, company: &CompanyId, named: Person) -> Answer<'_, Adoption>;

    /// Forgets tokens and tickets that expired before `now`; how many.
    fn forget_expired(&self, now: Time) -> Answer<'_, u64>;
}

/// What became of an anonymous visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adoption {
    /// This is who it was; its sockets have to go.
    Done(Person),
    /// It is the same named person already.
    Already,
    /// There is no such visitor in this company, or it is another person already.
    Refused,
}
