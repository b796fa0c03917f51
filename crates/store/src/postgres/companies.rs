//! `Companies`.

use nodechat_domain::error::Error;
use nodechat_domain::model::{Company, CompanyId, Time};
use nodechat_domain::port::{Answer, Companies};
use tokio_postgres::Row;

use super::failure::Stop;
use super::{Store, row};
use crate::{sql, stored};

impl Companies for Store {
    fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>> {
        let id = id.clone();
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let found = row::one(&db, sql::COMPANY, &[&id.as_str()], company).await;
            db.done(found)
        })
    }

    fn add(&self, company: Company, now: Time) -> Answer<'_, ()> {
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[
                &company.id.as_str(),
                &company.name.as_str(),
                &stored::users_number(company.users),
                &i64::from(company.anonymous),
                &i64::from(company.private_files),
                &i64::from(company.demo),
                &company.origins.join("\n"),
                &now,
            ];
            let added = row::change(&db, sql::ADD_COMPANY, params).await;
            match db.done(added)? {
                0 => Err(Error::conflict("there is a company of this id already").into()),
                _ => Ok(()),
            }
        })
    }

    fn all(&self) -> Answer<'_, Vec<Company>> {
        self.pool.answer(async move {
            let db = self.pool.lend().await?;
            let all = row::all(&db, sql::COMPANIES, &[], company).await;
            db.done(all)
        })
    }
}

fn company(row: &Row) -> Result<Company, Stop> {
    let flag = |column: usize| row.try_get::<_, i64>(column).map(|flag| flag != 0);
    Ok(Company {
        id: CompanyId::parse(row.try_get(0)?).map_err(stored::unreadable)?,
        name: stored::name(row.try_get(1)?)?,
        users: stored::users(row.try_get(2)?)?,
        anonymous: flag(3)?,
        private_files: flag(4)?,
        demo: flag(5)?,
        origins: row.try_get::<_, &str>(6)?.lines().map(Into::into).collect(),
    })
}
