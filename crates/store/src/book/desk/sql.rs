//! The statements of the desks, for both engines.

use super::row::{consultation_columns, left_message_columns};

/// The desk's lock, and the desk where there was none.
pub const LOCK: &str = "insert into desk (company, version, seq) values ($1, 1, 0)
    on conflict (company) do update set version = desk.version + 1 returning version";
/// Whoever keeps the desk in memory reads it again; and it is due at once, should nobody else look at it.
pub const UNSETTLE: &str = "update desk set version = version + 1, next_due = 0 where company = $1"; // primary key
pub const HEAD: &str = "select seq, service_ms from desk where company = $1"; // primary key
pub const SET_HEAD: &str = "update desk set seq = $1, service_ms = $2, next_due = $3 where company = $4";
pub const NEXT_DUE: &str = "select min(next_due) from desk where next_due is not null"; // desk_next_due
pub const DUE: &str =
    "select company from desk where next_due is not null and next_due <= $1 order by next_due";

pub const OPEN: &str = concat!(
    "select ",
    consultation_columns!(),
    " from consultation c join room r on r.number = c.room where c.company = $1 and c.ended is null"
); // consultation_open
pub const PAST: &str = concat!(
    "select ",
    consultation_columns!(),
    " from consultation c join room r on r.number = c.room
    where c.company = $1 and c.chat = $2 and c.ended is not null"
); // primary key
pub const LATEST: &str = concat!(
    "select ",
    consultation_columns!(),
    " from room r join consultation c on c.room = r.number
    where c.company = $1 and r.id = $2 and c.ended is not null order by c.place desc limit 1"
); // consultation_room
pub const PAST_OF_ROOM: &str = concat!(
    "select ",
    consultation_columns!(),
    " from room r join consultation c on c.room = r.number
    where c.company = $1 and r.id = $2 and c.ended is not null order by c.place desc limit $3"
); // consultation_room
pub const PAST_BY_TIME: &str = concat!(
    "select ",
    consultation_columns!(),
    " from consultation c join room r on r.number = c.room
    where c.company = $1 and c.ended is not null and c.ended >= $2 and c.ended < $3 and (c.ended, c.chat) < ($4, $5)
    and ($6 = 0 or c.agent = $7) and ($8 = 0 or c.of_group = $9) and ($10 < 0 or c.rate = $10)
    order by c.ended desc, c.chat desc limit $11"
); // consultation_ended
/// The same for visitors with a tag: from those who have it, however much of others is over.
pub const PAST_TAGGED: &str = concat!(
    "select ",
    consultation_columns!(),
    " from visitor_tag t cross join room r cross join consultation c
    where t.company = $1 and t.tag = $12 and r.id = '/U2S_' || t.aid || '#' || t.company
    and c.company = $1 and c.room = r.number
    and c.ended is not null and c.ended >= $2 and c.ended < $3 and (c.ended, c.chat) < ($4, $5)
    and ($6 = 0 or c.agent = $7) and ($8 = 0 or c.of_group = $9) and ($10 < 0 or c.rate = $10)
    order by c.ended desc, c.chat desc limit $11"
); // visitor_tag_tag, unique, consultation_room
pub const PUT_CONSULTATION: &str = "insert into consultation (company, chat, room, of_group, vip, wanted, place, applied,
    first_served, contact, message, passed, rate, rate_way, rate_time, rate_asked, transfers, since, returned, offer_at,
    agent, answer_by, idle_at, idle_warned, answered, offered_to, offer_note, offer_until, ended, ended_by, handed_by,
    handed_note, rate_agent, rate_group)
    values ($1, $2, (select number from room where id = $3), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)
    on conflict (company, chat) do update set of_group = excluded.of_group, vip = excluded.vip,
    wanted = excluded.wanted, place = excluded.place, applied = excluded.applied,
    first_served = excluded.first_served, contact = excluded.contact, message = excluded.message,
    passed = excluded.passed, rate = excluded.rate, rate_way = excluded.rate_way, rate_time = excluded.rate_time,
    rate_asked = excluded.rate_asked, transfers = excluded.transfers, since = excluded.since,
    returned = excluded.returned, offer_at = excluded.offer_at, agent = excluded.agent,
    answer_by = excluded.answer_by, idle_at = excluded.idle_at, idle_warned = excluded.idle_warned,
    answered = excluded.answered, offered_to = excluded.offered_to, offer_note = excluded.offer_note,
    offer_until = excluded.offer_until, ended = excluded.ended, ended_by = excluded.ended_by,
    handed_by = excluded.handed_by, handed_note = excluded.handed_note,
    rate_agent = excluded.rate_agent, rate_group = excluded.rate_group";

