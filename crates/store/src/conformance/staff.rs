//! Agents, groups, keys: who works for a company, and nobody of another one.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use nodechat_domain::decide::admin as decide;
use nodechat_domain::error::Code;
use nodechat_domain::model::{
    AccountId, Agent, ApiKey, AuditLine, Caller, Company, Group, GroupId, KeyId, Login, PasswordHash, Realm,
    Role, Scopes,
};
use nodechat_domain::port::{AgentQuery, Agents, Audit, AuditQuery, Companies, GroupChange, Groups, Keys};

use super::stage::{Stage, agent as person, company_id, hash, name};
use crate::Books;

async fn books(stage: &Stage) -> Books {
    let books = stage.books();
    for id in ["c1", "c2"] {
        Companies::add(&books, Company::new(company_id(id), name(id)), 1).await.unwrap();
    }
    books
}

fn aid(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn agent(id: &str, role: Role) -> Agent {
    let seen = Agent::seen(company_id("c1"), &person(id), 5);
    Agent { role, login: Some(Login::parse(id).unwrap()), ..seen }
}

fn line(act: &'static str, subject: &str) -> AuditLine {
    Caller::operator(company_id("c1")).line(9, act, subject)
}

async fn add(books: &Books, agent: Agent) {
    let hash = agent.login.as_ref().map(|login| PasswordHash(format!("$hash of {login}").into()));
    let line = line("agent.create", agent.aid.as_str());
    Agents::add(books, agent, hash, line).await.unwrap();
}

async fn find(books: &Books, id: &str) -> Option<Agent> {
    Agents::find(books, &company_id("c1"), &aid(id)).await.unwrap()
}

pub async fn an_agent_is_found_by_what_it_logs_in_with(stage: &Stage) {
    let books = books(stage).await;
    let boss = Agent { cap: Some(3), ..agent("boss", Role::Owner) };
    add(&books, boss.clone()).await;
    assert_eq!(find(&books, "boss").await, Some(boss.clone()));
    let by_login = |company: &str, login: &str| {
        Agents::by_login(&books, &company_id(company), &Login::parse(login).unwrap())
    };
    let (found, hash) = by_login("c1", "BOSS").await.unwrap().unwrap();
    assert_eq!((found, &*hash.0), (boss.clone(), "$hash of boss"));
    assert!(by_login("c2", "boss").await.unwrap().is_none());
    assert!(by_login("c1", "other").await.unwrap().is_none());
    // Somebody who comes by tokens has no login to be found by.
    Agents::enter(&books, Agent::seen(company_id("c1"), &person("token"), 5)).await.unwrap();
    assert!(by_login("c1", "token").await.unwrap().is_none());
    let set = |id: &str| {
        let hash = PasswordHash("$another".into());
        Agents::set_password(&books, &company_id("c1"), &aid(id), hash, line("agent.password", id))
    };
    assert!(set("boss").await.unwrap());
    assert!(!set("token").await.unwrap() && !set("nobody").await.unwrap());
    assert_eq!(&*by_login("c1", "boss").await.unwrap().unwrap().1.0, "$another");
}

pub async fn logins_and_account_ids_are_taken_once(stage: &Stage) {
    let books = books(stage).await;
    add(&books, agent("boss", Role::Owner)).await;
    for double in [
        agent("boss", Role::Agent),
        Agent { aid: aid("other"), ..agent("boss", Role::Agent) },
        Agent { login: None, ..agent("boss", Role::Agent) },
    ] {
        let refused = Agents::add(&books, double, None, line("agent.create", "x")).await.unwrap_err();
        assert_eq!(refused.code(), Code::Conflict);
    }
    // Another company has a boss of its own.
    let theirs = Agent { company: company_id("c2"), ..agent("boss", Role::Agent) };
    Agents::add(&books, theirs, None, line("agent.create", "boss")).await.unwrap();
    assert_eq!(find(&books, "boss").await.unwrap().role, Role::Owner);
    add(&books, agent("ann", Role::Agent)).await;
    let grab = |before: &Agent, _| Ok(Agent { login: Some(Login::parse("boss").unwrap()), ..before.clone() });
    let grabbed =
        Agents::change(&books, &company_id("c1"), &aid("ann"), Box::new(grab), line("agent.change", "ann"));
    assert_eq!(grabbed.await.unwrap_err().code(), Code::Conflict);
    let leave = |before: &Agent, _| Ok(Agent { login: None, ..before.clone() });
    let left =
        Agents::change(&books, &company_id("c1"), &aid("ann"), Box::new(leave), line("agent.change", "ann"));
    assert_eq!(left.await.unwrap().login, None);
    assert!(
        Agents::by_login(&books, &company_id("c1"), &Login::parse("ann").unwrap()).await.unwrap().is_none()
    );
}

pub async fn of_two_owners_who_dismiss_each_other_one_stays(stage: &Stage) {
    let books = books(stage).await;
    let owners: Vec<_> = (0..8).map(|number| format!("owner-{number}")).collect();
    for owner in &owners {
        add(&books, agent(owner, Role::Owner)).await;
    }
    let dismissing: Vec<_> = owners
        .iter()
        .map(|owner| {
            let (books, owner) = (books.clone(), owner.clone());
            let caller = Caller::operator(company_id("c1"));
            let dismiss = move |before: &Agent, others| {
                let after = Agent { active: false, ..before.clone() };
                decide::change_agent(&caller, before, &after, others).map(|()| after)
            };
            tokio::spawn(async move {
                let line = line("agent.change", &owner);
                Agents::change(&books, &company_id("c1"), &aid(&owner), Box::new(dismiss), line).await
            })
        })
        .collect();
    let mut refused = 0;
    for dismissed in dismissing {
        match dismissed.await.unwrap() {
            Ok(agent) => assert!(!agent.active),
            Err(error) => {
                assert_eq!(error.code(), Code::Conflict);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 1);
    let query = AgentQuery { active: Some(true), ..AgentQuery::of(company_id("c1"), 10) };
    assert_eq!(Agents::page(&books, query).await.unwrap().len(), 1);
}

pub async fn somebody_who_comes_by_a_token_is_entered_and_named_anew(stage: &Stage) {
    let books = books(stage).await;
    let seen = |nick: &str| Agent { nick: name(nick), ..Agent::seen(company_id("c1"), &person("ann"), 5) };
    let entering: Vec<_> = (0..16)
        .map(|_| {
            let (books, agent) = (books.clone(), seen("Ann"));
            tokio::spawn(async move { Agents::enter(&books, agent).await })
        })
        .collect();
    for entered in entering {
        assert_eq!(entered.await.unwrap().unwrap(), seen("Ann"));
    }
    let promote =
        |before: &Agent, _| Ok(Agent { role: Role::Admin, cap: Some(2), active: false, ..before.clone() });
    let line = line("agent.change", "ann");
    Agents::change(&books, &company_id("c1"), &aid("ann"), Box::new(promote), line).await.unwrap();
    let again = Agents::enter(&books, Agent { created: 99, ..seen("Anna") }).await.unwrap();
    let expected = Agent { role: Role::Admin, cap: Some(2), active: false, ..seen("Anna") };
    assert_eq!(again, expected);
    assert_eq!(find(&books, "ann").await, Some(expected));
    // An account of its own is not renamed by a token.
    add(&books, agent("boss", Role::Owner)).await;
    let boss =
        Agents::enter(&books, Agent { nick: name("Not the boss"), ..agent("boss", Role::Agent) }).await;
    assert_eq!(boss.unwrap(), agent("boss", Role::Owner));
}

pub async fn agents_are_listed_page_by_page(stage: &Stage) {
    let books = books(stage).await;
    for number in 0..250 {
        let role = if number % 100 == 7 { Role::Supervisor } else { Role::Agent };
        add(&books, agent(&format!("a-{number:03}"), role)).await;
    }
    let theirs = Agent { company: company_id("c2"), ..agent("a-000", Role::Agent) };
    Agents::add(&books, theirs, None, line("agent.create", "x")).await.unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let query = AgentQuery { after: after.clone(), ..AgentQuery::of(company_id("c1"), 100) };
        let page = Agents::page(&books, query).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.aid.clone());
        all.extend(page);
    }
    let expected: Vec<_> = (0..250).map(|number| format!("a-{number:03}")).collect();
    assert_eq!(all.iter().map(|agent| agent.aid.as_str()).collect::<Vec<_>>(), expected);
    let ids = |query| {
        let books = books.clone();
        async move {
            let page = Agents::page(&books, query).await.unwrap();
            page.iter().map(|agent| agent.aid.to_string()).collect::<Vec<_>>()
        }
    };
    let of = || AgentQuery::of(company_id("c1"), 10);
    assert_eq!(ids(AgentQuery { role: Some(Role::Supervisor), ..of() }).await, ["a-007", "a-107", "a-207"]);
    assert_eq!(ids(AgentQuery { text: Some("A-24".into()), limit: 2, ..of() }).await, ["a-240", "a-241"]);
    let few = group(1, "few", None, &["a-003", "a-240"]);
    put(&books, few.clone()).await.unwrap();
    assert_eq!(ids(AgentQuery { group: Some(few.id), ..of() }).await, ["a-003", "a-240"]);
    let none = AgentQuery { group: Some(few.id), ..AgentQuery::of(company_id("c2"), 10) };
    assert!(ids(none).await.is_empty());
}

fn group(number: u8, called: &str, fallback: Option<u8>, members: &[&str]) -> Group {
    let id = |number| GroupId(uuid::Uuid::from_bytes([number; 16]));
    Group {
        company: company_id("c1"),
        id: id(number),
        name: name(called),
        fallback: fallback.map(id),
        members: members.iter().map(|member| aid(member)).collect(),
        created: 5,
    }
}

async fn put(books: &Books, group: Group) -> nodechat_domain::Result<()> {
    let line = line("group.put", &group.id.to_string());
    let decide = move |groups: &[Group]| decide::put_group(groups, group.clone());
    Groups::change(books, &company_id("c1"), Box::new(decide), line).await
}

pub async fn groups_have_members_and_a_fallback(stage: &Stage) {
    let books = books(stage).await;
    for id in ["ann", "bob", "cleo"] {
        add(&books, agent(id, Role::Agent)).await;
    }
    let sales = group(1, "sales", None, &["ann", "bob"]);
    let returns = group(2, "returns", Some(1), &["bob", "cleo"]);
    put(&books, sales.clone()).await.unwrap();
    put(&books, returns.clone()).await.unwrap();
    let all = Groups::all(&books, &company_id("c1")).await.unwrap();
    assert_eq!(all, [returns.clone(), sales.clone()], "by name");
    assert!(Groups::all(&books, &company_id("c2")).await.unwrap().is_empty());
    let of_bob: BTreeSet<_> = Groups::of(&books, &company_id("c1"), &aid("bob"))
        .await
        .unwrap()
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(of_bob, BTreeSet::from([sales.id, returns.id]));
    assert!(Groups::of(&books, &company_id("c2"), &aid("bob")).await.unwrap().is_empty());

    let fewer = Group { members: BTreeSet::from([aid("cleo")]), name: name("shop"), ..sales.clone() };
    put(&books, fewer.clone()).await.unwrap();
    assert_eq!(Groups::all(&books, &company_id("c1")).await.unwrap(), [returns.clone(), fewer]);
    let stranger = put(&books, group(3, "strangers", None, &["ann", "nobody"])).await.unwrap_err();
    assert_eq!(stranger.code(), Code::Invalid);
    let circle = put(&books, group(1, "shop", Some(2), &[])).await.unwrap_err();
    assert_eq!(circle.code(), Code::Conflict);

    let drop = move |groups: &[Group]| decide::drop_group(groups, sales.id);
    let line = line("group.delete", &sales.id.to_string());
    Groups::change(&books, &company_id("c1"), Box::new(drop), line).await.unwrap();
    let left = Groups::all(&books, &company_id("c1")).await.unwrap();
    assert_eq!(left, [Group { fallback: None, ..returns }]);
    assert!(Groups::of(&books, &company_id("c1"), &aid("ann")).await.unwrap().is_empty());
    let acts = Audit::page(
        &books,
        AuditQuery { act: Some("group.".into()), ..AuditQuery::of(company_id("c1"), 10) },
    );
    assert_eq!(acts.await.unwrap().len(), 4, "a refused act leaves no line");
}

pub async fn groups_that_are_put_at_once_form_no_circle(stage: &Stage) {
    let books = books(stage).await;
    put(&books, group(1, "one", None, &[])).await.unwrap();
    put(&books, group(2, "two", None, &[])).await.unwrap();
    let (one, two) = (books.clone(), books.clone());
    let (one, two) = tokio::join!(
        tokio::spawn(async move { put(&one, group(1, "one", Some(2), &[])).await }),
        tokio::spawn(async move { put(&two, group(2, "two", Some(1), &[])).await }),
    );
    assert!(one.unwrap().is_ok() != two.unwrap().is_ok());
    let nothing = |_: &[Group]| Ok(GroupChange::Nothing);
    Groups::change(&books, &company_id("c1"), Box::new(nothing), line("group.put", "x")).await.unwrap();
}

pub async fn a_key_opens_what_it_was_made_for_until_it_is_revoked(stage: &Stage) {
    let books = books(stage).await;
    let key = |number: u8, owner: Realm| ApiKey {
        id: KeyId::of(&hash(number)),
        hash: hash(number),
        owner,
        name: name(&format!("key {number}")),
        scopes: Scopes::parse(["agents:read", "tokens:write"]).unwrap(),
        created: number.into(),
        last_used: None,
    };
    let own = Realm::Company(company_id("c1"));
    let keys = [key(1, own.clone()), key(2, own.clone()), key(3, Realm::Platform)];
    for key in &keys {
        let line = key.owner.clone();
        let line = (line != Realm::Platform).then(|| line_of(key));
        Keys::add(&books, key.clone(), line).await.unwrap();
    }
    assert_eq!(Keys::find(&books, hash(1)).await.unwrap().as_ref(), Some(&keys[0]));
    assert_eq!(Keys::find(&books, hash(9)).await.unwrap(), None);
    assert_eq!(Keys::of(&books, &own).await.unwrap(), [keys[1].clone(), keys[0].clone()], "the newest first");
    assert_eq!(Keys::of(&books, &Realm::Platform).await.unwrap(), keys[2..]);
    Keys::used(&books, hash(1), 77).await.unwrap();
    assert_eq!(Keys::find(&books, hash(1)).await.unwrap().unwrap().last_used, Some(77));

    let stranger = Realm::Company(company_id("c2"));
    assert!(!Keys::revoke(&books, &stranger, keys[0].id, Some(line_of(&keys[0]))).await.unwrap());
    assert!(!Keys::revoke(&books, &own, keys[2].id, Some(line_of(&keys[2]))).await.unwrap());
    assert!(Keys::revoke(&books, &own, keys[0].id, Some(line_of(&keys[0]))).await.unwrap());
    assert!(!Keys::revoke(&books, &own, keys[0].id, Some(line_of(&keys[0]))).await.unwrap());
    assert_eq!(Keys::find(&books, hash(1)).await.unwrap(), None);
    let acts =
        Audit::page(&books, AuditQuery { act: Some("key.".into()), ..AuditQuery::of(company_id("c1"), 10) });
    assert_eq!(acts.await.unwrap().len(), 3);
}

pub async fn a_key_of_before_opens_everything(stage: &Stage) {
    let books = books(stage).await;
    const BEFORE: &str = "insert into api_key (hash, realm, created) values ($1, '', 5)";
    let added = books.write(|tx| async move { tx.change(BEFORE, &[hash(1).into()]).await }.boxed());
    assert_eq!(added.await.unwrap(), 1);
    let key = Keys::find(&books, hash(1)).await.unwrap().unwrap();
    assert_eq!((key.scopes, key.owner, key.created), (Scopes::ALL, Realm::Platform, 5));
}

fn line_of(key: &ApiKey) -> AuditLine {
    line("key.create", &key.id.to_string())
}
