//! Questions, rules of the bots, and what is known of visitors: kept whole, apart from each other, and told of.

use nodechat_domain::error::Code;
use nodechat_domain::limits;
use nodechat_domain::model::{
    AccountId, Actor, Arrival, Arrived, Atype, AuditLine, BotRules, Company, CompanyId, Hash, LanguageModel,
    Name, Person, Question, QuestionId, QuestionItem, Realm, RoomId, Side, Tag, Text, Users,
};
use nodechat_domain::port::{Audit, AuditQuery, Cards, Companies, Questions, Revisions, revised};

use super::stage::Stage;

fn company(id: &str) -> CompanyId {
    CompanyId::parse(id).unwrap()
}

fn name(text: &str) -> Name {
    Name::parse("name", text).unwrap()
}

fn id(number: u16) -> QuestionId {
    let mut random = [0; 10];
    random[8..].copy_from_slice(&number.to_be_bytes());
    QuestionId::at(1, random)
}

fn line() -> AuditLine {
    AuditLine {
        company: company("c1"),
        time: 1,
        actor: Actor::Operator,
        act: "question.change",
        subject: "".into(),
        note: "".into(),
        address: None,
    }
}

fn item(number: u16) -> QuestionItem {
    QuestionItem {
        id: id(number),
        title: name(&format!("question {number}")),
        answer: Text::parse(&format!("answer\n{number}")).unwrap(),
    }
}

fn question(number: u16, rank: i64, items: impl IntoIterator<Item = u16>) -> Question {
    Question {
        id: id(number),
        title: name("退换货"),
        items: items.into_iter().map(item).collect(),
        default: number.is_multiple_of(2),
        enabled: true,
        rank,
        changed: 7,
    }
}

pub async fn a_companys_questions_come_back_whole_and_in_order(stage: &Stage) {
    let books = stage.books();
    let (ours, theirs) = (company("c1"), company("c2"));
    let all = [question(3, -1, [31]), question(1, 0, [12, 11]), question(2, 0, [21])];
    for question in [&all[2], &all[0], &all[1]] {
        books.put(&ours, question.clone(), line()).await.unwrap();
    }
    books.put(&theirs, question(9, 0, [91]), line()).await.unwrap();
    stage.reopen().await;
    let books = stage.books();
    assert_eq!(Questions::all(&books, &ours).await.unwrap(), all);
    let first = Questions::page(&books, &ours, None, 2).await.unwrap();
    assert_eq!(first, all[..2]);
    assert_eq!(
        Questions::page(&books, &ours, Some((first[1].rank, first[1].id)), 2).await.unwrap(),
        all[2..]
    );
    assert_eq!(Questions::find(&books, &ours, id(1)).await.unwrap().as_ref(), Some(&all[1]));
    assert_eq!(Questions::find(&books, &theirs, id(1)).await.unwrap(), None);
    assert_eq!(books.items(&ours, &[id(12), id(91), id(77)]).await.unwrap(), [item(12)]);
}

pub async fn a_question_is_put_in_the_place_of_the_former(stage: &Stage) {
    let books = stage.books();
    let ours = company("c1");
    books.put(&ours, question(1, 0, [11, 12, 13]), line()).await.unwrap();
    let hidden = Question { enabled: false, ..question(1, 5, [12, 14]) };
    books.put(&ours, hidden.clone(), line()).await.unwrap();
    assert_eq!(Questions::all(&books, &ours).await.unwrap(), [hidden]);
    assert_eq!(books.items(&ours, &[id(12)]).await.unwrap(), [], "what is not enabled answers nothing");
    assert!(!books.remove(&company("c2"), id(1), line()).await.unwrap());
    assert!(books.remove(&ours, id(1), line()).await.unwrap());
    assert!(!books.remove(&ours, id(1), line()).await.unwrap());
    books.put(&ours, question(2, 0, [11]), line()).await.unwrap();
    books.replace(&ours, vec![question(3, 0, [11])], line()).await.unwrap();
    assert_eq!(Questions::all(&books, &ours).await.unwrap(), [question(3, 0, [11])]);
}

