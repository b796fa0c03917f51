-- What is searched: the terms of messages, beside them, filled by a job.

-- `doc` is the time of the message in milliseconds, times 2^20, and something that tells apart what was said in the same
-- moment: the newest are the last.
create table search (
  doc integer primary key,
  company text not null,
  room integer not null,
  pos integer not null
) strict;

-- Only where a term occurs is kept, not the text.
create virtual table search_term using fts5(
  terms, content = '', contentless_delete = 1, tokenize = 'ascii', detail = 'none'
);

-- How far each room is indexed; the last three as in the room's row when it was.
create table search_room (
  room integer primary key,
  indexed integer not null,
  recalls integer not null,
  erased integer not null,
  rewrites integer not null
) strict;
