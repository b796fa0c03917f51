//! The tables that are copied, and those that are not.

use super::table::{Column, Kind, Table};

macro_rules! table {
    ($constant:ident = $name:literal, key $key:literal, counter $counter:expr;
     $($column:ident $kind:ident),+ $(,)?) => {
        pub static $constant: Table = Table {
            name: $name,
            columns: &[$(Column { name: stringify!($column), kind: Kind::$kind }),+],
            key: $key,
            counter: $counter,
        };
    };
}

table! { COMPANY = "company", key 1, counter None;
id Text, name Text, users Number, anonymous Number, private_files Number, demo Number, origins Text, created Number,
identity_secret Text }

table! { API_KEY = "api_key", key 1, counter None;
hash Bytes, realm Text, created Number, name Text, scopes Number, last_used Number }

table! { PERSON = "person", key 1, counter Some("id");
id Number, realm Text, side Number, aid Text, mid Text, account Text, nick Text, attributes Text }

table! { TOKEN = "token", key 1, counter None;
hash Bytes, realm Text, side Number, aid Text, mid Text, account Text, nick Text, attributes Text, expires Number }

table! { TICKET = "ticket", key 1, counter None;
hash Bytes, person Number, expires Number }

table! { VISITOR = "visitor", key 1, counter None;
secret Bytes, person Number, adopted_by Number }

table! { ROOM = "room", key 1, counter Some("number");
number Number, id Text, company Text, visitor_nick Text, next_pos Number, last_time Number, read_visitor Number,
read_agent Number, in_time_order Number, consultation Bytes, unanswered Number, recalls Number, notes Number,
erased Number, rewrites Number }

table! { MEMBER = "member", key 3, counter None;
room Number, side Number, aid Text, mid Text, account Text, nick Text }

table! { MESSAGE = "message", key 2, counter None;
room Number, pos Number, id Uuid, side Number, aid Text, mid Text, nick Text, time Number, kind Number, body Text,
file Text, size_bytes Number, seconds Text, quote Bytes }

table! { RECALL = "recall", key 2, counter None;
room Number, number Number, pos Number, id Bytes }

table! { NOTE = "note", key 2, counter None;
room Number, number Number, id Bytes, aid Text, mid Text, nick Text, time Number, body Text }

table! { ERASURE = "erasure", key 1, counter Some("number");
number Number, company Text, aid Text, asked Number, finished Number, messages Number, files Number, side Number,
keeps Number, at_company Text, at_room Number, at_pos Number, actor Text, address Text }

table! { DOOMED_FILE = "doomed_file", key 1, counter None;
key Text, kind Number }

table! { UPLOAD = "upload", key 1, counter None;
key Text, kind Number, realm Text, uploader Text, name Text, size_bytes Number, media_type Text, width Number,
height Number, time Number }

table! { SITE = "site", key 2, counter None;
company Text, origin Text, first_seen Number, last_seen Number }

table! { SETTING = "setting", key 2, counter None;
company Text, name Text, value Text }

table! { AGENT = "agent", key 2, counter None;
company Text, aid Text, mid Text, account Text, nick Text, role Number, cap Number, login Text, password Text,
active Number, created Number }

table! { AGENT_GROUP = "agent_group", key 2, counter None;
company Text, id Bytes, name Text, fallback Bytes, created Number }

table! { GROUP_MEMBER = "group_member", key 3, counter None;
company Text, of_group Bytes, aid Text }

table! { AUDIT = "audit", key 1, counter Some("number");
number Number, company Text, time Number, actor_kind Number, actor Text, act Text, subject Text, note Text,
address Text }

table! { WORK_ORDER = "work_order", key 2, counter None;
company Text, id Bytes, title Text, phone Text, describe Text, kind Text, discovered Number, pictures Text,
submitter Text, room Text, chat Text, state Number, owner Text, feedback Text, created Number, updated Number,
lines Number }

