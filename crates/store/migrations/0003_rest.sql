-- What a company keeps for its agents, whom and what it does not want to hear, and answers that can be asked for again.

create table canned_reply (
  company text not null,
  id blob not null,
  owner text not null,        -- '': everybody's
  shortcut text not null,
  title text not null,
  body text not null,
  updated integer not null,
  primary key (company, id)
) strict, without rowid;

create unique index canned_reply_shortcut on canned_reply (company, owner, shortcut);

create table order_kind (
  company text not null,
  kind text not null,
  label text not null,
  place integer not null,     -- they are shown in this order
  primary key (company, kind)
) strict, without rowid;

create table sensitive_word (
  company text not null,
  word text not null,
  treatment integer not null, -- 0 refuse, 1 mask
  primary key (company, word)
) strict, without rowid;

create table ban (
  company text not null,
  id blob not null,
  kind integer not null,      -- 0 visitor, 1 network
  whom text not null,
  reason text not null,
  since integer not null,
  expires integer,            -- null: never
  primary key (company, id)
) strict, without rowid;

create unique index ban_whom on ban (company, kind, whom);

-- Answers to calls with an `Idempotency-Key`. Without a status the call is still being made.
create table kept_answer (
  asker text not null,
  name text not null,
  asked blob not null,        -- hash of what was asked
  begun integer not null,
  status integer,
  media_type text,
  body blob,
  primary key (asker, name)
) strict, without rowid;

create index kept_answer_begun on kept_answer (begun);
