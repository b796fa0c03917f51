-- What a company has decided about itself: settings, agents, groups, keys, and who decided what.
--
-- One script for both engines, see src/translate.rs. Flags are numbers; numbers for roles and scopes are listed in
-- the domain. No table refers to another: companies are never renamed, and a copy takes tables in any order.

-- What a company has set otherwise than usual. Names and values are those of the domain's table of settings.
create table setting (
  company text not null,
  name text not null,
  value text not null,
  primary key (company, name)
) strict, without rowid;

create table agent (
  company text not null,
  aid text not null,
  mid text not null,
  account text not null,
  nick text not null,
  role integer not null,
  cap integer,                -- null: as the company has set it
  login text,                 -- null: comes by tokens of the host site
  password text,              -- argon2id, in its text form
  active integer not null,
  created integer not null,
  primary key (company, aid)
) strict, without rowid;

create unique index agent_login on agent (company, login);

create table agent_group (
  company text not null,
  id blob not null,
  name text not null,
  fallback blob,              -- the group that is asked when nobody of this one is there
  created integer not null,
  primary key (company, id)
) strict, without rowid;

create unique index agent_group_name on agent_group (company, name);

create table group_member (
  company text not null,
  of_group blob not null,
  aid text not null,
  primary key (company, of_group, aid)
) strict, without rowid;

create index group_member_aid on group_member (company, aid);

-- Keys that were there before open everything, as they did.
alter table api_key add column name text not null default '';
alter table api_key add column scopes integer not null default -1;
alter table api_key add column last_used integer;

create index api_key_realm on api_key (realm);

-- Written in the transaction of the act itself, never changed.
create table audit (
  number integer primary key,
  company text not null,
  time integer not null,
  actor_kind integer not null,
  actor text not null,
  act text not null,
  subject text not null,
  note text not null,
  address text                -- from where; null: from the machine itself
) strict;

create index audit_company on audit (company, number);

-- What was changed last, for those who keep it in memory. The row of no company and no topic gives out the numbers,
-- one transaction after the other, so that nobody who has seen a number misses a smaller one.
create table revision (
  company text not null,
  topic text not null,
  number integer not null,
  primary key (company, topic)
) strict, without rowid;

create index revision_number on revision (number);
