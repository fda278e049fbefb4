-- Telling people: by text message, mail and the browser's push, as each chooses.

-- The language of what is sent to the person, who is not there to say it.
alter table account add column language text not null default 'zh' check (language in ('zh', 'en'));

-- How a person is told, apart from the telephone that the account has. No row: nothing was chosen or given.
create table contact (
    site_id integer not null,
    account_id uuid not null,
    -- The chosen ways; null while nothing was chosen, which is by telephone where there is one and by mail otherwise. Sign-in codes
    -- always go to the telephone.
    channels text[] check (channels <@ array['sms', 'mail', 'push']),
    -- The mail address, proved by a code that was sent to it.
    mail text check (mail <> ''),
    -- An address that waits for its code. The one before it stays until then.
    new_mail text check (new_mail <> ''),
    code_hash bytea check (length(code_hash) = 32),
    code_expires_at timestamptz,
    -- Tries so far; the limit is in the statement that raises it.
    code_attempts smallint not null default 0,
    primary key (site_id, account_id),
    foreign key (site_id, account_id) references account,
    check (num_nulls(new_mail, code_hash, code_expires_at) in (0, 3))
);

-- The browsers that show notices (W3C Push API).
create table push_subscription (
    site_id integer not null,
    subscription_id uuid not null,
    account_id uuid not null,
    -- Where the push service takes messages for this browser.
    endpoint text not null,
    -- The browser's public key, SEC1 uncompressed, and its secret: what messages are encrypted with (RFC 8291).
    p256dh bytea not null check (length(p256dh) = 65),
    auth bytea not null check (length(auth) = 16),
    created_at timestamptz not null,
    primary key (site_id, subscription_id),
    -- A browser shows the notices of whoever subscribed there last.
    constraint push_subscription_endpoint_key unique (site_id, endpoint),
    foreign key (site_id, account_id) references account
);

create index push_subscription_account on push_subscription (site_id, account_id);

-- The key by which push services know the site (RFC 8292). Made once: browsers subscribe to it.
create table push_key (
    site_id integer primary key references site,
    -- SEC1 uncompressed point, as browsers take it.
    public_key bytea not null check (length(public_key) = 65),
    -- The private key, sealed by the server with a secret that is not in the database.
    sealed_key bytea not null,
    created_at timestamptz not null
);

alter table message drop constraint message_channel_check;
alter table message
    add constraint message_channel_check check (channel in ('sms', 'mail', 'push')),
    -- Whom it tells; null for a code to a telephone that may be nobody's.
    add column account_id uuid,
    -- 'code', whose text nobody but its recipient may see, or the notice's kind (`pass::News`).
    add column kind text not null default 'code',
    -- A mail's, where the text was written beforehand.
    add column subject text,
    -- The facts of a notice (`pass::Notice`); it is put into words when it is sent.
    add column notice jsonb,
    add column language text not null default 'zh' check (language in ('zh', 'en')),
    -- What it is told for: the same cause never tells the same person the same thing twice.
    add column cause uuid not null default gen_random_uuid(),
    -- When it is of no use any more, and is not sent.
    add column expires_at timestamptz,
    -- Tries before an operator asked to try again: patience counts from there, while `attempts` names each claim for ever.
    add column attempts_before smallint not null default 0,
    alter column body drop not null,
    add constraint message_content_check check ((body is null) <> (notice is null)),
    add constraint message_cause_key
        unique nulls not distinct (site_id, cause, kind, account_id, channel, recipient),
    add foreign key (site_id, account_id) references account;
alter table message
    alter column kind drop default,
    alter column cause drop default;

-- Each channel has a job of its own, so that a slow one does not keep the others.
drop index message_due;
create index message_due on message (site_id, channel, due_at) where sent_at is null and failed_at is null;
create index message_failed on message (site_id) where failed_at is not null;
