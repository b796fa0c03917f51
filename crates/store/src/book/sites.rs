//! `Sites`: pages of which origins have shown a company's face.

use futures_util::FutureExt as _;
use nodechat_domain::limits;
use nodechat_domain::model::{CompanyId, Origin, Site, Time};
use nodechat_domain::port::{Answer, Sites};

use super::{Books, Row, Stop, companies};
use crate::stored::broken;
use crate::value::Value;

impl Sites for Books {
    fn saw(&self, company: &CompanyId, origin: &Origin, now: Time) -> Answer<'_, ()> {
        let (company, origin) = (company.clone(), Value::from(origin.as_str()));
        self.write(move |tx| {
            let (company, origin) = (company.clone(), origin.clone());
            async move {
                let site = [(&company).into(), origin, now.into()];
                if tx.change(SEE, &site).await? > 0 {
                    return Ok(());
                }
                // So that two new ones at once are counted one after the other.
                companies::lock(tx, &company).await?;
                tx.change(ADD, &site).await?;
                tx.change(KEEP, &[(&company).into(), Value::Number(limits::SITES)]).await.map(drop)
            }
            .boxed()
        })
    }

    fn of(&self, company: &CompanyId) -> Answer<'_, Vec<Site>> {
        let company = company.clone();
        self.read(move |tx| {
            let company = company.clone();
            async move { tx.rows(OF, &[(&company).into()]).await?.iter().map(site).collect() }.boxed()
        })
    }
}

fn site(row: &Row) -> Result<Site, Stop> {
    let origin = Origin::parse(row.text(0)?);
    let origin = origin.ok_or_else(|| broken("an origin in the database is none"))?;
    Ok(Site { origin, first: row.time(1)?, last: row.time(2)? })
}

// Clocks may jump; what was seen stays seen.
const SEE: &str = "update site set last_seen = case when last_seen > $3 then last_seen else $3 end
    where company = $1 and origin = $2"; // primary key
const ADD: &str = "insert into site (company, origin, first_seen, last_seen) values ($1, $2, $3, $3)
    on conflict (company, origin) do nothing";
/// All but the last ones, whose number is the second parameter.
const KEEP: &str = "delete from site where company = $1 and origin in (
    select origin from site where company = $1 order by last_seen desc, origin limit 1000 offset $2)"; // primary key
const OF: &str = "select origin, first_seen, last_seen from site
    where company = $1 order by last_seen desc, origin"; // primary key
