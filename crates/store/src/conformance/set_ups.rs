//! The set-up of a server that nobody owns yet: open until somebody does, and made once.

use nodechat_domain::error::{Code, Error};
use nodechat_domain::model::{Agent, AuditLine, Caller, Company, Login, PasswordHash, Role};
use nodechat_domain::port::{Agents, Audit, AuditQuery, Companies, Revisions, SetUps};

use super::stage::{Stage, agent as person, company_id, hash, name};
use crate::Books;

/// When tokens end that were offered at 0.
const END: i64 = 100;

fn shop(id: &str) -> Company {
    Company::new(company_id(id), name("The shop"))
}

fn owner(company: &str, login: &str) -> Agent {
    Agent {
        role: Role::Owner,
        login: Some(Login::parse(login).unwrap()),
        ..Agent::seen(company_id(company), &person(login), 5)
    }
}

async fn set_up(books: &Books, token: u8, now: i64, company: &str) -> Result<(), Error> {
    let line = AuditLine {
        note: "The shop".into(),
        ..Caller::operator(company_id(company)).line(now, "company.create", company)
    };
    books.set_up(hash(token), shop(company), owner(company, "boss"), PasswordHash("$hash".into()), line).await
}

async fn has_agent(books: &Books, agent: Agent, password: bool) {
    let line = Caller::operator(agent.company.clone()).line(5, "agent.create", agent.aid.as_str());
    Agents::add(books, agent, password.then(|| PasswordHash("$hash".into())), line).await.unwrap();
}

pub async fn a_server_is_set_up_once_and_wholly(stage: &Stage) {
    let books = stage.books();
    assert!(books.is_open().await.unwrap());
    for token in [1, 2] {
        assert!(books.offer(hash(token), END, 0).await.unwrap());
    }
    let seen = books.latest().await.unwrap();
    set_up(&books, 1, 7, "main").await.unwrap();
    assert!(!books.is_open().await.unwrap());
    assert_eq!(Companies::find(&books, &company_id("main")).await.unwrap(), Some(shop("main")));
    let login = Login::parse("boss").unwrap();
    let (boss, password) = Agents::by_login(&books, &company_id("main"), &login).await.unwrap().unwrap();
    assert_eq!((boss, password), (owner("main", "boss"), PasswordHash("$hash".into())));
    let lines = Audit::page(&books, AuditQuery::of(company_id("main"), 10)).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (&*line.act, &*line.subject, &*line.note)).collect();
    assert_eq!(told, [("agent.create", "boss", "owner"), ("company.create", "main", "The shop")]);
    assert_eq!(books.changed(seen).await.unwrap().len(), 1, "nodes hear of the company");

    for token in [1, 2] {
        assert!(!books.admits(hash(token), 7).await.unwrap());
        assert_eq!(set_up(&books, token, 7, "other").await.unwrap_err().code(), Code::NotAllowed);
    }
    assert!(!books.offer(hash(3), END, 8).await.unwrap(), "somebody owns it now");
    assert!(Companies::find(&books, &company_id("other")).await.unwrap().is_none());
}

pub async fn of_many_who_set_up_at_once_one_does(stage: &Stage) {
    let books = stage.books();
    for token in 0..8 {
        assert!(books.offer(hash(token), END, 0).await.unwrap());
    }
    let trying: Vec<_> = (0..16)
        .map(|number| {
            let books = stage.books();
            tokio::spawn(async move { set_up(&books, number % 8, 7, &format!("c{number}")).await })
        })
        .collect();
    let mut made = 0;
    for one in trying {
        match one.await.unwrap() {
            Ok(()) => made += 1,
            Err(refused) => assert!(matches!(refused, Error::BadToken), "{refused}"),
        }
    }
    assert_eq!((made, Companies::all(&books).await.unwrap().len()), (1, 1));
}

pub async fn a_token_of_a_set_up_ends_at_its_time(stage: &Stage) {
    let books = stage.books();
    assert!(books.offer(hash(1), END, 0).await.unwrap());
    assert!(books.admits(hash(1), END - 1).await.unwrap() && !books.admits(hash(1), END).await.unwrap());
    assert!(!books.admits(hash(9), 1).await.unwrap());
    for (token, now) in [(1, END), (9, 1)] {
        assert!(matches!(set_up(&books, token, now, "main").await.unwrap_err(), Error::BadToken));
    }
    assert!(books.admits(hash(1), 1).await.unwrap(), "whoever is refused takes no token away");
    // Every start of a node offers another one, and those before it stay good.
    assert!(books.offer(hash(2), END * 2, END - 1).await.unwrap());
    assert!(books.admits(hash(1), END - 1).await.unwrap() && books.admits(hash(2), END - 1).await.unwrap());
    assert!(books.offer(hash(3), END * 3, END).await.unwrap());
    assert!(!books.admits(hash(1), 1).await.unwrap(), "forgotten");
}

pub async fn a_taken_id_leaves_the_set_up_open(stage: &Stage) {
    let books = stage.books();
    Companies::add(&books, shop("main"), 1).await.unwrap();
    assert!(books.offer(hash(1), END, 0).await.unwrap());
    assert_eq!(set_up(&books, 1, 7, "main").await.unwrap_err().code(), Code::Conflict);
    assert!(books.admits(hash(1), 7).await.unwrap());
    set_up(&books, 1, 7, "second").await.unwrap();
}

pub async fn only_an_owner_who_can_log_in_closes_the_set_up(stage: &Stage) {
    let books = stage.books();
    Companies::add(&books, shop("c1"), 1).await.unwrap();
    Companies::add(&books, Company { demo: true, ..shop("demo") }, 1).await.unwrap();
    has_agent(&books, Agent { role: Role::Admin, ..owner("c1", "admin") }, true).await;
    has_agent(&books, Agent { login: None, ..owner("c1", "token") }, false).await;
    has_agent(&books, Agent { active: false, ..owner("c1", "former") }, true).await;
    has_agent(&books, owner("demo", "demo-owner"), true).await;
    assert!(books.offer(hash(1), END, 0).await.unwrap());
    // Somebody at the command line is quicker.
    has_agent(&books, owner("c1", "boss"), true).await;
    assert!(!books.is_open().await.unwrap() && !books.admits(hash(1), 7).await.unwrap());
    assert!(matches!(set_up(&books, 1, 7, "main").await.unwrap_err(), Error::BadToken));
}
