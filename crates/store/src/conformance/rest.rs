//! What a company keeps for its agents and whom it does not want to hear; calls that are repeated.

use std::collections::HashSet;

use futures_util::FutureExt as _;
use nodechat_domain::Code;
use nodechat_domain::model::{
    AccountId, Actor, AuditLine, Ban, BanId, Banned, CannedId, CannedReply, CompanyId, Hash, Name,
    NamedOrderKind, Network, OrderKind, SensitiveWord, Shortcut, Template, Time, Treatment, Word,
};
use nodechat_domain::port::{
    Blacklist, CannedQuery, CannedReplies, Claim, KeptAnswer, KeptAnswers, OrderKinds, Repetition, Revisions,
    SensitiveWords, revised,
};
use uuid::Uuid;

use super::stage::Stage;
use crate::Books;

fn company(id: &str) -> CompanyId {
    CompanyId::parse(id).unwrap()
}

fn aid(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

fn line(of: &str, act: &'static str) -> AuditLine {
    AuditLine {
        company: company(of),
        time: 7,
        actor: Actor::Agent(aid("boss")),
        act,
        subject: "subject".into(),
        note: "".into(),
        address: Some([127, 0, 0, 1].into()),
    }
}

fn reply(of: &str, id: u128, owner: Option<&str>, shortcut: &str) -> CannedReply {
    CannedReply {
        id: CannedId(Uuid::from_u128(id)),
        company: company(of),
        owner: owner.map(aid),
        shortcut: Shortcut::parse(shortcut).unwrap(),
        title: Name::parse("title", "Hello").unwrap(),
        text: Template::parse("您好，{{visitor}}").unwrap(),
        updated: 5,
    }
}

fn query(of: &str, reader: Option<&str>) -> CannedQuery {
    CannedQuery { company: company(of), reader: reader.map(aid), text: None, after: None, limit: 100 }
}

async fn put(books: &Books, reply: &CannedReply) -> nodechat_domain::Result<()> {
    books.put_canned(reply.clone()).await
}

impl Books {
    async fn put_canned(&self, reply: CannedReply) -> nodechat_domain::Result<()> {
        let line = line(reply.company.as_str(), "canned.put");
        CannedReplies::put(self, reply, line).await
    }
}

async fn shortcuts(books: &Books, query: CannedQuery) -> Vec<String> {
    let found = books.list(query).await.unwrap();
    found.iter().map(|reply| reply.shortcut.as_str().to_owned()).collect()
}

pub async fn canned_replies_are_of_one_company_and_one_owner(stage: &Stage) {
    let books = stage.books();
    let shared = reply("c1", 1, None, "hi");
    let own = reply("c1", 2, Some("ann"), "mine");
    for one in [&shared, &own, &reply("c2", 1, None, "other")] {
        put(&books, one).await.unwrap();
    }
    assert_eq!(shortcuts(&books, query("c1", None)).await, ["hi"]);
    assert_eq!(shortcuts(&books, query("c1", Some("ann"))).await, ["hi", "mine"]);
    assert_eq!(shortcuts(&books, query("c1", Some("bob"))).await, ["hi"]);
    assert_eq!(shortcuts(&books, query("c2", Some("ann"))).await, ["other"]);
    assert_eq!(books.find_canned("c1", 2).await, Some(own.clone()));
    assert_eq!(books.find_canned("c2", 2).await, None);
    let remove = |of: &'static str| {
        CannedReplies::remove(&books, &company(of), CannedId(Uuid::from_u128(2)), line(of, "canned.remove"))
    };
    assert!(!remove("c2").await.unwrap());
    assert!(remove("c1").await.unwrap());
    assert!(!remove("c1").await.unwrap());
    stage.reopen().await;
    assert_eq!(stage.books().find_canned("c1", 1).await, Some(shared));
}

impl Books {
    async fn find_canned(&self, of: &str, id: u128) -> Option<CannedReply> {
        CannedReplies::find(self, &company(of), CannedId(Uuid::from_u128(id))).await.unwrap()
    }
}

