//! What a company's webhooks are told is written with what it tells, delivered in order, once at a time.

use nodechat_domain::decide::hook::{Next, Outcome, Verdict};
use nodechat_domain::decide::order;
use nodechat_domain::error::{Code, Error};
use nodechat_domain::model::{
    Actor, AuditLine, Author, Changed, Comment, Delivery, DeliveryState, Details, Facts, Notice, NoticeId,
    Order, OrderChange, OrderId, OrderKind, OrderState, RoomId, SigningSecret, Subject, Topic, Webhook,
    WebhookId, WebhookUrl, Words,
};
use nodechat_domain::port::{Attempt, Claimed, Orders, Webhooks};

use super::Stage;
use super::stage::{company_id, name, text, visitor};
use crate::Books;

fn webhook(company: &str, number: u8, topics: &[Topic]) -> Webhook {
    Webhook {
        id: WebhookId::at(1, [number; 10]),
        company: company_id(company),
        url: WebhookUrl::parse("https://shop.example/hook").unwrap(),
        topics: topics.iter().copied().collect(),
        secret: SigningSecret::from_bytes(&[number; 32]),
        former: None,
        on: true,
        off_because: None,
        failing_since: None,
        created: 1,
    }
}

fn line(company: &str) -> AuditLine {
    AuditLine {
        company: company_id(company),
        time: 1,
        actor: Actor::Operator,
        act: "webhook.test",
        subject: "".into(),
        note: "".into(),
        address: None,
    }
}

async fn hook(books: &Books, company: &str, number: u8, topics: &[Topic]) -> Webhook {
    let webhook = webhook(company, number, topics);
    Webhooks::add(books, webhook.clone(), line(company)).await.unwrap();
    webhook
}

fn opened(company: &str, number: u8, time: i64) -> Changed {
    let details = Details::new(
        name("printer"),
        Words::parse("describe", "it smokes").unwrap(),
        OrderKind::parse("repair").unwrap(),
    );
    let order = Order {
        id: OrderId::at(time, [number; 10]),
        company: company_id(company),
        details,
        submitter: visitor("ann").aid,
        room: None,
        chat: None,
        state: OrderState::New,
        owner: None,
        feedback: "".into(),
        created: time,
        updated: time,
        lines: 0,
    };
    order::open(order, Author::Visitor(visitor("ann").aid))
}

async fn comments(books: &Books, order: &Order, words: &str, time: i64) {
    let words = Words::parse("comment", words).unwrap();
    let wanted = OrderChange { comment: Some(Comment { words, public: true }), ..OrderChange::default() };
    let by = Author::Agent(visitor("bob").aid);
    let decide = move |order: &Order| order::change(order, &wanted, &by, time);
    Orders::change(books, &order.company, order.id, Box::new(decide)).await.unwrap().unwrap();
}

async fn log(books: &Books, webhook: &Webhook) -> Vec<Delivery> {
    books.log(&webhook.company, webhook.id, None, 100).await.unwrap()
}

/// The kinds in the log, the oldest first.
async fn kinds(books: &Books, webhook: &Webhook) -> Vec<String> {
    log(books, webhook).await.iter().rev().map(|delivery| delivery.kind.to_string()).collect()
}

async fn claims(books: &Books, webhook: &Webhook, now: i64) -> Vec<Delivery> {
    let claimed = books.claim(&webhook.company, webhook.id, now, now + 1000, 10).await.unwrap();
    claimed.map_or(Vec::new(), |Claimed { deliveries, .. }| deliveries)
}

fn attempt(delivery: &Delivery, claim: i64, next: Next) -> Attempt {
    Attempt {
        company: delivery.company.clone(),
        webhook: delivery.webhook,
        number: delivery.number,
        claim,
        ended: claim,
        attempts: delivery.attempts + 1,
        outcome: Outcome::Answered { status: 503, retry_after_ms: None },
        verdict: Verdict { next, failing_since: Some(7), switch_off: None },
    }
}

