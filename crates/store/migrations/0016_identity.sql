-- With what a company's site signs who its users are. As it is, because signatures are checked with it; null: it signs nothing.

alter table company add column identity_secret text;
