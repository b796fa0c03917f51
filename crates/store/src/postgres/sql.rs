//! The statements that only PostgreSQL has: those that work on many rooms at once, and those of nodes.

use crate::sql::{head_columns, message_columns, note_columns};

/// The heads of the rooms of a batch, locked in an order that is the same everywhere, so that two batches never wait
/// for each other in a circle.
pub const LOCK_HEADS: &str = concat!(
    "select ",
    head_columns!(),
    ", id from room where id = any($1) order by number for no key update" // unique
);
pub const HEADS: &str = concat!("select ", head_columns!(), ", id from room where id = any($1)"); // unique

/// Which of these people are members, by room, side and aid.
pub const MEMBERS_ASKED: &str = "select m.side, m.aid, m.mid, m.account, m.nick, r.id
    from unnest($1::text[], $2::bigint[], $3::text[]) as asked (room, side, aid)
    join room r on r.id = asked.room
    join member m on m.room = r.number and m.side = asked.side and m.aid = asked.aid"; // unique, primary key

/// When the messages at these positions were sent.
pub const TIMES_ASKED: &str = "select r.id, m.pos, m.time
    from unnest($1::text[], $2::bigint[]) as asked (room, pos)
    join room r on r.id = asked.room
    join message m on m.room = r.number and m.pos = asked.pos"; // unique, primary key

/// Those of the ids that are stored, in whatever room.
pub const KNOWN_ASKED: &str = concat!(
    "select ",
    message_columns!(),
    ", (select r.id from room r where r.number = message.room) from message where id = any($1)" // message_id
);

/// Keeps the people who may be about to open a room from being adopted meanwhile: [`LOCK_PERSON`] waits for it.
pub const HOLD_PERSONS: &str = "select p.id
    from unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) as asked (room, realm, side, aid)
    join person p on p.realm = asked.realm and p.side = asked.side and p.aid = asked.aid
    where not exists (select 1 from room r where r.id = asked.room)
    order by p.id for key share of p"; // unique

/// Which of these people were anonymous visitors and are named ones by now. Asked after [`HOLD_PERSONS`], by a
/// statement of its own, which sees what was committed while that one waited.
pub const ADOPTED_ASKED: &str = "select asked.room, asked.side, asked.aid
    from unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) as asked (room, realm, side, aid)
    where not exists (select 1 from room r where r.id = asked.room)
    and exists (select 1 from person p join visitor v on v.person = p.id
        where p.realm = asked.realm and p.side = asked.side and p.aid = asked.aid
        and v.adopted_by <> p.id)"; // unique, visitor_person

/// Messages and what they and read marks do to the heads of their rooms: the most frequent batch.
pub const SAY: &str = concat!(
    "with said as (insert into message (room, ",
    message_columns!(),
    ") select * from unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[], $6::text[],
        $7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::bigint[], $13::text[],
        $14::bytea[]))
    update room set visitor_nick = h.visitor_nick, next_pos = h.next_pos, last_time = h.last_time,
        read_visitor = h.read_visitor, read_agent = h.read_agent, in_time_order = h.in_time_order
    from unnest($15::bigint[], $16::text[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[],
        $21::bigint[]) as h (number, visitor_nick, next_pos, last_time, read_visitor, read_agent, in_time_order)
    where room.number = h.number" // primary keys
);

/// What stands beside the messages of rooms; rare, and apart, because messages leave it as it is.
pub const SET_ASIDES: &str = "update room set unanswered = h.unanswered, recalls = h.recalls, notes = h.notes
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as h (number, unanswered, recalls, notes)
    where room.number = h.number"; // primary key

/// Messages that are taken back; nothing is left of them but their places.
pub const RECALL: &str = "with recalled as (insert into recall (room, number, pos, id)
        select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])
        returning room, pos)
    update message set kind = 6, body = '', file = null, size_bytes = null, seconds = null, quote = null
    from recalled where message.room = recalled.room and message.pos = recalled.pos"; // primary keys

pub const NOTE: &str = concat!(
    "insert into note (room, ",
    note_columns!(),
    ") select * from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::text[], $5::text[], $6::text[],
        $7::bigint[], $8::text[])"
);

/// Those of the ids that are stored, beside whatever room.
pub const NOTED_ASKED: &str = concat!(
    "select ",
    note_columns!(),
    ", (select r.id from room r where r.number = note.room) from note where id = any($1)" // note_id
);

/// Opens rooms; their numbers. Whoever else opened one of them meanwhile makes this fail.
pub const OPEN: &str = "insert into room (id, company, visitor_nick, next_pos, last_time, read_visitor, read_agent,
    in_time_order)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
        $8::bigint[])
    returning number, id";

pub const ENTER: &str = "insert into member (room, side, aid, mid, account, nick)
    select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
    on conflict (room, side, aid) do update set mid = excluded.mid, account = excluded.account,
    nick = excluded.nick"; // primary key

