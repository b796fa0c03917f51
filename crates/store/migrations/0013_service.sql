-- Consultations that are given to groups, messages that are left as messages of their rooms, what agents' pages count.
--
-- One script for both engines, see src/translate.rs.

-- Who gave it away last, and what was said about it.
alter table consultation add column handed_by text;
alter table consultation add column handed_note text;

-- How many wait, as the agent's page has counted last.
alter table desk_agent add column wait_count integer;

-- Messages that were left, by their ids in the rooms: whoever leaves one again has left it once.
create table left_message (
  company text not null,
  id blob not null,
  chat blob not null,
  words text,                 -- what is still to be said in the room; null: it was said
  pos integer,                -- where it was said
  time integer not null,
  seq integer not null,       -- number of the happening with which it was left
  primary key (company, id)
) strict, without rowid;

create index left_message_chat on left_message (company, chat, seq);
create index left_message_unsaid on left_message (time, seq) where words is not null;
