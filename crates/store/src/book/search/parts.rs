//! Parts: what is fresh becomes lists of words, 1,024 messages at a time; a part that has lost messages becomes fresh.
//!
//! Whatever is read and computed for a part is so outside of the transaction that writes it: a commit waits for the
//! writing alone.

use std::collections::HashMap;
use std::sync::Arc;

use nodechat_domain::Result;
use nodechat_domain::model::{AccountId, Body, CompanyId};

use super::places::{PLACES, Places, read_growing, write_growing};
use super::terms;
use crate::book::{Books, Row, Stop, Tx};
use crate::stored::{self, BodyColumns};
use crate::value::Value;

/// A part that could be made.
struct Draft {
    company: CompanyId,
    docs: Vec<i64>,
    /// In the order in which they are kept.
    words: Vec<(Box<str>, Vec<u8>)>,
}

enum Need {
    Nothing,
    /// What was taken out of this part has left its words there.
    TakeApart(i64),
    Make(Arc<Draft>),
}

/// Does one piece of what keeps a company's parts in order; whether there may be more.
pub async fn tend(books: &Books, company: &CompanyId) -> Result<bool> {
    let asked = company.clone();
    let need = books.read(move |tx| {
        let company = asked.clone();
        Box::pin(async move { need(tx, &company).await })
    });
    let company = company.clone();
    match need.await? {
        Need::Nothing => return Ok(false),
        Need::TakeApart(part) => books.write(move |tx| {
            let company = company.clone();
            Box::pin(async move { take_apart(tx, &company, part).await })
        }),
        Need::Make(draft) => books.write(move |tx| {
            let draft = draft.clone();
            Box::pin(async move { make(tx, &draft).await })
        }),
    }
    .await?;
    Ok(true)
}

/// The body of a message from its columns, which begin at this one.
pub fn body(row: &Row, first: usize) -> Result<Body, Stop> {
    let columns = BodyColumns {
        kind: row.number(first)?,
        body: row.text(first + 1)?,
        file: row.maybe_text(first + 2)?,
        size_bytes: row.maybe_number(first + 3)?,
        seconds: row.maybe_text(first + 4)?,
    };
    Ok(stored::body(columns)?)
}

/// Numbers as one parameter: neither engine's statements take a list in the other's way.
pub fn listed(numbers: impl IntoIterator<Item = i64>) -> Value {
    let mut list = String::new();
    for number in numbers {
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&number.to_string());
    }
    list.as_str().into()
}

async fn need(tx: &Tx<'_>, company: &CompanyId) -> Result<Need, Stop> {
    if let Some(row) = tx.row(SPOILT, &[company.as_str().into()]).await? {
        return Ok(Need::TakeApart(row.number(0)?));
    }
    let full = [company.as_str().into(), Value::Number(PLACES as i64)];
    let fresh = tx
        .row(tx.either(sqlite::FRESH_COUNT, postgres::FRESH_COUNT), &full)
        .await?
        .map_or(Ok(0), |row| row.number(0))?;
    if fresh < PLACES as i64 {
        return Ok(Need::Nothing);
    }
    let rows = tx.rows(tx.either(sqlite::FRESH, postgres::FRESH), &full).await?;
    Ok(Need::Make(Arc::new(draft(company, &rows)?)))
}

fn draft(company: &CompanyId, rows: &[Row]) -> Result<Draft, Stop> {
    let mut docs = Vec::with_capacity(rows.len());
    let mut places: HashMap<Box<str>, Places> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        docs.push(row.number(0)?);
        if row.maybe_number(2)?.is_none() {
            // It went with its room and is found by nothing.
            continue;
        }
        let sender: (_, AccountId) = (stored::side(row.number(2)?)?, row.aid(3)?);
        let body = body(row, 4)?;
        if body == Body::Recalled {
            continue;
        }
        terms::each_word(row.number(1)?, (sender.0, &sender.1), &body, |word| match places.get_mut(word) {
            Some(places) => places.insert(place),
            None => places.entry(word.into()).or_insert(Places::NONE).insert(place),
        });
    }
    let mut words: Vec<_> = places.into_iter().map(|(word, places)| (word, places.written())).collect();
    words.sort_unstable();
    Ok(Draft { company: company.clone(), docs, words })
}

