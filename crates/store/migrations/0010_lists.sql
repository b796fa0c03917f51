-- Lists of rooms. Nothing in this index changes when something is said.

create index member_agent on member (aid, room) where side = 1;
