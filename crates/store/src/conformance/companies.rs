//! Companies and their settings; what was decided about them is written down.

use std::sync::Arc;

use nodechat_domain::error::{Code, Error};
use nodechat_domain::model::{
    Actor, Agent, AuditLine, Caller, Company, Login, PasswordHash, Role, Secret, Settings, Users,
};
use nodechat_domain::port::{Audit, AuditQuery, Companies, Revisions};

use super::stage::{Stage, company_id, name};

fn shop(id: &str) -> Company {
    Company::new(company_id(id), name(&format!("The shop {id}")))
}

fn line(id: &str) -> AuditLine {
    Caller::operator(company_id(id)).line(7, "company.change", id)
}

fn english(before: &Company) -> Company {
    let settings =
        Settings {
            locale: "en".into(), agent_cap: 3, welcome: "Hi 👋\nhello".into(), ..Settings::default()
        };
    Company { settings: Arc::new(settings), ..before.clone() }
}

pub async fn settings_come_back_as_they_were_set(stage: &Stage) {
    let books = stage.books();
    books.add(english(&shop("c1")), 1).await.unwrap();
    books.add(shop("c2"), 1).await.unwrap();
    assert_eq!(Companies::find(&books, &company_id("c1")).await.unwrap(), Some(english(&shop("c1"))));
    let change = |before: &Company| {
        let settings = Settings { locale: "zh-CN".into(), keep_days: 30, ..(*before.settings).clone() };
        let origins = vec!["https://shop.example".to_owned()];
        Ok(Company { settings: Arc::new(settings), origins, name: name("Another name"), ..before.clone() })
    };
    let changed = books.change(&company_id("c1"), Box::new(change), line("c1")).await.unwrap();
    assert_eq!(Companies::find(&books, &company_id("c1")).await.unwrap(), Some(changed.clone()));
    assert_eq!((changed.settings.agent_cap, changed.settings.keep_days), (3, 30));
    assert_eq!(Companies::find(&books, &company_id("c2")).await.unwrap(), Some(shop("c2")));
    assert_eq!(Companies::all(&books).await.unwrap(), [changed, shop("c2")]);
}

pub async fn a_companys_secret_comes_back_as_it_is_and_no_line_shows_it(stage: &Stage) {
    let books = stage.books();
    let signing = |secret: &str| Company { identity: Some(Secret::presented(secret)), ..shop("c1") };
    books.add(signing("first"), 1).await.unwrap();
    books.add(shop("c2"), 1).await.unwrap();
    let find = |id| Companies::find(&books, &company_id(id));
    assert_eq!(find("c1").await.unwrap(), Some(signing("first")));
    for after in [signing("second"), shop("c1")] {
        let put = after.clone();
        books.change(&company_id("c1"), Box::new(move |_| Ok(put.clone())), line("c1")).await.unwrap();
        assert_eq!(find("c1").await.unwrap(), Some(after));
    }
    assert_eq!(find("c2").await.unwrap(), Some(shop("c2")));
    let lines = Audit::page(&books, AuditQuery::of(company_id("c1"), 10)).await.unwrap();
    assert_eq!(lines.iter().filter(|line| &*line.note == "identity").count(), 2);
    assert!(!format!("{lines:?} {:?}", signing("first")).contains("first"));
}

pub async fn a_company_of_the_platform_is_made_with_its_owner_or_not_at_all(stage: &Stage) {
    use nodechat_domain::port::{Agents, PlatformCompanies};

    let books = stage.books();
    let platform = |id: &str| Company { users: Users::Platform, ..english(&shop(id)) };
    let owner = |id: &str, login: &str| Agent {
        company: company_id(id),
        role: Role::Owner,
        login: Some(Login::parse(login).unwrap()),
        ..Agent::seen(company_id(id), &super::stage::agent(login), 5)
    };
    let found = |company: Company, owner: Agent| {
        let line = AuditLine { act: "company.create", ..line(company.id.as_str()) };
        books.found(company, owner, PasswordHash("$hash".into()), line)
    };
    Companies::add(&books, shop("c1"), 1).await.unwrap();
    assert_eq!(found(platform("c1"), owner("c1", "thief")).await.unwrap_err().code(), Code::Conflict);
    assert_eq!(Agents::find(&books, &company_id("c1"), &owner("c1", "thief").aid).await.unwrap(), None);
    for id in ["p2", "p1", "p3"] {
        found(platform(id), owner(id, "boss")).await.unwrap();
    }
    let login = Login::parse("boss").unwrap();
    let (boss, _) = Agents::by_login(&books, &company_id("p1"), &login).await.unwrap().unwrap();
    assert_eq!(boss, owner("p1", "boss"));
    let lines = Audit::page(&books, AuditQuery::of(company_id("p1"), 10)).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (&*line.act, &*line.subject, &*line.note)).collect();
    assert_eq!(told, [("agent.create", "boss", "owner"), ("company.create", "p1", "")]);
    let page = |after: Option<&str>, limit| PlatformCompanies::page(&books, after.map(company_id), limit);
    assert_eq!(page(None, 2).await.unwrap(), [platform("p1"), platform("p2")]);
    assert_eq!(page(Some("p2"), 9).await.unwrap(), [platform("p3")], "and none with users of its own");
    assert!(page(Some("p3"), 9).await.unwrap().is_empty());
}