pub async fn a_shortcut_is_taken_once_by_each_owner(stage: &Stage) {
    let books = stage.books();
    let putting = (1..=16).map(|id| {
        let books = books.clone();
        tokio::spawn(async move { put(&books, &reply("c1", id, None, "hi")).await })
    });
    let mut taken = 0;
    for put in putting.collect::<Vec<_>>() {
        match put.await.unwrap() {
            Ok(()) => taken += 1,
            Err(error) => assert_eq!(error.code(), Code::Conflict),
        }
    }
    assert_eq!(taken, 1);
    put(&books, &reply("c1", 100, Some("ann"), "hi")).await.unwrap();
    put(&books, &reply("c1", 100, Some("ann"), "hello")).await.unwrap();
    put(&books, &reply("c1", 101, Some("ann"), "hi")).await.unwrap();
    let taken = put(&books, &reply("c1", 100, Some("ann"), "hi")).await;
    assert_eq!(taken.unwrap_err().code(), Code::Conflict);
}

pub async fn canned_replies_come_in_pages_and_by_words(stage: &Stage) {
    let books = stage.books();
    for (id, shortcut) in ["b", "a", "É", "c", "退款"].into_iter().enumerate() {
        put(&books, &reply("c1", id as u128, None, shortcut)).await.unwrap();
    }
    // The same shortcut under another owner comes behind its twin.
    put(&books, &reply("c1", 50, Some("ann"), "b")).await.unwrap();
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = books.list(CannedQuery { after, limit: 2, ..query("c1", Some("ann")) }).await.unwrap();
        seen.extend(page.iter().map(|reply| reply.shortcut.as_str().to_owned()));
        let Some(last) = page.last() else { break };
        after = Some((last.shortcut.clone(), last.id));
    }
    assert_eq!(seen, ["a", "b", "b", "c", "É", "退款"]);
    let with = |text: &str| CannedQuery { text: Some(text.into()), ..query("c1", None) };
    assert_eq!(shortcuts(&books, with("退")).await, ["退款"]);
    assert_eq!(shortcuts(&books, with("é")).await, ["É"]);
    assert_eq!(shortcuts(&books, with("HELLO")).await.len(), 5);
    assert_eq!(shortcuts(&books, with("%")).await, Vec::<String>::new());
}

fn ban(of: &str, id: u128, whom: &str, expires: Option<Time>) -> Ban {
    let whom = match Network::parse(whom) {
        Ok(network) => Banned::Network(network),
        Err(_) => Banned::Visitor(aid(whom)),
    };
    let reason = Name::parse("reason", "辱骂").unwrap();
    Ban { id: BanId(Uuid::from_u128(id)), company: company(of), whom, reason, since: 10, expires }
}

fn add(books: &Books, ban: &Ban) -> nodechat_domain::port::Answer<'static, ()> {
    let (books, ban) = (books.clone(), ban.clone());
    Box::pin(async move { books.add(ban.clone(), line(ban.company.as_str(), "blacklist.add")).await })
}

pub async fn nobody_is_on_a_blacklist_twice(stage: &Stage) {
    let books = stage.books();
    let adding = (1..=16).map(|id| tokio::spawn(add(&books, &ban("c1", id, "ann", None))));
    let mut added = 0;
    for add in adding.collect::<Vec<_>>() {
        match add.await.unwrap() {
            Ok(()) => added += 1,
            Err(error) => assert_eq!(error.code(), Code::Conflict),
        }
    }
    assert_eq!(added, 1);
    add(&books, &ban("c2", 1, "ann", None)).await.unwrap();
    let network = ban("c1", 99, "203.0.113.0/24", Some(50));
    add(&books, &network).await.unwrap();
    // The same entry again, as when the answer was lost.
    add(&books, &network).await.unwrap();
    assert_eq!(books.of(&company("c1"), 20).await.unwrap().len(), 2);
    assert_eq!(Blacklist::page(&books, &company("c1"), None, 10).await.unwrap().last(), Some(&network));
    let changed = Ban { expires: None, ..network.clone() };
    assert!(books.change(changed.clone(), line("c1", "blacklist.change")).await.unwrap());
    let found = Blacklist::find(&books, &company("c1"), network.id).await.unwrap();
    assert_eq!(found, Some(changed));
    let foreign = Ban { company: company("c2"), ..network.clone() };
    assert!(!books.change(foreign, line("c2", "blacklist.change")).await.unwrap());
    let remove = |of| Blacklist::remove(&books, &company(of), network.id, line(of, "blacklist.remove"));
    assert!(!remove("c2").await.unwrap());
    assert!(remove("c1").await.unwrap());
    assert_eq!(Blacklist::find(&books, &company("c1"), network.id).await.unwrap(), None);
}

