-- How the last hours went at a company's desk, step by step; a step in which nothing of this changed has no row.

create table pace (
  company text not null,
  step integer not null,      -- when it began
  asked integer not null,     -- visitors who asked in it
  waiting integer not null,   -- and who waited at its end
  primary key (company, step)
) strict, without rowid;

create index pace_step on pace (step);
