-- Companies' desks: who waits, who serves whom, who is there, and what has happened.
--
-- One script for both engines, see src/translate.rs. Numbers for states, ratings and kinds of happenings are listed
-- in src/book/desk/row.rs. Times are milliseconds since the Unix epoch.

-- Its row is the lock of a company's desk: whoever changes anything of it changes the version first.
create table desk (
  company text primary key,
  version integer not null,
  seq integer not null,       -- number of the last happening
  service_ms integer,         -- decayed mean of the last services
  next_due integer            -- the smallest of the deadlines; null: none
) strict, without rowid;

create index desk_next_due on desk (next_due) where next_due is not null;

create table consultation (
  company text not null,
  chat blob not null,
  room integer not null,
  of_group blob,
  vip integer not null,
  wanted text,
  place integer not null,     -- in the order of the applications
  applied integer not null,
  first_served integer,
  contact text,               -- of who left a message
  message text,
  passed text not null,       -- agents who did not answer in time, one on each line
  rate integer,
  rate_way integer,
  rate_time integer,
  rate_asked integer not null,
  transfers integer not null,
  since integer not null,     -- when it began to wait, or to be served
  returned integer not null,
  offer_at integer,
  agent text,                 -- null: it waits
  answer_by integer,
  idle_at integer,
  idle_warned integer,
  answered integer not null,
  offered_to text,
  offer_note text,
  offer_until integer,
  ended integer,              -- null: it is not over
  ended_by integer,
  primary key (company, chat)
) strict, without rowid;

-- What routing looks at, however much is over.
create index consultation_open on consultation (company) where ended is null;
create index consultation_room on consultation (company, room, place);
create index consultation_ended on consultation (company, ended, chat) where ended is not null;

-- Agents who were ever here, as they are here.
create table desk_agent (
  company text not null,
  aid text not null,
  mid text not null,
  account text not null,
  nick text not null,
  status integer not null,
  grace integer,
  last_busy integer not null,
  engaged integer not null,   -- whether it is present, may come back, or has something
  primary key (company, aid)
) strict, without rowid;

create index desk_agent_engaged on desk_agent (company) where engaged = 1;

-- Which runs of nodes agents are connected to.
create table present (
  company text not null,
  aid text not null,
  node text not null,
  primary key (company, aid, node)
) strict, without rowid;

create table happening (
  company text not null,
  seq integer not null,
  time integer not null,
  kind integer not null,
  chat blob,
  room text,
  of_group blob,
  agent text,
  other text,
  note text,
  number integer,
  primary key (company, seq)
) strict, without rowid;

create index happening_time on happening (time);
