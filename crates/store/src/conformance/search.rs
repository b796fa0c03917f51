//! Looking for messages in a company's whole history.

use nodechat_domain::decide;
use nodechat_domain::model::{
    Body, Hit, Kind, Message, MessageId, Person, RoomId, SearchOrder, SearchQuery, Sender, Side,
};
use nodechat_domain::port::{Change, Rooms, Scope, Search, commit};

use super::Stage;
use super::stage::{agent, company_id, hash, visitor, visitor_of, words};

pub async fn what_was_said_is_found_by_its_words_the_newest_first(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), agent("bob"));
    let room = stage.room_of(&ann).await;
    for said in ["我要退款", "order 4711 is late", "Refund, please", "退 款", "退款流程是什么"] {
        stage.says(&ann, &room, said).await;
    }
    stage.says(&bob, &room, "退款三天到账").await;
    index(stage).await;
    assert_eq!(found(stage, "退款").await, ["退款三天到账", "退款流程是什么", "我要退款"]);
    assert_eq!(found(stage, "退款流程").await, ["退款流程是什么"]);
    assert_eq!(found(stage, "程是").await, ["退款流程是什么"]);
    assert_eq!(found(stage, "款").await.len(), 4);
    assert_eq!(found(stage, "4711").await, ["order 4711 is late"]);
    assert_eq!(found(stage, "REFUND").await, ["Refund, please"]);
    assert_eq!(found(stage, "late order").await, ["order 4711 is late"]);
    assert!(found(stage, "fund").await.is_empty() && found(stage, "退款 late").await.is_empty());
    assert!(found(stage, "' OR \"*) NEAR").await.is_empty() && found(stage, "!?").await.is_empty());
    assert_eq!(found(stage, "").await.len(), 6);
}

pub async fn everything_that_is_named_has_to_fit(stage: &Stage) {
    let (ann, eve, bob) = (visitor("ann"), visitor("eve"), agent("bob"));
    let (anns, eves) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    let first = stage.says(&ann, &anns, "one refund").await;
    stage.says(&bob, &anns, "two refund").await;
    let third = stage.says(&eve, &eves, "three refund").await;
    let custom = Body::Custom(nodechat_domain::model::Custom::parse("{\"a\":1}").unwrap());
    stage.sends(&ann, &anns, stage.new_id(), custom).await.unwrap();
    index(stage).await;
    let refund = query("refund");
    let by = |side, aid: &Person| SearchQuery { sender: Some((side, aid.aid.clone())), ..refund.clone() };
    assert_eq!(looks(stage, SearchQuery { room: Some(anns.clone()), ..refund.clone() }).await.len(), 2);
    assert_eq!(texts(&looks(stage, by(Side::Agent, &bob)).await), ["two refund"]);
    assert!(looks(stage, by(Side::Visitor, &bob)).await.is_empty());
    let since = SearchQuery { from: Some(third.time), ..refund.clone() };
    assert_eq!(texts(&looks(stage, since).await), ["three refund"]);
    let until = SearchQuery { to: Some(first.time + 1), ..refund.clone() };
    assert_eq!(texts(&looks(stage, until).await), ["one refund"]);
    let customs = SearchQuery { kind: Some(Kind::Custom), ..query("") };
    assert_eq!(looks(stage, customs.clone()).await.len(), 1);
    let nowhere = RoomId::parse("/U2S_nobody#c1").unwrap();
    assert!(looks(stage, SearchQuery { room: Some(nowhere), ..refund }).await.is_empty());
}

pub async fn no_company_finds_anothers_words(stage: &Stage) {
    let (ann, foreign) = (visitor("ann"), visitor_of("c2", "ann"));
    let (here, there) = (stage.room_of(&ann).await, stage.room_of(&foreign).await);
    stage.says(&ann, &here, "refund here").await;
    stage.says(&foreign, &there, "refund there").await;
    index(stage).await;
    assert_eq!(found(stage, "refund").await, ["refund here"]);
    let other = SearchQuery { company: company_id("c2"), ..query("refund") };
    assert_eq!(texts(&looks(stage, other.clone()).await), ["refund there"]);
    assert!(looks(stage, SearchQuery { room: Some(here), ..other }).await.is_empty());
    assert!(looks(stage, SearchQuery { company: company_id("c3"), ..query("") }).await.is_empty());
}