pub async fn a_webhook_comes_back_whole(stage: &Stage) {
    let books = stage.books();
    let first = hook(&books, "c1", 1, &[Topic::Order, Topic::Message]).await;
    hook(&books, "c2", 2, &[]).await;
    let changed = |webhook: &Webhook| {
        let former = Some((webhook.secret.clone(), 99));
        let secret = SigningSecret::from_bytes(&[9; 32]);
        Ok(Webhook { former, secret, on: false, off_because: Some("asleep".into()), ..webhook.clone() })
    };
    let after =
        Webhooks::change(&books, &first.company, first.id, line("c1"), Box::new(changed)).await.unwrap();
    stage.reopen().await;
    let books = stage.books();
    assert_eq!(Webhooks::find(&books, &first.company, first.id).await.unwrap(), after);
    assert_eq!(Webhooks::all(&books, &first.company).await.unwrap(), [after.clone().unwrap()]);
    assert_eq!(after.unwrap().secret.bytes(), [9; 32]);
    // Nothing of it with the name of another company.
    let other = company_id("c2");
    assert_eq!(Webhooks::find(&books, &other, first.id).await.unwrap(), None);
    let refuse = |_: &Webhook| Err(Error::conflict("no"));
    assert_eq!(Webhooks::change(&books, &other, first.id, line("c1"), Box::new(refuse)).await.unwrap(), None);
    assert!(!Webhooks::remove(&books, &other, first.id, line("c2")).await.unwrap());
    assert!(Webhooks::remove(&books, &first.company, first.id, line("c1")).await.unwrap());
    assert_eq!(Webhooks::all(&books, &first.company).await.unwrap(), []);
}

pub async fn a_company_has_no_more_webhooks_than_it_may(stage: &Stage) {
    let books = stage.books();
    for number in 0..10 {
        hook(&books, "c1", number, &[]).await;
    }
    let one_more = Webhooks::add(&books, webhook("c1", 10, &[]), line("c1")).await;
    assert_eq!(one_more.unwrap_err().code(), Code::Conflict);
    hook(&books, "c2", 10, &[]).await;
}

pub async fn what_happens_is_written_for_each_webhook_that_asks_for_it(stage: &Stage) {
    let books = stage.books();
    let asks = hook(&books, "c1", 1, &[Topic::Order, Topic::Status]).await;
    let also = hook(&books, "c1", 2, &[Topic::Order]).await;
    let otherwise = hook(&books, "c1", 3, &[Topic::Message]).await;
    let foreign = hook(&books, "c2", 4, &[Topic::Order]).await;
    let off = Webhook { on: false, ..webhook("c1", 5, &[Topic::Order]) };
    Webhooks::add(&books, off.clone(), line("c1")).await.unwrap();
    let order = opened("c1", 1, 50);
    Orders::add(&books, order.clone()).await.unwrap();
    comments(&books, &order.order, "we come", 60).await;
    // What is refused has not happened and is not told.
    let refuse = |_: &Order| Err(Error::conflict("no"));
    let _refused = Orders::change(&books, &order.order.company, order.order.id, Box::new(refuse)).await;
    for webhook in [&asks, &also] {
        assert_eq!(kinds(&books, webhook).await, ["order.created", "order.answered"]);
    }
    for webhook in [&otherwise, &foreign, &off] {
        assert_eq!(kinds(&books, webhook).await, [] as [&str; 0]);
    }
    let told = log(&books, &asks).await;
    assert_eq!((told[0].state, told[0].attempts, told[0].first_due), (DeliveryState::Waiting, 0, 60));
    assert!(matches!(&told[0].subject, Subject::Facts(facts) if facts.contains("we come")));
    // Both are told the same, under the same id.
    assert_eq!(told[0].notice, log(&books, &also).await[0].notice);
    assert!(told[0].notice != told[1].notice);
}

