-- Name, or title and notes, without case and accents; null until the program has folded an older row.
alter table lists add column search text;
alter table todos add column search text;