pub async fn pages_of_what_is_found_follow_each_other(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    for number in 0..35 {
        stage.says(&ann, &room, &format!("refund {number}")).await;
    }
    index(stage).await;
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let order = SearchOrder::Newest { before };
        let page = looks(stage, SearchQuery { order, limit: 10, ..query("refund") }).await;
        let Some(last) = page.last() else { break };
        before = Some(last.mark);
        seen.extend(page.iter().map(|hit| hit.message.pos));
    }
    assert!(seen.into_iter().eq((0..35).rev()));
    let ranked = |skip| SearchQuery { order: SearchOrder::Ranked { skip }, limit: 20, ..query("refund") };
    let (first, second) = (looks(stage, ranked(0)).await, looks(stage, ranked(20)).await);
    assert_eq!((first.len(), second.len()), (20, 15));
    assert!(second.iter().all(|hit| !first.contains(hit)));
}

pub async fn what_is_most_about_it_comes_first_when_that_is_asked(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    stage.says(&ann, &room, "refund refund").await;
    stage.says(&ann, &room, "I would like to talk about many things and then about a refund").await;
    index(stage).await;
    let order = SearchOrder::Ranked { skip: 0 };
    let best = looks(stage, SearchQuery { order, ..query("refund") }).await;
    assert_eq!(words(&best[0].message), "refund refund");
}

pub async fn what_was_taken_back_is_found_no_more_and_leaves_the_index(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    let said = stage.says(&ann, &room, "secret refund").await;
    stage.says(&ann, &room, "refund").await;
    index(stage).await;
    assert_eq!(found(stage, "refund").await.len(), 2);
    recalls(stage, &ann, &room, said.id).await;
    assert_eq!(found(stage, "refund").await, ["refund"], "at once, whatever the index says");
    assert_eq!(behind(stage).await, vec![room.clone()]);
    index(stage).await;
    assert!(behind(stage).await.is_empty());
    assert!(found(stage, "secret").await.is_empty());
}

pub async fn indexing_goes_on_where_it_was_and_doing_it_twice_is_once(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    for number in 0..450 {
        stage.says(&ann, &room, &format!("refund {number}")).await;
    }
    let store = stage.books();
    let first = store.index(vec![room.clone()]).await.unwrap();
    assert_eq!((first.messages < 450, first.unfinished), (true, vec![room.clone()]));
    stage.reopen().await;
    assert_eq!(behind(stage).await, vec![room.clone()]);
    index(stage).await;
    let store = stage.books();
    let again = store.index(vec![room.clone(), room]).await.unwrap();
    assert_eq!((again.messages, again.unfinished.len()), (0, 0));
    let all = looks(stage, SearchQuery { limit: 1000, ..query("refund") }).await;
    assert_eq!(all.len(), 450);
}

pub async fn an_adopted_visitors_words_are_found_under_the_new_name(stage: &Stage) {
    let (guest, ann) = (visitor("guest"), visitor("ann"));
    stage.store().add_visitor(hash(7), guest.clone()).await.unwrap();
    let (old, new) = (stage.room_of(&guest).await, stage.room_of(&ann).await);
    stage.says(&guest, &old, "refund as a guest").await;
    stage.says(&ann, &new, "refund as ann").await;
    index(stage).await;
    stage.store().adopt(hash(7), &company_id("c1"), ann.clone()).await.unwrap();
    index(stage).await;
    let anns = SearchQuery { sender: Some((Side::Visitor, ann.aid.clone())), ..query("refund") };
    assert_eq!(looks(stage, anns).await.len(), 2);
    assert_eq!(found(stage, "refund").await.len(), 2);
    assert!(behind(stage).await.is_empty());
}

