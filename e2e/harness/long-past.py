"""Fills a room of a stopped server with a past: `long-past.py nodechat.db ROOMID MESSAGES`, from a visitor and an agent in turns.

The room is there already and empty. Message n says `line n`, every ninth of them on seven lines; what is read is read to the end.
"""
import sqlite3
import sys

path, roomid, messages = sys.argv[1], sys.argv[2], int(sys.argv[3])
BEGIN_MS, STEP_MS = 1_600_000_000_000, 40_000
db = sqlite3.connect(path, isolation_level=None)
db.execute("pragma synchronous = off")
db.execute("begin")
((number, aid),) = db.execute("select r.number, m.aid from room r join member m on m.room = r.number and m.side = 0 where r.id = ?", (roomid,)).fetchall()
db.execute(
    """
    insert into message (room, pos, id, side, aid, mid, nick, time, kind, body, file, size_bytes, seconds)
    with recursive p(p) as (select 0 union all select p + 1 from p where p < ?2 - 1)
    select ?1, p, randomblob(16), p % 2, iif(p % 2, 'agent', ?3), '', iif(p % 2, 'Agent', ?3), ?4 + p * ?5,
      0, 'line ' || p || iif(p % 9 = 4, replace(hex(zeroblob(3)), '0', char(10) || '…'), ''), null, null, null
    from p
    """,
    (number, messages, aid, BEGIN_MS, STEP_MS),
)
db.execute(
    "update room set next_pos = ?2, last_time = ?3, read_visitor = ?2 - 1, read_agent = ?2 - 1 where number = ?1",
    (number, messages, BEGIN_MS + messages * STEP_MS),
)
db.execute("commit")
