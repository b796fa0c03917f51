//! The kinds of work orders that companies have named.

use futures_util::FutureExt as _;
use nodechat_domain::model::{AuditLine, CompanyId, NamedOrderKind, OrderKind};
use nodechat_domain::port::{Answer, OrderKinds};
use nodechat_domain::{Error, limits};

use super::{Books, Row, Stop, audit};
use crate::stored;

impl OrderKinds for Books {
    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<NamedOrderKind>> {
        let asked = [company.into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move { tx.rows(ALL, &asked).await?.iter().map(kind).collect() }.boxed()
        })
    }

    fn put(&self, kind: NamedOrderKind, line: AuditLine) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (kind, line) = (kind.clone(), line.clone());
            async move {
                let row = [
                    (&kind.company).into(),
                    kind.kind.as_str().into(),
                    (&kind.label).into(),
                    kind.place.into(),
                ];
                tx.change(PUT, &row).await?;
                let count =
                    tx.row(COUNT, &[(&kind.company).into()]).await?.map_or(Ok(0), |row| row.number(0))?;
                if count > limits::ORDER_KINDS {
                    return Err(Error::conflict("there are 100 kinds of work orders already").into());
                }
                audit::note(tx, &line).await
            }
            .boxed()
        })
    }

    fn remove(&self, company: &CompanyId, kind: &OrderKind, line: AuditLine) -> Answer<'_, bool> {
        let asked = [company.into(), kind.as_str().into()];
        self.write(move |tx| {
            let (asked, line) = (asked.clone(), line.clone());
            async move {
                if tx.change(REMOVE, &asked).await? == 0 {
                    return Ok(false);
                }
                audit::note(tx, &line).await?;
                Ok(true)
            }
            .boxed()
        })
    }
}

fn kind(row: &Row) -> Result<NamedOrderKind, Stop> {
    Ok(NamedOrderKind {
        company: row.company(0)?,
        kind: OrderKind::parse(row.text(1)?).map_err(stored::unreadable)?,
        label: row.name(2)?,
        place: row.number(3)?,
    })
}

const ALL: &str = "select company, kind, label, place from order_kind
    where company = $1 order by place, kind"; // primary key
const PUT: &str = "insert into order_kind (company, kind, label, place) values ($1, $2, $3, $4)
    on conflict (company, kind) do update set label = excluded.label, place = excluded.place";
const COUNT: &str = "select count(*) from order_kind where company = $1"; // primary key
const REMOVE: &str = "delete from order_kind where company = $1 and kind = $2"; // primary key
