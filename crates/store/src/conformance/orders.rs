//! Work orders are whole, of their company alone, and have one history; their visitors hear of each change once.

use nodechat_domain::decide::order;
use nodechat_domain::error::Error;
use nodechat_domain::model::{
    Author, Changed, Comment, CompanyId, Details, ImagePath, Order, OrderChange, OrderEvent, OrderId,
    OrderKind, OrderState, Words,
};
use nodechat_domain::port::{OrderQuery, Orders};

use super::Stage;
use super::stage::{company_id, name, room, visitor};
use crate::Books;

/// The n-th work order of a company, made by this visitor at this time.
fn new_order(company: &str, by: &str, number: u8, time: i64) -> Changed {
    let words = Words::parse("describe", "it smokes 🔥").unwrap();
    let details = Details::new(name("printer"), words, OrderKind::parse("repair").unwrap());
    let order = Order {
        id: OrderId::at(time, [number; 10]),
        company: company_id(company),
        details,
        submitter: visitor(by).aid,
        room: None,
        chat: None,
        state: OrderState::New,
        owner: None,
        feedback: "".into(),
        created: time,
        updated: time,
        lines: 0,
    };
    let by = Author::Visitor(visitor(by).aid);
    order::open(order, by)
}

async fn added(books: &Books, company: &str, by: &str, number: u8, time: i64) -> Order {
    let opened = new_order(company, by, number, time);
    books.add_order(opened.clone()).await;
    opened.order
}

impl Books {
    async fn add_order(&self, opened: Changed) {
        Orders::add(self, opened).await.unwrap();
    }

    async fn changes(&self, order: &Order, wanted: OrderChange, now: i64) -> Changed {
        let by = Author::Agent(visitor("bob").aid);
        let decide = move |order: &Order| order::change(order, &wanted, &by, now);
        let changed = Orders::change(self, &order.company, order.id, Box::new(decide)).await;
        changed.unwrap().expect("the work order is there")
    }
}

fn to(state: OrderState) -> OrderChange {
    OrderChange { state: Some(state), ..OrderChange::default() }
}

fn says(words: &str, public: bool) -> OrderChange {
    let words = Words::parse("comment", words).unwrap();
    OrderChange { comment: Some(Comment { words, public }), ..OrderChange::default() }
}

pub async fn a_work_order_comes_back_whole_with_its_history(stage: &Stage) {
    let books = stage.books();
    let mut opened = new_order("c1", "ann", 1, 50);
    let picture = "2018-11-08/onlinechat_0123456789abcdef0123456789abcdef";
    opened.order.details.pictures =
        ["png", "jpg"].map(|end| ImagePath::parse(&format!("{picture}.{end}")).unwrap()).into();
    opened.order.details.discovered = Some(-7);
    opened.order.room = Some(room(&visitor("ann")));
    opened.order.chat = Some("0191d8b0-7c1e-7aaa-8bbb-0123456789ab".into());
    books.add_order(opened.clone()).await;
    books.changes(&opened.order, to(OrderState::Accepted), 60).await;
    books.changes(&opened.order, says("a fraud?", false), 70).await;
    books.changes(&opened.order, says("we come", true), 80).await;
    let details = Details { title: name("old printer"), ..opened.order.details.clone() };
    let edited = OrderChange { details: Some(details), ..OrderChange::default() };
    let last = books.changes(&opened.order, edited, 90).await;
    stage.reopen().await;
    let books = stage.books();
    let id = opened.order.id;
    let found = books.find_order(id).await.expect("it is there");
    assert_eq!(found, last.order);
    assert_eq!(&*found.feedback, "we come");
    assert_eq!(found.owner, Some(visitor("bob").aid));
    let lines = books.lines(&company_id("c1"), id, 0, 100).await.unwrap();
    assert_eq!(lines.len() as i64, found.lines);
    assert!(lines.iter().zip(0..).all(|(line, number)| line.number == number));
    assert_eq!(lines[0], opened.lines[0]);
    assert_eq!(lines[5], last.lines[0]);
    assert!(matches!(&lines[2].what, OrderEvent::Moved { to: OrderState::Accepted, .. }));
    assert!(matches!(&lines[3].what, OrderEvent::Noted(words) if words.as_str() == "a fraud?"));
    assert_eq!(books.lines(&company_id("c1"), id, 4, 1).await.unwrap(), lines[4..5]);
}

impl Books {
    async fn find_order(&self, id: OrderId) -> Option<Order> {
        Orders::find(self, &company_id("c1"), id).await.unwrap()
    }
}

pub async fn a_refused_change_to_a_work_order_changes_nothing(stage: &Stage) {
    let books = stage.books();
    let order = added(&books, "c1", "ann", 1, 50).await;
    let refuse = |_: &Order| Err(Error::conflict("not now"));
    let refused = Orders::change(&books, &order.company, order.id, Box::new(refuse)).await;
    assert_eq!(refused.unwrap_err().to_string(), "not now");
    // To stay as it is is no change either.
    books.changes(&order, to(OrderState::New), 60).await;
    assert_eq!(books.find_order(order.id).await, Some(Order { lines: 1, ..order }));
    assert_eq!(books.latest_news().await.unwrap(), 1);
}

