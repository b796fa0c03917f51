//! `Companies`: companies and their settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt as _;
use nodechat_domain::error::Error;
use nodechat_domain::model::{
    Actor, Agent, AuditLine, Company, CompanyId, PasswordHash, Secret, Settings, Time,
};
use nodechat_domain::port::{Answer, Companies, DecideCompany, PlatformCompanies, revised};

use super::{Books, Deciding, Row, Stop, Tx, agents, audit, desk, revisions};
use crate::stored;
use crate::value::Value;

impl Companies for Books {
    fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>> {
        let id = id.clone();
        self.read(move |tx| {
            let id = id.clone();
            async move { find(tx, &id).await }.boxed()
        })
    }

    fn add(&self, company: Company, now: Time) -> Answer<'_, ()> {
        self.write(move |tx| {
            let company = company.clone();
            async move {
                add(tx, &company, &made(&company, now)).await?;
                revisions::revise(tx, &company.id, revised::COMPANY).await
            }
            .boxed()
        })
    }

    fn change(&self, id: &CompanyId, decide: DecideCompany, line: AuditLine) -> Answer<'_, Company> {
        let (id, decide) = (id.clone(), Deciding::new(decide));
        self.write(move |tx| {
            let (id, mut line, decide) = (id.clone(), line.clone(), decide.clone());
            async move {
                lock(tx, &id).await?;
                let before = find(tx, &id).await?.ok_or(Error::NotFound("company"))?;
                let mut after = decide.ask(|decide| decide(&before))?;
                after.users = before.users;
                let differences = before.differences(&after);
                if before.id != after.id {
                    return Err(stored::broken("a change of a company made another one of it").into());
                }
                if differences.is_empty() {
                    return Ok(before);
                }
                tx.change(sql::CHANGE, &columns(&after)).await?;
                set(tx, &after, &before.settings).await?;
                line.note = differences.join(" ").into();
                audit::note(tx, &line).await?;
                desk::unsettle(tx, &id).await?;
                revisions::revise(tx, &id, revised::COMPANY).await?;
                Ok(after)
            }
            .boxed()
        })
    }

    fn all(&self) -> Answer<'_, Vec<Company>> {
        self.read(|tx| {
            async move {
                let settings = tx.rows(sql::SETTINGS_OF_ALL, &[]).await?;
                whole(&tx.rows(sql::COMPANIES, &[]).await?, &settings)
            }
            .boxed()
        })
    }
}

impl PlatformCompanies for Books {
    fn found(
        &self,
        company: Company,
        owner: Agent,
        password: PasswordHash,
        line: AuditLine,
    ) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (company, owner, password, line) =
                (company.clone(), owner.clone(), password.clone(), line.clone());
            async move { found(tx, &company, &owner, password, line).await }.boxed()
        })
    }

    fn page(&self, after: Option<CompanyId>, limit: usize) -> Answer<'_, Vec<Company>> {
        self.read(move |tx| {
            let after: Value = after.as_ref().map_or("", CompanyId::as_str).into();
            async move {
                let rows = tx.rows(sql::OF_PLATFORM, &[after.clone(), Value::Number(limit as i64)]).await?;
                let Some(last) = rows.last() else { return Ok(Vec::new()) };
                let settings = tx.rows(sql::SETTINGS_BETWEEN, &[after, last.text(0)?.into()]).await?;
                whole(&rows, &settings)
            }
            .boxed()
        })
    }
}

/// Companies with their settings, whatever other settings there are beside them.
fn whole(companies: &[Row], all_settings: &[Row]) -> Result<Vec<Company>, Stop> {
    let mut settings: BTreeMap<CompanyId, Settings> = BTreeMap::new();
    for row in all_settings {
        let settings = settings.entry(row.company(0)?).or_default();
        settings.set(row.text(1)?, row.text(2)?).map_err(stored::unreadable)?;
    }
    let one = |row: &Row| company(row, settings.remove(&row.company(0)?).unwrap_or_default());
    companies.iter().map(one).collect()
}

/// A company and the first who logs in there, each with its line in the audit.
pub(super) async fn found(
    tx: &Tx<'_>,
    company: &Company,
    owner: &Agent,
    password: PasswordHash,
    line: AuditLine,
) -> Result<(), Stop> {
    add(tx, company, &line).await?;
    let aid = owner.aid.as_str().into();
    let line = AuditLine { act: "agent.create", subject: aid, note: owner.role.name().into(), ..line };
    agents::add(tx, owner, Some(password), &line).await?;
    revisions::revise(tx, &company.id, revised::COMPANY).await
}

