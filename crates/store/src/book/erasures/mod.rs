//! `Erasures`: what is asked for is a row that says how far it is; each piece is one transaction.

mod agent;
mod everywhere;
mod expire;
mod files;
mod visitor;

use nodechat_domain::error::Error;
use nodechat_domain::model::{
    AccountId, Agent, AgentsWords, AuditLine, CompanyId, Doomed, Erasure, FileId, ImagePath, PlatformCaller,
    Realm, Role, Side, Time,
};
use nodechat_domain::port::{Answer, DecideErasure, Erasures};

use super::{Books, Deciding, Row, Stop, Tx, agents, audit, companies, desk};
use crate::stored::{self, side_number};
use crate::value::Value;

/// Messages of one transaction.
const MESSAGES: i64 = 400;
/// Uploads of one transaction.
const UPLOADS: i64 = 100;

impl Erasures for Books {
    fn ask(&self, aid: AccountId, line: AuditLine) -> Answer<'_, Erasure> {
        self.write(move |tx| {
            let (aid, line) = (aid.clone(), line.clone());
            Box::pin(async move {
                let realm = Realm::Company(line.company.clone());
                if let Some(open) = open_of(tx, &realm, Side::Visitor, &aid).await? {
                    return Ok(open);
                }
                audit::note(tx, &line).await?;
                // Null, as the version before knows it: it erases visitors as well.
                let asked = [line.company.as_str().into(), (&aid).into(), line.time.into(), Value::Null];
                add(tx, asked, Side::Visitor, AgentsWords::Erase).await
            })
        })
    }

    fn ask_of_agent(
        &self,
        aid: AccountId,
        words: AgentsWords,
        decide: DecideErasure,
        line: AuditLine,
    ) -> Answer<'_, Erasure> {
        let decide = Deciding::new(decide);
        self.write(move |tx| {
            let (aid, line, decide) = (aid.clone(), line.clone(), decide.clone());
            Box::pin(async move {
                let realm = Realm::Company(line.company.clone());
                // Before it is looked whether there is one: of two who ask at once, one comes after the other.
                companies::lock(tx, &line.company).await?;
                if let Some(open) = open_of(tx, &realm, Side::Agent, &aid).await? {
                    return Ok(open);
                }
                if let Some(agent) = agents::find(tx, &line.company, &aid).await? {
                    let others = agents::other_owners(tx, &agent).await?;
                    decide.ask(|decide| decide(&agent, others))?;
                    let dismissed = Agent { active: false, login: None, role: Role::Agent, ..agent };
                    agents::put(tx, &dismissed).await?;
                    desk::unsettle(tx, &line.company).await?;
                }
                audit::note(tx, &line).await?;
                let asked = [line.company.as_str().into(), (&aid).into(), line.time.into(), GOING.into()];
                add(tx, asked, Side::Agent, words).await
            })
        })
    }

    fn ask_everywhere(&self, aid: AccountId, by: &PlatformCaller, now: Time) -> Answer<'_, Erasure> {
        let by = by.clone();
        self.write(move |tx| {
            let (aid, by) = (aid.clone(), by.clone());
            Box::pin(async move {
                if let Some(open) = open_of(tx, &Realm::Platform, Side::Visitor, &aid).await? {
                    return Ok(open);
                }
                let asked = ["".into(), (&aid).into(), now.into(), GOING.into()];
                let erasure = add(tx, asked, Side::Visitor, AgentsWords::Erase).await?;
                let address = by.address.map(|address| address.to_string());
                let by = [erasure.number.into(), by.actor().name().into(), address.into()];
                tx.change(ASKED_BY, &by).await?;
                Ok(erasure)
            })
        })
    }

    fn find(&self, realm: &Realm, number: i64) -> Answer<'_, Option<Erasure>> {
        let asked = [stored::realm_text(realm).into(), number.into()];
        self.read(move |tx| {
            let asked = asked.clone();
            Box::pin(async move { tx.row(FIND, &asked).await?.as_ref().map(erasure).transpose() })
        })
    }

    fn erase_some(&self, now: Time) -> Answer<'_, bool> {
        self.write(move |tx| {
            Box::pin(async move {
                let Some(row) = tx.row(OPEN, &[]).await? else { return Ok(false) };
                // Behind its lock: another node may have been at it.
                let Some(row) = tx.row(LOCK, &[row.number(0)?.into()]).await? else { return Ok(true) };
                let work = Work::of(&row)?;
                match (&work.erasure.realm, work.erasure.side) {
                    (Realm::Company(company), Side::Visitor) => {
                        visitor::erase(tx, &work, company, now).await?
                    }
                    (Realm::Company(company), Side::Agent) => agent::erase(tx, &work, company, now).await?,
                    (Realm::Platform, _) => everywhere::erase(tx, &work, now).await?,
                }
                Ok(true)
            })
        })
    }

    fn expire_some(&self, company: &CompanyId, before: Time, room: i64) -> Answer<'_, Option<i64>> {
        let company = company.clone();
        Box::pin(async move {
            // Looking for it may take long where there are many rooms, and nobody has to wait for that with a message.
            let looked = company.clone();
            let old = self.read(move |tx| {
                let company = looked.clone();
                Box::pin(async move { expire::next_room(tx, &company, before, room).await })
            });
            let room = old.await?;
            let expiring = self.write(move |tx| {
                let company = company.clone();
                Box::pin(async move { expire::expire(tx, &company, before, room).await })
            });
            expiring.await
        })
    }

    fn doomed(&self, limit: usize) -> Answer<'_, Vec<Doomed>> {
        self.read(move |tx| {
            Box::pin(async move {
                let rows = tx.rows(DOOMED, &[Value::Number(limit as i64)]).await?;
                rows.iter().map(doomed).collect()
            })
        })
    }

    fn removed(&self, files: Vec<Doomed>) -> Answer<'_, ()> {
        self.write(move |tx| {
            let files = files.clone();
            Box::pin(async move {
                for file in &files {
                    tx.change(REMOVED, &[file.key().into()]).await?;
                }
                Ok(())
            })
        })
    }
}