table! { WORK_ORDER_LINE = "work_order_line", key 3, counter None;
company Text, work_order Bytes, number Number, time Number, author_kind Number, author Text, what Number, before Text,
after Text, words Text }

table! { WEBHOOK = "webhook", key 2, counter None;
company Text, id Bytes, url Text, topics Number, secret Bytes, former Bytes, former_until Number, is_on Number,
off_because Text, failing_since Number, created Number }

table! { DELIVERY = "delivery", key 1, counter Some("number");
number Number, company Text, webhook Bytes, notice Bytes, kind Text, thread Text, time Number, facts Text, room Text,
pos Number, state Number, attempts Number, first_due Number, due Number, claimed_until Number, tried Number,
status Number, failure Text }
table! { CANNED_REPLY = "canned_reply", key 2, counter None;
company Text, id Bytes, owner Text, shortcut Text, title Text, body Text, updated Number }

table! { ORDER_KIND = "order_kind", key 2, counter None;
company Text, kind Text, label Text, place Number }

table! { SENSITIVE_WORD = "sensitive_word", key 2, counter None;
company Text, word Text, treatment Number }

table! { BAN = "ban", key 2, counter None;
company Text, id Bytes, kind Number, whom Text, reason Text, since Number, expires Number }
table! { DESK = "desk", key 1, counter None;
company Text, version Number, seq Number, service_ms Number, next_due Number }

table! { CONSULTATION = "consultation", key 2, counter None;
company Text, chat Bytes, room Number, of_group Bytes, vip Number, wanted Text, place Number, applied Number,
first_served Number, contact Text, message Text, passed Text, rate Number, rate_way Number, rate_time Number,
rate_asked Number, transfers Number, since Number, returned Number, offer_at Number, agent Text, answer_by Number,
idle_at Number, idle_warned Number, answered Number, offered_to Text, offer_note Text, offer_until Number,
ended Number, ended_by Number, handed_by Text, handed_note Text, rate_agent Text,
rate_group Bytes }

table! { DESK_AGENT = "desk_agent", key 2, counter None;
company Text, aid Text, mid Text, account Text, nick Text, status Number, grace Number, last_busy Number,
engaged Number, wait_count Number }

table! { LEFT_MESSAGE = "left_message", key 2, counter None;
company Text, id Bytes, chat Bytes, words Text, pos Number, time Number, seq Number }

table! { PRESENT = "present", key 3, counter None;
company Text, aid Text, node Text }

table! { HAPPENING = "happening", key 2, counter None;
company Text, seq Number, time Number, kind Number, chat Bytes, room Text, of_group Bytes, agent Text, other Text,
note Text, number Number }

table! { QUESTION = "question", key 2, counter None;
company Text, id Bytes, title Text, is_default Number, enabled Number, rank Number, changed Number }

table! { QUESTION_ITEM = "question_item", key 3, counter None;
company Text, question Bytes, number Number, id Bytes, title Text, answer Text }

table! { BOT = "bot", key 1, counter None;
company Text, threshold Number, most Number, synonyms Text, human Text, human_button Text, nothing_found Text,
model_enabled Number, model_url Text, model_name Text, model_key Text, model_timeout_ms Number, model_prompt Text }

table! { ARRIVAL = "arrival", key 2, counter None;
realm Text, aid Text, atype Number, browser Text, page Text, referrer Text, address Text, time Number }

table! { VISITOR_TAG = "visitor_tag", key 3, counter None;
company Text, aid Text, tag Text, time Number }

table! { STAT = "stat", key 4, counter None;
company Text, day Number, of_group Bytes, agent Text, asked Number, missed Number, left_behind Number, reopened Number,
abandoned Number, assigned Number, waited_ms Number, answered Number, response_ms Number, passed Number,
transferred Number, received Number, ended Number, served_ms Number, messages Number, best Number, good Number,
justsoso Number, bad Number, rubbish Number }

table! { STAT_HOLDER = "stat_holder", key 2, counter None;
company Text, chat Bytes, of_group Bytes, agent Text, room Text, pos Number }

