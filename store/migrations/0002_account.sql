-- Who uses the system: residents by telephone, staff of the site by login.

create table account (
    site_id integer not null references site,
    account_id uuid not null,
    display_name text not null,
    -- Name typed with a password; absent for residents, who sign in by telephone.
    login text check (login = lower(login) and login <> ''),
    -- An argon2id string made by the server; absent where there is no password to sign in with.
    password_hash text,
    -- The number that sign-in codes go to.
    phone text check (phone <> ''),
    created_at timestamptz not null,
    -- Set when the account may no longer sign in; rows that name it stay readable.
    disabled_at timestamptz,
    primary key (site_id, account_id),
    constraint account_login_key unique (site_id, login),
    constraint account_phone_key unique (site_id, phone)
);

-- What an account may do. Being a resident is no role: whoever has a household is one.
create table role_grant (
    site_id integer not null,
    account_id uuid not null,
    -- The words of the one Rust enum `Role`; a test holds the two lists together.
    role text not null constraint role_grant_role_check check (role in ('office', 'guard', 'administrator')),
    -- Null grants the role in the whole site.
    zone_no smallint,
    grant_id uuid not null,
    granted_at timestamptz not null,
    primary key (site_id, grant_id),
    constraint role_grant_key unique nulls not distinct (site_id, account_id, role, zone_no),
    foreign key (site_id, account_id) references account,
    foreign key (site_id, zone_no) references zone
);

create table session (
    site_id integer not null,
    -- SHA-256 of the cookie's token: a copy of this table lets nobody in.
    token_hash bytea not null check (length(token_hash) = 32),
    account_id uuid not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    -- Slides with use…
    expires_at timestamptz not null,
    -- …by this much…
    idle_seconds integer not null check (idle_seconds > 0),
    -- …but never beyond this.
    ends_at timestamptz not null,
    primary key (site_id, token_hash),
    foreign key (site_id, account_id) references account
);

create index session_account on session (site_id, account_id);
create index session_expires on session (site_id, expires_at);

-- The sign-in code that is open for a telephone. One row a number: a new code replaces the old one. It is written for known and
-- unknown numbers alike, so that asking tells nothing about who has an account.
create table sign_in_code (
    site_id integer not null references site,
    phone text not null,
    code_hash bytea not null check (length(code_hash) = 32),
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    -- Tries so far, right and wrong. The limit is in the statement that raises it.
    attempts smallint not null default 0,
    -- Set by the one try that was right.
    used_at timestamptz,
    primary key (site_id, phone)
);

-- How often something was done since `starts_at`. One row a key; a window that is over is begun anew in the same row.
create table rate_window (
    site_id integer not null references site,
    -- What is limited, for instance 'sms-number-hour'.
    scope text not null,
    -- Whose count it is: a telephone, an address; empty for the site's own.
    key text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    taken integer not null check (taken > 0),
    primary key (site_id, scope, key)
);

create index rate_window_ends on rate_window (site_id, ends_at);

-- Outgoing messages, written in the transaction of what caused them and sent by a job afterwards.
create table message (
    site_id integer not null references site,
    message_id uuid not null,
    channel text not null check (channel in ('sms')),
    -- The telephone number.
    recipient text not null,
    body text not null,
    created_at timestamptz not null,
    -- Not to be tried before; moved on by every claim and every failure, which is the back-off.
    due_at timestamptz not null,
    attempts smallint not null default 0,
    sent_at timestamptz,
    -- Set when nobody will try again.
    failed_at timestamptz,
    -- What the last try met, for the operator; never shown to the recipient.
    last_error text,
    primary key (site_id, message_id)
);

create index message_due on message (site_id, due_at) where sent_at is null and failed_at is null;
create index message_list on message (site_id, created_at desc, message_id desc);
