-- Tokens that open the set-up of a server that nobody owns yet.

create table setup_token (
  hash blob not null primary key,
  expires integer not null
) strict, without rowid;

-- Whether somebody owns a company and can log in is asked by whoever comes.
create index agent_owner on agent (company) where role = 40 and password is not null;
