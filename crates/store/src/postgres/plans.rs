//! Each statement is planned by PostgreSQL itself: none reads a whole table, and each index is used by what it is for.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::env;
use std::time::Duration;

use super::connect::{Db, Door};
use super::sql as own;
use crate::sql;

/// All companies are asked for, or all nodes, which are few.
const WHOLE: [&str; 4] = ["COMPANIES", "SETTINGS_OF_ALL", "BEAT", "OTHER_NODES"];

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let db = schema().await;
    let all = sql::ALL_OF.iter().chain(own::ALL).chain(crate::book::statements());
    for (name, text) in all.filter(|(name, _)| !WHOLE.contains(name)) {
        let plan = plan(&db, text).await;
        for whole in ["Seq Scan", "Bitmap", "Hash Join", "Merge Join"] {
            assert!(!plan.contains(whole), "{name}:\n{plan}");
        }
    }
}

#[tokio::test]
async fn each_index_is_used_by_the_statement_it_is_for() {
    let db = schema().await;
    for (text, index) in [
        (sql::KNOWN, "message_id"),
        (own::KNOWN_ASKED, "message_id"),
        (sql::HISTORY_OF_KIND, "message_kind"),
        (sql::END_TOKENS, "token_person"),
        (sql::FORGET_TOKENS, "token_expires"),
        (sql::END_TICKETS, "ticket_person"),
        (sql::END_OTHER_TICKETS, "ticket_person"),
        (sql::FORGET_TICKETS, "ticket_expires"),
        (sql::ADOPT_VISITOR, "visitor_person"),
        (own::BEAT, "ending_ended"),
        (own::ENDINGS, "ending_ended"),
        (own::PAGE_OF, "message_pkey"),
        (own::NEWEST, "message_pkey"),
        (own::TIMES_AT, "message_pkey"),
    ] {
        let plan = plan(&db, text).await;
        assert!(plan.contains(index), "{text}:\n{plan}");
    }
}

#[tokio::test]
async fn only_as_many_messages_are_looked_at_as_are_answered() {
    let db = schema().await;
    for text in [sql::PAGE, sql::PAGE_BACK, own::PAGE_OF, own::NEWEST] {
        let plan = plan(&db, text).await;
        // Both ends of the range are part of what the index is asked.
        let asked = plan.lines().find(|line| line.contains("Index Cond") && line.contains("pos >="));
        assert!(
            asked.is_some_and(|line| line.contains("pos <") && line.contains("room =")),
            "{text}:\n{plan}"
        );
    }
}

#[tokio::test]
async fn a_page_of_history_ends_where_it_is_full() {
    let db = schema().await;
    for text in [sql::PAGE, sql::PAGE_BACK, sql::HISTORY, sql::HISTORY_OF_TEXTS] {
        let plan = plan(&db, text).await;
        // Nothing is put in order first: the index has the order.
        assert!(!plan.contains("Sort") && !plan.contains("Bitmap"), "{text}:\n{plan}");
    }
    let plan = plan(&db, sql::HISTORY_OF_KIND).await;
    let (_, inner) = plan.split_once("Limit").unwrap_or_else(|| panic!("{plan}"));
    assert!(!inner.contains("Sort") && inner.contains("message_kind"), "{plan}");
}

/// A connection with the tables of ours, in a transaction that nobody ever commits.
async fn schema() -> Db {
    let server = env::var_os("NODECHAT_TEST_POSTGRES").and_then(|url| url.into_string().ok()).unwrap_or_else(|| {
        panic!(
            "this test needs a PostgreSQL server: set NODECHAT_TEST_POSTGRES to the address of one on which databases \
             may be made, or let one be started: node e2e/harness/services.js -- cargo nextest run -p nodechat-store"
        )
    });
    let db = Door::new(&server, Duration::from_secs(30)).unwrap().session().await.unwrap();
    db.batch_execute("begin; create schema plans; set local search_path to plans").await.unwrap();
    db.batch_execute(&super::migrate::scripts()).await.unwrap();
    // A room that is long enough to tempt a planner who knows nothing of it.
    let talk = "insert into message select 1, pos, gen_random_uuid(), 0, 'ann', '', 'Ann', pos,
        case when pos % 50 = 0 then 1 else 0 end, 'hello', null, null, null from generate_series(0, 29999) pos";
    db.batch_execute(talk).await.unwrap();
    db
}

async fn plan(db: &Db, text: &str) -> String {
    let count = db.prepare(text).await.unwrap().params().len();
    let nulls = if count == 0 { String::new() } else { format!("({})", vec!["null"; count].join(", ")) };
    db.batch_execute(&format!("deallocate all; prepare asked as {text}")).await.unwrap();
    let lines = db.simple_query(&format!("explain execute asked{nulls}")).await.unwrap();
    let text = |line: &tokio_postgres::SimpleQueryMessage| match line {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    lines.iter().filter_map(text).collect::<Vec<_>>().join("\n")
}
