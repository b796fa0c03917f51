//! Transactions of the ports that are written once: whole, apart from each other, the same in every engine.

use futures_util::FutureExt as _;
use nodechat_domain::error::{Code, Error, Result};
use nodechat_domain::port::Answer;

use super::stage::Stage;
use crate::Books;
use crate::book::Stop;
use crate::value::Value;

const PUT: &str = "insert into setting (company, name, value) values ($1, $2, $3)
    on conflict (company, name) do update set value = excluded.value";
const GET: &str = "select value from setting where company = $1 and name = $2";
const ADD: &str = "update setting set value = cast(cast(value as bigint) + 1 as text)
    where company = $1 and name = $2";

fn put(books: &Books, name: &'static str, value: &'static str) -> Answer<'static, ()> {
    let books = books.clone();
    Box::pin(async move {
        let written = books.write(move |tx| {
            async move {
                tx.change(PUT, &["c1".into(), name.into(), value.into()]).await?;
                Ok(())
            }
            .boxed()
        });
        written.await
    })
}

async fn get(books: &Books, name: &'static str) -> Option<String> {
    let found = books.read(move |tx| {
        async move {
            let row = tx.row(GET, &["c1".into(), name.into()]).await?;
            row.map(|row| row.text(0).map(str::to_owned)).transpose()
        }
        .boxed()
    });
    found.await.unwrap()
}

pub async fn a_transaction_is_whole_or_not_there(stage: &Stage) {
    let books = stage.books();
    put(&books, "kept", "1").await.unwrap();
    let refused: Result<()> = books
        .write(|tx| {
            async move {
                tx.change(PUT, &["c1".into(), "kept".into(), "2".into()]).await?;
                tx.change(PUT, &["c1".into(), "new".into(), "2".into()]).await?;
                Err(Error::conflict("changed its mind").into())
            }
            .boxed()
        })
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::Conflict);
    let broken: Result<u64> = books
        .write(|tx| {
            async move {
                tx.change(PUT, &["c1".into(), "new".into(), "2".into()]).await?;
                tx.change("update setting set value = null where company = $1", &["c1".into()]).await
            }
            .boxed()
        })
        .await;
    assert_eq!(broken.unwrap_err().code(), Code::Internal);
    assert_eq!(get(&books, "kept").await.as_deref(), Some("1"));
    assert_eq!(get(&books, "new").await, None);
    put(&books, "new", "3").await.unwrap();
    stage.reopen().await;
    assert_eq!(get(&stage.books(), "new").await.as_deref(), Some("3"));
}

pub async fn a_transaction_sees_its_own_changes_and_the_others_not_yet(stage: &Stage) {
    let books = stage.books();
    put(&books, "one", "old").await.unwrap();
    let seen = books
        .write(|tx| {
            async move {
                tx.change(PUT, &["c1".into(), "one".into(), "new".into()]).await?;
                Ok(tx.row(GET, &["c1".into(), "one".into()]).await?.unwrap().text(0)?.to_owned())
            }
            .boxed()
        })
        .await;
    assert_eq!(seen.unwrap(), "new");
    // Both halves of what is read are of one moment, whoever writes meanwhile.
    put(&books, "left", "0").await.unwrap();
    put(&books, "right", "0").await.unwrap();
    let writer = books.clone();
    let writing = tokio::spawn(async move {
        for _ in 0..50 {
            let both = writer.write(|tx| {
                async move {
                    tx.change(ADD, &["c1".into(), "left".into()]).await?;
                    tx.change(ADD, &["c1".into(), "right".into()]).await
                }
                .boxed()
            });
            both.await.unwrap();
        }
    });
    for _ in 0..50 {
        let both = books.read(|tx| {
            async move {
                let left = tx.row(GET, &["c1".into(), "left".into()]).await?;
                Ok((left, tx.row(GET, &["c1".into(), "right".into()]).await?))
            }
            .boxed()
        });
        let (left, right) = both.await.unwrap();
        assert_eq!(left, right);
    }
    writing.await.unwrap();
    assert_eq!(get(&books, "right").await.as_deref(), Some("50"));
}