pub async fn changes_of_one_company_happen_one_after_the_other(stage: &Stage) {
    let books = stage.books();
    books.add(shop("c1"), 1).await.unwrap();
    let changing: Vec<_> = (0..16)
        .map(|_| {
            let books = stage.books();
            let one_more = |before: &Company| {
                let keep_days = before.settings.keep_days + 1;
                let settings = Settings { keep_days, ..(*before.settings).clone() };
                Ok(Company { settings: Arc::new(settings), ..before.clone() })
            };
            tokio::spawn(async move { books.change(&company_id("c1"), Box::new(one_more), line("c1")).await })
        })
        .collect();
    for change in changing {
        change.await.unwrap().unwrap();
    }
    let company = Companies::find(&books, &company_id("c1")).await.unwrap().unwrap();
    assert_eq!(company.settings.keep_days, 16);
}

pub async fn an_act_and_its_line_are_written_together(stage: &Stage) {
    let books = stage.books();
    books.add(shop("c1"), 1).await.unwrap();
    books.add(shop("c2"), 1).await.unwrap();
    let refuse = |_: &Company| Err(Error::conflict("changed its mind"));
    let refused = books.change(&company_id("c1"), Box::new(refuse), line("c1")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Conflict);
    books.change(&company_id("c1"), Box::new(|before| Ok(before.clone())), line("c1")).await.unwrap();
    let by_phone = AuditLine { address: Some("2001:db8::1".parse().unwrap()), ..line("c1") };
    let by_phone = AuditLine { actor: Actor::Agent(super::stage::agent("boss").aid), ..by_phone };
    books.change(&company_id("c1"), Box::new(|before| Ok(english(before))), by_phone.clone()).await.unwrap();
    let missing = books.change(&company_id("c9"), Box::new(|before| Ok(english(before))), line("c9")).await;
    assert_eq!(missing.unwrap_err().code(), Code::NotFound);

    let lines = Audit::page(&books, AuditQuery::of(company_id("c1"), 10)).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (&*line.act, &*line.note)).collect();
    assert_eq!(told, [("company.change", "locale welcome agent_cap"), ("company.create", "The shop c1")]);
    assert_eq!((&lines[0].actor, lines[0].address, lines[0].time), (&by_phone.actor, by_phone.address, 7));
    assert!(lines[0].number > lines[1].number);

    let page = |query| Audit::page(&books, query);
    let of = || AuditQuery::of(company_id("c1"), 1);
    assert_eq!(page(of()).await.unwrap(), lines[..1]);
    assert_eq!(page(AuditQuery { before: Some(lines[0].number), ..of() }).await.unwrap(), lines[1..]);
    assert_eq!(page(AuditQuery { act: Some("company.create".into()), ..of() }).await.unwrap(), lines[1..]);
    assert_eq!(page(AuditQuery { actor: Some("boss".into()), ..of() }).await.unwrap(), lines[..1]);
    assert_eq!(page(AuditQuery { to: Some(7), ..of() }).await.unwrap(), lines[1..]);
    assert_eq!(page(AuditQuery { subject: Some("c2".into()), ..of() }).await.unwrap(), []);
}

pub async fn whoever_keeps_a_company_in_memory_hears_of_its_changes(stage: &Stage) {
    let books = stage.books();
    books.add(shop("c1"), 1).await.unwrap();
    books.add(shop("c2"), 1).await.unwrap();
    let seen = books.latest().await.unwrap();
    assert!(books.changed(seen).await.unwrap().is_empty());
    books.change(&company_id("c2"), Box::new(|before| Ok(english(before))), line("c2")).await.unwrap();
    let refuse = |_: &Company| Err(Error::conflict("changed its mind"));
    books.change(&company_id("c1"), Box::new(refuse), line("c1")).await.unwrap_err();
    let changed = books.changed(seen).await.unwrap();
    assert_eq!(changed.len(), 1);
    assert_eq!((&changed[0].company, &*changed[0].topic), (&company_id("c2"), "company"));
    assert_eq!(changed[0].number, books.latest().await.unwrap());
}
