//! Lists of rooms: whose they are, in which order, in pages.

use nodechat_domain::model::AccountId;
use nodechat_domain::port::{Lists as _, Numbered};

use super::stage::{Stage, agent, company_id as company, visitor_of};

fn visitors(rooms: &[Numbered]) -> Vec<String> {
    rooms.iter().map(|room| room.head.id.aid().to_owned()).collect()
}

pub async fn rooms_are_listed_by_company_the_last_opened_first(stage: &Stage) {
    for aid in ["ann", "bea", "cid", "dan"] {
        stage.room_of(&visitor_of("c1", aid)).await;
    }
    stage.room_of(&visitor_of("c2", "ann")).await;
    let books = stage.books();
    let page = books.rooms(&company("c1"), None, None, 3).await.unwrap();
    assert_eq!(visitors(&page), ["dan", "cid", "bea"]);
    let rest = books.rooms(&company("c1"), Some(page[2].number), None, 3).await.unwrap();
    assert_eq!(visitors(&rest), ["ann"]);
    assert_eq!(rest[0].head.id.company(), "c1");
    assert!(books.rooms(&company("c3"), None, None, 3).await.unwrap().is_empty());
}

pub async fn a_search_is_for_a_part_of_the_visitors_names(stage: &Stage) {
    for aid in ["ann", "b_a", "bba", "u2s"] {
        stage.room_of(&visitor_of("c1", aid)).await;
    }
    let books = stage.books();
    let found = |part: &'static str| {
        let books = books.clone();
        async move { visitors(&books.rooms(&company("c1"), None, Some(part), 9).await.unwrap()) }
    };
    assert_eq!(found("AN").await, ["ann"]);
    assert_eq!(found("_").await, ["b_a"]);
    assert_eq!(found("%").await, Vec::<String>::new());
    assert_eq!(found("u2s").await, ["u2s"], "not what every room is called");
    assert_eq!(found("c1").await, Vec::<String>::new());
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