pub async fn transactions_in_each_others_way_happen_one_after_the_other(stage: &Stage) {
    let books = stage.books();
    put(&books, "one", "0").await.unwrap();
    put(&books, "two", "0").await.unwrap();
    let add = |first: &'static str, second: &'static str| {
        let books = books.clone();
        tokio::spawn(async move {
            let both = books.write(move |tx| {
                async move {
                    tx.change(ADD, &["c1".into(), first.into()]).await?;
                    tx.change(ADD, &["c1".into(), second.into()]).await
                }
                .boxed()
            });
            both.await
        })
    };
    // In both orders: one that would wait for ever runs again.
    let adding: Vec<_> = (0..10).flat_map(|_| [add("one", "two"), add("two", "one")]).collect();
    for added in adding {
        added.await.unwrap().unwrap();
    }
    assert_eq!(get(&books, "one").await.as_deref(), Some("20"));
    assert_eq!(get(&books, "two").await.as_deref(), Some("20"));
}

pub async fn a_panicking_transaction_harms_nobody(stage: &Stage) {
    let books = stage.books();
    let panicked: Result<()> = books
        .write(|tx| {
            async move {
                tx.change(PUT, &["c1".into(), "half".into(), "1".into()]).await?;
                panic!("this transaction panics, as the case wants it")
            }
            .boxed()
        })
        .await;
    assert_eq!(panicked.unwrap_err().code(), Code::Internal);
    assert_eq!(get(&books, "half").await, None);
    put(&books, "half", "2").await.unwrap();
    assert_eq!(get(&books, "half").await.as_deref(), Some("2"));
}

pub async fn parameters_are_known_by_their_numbers(stage: &Stage) {
    const BACKWARDS: &str = "insert into setting (value, name, company) values ($3, $2, $1)";
    let books = stage.books();
    let added = books
        .write(|tx| {
            async move { tx.change(BACKWARDS, &["c1".into(), "name".into(), "value".into()]).await }.boxed()
        })
        .await;
    assert_eq!(added.unwrap(), 1);
    assert_eq!(get(&books, "name").await.as_deref(), Some("value"));
    let too_many: Result<_> = books
        .read(|tx| async move { tx.row(GET, &["c1".into(), "name".into(), "more".into()]).await }.boxed())
        .await;
    assert_eq!(too_many.unwrap_err().code(), Code::Internal);
}

pub async fn values_come_back_as_they_were(stage: &Stage) {
    const PUT_KEY: &str =
        "insert into api_key (hash, realm, created, name, last_used) values ($1, $2, $3, $4, $5)";
    const KEY: &str = "select hash, realm, created, name, last_used, scopes, last_used is null, 7
        from api_key where hash = $1";
    let books = stage.books();
    let bytes: Vec<u8> = (0..=255).collect();
    for (hash, name, used) in [(&bytes[..], "退款 👋", Value::Null), (&[], "", Value::Number(i64::MIN))] {
        let row = vec![hash.into(), "".into(), i64::MAX.into(), name.into(), used.clone()];
        let given = row.clone();
        let written = books.write(move |tx| {
            let row = row.clone();
            async move { tx.change(PUT_KEY, &row).await }.boxed()
        });
        assert_eq!(written.await.unwrap(), 1);
        let hash = given[0].clone();
        let found = books.read(move |tx| {
            let hash = hash.clone();
            async move { tx.row(KEY, &[hash]).await }.boxed()
        });
        let found = found.await.unwrap().unwrap();
        assert_eq!(found.0[..5], given[..]);
        assert_eq!(found.0[5..], [Value::Number(-1), (used == Value::Null).into(), Value::Number(7)]);
        assert!(matches!(found.text(0), Err(Stop::Refused(_))));
    }
}