async fn make(tx: &Tx<'_>, draft: &Draft) -> Result<(), Stop> {
    let company = || Value::from(draft.company.as_str());
    tx.change(LOCK, &[company()]).await?;
    let docs = listed(draft.docs.iter().copied());
    let count = draft.docs.len() as i64;
    let asked = [company(), docs.clone()];
    let still = tx.row(tx.either(sqlite::STILL_FRESH, postgres::STILL_FRESH), &asked).await?;
    if still.map_or(Ok(0), |row| row.number(0))? < count {
        // Another node was quicker, or something was taken out meanwhile; it is looked again.
        return Ok(());
    }
    let (oldest, newest) = (draft.docs.first().copied(), draft.docs.last().copied());
    let part = [
        company(),
        oldest.unwrap_or(0).into(),
        newest.unwrap_or(0).into(),
        Value::Bytes(write_growing(&draft.docs).into()),
    ];
    let row = tx.row(ADD_PART, &part).await?;
    let number = row.ok_or_else(|| stored::broken("a row that was just written is not there"))?.number(0)?;
    let claim = [company(), docs, number.into()];
    let claimed = tx.change(tx.either(sqlite::CLAIM, postgres::CLAIM), &claim).await? as i64;
    if claimed < count {
        // Taken out since the look above.
        tx.change(MORE_GONE, &[(count - claimed).into(), number.into()]).await?;
    }
    add_words(tx, number, &draft.words).await
}

async fn add_words(tx: &Tx<'_>, part: i64, words: &[(Box<str>, Vec<u8>)]) -> Result<(), Stop> {
    if let Tx::Postgres(_) = tx {
        let (mut all, mut places) = (String::new(), String::new());
        for (word, written) in words {
            if !all.is_empty() {
                all.push(' ');
                places.push(' ');
            }
            all.push_str(word);
            written.iter().for_each(|byte| places.push_str(&format!("{byte:02x}")));
        }
        tx.change(postgres::ADD_WORDS, &[part.into(), all.as_str().into(), places.as_str().into()]).await?;
        return Ok(());
    }
    for (word, written) in words {
        let row = [part.into(), (&**word).into(), Value::Bytes(written.as_slice().into())];
        tx.change(sqlite::ADD_WORD, &row).await?;
    }
    Ok(())
}

/// What is left of the part is fresh again. Nothing remains of the words of what is not.
async fn take_apart(tx: &Tx<'_>, company: &CompanyId, part: i64) -> Result<(), Stop> {
    let company = || Value::from(company.as_str());
    tx.change(LOCK, &[company()]).await?;
    let Some(row) = tx.row(DOCS, &[part.into()]).await? else { return Ok(()) };
    let docs =
        read_growing(row.bytes(0)?).ok_or_else(|| stored::broken("a part's messages cannot be read"))?;
    let left = [company(), listed(docs), part.into()];
    tx.change(tx.either(sqlite::RELEASE, postgres::RELEASE), &left).await?;
    tx.change(DROP_WORDS, &[part.into()]).await?;
    tx.change(DROP_PART, &[part.into()]).await?;
    Ok(())
}

const SPOILT: &str = "select number from search_part where company = $1 and gone > 0 limit 1"; // search_part_gone
const LOCK: &str = "insert into search_company (company, parts) values ($1, 1)
    on conflict (company) do update set parts = search_company.parts + 1";
const ADD_PART: &str =
    "insert into search_part (company, oldest, newest, gone, docs) values ($1, $2, $3, 0, $4)
    returning number";
