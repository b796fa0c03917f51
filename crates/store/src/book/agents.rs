//! `Agents`: the people who work for a company.

use futures_util::FutureExt as _;
use nodechat_domain::error::Error;
use nodechat_domain::model::{AccountId, Agent, AuditLine, CompanyId, Login, PasswordHash, Role};
use nodechat_domain::port::{AgentQuery, Agents, Answer, DecideAgent};

use super::{Books, Deciding, Row, Stop, Tx, audit, companies, desk};
use crate::stored;
use crate::value::Value;

impl Agents for Books {
    fn find(&self, company: &CompanyId, aid: &AccountId) -> Answer<'_, Option<Agent>> {
        let (company, aid) = (company.clone(), aid.clone());
        self.read(move |tx| {
            let (company, aid) = (company.clone(), aid.clone());
            async move { find(tx, &company, &aid).await }.boxed()
        })
    }

    fn by_login(&self, company: &CompanyId, login: &Login) -> Answer<'_, Option<(Agent, PasswordHash)>> {
        let asked = [company.into(), login.as_str().into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move {
                let Some(row) = tx.row(sql::BY_LOGIN, &asked).await? else { return Ok(None) };
                let hash = row.maybe_text(COLUMNS)?.map(|hash| PasswordHash(hash.into()));
                hash.map(|hash| agent(&row).map(|agent| (agent, hash))).transpose()
            }
            .boxed()
        })
    }

    fn page(&self, query: AgentQuery) -> Answer<'_, Vec<Agent>> {
        self.read(move |tx| {
            let query = query.clone();
            async move { page(tx, &query).await }.boxed()
        })
    }

    fn add(&self, agent: Agent, password: Option<PasswordHash>, line: AuditLine) -> Answer<'_, ()> {
        self.write(move |tx| {
            let (agent, password, line) = (agent.clone(), password.clone(), line.clone());
            async move {
                companies::lock(tx, &agent.company).await?;
                add(tx, &agent, password, &line).await
            }
            .boxed()
        })
    }

    fn change(
        &self,
        company: &CompanyId,
        aid: &AccountId,
        decide: DecideAgent,
        line: AuditLine,
    ) -> Answer<'_, Agent> {
        let (company, aid, decide) = (company.clone(), aid.clone(), Deciding::new(decide));
        self.write(move |tx| {
            let (company, aid, decide, mut line) =
                (company.clone(), aid.clone(), decide.clone(), line.clone());
            async move {
                companies::lock(tx, &company).await?;
                let before = find(tx, &company, &aid).await?.ok_or(Error::NotFound("agent"))?;
                let owners = other_owners(tx, &before).await?;
                let after = decide.ask(|decide| decide(&before, owners))?;
                if after == before {
                    return Ok(before);
                }
                if let Some(login) =
                    after.login.as_ref().filter(|login| Some(*login) != before.login.as_ref())
                {
                    let taken = tx.row(sql::BY_LOGIN, &[(&company).into(), login.as_str().into()]).await?;
                    if taken.is_some() {
                        return Err(Error::conflict("somebody has this login already").into());
                    }
                }
                put(tx, &after).await?;
                line.note = differences(&before, &after).into();
                audit::note(tx, &line).await?;
                desk::unsettle(tx, &company).await?;
                Ok(after)
            }
            .boxed()
        })
    }

    fn set_password(
        &self,
        company: &CompanyId,
        aid: &AccountId,
        password: PasswordHash,
        line: AuditLine,
    ) -> Answer<'_, bool> {
        let row: [Value; 3] = [company.into(), aid.into(), password.0.into()];
        self.write(move |tx| {
            let (row, line) = (row.clone(), line.clone());
            async move {
                if tx.change(sql::SET_PASSWORD, &row).await? == 0 {
                    return Ok(false);
                }
                audit::note(tx, &line).await?;
                Ok(true)
            }
            .boxed()
        })
    }

    fn enter(&self, agent: Agent) -> Answer<'_, Agent> {
        self.write(move |tx| {
            let agent = agent.clone();
            async move { enter(tx, &agent).await }.boxed()
        })
    }
}

/// An agent, for whoever decides over it in a transaction of its own.
pub(crate) async fn find(tx: &Tx<'_>, company: &CompanyId, aid: &AccountId) -> Result<Option<Agent>, Stop> {
    tx.row(sql::FIND, &[company.into(), aid.into()]).await?.as_ref().map(agent).transpose()
}

/// The other active owners of the agent's company, whose lock whoever asks holds.
pub(crate) async fn other_owners(tx: &Tx<'_>, agent: &Agent) -> Result<u32, Stop> {
    let others = [(&agent.company).into(), Role::Owner.stored().into(), (&agent.aid).into()];
    tx.row(sql::OTHER_OWNERS, &others).await?.map_or(Ok(0), |row| row.count(0))
}

/// A new one, with its line in the audit. Whoever adds it holds the lock of its company.
pub(crate) async fn add(
    tx: &Tx<'_>,
    agent: &Agent,
    password: Option<PasswordHash>,
    line: &AuditLine,
) -> Result<(), Stop> {
    let mut row = columns(agent);
    row.push(password.map(|hash| hash.0).into());
    if tx.change(sql::ADD, &row).await? == 0 {
        return Err(Error::conflict("there is such an agent, or somebody with this login").into());
    }
    audit::note(tx, line).await
}

/// In the place of the one with its id.
pub(crate) async fn put(tx: &Tx<'_>, agent: &Agent) -> Result<(), Stop> {
    tx.change(sql::CHANGE, &columns(agent)).await.map(drop)
}