pub async fn an_item_belongs_to_one_question_and_there_are_not_too_many(stage: &Stage) {
    let books = stage.books();
    let ours = company("c1");
    books.put(&ours, question(1, 0, [11]), line()).await.unwrap();
    let taken = books.put(&ours, question(2, 0, [12, 11]), line()).await;
    assert_eq!(taken.unwrap_err().code(), Code::Conflict);
    books.put(&company("c2"), question(1, 0, [11]), line()).await.unwrap();
    let per_question = limits::QUESTION_ITEMS as u16;
    let many = |questions: u16| {
        (0..questions).map(|n| question(n, 0, n * per_question..(n + 1) * per_question)).collect::<Vec<_>>()
    };
    let fits = (limits::QUESTIONS / limits::QUESTION_ITEMS) as u16;
    let refused = books.replace(&ours, many(fits + 1), line()).await;
    assert_eq!(refused.unwrap_err().code(), Code::Conflict);
    assert_eq!(
        Questions::all(&books, &ours).await.unwrap(),
        [question(1, 0, [11])],
        "nothing of it has happened"
    );
    books.replace(&ours, many(fits), line()).await.unwrap();
    let one_more = books.put(&ours, question(u16::MAX, 0, [u16::MAX]), line()).await;
    assert_eq!(one_more.unwrap_err().code(), Code::Conflict);
    books.put(&ours, question(0, 1, [0]), line()).await.unwrap();
}

pub async fn whoever_keeps_questions_in_memory_hears_of_changes(stage: &Stage) {
    let books = stage.books();
    let (ours, theirs) = (company("c1"), company("c2"));
    let told = async |after| {
        let revisions = books.changed(after).await.unwrap();
        assert!(revisions.iter().all(|revision| &*revision.topic == revised::QUESTIONS));
        revisions.into_iter().map(|revision| revision.company.to_string()).collect::<Vec<_>>()
    };
    assert!(!books.has_any(&ours).await.unwrap());
    books.put(&ours, question(1, 0, [11]), line()).await.unwrap();
    books.set_rules(&theirs, BotRules::default(), line()).await.unwrap();
    assert_eq!(told(0).await, ["c1", "c2"]);
    assert_eq!(books.companies().await.unwrap(), std::slice::from_ref(&ours));
    let seen = books.latest().await.unwrap();
    books.replace(&ours, vec![], line()).await.unwrap();
    assert_eq!(told(seen).await, ["c1"]);
    assert_eq!(books.companies().await.unwrap(), []);
    assert!(!books.has_any(&ours).await.unwrap());
    let seen = books.latest().await.unwrap();
    assert!(!books.remove(&ours, id(1), line()).await.unwrap());
    assert!(told(seen).await.is_empty(), "what was not there is no change");
    books.put(&ours, question(1, 0, [11]), line()).await.unwrap();
    let seen = books.latest().await.unwrap();
    assert!(books.remove(&ours, id(1), line()).await.unwrap());
    assert_eq!(told(seen).await, ["c1"]);
}

pub async fn each_act_on_questions_leaves_its_line(stage: &Stage) {
    let books = stage.books();
    let ours = company("c1");
    let lines = async || Audit::page(&books, AuditQuery::of(ours.clone(), 10)).await.unwrap().len();
    books.put(&ours, question(1, 0, [11]), line()).await.unwrap();
    books.put(&ours, question(2, 0, [11]), line()).await.unwrap_err();
    assert_eq!(lines().await, 1, "what was refused has not happened");
    books.replace(&ours, vec![], line()).await.unwrap();
    books.set_rules(&ours, BotRules::default(), line()).await.unwrap();
    books.set_tags(&ours, &AccountId::parse("ann").unwrap(), vec![], line()).await.unwrap();
    assert_eq!(lines().await, 4);
}

pub async fn the_rules_of_a_bot_come_back_whole(stage: &Stage) {
    let books = stage.books();
    let ours = company("c1");
    assert_eq!(books.rules(&ours).await.unwrap(), BotRules::default());
    let rules = BotRules {
        threshold: 450,
        most: 3,
        synonyms: vec![vec![name("退款"), name("money back")], vec![name("卡"), name("card")]],
        human: vec![name("人工"), name("talk to a human")],
        human_button: name("转人工"),
        nothing_found: name("没有找到"),
        model: Some(LanguageModel {
            enabled: true,
            url: "https://llm.example/v1".into(),
            name: name("small"),
            key: Some("sk-1".into()),
            timeout_ms: 9_000,
            prompt: "Be kind.\nBe short.".into(),
        }),
    };
    books.set_rules(&ours, rules.clone(), line()).await.unwrap();
    stage.reopen().await;
    assert_eq!(stage.books().rules(&ours).await.unwrap(), rules);
    assert_eq!(stage.books().rules(&company("c2")).await.unwrap(), BotRules::default());
    let none = BotRules { model: None, human: vec![], synonyms: vec![], ..rules };
    stage.books().set_rules(&ours, none.clone(), line()).await.unwrap();
    assert_eq!(stage.books().rules(&ours).await.unwrap(), none);
}

