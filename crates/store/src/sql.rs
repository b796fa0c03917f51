//! The statements that mean the same in SQLite and PostgreSQL, each with the index it uses.
//!
//! Parameters are numbered in the order in which they first appear: PostgreSQL goes by the number,
//! SQLite by the appearance, and a test holds the two together.

/// Statements by their names, and all of them for those who look at each.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*

        #[cfg(test)]
        pub const ALL_OF: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

macro_rules! message_columns {
    () => {
        "pos, id, side, aid, mid, nick, time, kind, body, file, size_bytes, seconds, quote"
    };
}

macro_rules! head_columns {
    () => {
        "number, visitor_nick, next_pos, last_time, read_visitor, read_agent, in_time_order, consultation, unanswered,
        recalls, notes"
    };
}

macro_rules! note_columns {
    () => {
        "number, id, aid, mid, nick, time, body"
    };
}

pub(crate) use {head_columns, message_columns, note_columns, statements};

statements! {
    META = "select value from meta where key = $1"; // primary key
    SET_META = "insert into meta (key, value) values ($1, $2)
        on conflict (key) do update set value = excluded.value";
    FORGET_META = "delete from meta where key = $1"; // primary key

    /// Stores a person, or tells it anew; its number.
    PUT_PERSON = "insert into person (realm, side, aid, mid, account, nick, attributes)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (realm, side, aid) do update set mid = excluded.mid, account = excluded.account,
        nick = excluded.nick, attributes = excluded.attributes
        returning id";
    PERSON_NUMBER = "select id from person where realm = $1 and side = $2 and aid = $3"; // unique

    ADD_TOKEN = "insert into token (hash, realm, side, aid, mid, account, nick, attributes, expires)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Whoever deletes the row has the token; nobody else finds it again.
    TAKE_TOKEN = "delete from token where hash = $1 and expires > $2
        returning realm, side, aid, mid, account, nick, attributes"; // primary key
    END_TOKENS = "delete from token where realm = $1 and side = $2 and aid = $3"; // token_person
    FORGET_TOKENS = "delete from token where hash in
        (select hash from token where expires < $1 order by expires limit $2)"; // token_expires

    ADD_TICKET = "insert into ticket (hash, person, expires) values ($1, $2, $3)";
    TICKET_OWNER = "select p.realm, p.side, p.aid, p.mid, p.account, p.nick, p.attributes
        from ticket t join person p on p.id = t.person
        where t.hash = $1 and t.expires > $2"; // both primary keys
    TICKET_PERSON = "select p.realm, p.side, p.aid, p.mid, p.account, p.nick, p.attributes
        from ticket t join person p on p.id = t.person where t.hash = $1"; // both primary keys
    END_TICKET = "delete from ticket where hash = $1"; // primary key
    END_OTHER_TICKETS = "delete from ticket where person = $1 and hash <> $2"; // ticket_person
    END_TICKETS = "delete from ticket where person = $1"; // ticket_person
    FORGET_TICKETS = "delete from ticket where hash in
        (select hash from ticket where expires < $1 order by expires limit $2)"; // ticket_expires

    ADD_VISITOR = "insert into visitor (secret, person, adopted_by) values ($1, $2, null)";
    /// The person behind a secret, its number, and whom it turned out to be.
    VISITOR = "select p.realm, p.side, p.aid, p.mid, p.account, p.nick, p.attributes,
        v.person, v.adopted_by
        from visitor v join person p on p.id = v.person where v.secret = $1"; // both primary keys
    ADOPT_VISITOR = "update visitor set adopted_by = $1 where person = $2"; // visitor_person

    /// Whether this person was an anonymous visitor and is another one by now.
    IS_ADOPTED = "select 1 from person p join visitor v on v.person = p.id
        where p.realm = $1 and p.side = $2 and p.aid = $3 and v.adopted_by <> p.id
        limit 1"; // unique, then visitor_person

    HEAD = concat!("select ", head_columns!(), " from room where id = $1"); // unique
    ADD_ROOM = "insert into room (id, company, visitor_nick, next_pos, last_time, read_visitor,
        read_agent, in_time_order) values ($1, $2, $3, 0, $4, -1, -1, 1) returning number";
    SET_HEAD = "update room set visitor_nick = $1, next_pos = $2, last_time = $3, read_visitor = $4,
        read_agent = $5, in_time_order = $6 where number = $7"; // primary key
    /// What stands beside the messages; written apart, because messages leave it as it is.
    SET_ASIDE = "update room set consultation = $1, unanswered = $2, recalls = $3, notes = $4
        where number = $5"; // primary key
    RENAME_ROOM = "update room set id = $1 where number = $2"; // primary key
    DROP_ROOM = "delete from room where number = $1"; // primary key
    // SQLite gives the number to the next room, of which nothing has been indexed.
    UNINDEX_ROOM = "delete from search_room where room = $1"; // primary key

    MEMBER = "select side, aid, mid, account, nick from member
        where room = $1 and side = $2 and aid = $3"; // primary key
    MEMBERS = "select side, aid, mid, account, nick from member
        where room = $1 order by side, aid"; // primary key
    PUT_MEMBER = "insert into member (room, side, aid, mid, account, nick)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (room, side, aid) do update set mid = excluded.mid, account = excluded.account,
        nick = excluded.nick";
    DROP_MEMBER = "delete from member where room = $1 and side = $2 and aid = $3"; // primary key
    DROP_MEMBERS = "delete from member where room = $1"; // primary key
    COPY_MEMBERS = "insert into member (room, side, aid, mid, account, nick)
        select $1, side, aid, mid, account, nick from member where room = $2
        on conflict (room, side, aid) do nothing"; // primary key

    ADD_MESSAGE = concat!("insert into message (room, ", message_columns!(), ")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    /// Nothing is left of a message but its place.
    EMPTY_MESSAGE = "update message set kind = 6, body = '', file = null, size_bytes = null,
        seconds = null, quote = null where room = $1 and pos = $2"; // primary key
    IS_IN_ROOM = "select 1 from message where id = $1 and room = $2"; // message_id
    ADD_RECALL = "insert into recall (room, number, pos, id) values ($1, $2, $3, $4)";
    RECALLS = "select c.number, c.pos, c.id from room r join recall c on c.room = r.number
        where r.id = $1 and c.number >= $2 order by c.number limit $3"; // unique, primary key
    /// Moves a room's recalls behind those of another, as its messages.
    MOVE_RECALLS = "update recall set room = $1, number = number + $2, pos = pos + $3
        where room = $4"; // primary key
    ADD_NOTE = concat!("insert into note (room, ", note_columns!(), ")
        values ($1, $2, $3, $4, $5, $6, $7, $8)");
    NOTED = concat!("select ", note_columns!(), ", room from note where id = $1"); // note_id
    NOTES = "select n.number, n.id, n.aid, n.mid, n.nick, n.time, n.body
        from room r join note n on n.room = r.number
        where r.id = $1 and n.number >= $2 order by n.number limit $3"; // unique, primary key
    MOVE_NOTES = "update note set room = $1, number = number + $2 where room = $3"; // primary key
    /// The messages of this room are others than before, from the beginning or anywhere.
    REWRITTEN = "update room set rewrites = rewrites + 1 where number = $1"; // primary key
    /// A message by its id, in whatever room.
    KNOWN = concat!("select ", message_columns!(), ", room from message where id = $1"); // message_id
    ROOM_ID = "select id from room where number = $1"; // primary key
    TIME_AT = "select time from message where room = $1 and pos = $2"; // primary key
    PAGE = concat!("select ", message_columns!(), " from message
        where room = $1 and pos >= $2 and pos < $3 order by pos"); // primary key
    PAGE_BACK = concat!("select ", message_columns!(), " from message
        where room = $1 and pos >= $2 and pos < $3 order by pos desc"); // primary key
    /// Messages of a kind that is not text. Positions first, from the index alone: asked in one
    /// step, SQLite would rather read the whole room.
    HISTORY_OF_KIND = concat!("select ", message_columns!(), " from message
        where room = $1 and pos in (
        select pos from message
        where room = $1 and kind = $2 and kind <> 0 and pos >= $3 and pos < $4
        and time >= $5 and time < $6
        order by pos desc limit $7 offset $8
        ) order by pos desc"); // message_kind, then primary key
    HISTORY_OF_TEXTS = concat!("select ", message_columns!(), " from message
        where room = $1 and kind = 0 and pos >= $2 and pos < $3 and time >= $4 and time < $5
        order by pos desc limit $6 offset $7"); // primary key
    HISTORY = concat!("select ", message_columns!(), " from message
        where room = $1 and pos >= $2 and pos < $3 and time >= $4 and time < $5
        order by pos desc limit $6 offset $7"); // primary key
    /// Whoever keeps a company's desk in memory reads it again: rooms of its consultations are called otherwise.
    CHANGE_DESK = "update desk set version = version + 1, next_due = 0 where company = $1"; // primary key
    /// Before their consultations: where the messages are that were left, when the room's messages stand behind others.
    MOVE_LEFT_MESSAGES = "update left_message set pos = pos + $1 where company = $2 and pos is not null and chat in
        (select chat from consultation where company = $2 and room = $3)"; // consultation_room, left_message_chat
    MOVE_CONSULTATIONS = "update consultation set room = $1 where company = $2 and room = $3"; // consultation_room

    /// Moves a room's messages behind those of another.
    MOVE_MESSAGES = "update message set room = $1, pos = pos + $2 where room = $3"; // primary key
    /// The messages of one sender from a position on are another's from now on.
    RESIGN_MESSAGES = "update message set aid = $1, mid = $2, nick = $3
        where room = $4 and pos >= $5 and side = $6 and aid = $7"; // primary key

    ADD_UPLOAD = "insert into upload (key, kind, realm, uploader, name, size_bytes, media_type,
        width, height, time) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    UPLOAD = "select key, kind, realm, uploader, name, size_bytes, media_type, width, height, time
        from upload where key = $1"; // primary key
}

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_are_numbered_as_they_appear() {
        for (name, text) in super::ALL_OF {
            let mut highest = 0;
            for part in text.split('$').skip(1) {
                let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
                let number: u32 = part[..digits].parse().unwrap();
                assert!(number <= highest + 1, "{name}: ${number} comes before ${}", highest + 1);
                highest = highest.max(number);
            }
        }
    }
}