pub const MORE_GONE: &str = "update search_part set gone = gone + $1 where number = $2"; // primary key
pub const DOCS: &str = "select docs from search_part where number = $1"; // primary key
const DROP_WORDS: &str = "delete from search_word where part = $1"; // primary key
const DROP_PART: &str = "delete from search_part where number = $1"; // primary key

mod sqlite {
    // Told which index: left to itself, SQLite reads the whole company.
    pub const FRESH_COUNT: &str = "select count(*) from (select 1 from search indexed by search_fresh
        where company = $1 and part is null limit $2) fresh"; // search_fresh
    pub const FRESH: &str =
        "select s.doc, s.room, m.side, m.aid, m.kind, m.body, m.file, m.size_bytes, m.seconds
        from (select doc, room, pos from search indexed by search_fresh
            where company = $1 and part is null order by doc limit $2) s
        left join message m on m.room = s.room and m.pos = s.pos order by s.doc"; // search_fresh, primary key
    pub const STILL_FRESH: &str = "select count(*) from search where company = $1 and part is null
        and doc in (select value from json_each('[' || $2 || ']'))"; // primary key
    pub const CLAIM: &str = "update search set part = $3 where company = $1 and part is null
        and doc in (select value from json_each('[' || $2 || ']'))"; // primary key
    pub const RELEASE: &str = "update search set part = null where company = $1 and part = $3
        and doc in (select value from json_each('[' || $2 || ']'))"; // primary key
    pub const ADD_WORD: &str = "insert into search_word (part, word, places) values ($1, $2, $3)";
}

