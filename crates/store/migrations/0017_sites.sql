-- Pages of which origins have shown a company's face.

create table site (
  company text not null,
  origin text not null,
  first_seen integer not null,
  last_seen integer not null,
  primary key (company, origin)
) strict, without rowid;
