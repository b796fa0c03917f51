-- Rooms as ledgers, people and what lets them in, uploads.
--
-- A realm is a company's id, or '' for the platform. Small numbers for sides, kinds and users are
-- listed in src/stored.rs. Times are milliseconds since the Unix epoch.

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

create table company (
  id text primary key,
  name text not null,
  users integer not null,
  anonymous integer not null,
  private_files integer not null,
  demo integer not null,
  origins text not null,  -- one on each line
  created integer not null
) strict, without rowid;

create table api_key (
  hash blob primary key,
  realm text not null,
  created integer not null
) strict, without rowid;

create table person (
  id integer primary key,
  realm text not null,
  side integer not null,
  aid text not null,
  mid text not null,
  account text not null,
  nick text not null,
  attributes text,
  unique (realm, side, aid)
) strict;

-- The person is here by value: it is not told anew before somebody comes with the token.
create table token (
  hash blob primary key,
  realm text not null,
  side integer not null,
  aid text not null,
  mid text not null,
  account text not null,
  nick text not null,
  attributes text,
  expires integer not null
) strict, without rowid;

create index token_person on token (realm, side, aid);
create index token_expires on token (expires);

create table ticket (
  hash blob primary key,
  person integer not null references person (id),
  expires integer not null
) strict, without rowid;

create index ticket_person on ticket (person);
create index ticket_expires on ticket (expires);

create table visitor (
  secret blob primary key,
  person integer not null references person (id),
  adopted_by integer references person (id)
) strict, without rowid;

create index visitor_person on visitor (person);
create index visitor_adopted_by on visitor (adopted_by);

create table room (
  number integer primary key,
  id text not null unique,
  company text not null,
  visitor_nick text not null,
  next_pos integer not null,
  last_time integer not null,
  read_visitor integer not null,
  read_agent integer not null,
  -- Whether no message is older than one before it, which lets a time be found by halving. Not so
  -- only after the room of an anonymous visitor was appended.
  in_time_order integer not null
) strict;

create table member (
  room integer not null references room (number),
  side integer not null,
  aid text not null,
  mid text not null,
  account text not null,
  nick text not null,
  primary key (room, side, aid)
) strict, without rowid;

-- A room's messages lie side by side in the order of their positions.
create table message (
  room integer not null references room (number),
  pos integer not null,
  id blob not null,
  side integer not null,
  aid text not null,
  mid text not null,
  nick text not null,
  time integer not null,
  kind integer not null,
  body text not null,    -- the text, the JSON, the file's name, or what was recognised in a voice
  file text,             -- path or id of the upload
  size_bytes integer,    -- of a file
  seconds text,          -- of a voice or a video
  primary key (room, pos)
) strict, without rowid;

create unique index message_id on message (id);
-- Nearly all messages are texts (kind 0): whoever looks for those finds them on the way. The time is
-- here so that a page is found without looking at a message that is not on it.
create index message_kind on message (room, kind, pos, time) where kind <> 0;

create table upload (
  key text primary key,
  kind integer not null,
  realm text not null,
  uploader text not null,
  name text not null,
  size_bytes integer not null,
  media_type text not null,
  width integer,
  height integer,
  time integer not null
) strict, without rowid;
