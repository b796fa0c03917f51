//! Lists of rooms: whose they are, in which order, in pages.

use nodechat_domain::model::AccountId;
use nodechat_domain::port::{Lists as _, Numbered};

use super::desks::sql;
use super::service::{ENROLL, sticks, tag};
use super::stage::{Stage, agent, company_id as company, visitor_of};
use crate::value::Value;

fn visitors(rooms: &[Numbered]) -> Vec<String> {
    rooms.iter().map(|room| room.head.id.aid().to_owned()).collect()
}

pub async fn rooms_are_listed_by_company_the_last_opened_first(stage: &Stage) {
    for aid in ["ann", "bea", "cid", "dan"] {
        stage.room_of(&visitor_of("c1", aid)).await;
    }
    stage.room_of(&visitor_of("c2", "ann")).await;
    let books = stage.books();
    let page = books.rooms(&company("c1"), None, None, None, 3).await.unwrap();
    assert_eq!(visitors(&page), ["dan", "cid", "bea"]);
    let rest = books.rooms(&company("c1"), Some(page[2].number), None, None, 3).await.unwrap();
    assert_eq!(visitors(&rest), ["ann"]);
    assert_eq!(rest[0].head.id.company(), "c1");
    assert!(books.rooms(&company("c3"), None, None, None, 3).await.unwrap().is_empty());
}

pub async fn a_search_is_for_a_part_of_the_visitors_names(stage: &Stage) {
    for aid in ["ann", "b_a", "bba", "u2s"] {
        stage.room_of(&visitor_of("c1", aid)).await;
    }
    let books = stage.books();
    let found = |part: &'static str| {
        let books = books.clone();
        async move { visitors(&books.rooms(&company("c1"), None, Some(part), None, 9).await.unwrap()) }
    };
    assert_eq!(found("AN").await, ["ann"]);
    assert_eq!(found("_").await, ["b_a"]);
    assert_eq!(found("%").await, Vec::<String>::new());
    assert_eq!(found("u2s").await, ["u2s"], "not what every room is called");
    assert_eq!(found("c1").await, Vec::<String>::new());
}

pub async fn rooms_are_listed_by_their_visitors_tags(stage: &Stage) {
    let mut all = Vec::new();
    for aid in ["ann", "bea", "cid", "dan"] {
        all.push(visitor_of("c1", aid));
    }
    for person in all.iter().chain([&visitor_of("c2", "ann")]) {
        stage.room_of(person).await;
    }
    for person in [&all[0], &all[1], &all[3], &visitor_of("c1", "nobody has come yet")] {
        sticks(stage, person, &["vip", "老客户"]).await;
    }
    let books = stage.books();
    let listed = |of: &'static str, before, search: Option<&'static str>, limit| {
        let books = books.clone();
        async move { books.rooms(&company(of), before, search, Some(&tag("老客户")), limit).await.unwrap() }
    };
    let page = listed("c1", None, None, 2).await;
    assert_eq!(visitors(&page), ["dan", "bea"]);
    let rest = listed("c1", Some(page[1].number), None, 2).await;
    assert_eq!(visitors(&rest), ["ann"]);
    assert_eq!(rest[0].head.id.company(), "c1");
    assert_eq!(visitors(&listed("c1", None, Some("A"), 9).await), ["dan", "bea", "ann"]);
    assert_eq!(visitors(&listed("c1", None, Some("be"), 9).await), ["bea"]);
    assert_eq!(visitors(&listed("c2", None, None, 9).await), Vec::<String>::new());
}

pub async fn those_who_may_answer_are_the_staff(stage: &Stage) {
    for (of, aid, active) in [("c1", "bob", 1), ("c1", "ann", 1), ("c1", "former", 0), ("c2", "cid", 1)] {
        sql(stage, ENROLL, vec![of.into(), aid.into(), Value::Number(active)]).await;
    }
    let staff = |limit| async move { stage.books().staff(&company("c1"), limit).await.unwrap() };
    assert_eq!(staff(9).await.iter().map(AccountId::as_str).collect::<Vec<_>>(), ["ann", "bob"]);
    assert_eq!(staff(1).await.len(), 1);
}

pub async fn an_agent_finds_the_rooms_it_has_entered(stage: &Stage) {
    let bob = AccountId::parse("bob").unwrap();
    for (aid, in_company) in [("ann", "c1"), ("bea", "c1"), ("cid", "c2")] {
        let room = stage.room_of(&visitor_of(in_company, aid)).await;
        if aid != "bea" {
            stage.enters(&agent("bob"), &room).await;
        }
    }
    let entered = stage.books().entered(&company("c1"), &bob, 9).await.unwrap();
    assert_eq!(entered.iter().map(|head| head.id.aid()).collect::<Vec<_>>(), ["ann"]);
}