/// An erasure under way, and how far it is.
struct Work {
    erasure: Erasure,
    words: AgentsWords,
    /// The last company that is done, where there are several.
    at_company: Box<str>,
    at_room: i64,
    at_pos: i64,
    actor: Box<str>,
    address: Option<Box<str>>,
}

impl Work {
    fn of(row: &Row) -> Result<Self, Stop> {
        Ok(Self {
            erasure: erasure(row)?,
            words: if row.flag(8)? { AgentsWords::Keep } else { AgentsWords::Erase },
            at_company: row.text(9)?.into(),
            at_room: row.number(10)?,
            at_pos: row.number(11)?,
            actor: row.text(12)?.into(),
            address: row.maybe_text(13)?.map(Into::into),
        })
    }

    fn aid(&self) -> &AccountId {
        &self.erasure.aid
    }

    async fn count(&self, tx: &Tx<'_>, messages: u64, files: u64) -> Result<(), Stop> {
        let counts = [(messages as i64).into(), (files as i64).into(), self.erasure.number.into()];
        tx.change(COUNT, &counts).await.map(drop)
    }

    async fn finish(&self, tx: &Tx<'_>, now: Time) -> Result<(), Stop> {
        tx.change(FINISH, &[now.into(), self.erasure.number.into()]).await.map(drop)
    }
}

async fn open_of(tx: &Tx<'_>, realm: &Realm, side: Side, aid: &AccountId) -> Result<Option<Erasure>, Stop> {
    let asked = [stored::realm_text(realm).into(), aid.into(), side_number(side).into()];
    tx.row(OPEN_OF, &asked).await?.as_ref().map(erasure).transpose()
}

async fn add(tx: &Tx<'_>, asked: [Value; 4], side: Side, words: AgentsWords) -> Result<Erasure, Stop> {
    let mut row = Vec::from(asked);
    row.extend([side_number(side).into(), (words == AgentsWords::Keep).into()]);
    let row = tx.row(ASK, &row).await?;
    erasure(&row.ok_or_else(|| stored::broken("a row that was just written is not there"))?)
}

