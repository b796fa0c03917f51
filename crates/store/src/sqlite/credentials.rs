//! `Credentials`.

use nodechat_domain::error::Result;
use nodechat_domain::model::{CompanyId, Hash, Person, Time};
use nodechat_domain::port::{Adoption, Answer, Credentials};
use rusqlite::{Connection, params};

use super::failure::Stop;
use super::writer::Written;
use super::{Store, adopt, row};
use crate::sql;
use crate::stored::{broken, realm_text, side_number};

/// Expired rows that one piece of work forgets; between two of them, others have their turn.
const FORGET_AT_ONCE: i64 = 1000;

impl Credentials for Store {
    fn add_token(&self, token: Hash, person: Person, expires: Time) -> Answer<'_, ()> {
        self.writer.write(move |db| {
            let params = params![
                token.0,
                realm_text(&person.realm),
                side_number(person.side),
                person.aid.as_str(),
                person.mid.as_str(),
                person.account.as_str(),
                person.nick.as_str(),
                person.attributes,
                expires
            ];
            row::change(db, sql::ADD_TOKEN, params)?;
            Ok(Written::quietly(()))
        })
    }

    fn redeem_token(
        &self,
        token: Hash,
        ticket: Hash,
        ticket_expires: Time,
        now: Time,
    ) -> Answer<'_, Option<Person>> {
        self.writer.write(move |db| {
            let person = row::one(db, sql::TAKE_TOKEN, params![token.0, now], row::person)?;
            if let Some(person) = &person {
                add_ticket(db, ticket, person, ticket_expires)?;
            }
            Ok(Written::quietly(person))
        })
    }

    fn add_ticket(&self, ticket: Hash, person: Person, expires: Time) -> Answer<'_, ()> {
        self.writer.write(move |db| {
            add_ticket(db, ticket, &person, expires)?;
            Ok(Written::quietly(()))
        })
    }

    fn ticket_owner(&self, ticket: Hash, now: Time) -> Answer<'_, Option<Person>> {
        self.readers.read(move |db| row::one(db, sql::TICKET_OWNER, params![ticket.0, now], row::person))
    }

    fn revoke_ticket(&self, ticket: Hash) -> Answer<'_, Option<Person>> {
        self.writer.write(move |db| {
            let person = row::one(db, sql::TICKET_PERSON, [ticket.0], row::person)?;
            row::change(db, sql::END_TICKET, [ticket.0])?;
            Ok(Written::quietly(person))
        })
    }

    fn revoke_person(&self, person: &Person) -> Answer<'_, u64> {
        let person = person.clone();
        self.writer.write(move |db| end_credentials(db, &person).map(Written::quietly))
    }

    fn revoke_others(&self, person: &Person, kept: Hash) -> Answer<'_, u64> {
        let person = person.clone();
        self.writer.write(move |db| {
            let who = params![realm_text(&person.realm), side_number(person.side), person.aid.as_str()];
            row::change(db, sql::END_TOKENS, who)?;
            let number = row::one(db, sql::PERSON_NUMBER, who, row::number)?;
            let ended = match number {
                Some(number) => row::change(db, sql::END_OTHER_TICKETS, params![number, kept.0])?,
                None => 0,
            };
            Ok(Written::quietly(ended as u64))
        })
    }

    fn add_visitor(&self, secret: Hash, person: Person) -> Answer<'_, ()> {
        self.writer.write(move |db| {
            let number = put_person(db, &person)?;
            row::change(db, sql::ADD_VISITOR, params![secret.0, number])?;
            Ok(Written::quietly(()))
        })
    }

    fn visitor(&self, secret: Hash) -> Answer<'_, Option<Person>> {
        self.readers.read(move |db| {
            let visitor = adopt::visitor(db, secret)?;
            Ok(visitor.filter(|visitor| visitor.adopted_by.is_none()).map(|visitor| visitor.person))
        })
    }

    fn adopt(&self, secret: Hash, company: &CompanyId, named: Person) -> Answer<'_, Adoption> {
        let company = company.clone();
        self.writer.write(move |db| adopt::adopt(db, secret, &company, &named).map(Written::quietly))
    }

    fn forget_expired(&self, now: Time) -> Answer<'_, u64> {
        Box::pin(async move {
            let mut forgotten = 0;
            loop {
                let some = self.forget_some(now).await?;
                forgotten += some;
                if some == 0 {
                    return Ok(forgotten);
                }
            }
        })
    }
}

impl Store {
    async fn forget_some(&self, now: Time) -> Result<u64> {
        let written = self.writer.write(move |db| {
            let tokens = row::change(db, sql::FORGET_TOKENS, [now, FORGET_AT_ONCE])?;
            let tickets = row::change(db, sql::FORGET_TICKETS, [now, FORGET_AT_ONCE])?;
            Ok(Written::quietly((tokens + tickets) as u64))
        });
        written.await
    }
}

/// Stores a person, or tells it anew; its number.
pub fn put_person(db: &Connection, person: &Person) -> Result<i64, Stop> {
    let params = params![
        realm_text(&person.realm),
        side_number(person.side),
        person.aid.as_str(),
        person.mid.as_str(),
        person.account.as_str(),
        person.nick.as_str(),
        person.attributes
    ];
    let number = row::one(db, sql::PUT_PERSON, params, row::number)?;
    Ok(number.ok_or_else(|| broken("a person that was stored has no number"))?)
}

/// Ends all tickets and unused tokens of a person; how many tickets there were.
pub fn end_credentials(db: &Connection, person: &Person) -> Result<u64, Stop> {
    let who = params![realm_text(&person.realm), side_number(person.side), person.aid.as_str()];
    row::change(db, sql::END_TOKENS, who)?;
    let Some(number) = row::one(db, sql::PERSON_NUMBER, who, row::number)? else { return Ok(0) };
    Ok(row::change(db, sql::END_TICKETS, [number])? as u64)
}

fn add_ticket(db: &Connection, ticket: Hash, person: &Person, expires: Time) -> Result<(), Stop> {
    let number = put_person(db, person)?;
    row::change(db, sql::ADD_TICKET, params![ticket.0, number, expires]).map(drop)
}