pub async fn an_entry_that_has_expired_counts_no_more_and_makes_way(stage: &Stage) {
    let books = stage.books();
    add(&books, &ban("c1", 1, "ann", Some(20))).await.unwrap();
    assert_eq!(books.of(&company("c1"), 19).await.unwrap().len(), 1);
    assert_eq!(books.of(&company("c1"), 20).await.unwrap().len(), 0);
    let early = Ban { since: 19, ..ban("c1", 2, "ann", None) };
    assert_eq!(add(&books, &early).await.unwrap_err().code(), Code::Conflict);
    let later = Ban { since: 20, ..early };
    add(&books, &later).await.unwrap();
    assert_eq!(Blacklist::page(&books, &company("c1"), None, 10).await.unwrap(), [later]);
}

pub async fn the_words_of_a_company_are_its_own(stage: &Stage) {
    let books = stage.books();
    let word = |of: &str, text: &str, treatment| SensitiveWord {
        company: company(of),
        word: Word::parse(text).unwrap(),
        treatment,
    };
    let put =
        |of: &'static str, words| SensitiveWords::put(&books, &company(of), words, line(of, "words.put"));
    let mask = Treatment::Mask;
    put("c1", vec![word("c1", "坏", mask), word("c1", "bad", mask)]).await.unwrap();
    put("c1", vec![word("c1", "bad", Treatment::Refuse)]).await.unwrap();
    put("c2", vec![word("c2", "worse", mask)]).await.unwrap();
    let all = vec![word("c1", "bad", Treatment::Refuse), word("c1", "坏", mask)];
    assert_eq!(SensitiveWords::page(&books, &company("c1"), None, 10).await.unwrap(), all);
    let behind = Some(all[0].word.clone());
    assert_eq!(SensitiveWords::page(&books, &company("c1"), behind, 10).await.unwrap(), all[1..]);
    assert_eq!(SensitiveWords::all(&books, &company("c2")).await.unwrap().len(), 1);
    let bad = Word::parse("bad").unwrap();
    assert_eq!(SensitiveWords::find(&books, &company("c2"), &bad).await.unwrap(), None);
    let remove = |of| SensitiveWords::remove(&books, &company(of), &bad, line(of, "words.remove"));
    assert!(!remove("c2").await.unwrap());
    assert!(remove("c1").await.unwrap());
    assert_eq!(SensitiveWords::all(&books, &company("c1")).await.unwrap(), all[1..]);
}