pub async fn a_room_after_an_adopted_one_is_indexed_from_its_first_message(stage: &Stage) {
    let (guest, ann, eve) = (visitor("guest"), visitor("ann"), visitor("eve"));
    stage.store().add_visitor(hash(7), guest.clone()).await.unwrap();
    stage.room_of(&ann).await;
    let guests = stage.room_of(&guest).await;
    stage.says(&guest, &guests, "refund as a guest").await;
    index(stage).await;
    stage.store().adopt(hash(7), &company_id("c1"), ann.clone()).await.unwrap();
    let eves = stage.room_of(&eve).await;
    stage.says(&eve, &eves, "refund of eve").await;
    index(stage).await;
    assert_eq!(found(stage, "refund").await, ["refund of eve", "refund as a guest"]);
}

pub async fn a_long_history_is_found_wherever_it_stands(stage: &Stage) {
    let (ann, eve) = (visitor("ann"), visitor("eve"));
    let (anns, eves) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    let words = |number: usize| match number {
        40 => "the rhino was refunded, 犀牛退款".to_owned(),
        number if number % 2 == 0 => format!("refund {number}, 我要退款"),
        number => format!("parcel {number}, 快递到了"),
    };
    says_all(stage, &ann, &anns, (0..2600).map(words)).await;
    index(stage).await;
    // Not a part yet.
    says_all(stage, &eve, &eves, (2600..2700).map(words)).await;
    index(stage).await;
    for (asked, expected) in
        [("refund", 1349), ("parcel", 1350), ("退款", 1350), ("款", 1350), ("快递到", 1350)]
    {
        let (numbers, pages) = walked(stage, SearchQuery { limit: 100, ..query(asked) }).await;
        assert_eq!(numbers.len(), expected, "{asked}");
        assert!(numbers.windows(2).all(|pair| pair[0] > pair[1]), "{asked}: the newest first, each once");
        assert!(pages >= expected / 100, "{asked}");
    }
    assert_eq!(texts(&looks(stage, query("犀牛")).await), [words(40)]);
    assert_eq!(texts(&looks(stage, query("rhino 款")).await), [words(40)]);
    assert_eq!(texts(&looks(stage, query("1234")).await), [words(1234)]);
    assert_eq!(walked(stage, query("退款 快递")).await.0.len(), 0);
    assert_eq!(walked(stage, SearchQuery { room: Some(eves), ..query("款") }).await.0.len(), 50);
    let all = walked(stage, query("")).await.0;
    let (from, to) = (all[2099], all[1999]);
    let between = SearchQuery { from: Some(from), to: Some(to), ..query("refund") };
    assert_eq!(walked(stage, between).await.0.len(), 50);
    let ranked = SearchQuery { order: SearchOrder::Ranked { skip: 0 }, limit: 3, ..query("") };
    let newest = looks(stage, ranked).await;
    assert_eq!(newest.iter().map(|hit| hit.message.time).collect::<Vec<_>>(), all[..3]);
}

pub async fn what_is_indexed_late_is_found_in_its_place(stage: &Stage) {
    let (ann, eve) = (visitor("ann"), visitor("eve"));
    let (anns, eves) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    for round in 0..6 {
        let said =
            |who: &str| (0..400).map(|number| format!("refund {who} {round} {number}")).collect::<Vec<_>>();
        says_all(stage, &eve, &eves, said("eve").into_iter()).await;
        says_all(stage, &ann, &anns, said("ann").into_iter()).await;
    }
    index_of(stage, vec![anns.clone()]).await;
    assert_eq!(walked(stage, query("refund")).await.0.len(), 2400);
    index_of(stage, vec![eves.clone()]).await;
    let times = walked(stage, query("refund")).await.0;
    assert_eq!(times.len(), 4800);
    assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "both in one order, each once");
}

pub async fn what_was_taken_back_long_after_leaves_nothing_behind(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    let said = stage.says(&ann, &room, "secret refund").await;
    says_all(stage, &ann, &room, (0..2300).map(|number| format!("refund {number}"))).await;
    index(stage).await;
    assert_eq!(walked(stage, query("refund")).await.0.len(), 2301);
    recalls(stage, &ann, &room, said.id).await;
    assert!(found(stage, "secret").await.is_empty(), "at once");
    index(stage).await;
    assert!(found(stage, "secret").await.is_empty() && behind(stage).await.is_empty());
    let times = walked(stage, query("refund")).await.0;
    assert_eq!(times.len(), 2300);
    assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "each once");
}