pub async fn a_message_is_written_for_webhooks_that_ask_for_messages(stage: &Stage) {
    let books = stage.books();
    let (ann, eve) = (visitor("ann"), visitor("eve"));
    let (of_ann, of_eve) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    stage.says(&ann, &of_ann, "before anybody asks").await;
    let webhook = hook(&books, "c1", 1, &[Topic::Message]).await;
    let otherwise = hook(&books, "c1", 2, &[Topic::Order]).await;
    let foreign = hook(&books, "c2", 3, &[Topic::Message]).await;
    let (first, second) = (stage.new_id(), stage.new_id());
    stage.sends(&ann, &of_ann, first, text("one")).await.unwrap();
    stage.sends(&eve, &of_eve, second, text("two")).await.unwrap();
    // The same message again is no other one.
    stage.sends(&ann, &of_ann, first, text("one")).await.unwrap();
    stage.says(&ann, &of_ann, "three").await;
    let told = log(&books, &webhook).await;
    let subject = |pos: i64, room: &RoomId| Subject::Message { room: room.clone(), pos };
    let subjects: Vec<_> = told.iter().rev().map(|delivery| delivery.subject.clone()).collect();
    assert_eq!(subjects, [subject(1, &of_ann), subject(0, &of_eve), subject(2, &of_ann)]);
    assert_eq!(told[2].notice.0, first.0);
    assert_eq!(kinds(&books, &webhook).await, ["message.created"; 3]);
    for webhook in [&otherwise, &foreign] {
        assert_eq!(kinds(&books, webhook).await, [] as [&str; 0]);
    }
    // Each room keeps its order.
    let claimed = claims(&books, &webhook, i64::MAX - 2000).await;
    let subjects: Vec<_> = claimed.iter().map(|delivery| delivery.subject.clone()).collect();
    assert_eq!(subjects, [subject(1, &of_ann), subject(0, &of_eve)]);
}

pub async fn a_delivery_is_claimed_by_one_at_a_time_and_in_order(stage: &Stage) {
    let books = stage.books();
    let webhook = hook(&books, "c1", 1, &[Topic::Order]).await;
    let (one, two) = (opened("c1", 1, 50), opened("c1", 2, 51));
    Orders::add(&books, one.clone()).await.unwrap();
    Orders::add(&books, two.clone()).await.unwrap();
    comments(&books, &one.order, "first", 60).await;
    comments(&books, &one.order, "second", 61).await;
    assert_eq!(Webhooks::due(&books, 49, 10).await.unwrap(), []);
    assert_eq!(Webhooks::next_due(&books).await.unwrap(), Some(50));
    let due = vec![(webhook.company.clone(), webhook.id)];
    assert_eq!(Webhooks::due(&books, 100, 10).await.unwrap(), due);
    // Many at once: each delivery goes to one of them, and of each order only the first line.
    let claiming = (0..8).map(|_| {
        let (books, webhook) = (books.clone(), webhook.clone());
        tokio::spawn(async move { claims(&books, &webhook, 100).await })
    });
    let mut claimed = Vec::new();
    for one in claiming.collect::<Vec<_>>() {
        claimed.extend(one.await.unwrap());
    }
    claimed.sort_by_key(|delivery| delivery.number);
    let created: Vec<_> = claimed.iter().map(|delivery| &*delivery.kind).collect();
    assert_eq!(created, ["order.created", "order.created"]);
    // Delivered: its next line is due. Not delivered: nothing behind it is.
    books.settle(attempt(&claimed[0], 1100, Next::Delivered)).await.unwrap();
    books.settle(attempt(&claimed[1], 1100, Next::Again { due: 5000 })).await.unwrap();
    comments(&books, &two.order, "late", 70).await;
    let next = claims(&books, &webhook, 1200).await;
    assert_eq!(next.len(), 1);
    assert!(matches!(&next[0].subject, Subject::Facts(facts) if facts.contains("first")));
    books.settle(attempt(&next[0], 2200, Next::Again { due: 4000 })).await.unwrap();
    assert_eq!(Webhooks::due(&books, 3999, 10).await.unwrap(), []);
    assert_eq!(Webhooks::next_due(&books).await.unwrap(), Some(4000));
    assert_eq!(claims(&books, &webhook, 3999).await, []);
    assert_eq!(claims(&books, &webhook, 4000).await.len(), 1);
    assert_eq!(claims(&books, &webhook, 5000).await.len(), 2);
}

pub async fn a_claim_that_was_lost_settles_nothing(stage: &Stage) {
    let books = stage.books();
    let webhook = hook(&books, "c1", 1, &[Topic::Order]).await;
    Orders::add(&books, opened("c1", 1, 50)).await.unwrap();
    let first = claims(&books, &webhook, 100).await;
    assert_eq!(claims(&books, &webhook, 1000).await, []);
    // The first one is silent for too long.
    let second = claims(&books, &webhook, 1100).await;
    assert_eq!(second.len(), 1);
    books.settle(attempt(&first[0], 1100, Next::GivenUp)).await.unwrap();
    assert_eq!(log(&books, &webhook).await[0].state, DeliveryState::Waiting);
    books.settle(attempt(&second[0], 2100, Next::Delivered)).await.unwrap();
    let told = &log(&books, &webhook).await[0];
    assert_eq!((told.state, told.attempts, told.status), (DeliveryState::Delivered, 1, Some(503)));
    assert_eq!(told.tried, Some(2100));
}

