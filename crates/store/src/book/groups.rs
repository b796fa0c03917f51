//! `Groups`: agents who know something.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::FutureExt as _;
use nodechat_domain::error::Error;
use nodechat_domain::model::{AccountId, AuditLine, CompanyId, Group, GroupId, Name};
use nodechat_domain::port::{Answer, DecideGroups, GroupChange, Groups};

use super::{Books, Deciding, Stop, Tx, audit, companies, desk};

impl Groups for Books {
    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<Group>> {
        let company = company.clone();
        self.read(move |tx| {
            let company = company.clone();
            async move { all(tx, &company).await }.boxed()
        })
    }

    fn change(&self, company: &CompanyId, decide: DecideGroups, line: AuditLine) -> Answer<'_, ()> {
        let (company, decide) = (company.clone(), Deciding::new(decide));
        self.write(move |tx| {
            let (company, decide, mut line) = (company.clone(), decide.clone(), line.clone());
            async move {
                companies::lock(tx, &company).await?;
                let groups = all(tx, &company).await?;
                match decide.ask(|decide| decide(&groups))? {
                    GroupChange::Nothing => return Ok(()),
                    GroupChange::Put(group) => {
                        let before = groups.iter().find(|before| before.id == group.id);
                        put(tx, before, &group).await?;
                        line.note = group.name.as_str().into();
                    }
                    GroupChange::Drop(id) => {
                        tx.change(sql::END_FALLBACKS, &[(&company).into(), id.into()]).await?;
                        tx.change(sql::DROP_MEMBERS, &[(&company).into(), id.into()]).await?;
                        tx.change(sql::DROP, &[(&company).into(), id.into()]).await?;
                    }
                }
                audit::note(tx, &line).await?;
                desk::unsettle(tx, &company).await
            }
            .boxed()
        })
    }

    fn of(&self, company: &CompanyId, aid: &AccountId) -> Answer<'_, Vec<(GroupId, Name)>> {
        let asked = [company.into(), aid.into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move {
                let rows = tx.rows(sql::OF_AGENT, &asked).await?;
                rows.iter().map(|row| Ok((GroupId(row.uuid(0)?), row.name(1)?))).collect()
            }
            .boxed()
        })
    }
}

/// All groups of a company by name, for whoever decides over them in a transaction of its own.
pub(crate) async fn all(tx: &Tx<'_>, company: &CompanyId) -> Result<Vec<Group>, Stop> {
    let mut members: BTreeMap<GroupId, BTreeSet<AccountId>> = BTreeMap::new();
    for row in tx.rows(sql::MEMBERS, &[company.into()]).await? {
        members.entry(GroupId(row.uuid(0)?)).or_default().insert(row.aid(1)?);
    }
    let rows = tx.rows(sql::ALL, &[company.into()]).await?;
    let groups = rows.iter().map(|row| {
        let id = GroupId(row.uuid(0)?);
        let fallback = row.maybe_bytes(2)?.map(|_| row.uuid(2)).transpose()?;
        Ok(Group {
            company: company.clone(),
            id,
            name: row.name(1)?,
            fallback: fallback.map(GroupId),
            members: members.remove(&id).unwrap_or_default(),
            created: row.time(3)?,
        })
    });
    groups.collect()
}

async fn put(tx: &Tx<'_>, before: Option<&Group>, group: &Group) -> Result<(), Stop> {
    let row = [
        (&group.company).into(),
        group.id.into(),
        (&group.name).into(),
        group.fallback.into(),
        group.created.into(),
    ];
    tx.change(sql::PUT, &row).await?;
    let nobody = BTreeSet::new();
    let members = before.map_or(&nobody, |before| &before.members);
    for gone in members.difference(&group.members) {
        tx.change(sql::DROP_MEMBER, &[(&group.company).into(), group.id.into(), gone.into()]).await?;
    }
    for new in group.members.difference(members) {
        let added = [(&group.company).into(), group.id.into(), new.into()];
        if tx.change(sql::ADD_MEMBER, &added).await? == 0 {
            return Err(Error::invalid("members", format!("there is no agent `{new}`")).into());
        }
    }
    Ok(())
}

pub(super) mod sql {
    crate::sql::statements! {
        ALL = "select id, name, fallback, created from agent_group where company = $1
            order by company, name"; // agent_group_name
        MEMBERS = "select of_group, aid from group_member where company = $1"; // primary key
        OF_AGENT = "select g.id, g.name from group_member m
            join agent_group g on g.company = m.company and g.id = m.of_group
            where m.company = $1 and m.aid = $2"; // group_member_aid, primary key
        PUT = "insert into agent_group (company, id, name, fallback, created) values ($1, $2, $3, $4, $5)
            on conflict (company, id) do update set name = excluded.name, fallback = excluded.fallback";
        DROP = "delete from agent_group where company = $1 and id = $2"; // primary key
        END_FALLBACKS = "update agent_group set fallback = null
            where company = $1 and fallback = $2"; // primary key
        ADD_MEMBER = "insert into group_member (company, of_group, aid)
            select company, $2, aid from agent where company = $1 and aid = $3"; // primary key
        DROP_MEMBER = "delete from group_member
            where company = $1 and of_group = $2 and aid = $3"; // primary key
        DROP_MEMBERS = "delete from group_member where company = $1 and of_group = $2"; // primary key
    }
}
