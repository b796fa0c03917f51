-- What is searched: the terms of messages, beside them, filled by a job.

-- `doc` is the time of the message in milliseconds, times 2^20, and something that tells apart what was said in the same
-- moment: the newest are the last.
create table search (
  company text collate "C" not null,
  doc bigint not null,
  room bigint not null,
  pos bigint not null,
  terms tsvector not null,
  primary key (company, doc)
);

-- A short list of what is not sorted in yet: every search reads it.
create index search_terms on search using gin (terms) with (gin_pending_list_limit = 512);

-- How far each room is indexed; the last three as in the room's row when it was.
create table search_room (
  room bigint primary key,
  indexed bigint not null,
  recalls bigint not null,
  erased bigint not null,
  rewrites bigint not null
);
