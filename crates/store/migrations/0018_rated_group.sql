-- Which group a rating counts for: that of the consultation when it was given, which may be in another one since.

alter table consultation add column rate_group blob;

update consultation set rate_group = of_group where rate is not null;
