-- Checkpoints and the tablets that verify at them.

create table checkpoint (
    site_id integer not null references site,
    checkpoint_id uuid not null,
    -- The zone it leads into.
    zone_no smallint not null,
    name_zh text not null check (name_zh <> ''),
    name_en text not null check (name_en <> ''),
    -- Which way people pass it.
    direction text not null check (direction in ('in', 'out', 'both')),
    created_at timestamptz not null,
    -- Set when the gate is given up; its admissions stay.
    closed_at timestamptz,
    primary key (site_id, checkpoint_id),
    foreign key (site_id, zone_no) references zone
);

-- An enrolled verifier (核验终端).
create table tablet (
    site_id integer not null,
    tablet_id uuid not null,
    checkpoint_id uuid not null,
    name text not null,
    -- Checks the tablet's events and requests. SEC1 compressed point; the private half never leaves the tablet.
    public_key bytea not null check (length(public_key) = 33),
    enrolled_at timestamptz not null,
    last_seen_at timestamptz not null,
    -- Highest contiguous sequence number the server holds; the tablet may delete what is at or below it.
    acknowledged bigint not null default 0 check (acknowledged >= 0),
    revoked_at timestamptz,
    revoked_by uuid,
    primary key (site_id, tablet_id),
    -- One key is one tablet: enrolling it again would make its events ambiguous.
    constraint tablet_public_key_key unique (site_id, public_key),
    foreign key (site_id, checkpoint_id) references checkpoint,
    foreign key (site_id, revoked_by) references account
);

-- What an administrator shows to a tablet that wants to enrol. Works once and not for long.
create table enrolment_code (
    site_id integer not null,
    -- SHA-256 of the code.
    code_hash bytea not null check (length(code_hash) = 32),
    checkpoint_id uuid not null,
    -- The name the tablet will have.
    name text not null,
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- Set by the one enrolment that used it.
    used_at timestamptz,
    tablet_id uuid,
    primary key (site_id, code_hash),
    foreign key (site_id, checkpoint_id) references checkpoint,
    foreign key (site_id, created_by) references account,
    foreign key (site_id, tablet_id) references tablet
);