pub async fn kinds_of_work_orders_come_in_their_order(stage: &Stage) {
    let books = stage.books();
    let kind = |of: &str, key: &str, place| NamedOrderKind {
        company: company(of),
        kind: OrderKind::parse(key).unwrap(),
        label: Name::parse("label", "维修").unwrap(),
        place,
    };
    for kind in [kind("c1", "b", 1), kind("c1", "a", 1), kind("c1", "z", 0), kind("c2", "x", 0)] {
        let line = line(kind.company.as_str(), "kind.put");
        OrderKinds::put(&books, kind, line).await.unwrap();
    }
    let keys = |found: Vec<NamedOrderKind>| {
        found.iter().map(|kind| kind.kind.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(keys(OrderKinds::all(&books, &company("c1")).await.unwrap()), ["z", "a", "b"]);
    OrderKinds::put(&books, kind("c1", "z", 2), line("c1", "kind.put")).await.unwrap();
    assert_eq!(keys(OrderKinds::all(&books, &company("c1")).await.unwrap()), ["a", "b", "z"]);
    let z = OrderKind::parse("z").unwrap();
    assert!(!OrderKinds::remove(&books, &company("c2"), &z, line("c2", "kind.remove")).await.unwrap());
    assert!(OrderKinds::remove(&books, &company("c1"), &z, line("c1", "kind.remove")).await.unwrap());
    assert_eq!(keys(OrderKinds::all(&books, &company("c1")).await.unwrap()), ["a", "b"]);
}

fn claim(asked: u8, now: Time) -> Claim {
    Claim {
        asker: "agent c1 ann".into(),
        name: "k".into(),
        asked: Hash([asked; 32]),
        now,
        stale: now - 10,
        expired: now - 100,
    }
}

fn made() -> KeptAnswer {
    KeptAnswer { status: 201, media_type: "application/json".into(), body: (*b"{\"errcode\":0}").into() }
}

pub async fn of_many_equal_calls_one_is_made(stage: &Stage) {
    let books = stage.books();
    let claiming = (0..32).map(|_| {
        let books = books.clone();
        tokio::spawn(async move { books.claim(claim(1, 1000)).await.unwrap() })
    });
    let mut first = 0;
    for claim in claiming.collect::<Vec<_>>() {
        match claim.await.unwrap() {
            Repetition::First => first += 1,
            other => assert_eq!(other, Repetition::Running),
        }
    }
    assert_eq!(first, 1);
}

pub async fn an_answer_is_kept_for_the_same_call_only(stage: &Stage) {
    let books = stage.books();
    assert_eq!(books.claim(claim(1, 1000)).await.unwrap(), Repetition::First);
    assert_eq!(books.claim(claim(2, 1000)).await.unwrap(), Repetition::Another);
    books.keep("agent c1 ann", "k", made()).await.unwrap();
    // What has an answer is no longer given up.
    books.release("agent c1 ann", "k").await.unwrap();
    stage.reopen().await;
    let books = stage.books();
    assert_eq!(books.claim(claim(1, 1050)).await.unwrap(), Repetition::Answered(made()));
    assert_eq!(books.claim(claim(2, 1050)).await.unwrap(), Repetition::Another);
    let other = Claim { asker: "agent c2 ann".into(), ..claim(1, 1050) };
    assert_eq!(books.claim(other).await.unwrap(), Repetition::First);
    // A day later the name is free.
    assert_eq!(books.claim(claim(2, 1101)).await.unwrap(), Repetition::First);
    assert_eq!(books.forget(1060).await.unwrap(), 1);
}

pub async fn a_call_that_was_given_up_can_be_made_again(stage: &Stage) {
    let books = stage.books();
    assert_eq!(books.claim(claim(1, 1000)).await.unwrap(), Repetition::First);
    assert_eq!(books.claim(claim(1, 1010)).await.unwrap(), Repetition::Running);
    assert_eq!(books.claim(claim(2, 1011)).await.unwrap(), Repetition::Another);
    assert_eq!(books.claim(claim(1, 1011)).await.unwrap(), Repetition::First);
    books.release("agent c1 ann", "k").await.unwrap();
    assert_eq!(books.claim(claim(2, 1012)).await.unwrap(), Repetition::First);
}

pub async fn what_changes_is_told_in_the_order_of_numbers(stage: &Stage) {
    let books = stage.books();
    let before = books.latest().await.unwrap();
    let watching = {
        let books = books.clone();
        tokio::spawn(async move {
            let (mut seen, mut companies) = (before, HashSet::new());
            while companies.len() < 20 {
                for revision in books.changed(seen).await.unwrap() {
                    assert!(revision.number > seen);
                    assert_eq!(&*revision.topic, revised::BLACKLIST);
                    seen = revision.number;
                    companies.insert(revision.company);
                }
            }
        })
    };
    let adding = (0..20).map(|n| tokio::spawn(add(&books, &ban(&format!("c{n}"), n, "ann", None))));
    for add in adding.collect::<Vec<_>>() {
        add.await.unwrap().unwrap();
    }
    // It ends when it has seen them all, and none was hidden behind a greater number.
    watching.await.unwrap();
    assert_eq!(books.latest().await.unwrap(), before + 20);
}

pub async fn an_act_leaves_its_line_and_a_refused_one_leaves_none(stage: &Stage) {
    let books = stage.books();
    add(&books, &ban("c1", 1, "ann", None)).await.unwrap();
    add(&books, &ban("c1", 2, "ann", None)).await.unwrap_err();
    let remove = |id| {
        let id = BanId(Uuid::from_u128(id));
        Blacklist::remove(&books, &company("c1"), id, line("c1", "blacklist.remove"))
    };
    assert!(!remove(7).await.unwrap());
    assert!(remove(1).await.unwrap());
    let acts = books.read(|tx| {
        async move {
            const ACTS: &str = "select act, actor, address from audit where company = $1 order by number";
            let rows = tx.rows(ACTS, &["c1".into()]).await?;
            rows.iter()
                .map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.text(2)?.to_owned())))
                .collect::<Result<Vec<_>, _>>()
        }
        .boxed()
    });
    let by_boss = |act: &str| (act.to_owned(), "boss".to_owned(), "127.0.0.1".to_owned());
    assert_eq!(acts.await.unwrap(), [by_boss("blacklist.add"), by_boss("blacklist.remove")]);
}