/// Whoever it is opens nothing any more, and has no name.
async fn forget_person(tx: &Tx<'_>, realm: &Realm, side: Side, aid: &AccountId) -> Result<(), Stop> {
    let who = [stored::realm_text(realm).into(), side_number(side).into(), aid.into()];
    if let Some(row) = tx.row(PERSON, &who).await? {
        let person = row.number(0)?;
        tx.change(FORGET_TICKETS, &[person.into()]).await?;
        tx.change(FORGET_SECRETS, &[person.into()]).await?;
        tx.change(UNNAME_PERSON, &[person.into()]).await?;
    }
    tx.change(FORGET_TOKENS, &who).await?;
    Ok(())
}

/// The room first, as everywhere.
async fn empty(tx: &Tx<'_>, room: i64, from: i64, to: i64) -> Result<(), Stop> {
    tx.change(ERASED, &[to.into(), room.into()]).await?;
    tx.change(EMPTY, &[room.into(), from.into(), to.into()]).await?;
    Ok(())
}

fn doomed(row: &Row) -> Result<Doomed, Stop> {
    let key = row.text(0)?;
    let file = match row.number(1)? {
        stored::IMAGE => ImagePath::parse(key).map(Doomed::Image),
        _ => FileId::parse(key).map(Doomed::File),
    };
    Ok(file.map_err(|error: Error| stored::unreadable(error))?)
}

fn erasure(row: &Row) -> Result<Erasure, Stop> {
    Ok(Erasure {
        number: row.number(0)?,
        aid: row.aid(1)?,
        asked: row.time(2)?,
        finished: row.maybe_number(3)?.filter(|finished| *finished != GOING),
        messages: row.number(4)?,
        files: row.number(5)?,
        realm: stored::realm(row.text(6)?)?,
        side: stored::side(row.number(7)?)?,
    })
}

/// In place of the time at which it was finished, for what the version before must not take up.
const GOING: i64 = 0;

macro_rules! erasure_columns {
    () => {
        "number, aid, asked, finished, messages, files, company, side"
    };
}

const OPEN_OF: &str = concat!(
    "select ",
    erasure_columns!(),
    " from erasure
    where company = $1 and aid = $2 and side = $3 and (finished is null or finished = 0) limit 1"
); // erasure_going
const ASK: &str = concat!(
    "insert into erasure (company, aid, asked, finished, messages, files, side, keeps)
    values ($1, $2, $3, $4, 0, 0, $5, $6) returning ",
    erasure_columns!()
);
const ASKED_BY: &str = "update erasure set actor = $2, address = $3 where number = $1"; // primary key
const FIND: &str = concat!(
    "select ",
    erasure_columns!(),
    " from erasure
    where company = $1 and number = $2"
); // primary key
/// Of whichever company: this is the job's.
const OPEN: &str = "select number from erasure where finished is null or finished = 0
    order by number limit 1"; // erasure_going
const LOCK: &str = concat!(
    "update erasure set files = files
    where number = $1 and (finished is null or finished = 0)
    returning ",
    erasure_columns!(),
    ", keeps, at_company, at_room, at_pos, actor, address"
); // primary key
const COUNT: &str = "update erasure set messages = messages + $1, files = files + $2 where number = $3";
const FINISH: &str = "update erasure set finished = $1 where number = $2";

const ERASED: &str = "update room set erased = $1 where number = $2";
const EMPTY: &str = "update message set kind = 6, body = '', file = null, size_bytes = null,
    seconds = null, quote = null where room = $1 and pos >= $2 and pos < $3"; // primary key

const PERSON: &str = "select id from person where realm = $1 and side = $2 and aid = $3"; // unique
const UNNAME_PERSON: &str = "update person set mid = '', account = '', nick = '', attributes = null
    where id = $1";
const FORGET_TICKETS: &str = "delete from ticket where person = $1"; // ticket_person
/// Whom somebody has adopted is known by that.
const FORGET_SECRETS: &str = "delete from visitor where person = $1 and adopted_by is null"; // visitor_person
const FORGET_TOKENS: &str = "delete from token where realm = $1 and side = $2 and aid = $3"; // token_person

const DOOMED: &str = "select key, kind from doomed_file order by key limit $1";
const REMOVED: &str = "delete from doomed_file where key = $1";
