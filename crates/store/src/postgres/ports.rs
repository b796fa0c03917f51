//! The ports, before they are served.

use nodechat_domain::error::Error;
use nodechat_domain::model::*;
use nodechat_domain::port::*;

use super::Store;

fn not_yet<T: Send + 'static>() -> Answer<'static, T> {
    Box::pin(async { Err(nothing()) })
}

pub fn nothing() -> Error {
    Error::unavailable("PostgreSQL is not served yet")
}

impl Rooms for Store {
    fn apply(&self, _: Scope, _: Decide) -> Answer<'_, ()> {
        not_yet()
    }
    fn view(&self, _: &RoomId, _: usize, _: Option<Since>) -> Answer<'_, Option<RoomView>> {
        not_yet()
    }
    fn page(&self, _: &RoomId, _: Position, _: Position) -> Answer<'_, Option<Vec<Message>>> {
        not_yet()
    }
    fn heads(&self, _: &[RoomId]) -> Answer<'_, Vec<RoomHead>> {
        not_yet()
    }
    fn history(&self, _: HistoryQuery) -> Answer<'_, Vec<Message>> {
        not_yet()
    }
    fn epoch(&self) -> &str {
        &self.epoch
    }
    fn check(&self) -> Answer<'_, ()> {
        not_yet()
    }
}

impl Companies for Store {
    fn find(&self, _: &CompanyId) -> Answer<'_, Option<Company>> {
        not_yet()
    }
    fn add(&self, _: Company, _: Time) -> Answer<'_, ()> {
        not_yet()
    }
    fn all(&self) -> Answer<'_, Vec<Company>> {
        not_yet()
    }
}

impl Credentials for Store {
    fn add_key(&self, _: Hash, _: Realm, _: Time) -> Answer<'_, ()> {
        not_yet()
    }
    fn key_owner(&self, _: Hash) -> Answer<'_, Option<Realm>> {
        not_yet()
    }
    fn add_token(&self, _: Hash, _: Person, _: Time) -> Answer<'_, ()> {
        not_yet()
    }
    fn redeem_token(&self, _: Hash, _: Hash, _: Time, _: Time) -> Answer<'_, Option<Person>> {
        not_yet()
    }
    fn add_ticket(&self, _: Hash, _: Person, _: Time) -> Answer<'_, ()> {
        not_yet()
    }
    fn ticket_owner(&self, _: Hash, _: Time) -> Answer<'_, Option<Person>> {
        not_yet()
    }
    fn revoke_ticket(&self, _: Hash) -> Answer<'_, Option<Person>> {
        not_yet()
    }
    fn revoke_person(&self, _: &Person) -> Answer<'_, u64> {
        not_yet()
    }
    fn add_visitor(&self, _: Hash, _: Person) -> Answer<'_, ()> {
        not_yet()
    }
    fn visitor(&self, _: Hash) -> Answer<'_, Option<Person>> {
        not_yet()
    }
    fn adopt(&self, _: Hash, _: &CompanyId, _: Person) -> Answer<'_, Adoption> {
        not_yet()
    }
    fn forget_expired(&self, _: Time) -> Answer<'_, u64> {
        not_yet()
    }
}

impl Uploads for Store {
    fn add(&self, _: Upload) -> Answer<'_, ()> {
        not_yet()
    }
    fn find(&self, _: &str) -> Answer<'_, Option<Upload>> {
        not_yet()
    }
}

impl Nodes for Store {
    fn beat(&self, _: Beat) -> Answer<'_, Round> {
        not_yet()
    }
    fn leave(&self, _: &str) -> Answer<'_, ()> {
        not_yet()
    }
}
