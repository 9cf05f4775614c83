-- Ids are UUIDv7 made by the program; times are microseconds since the epoch (UTC), also made by the program.

create table users (
    id blob not null primary key,
    email text not null,
    email_canonical text not null unique,
    username text not null,
    username_canonical text not null unique,
    password_hash text not null,
    role text not null default 'user',
    disabled_at integer,
    version integer not null default 1,
    created_at integer not null,
    updated_at integer not null
) strict;

-- Sign-ups waiting for their code. The id is the "flow" that the browser carries from page to page.
create table sign_ups (
    id blob not null primary key,
    email text not null,
    email_canonical text not null,
    username text not null,
    username_canonical text not null,
    password_hash text not null,
    created_at integer not null,
    expires_at integer not null
) strict;
create index sign_ups_by_email on sign_ups (email_canonical, created_at);
create index sign_ups_by_username on sign_ups (username_canonical, created_at);
create index sign_ups_by_expiry on sign_ups (expires_at);

-- One row a log-in. `cookie_hash` is the SHA-256 of the session cookie; refresh tokens are computed from
-- `refresh_salt` and `generation` with the server's secret, so none is stored.
create table sessions (
    id blob not null primary key,
    user_id blob not null references users (id) on delete cascade,
    cookie_hash blob not null unique,
    refresh_salt blob not null,
    generation integer not null default 0,
    rotated_at integer not null,
    user_agent text not null,
    ip text not null,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null,
    revoked_at integer
) strict;
create index sessions_by_user on sessions (user_id, created_at);
create index sessions_by_expiry on sessions (expires_at);

create table lists (
    id blob not null primary key,
    user_id blob not null references users (id) on delete cascade,
    name text not null,
    favourite integer not null default 0,
    position blob not null,
    version integer not null default 1,
    created_at integer not null,
    updated_at integer not null,
    deleted_at integer
) strict;
create index lists_by_user on lists (user_id, position, id);
create index lists_by_deletion on lists (deleted_at) where deleted_at is not null;

create table todos (
    id blob not null primary key,
    user_id blob not null references users (id) on delete cascade,
    list_id blob not null references lists (id) on delete cascade,
    title text not null,
    notes text not null default '',
    done_at integer,
    position blob not null,
    version integer not null default 1,
    created_at integer not null,
    updated_at integer not null,
    deleted_at integer
) strict;
create index todos_by_list on todos (list_id, position, id);
create index todos_by_user on todos (user_id, created_at, id);
create index todos_by_deletion on todos (deleted_at) where deleted_at is not null;

-- Mail on its way. Subject and texts are emptied when a mail has left or was given up.
create table outbox (
    id blob not null primary key,
    recipient text not null,
    subject text not null,
    body_text text not null,
    body_html text not null,
    attempts integer not null default 0,
    next_attempt_at integer not null,
    expires_at integer not null,
    created_at integer not null,
    sent_at integer,
    failed_at integer,
    last_error text
) strict;
create index outbox_by_due on outbox (next_attempt_at) where sent_at is null and failed_at is null;
create index outbox_by_creation on outbox (created_at);