pub async fn a_question_that_is_too_much_for_once_says_where_to_go_on(stage: &Stage) {
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    stage.says(&ann, &room, "没问题没有").await;
    // Every pair of what is looked for, never the word.
    says_all(stage, &ann, &room, (0..4500).map(|number| format!("没问题，问题没有 {number}"))).await;
    index(stage).await;
    let first = stage.books().find(query("没问题没")).await.unwrap();
    assert!(first.hits.is_empty() && first.rest.is_some(), "it does not read everything at once");
    let (times, pages) = walked(stage, query("没问题没")).await;
    assert!(times.len() == 1 && pages > 2, "{} in {pages}", times.len());
}

/// All that a walk through all pages shows, by its times, and the number of pages.
async fn walked(stage: &Stage, query: SearchQuery) -> (Vec<i64>, usize) {
    let (mut times, mut pages, mut before) = (Vec::new(), 0, None);
    loop {
        let order = SearchOrder::Newest { before };
        let page = stage.books().find(SearchQuery { order, ..query.clone() }).await.unwrap();
        times.extend(page.hits.iter().map(|hit| hit.message.time));
        pages += 1;
        before = page.rest.or(page.hits.last().map(|hit| hit.mark));
        assert!(page.rest.is_none() || page.hits.len() < query.limit, "a full page needs no rest");
        if page.hits.is_empty() && page.rest.is_none() {
            return (times, pages);
        }
    }
}

/// At once, each a little later than the one before.
async fn says_all(stage: &Stage, person: &Person, room: &RoomId, texts: impl Iterator<Item = String>) {
    let first = stage.view(room).await.head.next_pos;
    let said = texts.zip(first..).map(|(text, pos)| {
        Change::Said(Message {
            id: stage.new_id(),
            pos,
            sender: Sender::from(person),
            time: stage.now(),
            body: super::stage::text(&text),
            quote: None,
        })
    });
    let changes: Vec<Change> = said.collect();
    let store = stage.store();
    store.apply(Scope::room(room.clone()), Box::new(move |_| Ok(changes.clone()))).await.unwrap();
}

async fn index_of(stage: &Stage, mut rooms: Vec<RoomId>) {
    while !rooms.is_empty() {
        rooms = stage.books().index(rooms).await.unwrap().unfinished;
    }
}

/// As the job does it.
async fn index(stage: &Stage) {
    index_of(stage, behind(stage).await).await;
}

async fn behind(stage: &Stage) -> Vec<RoomId> {
    let books = stage.books();
    let (mut rooms, mut after) = (Vec::new(), Some(0));
    while let Some(number) = after {
        let (some, next) = books.behind(number).await.unwrap();
        rooms.extend(some);
        after = next;
    }
    rooms
}

fn query(text: &str) -> SearchQuery {
    SearchQuery {
        company: company_id("c1"),
        text: text.into(),
        room: None,
        sender: None,
        kind: None,
        from: None,
        to: None,
        order: SearchOrder::Newest { before: None },
        limit: 100,
    }
}

async fn looks(stage: &Stage, query: SearchQuery) -> Vec<Hit> {
    stage.books().find(query).await.unwrap().hits
}

async fn found(stage: &Stage, text: &str) -> Vec<String> {
    texts(&looks(stage, query(text)).await)
}

fn texts(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| words(&hit.message).to_owned()).collect()
}

async fn recalls(stage: &Stage, person: &Person, room: &RoomId, id: MessageId) {
    let (caller, now, of) = (Sender::from(person), stage.now(), room.clone());
    let scope = Scope { id: Some(id), ..Scope::room(room.clone()) };
    let store = stage.store();
    let decide = move |snapshot: &_| decide::recall(snapshot, &of, &caller, now);
    commit(&*store as &dyn Rooms, scope, decide).await.unwrap();
}
