-- What a company's bot answers, and what is known of visitors besides the talk.
--
-- One script for both engines, see src/translate.rs. Flags are numbers.

create table question (
  company text not null,
  id blob not null,
  title text not null,
  is_default integer not null,
  enabled integer not null,
  rank integer not null,
  changed integer not null,
  primary key (company, id)
) strict, without rowid;

create index question_rank on question (company, rank, id);

create table question_item (
  company text not null,
  question blob not null,
  number integer not null,    -- its place under the title
  id blob not null,
  title text not null,
  answer text not null,
  primary key (company, question, number)
) strict, without rowid;

create unique index question_item_id on question_item (company, id);

-- How a company's bot behaves, where it was said. Lists have one entry on each line, words of a group are divided by
-- tabs; a language model is there when it has a url.
create table bot (
  company text not null,
  threshold integer not null,
  most integer not null,
  synonyms text not null,
  human text not null,
  human_button text not null,
  nothing_found text not null,
  model_enabled integer not null,
  model_url text,
  model_name text not null,
  model_key text,
  model_timeout_ms integer not null,
  model_prompt text not null,
  primary key (company)
) strict, without rowid;

-- How people came when last seen. A realm is a company's id, or '' for the platform.
create table arrival (
  realm text not null,
  aid text not null,
  atype integer not null,
  browser text,
  page text,
  referrer text,
  address text not null,
  time integer not null,
  primary key (realm, aid)
) strict, without rowid;

create table visitor_tag (
  company text not null,
  aid text not null,
  tag text not null,
  time integer not null,
  primary key (company, aid, tag)
) strict, without rowid;

create index visitor_tag_tag on visitor_tag (company, tag, aid);