async fn add(tx: &Tx<'_>, company: &Company, line: &AuditLine) -> Result<(), Stop> {
    let mut row = columns(company);
    row.push(line.time.into());
    if tx.change(sql::ADD, &row).await? == 0 {
        return Err(Error::conflict("there is a company of this id already").into());
    }
    set(tx, company, &Settings::default()).await?;
    audit::note(tx, line).await
}

/// A company with its settings, for whoever decides over it in a transaction of its own.
pub(crate) async fn find(tx: &Tx<'_>, id: &CompanyId) -> Result<Option<Company>, Stop> {
    let Some(row) = tx.row(sql::FIND, &[id.into()]).await? else { return Ok(None) };
    Ok(Some(company(&row, settings(tx, id).await?)?))
}

/// The settings of a company, also of one that nobody has made.
pub(crate) async fn settings(tx: &Tx<'_>, id: &CompanyId) -> Result<Settings, Stop> {
    let mut settings = Settings::default();
    for row in tx.rows(sql::SETTINGS, &[id.into()]).await? {
        // A setting of a later version is not ours to judge.
        settings.set(row.text(0)?, row.text(1)?).map_err(stored::unreadable)?;
    }
    Ok(settings)
}

/// Keeps two from administering one company at once, until the transaction is over.
pub(crate) async fn lock(tx: &Tx<'_>, id: &CompanyId) -> Result<(), Stop> {
    tx.change(sql::LOCK, &[id.into()]).await?;
    Ok(())
}

/// Makes the settings those of the company.
async fn set(tx: &Tx<'_>, company: &Company, before: &Settings) -> Result<(), Stop> {
    let unusual: BTreeMap<_, _> = company.settings.unusual().into_iter().collect();
    for name in company.settings.differences(before) {
        match unusual.get(name) {
            Some(value) => {
                tx.change(sql::SET, &[(&company.id).into(), name.into(), value.as_str().into()]).await?
            }
            None => tx.change(sql::UNSET, &[(&company.id).into(), name.into()]).await?,
        };
    }
    Ok(())
}

fn columns(company: &Company) -> Vec<Value> {
    vec![
        (&company.id).into(),
        (&company.name).into(),
        stored::users_number(company.users).into(),
        company.anonymous.into(),
        company.private_files.into(),
        company.demo.into(),
        company.origins.join("\n").into(),
        company.identity.as_ref().map(Secret::reveal).into(),
    ]
}

fn company(row: &Row, settings: Settings) -> Result<Company, Stop> {
    Ok(Company {
        id: row.company(0)?,
        name: row.name(1)?,
        users: stored::users(row.number(2)?)?,
        anonymous: row.flag(3)?,
        private_files: row.flag(4)?,
        demo: row.flag(5)?,
        origins: row.text(6)?.lines().map(Into::into).collect(),
        identity: row.maybe_text(7)?.map(Secret::presented),
        settings: Arc::new(settings),
    })
}

fn made(company: &Company, now: Time) -> AuditLine {
    AuditLine {
        company: company.id.clone(),
        time: now,
        actor: Actor::Operator,
        act: "company.create",
        subject: company.id.as_str().into(),
        note: company.name.as_str().into(),
        address: None,
    }
}

pub(super) mod sql {
    crate::sql::statements! {
        FIND = "select id, name, users, anonymous, private_files, demo, origins, identity_secret
            from company where id = $1"; // primary key
        COMPANIES = "select id, name, users, anonymous, private_files, demo, origins, identity_secret
            from company order by id"; // primary key
        /// Whose users are the platform's.
        OF_PLATFORM = "select id, name, users, anonymous, private_files, demo, origins, identity_secret
            from company where users = 1 and id > $1 order by id limit $2"; // primary key
        SETTINGS_BETWEEN = "select company, name, value from setting
            where company > $1 and company <= $2 order by company, name"; // primary key
        ADD = "insert into company (id, name, users, anonymous, private_files, demo, origins, identity_secret,
            created) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing";
        CHANGE = "update company set name = $2, users = $3, anonymous = $4, private_files = $5, demo = $6,
            origins = $7, identity_secret = $8 where id = $1"; // primary key
        LOCK = "update company set name = name where id = $1"; // primary key
        SETTINGS = "select name, value from setting where company = $1"; // primary key
        SETTINGS_OF_ALL = "select company, name, value from setting order by company, name"; // primary key
        SET = "insert into setting (company, name, value) values ($1, $2, $3)
            on conflict (company, name) do update set value = excluded.value";
        UNSET = "delete from setting where company = $1 and name = $2"; // primary key
    }
}
