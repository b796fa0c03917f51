//! What was changed last, numbered for all companies together.

use futures_util::FutureExt as _;
use nodechat_domain::model::CompanyId;
use nodechat_domain::port::{Answer, Revision, Revisions};

use super::{Books, Row, Stop, Tx};

/// Says that something of this company's topic has changed, in the transaction that changes it. Last of all in it: from
/// here on every other revision waits until it is over.
pub(crate) async fn revise(tx: &Tx<'_>, company: &CompanyId, topic: &'static str) -> Result<(), Stop> {
    let number = tx.row(NEXT, &[]).await?.map_or(Ok(0), |row| row.number(0))?;
    tx.change(REVISE, &[company.as_str().into(), topic.into(), number.into()]).await?;
    Ok(())
}

impl Revisions for Books {
    fn changed(&self, after: i64) -> Answer<'_, Vec<Revision>> {
        self.read(move |tx| {
            async move {
                let rows = tx.rows(CHANGED, &[after.into()]).await?;
                let revision = |row: &Row| {
                    Ok(Revision {
                        company: row.company(0)?,
                        topic: row.text(1)?.into(),
                        number: row.number(2)?,
                    })
                };
                rows.iter().map(revision).collect()
            }
            .boxed()
        })
    }

    fn latest(&self) -> Answer<'_, i64> {
        self.read(|tx| async move { tx.row(LATEST, &[]).await?.map_or(Ok(0), |row| row.number(0)) }.boxed())
    }
}

// The row is locked until the transaction is over, so that numbers are seen in their order.
const NEXT: &str = "insert into revision (company, topic, number) values ('', '', 1)
    on conflict (company, topic) do update set number = revision.number + 1 returning number";
const REVISE: &str = "insert into revision (company, topic, number) values ($1, $2, $3)
    on conflict (company, topic) do update set number = excluded.number";
// revision_number
const CHANGED: &str =
    "select company, topic, number from revision where number > $1 and company <> '' order by number";
const LATEST: &str = "select number from revision where company = '' and topic = ''"; // primary key
