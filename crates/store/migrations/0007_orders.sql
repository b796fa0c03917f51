-- Work orders with their history; webhooks and what is on its way to them.
--
-- One script for both engines, see src/translate.rs. Numbers for states, lines and authors are listed in
-- src/book/orders.rs, those for topics in the domain. Times are milliseconds since the Unix epoch.

create table work_order (
  company text not null,
  id blob not null,
  title text not null,
  phone text not null,
  describe text not null,
  kind text not null,
  discovered integer,
  pictures text not null,     -- one path on each line
  submitter text not null,
  room text,                  -- where it was made
  chat text,
  state integer not null,
  owner text,
  feedback text not null,     -- the public comments, as the visitor reads them
  created integer not null,
  updated integer not null,
  lines integer not null,     -- how many lines its history has
  primary key (company, id)
) strict, without rowid;

create index work_order_created on work_order (company, created, id);
create index work_order_state on work_order (company, state, created, id);
create index work_order_submitter on work_order (company, submitter, created, id);

-- Comments are lines as well. Never changed.
create table work_order_line (
  company text not null,
  work_order blob not null,
  number integer not null,
  time integer not null,
  author_kind integer not null,
  author text not null,
  what integer not null,
  before text,                -- state or owner
  after text,                 -- state, owner, or the fields that were written anew
  words text,                 -- of a comment
  primary key (company, work_order, number)
) strict, without rowid;

-- What visitors hear of, told by every node to those it serves; forgotten after some minutes. Numbers are given out
-- by one row, one transaction after the other, so that whoever has seen a number never misses a smaller one.
create table work_order_news (
  number integer not null,
  company text not null,
  work_order blob not null,
  time integer not null,
  primary key (number)
) strict, without rowid;

create index work_order_news_time on work_order_news (time);

create table work_order_clock (
  id integer not null,
  number integer not null,
  primary key (id)
) strict, without rowid;

create table webhook (
  company text not null,
  id blob not null,
  url text not null,
  topics integer not null,    -- one bit for each
  secret blob not null,       -- as it is, because it signs
  former blob,                -- the secret before, while it still signs
  former_until integer,
  is_on integer not null,
  off_because text,
  failing_since integer,
  created integer not null,
  primary key (company, id)
) strict, without rowid;

-- Written in the transaction of what it tells, once for each webhook that asks for it; kept for a while as the log of
-- what was delivered. `facts` is null for a message, which is read from its room when it is delivered.
create table delivery (
  number integer primary key,
  company text not null,
  webhook blob not null,
  notice blob not null,
  kind text not null,
  thread text not null,       -- whose deliveries keep their order
  time integer not null,
  facts text,
  room text,
  pos integer,
  state integer not null,
  attempts integer not null,
  first_due integer not null,
  due integer not null,
  claimed_until integer not null,
  tried integer,
  status integer,
  failure text
) strict;

create unique index delivery_notice on delivery (webhook, notice);
create index delivery_due on delivery (webhook, due) where state = 0;
create index delivery_thread on delivery (webhook, thread, number) where state = 0;
create index delivery_log on delivery (company, webhook, number);
create index delivery_time on delivery (time);
