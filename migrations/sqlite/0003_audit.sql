-- What happened to accounts and sessions. Nothing refers to anything: a record outlives the account it tells of.
create table audit (
    id blob not null primary key,
    at integer not null,
    user_id blob,
    session_id blob,
    ip text not null,
    event text not null,
    done integer not null
);
create index audit_by_user on audit (user_id, at);
create index audit_by_time on audit (at);

create trigger audit_is_never_changed before update on audit
begin
    select raise(abort, 'the audit log is never changed');
end;

-- When the person last proved in a session who they are; null: when it began.
alter table sessions add column proven_at integer;
-- The cookie it had before that, which is good for a moment longer: an answer may be lost, another tab be on its way.
alter table sessions add column previous_cookie_hash blob;
create index sessions_by_previous_cookie on sessions (previous_cookie_hash) where previous_cookie_hash is not null;