pub const LEFT_MESSAGE: &str = concat!(
    "select ",
    left_message_columns!(),
    " from left_message m join consultation c on c.company = m.company and c.chat = m.chat
    join room r on r.number = c.room where m.company = $1 and m.id = $2"
); // primary key
pub const PUT_LEFT_MESSAGE: &str = "insert into left_message (company, id, chat, words, time, seq)
    values ($1, $2, $3, $4, $5, $6)";
/// Of every company: what was left behind is looked after together.
pub const UNSAID: &str = concat!(
    "select ",
    left_message_columns!(),
    " from left_message m join consultation c on c.company = m.company and c.chat = m.chat
    join room r on r.number = c.room where m.words is not null and m.time < $1 order by m.time, m.seq limit $2"
); // left_message_unsaid
pub const SAID: &str = "update left_message set words = null, pos = $1 where company = $2 and id = $3"; // primary key
/// 0 is the kind of texts: what was taken back or erased is of another.
pub const LEFT_TEXTS: &str = "select coalesce(m.words, s.body) from left_message m
    join consultation c on c.company = m.company and c.chat = m.chat
    left join message s on s.room = c.room and s.pos = m.pos and s.kind = 0
    where m.company = $1 and m.chat = $2 order by m.seq"; // left_message_chat, primary key

/// Those routing has to know of.
pub const AGENTS: &str =
    "select d.aid, d.mid, d.account, d.nick, d.status, d.grace, d.last_busy, a.cap, a.role,
    d.wait_count
    from desk_agent d left join agent a on a.company = d.company and a.aid = d.aid
    where d.company = $1 and d.engaged = 1"; // desk_agent_engaged
pub const AGENT: &str =
    "select d.aid, d.mid, d.account, d.nick, d.status, d.grace, d.last_busy, a.cap, a.role,
    d.wait_count
    from desk_agent d left join agent a on a.company = d.company and a.aid = d.aid
    where d.company = $1 and d.aid = $2"; // primary key
/// Somebody who was never here.
pub const ENROLLED: &str = "select aid, mid, account, nick, null, null, null, cap, role, null from agent
    where company = $1 and aid = $2"; // primary key
pub const PUT_AGENT: &str = "insert into desk_agent (company, aid, mid, account, nick, status, grace, last_busy, engaged,
    wait_count) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (company, aid) do update set mid = excluded.mid, account = excluded.account, nick = excluded.nick,
    status = excluded.status, grace = excluded.grace, last_busy = excluded.last_busy, engaged = excluded.engaged,
    wait_count = excluded.wait_count";
pub const PRESENT: &str = "select aid, node from present where company = $1"; // primary key
pub const PRESENCES: &str = "select distinct company, node from present";
pub const CLEAR_PRESENT: &str = "delete from present where company = $1 and aid = $2"; // primary key
pub const ADD_PRESENT: &str = "insert into present (company, aid, node) values ($1, $2, $3)";
pub const GROUPS: &str = "select id, fallback from agent_group where company = $1"; // primary key
pub const MEMBERS: &str = "select m.of_group, m.aid from group_member m
    join desk_agent d on d.company = m.company and d.aid = m.aid where m.company = $1 and d.engaged = 1";
pub const GROUPS_OF: &str = "select of_group from group_member where company = $1 and aid = $2"; // group_member_aid

pub const ROOM: &str = "select visitor_nick, last_time from room where company = $1 and id = $2"; // unique
pub const ROOM_NUMBER: &str = "select number, id from room where company = $1 and id = $2"; // unique
pub const MARK_ROOM: &str = "update room set consultation = $3
    where company = $1 and number = $2 and (consultation is null or consultation <> $3)"; // primary key
pub const MARK_WAITING: &str = "update room set consultation = $3, unanswered = 0
    where company = $1 and number = $2 and (consultation is null or consultation <> $3 or unanswered <> 0)"; // primary key
pub const ASK_ROOM: &str = "update room set consultation = $3, unanswered = 1
    where company = $1 and number = $2"; // primary key
pub const CLEAR_ROOM: &str = "update room set consultation = null, unanswered = 0
    where company = $1 and number = $2 and consultation = $3"; // primary key

pub const ADD_HAPPENING: &str =
    "insert into happening (company, seq, time, kind, chat, room, of_group, agent, other,
    note, number) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
pub const HAPPENINGS: &str =
    "select seq, time, kind, chat, room, of_group, agent, other, note, number from happening
    where company = $1 and seq > $2 order by seq limit $3"; // primary key
/// Of every company at once: what is old is old for all.
pub const FORGET_HAPPENINGS: &str = "delete from happening where time < $1"; // happening_time