fn visitor(realm: Realm, aid: &str) -> Person {
    Person {
        side: Side::Visitor,
        realm,
        aid: AccountId::parse(aid).unwrap(),
        mid: name("m"),
        account: name("a"),
        nick: name("安"),
        attributes: Some(r#"{"vip":true}"#.into()),
    }
}

async fn comes(stage: &Stage, person: &Person) {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(stage.new_id().0.as_bytes());
    let (ticket, store) = (Hash(hash), stage.store());
    store.add_ticket(ticket, person.clone(), i64::MAX).await.unwrap();
}

pub async fn a_card_holds_what_is_known_of_a_visitor(stage: &Stage) {
    let ours = company("c1");
    let ann = visitor(Realm::Company(ours.clone()), "ann");
    Companies::add(&stage.books(), Company::new(ours.clone(), name("Ours")), 1).await.unwrap();
    Companies::add(&stage.books(), Company::new(company("c2"), name("Theirs")), 1).await.unwrap();
    let books = stage.books();
    assert_eq!(Cards::find(&books, &ours, &ann.aid).await.unwrap(), None);
    comes(stage, &ann).await;
    let arrival = |time, page: Option<&str>| Arrival {
        atype: Atype::Uwap,
        browser: Some("Firefox".into()),
        page: page.map(Into::into),
        referrer: None,
        address: "192.0.2.7".into(),
        time,
    };
    let arrived =
        |time, page| Arrived { company: ours.clone(), aid: ann.aid.clone(), arrival: arrival(time, page) };
    books.arrived(vec![arrived(5, Some("https://shop.example/a"))]).await.unwrap();
    books.arrived(vec![arrived(4, None)]).await.unwrap();
    let tags = |texts: &[&str]| texts.iter().map(|text| Tag::parse(text).unwrap()).collect::<Vec<_>>();
    books.set_tags(&ours, &ann.aid, tags(&["old"]), line()).await.unwrap();
    books.set_tags(&ours, &ann.aid, tags(&["vip", "a", "vip"]), line()).await.unwrap();
    let card = Cards::find(&books, &ours, &ann.aid).await.unwrap().unwrap();
    assert_eq!(card.person, ann);
    assert_eq!(card.arrival, Some(arrival(5, Some("https://shop.example/a"))), "an older one comes too late");
    assert_eq!(card.tags, tags(&["a", "vip"]));
    assert_eq!(Cards::find(&books, &company("c2"), &ann.aid).await.unwrap(), None);
}

pub async fn a_visitor_of_the_platform_is_known_to_the_companies_it_has_been_to(stage: &Stage) {
    let shop = |id: &str| Company { users: Users::Platform, ..Company::new(company(id), name(id)) };
    for id in ["p1", "p2"] {
        Companies::add(&stage.books(), shop(id), 1).await.unwrap();
    }
    let bob = visitor(Realm::Platform, "bob");
    comes(stage, &bob).await;
    stage.enters(&bob, &RoomId::between(&bob.aid, &company("p1"))).await;
    let books = stage.books();
    let tag = vec![Tag::parse("ours").unwrap()];
    books.set_tags(&company("p1"), &bob.aid, tag.clone(), line()).await.unwrap();
    assert_eq!(Cards::find(&books, &company("p1"), &bob.aid).await.unwrap().unwrap().tags, tag);
    assert_eq!(Cards::find(&books, &company("p2"), &bob.aid).await.unwrap(), None);
    // How it came to one of them is nothing to the other, also when it has been there, too.
    stage.enters(&bob, &RoomId::between(&bob.aid, &company("p2"))).await;
    let arrival = Arrival {
        atype: Atype::Uweb,
        browser: None,
        page: Some("https://p1.example/".into()),
        referrer: None,
        address: "192.0.2.7".into(),
        time: 1,
    };
    let arrived = Arrived { company: company("p1"), aid: bob.aid.clone(), arrival: arrival.clone() };
    books.arrived(vec![arrived]).await.unwrap();
    let of = async |id: &str| Cards::find(&books, &company(id), &bob.aid).await.unwrap().unwrap().arrival;
    assert_eq!((of("p1").await, of("p2").await), (Some(arrival), None));
}
