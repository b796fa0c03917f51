//! Who may administer what. An agent by its role, a key by its scopes; nobody makes anybody mightier than itself.

use crate::error::{Error, Result};
use crate::model::{
    AccountId, Actor, Agent, Caller, Company, Group, GroupId, PlatformCaller, Power, Role, Scopes, Secret,
    Users,
};
use crate::port::GroupChange;

/// Groups of one company.
const GROUPS: usize = 500;
/// Agents in one group.
const MEMBERS: usize = 2_000;

/// Whether the caller may add such an agent.
pub fn add_agent(caller: &Caller, agent: &Agent) -> Result<()> {
    caller.may_write("agents", Role::Admin)?;
    outranks_nobody(caller, agent.role)?;
    fits(agent)
}

/// Whether the caller may make the one out of the other. `other_owners`: the company's active owners besides this agent.
pub fn change_agent(caller: &Caller, before: &Agent, after: &Agent, other_owners: u32) -> Result<()> {
    fits(after)?;
    let same = (&before.company, &before.aid, before.created) == (&after.company, &after.aid, after.created);
    if !same {
        return Err(Error::internal("a change of an agent made another one of it"));
    }
    let renamed = Agent { nick: after.nick.clone(), ..before.clone() };
    if is(caller, &before.aid) && *after == renamed {
        return Ok(());
    }
    caller.may_write("agents", Role::Admin)?;
    outranks_nobody(caller, before.role)?;
    outranks_nobody(caller, after.role)?;
    let is_owner = |agent: &Agent| agent.active && agent.role == Role::Owner;
    if is_owner(before) && !is_owner(after) && other_owners == 0 {
        return Err(last_owner());
    }
    Ok(())
}

/// Whether the caller may give this agent another password without knowing the old one.
pub fn reset_password(caller: &Caller, agent: &Agent) -> Result<()> {
    caller.may_write("agents", Role::Admin)?;
    outranks_nobody(caller, agent.role)
}

/// Whether a program of the platform may make this company with this agent as its first. The scope is enough to make an
/// owner: somebody has to come in, and nobody is there yet.
pub fn found(caller: &PlatformCaller, company: &Company, owner: &Agent) -> Result<()> {
    caller.may_write("companies")?;
    if company.users != Users::Platform {
        return Err(Error::Forbidden);
    }
    first_owner(company, owner)
}

/// Whether a server can be set up with this company and this agent as its first.
pub fn set_up(company: &Company, owner: &Agent) -> Result<()> {
    first_owner(company, owner)
}

/// Whether the caller may say with what the company's site signs who its users are. A program that may vouch for people
/// itself may let others do so.
pub fn put_identity(caller: &Caller) -> Result<()> {
    caller.may_write("tokens", Role::Admin)
}

/// The company with this secret in the place of the former one.
pub fn with_identity(company: &Company, secret: Option<Secret>) -> Result<Company> {
    if secret.is_none() && company.identity.is_none() {
        return Err(Error::NotFound("identity secret"));
    }
    if secret.is_some() && company.users != Users::Own {
        return Err(Error::conflict("the users of this company are named by the platform"));
    }
    Ok(Company { identity: secret, ..company.clone() })
}

/// Whether everything of this agent may be erased. `other_owners` as above.
pub fn erase_agent(caller: &Caller, agent: &Agent, other_owners: u32) -> Result<()> {
    caller.may_write("persons", Role::Admin)?;
    outranks_nobody(caller, agent.role)?;
    if agent.active && agent.role == Role::Owner && other_owners == 0 {
        return Err(last_owner());
    }
    Ok(())
}

/// A group as it should be, among those that there are: names are told apart, and who stands in for whom is no circle.
pub fn put_group(groups: &[Group], group: Group) -> Result<GroupChange> {
    if group.name.as_str().trim().is_empty() {
        return Err(Error::Missing("name"));
    }
    if group.members.len() > MEMBERS {
        return Err(Error::invalid("members", "at most 2000"));
    }
    let others = || groups.iter().filter(|other| other.id != group.id);
    if others().any(|other| other.name == group.name) {
        return Err(Error::conflict("there is a group of this name already"));
    }
    if others().count() >= GROUPS {
        return Err(Error::conflict("a company has 500 groups at most"));
    }
    let mut next = group.fallback;
    // Those that are there form no circle, so a way through them ends, or comes by this group.
    for _ in 0..=groups.len() {
        let Some(id) = next else { break };
        if id == group.id {
            return Err(Error::conflict("groups would stand in for each other in a circle"));
        }
        let stand_in = others().find(|other| other.id == id);
        next = stand_in.ok_or_else(|| Error::invalid("fallback", "there is no such group"))?.fallback;
    }
    if groups.contains(&group) { Ok(GroupChange::Nothing) } else { Ok(GroupChange::Put(group)) }
}

pub fn drop_group(groups: &[Group], id: GroupId) -> Result<GroupChange> {
    let there = groups.iter().any(|group| group.id == id);
    if there { Ok(GroupChange::Drop(id)) } else { Err(Error::NotFound("group")) }
}

