-- What happened to accounts and sessions. Nothing refers to anything: a record outlives the account it tells of.
create table audit (
    id uuid not null primary key,
    at bigint not null,
    user_id uuid,
    session_id uuid,
    ip text not null,
    event text not null,
    done boolean not null
);
create index audit_by_user on audit (user_id, at);
create index audit_by_time on audit (at);

create function audit_is_never_changed() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is never changed';
end;
$$;
create trigger audit_is_never_changed before update on audit
for each row execute function audit_is_never_changed();

-- When the person last proved in a session who they are; null: when it began.
alter table sessions add column proven_at bigint;
-- The cookie it had before that, which is good for a moment longer: an answer may be lost, another tab be on its way.
alter table sessions add column previous_cookie_hash bytea;
create index sessions_by_previous_cookie on sessions (previous_cookie_hash) where previous_cookie_hash is not null;
