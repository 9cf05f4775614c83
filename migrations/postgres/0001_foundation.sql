-- Ids are UUIDv7 made by the program; times are microseconds since the epoch (UTC), also made by the program.

create table users (
    id uuid not null primary key,
    email text not null,
    email_canonical text not null unique,
    username text not null,
    username_canonical text not null unique,
    password_hash text not null,
    role text not null default 'user',
    disabled_at bigint,
    version bigint not null default 1,
    created_at bigint not null,
    updated_at bigint not null
);

-- Sign-ups waiting for their code. The id is the "flow" that the browser carries from page to page.
create table sign_ups (
    id uuid not null primary key,
    email text not null,
    email_canonical text not null,
    username text not null,
    username_canonical text not null,
    password_hash text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index sign_ups_by_email on sign_ups (email_canonical, created_at);
create index sign_ups_by_username on sign_ups (username_canonical, created_at);
create index sign_ups_by_expiry on sign_ups (expires_at);

-- One row a log-in. `cookie_hash` is the SHA-256 of the session cookie; refresh tokens are computed from
-- `refresh_salt` and `generation` with the server's secret, so none is stored.
create table sessions (
    id uuid not null primary key,
    user_id uuid not null references users (id) on delete cascade,
    cookie_hash bytea not null unique,
    refresh_salt bytea not null,
    generation bigint not null default 0,
    rotated_at bigint not null,
    user_agent text not null,
    ip text not null,
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);
create index sessions_by_user on sessions (user_id, created_at);
create index sessions_by_expiry on sessions (expires_at);

create table lists (
    id uuid not null primary key,
    user_id uuid not null references users (id) on delete cascade,
    name text not null,
    favourite boolean not null default false,
    position bytea not null,
    version bigint not null default 1,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint
);
create index lists_by_user on lists (user_id, position, id);
create index lists_by_deletion on lists (deleted_at) where deleted_at is not null;

create table todos (
    id uuid not null primary key,
    user_id uuid not null references users (id) on delete cascade,
    list_id uuid not null references lists (id) on delete cascade,
    title text not null,
    notes text not null default '',
    done_at bigint,
    position bytea not null,
    version bigint not null default 1,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint
);
create index todos_by_list on todos (list_id, position, id);
create index todos_by_user on todos (user_id, created_at, id);
create index todos_by_deletion on todos (deleted_at) where deleted_at is not null;

-- Mail on its way. Subject and texts are emptied when a mail has left or was given up.
create table outbox (
    id uuid not null primary key,
    recipient text not null,
    subject text not null,
    body_text text not null,
    body_html text not null,
    attempts bigint not null default 0,
    next_attempt_at bigint not null,
    expires_at bigint not null,
    created_at bigint not null,
    sent_at bigint,
    failed_at bigint,
    last_error text
);
create index outbox_by_due on outbox (next_attempt_at) where sent_at is null and failed_at is null;
create index outbox_by_creation on outbox (created_at);
