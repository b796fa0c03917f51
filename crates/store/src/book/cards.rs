//! What is known of visitors besides the talk.

use futures_util::FutureExt as _;
use nodechat_domain::model::{AccountId, Arrival, Arrived, Atype, AuditLine, Card, CompanyId, RoomId, Tag};
use nodechat_domain::port::{Answer, Cards};

use super::{Books, Row, Stop, audit};
use crate::stored::{self, PersonColumns};
use crate::value::Value;

impl Cards for Books {
    fn find(&self, company: &CompanyId, visitor: &AccountId) -> Answer<'_, Option<Card>> {
        let (company, visitor) = (company.clone(), visitor.clone());
        self.read(move |tx| {
            let (company, visitor) = (company.clone(), visitor.clone());
            async move {
                let room = RoomId::between(&visitor, &company);
                let key = [Value::from(&company), Value::from(&visitor)];
                let person = tx.row(PERSON, &[key[0].clone(), key[1].clone(), (&room).into()]).await?;
                let Some(person) = person else { return Ok(None) };
                let person = stored::person(PersonColumns {
                    realm: person.text(0)?,
                    side: person.number(1)?,
                    aid: person.text(2)?,
                    mid: person.text(3)?,
                    account: person.text(4)?,
                    nick: person.text(5)?,
                    attributes: person.maybe_text(6)?,
                })?;
                let arrival = tx.row(ARRIVAL, &key).await?;
                let arrival = arrival.map(|row| arrival_of(&row)).transpose()?;
                let tags = tx.rows(TAGS, &key).await?;
                let tag = |row: &Row| Ok(Tag::parse(row.text(0)?).map_err(stored::unreadable)?);
                let tags = tags.iter().map(tag).collect::<Result<_, Stop>>()?;
                Ok(Some(Card { person, arrival, tags }))
            }
            .boxed()
        })
    }

    fn arrived(&self, mut people: Vec<Arrived>) -> Answer<'_, ()> {
        // In the order of their keys, so that two nodes do not wait for each other.
        people.sort_by(|a, b| (&a.company, &a.aid).cmp(&(&b.company, &b.aid)));
        self.write(move |tx| {
            let people = people.clone();
            async move {
                for Arrived { company, aid, arrival } in people {
                    let Arrival { atype, browser, page, referrer, address, time } = arrival;
                    let columns = [
                        (&company).into(),
                        (&aid).into(),
                        atype_number(atype).into(),
                        browser.into(),
                        page.into(),
                        referrer.into(),
                        address.into(),
                        time.into(),
                    ];
                    tx.change(ARRIVED, &columns).await?;
                }
                Ok(())
            }
            .boxed()
        })
    }

    fn set_tags(
        &self,
        company: &CompanyId,
        visitor: &AccountId,
        tags: Vec<Tag>,
        line: AuditLine,
    ) -> Answer<'_, ()> {
        let (company, visitor) = (company.clone(), visitor.clone());
        self.write(move |tx| {
            let (company, visitor) = (Value::from(&company), Value::from(&visitor));
            let (tags, line) = (tags.clone(), line.clone());
            async move {
                tx.change(FORGET_TAGS, &[company.clone(), visitor.clone()]).await?;
                for tag in tags {
                    let columns = [company.clone(), visitor.clone(), tag.as_str().into(), line.time.into()];
                    tx.change(ADD_TAG, &columns).await?;
                }
                audit::note(tx, &line).await
            }
            .boxed()
        })
    }
}

fn arrival_of(row: &Row) -> Result<Arrival, Stop> {
    let text = |column| Ok::<_, Stop>(row.maybe_text(column)?.map(Into::into));
    Ok(Arrival {
        atype: atype(row.number(0)?)?,
        browser: text(1)?,
        page: text(2)?,
        referrer: text(3)?,
        address: row.text(4)?.into(),
        time: row.time(5)?,
    })
}

fn atype_number(atype: Atype) -> i64 {
    match atype {
        Atype::Uweb => 0,
        Atype::Uwap => 1,
        Atype::Cweb => 2,
        Atype::Cwap => 3,
    }
}

fn atype(number: i64) -> Result<Atype, Stop> {
    match number {
        0 => Ok(Atype::Uweb),
        1 => Ok(Atype::Uwap),
        2 => Ok(Atype::Cweb),
        3 => Ok(Atype::Cwap),
        _ => Err(stored::broken("a kind of page in the database is unknown").into()),
    }
}

/// A visitor (side 0) of the company or, where its users are the platform's (1), of the platform, if it has been here.
const PERSON: &str = "select p.realm, p.side, p.aid, p.mid, p.account, p.nick, p.attributes
    from company c join person p on p.realm = case c.users when 1 then '' else c.id end
    where c.id = $1 and p.side = 0 and p.aid = $2
        and (c.users <> 1 or exists (select 1 from room r where r.id = $3 and r.company = $1))";

/// `realm` is a company: what a visitor of the platform tells one of them, no other one hears.
const ARRIVAL: &str = "select atype, browser, page, referrer, address, time from arrival
    where realm = $1 and aid = $2";

const ARRIVED: &str = "insert into arrival (realm, aid, atype, browser, page, referrer, address, time)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (realm, aid) do update set atype = excluded.atype, browser = excluded.browser,
        page = excluded.page, referrer = excluded.referrer, address = excluded.address, time = excluded.time
    where arrival.time <= excluded.time";

const TAGS: &str = "select tag from visitor_tag where company = $1 and aid = $2 order by tag";

const FORGET_TAGS: &str = "delete from visitor_tag where company = $1 and aid = $2";

const ADD_TAG: &str = "insert into visitor_tag (company, aid, tag, time) values ($1, $2, $3, $4)
    on conflict (company, aid, tag) do nothing";
