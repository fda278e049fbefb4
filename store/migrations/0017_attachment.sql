-- Files that applicants attach. What is in them lies here or in a bucket, as the server is set up; who may see them stands here alone.

create table attachment (
    site_id integer not null,
    -- Made by the browser before it sends the file: the same file sent again is the same attachment.
    attachment_id uuid not null,
    -- Whose it is.
    account_id uuid not null,
    -- What its owner called it. Shown, and never trusted to say what it is.
    name text not null,
    -- What it is, by its content.
    media_type text not null check (media_type in ('image/jpeg', 'application/pdf')),
    -- As it was sent: by these, sending again is told from sending something else, and the field's limit is kept.
    sent_bytes integer not null check (sent_bytes > 0),
    sent_sha256 bytea not null check (octet_length(sent_sha256) = 32),
    -- As it is kept: a picture is drawn anew.
    kept_bytes integer not null check (kept_bytes > 0),
    kept_sha256 bytea not null check (octet_length(kept_sha256) = 32),
    -- A picture, small, for lists; too small to be worth a bucket.
    thumbnail bytea,
    -- Where what is in it lies: another setting later does not lose what was kept under this one.
    place text not null check (place in ('database', 'bucket')),
    -- Whether what is in it has arrived there.
    ready boolean not null default false,
    created_at timestamptz not null,
    -- The application that names it; none before that is submitted.
    application_id uuid,
    -- Set when it is to be forgotten, before what is in it goes: from then on no application can name it.
    condemned_at timestamptz,
    primary key (site_id, attachment_id),
    check (application_id is null or (ready and condemned_at is null)),
    foreign key (site_id, account_id) references account,
    foreign key (site_id, application_id) references application
);

-- An application's files.
create index attachment_of_application on attachment (site_id, application_id) where application_id is not null;
-- Those that no application names, by age: what is purged.
create index attachment_unclaimed on attachment (site_id, created_at) where application_id is null;

-- What is in those that lie in the database.
create table attachment_content (
    site_id integer not null,
    attachment_id uuid not null,
    content bytea not null,
    primary key (site_id, attachment_id),
    foreign key (site_id, attachment_id) references attachment on delete cascade
);
-- It is compressed already: trying again costs time and gains nothing.
alter table attachment_content alter column content set storage external;
