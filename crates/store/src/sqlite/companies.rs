//! `Companies`.

use nodechat_domain::error::Error;
use nodechat_domain::model::{Company, CompanyId, Time};
use nodechat_domain::port::{Answer, Companies};
use rusqlite::{Row, params};

use super::failure::Stop;
use super::writer::Written;
use super::{Store, row};
use crate::{sql, stored};

impl Companies for Store {
    fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>> {
        let id = id.clone();
        self.readers.read(move |db| row::one(db, sql::COMPANY, [id.as_str()], company))
    }

    fn add(&self, company: Company, now: Time) -> Answer<'_, ()> {
        self.writer.write(move |db| {
            let params = params![
                company.id.as_str(),
                company.name.as_str(),
                stored::users_number(company.users),
                company.anonymous,
                company.private_files,
                company.demo,
                company.origins.join("\n"),
                now
            ];
            match row::change(db, sql::ADD_COMPANY, params)? {
                0 => Err(Error::conflict("there is a company of this id already").into()),
                _ => Ok(Written::quietly(())),
            }
        })
    }

    fn all(&self) -> Answer<'_, Vec<Company>> {
        self.readers.read(|db| row::all(db, sql::COMPANIES, [], company))
    }
}

fn company(row: &Row<'_>) -> Result<Company, Stop> {
    Ok(Company {
        id: CompanyId::parse(row::text(row, 0)?).map_err(stored::unreadable)?,
        name: stored::name(row::text(row, 1)?)?,
        users: stored::users(row.get(2)?)?,
        anonymous: row.get(3)?,
        private_files: row.get(4)?,
        demo: row.get(5)?,
        origins: row::text(row, 6)?.lines().map(Into::into).collect(),
    })
}