pub async fn a_work_order_is_of_its_company_alone(stage: &Stage) {
    let books = stage.books();
    let order = added(&books, "c1", "ann", 1, 50).await;
    let other = company_id("c2");
    assert_eq!(Orders::find(&books, &other, order.id).await.unwrap(), None);
    assert_eq!(books.lines(&other, order.id, 0, 10).await.unwrap(), []);
    let decide = |_: &Order| panic!("there is nothing to decide about");
    assert_eq!(Orders::change(&books, &other, order.id, Box::new(decide)).await.unwrap(), None);
    assert_eq!(books.list(OrderQuery::of(other.clone(), 10)).await.unwrap(), []);
    assert_eq!(books.counts(&other).await.unwrap().by_state, [0; 5]);
    // The same id in another company is another work order.
    added(&books, "c2", "eve", 1, 50).await;
    assert_eq!(books.find_order(order.id).await.unwrap().submitter, visitor("ann").aid);
}

pub async fn work_orders_are_listed_newest_first_page_by_page(stage: &Stage) {
    let books = stage.books();
    let mut orders = Vec::new();
    // Several in one moment: the id decides, and no page repeats or leaves out any.
    for number in 0..9 {
        let by = if number % 3 == 0 { "ann" } else { "eve" };
        orders.push(added(&books, "c1", by, number, 50 + i64::from(number / 4)).await);
    }
    added(&books, "c2", "ann", 9, 51).await;
    books.changes(&orders[4], to(OrderState::Accepted), 60).await;
    let all = |query: OrderQuery| pages(&books, query);
    let numbers = |found: Vec<Order>| -> Vec<usize> {
        found.iter().map(|one| orders.iter().position(|order| order.id == one.id).unwrap()).collect()
    };
    let company = || OrderQuery::of(company_id("c1"), 2);
    assert_eq!(numbers(all(company()).await), [8, 7, 6, 5, 4, 3, 2, 1, 0]);
    let ann = OrderQuery { submitter: Some(visitor("ann").aid), ..company() };
    assert_eq!(numbers(all(ann.clone()).await), [6, 3, 0]);
    assert_eq!(numbers(all(OrderQuery { from: Some(51), to: Some(52), ..ann }).await), [6]);
    let accepted = OrderQuery { state: Some(OrderState::Accepted), ..company() };
    assert_eq!(numbers(all(accepted).await), [4]);
    let owned = OrderQuery { owner: Some(visitor("bob").aid), ..company() };
    assert_eq!(numbers(all(owned).await), [4]);
    let other_kind = OrderQuery { kind: Some("advice".into()), ..company() };
    assert_eq!(numbers(all(other_kind).await), [] as [usize; 0]);
    let new_of_eve = OrderQuery {
        submitter: Some(visitor("eve").aid),
        state: Some(OrderState::New),
        to: Some(52),
        ..company()
    };
    assert_eq!(numbers(all(new_of_eve).await), [7, 5, 2, 1]);
    let counts = books.counts(&company_id("c1")).await.unwrap();
    assert_eq!((counts.by_state, counts.unowned), ([8, 1, 0, 0, 0], 8));
}

async fn pages(books: &Books, mut query: OrderQuery) -> Vec<Order> {
    let mut all: Vec<Order> = Vec::new();
    loop {
        let page = books.list(query.clone()).await.unwrap();
        let Some(last) = page.last() else { return all };
        query.after = Some((last.created, last.id));
        all.extend(page);
    }
}

pub async fn simultaneous_comments_all_have_their_line(stage: &Stage) {
    let books = stage.books();
    let order = added(&books, "c1", "ann", 1, 50).await;
    let commenting = (0..30).map(|number| {
        let (books, order) = (books.clone(), order.clone());
        tokio::spawn(async move { books.changes(&order, says(&format!("{number}"), true), 60).await })
    });
    for done in commenting.collect::<Vec<_>>() {
        done.await.unwrap();
    }
    let lines = books.lines(&order.company, order.id, 0, 100).await.unwrap();
    assert!(lines.iter().zip(0..).all(|(line, number)| line.number == number));
    let after = books.find_order(order.id).await.unwrap();
    assert_eq!((lines.len(), after.lines), (31, 31));
    let mut said: Vec<u32> = after.feedback.lines().map(|line| line.parse().unwrap()).collect();
    said.sort_unstable();
    assert_eq!(said, (0..30).collect::<Vec<_>>());
}

pub async fn visitors_hear_of_work_orders_once_and_never_of_notes(stage: &Stage) {
    let books = stage.books();
    assert_eq!(books.latest_news().await.unwrap(), 0);
    let order = added(&books, "c1", "ann", 1, 50).await;
    books.changes(&order, says("a fraud?", false), 60).await;
    books.changes(&order, says("we come", true), 70).await;
    let other = added(&books, "c2", "ann", 2, 80).await;
    let news = books.news(0, 10).await.unwrap();
    assert_eq!(news.iter().map(|news| news.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(news[1].order, books.find_order(order.id).await.unwrap());
    assert_eq!(news[2].order.company, CompanyId::parse("c2").unwrap());
    assert_eq!(news[2].order.id, other.id);
    assert_eq!(books.news(1, 1).await.unwrap(), news[1..2]);
    assert_eq!(books.latest_news().await.unwrap(), 3);
    assert_eq!(books.forget_news(80).await.unwrap(), 2);
    assert_eq!(books.latest_news().await.unwrap(), 3);
    assert_eq!(books.news(0, 10).await.unwrap(), news[2..]);
}
