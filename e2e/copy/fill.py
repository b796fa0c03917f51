"""Fills the database of a stopped server with a past: `fill.py nodechat.db ROOMS MESSAGES`, that many messages in all.

The rooms are those of visitors `past-0`, `past-1`, ... with company `c1`; the first room has a tenth of all messages.
"""
import sqlite3
import sys

path, rooms, messages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
large = messages // 10
each = (messages - large) // (rooms - 1)
db = sqlite3.connect(path, isolation_level=None)
db.executescript(
    f"""
    pragma synchronous = off;
    pragma cache_size = -200000;
    begin;
    create temp table new as with recursive n(n) as (select 0 union all select n + 1 from n where n < {rooms} - 1) select n from n;
    insert into person (realm, side, aid, mid, account, nick, attributes)
      select 'c1', 0, 'past-' || n, '', '', '旧客户 ' || n, null from new;
    insert into room (id, company, visitor_nick, next_pos, last_time, read_visitor, read_agent, in_time_order)
      select '/U2S_past-' || n || '#c1', 'c1', '旧客户 ' || n, iif(n = 0, {large}, {each}), 1600000000000 + iif(n = 0, {large}, {each}), n % 3 - 1, -1, 1
      from new;
    insert into member (room, side, aid, mid, account, nick)
      select r.number, 0, 'past-' || n, '', '', '旧客户 ' || n from new join room r on r.id = '/U2S_past-' || n || '#c1';
    """
)
numbers = db.execute("select number, next_pos from room where id like '/U2S_past-%' order by number").fetchall()
aids = dict(db.execute("select room, aid from member where aid like 'past-%'"))
for number, count in numbers:
    db.execute(
        """
        insert into message (room, pos, id, side, aid, mid, nick, time, kind, body, file, size_bytes, seconds)
        with recursive p(p) as (select 0 union all select p + 1 from p where p < ?2 - 1)
        select ?1, p, randomblob(16), p % 2, iif(p % 2, 'agent', ?3), '', iif(p % 2, '客服', ?3), 1600000000000 + p,
          iif(p % 50 = 49, 5, 0), iif(p % 50 = 49, '{"n":' || p || '}', '第 ' || p || ' 句：请问什么时候发货？ 👋'), null, null, null
        from p where ?2 > 0
        """,
        (number, count, aids[number]),
    )
db.execute("commit")
print(sum(count for _, count in numbers))
