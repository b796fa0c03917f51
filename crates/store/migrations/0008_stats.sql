-- A company's numbers, which grow with what happens at its desk.
--
-- One script for both engines, see src/translate.rs. Columns of figures are those of the domain's table, in its order.

create table stat (
  company text not null,
  day integer not null,       -- 20261123, in the company's calendar
  of_group blob not null,     -- empty: any agent would have done
  agent text not null,        -- empty: what concerns no agent
  asked integer not null,
  missed integer not null,
  left_behind integer not null,
  reopened integer not null,
  abandoned integer not null,
  assigned integer not null,
  waited_ms integer not null,
  answered integer not null,
  response_ms integer not null,
  passed integer not null,
  transferred integer not null,
  received integer not null,
  ended integer not null,
  served_ms integer not null,
  messages integer not null,
  best integer not null,
  good integer not null,
  justsoso integer not null,
  bad integer not null,
  rubbish integer not null,
  primary key (company, day, of_group, agent)
) strict, without rowid;

-- Who has a consultation, and since which position of its room: what is said until it changes is counted then.
create table stat_holder (
  company text not null,
  chat blob not null,
  of_group blob not null,
  agent text not null,
  room text not null,
  pos integer not null,
  primary key (company, chat)
) strict, without rowid;
