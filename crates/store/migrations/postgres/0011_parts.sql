-- What is searched, in parts: each 1,024 messages of a company have lists of their words. Filled anew by the job.

drop table search;
delete from search_room;

-- Every message that can be found. `doc` is its time in milliseconds, times 2^20, and something that tells apart what was
-- said in the same moment. Without a part it is fresh: whoever searches reads it.
create table search (
  company text collate "C" not null,
  doc bigint not null,
  room bigint not null,
  pos bigint not null,
  part bigint,
  primary key (company, doc)
);

create index search_fresh on search (company, doc) where part is null;

-- `docs`: its messages by their times. `gone`: how many of them are no longer what they were.
create table search_part (
  number bigint generated always as identity primary key,
  company text collate "C" not null,
  oldest bigint not null,
  newest bigint not null,
  gone bigint not null,
  docs bytea not null
);

-- Beside the rest of the row as long as it fits: a search reads many of them.
alter table search_part alter column docs set storage main;

create index search_part_newest on search_part (company, newest, oldest);
create index search_part_gone on search_part (company) where gone > 0;

-- In which messages of a part a word is: places in its `docs`.
create table search_word (
  part bigint not null,
  word text collate "C" not null,
  places bytea not null,
  primary key (part, word)
);

-- A row to lock: one at a time makes a company's parts.
create table search_company (
  company text collate "C" primary key,
  parts bigint not null
);
