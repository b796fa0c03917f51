//! A company's numbers grow with what happens, in its transaction, and are its own.

use futures_util::FutureExt as _;
use nodechat_domain::error::{Error, Result};
use nodechat_domain::model::desk::{Happening, What};
use nodechat_domain::model::{
    AccountId, Actor, AuditLine, ChatId, CompanyId, Figures, GroupId, RoomId, SigningSecret, StatsRow, Topic,
    Webhook, WebhookId, WebhookUrl,
};
use nodechat_domain::port::{Stats, StatsQuery, Webhooks};
use uuid::Uuid;

use super::Stage;
use super::stage::{agent, company_id, visitor};
use crate::Books;
use crate::book::{Stop, aftermath};

/// 2018-09-29 12:00:00 in Shanghai.
const NOON: i64 = 1_538_193_600_000;
const DAY: i64 = 20_180_929;
const HOUR: i64 = 3_600_000;

fn bob() -> Option<AccountId> {
    Some(agent("bob").aid)
}

fn eve() -> Option<AccountId> {
    Some(agent("eve").aid)
}

fn group() -> Option<GroupId> {
    Some(GroupId(Uuid::from_u128(7)))
}

fn happening(seq: i64, what: What, agent: Option<AccountId>, number: i64) -> Happening {
    Happening {
        seq,
        time: NOON,
        what,
        chat: Some(ChatId(Uuid::from_u128(1))),
        room: None,
        group: None,
        agent,
        other: None,
        note: None,
        number: Some(number),
    }
}

async fn happens(books: &Books, company: &str, happenings: Vec<Happening>) {
    let company = company_id(company);
    let written = books.write(move |tx| {
        let (company, happenings) = (company.clone(), happenings.clone());
        async move { aftermath::write(tx, &company, &happenings).await }.boxed()
    });
    written.await.unwrap();
}

async fn rows(books: &Books, company: &str) -> Vec<StatsRow> {
    books.rows(everything(company)).await.unwrap()
}

fn everything(company: &str) -> StatsQuery {
    StatsQuery { company: company_id(company), from: 0, to: i64::MAX, agent: None, group: None }
}

pub async fn numbers_grow_with_what_happens(stage: &Stage) {
    let books = stage.books();
    let first = vec![
        happening(1, What::Applied, None, 0),
        Happening { group: group(), ..happening(2, What::Assigned, bob(), 4000) },
    ];
    happens(&books, "c1", first).await;
    let second = vec![
        Happening { group: group(), ..happening(3, What::Assigned, bob(), 1000) },
        Happening { group: group(), ..happening(4, What::Answered, bob(), 500) },
        Happening { note: Some("auto".into()), ..happening(5, What::Rated, eve(), 0) },
    ];
    happens(&books, "c1", second).await;
    stage.reopen().await;
    let books = stage.books();
    let none = Figures::default();
    let row = |group, agent, figures| StatsRow { day: DAY, group, agent, figures };
    let expected = [
        row(None, None, Figures { asked: 1, ..none }),
        row(None, eve(), Figures { best: 1, ..none }),
        row(group(), bob(), Figures { assigned: 2, waited_ms: 5000, answered: 1, response_ms: 500, ..none }),
    ];
    assert_eq!(rows(&books, "c1").await, expected);
    assert_eq!(rows(&books, "c2").await, []);
    let of = |agent, group| StatsQuery { agent, group, ..everything("c1") };
    assert_eq!(books.rows(of(bob(), None)).await.unwrap(), expected[2..]);
    assert_eq!(books.rows(of(None, group())).await.unwrap(), expected[2..]);
    assert_eq!(books.rows(of(eve(), group())).await.unwrap(), []);
    let later = StatsQuery { from: DAY + 1, ..everything("c1") };
    assert_eq!(books.rows(later).await.unwrap(), []);
}

