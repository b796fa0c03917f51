-- Whom a rating counts for: whoever had the consultation when it was given, which may be another agent than has it last.

alter table consultation add column rate_agent text;

update consultation set rate_agent = agent where rate is not null;
