//! `Credentials`.

use nodechat_domain::model::{CompanyId, Hash, Person, Time};
use nodechat_domain::port::{Adoption, Answer, Credentials};

use super::connect::Db;
use super::failure::Stop;
use super::{Store, adopt, row, sql as own};
use crate::sql;
use crate::stored::{broken, realm_text, side_number};

/// Expired rows that one statement forgets; between two of them, others have their turn.
const FORGET_AT_ONCE: i64 = 1000;

impl Credentials for Store {
    fn add_token(&self, token: Hash, person: Person, expires: Time) -> Answer<'_, ()> {
        self.pool.answer(async move {
            let columns = Columns::of(&person);
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[
                &token.0.as_slice(),
                &columns.realm,
                &columns.side,
                &columns.aid,
                &columns.mid,
                &columns.account,
                &columns.nick,
                &columns.attributes,
                &expires,
            ];
            let added = row::change(&db, sql::ADD_TOKEN, params).await;
            db.done(added).map(drop)
        })
    }

    fn redeem_token(
        &self,
        token: Hash,
        ticket: Hash,
        ticket_expires: Time,
        now: Time,
    ) -> Answer<'_, Option<Person>> {
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[&token.0.as_slice(), &now, &ticket.0.as_slice(), &ticket_expires];
            let person = row::one(&db, own::REDEEM_TOKEN, params, row::person).await;
            db.done(person)
        })
    }

    fn add_ticket(&self, ticket: Hash, person: Person, expires: Time) -> Answer<'_, ()> {
        self.pool.answer(async move {
            let columns = Columns::of(&person);
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[
                &columns.realm,
                &columns.side,
                &columns.aid,
                &columns.mid,
                &columns.account,
                &columns.nick,
                &columns.attributes,
                &ticket.0.as_slice(),
                &expires,
            ];
            let added = row::change(&db, own::ADD_TICKET, params).await;
            db.done(added).map(drop)
        })
    }

    fn ticket_owner(&self, ticket: Hash, now: Time) -> Answer<'_, Option<Person>> {
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let owner = row::one(&db, sql::TICKET_OWNER, &[&ticket.0.as_slice(), &now], row::person).await;
            db.done(owner)
        })
    }

    fn revoke_ticket(&self, ticket: Hash) -> Answer<'_, Option<Person>> {
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let owner = row::one(&db, own::REVOKE_TICKET, &[&ticket.0.as_slice()], row::person).await;
            db.done(owner)
        })
    }

    fn revoke_person(&self, person: &Person) -> Answer<'_, u64> {
        let person = person.clone();
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            db.batch_execute("begin").await?;
            let ended = end_credentials(&db, &person).await?;
            add_ending(&db, &person).await?;
            db.batch_execute("commit").await?;
            db.give_back();
            Ok(ended)
        })
    }

    fn revoke_others(&self, person: &Person, kept: Hash) -> Answer<'_, u64> {
        let person = person.clone();
        self.pool.answer(async move {
            let columns = Columns::of(&person);
            let who: row::Params<'_> = &[&columns.realm, &columns.side, &columns.aid];
            let db = self.pool.lend().await?;
            db.batch_execute("begin").await?;
            row::change(&db, sql::END_TOKENS, who).await?;
            let number = row::one(&db, sql::PERSON_NUMBER, who, row::number).await?;
            let ended = match number {
                Some(number) => {
                    row::change(&db, sql::END_OTHER_TICKETS, &[&number, &kept.0.as_slice()]).await?
                }
                None => 0,
            };
            add_ending(&db, &person).await?;
            db.batch_execute("commit").await?;
            db.give_back();
            Ok(ended)
        })
    }

    fn add_visitor(&self, secret: Hash, person: Person) -> Answer<'_, ()> {
        self.pool.answer(async move {
            let columns = Columns::of(&person);
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[
                &columns.realm,
                &columns.side,
                &columns.aid,
                &columns.mid,
                &columns.account,
                &columns.nick,
                &columns.attributes,
                &secret.0.as_slice(),
            ];
            let added = row::change(&db, own::ADD_VISITOR, params).await;
            db.done(added).map(drop)
        })
    }

    fn visitor(&self, secret: Hash) -> Answer<'_, Option<Person>> {
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let visitor = adopt::visitor(&db, secret).await;
            let visitor = db.done(visitor)?;
            Ok(visitor.filter(|visitor| visitor.adopted_by.is_none()).map(|visitor| visitor.person))
        })
    }

    fn adopt(&self, secret: Hash, company: &CompanyId, named: Person) -> Answer<'_, Adoption> {
        let company = company.clone();
        self.pool.answer(async move { adopt::adopt(&self.pool, secret, &company, &named).await })
    }

    fn forget_expired(&self, now: Time) -> Answer<'_, u64> {
        Box::pin(async move {
            let mut forgotten = 0;
            loop {
                let some = self.pool.answer(self.forget_some(now)).await?;
                forgotten += some;
                if some == 0 {
                    return Ok(forgotten);
                }
            }
        })
    }
}

impl Store {
    async fn forget_some(&self, now: Time) -> Result<u64, Stop> {
        let mut forgotten = 0;
        for statement in [sql::FORGET_TOKENS, sql::FORGET_TICKETS] {
            let db = self.pool.lend().await?;
            let some = row::change(&db, statement, &[&now, &FORGET_AT_ONCE]).await;
            forgotten += db.done(some)?;
        }
        Ok(forgotten)
    }
}

/// Stores a person, or tells it anew; its number.
pub async fn put_person(db: &Db, person: &Person) -> Result<i64, Stop> {
    let columns = Columns::of(person);
    let params: row::Params<'_> = &[
        &columns.realm,
        &columns.side,
        &columns.aid,
        &columns.mid,
        &columns.account,
        &columns.nick,
        &columns.attributes,
    ];
    let number = row::one(db, sql::PUT_PERSON, params, row::number).await?;
    Ok(number.ok_or_else(|| broken("a person that was stored has no number"))?)
}

/// Ends all tickets and unused tokens of a person; how many tickets there were.
pub async fn end_credentials(db: &Db, person: &Person) -> Result<u64, Stop> {
    let columns = Columns::of(person);
    let who: row::Params<'_> = &[&columns.realm, &columns.side, &columns.aid];
    row::change(db, sql::END_TOKENS, who).await?;
    let Some(number) = row::one(db, sql::PERSON_NUMBER, who, row::number).await? else { return Ok(0) };
    row::change(db, sql::END_TICKETS, &[&number]).await
}

/// Lets every node end the connections of this person.
pub async fn add_ending(db: &Db, person: &Person) -> Result<(), Stop> {
    let columns = Columns::of(person);
    let params: row::Params<'_> = &[
        &columns.realm,
        &columns.side,
        &columns.aid,
        &columns.mid,
        &columns.account,
        &columns.nick,
        &columns.attributes,
    ];
    row::change(db, own::ADD_ENDING, params).await.map(drop)
}

/// A person spread over its columns.
struct Columns<'a> {
    realm: &'a str,
    side: i64,
    aid: &'a str,
    mid: &'a str,
    account: &'a str,
    nick: &'a str,
    attributes: Option<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(person: &'a Person) -> Self {
        Self {
            realm: realm_text(&person.realm),
            side: side_number(person.side),
            aid: person.aid.as_str(),
            mid: person.mid.as_str(),
            account: person.account.as_str(),
            nick: person.nick.as_str(),
            attributes: person.attributes.as_deref(),
        }
    }
}