/// A room's head and its newest messages, each with the head; one row without a message when there is none.
pub const NEWEST: &str = concat!(
    "select r.number, r.visitor_nick, r.next_pos, r.last_time, r.read_visitor, r.read_agent, r.in_time_order,
        r.consultation, r.unanswered, r.recalls, r.notes, m.*
    from room r left join lateral (select ",
    message_columns!(),
    " from message where room = r.number and pos >= r.next_pos - $2 and pos < r.next_pos) m on true
    where r.id = $1 order by m.pos" // unique, primary key
);

/// Messages of a room by its id; one row without a message when there is none.
pub const PAGE_OF: &str = concat!(
    "select m.* from room r left join lateral (select ",
    message_columns!(),
    " from message where room = r.number and pos >= $2 and pos < $3) m on true
    where r.id = $1 order by m.pos" // unique, primary key
);
pub const MEMBERS_OF: &str = "select m.side, m.aid, m.mid, m.account, m.nick
    from room r join member m on m.room = r.number where r.id = $1 order by m.side, m.aid"; // unique, primary key

/// When the messages at these positions of one room were sent.
pub const TIMES_AT: &str = "select pos, time from message where room = $1 and pos = any($2)"; // primary key

/// Uses the token up and keeps the ticket for its person, in one statement.
pub const REDEEM_TOKEN: &str = "with taken as (delete from token where hash = $1 and expires > $2
        returning realm, side, aid, mid, account, nick, attributes),
    who as (insert into person (realm, side, aid, mid, account, nick, attributes) select * from taken
        on conflict (realm, side, aid) do update set mid = excluded.mid, account = excluded.account,
        nick = excluded.nick, attributes = excluded.attributes
        returning id),
    kept as (insert into ticket (hash, person, expires) select $3, id, $4 from who)
    select * from taken"; // primary key, unique

/// Stores a person, or tells it anew, and keeps a ticket for it.
pub const ADD_TICKET: &str =
    "with who as (insert into person (realm, side, aid, mid, account, nick, attributes)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (realm, side, aid) do update set mid = excluded.mid, account = excluded.account,
        nick = excluded.nick, attributes = excluded.attributes
        returning id)
    insert into ticket (hash, person, expires) select $8, id, $9 from who"; // unique

/// The same for the secret of an anonymous visitor.
pub const ADD_VISITOR: &str =
    "with who as (insert into person (realm, side, aid, mid, account, nick, attributes)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (realm, side, aid) do update set mid = excluded.mid, account = excluded.account,
        nick = excluded.nick, attributes = excluded.attributes
        returning id)
    insert into visitor (secret, person, adopted_by) select $8, id, null from who"; // unique

/// Ends one ticket and tells every node; whose it was.
pub const REVOKE_TICKET: &str = "with gone as (delete from ticket where hash = $1 returning person),
    who as (select p.realm, p.side, p.aid, p.mid, p.account, p.nick, p.attributes
        from gone join person p on p.id = gone.person),
    told as (insert into ending (realm, side, aid, mid, account, nick, attributes, ended)
        select who.*, clock_timestamp() from who)
    select * from who"; // primary keys

pub const ADD_ENDING: &str = "insert into ending (realm, side, aid, mid, account, nick, attributes, ended)
    values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())";

/// Waits for whoever is about to open a room as this person, and lets nobody begin to.
pub const LOCK_PERSON: &str = "select id from person where id = $1 for update"; // primary key

/// A node says that it lives; what is long over is forgotten.
pub const BEAT: &str =
    "with long_gone as (delete from node where seen < statement_timestamp() - interval '1 minute'
        and id <> $1),
    long_over as (delete from ending where ended < statement_timestamp() - interval '1 hour')
    insert into node (id, seen, unpublished) values ($1, clock_timestamp(), $2)
    on conflict (id) do update set seen = excluded.seen, unpublished = excluded.unpublished"; // ending_ended
pub const OTHER_NODES: &str = "select id, unpublished,
    greatest(0, (extract(epoch from clock_timestamp() - seen) * 1000)::bigint)
    from node where id <> $1 and seen >= statement_timestamp() - interval '1 minute'";
/// Before the beat of this node is noted down: one that was cut off for long hears all that it has missed.
pub const ENDINGS: &str = "select realm, side, aid, mid, account, nick, attributes, number from ending
    where ended >= least(statement_timestamp() - interval '30 seconds',
        coalesce((select seen from node where id = $1), statement_timestamp() - interval '1 hour')
            - interval '5 seconds')"; // ending_ended
pub const LEAVE: &str = "delete from node where id = $1"; // primary key

/// Every statement, for the tests of plans.
#[cfg(test)]
pub const ALL: &[(&str, &str)] = &[
    ("LOCK_HEADS", LOCK_HEADS),
    ("HEADS", HEADS),
    ("MEMBERS_ASKED", MEMBERS_ASKED),
    ("TIMES_ASKED", TIMES_ASKED),
    ("KNOWN_ASKED", KNOWN_ASKED),
    ("HOLD_PERSONS", HOLD_PERSONS),
    ("ADOPTED_ASKED", ADOPTED_ASKED),
    ("SAY", SAY),
    ("SET_ASIDES", SET_ASIDES),
    ("RECALL", RECALL),
    ("NOTE", NOTE),
    ("NOTED_ASKED", NOTED_ASKED),
    ("OPEN", OPEN),
    ("ENTER", ENTER),
    ("NEWEST", NEWEST),
    ("PAGE_OF", PAGE_OF),
    ("MEMBERS_OF", MEMBERS_OF),
    ("TIMES_AT", TIMES_AT),
    ("REDEEM_TOKEN", REDEEM_TOKEN),
    ("ADD_TICKET", ADD_TICKET),
    ("ADD_VISITOR", ADD_VISITOR),
    ("REVOKE_TICKET", REVOKE_TICKET),
    ("ADD_ENDING", ADD_ENDING),
    ("LOCK_PERSON", LOCK_PERSON),
    ("BEAT", BEAT),
    ("OTHER_NODES", OTHER_NODES),
    ("ENDINGS", ENDINGS),
    ("LEAVE", LEAVE),
];