pub async fn a_transaction_that_fails_counts_nothing(stage: &Stage) {
    let books = stage.books();
    let refused: Result<()> = books
        .write(move |tx| {
            async move {
                let asked = [happening(1, What::Applied, None, 0)];
                aftermath::write(tx, &company_id("c1"), &asked).await?;
                Err::<(), Stop>(Error::conflict("changed its mind").into())
            }
            .boxed()
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(rows(&books, "c1").await, []);
}

pub async fn messages_count_for_whoever_has_the_consultation(stage: &Stage) {
    let books = stage.books();
    let ann = visitor("ann");
    let room = stage.room_of(&ann).await;
    stage.says(&ann, &room, "before").await;
    let at = |what, agent: Option<AccountId>, other: Option<AccountId>| Happening {
        room: Some(room.clone()),
        other,
        ..happening(1, what, agent, 0)
    };
    happens(&books, "c1", vec![at(What::Assigned, bob(), None)]).await;
    for words in ["one", "two", "three"] {
        stage.says(&ann, &room, words).await;
    }
    happens(&books, "c1", vec![at(What::Transferred, bob(), eve())]).await;
    stage.says(&ann, &room, "four").await;
    happens(&books, "c1", vec![at(What::Ended, eve(), None)]).await;
    stage.says(&ann, &room, "after").await;
    let all = rows(&books, "c1").await;
    let said: Vec<_> = all.iter().map(|row| (row.agent.clone(), row.figures.messages)).collect();
    assert_eq!(said, [(bob(), 3), (eve(), 1)]);
}

pub async fn days_are_those_of_the_companys_calendar(stage: &Stage) {
    let books = stage.books();
    let late = |seq| Happening { time: NOON + 12 * HOUR, ..happening(seq, What::Applied, None, 0) };
    happens(&books, "c1", vec![late(1)]).await;
    set_zone(&books, "c2", "Europe/Berlin").await;
    happens(&books, "c2", vec![late(1)]).await;
    assert_eq!(rows(&books, "c1").await[0].day, DAY + 1);
    assert_eq!(rows(&books, "c2").await[0].day, DAY);
}

async fn set_zone(books: &Books, company: &str, zone: &'static str) {
    let company: CompanyId = company_id(company);
    let set = books.write(move |tx| {
        let row = [(&company).into(), "zone".into(), zone.into()];
        async move { tx.change("insert into setting (company, name, value) values ($1, $2, $3)", &row).await }
            .boxed()
    });
    set.await.unwrap();
}

pub async fn what_happens_at_a_desk_is_told_to_its_webhooks(stage: &Stage) {
    let books = stage.books();
    let webhook = Webhook {
        id: WebhookId::at(1, [1; 10]),
        company: company_id("c1"),
        url: WebhookUrl::parse("https://shop.example/").unwrap(),
        topics: [Topic::Consultation, Topic::Rating].into_iter().collect(),
        secret: SigningSecret::from_bytes(&[1; 32]),
        former: None,
        on: true,
        off_because: None,
        failing_since: None,
        created: 1,
    };
    let line = AuditLine {
        company: company_id("c1"),
        time: 1,
        actor: Actor::Operator,
        act: "webhook.add",
        subject: "".into(),
        note: "".into(),
        address: None,
    };
    Webhooks::add(&books, webhook.clone(), line).await.unwrap();
    let room = Some(RoomId::between(&visitor("ann").aid, &company_id("c1")));
    let in_room = |seq, what| Happening { room: room.clone(), ..happening(seq, what, bob(), 1) };
    let day = vec![
        in_room(1, What::Applied),
        in_room(2, What::Assigned),
        in_room(3, What::Ended),
        in_room(4, What::Rated),
    ];
    happens(&books, "c1", day.clone()).await;
    // The same numbers again are the same happenings.
    happens(&books, "c1", day.clone()).await;
    happens(&books, "c2", day).await;
    let told = books.log(&company_id("c1"), webhook.id, None, 10).await.unwrap();
    let kinds: Vec<_> = told.iter().rev().map(|delivery| &*delivery.kind).collect();
    assert_eq!(kinds, ["consultation.asked", "consultation.ended", "rating.given"]);
}
