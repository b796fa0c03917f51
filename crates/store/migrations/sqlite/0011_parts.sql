-- What is searched, in parts: each 1,024 messages of a company have lists of their words. Filled anew by the job.

drop table search_term;
drop table search;
delete from search_room;

-- Every message that can be found. `doc` is its time in milliseconds, times 2^20, and something that tells apart what was
-- said in the same moment. Without a part it is fresh: whoever searches reads it.
create table search (
  company text not null,
  doc integer not null,
  room integer not null,
  pos integer not null,
  part integer,
  primary key (company, doc)
) strict, without rowid;

create index search_fresh on search (company, doc) where part is null;

-- `docs`: its messages by their times. `gone`: how many of them are no longer what they were.
create table search_part (
  number integer primary key,
  company text not null,
  oldest integer not null,
  newest integer not null,
  gone integer not null,
  docs blob not null
) strict;

create index search_part_newest on search_part (company, newest, oldest);
create index search_part_gone on search_part (company) where gone > 0;

-- In which messages of a part a word is: places in its `docs`.
create table search_word (
  part integer not null,
  word text not null,
  places blob not null,
  primary key (part, word)
) strict, without rowid;

-- A row to lock: one at a time makes a company's parts.
create table search_company (
  company text primary key,
  parts integer not null
) strict, without rowid;