/// Whether the caller may make a key that opens this much.
pub fn add_key(caller: &Caller, scopes: Scopes) -> Result<()> {
    caller.may_write("keys", Role::Admin)?;
    let covered = match caller.power {
        Power::Role(role) => role == Role::Owner || scopes != Scopes::ALL,
        Power::Scopes(own) => own.includes(scopes),
        Power::All => true,
    };
    if covered { Ok(()) } else { Err(Error::Forbidden) }
}

/// Whether the caller is this agent.
pub fn is(caller: &Caller, aid: &AccountId) -> bool {
    matches!(&caller.actor, Actor::Agent(own) if own == aid)
}

fn first_owner(company: &Company, owner: &Agent) -> Result<()> {
    company.check()?;
    if owner.company != company.id || owner.role != Role::Owner || !owner.active {
        return Err(Error::internal("the first agent of a company is not its owner"));
    }
    fits(owner)
}

fn last_owner() -> Error {
    Error::conflict("this is the last owner of the company; make another one first")
}

fn outranks_nobody(caller: &Caller, role: Role) -> Result<()> {
    if role <= caller.role() { Ok(()) } else { Err(Error::Forbidden) }
}

fn fits(agent: &Agent) -> Result<()> {
    if agent.cap.is_some_and(|cap| cap == 0 || cap > 1_000) {
        return Err(Error::invalid("cap", "from 1 to 1000"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::error::Code;
    use crate::model::{CompanyId, Name};

    fn company() -> CompanyId {
        CompanyId::parse("c1").unwrap()
    }

    fn agent(aid: &str, role: Role) -> Agent {
        Agent {
            company: company(),
            aid: AccountId::parse(aid).unwrap(),
            mid: Name::default(),
            account: Name::default(),
            nick: Name::default(),
            role,
            cap: None,
            login: None,
            active: true,
            created: 1,
        }
    }

    fn caller(aid: &str, role: Role) -> Caller {
        let actor = Actor::Agent(AccountId::parse(aid).unwrap());
        Caller { actor, power: Power::Role(role), ..Caller::operator(company()) }
    }

    fn key(scopes: &[&str]) -> Caller {
        let scopes = Scopes::parse(scopes.iter().copied()).unwrap();
        Caller {
            actor: Actor::Key("0001".into()),
            power: Power::Scopes(scopes),
            ..Caller::operator(company())
        }
    }

    #[rstest::rstest]
    #[case::owner_makes_owner(Role::Owner, Role::Owner, true)]
    #[case::owner_makes_agent(Role::Owner, Role::Agent, true)]
    #[case::admin_makes_admin(Role::Admin, Role::Admin, true)]
    #[case::admin_makes_owner(Role::Admin, Role::Owner, false)]
    #[case::supervisor_makes_agent(Role::Supervisor, Role::Agent, false)]
    #[case::agent_makes_agent(Role::Agent, Role::Agent, false)]
    fn nobody_makes_anybody_mightier_than_itself(#[case] own: Role, #[case] new: Role, #[case] may: bool) {
        let caller = caller("boss", own);
        assert_eq!(add_agent(&caller, &agent("new", new)).is_ok(), may);
        let (before, after) = (agent("a", Role::Agent), agent("a", new));
        assert_eq!(change_agent(&caller, &before, &after, 1).is_ok(), may);
        assert_eq!(change_agent(&caller, &after, &before, 1).is_ok(), may);
        assert_eq!(reset_password(&caller, &after).is_ok(), may);
    }

    #[test]
    fn a_program_may_what_its_scopes_say_and_makes_no_owner() {
        let all = key(&["all"]);
        let agents = key(&["agents:write"]);
        assert!(add_agent(&agents, &agent("a", Role::Admin)).is_ok());
        assert!(add_agent(&agents, &agent("a", Role::Owner)).is_err());
        assert!(add_agent(&all, &agent("a", Role::Owner)).is_ok());
        assert!(add_agent(&key(&["agents:read"]), &agent("a", Role::Agent)).is_err());
        assert!(
            add_key(&key(&["keys:write", "agents:read"]), Scopes::parse(["agents:read"]).unwrap()).is_ok()
        );
        assert!(add_key(&key(&["keys:write"]), Scopes::parse(["agents:read"]).unwrap()).is_err());
        assert!(add_key(&caller("boss", Role::Admin), Scopes::ALL).is_err());
        assert!(add_key(&caller("boss", Role::Owner), Scopes::ALL).is_ok());
    }

    #[test]
    fn the_last_owner_stays_one() {
        let boss = caller("boss", Role::Owner);
        let owner = agent("boss", Role::Owner);
        for after in [Agent { active: false, ..owner.clone() }, Agent { role: Role::Admin, ..owner.clone() }]
        {
            assert_eq!(change_agent(&boss, &owner, &after, 0).unwrap_err().code(), Code::Conflict);
            assert!(change_agent(&boss, &owner, &after, 1).is_ok());
        }
    }

    #[test]
    fn who_administers_a_company_says_with_what_its_site_signs() {
        for (role, may) in
            [(Role::Owner, true), (Role::Admin, true), (Role::Supervisor, false), (Role::Agent, false)]
        {
            assert_eq!(put_identity(&caller("boss", role)).is_ok(), may);
        }
        assert!(put_identity(&key(&["tokens:write"])).is_ok());
        assert!(put_identity(&key(&["company:write"])).is_err(), "it may not vouch for people");
        let secret = || Some(Secret::presented("hush"));
        let shop = Company::new(company(), Name::parse("name", "Shop").unwrap());
        let signing = with_identity(&shop, secret()).unwrap();
        assert_eq!(signing.identity, secret());
        assert_eq!(with_identity(&signing, None).unwrap(), shop);
        assert_eq!(with_identity(&shop, None).unwrap_err().code(), Code::NotFound);
        let market = Company { users: Users::Platform, ..shop };
        assert_eq!(with_identity(&market, secret()).unwrap_err().code(), Code::Conflict);
    }

    #[test]
    fn everybody_may_change_its_own_name_and_nothing_else_of_itself() {
        let ann = caller("ann", Role::Agent);
        let before = agent("ann", Role::Agent);
        let renamed = Agent { nick: Name::parse("nick", "Ann").unwrap(), ..before.clone() };
        assert!(change_agent(&ann, &before, &renamed, 1).is_ok());
        let greedy = Agent { cap: Some(100), ..renamed.clone() };
        assert!(change_agent(&ann, &before, &greedy, 1).is_err());
        assert!(change_agent(&caller("bob", Role::Agent), &before, &renamed, 1).is_err());
    }

    #[test]
    fn the_last_owner_is_not_erased_and_nobody_erases_somebody_mightier() {
        let (boss, admin) = (caller("boss", Role::Owner), caller("adm", Role::Admin));
        let owner = agent("boss", Role::Owner);
        assert_eq!(erase_agent(&boss, &owner, 0).unwrap_err().code(), Code::Conflict);
        assert!(erase_agent(&boss, &owner, 1).is_ok());
        assert!(erase_agent(&boss, &Agent { active: false, ..owner.clone() }, 0).is_ok());
        assert_eq!(erase_agent(&admin, &owner, 1).unwrap_err().code(), Code::NotAllowed);
        assert!(erase_agent(&admin, &agent("a", Role::Agent), 1).is_ok());
        let keeper = key(&["persons:write"]);
        assert!(erase_agent(&keeper, &agent("a", Role::Admin), 1).is_ok());
        assert!(erase_agent(&key(&["agents:write"]), &agent("a", Role::Agent), 1).is_err());
        assert!(erase_agent(&caller("sup", Role::Supervisor), &agent("a", Role::Agent), 1).is_err());
    }

    #[test]
    fn the_platform_makes_companies_of_its_own_with_an_owner_each() {
        let platform = |scopes: &[&str]| PlatformCaller {
            key: crate::model::KeyId([7; 8]),
            scopes: Scopes::parse(scopes.iter().copied()).unwrap(),
            address: None,
        };
        let named =
            |users| Company { users, ..Company::new(company(), Name::parse("name", "Shop").unwrap()) };
        let (shop, owner) = (named(Users::Platform), agent("a", Role::Owner));
        assert!(found(&platform(&["companies:write"]), &shop, &owner).is_ok());
        for scopes in [&["companies:read"][..], &["company:write", "agents:write"]] {
            assert_eq!(found(&platform(scopes), &shop, &owner).unwrap_err().code(), Code::NotAllowed);
        }
        let all = platform(&["all"]);
        assert!(found(&all, &named(Users::Own), &owner).is_err());
        let unnamed = Company { name: Name::default(), ..shop.clone() };
        assert_eq!(found(&all, &unnamed, &owner).unwrap_err().code(), Code::Missing);
        assert!(found(&all, &shop, &agent("a", Role::Admin)).is_err());
    }

    fn group(number: u8, fallback: Option<u8>) -> Group {
        let id = |number| GroupId(uuid::Uuid::from_bytes([number; 16]));
        Group {
            company: company(),
            id: id(number),
            name: Name::parse("name", &format!("group {number}")).unwrap(),
            fallback: fallback.map(id),
            members: BTreeSet::new(),
            created: 1,
        }
    }

    #[test]
    fn who_stands_in_for_whom_is_no_circle() {
        let groups = [group(1, None), group(2, Some(1)), group(3, Some(2))];
        assert!(matches!(put_group(&groups, group(4, Some(3))), Ok(GroupChange::Put(_))));
        assert!(matches!(put_group(&groups, group(3, Some(1))), Ok(GroupChange::Put(_))));
        assert_eq!(put_group(&groups, group(3, Some(2))).unwrap(), GroupChange::Nothing);
        for circle in [group(1, Some(1)), group(1, Some(2)), group(1, Some(3))] {
            assert_eq!(put_group(&groups, circle).unwrap_err().code(), Code::Conflict);
        }
        assert_eq!(put_group(&groups, group(1, Some(9))).unwrap_err().code(), Code::Invalid);
        let namesake = Group { name: groups[0].name.clone(), ..group(5, None) };
        assert_eq!(put_group(&groups, namesake).unwrap_err().code(), Code::Conflict);
        assert!(drop_group(&groups, group(9, None).id).is_err());
    }
}
