-- Erasing agents, and people of the platform at every company.
--
-- One script for both engines, see src/translate.rs. What the version before does not know how to erase has `finished`
-- 0 while it goes on: that version looks for null alone, and leaves it to this one.

alter table erasure add column side integer not null default 0;       -- numbers of src/stored.rs
alter table erasure add column keeps integer not null default 0;      -- whether an agent's words stay
-- How far it is: the last company that is done, the room, the position in it.
alter table erasure add column at_company text not null default '';
alter table erasure add column at_room integer not null default 0;
alter table erasure add column at_pos integer not null default 0;
-- Of the platform: which key has asked, and from where.
alter table erasure add column actor text not null default '';
alter table erasure add column address text;

create index erasure_going on erasure (number) where finished is null or finished = 0;