pub async fn a_webhook_that_is_switched_off_gets_nothing(stage: &Stage) {
    let books = stage.books();
    let webhook = hook(&books, "c1", 1, &[Topic::Order]).await;
    Orders::add(&books, opened("c1", 1, 50)).await.unwrap();
    let claimed = claims(&books, &webhook, 100).await;
    let mut last = attempt(&claimed[0], 1100, Next::Again { due: 2000 });
    last.verdict.switch_off = Some("hopeless".into());
    books.settle(last).await.unwrap();
    let after = Webhooks::find(&books, &webhook.company, webhook.id).await.unwrap().unwrap();
    assert!(!after.on);
    assert_eq!((after.off_because.as_deref(), after.failing_since), (Some("hopeless"), Some(7)));
    assert_eq!(Webhooks::due(&books, 9000, 10).await.unwrap(), []);
    assert_eq!(Webhooks::next_due(&books).await.unwrap(), None);
    assert_eq!(claims(&books, &webhook, 9000).await, []);
    Orders::add(&books, opened("c1", 2, 9000)).await.unwrap();
    assert_eq!(log(&books, &webhook).await.len(), 1);
}

pub async fn a_delivery_can_be_made_once_more(stage: &Stage) {
    let books = stage.books();
    let webhook = hook(&books, "c1", 1, &[Topic::Order]).await;
    Orders::add(&books, opened("c1", 1, 50)).await.unwrap();
    let claimed = claims(&books, &webhook, 100).await;
    books.settle(attempt(&claimed[0], 1100, Next::Delivered)).await.unwrap();
    assert_eq!(claims(&books, &webhook, 2000).await, []);
    let number = claimed[0].number;
    assert!(!books.replay(&company_id("c2"), webhook.id, number, 3000).await.unwrap());
    assert!(!books.replay(&webhook.company, webhook.id, number + 1, 3000).await.unwrap());
    assert!(books.replay(&webhook.company, webhook.id, number, 3000).await.unwrap());
    let again = claims(&books, &webhook, 3000).await;
    assert_eq!((again[0].notice, again[0].attempts, again[0].first_due), (claimed[0].notice, 0, 3000));
}

pub async fn a_webhook_alone_can_be_told_something(stage: &Stage) {
    let books = stage.books();
    let (webhook, other) = (hook(&books, "c1", 1, &[]).await, hook(&books, "c1", 2, &[Topic::Order]).await);
    let notice = Notice {
        id: NoticeId::of(5, &["test"]),
        company: company_id("c1"),
        topic: Topic::Order,
        kind: "webhook.test",
        thread: "".into(),
        time: 5,
        facts: Facts::default().text("hello", "世界"),
    };
    Webhooks::tell(&books, webhook.id, notice).await.unwrap();
    assert_eq!(kinds(&books, &webhook).await, ["webhook.test"]);
    assert_eq!(kinds(&books, &other).await, [] as [&str; 0]);
}

pub async fn the_log_is_bounded(stage: &Stage) {
    let books = stage.books();
    let webhook = hook(&books, "c1", 1, &[Topic::Order]).await;
    for number in 0..6 {
        Orders::add(&books, opened("c1", number, 50 + i64::from(number))).await.unwrap();
    }
    for delivery in &claims(&books, &webhook, 100).await[..5] {
        books.settle(attempt(delivery, 1100, Next::Delivered)).await.unwrap();
    }
    assert_eq!(books.forget(51, 100).await.unwrap(), 1);
    assert_eq!(books.forget(51, 2).await.unwrap(), 2);
    let left = log(&books, &webhook).await;
    assert_eq!(left.iter().map(|delivery| delivery.time).collect::<Vec<_>>(), [55, 54, 53]);
    let below = books.log(&webhook.company, webhook.id, Some(left[0].number), 1).await.unwrap();
    assert_eq!(below, left[1..2]);
}