table! { PACE = "pace", key 2, counter None;
company Text, step Number, asked Number, waiting Number }

/// Those that are copied like any other: no row of them refers to one that may not be there yet.
pub static PLAIN: &[&Table] = &[
    &COMPANY,
    &API_KEY,
    &TOKEN,
    &TICKET,
    &VISITOR,
    &UPLOAD,
    &SETTING,
    &SITE,
    &AGENT,
    &AGENT_GROUP,
    &GROUP_MEMBER,
    &AUDIT,
    &WORK_ORDER,
    &WORK_ORDER_LINE,
    &WEBHOOK,
    &DELIVERY,
    &STAT,
    &STAT_HOLDER,
    &PACE,
    &RECALL,
    &NOTE,
    &ERASURE,
    &DOOMED_FILE,
    &QUESTION,
    &QUESTION_ITEM,
    &BOT,
    &ARRIVAL,
    &VISITOR_TAG,
    &CANNED_REPLY,
    &ORDER_KIND,
    &SENSITIVE_WORD,
    &BAN,
    &DESK,
    &CONSULTATION,
    &DESK_AGENT,
    &LEFT_MESSAGE,
    &PRESENT,
    &HAPPENING,
];

/// Those that are not copied, and why.
pub static LEFT_OUT: &[(&str, &str)] = &[
    ("migration", "each side has made its own schema"),
    ("meta", "what of it is copied, the epoch, is set by name"),
    ("search", "the copy is indexed anew when it is served"),
    ("search_room", "the copy is indexed anew when it is served"),
    ("search_part", "the copy is indexed anew when it is served"),
    ("search_word", "the copy is indexed anew when it is served"),
    ("search_company", "the copy is indexed anew when it is served"),
    ("node", "what nodes tell each other is over when the copy is served"),
    ("ending", "what nodes tell each other is over when the copy is served"),
    ("work_order_news", "nobody who has to hear of it is there when the copy is served"),
    ("work_order_clock", "nobody who has seen its numbers is there when the copy is served"),
    ("setup_token", "whoever sets it up has what the side prints that is served"),
    ("kept_answer", "whoever asks again asks the side that has answered"),
    ("revision", "nobody who has seen its numbers is there when the copy is served"),
];

/// All that are copied.
pub fn all() -> impl Iterator<Item = &'static Table> {
    [&PERSON, &ROOM, &MEMBER, &MESSAGE].into_iter().chain(PLAIN.iter().copied())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::sqlite::migrate;

    /// A table or column that a later step brings must not be forgotten here.
    #[test]
    fn every_column_of_the_schema_is_copied() {
        let mut db = Connection::open_in_memory().unwrap();
        let transaction = db.transaction().unwrap();
        migrate::run(&transaction).unwrap();
        transaction.commit().unwrap();
        let there = names(&db, "select name from sqlite_schema where type = 'table' order by name");
        for name in &there {
            let columns = names(&db, &format!("select name from pragma_table_info('{name}') order by cid"));
            let key =
                names(&db, &format!("select name from pragma_table_info('{name}') where pk > 0 order by pk"));
            match (all().find(|table| table.name == name), LEFT_OUT.iter().any(|(left, _)| left == name)) {
                (Some(table), false) => {
                    let ours: Vec<_> = table.columns.iter().map(|column| column.name).collect();
                    assert_eq!(ours, columns, "{name}");
                    assert_eq!(ours[..table.key], key, "{name}: the key comes first");
                }
                (None, true) => {}
                _ => panic!("`{name}` is to be in one of the two lists"),
            }
        }
        for table in all() {
            assert!(there.iter().any(|name| name == table.name), "{} is no table", table.name);
        }
    }

    fn names(db: &Connection, question: &str) -> Vec<String> {
        let mut statement = db.prepare(question).unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.collect::<rusqlite::Result<_>>().unwrap()
    }
}