/// Enters somebody who comes with a token of the host site; as it is then.
pub(crate) async fn enter(tx: &Tx<'_>, new: &Agent) -> Result<Agent, Stop> {
    if let Some(known) = find(tx, &new.company, &new.aid).await? {
        let named = Agent {
            mid: new.mid.clone(),
            account: new.account.clone(),
            nick: new.nick.clone(),
            ..known.clone()
        };
        if known.login.is_some() || named == known {
            return Ok(known);
        }
        tx.change(sql::CHANGE, &columns(&named)).await?;
        desk::unsettle(tx, &new.company).await?;
        return Ok(named);
    }
    let mut row = columns(new);
    row.push(Value::Null);
    tx.change(sql::ADD, &row).await?;
    // Another node may have been quicker.
    Ok(find(tx, &new.company, &new.aid).await?.ok_or_else(|| stored::broken("an agent was not entered"))?)
}

/// Behind a page of the table those that do not fit are left out, and more is read until the page is full.
async fn page(tx: &Tx<'_>, query: &AgentQuery) -> Result<Vec<Agent>, Stop> {
    const AT_ONCE: i64 = 200;
    let mut found = Vec::new();
    let mut after = query.after.as_ref().map_or("", |aid| aid.as_str()).to_owned();
    let text = query.text.as_ref().map(|text| text.to_lowercase());
    loop {
        let rows = match query.group {
            Some(group) => {
                let asked = [(&query.company).into(), after.as_str().into(), AT_ONCE.into(), group.into()];
                tx.rows(sql::PAGE_OF_GROUP, &asked).await?
            }
            None => {
                let asked = [(&query.company).into(), after.as_str().into(), AT_ONCE.into()];
                tx.rows(sql::PAGE, &asked).await?
            }
        };
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.text(1)?.to_owned();
        for row in &rows {
            let agent = agent(row)?;
            let has = |text: &String| {
                agent.nick.as_str().to_lowercase().contains(text)
                    || agent.login.as_ref().is_some_and(|login| login.as_str().contains(text))
            };
            let fits = query.role.is_none_or(|role| role == agent.role)
                && query.active.is_none_or(|active| active == agent.active)
                && text.as_ref().is_none_or(has);
            if fits {
                found.push(agent);
            }
            if found.len() >= query.limit {
                return Ok(found);
            }
        }
    }
}

fn differences(before: &Agent, after: &Agent) -> String {
    let role = format!("role {}", after.role.name());
    let active = if after.active { "active" } else { "not active" };
    let all = [
        (before.role != after.role, role.as_str()),
        (before.active != after.active, active),
        (before.nick != after.nick, "nick"),
        (before.cap != after.cap, "cap"),
        (before.login != after.login, "login"),
        ((&before.mid, &before.account) != (&after.mid, &after.account), "names of the host site"),
    ];
    all.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what).collect::<Vec<_>>().join(", ")
}

const COLUMNS: usize = 10;

fn columns(agent: &Agent) -> Vec<Value> {
    vec![
        (&agent.company).into(),
        (&agent.aid).into(),
        (&agent.mid).into(),
        (&agent.account).into(),
        (&agent.nick).into(),
        agent.role.stored().into(),
        agent.cap.into(),
        agent.login.as_ref().map(Login::as_str).into(),
        agent.active.into(),
        agent.created.into(),
    ]
}

/// From the columns in the order of [`columns`].
fn agent(row: &Row) -> Result<Agent, Stop> {
    let login = row.maybe_text(7)?.map(Login::parse).transpose().map_err(stored::unreadable)?;
    let cap = row.maybe_number(6)?.map(|_| row.count(6)).transpose()?;
    Ok(Agent {
        company: row.company(0)?,
        aid: row.aid(1)?,
        mid: row.name(2)?,
        account: row.name(3)?,
        nick: row.name(4)?,
        role: Role::from_stored(row.number(5)?).map_err(stored::unreadable)?,
        cap,
        login,
        active: row.flag(8)?,
        created: row.time(9)?,
    })
}

pub(super) mod sql {
    macro_rules! agent_columns {
        () => {
            "a.company, a.aid, a.mid, a.account, a.nick, a.role, a.cap, a.login, a.active, a.created"
        };
    }

    crate::sql::statements! {
        FIND = concat!("select ", agent_columns!(), " from agent a
            where a.company = $1 and a.aid = $2"); // primary key
        BY_LOGIN = concat!("select ", agent_columns!(), ", a.password from agent a
            where a.company = $1 and a.login = $2"); // agent_login
        PAGE = concat!("select ", agent_columns!(), " from agent a
            where a.company = $1 and a.aid > $2 order by a.company, a.aid limit $3"); // primary key
        PAGE_OF_GROUP = concat!("select ", agent_columns!(), " from group_member m
            join agent a on a.company = m.company and a.aid = m.aid
            where m.company = $1 and m.aid > $2 and m.of_group = $4
            order by m.company, m.of_group, m.aid limit $3"); // both primary keys
        /// Found by company and role among those of the company.
        OTHER_OWNERS = "select count(*) from agent
            where company = $1 and role = $2 and active = 1 and aid <> $3"; // primary key
        ADD = "insert into agent
            (company, aid, mid, account, nick, role, cap, login, active, created, password)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing";
        CHANGE = "update agent set mid = $3, account = $4, nick = $5, role = $6, cap = $7, login = $8,
            active = $9, created = $10, password = case when cast($8 as text) is null then null else password end
            where company = $1 and aid = $2"; // primary key
        SET_PASSWORD = "update agent set password = $3
            where company = $1 and aid = $2 and login is not null"; // primary key
    }
}