mod postgres {
    pub const FRESH_COUNT: &str = "select count(*) from (select 1 from search
        where company = $1 and part is null limit $2) fresh"; // search_fresh
    pub const FRESH: &str =
        "select s.doc, s.room, m.side, m.aid, m.kind, m.body, m.file, m.size_bytes, m.seconds
        from (select doc, room, pos from search
            where company = $1 and part is null order by doc limit $2) s
        left join message m on m.room = s.room and m.pos = s.pos order by s.doc"; // search_fresh, primary key
    pub const STILL_FRESH: &str = "select count(*) from search where company = $1 and part is null
        and doc = any (cast(string_to_array($2, ',') as bigint[]))"; // primary key
    pub const CLAIM: &str = "update search set part = $3 where company = $1 and part is null
        and doc = any (cast(string_to_array($2, ',') as bigint[]))"; // primary key
    pub const RELEASE: &str = "update search set part = null where company = $1 and part = $3
        and doc = any (cast(string_to_array($2, ',') as bigint[]))"; // primary key
    pub const ADD_WORDS: &str = "insert into search_word (part, word, places)
        select cast($1 as bigint), one.word, decode(one.places, 'hex')
        from unnest(string_to_array($2, ' '), string_to_array($3, ' ')) as one (word, places)";
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{Message, MessageId, Name, Recall, RoomId, Sender, Side, Text};
    use nodechat_domain::port::{Change, Entropy, Feed, Rooms, Scope, Search};

    use super::*;
    use crate::sqlite::{Options, Store};

    struct Deaf;

    impl Feed for Deaf {
        fn committed(&self, _room: &RoomId, _changes: &[Change]) {}
    }

    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    struct Stage {
        _folder: tempfile::TempDir,
        store: Arc<Store>,
        books: Books,
        room: RoomId,
        company: CompanyId,
    }

    /// A part's worth of messages, the first of which says `secret`; all of them fresh.
    async fn stage() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path().join("s.db"));
        let store = Arc::new(Store::open(options, Arc::new(Deaf), &Zeros).unwrap());
        let books = Books::from(store.clone());
        let room = RoomId::parse("/U2S_ann#c1").unwrap();
        let said = (0..PLACES as i64).map(|pos| {
            Change::Said(Message {
                id: MessageId::at(pos, [0; 10]),
                pos,
                sender: Sender {
                    side: Side::Visitor,
                    aid: AccountId::parse("ann").unwrap(),
                    mid: Name::default(),
                    nick: Name::default(),
                },
                time: pos,
                body: Body::Text(Text::parse(if pos == 0 { "secret" } else { "refund" }).unwrap()),
                quote: None,
            })
        });
        let open = Change::Opened { visitor_nick: Name::default(), time: 0 };
        let stage = Stage { store, books, company: CompanyId::parse("c1").unwrap(), room, _folder: folder };
        stage.changes([open].into_iter().chain(said).collect()).await;
        while !stage.fills().await {}
        stage
    }

    impl Stage {
        async fn changes(&self, changes: Vec<Change>) {
            let scope = Scope::room(self.room.clone());
            self.store.apply(scope, Box::new(move |_| Ok(changes.clone()))).await.unwrap();
        }

        async fn first_is_taken_back(&self) {
            let recall = Recall { number: 0, pos: 0, id: MessageId::at(0, [0; 10]) };
            self.changes(vec![Change::Recalled(recall)]).await;
        }

        /// Whether the room is indexed to its end; no part is made of it.
        async fn fills(&self) -> bool {
            let rooms = vec![self.room.clone()];
            let filled = self.books.write(move |tx| {
                let rooms = rooms.clone();
                Box::pin(async move { super::super::fill::index(tx, &rooms).await })
            });
            filled.await.unwrap().done.unfinished.is_empty()
        }

        async fn drafts(&self) -> Arc<Draft> {
            let company = self.company.clone();
            let need = self.books.read(move |tx| {
                let company = company.clone();
                Box::pin(async move { need(tx, &company).await })
            });
            match need.await.unwrap() {
                Need::Make(draft) => draft,
                Need::Nothing | Need::TakeApart(_) => panic!("a part should be made"),
            }
        }

        async fn makes(&self, draft: &Arc<Draft>) {
            let draft = draft.clone();
            let made = self.books.write(move |tx| {
                let draft = draft.clone();
                Box::pin(async move { make(tx, &draft).await })
            });
            made.await.unwrap();
        }

        async fn counts(&self, sql: &'static str) -> i64 {
            let count = self.books.read(move |tx| {
                Box::pin(async move { Ok(tx.row(sql, &[]).await?.map_or(0, |row| row.number(0).unwrap())) })
            });
            count.await.unwrap()
        }
    }

    const PARTS: &str = "select count(*) from search_part";
    const SECRETS: &str = "select count(*) from search_word where word = 'wsecret'";
    const FRESH: &str = "select count(*) from search where part is null";

    #[tokio::test]
    async fn two_nodes_that_make_the_same_part_make_one() {
        let stage = stage().await;
        let (one, other) = (stage.drafts().await, stage.drafts().await);
        stage.makes(&one).await;
        stage.makes(&other).await;
        assert_eq!((stage.counts(PARTS).await, stage.counts(FRESH).await), (1, 0));
    }

    #[tokio::test]
    async fn what_is_taken_out_while_a_part_is_made_is_not_in_it() {
        let stage = stage().await;
        let draft = stage.drafts().await;
        stage.first_is_taken_back().await;
        assert!(stage.fills().await);
        stage.makes(&draft).await;
        assert_eq!((stage.counts(PARTS).await, stage.counts(SECRETS).await), (0, 0));
    }

    #[tokio::test]
    async fn words_of_what_is_taken_out_leave_the_lists() {
        let stage = stage().await;
        stage.makes(&stage.drafts().await).await;
        assert_eq!((stage.counts(SECRETS).await, stage.counts(FRESH).await), (1, 0));
        stage.first_is_taken_back().await;
        while !stage.books.index(vec![stage.room.clone()]).await.unwrap().unfinished.is_empty() {}
        assert_eq!(stage.counts(SECRETS).await, 0);
        assert_eq!(stage.counts(FRESH).await, PLACES as i64 - 1, "the others wait for the next part");
    }
}
