-- What stands beside a room's messages: the consultation that runs in it, what was recalled, what agents note down,
-- and what is erased.
--
-- Recalls and notes are numbered in their room, densely from 0; the room's row counts them, so that whoever looks at
-- rooms sees at once whether anything is new.

-- The running consultation, and whether no agent has said anything in it yet; set by routing, cleared by the first answer.
alter table room add column consultation blob;
alter table room add column unanswered integer not null default 0;
alter table room add column recalls integer not null default 0;
alter table room add column notes integer not null default 0;
-- All messages before this position are erased.
alter table room add column erased integer not null default 0;
-- How often stored messages were changed other than by recalls and by erasing from the beginning.
alter table room add column rewrites integer not null default 0;

create index room_company on room (company, number);

-- Id of the message that this one answers to, in the same room.
alter table message add column quote blob;

create table recall (
  room integer not null,
  number integer not null,
  pos integer not null,
  id blob not null,
  primary key (room, number)
) strict, without rowid;

-- Seen by agents alone.
create table note (
  room integer not null,
  number integer not null,
  id blob not null,
  aid text not null,
  mid text not null,
  nick text not null,
  time integer not null,
  body text not null,
  primary key (room, number)
) strict, without rowid;

create index note_id on note (id);

-- What of one person is to be erased, and what of it was; a line stays when it is done.
create table erasure (
  number integer primary key,
  company text not null,
  aid text not null,
  asked integer not null,
  finished integer,
  messages integer not null,
  files integer not null
) strict;

create index erasure_company on erasure (company, number);
create index erasure_open on erasure (number) where finished is null;

-- Files that nothing names any more, until their bytes are gone.
create table doomed_file (
  key text primary key,
  kind integer not null
) strict, without rowid;

create index upload_uploader on upload (realm, uploader);
create index upload_time on upload (realm, time);
